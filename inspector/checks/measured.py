"""What measuring yields: flat figures for reports, per-frame series for the timeline and for judging."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy.typing as npt

from inspector.checks.finding import Finding


@dataclass(frozen=True, slots=True)
class Measurements:
    """The expensive half of an audit; pure data, picklable.

    Attributes
    ----------
    reference
        The reference's fields in its order (``T`` ... ``bone_outlier_frames``, then ``X2048_*``).
    values
        Our own flat figures under our own names; None where a figure does not exist.
    series
        Per-frame float32 or bool arrays of shape (T,), NaN where nothing was measurable:
        ``visible`` (points), ``speed`` (fastest point, body sizes/s), ``bone_change`` (ratio), ``motion`` (mean
        speed), ``still`` (bool), ``timestamps`` (as in the file), ``mismatch`` (bool: a visible point at (0, 0)),
        ``pinned`` (frames of the longest run of a held point that covers this one); of the features ``dead_row`` and
        ``repeated_row`` (bool). Those of `motion` besides.
    details
        What names the points behind a series: ``group_seen`` bool (groups, T), ``mismatch_points`` bool (J,),
        ``jump_bones`` int64 (n, 2) and ``jump_sizes`` float32 (n,): the bones whose length changes as no limit allows
        for sure, and by how much; ``pinned_runs`` int64 (n, 3): point, first and last frame; ``spike_points``,
        ``spike_frames``, ``spike_speeds`` (n,); ``jitter`` float32 (groups, T);
        ``repeated_from`` int64 (T,): the first frame with the same features, or -1. With the series they are all that
        judging needs, and small: a thousandth of the file or so.
    issues
        For each target of the profile, the texts of what it lacks; empty means ready.
    problems
        Findings that no limit can move: structure, types, non-finite values.
    unmeasured
        What could not be measured though the file could be read, as one sentence, or None.
    """

    reference: dict[str, Any] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)
    series: Mapping[str, npt.NDArray[Any]] = field(default_factory=dict)
    details: Mapping[str, npt.NDArray[Any]] = field(default_factory=dict)
    issues: dict[str, tuple[str, ...]] = field(default_factory=dict)
    problems: tuple[Finding, ...] = ()
    unmeasured: str | None = None
