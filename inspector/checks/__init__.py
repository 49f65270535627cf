"""Arrays to measurements, measurements and limits to findings: both pure, neither opens a file.

Here is what findings are made of, which reports and lists need, and which imports no numpy. Measuring is in
`inspector.checks.measure`, judging in `inspector.checks.judge`.
"""

from inspector.checks.codes import CODES, Code
from inspector.checks.finding import Finding, Ranges, Severity, Status, count, to_ranges, verdict

__all__ = ["CODES", "Code", "Finding", "Ranges", "Severity", "Status", "count", "to_ranges", "verdict"]
