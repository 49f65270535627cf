"""What each plot of a folder is called, in which unit it counts, and which limits lie on it. No Qt."""

from __future__ import annotations

import functools
from dataclasses import dataclass

from inspector.checks.codes import CODES
from inspector.checks.finding import Severity
from inspector.checks.rules import RULES, Level, Rule
from inspector.gui.models.limits import note_of, unit_of

_TITLES: dict[str, str] = {
    "unseen_any_pct": "A group missing",
    "unseen_both_hands_pct": "Both hands missing",
    "unseen_body_pct": "Body missing",
    "unseen_all_pct": "Everything missing",
    "dead_features_pct": "Dead features",
    "dead_excess_pct": "Dead features, unexplained",
    "dead_rows": "Dead feature rows",
    "T": "Frames",
    "duration_ms": "Duration",
    "coverage_pct": "Points visible",
    "vel_p95": "Step, 95th percentile",
    "vel_max": "Largest step",
    "bone_len_cv_pct": "Bone variation, pooled",
    "low_vis_frames": "Few points visible",
    "speed_p95": "Speed, 95th percentile",
    "speed_max": "Fastest point",
    "bone_cv_max_pct": "Bone variation, worst",
    "bone_cv_median_pct": "Bone variation, median",
    "body_size": "Body size",
    "visible_at_origin_pct": "Visible at (0, 0)",
}
_UNITS: dict[str, str] = {
    "gap_ratio": "usual steps",
    "spike_max": "body/s",
    "cut_max": "body sizes",
    "jitter_max": "body sizes",
    "bone_jump_max": "ratio",
    "frozen_longest": "frames",
    "pinned_longest": "frames",
    "dead_rows": "frames",
    "repeated_rows": "frames",
}
_VERBS = {
    Severity.CRITICAL: "Fails",
    Severity.HIGH: "Fails",
    Severity.MEDIUM: "Warns",
    Severity.LOW: "Remarked",
}


@dataclass(frozen=True, slots=True)
class Line:
    """A limit as a line in a plot.

    Attributes
    ----------
    limit
        Field of `Limits`.
    reached
        Whether the limit itself is too much already.
    """

    limit: str
    severity: Severity
    reached: bool

    def words(self, value: str) -> str:
        """What happens to a file beyond it: ``Warns above 25 body/s``."""
        return f"{_VERBS[self.severity]} {'from' if self.reached else 'above'} {value}"


@dataclass(frozen=True, slots=True)
class Figure:
    """Words for one plot, and its lines.

    Attributes
    ----------
    name
        Of the measurement.
    whole
        Whether it counts.
    """

    name: str
    title: str
    unit: str
    note: str
    whole: bool
    lines: tuple[Line, ...]


@functools.cache
def figure_of(name: str) -> Figure:
    """Words and lines for a measurement; one that nobody has words for goes by its name."""
    rules = [(rule, level) for rule in RULES for level in rule.levels if level.metric == name]
    unit = _UNITS.get(name) or unit_of(name)
    lines = tuple(Line(level.limit, level.severity, level.reached) for _, level in rules)
    code = CODES.get(rules[0][0].code) if rules else None
    note = note_of(name) or (code.meaning if code is not None else "")
    return Figure(name, _title(name, rules), unit, note, unit in ("frames", "points", "values"), lines)


def number(value: float, unit: str = "") -> str:
    """A figure with 4 significant digits and its unit."""
    return f"{value + 0.0:.4g} {unit}".strip()


def _title(name: str, rules: list[tuple[Rule, Level]]) -> str:
    if name in _TITLES:
        return _TITLES[name]
    if rules:
        code = rules[0][0].code
        return CODES[code].title if code in CODES else _sentence(code.lower())
    if name.startswith("seen_") and name.endswith("_pct"):
        return f"Seen: {name.removeprefix('seen_').removesuffix('_pct').replace('_', ' ')}"
    for end in ("_pct", "_ms", "_frames"):
        name = name.removesuffix(end)
    return _sentence(name)


def _sentence(name: str) -> str:
    words = name.replace("_", " ")
    return words[:1].upper() + words[1:]
