"""Reports: the table, the records and the summary, written whole or not at all.

What writes is imported when it is first asked for: an audit starts its workers before.
"""

from importlib import import_module
from typing import TYPE_CHECKING

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
    "FORMATS": "inspector.reports.writer",
    "Format": "inspector.reports.report",
    "Report": "inspector.reports.report",
    "ReportWriter": "inspector.reports.writer",
    "Tally": "inspector.reports.tally",
    "parse_formats": "inspector.reports.writer",
    "read_records": "inspector.audit.lines",
    "write_reports": "inspector.reports.writer",
}


def __getattr__(name: str) -> object:
    """Import what was asked for, and keep it."""
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found: object = getattr(import_module(_LATER[name]), name)
    globals()[name] = found
    return found
