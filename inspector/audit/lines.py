"""Records as lines of JSON and back, losing nothing.

JSON has no NaN and no bytes. What the contract writes as null or escaped is said once more, beside it:
``non_finite`` maps a field to ``nan``, ``inf`` or ``-inf``; ``file_bytes`` holds a name that is not UTF-8 (base64).
Both are there only when needed.
"""

from __future__ import annotations

import base64
import binascii
import json
import math
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec

from inspector.audit.record import Record, printable
from inspector.checks import Status
from inspector.errors import ReportError

Flat = dict[str, Any]
"""A record as `Record.as_json` gives it: NaN and infinities still numbers."""

_NULL = b"null"
_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder().decode


def to_line(record: Record) -> bytes:
    """One line of the report, newline included; whatever a record holds, this is valid JSON in UTF-8."""
    flat = record.as_json()
    if flat["file"] != record.path:
        flat["file_bytes"] = base64.b64encode(_bytes(record.path)).decode()
    line = _encoded(flat)
    if _NULL in line:  # a number that JSON has not, or simply nothing
        odd = {k: str(v) for k, v in flat.items() if isinstance(v, float) and not math.isfinite(v)}
        if odd:
            line = _encoded(flat | {"non_finite": odd})
    return line + b"\n"


def _encoded(flat: Flat) -> bytes:
    try:
        return _encode(flat)
    except (UnicodeEncodeError, TypeError, OverflowError, ValueError):  # lone surrogates, objects of other libraries
        return json.dumps(_plain(flat), ensure_ascii=False, allow_nan=False).encode()


def _bytes(path: str) -> bytes:
    try:
        return os.fsencode(path)
    except UnicodeEncodeError:
        return path.encode("utf-8", "surrogatepass")


def _plain(value: object) -> object:
    """What JSON can hold of any value."""
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, dict):
        return {printable(str(k)): _plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(v) for v in value]
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if value is None or isinstance(value, int):
        return value
    return _plain(value.tolist()) if hasattr(value, "tolist") else printable(str(value))


def to_flat(line: bytes) -> Flat:
    """What `to_line` wrote, or the reference did: a line may hold NaN tokens.

    Raises
    ------
    ReportError
        When it is not a JSON object with a ``file``; the message says what it is instead.
    """
    try:
        flat = _decode(line)
    except msgspec.DecodeError:
        try:
            flat = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise ReportError(f"expected a JSON object, got {_shown(line)} ({error})") from error
    except RecursionError as error:
        raise ReportError(f"expected a JSON object, got {_shown(line)} ({error})") from error
    if not isinstance(flat, dict):
        raise ReportError(f"expected a JSON object, got {_shown(line)}")
    if not isinstance(flat.get("file"), str):
        raise ReportError(f"expected a text in 'file', got {flat.get('file')!r}")
    for key, text in _mapping(flat.pop("non_finite", None)).items():
        if text in ("nan", "inf", "-inf"):
            flat[key] = float(text)
    return flat


def _mapping(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _shown(line: bytes) -> str:
    text = line[:60].decode("utf-8", "backslashreplace").strip()
    return repr(text + ("…" if len(line) > 60 else ""))


def path_of(flat: Flat) -> str:
    """The path as the operating system knows it; takes ``file_bytes`` out."""
    raw = flat.pop("file_bytes", None)
    if isinstance(raw, str):
        try:
            return os.fsdecode(base64.b64decode(raw, validate=True))
        except (binascii.Error, ValueError):
            pass
    return str(flat["file"])


def to_record(flat: Flat) -> Record:
    """The record of a line; a line of the reference, which has no status, gets the one that follows from it.

    Raises
    ------
    ReportError
        When a field has a value that it cannot have.
    """
    path = path_of(flat)
    if "status" not in flat:
        flat = {**flat, **_judged(flat)}
    try:
        record = Record.from_json(flat)
    except (msgspec.ValidationError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise ReportError(f"expected a record, got a field that does not fit: {error}") from error
    return record if record.path == path else replace(record, path=path)


def _judged(flat: Flat) -> Flat:
    """Verdict of a record that the reference wrote, by the same rules: ready for what is wanted, or not."""
    wanted = ["transformer", *(["iv3"] if "X2048" in (flat.get("present") or ()) else [])]
    ready = all(flat.get(f"{target}_ready") for target in wanted)
    status = Status.ERROR if "error" in flat else Status.PASS if ready else Status.FAIL
    return {"status": status.value, "wanted": [] if status is Status.ERROR else wanted}


def read_lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """Lines of a report that are not blank, with their numbers, from 1.

    Raises
    ------
    ReportError
        When the file cannot be read.
    """
    try:
        with path.open("rb") as file:
            for number, line in enumerate(file, 1):
                text = line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line
                if text.strip():
                    yield number, text
    except OSError as error:
        raise ReportError(f"{path} cannot be read: {error.strerror or error}") from error


def read_records(path: Path) -> list[Record]:
    """Read a report back: ours, or the reference's.

    Parameters
    ----------
    path
        A ``.jsonl`` file.

    Raises
    ------
    ReportError
        When it cannot be read, or a line is not a record; the message names the line.
    """
    records = []
    for number, line in read_lines(path):
        try:
            records.append(to_record(to_flat(line)))
        except ReportError as error:
            raise ReportError(f"{path}: line {number}: {error}") from error
    return records
