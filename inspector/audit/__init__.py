"""Auditing: one file, many files, the folders they are found in."""

from inspector.audit.inspection import Clip, Inspection
from inspector.audit.many import audit_many
from inspector.audit.one import audit_file, inspect_file
from inspector.audit.options import Options
from inspector.audit.record import Record
from inspector.audit.scan import scan

__all__ = [
    "Clip",
    "Inspection",
    "Options",
    "Record",
    "audit_file",
    "audit_many",
    "inspect_file",
    "scan",
]
