"""What a record says of its file, in words."""

from __future__ import annotations

from inspector.audit.record import Record


def why_error(record: Record) -> str:
    """Why a file could not be read, without the path that its message begins with: it stands beside it."""
    text = record.error or "no reason given"
    for path in (record.path, record.file):
        if text.startswith(path) and (rest := text.removeprefix(path).lstrip(" :")):
            return rest
    more = record.findings[0].message if record.findings else text
    return f"{text}: {more}" if " " not in text and more != text else text  # the reference's missing_required_keys
