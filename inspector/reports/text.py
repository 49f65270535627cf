"""Text from files and their names, made safe to show."""

from __future__ import annotations

import re

from inspector.audit.record import Record, printable

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def visible(text: str) -> str:
    """Control characters, line breaks and direction marks as escapes, the rest as it is: one line, no surprises."""
    return _CONTROL.sub(lambda match: match[0].encode("unicode_escape").decode(), printable(text))


def why_error(record: Record) -> str:
    """Why a file could not be read, without the path that its message begins with: it stands beside it."""
    text = record.error or "no reason given"
    for path in (record.path, record.file):
        if text.startswith(path) and (rest := text.removeprefix(path).lstrip(" :")):
            return rest
    more = record.findings[0].message if record.findings else text
    return f"{text}: {more}" if " " not in text and more != text else text  # the reference's missing_required_keys
