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
}
