"""What a file should hold: arrays, skeleton, targets and limits, from TOML to frozen objects."""

from inspector.profiles.layouts import Layout, held_names, layout_of, lengths_by_sample
from inspector.profiles.loading import builtin_names, builtin_profiles, load_profile
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
    "shape_fits",
    "skeleton_names",
]
