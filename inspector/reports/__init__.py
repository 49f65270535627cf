"""Reports: the table, the records and the summary, written whole or not at all."""

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
