"""What a file should hold, as frozen typed objects; `loading` makes them from TOML."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

Role = Literal[
    "points", "visibility", "timestamps", "features", "meta", "videos", "labels", "class_names", "trajectory", "other"
]
Kind = Literal["keypoints", "videos", "generic"]
Colour = Annotated[str, Meta(pattern=r"^#[0-9A-Fa-f]{6}$")]
Index = Annotated[int, Meta(ge=0)]
Positive = Annotated[float, Meta(gt=0)]
Count = Annotated[int, Meta(ge=1)]
Share = Annotated[float, Meta(ge=0, le=100)]


class Group(Struct, frozen=True, forbid_unknown_fields=True):
    """Points that belong together (a hand, the face), drawn in one colour."""

    name: str
    title: str
    colour: Colour
    points: tuple[Index, ...]


class Skeleton(Struct, frozen=True, forbid_unknown_fields=True):
    """How points are named, grouped and joined.

    Attributes
    ----------
    points
        A name for each of the J points, in the order of the arrays.
    bones
        Pairs of point indices that are really joined by a bone of fixed length.
    contours
        Pairs drawn as lines but not rigid (lips, face outline, hand to pose wrist): never measured.
    pairs
        (left, right) point indices that mirror each other.
    body
        Pairs whose mean length is the body's own size (shoulder to shoulder, hip to shoulder): the unit of speed.
    """

    name: str
    title: str
    points: tuple[str, ...]
    groups: tuple[Group, ...]
    bones: tuple[tuple[Index, Index], ...]
    contours: tuple[tuple[Index, Index], ...] = ()
    pairs: tuple[tuple[Index, Index], ...] = ()
    body: tuple[tuple[Index, Index], ...] = ()
    source: str = ""


class ArraySpec(Struct, frozen=True, forbid_unknown_fields=True):
    """One array of a profile.

    Attributes
    ----------
    shape
        Symbolic: a letter is a length shared by name between arrays, a number must be met exactly.
        Empty when any will do.
    dtype
        numpy's name for it, as in ``float32``; empty when any will do.
    role
        What the array is to the checks and panes, whatever its name.
    names
        Other names it goes by; the first that a file holds counts.
    layouts
        For the role ``videos``, in what orders its axes may come: N sample, T frame, C channel, H row, W column, as in
        ``NTCHW``. An array of such a shape is taken for it under any name.
    """

    shape: tuple[str | int, ...] = ()
    dtype: str = ""
    role: Role = "other"
    optional: bool = False
    finite: bool = False
    range: tuple[float, float] | None = None
    monotonic: bool = False
    names: tuple[str, ...] = ()
    layouts: tuple[str, ...] = ()


class Requirement(Struct, frozen=True, forbid_unknown_fields=True):
    """One thing a target needs, and the words for when it is not met.

    Attributes
    ----------
    rule
        ``present``, ``layout`` (ndim, fixed dims and dtype of the array's spec), ``same_length`` (first axes agree),
        ``finite``, ``range`` (the spec's), ``monotonic`` (non-decreasing along axis 0).
    arrays
        The arrays it is about, by name.
    issue
        The text reported; ``{NAME}`` stands for the first-axis length of array NAME.
    stops
        When this is not met, the target's later requirements are not looked at.
    """

    rule: Literal["present", "layout", "same_length", "finite", "range", "monotonic"]
    arrays: tuple[str, ...]
    issue: str
    stops: bool = False


class Target(Struct, frozen=True, forbid_unknown_fields=True):
    """A use the data must be ready for.

    Attributes
    ----------
    wanted
        ``always``, ``never``, or the name of an array: wanted where the file holds it.
    """

    title: str
    requires: tuple[Requirement, ...]
    wanted: str = "always"


class Reference(Struct, frozen=True, forbid_unknown_fields=True):
    """Constants of the reference's measurements; changing one changes what its figures mean."""

    low_visible_points: Index = 10
    spike_sigma: Positive = 3.0
    bone_outlier_z: Positive = 3.5
    bones: tuple[tuple[Index, Index], ...] = ()


class Measuring(Struct, frozen=True, forbid_unknown_fields=True):
    """Constants that measuring uses: to change one, files have to be read again.

    Attributes
    ----------
    spike_floor
        Body sizes/s below which no step is looked at as a spike.
    cut_floor
        Body sizes a frame from which on the whole body's step counts as a cut, so that no point's own step does.
    swap_margin
        Body sizes by which hands must be nearer to the other arm's wrist to count as exchanged.
    low_visible_points
        A frame with fewer visible points is a low-visibility frame.
    origin_reach
        Body sizes from (0, 0) within which a visible point may have come there by itself.
    pin_jump
        Body sizes that a point may go to the picture's edge in one step farther than what is joined to it.
    pin_stretch
        How many times as far as anything else a point at the edge may be away from everything that it is joined to.
    stuck_motion
        Body sizes that something must move for a point joined to it to be stuck.
    """

    spike_floor: Positive = 4.0
    cut_floor: Positive = 0.05
    swap_margin: Positive = 0.08
    low_visible_points: Index = 10
    origin_reach: Positive = 0.5
    pin_jump: Positive = 0.2
    pin_stretch: Positive = 2.0
    stuck_motion: Positive = 0.05


class Limits(Struct, frozen=True, forbid_unknown_fields=True):
    """What judging compares measurements with; moving one needs no file to be opened again.

    Percentages are 0-100, speeds are body sizes per second.
    """

    low_visibility_pct: Share = 0.0
    low_visibility_fail_pct: Share = 50.0
    group_missing_pct: Share = 95.0
    mask_mismatch_frames: Count = 1
    pinned_frames: Count = 8
    speed_spike: Positive = 9.0
    camera_cut: Positive = 0.06
    swap_frames: Count = 1
    bone_jump: Positive = 2.0
    frozen_frames: Count = 3
    jitter: Positive = 0.009
    timestamp_gap_factor: Positive = 2.4
    dead_features_pct: Share = 25.0
    dead_excess_pct: Share = 0.5
    dead_rows: Count = 1
    repeated_rows: Count = 2


class VideoRules(Struct, frozen=True, forbid_unknown_fields=True):
    """What a data set of videos is read and judged by. Percentages are 0-100.

    Attributes
    ----------
    classes
        What labels 0, 1, ... are called where the file holds a trajectory but no names of its own.
    frame_rate
        Frames a second at which videos are played: such files hold no clock.
    duplicate_fail_pct
        The data set fails when this share of its samples are copies of others.
    static_fail_pct
        And when this share of its samples do not change from frame to frame.
    low_variation
        Frame variation (std of frame means, full scale = 1) that is usually called low: a line in the plots. It is
        blind to a small object that moves, so nothing is judged by it.
    still_travel_pct
        An object whose way spans less than this share of the picture's diagonal hardly moves.
    border_sample_pct
        A sample is at the border when its object touches the edge in this share of its frames.
    border_fail_pct
        The data set fails when this share of its samples are at the border.
    disagree_pct
        A video shows another path than its trajectory when they are this share of the picture's diagonal apart (rms).
    near_apart_pct
        Near duplicates show paths that are nowhere farther apart than this share of the picture's diagonal.
    near_shared_pct
        They share at least so many of their frames.
    near_travel_pct
        Objects whose way spans less than this share of the diagonal say too little to be compared.
    imbalance_ratio
        The largest class may have this many times the samples of the smallest.
    separable_pct
        Balanced accuracy that displacement and path length alone should reach.
    """

    classes: tuple[str, ...] = ()
    frame_rate: Positive = 8.0
    duplicate_fail_pct: Share = 25.0
    static_fail_pct: Share = 10.0
    low_variation: Positive = 0.005
    still_travel_pct: Share = 2.0
    border_sample_pct: Share = 50.0
    border_fail_pct: Share = 25.0
    disagree_pct: Share = 4.0
    near_apart_pct: Share = 0.4
    near_shared_pct: Share = 60.0
    near_travel_pct: Share = 8.0
    imbalance_ratio: Positive = 3.0
    separable_pct: Share = 60.0


class Match(Struct, frozen=True, forbid_unknown_fields=True):
    """A file fits the profile when it holds all these arrays, with the symbolic shapes given.

    Arrays go by any of their names; one with layouts has to have one of them.
    """

    arrays: tuple[str, ...]
    shapes: dict[str, tuple[str | int, ...]] = {}


class Profile(Struct, frozen=True, forbid_unknown_fields=True):
    """Everything that measuring and judging need to know about one kind of file.

    Attributes
    ----------
    kind
        Which family of measurements applies.
    match
        Alternatives, any of which picks this profile; none means it is never picked by itself.
    rank
        Among matching profiles, the highest wins.
    skeleton
        How its points are laid out, or None. In TOML: a built-in name, or a path relative to the file.
    """

    name: str
    title: str
    kind: Kind
    description: str = ""
    rank: int = 0
    skeleton: Skeleton | None = None
    match: tuple[Match, ...] = ()
    arrays: dict[str, ArraySpec] = {}
    targets: dict[str, Target] = {}
    reference: Reference = Reference()
    measuring: Measuring = Measuring()
    limits: Limits = Limits()
    videos: VideoRules = VideoRules()

    def named(self, role: Role) -> str | None:
        """Name of the first array with this role, or None."""
        for name, spec in self.arrays.items():
            if spec.role == role:
                return name
        return None

    def digest(self) -> str:
        """Short stable name of this profile's whole content, for caches and resumed reports."""
        import hashlib

        return hashlib.sha256(msgspec.json.encode(self, order="sorted")).hexdigest()[:12]
