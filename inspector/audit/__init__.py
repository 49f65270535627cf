"""Auditing: one file, many files, the folders they are found in.

What reads and measures is imported when it is first asked for: a window that only lists files does not wait for it.
"""

from typing import TYPE_CHECKING

from inspector.audit.options import Options
from inspector.audit.record import Record
from inspector.audit.scan import scan  # must stay here: it has the name of its module, which would be found instead
from inspector.later import imported_later

if TYPE_CHECKING:
    from inspector.audit.inspection import Clip, Inspection
    from inspector.audit.many import audit_many
    from inspector.audit.one import audit_file, inspect_file

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

_LATER = {
    "Clip": ".inspection",
    "Inspection": ".inspection",
    "audit_file": ".one",
    "audit_many": ".many",
    "inspect_file": ".one",
}

__getattr__ = imported_later(__name__, _LATER)
