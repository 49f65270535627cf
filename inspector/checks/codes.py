"""What each finding code is called, what it means and what to do about it: for window, reports and README."""

from __future__ import annotations

from typing import NamedTuple


class Code(NamedTuple):
    """Words for one finding code."""

    family: str
    title: str
    meaning: str
    advice: str


CODES: dict[str, Code] = {
    "UNREADABLE": Code(
        "file",
        "Unreadable",
        "The file, or an array that is needed from it, cannot be read: truncated, damaged, or no .npz at all.",
        "Copy or export the file again; if it is still being written, audit again when it is done.",
    ),
    "PICKLED_ARRAY": Code(
        "file",
        "Pickled array",
        "An array holds Python objects. Loading it the usual way would run whatever the file says.",
        "Save plain arrays, and metadata as a JSON string. Do not load a file whose callables you do not know.",
    ),
    "MISSING_ARRAY": Code(
        "file",
        "Missing array",
        "An array that the profile needs is not in the file.",
        "Export the array, or pick the profile that fits these files.",
    ),
    "UNEXPECTED_ARRAY": Code(
        "file",
        "Unexpected array",
        "The file holds an array that the profile does not know.",
        "Harmless for training; look for a misspelt name.",
    ),
    "BAD_SHAPE": Code(
        "file",
        "Wrong shape",
        "An array has other dimensions than the profile says.",
        "Reshape in the exporter; a transposed axis or another point count is the usual cause.",
    ),
    "BAD_DTYPE": Code(
        "file",
        "Wrong data type",
        "An array's type is not the one the profile says.",
        "Cast when saving: float32 coordinates, bool mask, int64 milliseconds.",
    ),
    "LENGTH_MISMATCH": Code(
        "file",
        "Lengths differ",
        "Arrays that should have one row per frame have different numbers of rows.",
        "Trim or export again so that frame k means the same in each array.",
    ),
    "EMPTY_CLIP": Code(
        "file",
        "Empty clip",
        "The clip has no frames.",
        "Drop the file; its video probably could not be decoded.",
    ),
    "BAD_META": Code(
        "file",
        "Unusable metadata",
        "meta is not a JSON object in a string.",
        "Save json.dumps(...) of a dictionary. Training is not affected.",
    ),
    "NON_FINITE": Code(
        "values",
        "NaN or infinity",
        "An array holds values that are not numbers; one of them turns a loss into NaN.",
        "Find the frames named, interpolate or mask them, or drop the clip.",
    ),
    "OUT_OF_RANGE": Code(
        "values",
        "Out of range",
        "Values lie outside the range the profile says; pixel units instead of normalised ones look like this.",
        "Divide by the image size, then clip the small overshoot.",
    ),
    "CONSTANT_ARRAY": Code(
        "values",
        "Constant array",
        "Every frame, or every value, of an array is the same.",
        "A still or failed export teaches nothing about motion; check its source.",
    ),
    "TIMESTAMPS_BACKWARD": Code(
        "time",
        "Time runs backward",
        "A frame is stamped earlier than the one before it.",
        "Sort the frames, or write frame index x frame time.",
    ),
    "TIMESTAMPS_NEGATIVE": Code(
        "time",
        "Negative time",
        "Some timestamps lie before zero.",
        "Subtract the first timestamp.",
    ),
    "TIMESTAMP_GAP": Code(
        "time",
        "Gap in time",
        "Between two frames lies several times the usual frame time: frames were dropped.",
        "Export without dropping frames, or split the clip at the gap.",
    ),
    "TIMESTAMP_REPEAT": Code(
        "time",
        "Repeated time",
        "Two frames carry the same timestamp.",
        "A duplicated frame or a clock too coarse; drop one of the two.",
    ),
    "LOW_VISIBILITY": Code(
        "detection",
        "Few points visible",
        "The detector saw only a few of the points in these frames.",
        "Cut the frames, or interpolate when the gap is short.",
    ),
    "GROUP_MISSING": Code(
        "detection",
        "Group not detected",
        "A whole group of points (a hand, the face) is missing in all or nearly all frames.",
        "Normal for a hand that rests; for signing hands, detect again at a higher resolution.",
    ),
    "MASK_MISMATCH": Code(
        "detection",
        "Visible at (0, 0)",
        "The mask calls points visible that lie exactly at (0, 0), where undetected points are put.",
        "Rebuild the mask from the detector's output.",
    ),
    "SPEED_SPIKE": Code(
        "motion",
        "Speed spike",
        "A point visible before and after moves impossibly fast for this body and this clip.",
        "Look at the frame: a detector that jumps to another person or hand. Smooth or mask it.",
    ),
    "FROZEN_FRAMES": Code(
        "motion",
        "Frozen frames",
        "The same coordinates to the last digit for many frames in a row.",
        "The video stalled or the tracker repeated its last answer; cut the run.",
    ),
    "BONE_JUMP": Code(
        "motion",
        "Bone length jumps",
        "A bone changes its length abruptly from one frame to the next, beyond what turning it explains.",
        "One of its ends jumped; mask that point in the frames named.",
    ),
    "DUPLICATE_SAMPLES": Code(
        "videos",
        "Duplicate samples",
        "Videos of several samples are the same, byte for byte.",
        "Keep one of each group, or find out why the generator drew the same video for different samples.",
    ),
    "STATIC_VIDEO": Code(
        "videos",
        "Video does not move",
        "All frames of a sample are the same.",
        "Drop the samples, or mend what keeps the object from moving: the finding says what is known of the cause.",
    ),
    "BLANK_FRAMES": Code(
        "videos",
        "Blank frames",
        "Frames show nothing but the background.",
        "Look at the frames before and after: the object left the picture, or was not drawn.",
    ),
    "LOW_TEMPORAL_VARIATION": Code(
        "videos",
        "Hardly any motion",
        "The frames differ, but the object hardly moves, or there is only one frame.",
        "A model of motion learns little from such samples; check the camera's distance and the sampling of time.",
    ),
    "OBJECT_AT_BORDER": Code(
        "videos",
        "Object at the picture's edge",
        "The object touches the edge of the picture in so many frames that its way can hardly be seen.",
        "Move the camera back or centre the paths, so that they lie inside the picture, and render again.",
    ),
    "VIDEO_TRAJECTORY_DISAGREE": Code(
        "videos",
        "Video and trajectory differ",
        "The object goes another way than the sample's trajectory, seen by the camera that explains the others.",
        "Samples may be mixed up, or the video was not drawn anew; render them from their trajectories again.",
    ),
    "CLASS_IMBALANCE": Code(
        "videos",
        "Classes of unequal size",
        "One class has many more samples than another, or there is only one.",
        "Add samples, weight the classes, or draw batches by class.",
    ),
    "CLASSES_NOT_SEPARABLE": Code(
        "videos",
        "Classes cannot be told apart",
        "Displacement and path length of the trajectories hardly tell the classes apart.",
        "Check that labels and trajectories belong together; for classes of equal lengths it means nothing.",
    ),
    "LABEL_OUT_OF_RANGE": Code(
        "videos",
        "Label without a class",
        "Labels are negative, no whole numbers, or beyond the last class.",
        "Number the classes from 0 without a gap, and correct these labels.",
    ),
}
