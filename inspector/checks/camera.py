"""Which camera sees the trajectories as the videos show them, and which videos show something else.

A camera is a projective map P, 3 x (D + 1): pixel = (p1 q / p3 q, p2 q / p3 q) for q = (position, 1). Each place seen
gives two linear equations in P (the direct linear transformation; Hartley and Zisserman, Multiple View Geometry, 7.1).
An object at the picture's edge may be farther out than it is drawn, so its place counts only along the edge.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from inspector.checks.arrays import AnyArray

_DRAWS = 60
_SAMPLES_A_DRAW = 4
_LEAST_PLACES = 12  # fewer equations would nearly fix all eleven numbers of a camera by themselves
_CLOSE = 0.03
"""A camera explains a sample when they are less than this share of the picture's diagonal apart."""

_LEAST_EXPLAINED = 0.4
_LARGEST = 1e100
_MOST_PLACES = 4000
_MOVES = 0.005
"""Only objects whose way spans this share of the diagonal say where the camera is: any explains one at rest."""

_MOST_SAMPLES = 1000
"""So many samples, evenly taken, settle which camera it is."""


@dataclass(frozen=True, slots=True, eq=False)
class Sight:
    """What was seen of the object; all of shape (N, T).

    Attributes
    ----------
    x, y
        Pixels, NaN where nothing was seen.
    left, right, top, bottom
        Whether it touches that edge.
    """

    x: AnyArray
    y: AnyArray
    left: AnyArray
    right: AnyArray
    top: AnyArray
    bottom: AnyArray

    def __getitem__(self, samples: AnyArray) -> Sight:
        parts = (self.x, self.y, self.left, self.right, self.top, self.bottom)
        return Sight(*(part[samples] for part in parts))


@dataclass(frozen=True, slots=True, eq=False)
class Camera:
    """A camera that explains at least some of the videos.

    Attributes
    ----------
    matrix
        float64 (3, D + 1).
    projected_x, projected_y
        float64 (N, T): where it sees the trajectories, in pixels; may lie outside the picture.
    distance
        float64 (N,): root mean square distance between object and projection, in pixels; NaN where fewer than three
        frames show an object.
    rms
        Median distance of the samples that it explains, in pixels.
    explained
        How many those are.
    """

    matrix: AnyArray
    projected_x: AnyArray
    projected_y: AnyArray
    distance: AnyArray
    rms: float
    explained: int


def find_camera(trajectory: AnyArray, sight: Sight, size: tuple[int, int]) -> Camera | None:
    """The camera that explains most samples, or None.

    Parameters
    ----------
    trajectory
        float64 (N, T, D), D 2 or 3; positions that are not finite, or too large to be squared, are left out.
    size
        (height, width) of the picture in pixels.

    Returns
    -------
    Camera or None
        None when no camera explains at least two in five of the samples that can be judged: cameras that differ from
        sample to sample, videos of something else, or too little to see.
    """
    diagonal = float(np.hypot(*size))
    with np.errstate(all="ignore"):
        return _find(np.where(np.abs(trajectory) < _LARGEST, trajectory, np.nan), sight, size, diagonal)


