"""Places of a deflated member that inflating can go on from, so that no byte costs all those before it.

A place is the inflater's own state: the 32 KB that matches reach back to, and its tables; about 41 KB with zlib-ng,
and 20 microseconds to copy. It cannot be saved, so that places live as long as somebody has the file open.
"""

from __future__ import annotations

import threading
import weakref
from bisect import bisect_right
from collections import deque
from collections.abc import Hashable
from typing import NamedTuple, Protocol

SPACING = 512 << 10
"""The least work between two places, see `work`: about 2 ms."""

MOST = 1024
"""Places of one member: about 42 MB. When there are more, every second one goes and their distance doubles."""

_OUT_SHARE = 32  # so many bytes written cost as much as one read


class Inflate(Protocol):
    """An inflater of zlib-ng, whose own stub lacks `copy`."""

    @property
    def eof(self) -> bool:
        """Whether the compressed data said that they end."""

    @property
    def unconsumed_tail(self) -> bytes:
        """Input that was not needed for what was asked."""

    def decompress(self, data: bytes | memoryview, max_length: int, /) -> bytes:
        """Up to so many bytes."""

    def copy(self) -> Inflate:
        """Another that goes on from here."""


class Checkpoint(NamedTuple):
    """A place.

    Attributes
    ----------
    position
        Bytes inflated so far.
    fed
        Bytes of the compressed data that were used for them.
    state
        To be copied before use; it holds no input.
    """

    position: int
    fed: int
    state: Inflate


def work(position: int, fed: int) -> int:
    """What inflating from the start up to a place costs, in bytes of compressed data.

    Time goes by these, whatever they inflate to; only where they are very few do the bytes written count. Measured with
    zlib-ng on videos that are compressed 1.2 to 23 times: 214 to 270 MB/s of compressed data, and 0.2 to 5 GB/s of
    videos.
    """
    return fed + position // _OUT_SHARE


class Checkpoints:
    """The places known of one member; for use from any thread, and no lock is held while anything is inflated."""

    def __init__(self, spacing: int = SPACING, most: int = MOST) -> None:
        self._spacing, self._most = spacing, max(2, most)
        self._places: list[Checkpoint] = []
        self._lock = threading.Lock()

    def __len__(self) -> int:
        """How many there are."""
        return len(self._places)

    @property
    def spacing(self) -> int:
        """The least work between two of them, by now."""
        return self._spacing

    @property
    def positions(self) -> tuple[int, ...]:
        """Where they are, ascending."""
        with self._lock:
            return tuple(place.position for place in self._places)

    def before(self, position: int) -> Checkpoint | None:
        """The last one at or before a byte of the member."""
        with self._lock:
            at = bisect_right(self._places, position, key=_position)
            return self._places[at - 1] if at else None

    def wants(self, position: int, fed: int) -> bool:
        """Whether there is none near this place."""
        with self._lock:
            return self._is_apart(position, fed)

    def add(self, place: Checkpoint) -> None:
        """Keep a place, unless another reader left one near it meanwhile."""
        with self._lock:
            if not self._is_apart(place.position, place.fed):
                return
            self._places.insert(bisect_right(self._places, place.position, key=_position), place)
            while len(self._places) > self._most:
                self._thin_out()

    def _is_apart(self, position: int, fed: int) -> bool:
        at = bisect_right(self._places, position, key=_position)
        here = work(position, fed)
        before = work(*self._places[at - 1][:2]) if at else 0
        after = work(*self._places[at][:2]) if at < len(self._places) else here + self._spacing
        return here - before >= self._spacing and after - here >= self._spacing

    def _thin_out(self) -> None:
        self._spacing *= 2
        kept: list[Checkpoint] = []
        last = 0
        for place in self._places:
            here = work(place.position, place.fed)
            if here - last >= self._spacing:
                kept.append(place)
                last = here
        self._places = kept


_shared: weakref.WeakValueDictionary[Hashable, Checkpoints] = weakref.WeakValueDictionary()
_latest: deque[Checkpoints] = deque(maxlen=1)  # between two readers of a file, one that closes and one that opens
_lock = threading.Lock()


def shared_checkpoints(member: Hashable, spacing: int = SPACING) -> Checkpoints:
    """Those of one member, the same for everybody who has the file open.

    Parameters
    ----------
    member
        What tells it from any other, of this file or another, and from itself once it is written anew.
    """
    with _lock:
        found = _shared.get(member)
        if found is None:
            found = _shared[member] = Checkpoints(spacing)
        _latest.append(found)
        return found


def _position(place: Checkpoint) -> int:
    return place.position
