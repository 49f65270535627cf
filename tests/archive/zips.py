"""Zip archives written by hand, so that a test can make each part of one lie."""

from __future__ import annotations

import io
import struct
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from inspector.archive import NpzFile, open_npz


@dataclass
class Piece:
    """A member; what is None is told truthfully."""

    name: bytes
    data: bytes
    deflated: bool = False
    packed: bytes | None = None
    crc: int | None = None
    size: int | None = None
    packed_size: int | None = None
    method: int | None = None
    flags: int = 0
    local_name: bytes | None = None
    at: int | None = None
    extra: bytes = b""


def deflated(data: bytes) -> bytes:
    squeeze = zlib.compressobj(9, zlib.DEFLATED, -15)
    return squeeze.compress(data) + squeeze.flush()


def make_zip(
    *pieces: Piece,
    front: bytes = b"",
    comment: bytes = b"",
    comment_size: int | None = None,
    count: int | None = None,
    directory_at: int | None = None,
    directory_size: int | None = None,
    wide: bool = False,
) -> bytes:
    """The archive's bytes; `wide` writes the zip64 end records."""
    body = b""
    directory = b""
    for piece in pieces:
        packed = piece.packed
        if packed is None:
            packed = deflated(piece.data) if piece.deflated else piece.data
        method = (8 if piece.deflated else 0) if piece.method is None else piece.method
        crc = zlib.crc32(piece.data) if piece.crc is None else piece.crc
        sizes = (
            len(packed) if piece.packed_size is None else piece.packed_size,
            len(piece.data) if piece.size is None else piece.size,
        )
        at = len(body) if piece.at is None else piece.at
        local = piece.name if piece.local_name is None else piece.local_name
        body += struct.pack("<4s5H3L2H", b"PK\3\4", 20, piece.flags, method, 0, 0, crc, *sizes, len(local), 0)
        body += local + packed
        directory += struct.pack(
            "<4s6H3L5H2L",
            b"PK\1\2", 20, 20, piece.flags, method, 0, 0, crc, *sizes,
            len(piece.name), len(piece.extra), 0, 0, 0, 0, at,
        )  # fmt: skip
        directory += piece.name + piece.extra
    count = len(pieces) if count is None else count
    directory_at = len(body) if directory_at is None else directory_at
    directory_size = len(directory) if directory_size is None else directory_size
    end = b""
    if wide:
        end += struct.pack("<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, 0, 0, count, count, directory_size, directory_at)
        end += struct.pack("<4sLQL", b"PK\6\7", 0, len(body) + len(directory), 1)
        count, directory_size, directory_at = 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF
    comment_size = len(comment) if comment_size is None else comment_size
    end += struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, count, count, directory_size, directory_at, comment_size)
    return front + body + directory + end + comment


def npy(array: Any, version: tuple[int, int] = (1, 0)) -> bytes:
    """An array's .npy bytes, as numpy writes them."""
    out = io.BytesIO()
    np.lib.format.write_array(out, np.asanyarray(array), version)
    return out.getvalue()


def headed(header: str, data: bytes = b"", version: int = 1, length: int | None = None) -> bytes:
    """The .npy bytes of any header."""
    text = header.encode("utf-8" if version == 3 else "latin-1") + b"\n"
    length = len(text) if length is None else length
    return b"\x93NUMPY" + bytes((version, 0)) + length.to_bytes(2 if version == 1 else 4, "little") + text + data


def opened(folder: Path, content: bytes) -> NpzFile:
    """Write the bytes to a file and open it."""
    path = folder / "made.npz"
    path.write_bytes(content)
    return open_npz(path)