def _find(trajectory: AnyArray, sight: Sight, size: tuple[int, int], diagonal: float) -> Camera | None:
    N, T, D = trajectory.shape
    known = np.isfinite(trajectory).all(axis=2) & np.isfinite(sight.x)
    usable = known.sum(axis=1) >= 3
    free = known & (~(sight.left | sight.right) | ~(sight.top | sight.bottom))
    if not usable.any():
        return None
    voters = usable & _moves(sight, known, diagonal)
    if not voters.any():
        return None
    centre, spread = _frame_of(trajectory[usable])
    points = np.concatenate([(trajectory - centre) / spread, np.ones((N, T, 1))], axis=2)
    some = np.flatnonzero(voters)[:: max(1, np.count_nonzero(voters) // _MOST_SAMPLES)]
    matrix = _best(points[some], sight[some], known[some], free[some], size)
    if matrix is None:
        return None
    away = _distance(matrix, points, sight, known, size)
    near = away <= _CLOSE * diagonal
    if np.count_nonzero(near & voters) < max(2, _LEAST_EXPLAINED * np.count_nonzero(voters)):
        return None
    x, y = _project(matrix, points, size)
    moved = np.eye(D + 1)
    moved[:D, :D] /= spread
    moved[:D, D] = -centre / spread
    return Camera(
        _to_pixels(size) @ matrix @ moved,
        x,
        y,
        away,
        float(np.median(away[near & voters])),
        int(np.count_nonzero(near)),
    )


def _best(points: AnyArray, sight: Sight, known: AnyArray, free: AnyArray, size: tuple[int, int]) -> AnyArray | None:
    """The camera that comes close to most of these samples; of two that do about as well, the closer one."""
    close = _CLOSE * float(np.hypot(*size))
    moving = np.ptp(points, axis=1).max(axis=1) > 0
    telling = np.flatnonzero(free.any(axis=1) & (moving | ~known.all(axis=1)))
    if not len(telling):
        return None
    best: AnyArray | None = None
    count, error = 0, np.inf
    rng = np.random.default_rng(0)
    # A draw of all is right when few of them show something else.
    for draw in (telling, *(_draw(rng, telling, free) for _ in range(_DRAWS))):
        for affine in (True, False):
            matrix = _fit(points[draw], sight[draw], free[draw], size, affine)
            for _ in range(2):  # once more from all samples that it explains
                if matrix is None:
                    break
                near = np.flatnonzero(_distance(matrix, points, sight, known, size) <= close)
                again = np.intersect1d(near, telling)
                better = _fit(points[again], sight[again], free[again], size, affine)
                matrix = matrix if better is None else better
            if matrix is None:
                continue
            away = _distance(matrix, points, sight, known, size)
            away = away[away <= close]
            found, off = len(away), float(away.mean()) if len(away) else np.inf
            if found > 1.02 * count or (found >= 0.98 * count and off < 0.8 * error):
                best, count, error = matrix, found, off
        if count >= 0.95 * len(points) and error < close / 4:
            break
    return best


def _moves(sight: Sight, known: AnyArray, diagonal: float) -> AnyArray:
    """Whether each object is seen to move, bool (N,)."""
    moves = np.zeros(len(known), dtype=bool)
    some = known.any(axis=1)
    x, y = np.where(known, sight.x, np.nan)[some], np.where(known, sight.y, np.nan)[some]
    span = np.hypot(np.nanmax(x, 1) - np.nanmin(x, 1), np.nanmax(y, 1) - np.nanmin(y, 1))
    moves[some] = span >= _MOVES * diagonal
    return moves


def _frame_of(trajectory: AnyArray) -> tuple[AnyArray, float]:
    """Centre and size of all positions: equations in such units are well conditioned."""
    flat = trajectory.reshape(-1, trajectory.shape[2])
    flat = flat[np.isfinite(flat).all(axis=1)]
    return flat.mean(axis=0), float(flat.std()) or 1.0


def _draw(rng: np.random.Generator, telling: AnyArray, free: AnyArray) -> AnyArray:
    """A few samples with enough places between them, those that show more the likelier."""
    weight = free[telling].sum(axis=1).astype(np.float64)
    order = rng.choice(telling, len(telling), replace=False, p=weight / weight.sum())
    enough = int(np.searchsorted(np.cumsum(free[order].sum(axis=1)), _LEAST_PLACES)) + 1
    drawn: AnyArray = np.sort(order[: max(_SAMPLES_A_DRAW, enough)])
    return drawn


def _fit(points: AnyArray, sight: Sight, free: AnyArray, size: tuple[int, int], affine: bool) -> AnyArray | None:
    """Least squares over the places that count; None where they are too few."""
    u, v = _normal(sight.x, sight.y, size)
    in_x, in_y = free & ~(sight.left | sight.right), free & ~(sight.top | sight.bottom)
    step = max(1, np.count_nonzero(in_x | in_y) // _MOST_PLACES)
    qx, u = points[in_x][::step], u[in_x][::step]
    qy, v = points[in_y][::step], v[in_y][::step]
    n = points.shape[-1]
    if affine:
        if min(len(qx), len(qy)) < n:
            return None
        first, second = (np.linalg.lstsq(q, t, rcond=None)[0] for q, t in ((qx, u), (qy, v)))
        return np.stack([first, second, np.eye(n)[-1]])
    if len(qx) + len(qy) < 3 * n or min(len(qx), len(qy)) < n:
        return None
    equations = np.concatenate(
        [
            np.concatenate([qx, np.zeros_like(qx), -u[:, None] * qx], axis=1),
            np.concatenate([np.zeros_like(qy), qy, -v[:, None] * qy], axis=1),
        ]
    )
    # The smallest eigenvector of A'A, which has few rows whatever the number of equations.
    _, vectors = np.linalg.eigh(equations.T @ equations)
    return vectors[:, 0].reshape(3, n)


def _normal(x: AnyArray, y: AnyArray, size: tuple[int, int]) -> tuple[AnyArray, AnyArray]:
    """Pixels in units of half the picture, from its centre."""
    H, W = size
    half = max(H, W) / 2
    return (x - (W - 1) / 2) / half, (y - (H - 1) / 2) / half


def _to_pixels(size: tuple[int, int]) -> AnyArray:
    H, W = size
    half = max(H, W) / 2
    return np.array([[half, 0, (W - 1) / 2], [0, half, (H - 1) / 2], [0, 0, 1]])


def _project(matrix: AnyArray, points: AnyArray, size: tuple[int, int]) -> tuple[AnyArray, AnyArray]:
    pixels = points @ (_to_pixels(size) @ matrix).T
    with np.errstate(all="ignore"):
        return pixels[..., 0] / pixels[..., 2], pixels[..., 1] / pixels[..., 2]


def _distance(matrix: AnyArray, points: AnyArray, sight: Sight, known: AnyArray, size: tuple[int, int]) -> AnyArray:
    """Root mean square distance of each sample, in pixels: (N,), NaN where fewer than three places are known.

    An object at an edge is no farther off than its projection is inside of where it is drawn.
    """
    x, y = _project(matrix, points, size)
    diagonal = float(np.hypot(*size))
    off_x, off_y = x - sight.x, y - sight.y
    off_x = np.where(sight.left, np.maximum(off_x, 0), np.where(sight.right, np.minimum(off_x, 0), off_x))
    off_y = np.where(sight.top, np.maximum(off_y, 0), np.where(sight.bottom, np.minimum(off_y, 0), off_y))
    square = np.minimum(np.nan_to_num(off_x**2 + off_y**2, nan=diagonal**2), diagonal**2)
    count = known.sum(axis=1)
    with np.errstate(all="ignore"):
        away: AnyArray = np.sqrt((square * known).sum(axis=1) / np.where(count >= 3, count, np.nan))
    return away
