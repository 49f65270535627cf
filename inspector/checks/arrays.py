"""What a check is given: the arrays of one file, and figures about each that several checks want."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Generic, TypeVar

import numpy as np
import numpy.typing as npt

from inspector.checks.meta import Metadata, read_metadata
from inspector.profiles.model import ArraySpec, Profile

AnyArray = npt.NDArray[Any]
T = TypeVar("T")

_FEW, _SOME = 2048, 128
_BLOCK = 1 << 16  # 256 KB of float32: half of a usual core's own cache


@dataclass(frozen=True, slots=True, eq=False)
class Vectors:
    """All that is measured of the feature vectors of one file.

    Attributes
    ----------
    fields
        The reference's ``X2048_*``.
    values, series, details
        As `Measurements` has them.
    """

    fields: dict[str, Any]
    values: dict[str, object]
    series: dict[str, AnyArray]
    details: dict[str, AnyArray]


@dataclass(frozen=True, eq=False)
class Arrays:
    """One file's content, as far as its profile asks for it.

    Attributes
    ----------
    present
        Names of everything in the file, in file order.
    values
        The arrays that were read. An object array whose pickle is plain data is here as an object array.
    pickled
        Name -> what its pickle would import beyond plain data ("os.system", ...); empty for plain containers.
    meta
        The decoded content of the meta array: usually text; None when there is none.
    figures
        Of arrays that were measured while they were read and then let go: they are not in `values`.
    vectors
        Of the feature vectors, where those were let go.
    """

    present: tuple[str, ...]
    values: Mapping[str, AnyArray]
    pickled: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    meta: object = None
    figures: Mapping[str, Figures] = field(default_factory=dict)
    vectors: Vectors | None = None

    def figures_by(self, profile: Profile) -> dict[str, Figures]:
        """Figures of every array that was read, in the profile's order where it knows them."""
        values, known, specs = self.values, self.figures, profile.arrays
        if not known:
            return {name: Figures(array, specs.get(name)) for name, array in values.items()}
        names = dict.fromkeys((*(name for name in specs if name in values or name in known), *values))
        return {name: known.get(name) or Figures(values[name], specs.get(name)) for name in names}

    @cached_property
    def metadata(self) -> Metadata:
        """What `meta` says, parsed once."""
        return read_metadata(self.meta)


class _once(Generic[T]):  # noqa: N801 - a decorator
    """As `functools.cached_property`, which takes a lock before Python 3.12: a dozen of these for every clip."""

    __slots__ = ("_measure",)

    def __init__(self, measure: Callable[[Any], T]) -> None:
        self._measure = measure

    def __get__(self, figures: Any, kind: type | None = None) -> T:
        value = figures.__dict__[self._measure.__name__] = self._measure(figures)
        return value


