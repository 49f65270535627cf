"""Findings of the features family: dead columns and rows, repeated rows."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from inspector.checks.finding import Finding, Severity, count, to_ranges
from inspector.checks.measured import Measurements
from inspector.checks.rules import Worst
from inspector.profiles.model import Limits

_SEVERITIES = tuple(Severity)


def feature_findings(measured: Measurements, limits: Limits, worst: Worst) -> Iterator[Finding]:
    """What is wrong with the feature vectors of the frames."""
    values, series = measured.values, measured.series
    if (rank := worst.get("DEAD_FEATURES")) is not None:
        severity = _SEVERITIES[rank]
        dead, excess = values["dead_features_pct"], values["dead_excess_pct"]
        if dead > limits.dead_features_pct or excess > limits.dead_excess_pct:
            text = f"{dead:.1f} % of the features are the same in all frames"
            if dead <= limits.dead_features_pct:
                text += ", and hardly any others are nearly zero"
            yield Finding("DEAD_FEATURES", severity, text)
        if values["dead_rows"] >= limits.dead_rows:
            where = to_ranges(series["dead_row"])
            text = f"{count(where)} {_frames(count(where))} whose features are all zero, or all one value"
            yield Finding("DEAD_FEATURES", severity, text, frames=where)
    if (rank := worst.get("REPEATED_ROWS")) is not None:
        where, source = to_ranges(series["repeated_row"]), measured.details["repeated_from"]
        first = where[0][0]
        text = f"{count(where)} {_frames(count(where))} with the features of an earlier frame; first frame {first}, "
        text += f"with those of frame {source[first]}"
        if (runs := int(np.unique(source[source >= 0]).size)) > 1:
            text += f"; {runs} frames come again"
        yield Finding("REPEATED_ROWS", _SEVERITIES[rank], text, frames=where)


def _frames(n: int) -> str:
    return "frame" if n == 1 else "frames"
