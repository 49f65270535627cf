"""Reading a pickle's instructions, without carrying any of them out."""

from __future__ import annotations

import codecs
import io
import pickletools
from collections.abc import Iterator

from inspector.archive.damage import DamageError

# The last is what an odd escape in a text gives where warnings raise.
_UNREADABLE = (ValueError, OverflowError, DeprecationWarning)


def instructions(data: bytes) -> Iterator[tuple[str, object]]:
    """Names and arguments of the instructions; DamageError at one that cannot be read."""
    stream = io.BytesIO(data)
    at = 0
    while at < len(data):
        try:
            for opcode, arg, _ in pickletools.genops(stream):
                yield opcode.name, arg
                at = stream.tell()
            return
        except _UNREADABLE as error:
            # pickletools stops at text beyond ASCII where unpickling goes on: nothing may hide behind one.
            if at < len(data) and data[at : at + 1] != b"S":
                raise DamageError(f"cannot be understood: {error}") from error
        if at < len(data):
            end = data.find(b"\n", at)
            if end < 0:
                raise DamageError("has text without an end")
            yield "STRING", _byte_text(data[at + 1 : end])
            at = end + 1
            stream.seek(at)


def _byte_text(quoted: bytes) -> str:
    if len(quoted) < 2 or quoted[0] != quoted[-1] or quoted[:1] not in (b"'", b'"'):
        raise DamageError("has text without quotes")
    try:
        return codecs.escape_decode(quoted[1:-1])[0].decode("latin-1")
    except _UNREADABLE as error:
        raise DamageError(f"cannot be understood: {error}") from error
