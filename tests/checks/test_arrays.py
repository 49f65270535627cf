"""Small statistics of ours agree with numpy's, and are worth having only for their speed."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from inspector.checks.arrays import Figures, foreign_imports, is_monotonic, median, percentile

values = hnp.arrays(np.float32, st.integers(1, 60), elements=st.floats(-1e6, 1e6, width=32))


@given(values)
def test_median(array: Any) -> None:
    assert median(array) == np.median(array)


@given(values, st.floats(0, 100))
def test_percentile(array: Any, q: float) -> None:
    assert percentile(array, q) == pytest.approx(np.percentile(array.astype(np.float64), q), rel=1e-5, abs=1e-2)


@given(hnp.arrays(np.float64, hnp.array_shapes(max_dims=3), elements=st.floats(allow_nan=True, allow_infinity=True)))
def test_figures(array: Any) -> None:
    figures = Figures(array)
    assert figures.has_nan == np.isnan(array).any()
    assert figures.has_inf == np.isinf(array).any()
    assert figures.finite == np.isfinite(array).all()
    assert figures.outside(0, 1) == ((array < 0) | (array > 1)).sum()


@pytest.mark.parametrize("offset", [0.0, 1.0, 1000.0])
def test_figures_of_a_large_array(offset: float) -> None:
    array = (np.random.default_rng(0).normal(0.2, 0.3, (100, 2048)) + offset).astype(np.float32)
    figures = Figures(array)
    exact = array.astype(np.float64)
    assert figures.extremes == (array.min(), array.max())
    mean, spread = figures.mean_and_spread
    assert mean == pytest.approx(exact.mean(), rel=2e-6)
    assert spread == pytest.approx(exact.std(), rel=5e-6)
    array[70, 1000] = np.nan
    assert not Figures(array).finite
    assert np.isnan(Figures(array).mean_and_spread).all()


@given(hnp.arrays(np.int64, st.integers(0, 20)))
def test_monotonic(array: Any) -> None:
    assert is_monotonic(array) == (sorted(array.tolist()) == array.tolist())


def test_only_what_plain_data_needs_is_harmless() -> None:
    harmless = ("numpy._core.multiarray._reconstruct", "numpy.ndarray", "numpy.dtype", "_codecs.encode")
    assert foreign_imports((*harmless, "posix.system", "numpy.testing.x", "builtins.eval")) == (
        "posix.system",
        "numpy.testing.x",
        "builtins.eval",
    )