class Figures:
    """Lazily measured figures of one array; each pass over the data happens at most once.

    Parameters
    ----------
    spec
        What the profile says of the array.

    Attributes
    ----------
    shape, dtype
        Of the array; they stay when it is let go.
    """

    def __init__(self, array: AnyArray, spec: ArraySpec | None = None) -> None:
        self._array: AnyArray | None = array
        self.shape, self.dtype = array.shape, array.dtype
        self.spec = spec or _ANY

    @property
    def array(self) -> AnyArray:
        """The array itself.

        Raises
        ------
        ValueError
            When it was let go.
        """
        if self._array is None:
            raise ValueError(f"an array of {self.dtype} {list(self.shape)} is asked for after it was let go")
        return self._array

    @property
    def size(self) -> int:
        """How many values the array has."""
        return math.prod(self.shape)

    @_once
    def sound(self) -> bool:
        """Whether the array has rows, and shape, dtype and values are as the profile wants them."""
        spec, shape = self.spec, self.shape
        if self.layout_fits != (True, True) or not shape or not shape[0]:
            return False
        if self.dtype.kind not in "fciub":
            return True
        return (
            (not spec.finite or self.finite)
            and (spec.range is None or not self.outside(*spec.range))
            and (spec.role not in ("points", "features") or not self.constant)
        )

    def let_go(self) -> None:
        """Drop the array, whose memory may be needed; figures that nobody has asked for are lost with it."""
        self._array = None

    @_once
    def layout_fits(self) -> tuple[bool, bool]:
        """Whether the number of dimensions and the fixed ones are as specified, and whether the dtype is."""
        want, got = self.spec.shape, self.shape
        shape = not want or len(want) == len(got)
        if shape:
            for dimension, length in zip(want, got, strict=False):
                shape = shape and (dimension == length or not isinstance(dimension, int))
        return shape, not self.spec.dtype or self.dtype == _dtype(self.spec.dtype)

    @_once
    def monotonic(self) -> bool:
        """Whether values never decrease along axis 0."""
        return is_monotonic(self.array)

    @_once
    def constant(self) -> bool:
        """Whether there are more than two rows and all are equal; the last one settles it for nearly every array."""
        array = self.array
        if not array.ndim or len(array) < 3 or not array.size or array.dtype.kind not in "fciub":
            return False
        return np.count_nonzero(array[-1] != array[0]) == 0 and not np.count_nonzero(array != array[:1])

    @_once
    def row_counts(self) -> AnyArray:
        """How many places of each row of a boolean (T, J) are true, float32 (T,)."""
        return row_counts(self.array)

    @_once
    def extremes(self) -> tuple[Any, Any]:
        """(smallest, largest); NaN when any value is NaN; (0, 0) when empty."""
        if not self.array.size:
            return 0, 0
        if self._large:
            return self._sweep[:2]
        return np.minimum.reduce(self.array, axis=None), np.maximum.reduce(self.array, axis=None)

    @_once
    def mean_and_spread(self) -> tuple[float, float]:
        """Mean and standard deviation (ddof 0) of a non-empty array; NaN when any value is NaN."""
        if not self._large:
            return float(self.array.mean()), float(self.array.std())
        _, _, total, squares = self._sweep
        mean = total / self.array.size
        variance = squares / self.array.size - mean * mean
        if variance < mean * mean / 8:  # the difference of two large numbers: digits would be lost
            return mean, float(self.array.std())
        return mean, float(np.sqrt(variance))

    @property
    def _large(self) -> bool:
        return self.array.dtype == np.float32 and self.array.size >= _BLOCK

    @_once
    def _sweep(self) -> tuple[Any, Any, float, float]:
        """(smallest, largest, sum, sum of squares) of float32 values in one pass.

        Each block stays in the core's own cache for all four; block sums are added in float64.
        """
        flat, units = self.array.reshape(-1), ones(_BLOCK)
        low, high, total, squares = [], [], 0.0, 0.0
        with np.errstate(all="ignore"):
            for start in range(0, flat.size, _BLOCK):
                block = flat[start : start + _BLOCK]
                low.append(np.minimum.reduce(block))
                high.append(np.maximum.reduce(block))
                total += float(block.dot(units[: block.size]))
                squares += float(block.dot(block))
        return np.minimum.reduce(low), np.maximum.reduce(high), total, squares

    @_once
    def finite(self) -> bool:
        """Whether no value is NaN or infinite. NaN travels through min and max, so two passes and no temporary do."""
        dtype = self.dtype
        if dtype.kind not in "fc":
            return True
        if dtype.kind == "f" and dtype.itemsize <= 8:
            return math.isfinite(self.extremes[0]) and math.isfinite(self.extremes[1])
        return bool(np.isfinite(self.extremes[0]) and np.isfinite(self.extremes[1]))

    @_once
    def has_nan(self) -> bool:
        """Whether any value is NaN."""
        return not self.finite and bool(np.isnan(self.array).any())

    @_once
    def has_inf(self) -> bool:
        """Whether any value is infinite."""
        return not self.finite and bool(np.isinf(self.array).any())

    def outside(self, low: float, high: float) -> int:
        """How many values lie outside [low, high]; NaN does not count, infinity does."""
        if self.finite and self.extremes[0] >= low and self.extremes[1] <= high:
            return 0
        return int(((self.array < low) | (self.array > high)).sum())


