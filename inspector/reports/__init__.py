"""Reports: the table, the records and the summary, written whole or not at all.

What writes is imported when it is first asked for: an audit starts its workers before.
"""

from typing import TYPE_CHECKING

from inspector.later import imported_later

if TYPE_CHECKING:
    from inspector.audit.lines import read_records
    from inspector.reports.report import Format, Report
    from inspector.reports.tally import Tally
    from inspector.reports.writer import FORMATS, ReportWriter, parse_formats, write_reports

__all__ = [
    "FORMATS",
    "Format",
    "Report",
    "ReportWriter",
    "Tally",
    "parse_formats",
    "read_records",
    "write_reports",
]

_LATER = {
    "FORMATS": ".writer",
    "Format": ".report",
    "Report": ".report",
    "ReportWriter": ".writer",
    "Tally": ".tally",
    "parse_formats": ".writer",
    "read_records": "inspector.audit.lines",
    "write_reports": ".writer",
}

__getattr__ = imported_later(__name__, _LATER)
