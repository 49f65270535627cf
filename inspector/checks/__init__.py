"""Arrays to measurements, measurements and limits to findings: both pure, neither opens a file."""

from inspector.checks.arrays import Arrays
from inspector.checks.codes import CODES, Code
from inspector.checks.finding import Finding, Ranges, Severity, Status, count, to_ranges, verdict
from inspector.checks.judge import judge
from inspector.checks.measure import measure
from inspector.checks.measured import Measurements

__all__ = [
    "CODES",
    "Arrays",
    "Code",
    "Finding",
    "Measurements",
    "Ranges",
    "Severity",
    "Status",
    "count",
    "judge",
    "measure",
    "to_ranges",
    "verdict",
]