_ANY = ArraySpec()


@functools.cache
def _dtype(name: str) -> np.dtype[Any]:
    return np.dtype(name)


@functools.cache
def dtype_name(dtype: np.dtype[Any]) -> str:
    """``str(dtype)``, which numpy works out anew each time, at length."""
    return str(dtype)


def row_counts(mask: AnyArray) -> AnyArray:
    """How many places of each row of a boolean (T, J) are true, float32 (T,): exact, and quick as a product."""
    counts: AnyArray = mask.astype(np.float32) @ ones(mask.shape[1])
    return counts


def longest_run(where: AnyArray) -> int:
    """Length of the longest run of true places in a boolean (n,)."""
    if not np.count_nonzero(where):
        return 0
    ends = np.flatnonzero(~where)
    return int(np.diff(ends, prepend=-1, append=len(where)).max()) - 1


@functools.lru_cache(maxsize=64)
def ones(n: int) -> AnyArray:
    """Float32 ones (n,), to add up as a product; read-only, and made once for many files."""
    out = np.ones(n, np.float32)
    out.flags.writeable = False
    return out


def median(values: AnyArray) -> Any:
    """Median of a non-empty 1-D array without NaN, in its own precision; a tenth of the cost of numpy's on a clip."""
    ordered = values.copy()
    ordered.sort()
    return median_of_sorted(ordered)


def median_of_sorted(ordered: AnyArray) -> Any:
    """As `median`, of values in ascending order."""
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / ordered.dtype.type(2)


def percentile(values: AnyArray, q: float) -> float:
    """The q-th percentile of a non-empty array without NaN, linear between ranks as numpy's default is.

    A few of the values say about where a high one lies, and only what is over that is put in order.
    """
    below, above, share = _ranks(values.size, q)
    flat = values.reshape(-1)
    if flat.size > _FEW:
        some = flat[:: flat.size // _SOME]
        ordered = np.sort(some)
        top = flat[flat > ordered[int(some.size * (2 * q / 100 - 1))]]  # twice as many as will be needed, give or take
        if top.size > flat.size - below:
            below, above, flat = below - flat.size + top.size, above - flat.size + top.size, top
    parted = flat.copy()
    parted.partition((below, above))
    return _between(parted[below], parted[above], share)


def _ranks(n: int, q: float) -> tuple[int, int, float]:
    place = q / 100 * (n - 1)
    below = min(int(place), max(n - 2, 0))
    return below, min(below + 1, n - 1), place - below


def _between(low: Any, high: Any, share: float) -> float:
    return float(high - (high - low) * (1 - share) if share >= 0.5 else low + (high - low) * share)


def is_monotonic(array: AnyArray) -> bool:
    """Whether values never decrease along axis 0; fewer than two values are in order."""
    return array.size < 2 or bool(np.logical_and.reduce(array[1:] >= array[:-1], axis=None))


_PLAIN = frozenset(
    "collections.OrderedDict _codecs.encode builtins.set builtins.frozenset builtins.complex builtins.bytearray "
    "numpy.ndarray numpy.dtype numpy.core.multiarray._reconstruct numpy._core.multiarray._reconstruct "
    "numpy.core.multiarray.scalar numpy._core.multiarray.scalar".split()
)


def foreign_imports(imports: tuple[str, ...]) -> tuple[str, ...]:
    """What a pickle would import beyond the names that plain containers and numpy arrays need."""
    return tuple(name for name in imports if name.replace("__builtin__.", "builtins.") not in _PLAIN)
