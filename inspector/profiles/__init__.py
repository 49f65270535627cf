"""What a file should hold: arrays, skeleton, targets and limits, from TOML to frozen objects.

What reads them from files is imported when it is first asked for: a window that shows nothing yet does not wait for it.
"""

from typing import TYPE_CHECKING

from inspector.later import imported_later
from inspector.profiles.model import (
    ArraySpec,
    Group,
    Limits,
    Match,
    Profile,
    Reference,
    Requirement,
    Skeleton,
    Target,
    VideoRules,
)

if TYPE_CHECKING:
    from inspector.profiles.layouts import Layout, held_names, layout_of, lengths_by_sample
    from inspector.profiles.loading import builtin_names, builtin_profiles, load_profile, profile_files
    from inspector.profiles.picking import pick_profile, shape_fits
    from inspector.profiles.skeletons import load_skeleton, skeleton_names

__all__ = [
    "ArraySpec",
    "Group",
    "Layout",
    "Limits",
    "Match",
    "Profile",
    "Reference",
    "Requirement",
    "Skeleton",
    "Target",
    "VideoRules",
    "builtin_names",
    "builtin_profiles",
    "held_names",
    "layout_of",
    "lengths_by_sample",
    "load_profile",
    "load_skeleton",
    "pick_profile",
    "profile_files",
    "shape_fits",
    "skeleton_names",
]

_LATER = {
    **dict.fromkeys(("Layout", "held_names", "layout_of", "lengths_by_sample"), ".layouts"),
    **dict.fromkeys(("builtin_names", "builtin_profiles", "load_profile", "profile_files"), ".loading"),
    **dict.fromkeys(("pick_profile", "shape_fits"), ".picking"),
    **dict.fromkeys(("load_skeleton", "skeleton_names"), ".skeletons"),
}

__getattr__ = imported_later(__name__, _LATER)
