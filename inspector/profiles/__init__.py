"""What a file should hold: arrays, skeleton, targets and limits, from TOML to frozen objects."""

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
)
from inspector.profiles.picking import pick_profile, shape_fits
from inspector.profiles.skeletons import load_skeleton, skeleton_names

__all__ = [
    "ArraySpec",
    "Group",
    "Limits",
    "Match",
    "Profile",
    "Reference",
    "Requirement",
    "Skeleton",
    "Target",
    "builtin_names",
    "builtin_profiles",
    "load_profile",
    "load_skeleton",
    "pick_profile",
    "shape_fits",
    "skeleton_names",
]
