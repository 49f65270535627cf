"""What measurements, the pick of a profile, and verdicts depend on besides the file, each as a short digest."""

from __future__ import annotations

import functools
import hashlib
from pathlib import Path

import msgspec

from inspector import __version__
from inspector.audit.options import Options
from inspector.profiles import builtin_profiles
from inspector.profiles.model import Limits, Profile, VideoRules

_BYTES = 16
_PACKAGE = Path(__file__).resolve().parents[2]
_MEASURING_CODE = ("archive", "checks", "profiles", "audit")


def measuring_key(profile: Profile) -> bytes:
    """Digest of all in a profile that measuring uses, and of the code that measures.

    Limits, names and titles are no part of it: profiles that differ in nothing else share measurements.
    """
    videos = profile.videos
    used = VideoRules(
        classes=videos.classes,
        frame_rate=videos.frame_rate,
        near_apart_pct=videos.near_apart_pct,
        near_shared_pct=videos.near_shared_pct,
        near_travel_pct=videos.near_travel_pct,
    )
    measuring = msgspec.structs.replace(
        profile, name="", title="", description="", rank=0, match=(), limits=Limits(), videos=used
    )
    return _digest(code_digest(), msgspec.json.encode(measuring, order="sorted"))


def picking_key(options: Options) -> bytes:
    """Digest of all that decides which profile a file gets by itself; empty where one was given."""
    return b"" if options.profile is not None else _picking_key()


@functools.cache
def _picking_key() -> bytes:
    return _digest(*(msgspec.json.encode((p.name, p.rank, p.match, p.arrays)) for p in builtin_profiles()))


def judging_key(profile: Profile, targets: tuple[str, ...] | None) -> bytes:
    """Digest of all that a verdict depends on besides measurements."""
    return _digest(profile.digest().encode(), msgspec.json.encode(targets))


@functools.cache
def code_digest() -> bytes:
    """Digest of the sources that measure, which nobody can forget to raise as one can a number.

    A frozen program has no sources: its version stands for them.
    """
    files = sorted(path for room in _MEASURING_CODE for path in (_PACKAGE / room).glob("*.py"))
    return _digest(__version__.encode(), *(path.read_bytes() for path in files))


def _digest(*parts: bytes) -> bytes:
    total = hashlib.sha256()
    for part in parts:
        total.update(len(part).to_bytes(8, "little") + part)
    return total.digest()[:_BYTES]
