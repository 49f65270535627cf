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
        "Between two frames lies more than twice the usual frame time: frames were dropped.",
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
        "The mask calls points visible that lie at (0, 0), where undetected ones are put, far from where they were.",
        "Rebuild the mask from the detector's output.",
    ),
    "POINT_PINNED": Code(
        "detection",
        "Pinned point",
        "A visible point is held at the picture's edge, or at one place while what it is joined to moves on.",
        "Mask the point in the frames named; look for what clipped it, or for a detector that repeats its last answer.",
    ),
    "SPEED_SPIKE": Code(
        "motion",
        "Speed spike",
        "A point leaves the points around it faster than any joint can, and mostly comes back at once.",
        "Look at the frame: the detector lost the point, or took another hand for it. Mask or interpolate it.",
    ),
    "CAMERA_CUT": Code(
        "motion",
        "Cut",
        "Body and face as a whole are elsewhere from one frame to the next: another camera, scene or person.",
        "Split the clip at the frame, or drop it.",
    ),
    "LEFT_RIGHT_SWAP": Code(
        "motion",
        "Left and right swapped",
        "The left hand is on the right arm, or left and right points change places for some frames.",
        "Swap the points back in the frames named: training would learn the wrong hand.",
    ),
    "JITTER": Code(
        "motion",
        "Trembling points",
        "Points of a group shake independently of each other for several frames, as no hand or face can.",
        "Smooth the frames named, or detect them again at a higher resolution.",
    ),
    "FROZEN_FRAMES": Code(
        "motion",
        "Frozen frames",
        "The same coordinates to the last digit for several frames in a row.",
        "The video stalled or the tracker repeated its last answer; cut the run.",
    ),
    "BONE_JUMP": Code(
        "motion",
        "Bone length jumps",
        "A bone changes its length abruptly from one frame to the next, beyond what turning it explains.",
        "One of its ends jumped; mask that point in the frames named.",
    ),
    "DEAD_FEATURES": Code(
        "features",
        "Dead features",
        "Features have the same value in all frames, or all features of a frame do.",
        "Check the extractor: wrong weights, another layer, or frames that could not be read. Drop the frames named.",
    ),
    "REPEATED_ROWS": Code(
        "features",
        "Repeated features",
        "Frames carry the very features of an earlier frame.",
        "The video stalled, or the extractor used a frame twice: extract them again.",
    ),
    "DUPLICATE_SAMPLES": Code(
        "videos",
        "Duplicate samples",
        "Videos of several samples are the same, byte for byte.",
        "Keep one of each group, or find out why the generator drew the same video for different samples.",
    ),
    "NEAR_DUPLICATE_SAMPLES": Code(
        "videos",
        "Near-duplicate samples",
        "Samples show the same path: shifted in time, backward, mirrored, faster or slower, in other colours.",
        "Keep them in one split if they are augmentation; else keep one of each group.",
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
    "DUPLICATE_FILE": Code(
        "across files",
        "Duplicate file",
        "Another file holds the same points, visibility and times, or the same arrays, whatever it is called.",
        "Keep one of each group; copies count a clip more than once and spoil a split.",
    ),
    "NEAR_DUPLICATE_FILE": Code(
        "across files",
        "Near-duplicate file",
        "Another file shows the same recording: cut, shifted in time, at another speed, mirrored, moved or with noise.",
        "Play the two in step and keep one, unless it is augmentation; then keep all of it in one split.",
    ),
    "SPLIT_LEAKAGE": Code(
        "across files",
        "Leak between splits",
        "The same content, or the same recording, is in more than one of train, validation and test.",
        "Move all copies into one split; scores on the others are too good until then.",
    ),
    "LABEL_MISSING": Code(
        "across files",
        "No label",
        "The table of labels has no row for the file, none with a class, or rows that disagree.",
        "Add or correct the row that the finding names.",
    ),
    "FILE_MISSING": Code(
        "across files",
        "File not there",
        "A table of labels or a list of a split names a file that is not among those audited.",
        "Export or copy the file, or take the line out of the list.",
    ),
}
