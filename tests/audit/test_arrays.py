"""Looking into arrays: what figures and pages say equals what numpy says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from inspector.archive import open_npz
from inspector.audit import array_stats, arrays
from inspector.audit.array_export import save_array
from inspector.audit.array_object import read_words
from inspector.audit.array_picture import picture
from inspector.audit.array_stats import Histogram, bin_edges, statistics, statistics_rows
from inspector.audit.arrays import Cut, Held, Job, page_size, page_tsv, read_page, table_shape
from inspector.errors import ArchiveChangedError, ArchiveError, MeasureError
from tests.audit.array_support import NUMBERS, SAFE, SHAPES, AnyArray, Pieces, figures, saved

MOST = float(np.finfo(np.float64).max)

# --- statistics -----------------------------------------------------------------------------------------------


@SAFE
@given(data=st.data(), dtype=NUMBERS, shape=SHAPES)
def test_figures_are_those_of_numpy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, data: st.DataObject, dtype: np.dtype[Any], shape: tuple[int, ...]
) -> None:
    monkeypatch.setattr(array_stats, "_CHUNK", 3)
    array = data.draw(hnp.arrays(dtype, shape))
    found = figures(saved(tmp_path, a=array))
    finite = array[np.isfinite(array)]
    assert found.count == array.size
    assert found.nan == int(np.isnan(array).sum())
    assert found.infinite == int(np.isinf(array).sum())
    assert found.zeros == int((finite == 0).sum())
    assert found.minimum == (finite.min() if finite.size else None)
    assert found.maximum == (finite.max() if finite.size else None)
    if finite.size:
        with np.errstate(all="ignore"):
            values = finite.astype(np.float64)
            mean, std = values.mean(), values.std()
        assert found.mean is not None
        if np.isfinite(mean):
            assert found.mean == pytest.approx(mean, rel=1e-9, abs=1e-9 * float(np.abs(values).max()))
        if np.isfinite(std):
            assert found.std == pytest.approx(std, rel=1e-6, abs=1e-9 * float(np.abs(values).max()))
    if found.histogram is not None:
        assert found.histogram.counts.sum() == finite.size


@pytest.mark.parametrize("values", [[MOST], [-MOST], [MOST, 0.0, 0.0]])
def test_the_largest_values_there_are(tmp_path: Path, values: list[float]) -> None:
    found = figures(saved(tmp_path, a=np.array([values])))  # a row, which is looked at in one go
    assert found.mean == pytest.approx(np.mean(values))
    assert (found.histogram is None) == (len(values) == 1)  # bins around one such value would not fit into float64


def test_spread_of_large_offsets_does_not_cancel(tmp_path: Path) -> None:
    found = figures(saved(tmp_path, a=1e9 + np.array([0.0, 1.0] * 500)))
    assert found.std == pytest.approx(0.5, rel=1e-6)


def test_histogram_is_that_of_numpy(tmp_path: Path) -> None:
    array = np.random.default_rng(0).normal(size=(500, 7)).astype(np.float32)
    histogram = figures(saved(tmp_path, a=array)).histogram
    assert histogram is not None
    counts, edges = np.histogram(array.astype(np.float64), bins=64)
    np.testing.assert_array_equal(histogram.counts, counts)
    np.testing.assert_allclose(histogram.edges, edges)


@pytest.mark.parametrize(
    ("array", "counts"),
    [
        (np.array([2, 2, 5], dtype=np.int8), [2, 0, 0, 1]),
        (np.array([True, False, True]), [1, 2]),
        (np.array([7.5, 7.5]), [2]),
    ],
)
def test_few_whole_numbers_get_a_bin_each(tmp_path: Path, array: AnyArray, counts: list[int]) -> None:
    histogram = figures(saved(tmp_path, a=array)).histogram
    assert isinstance(histogram, Histogram)
    assert histogram.counts.tolist() == counts
    assert histogram.whole == (array.dtype.kind != "f")


@pytest.mark.parametrize(
    ("low", "high"),
    [(np.float64(-1.7e308), np.float64(1.7e308)), (np.int64(2**62), np.int64(2**62 + 5))],
)
def test_no_bins_where_float64_cannot_tell_them_apart(low: Any, high: Any) -> None:
    assert bin_edges(low, high) is None


@given(low=st.integers(-(2**40), 2**40), span=st.integers(0, 2**40))
def test_bins_of_whole_numbers_hold_equally_many_and_all(low: int, span: int) -> None:
    edges = bin_edges(np.int64(low), np.int64(low + span))
    assert edges is not None
    assert edges.size <= 65
    assert edges[0] <= low
    assert edges[-1] > low + span
    assert len(set(np.diff(edges).tolist())) == 1
    assert float(edges[1] - edges[0]).is_integer()


def test_text_and_times_have_figures_too(tmp_path: Path) -> None:
    path = saved(
        tmp_path,
        words=np.array(["b", "a", "b", ""]),
        when=np.array(["2020-01-02", "NaT", "2019-05-06"], dtype="datetime64[D]"),
        wave=np.array([3 + 4j, 0]),
        row=np.zeros(3, dtype=[("x", "f4"), ("n", "i2")]),
    )
    words, when, wave, row = (figures(path, name) for name in ("words", "when", "wave", "row"))
    assert words.distinct == (("b", 2), ("a", 1), ("", 1))
    assert (words.minimum, words.maximum, words.zeros) == (0, 1, 1)
    assert when.nan == 1
    assert when.minimum == np.datetime64("2019-05-06")
    assert (wave.maximum, wave.mean) == (5.0, 2.5)
    assert (row.count, row.minimum) == (3, None)


def test_no_value_falls_beside_the_bins(tmp_path: Path) -> None:
    found = figures(saved(tmp_path, a=np.array([-36028797018963966, 1])))
    assert found.histogram is not None
    assert found.histogram.counts.sum() == 2


def test_many_different_values_are_not_kept(tmp_path: Path) -> None:
    assert figures(saved(tmp_path, a=np.arange(5000))).distinct is None


def test_rows_of_figures_read_well(tmp_path: Path) -> None:
    path = saved(tmp_path, a=np.array([0, 1, 1, 1]), b=np.array([np.nan, 1.5], np.float32))
    assert ("  1", "3 (75 %)") in statistics_rows(figures(path, "a"), np.dtype(np.int64))
    rows = dict(statistics_rows(figures(path, "b"), np.dtype(np.float32)))
    assert (rows["NaN"], rows["Minimum"], rows["Infinite"]) == ("1 (50 %)", "1.5", "0")


def test_an_array_without_values_has_no_extremes(tmp_path: Path) -> None:
    path = tmp_path / "none.npz"
    np.savez(path, a=np.empty((0, 3), np.float32))
    with open_npz(path) as npz:
        found = statistics(npz, "a")
    assert found is not None
    assert (found.count, found.minimum, found.mean, found.histogram) == (0, None, None, None)


def test_a_stopped_job_yields_nothing(tmp_path: Path) -> None:
    job = Job()
    job.stop()
    with open_npz(saved(tmp_path, a=np.ones((5, 4, 3)), flat=np.ones((5, 4)))) as npz:
        assert statistics(npz, "a", job) is None
        assert picture(npz, "a", (0,), job) is None
        assert read_page(npz, "flat", Cut(rows=5, columns=4), job) is None
        assert save_array(npz, "a", tmp_path / "a.npy", job) is None
    assert sorted(p.name for p in tmp_path.iterdir()) == ["some.npz"]


def test_progress_ends_at_one(tmp_path: Path) -> None:
    job = Job()
    with open_npz(saved(tmp_path, a=np.ones((50, 4)))) as npz:
        statistics(Pieces(npz), "a", job)
    assert job.fraction == 1.0


# --- pages ----------------------------------------------------------------------------------------------------


@SAFE
@given(data=st.data(), shape=hnp.array_shapes(min_dims=1, max_dims=5, max_side=5), order=st.sampled_from("CF"))
def test_a_page_is_a_slice(tmp_path: Path, data: st.DataObject, shape: tuple[int, ...], order: Any) -> None:
    array = np.asarray(np.arange(int(np.prod(shape)), dtype=np.int32).reshape(shape), order=order)
    lead = tuple(data.draw(st.integers(0, n - 1)) for n in shape[:-2])
    row, rows = data.draw(st.integers(0, 4)), data.draw(st.integers(1, 6))
    column, columns = (data.draw(st.integers(0, 4)), data.draw(st.integers(1, 6))) if len(shape) > 1 else (0, 1)
    expected = array[lead][row : row + rows]
    expected = expected[:, column : column + columns] if len(shape) > 1 else expected[:, None]
    with open_npz(saved(tmp_path, a=array)) as npz:
        page = read_page(npz, "a", Cut(lead, row, rows, column, columns))
    assert page is not None
    np.testing.assert_array_equal(page.values, expected)


def test_only_the_rows_of_a_page_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arrays, "_PART", 100)
    with open_npz(saved(tmp_path, a=np.zeros((1000, 5)))) as npz:
        reader = Pieces(npz)
        read_page(reader, "a", Cut(row=600, rows=5, columns=5))
    assert reader.asked == [(600, 602), (602, 604), (604, 605)]


def test_fields_are_columns(tmp_path: Path) -> None:
    array = np.array([(1.5, "a"), (2.5, "b")], dtype=[("x", "f4"), ("name", "U3")])
    with open_npz(saved(tmp_path, a=array)) as npz:
        page = read_page(npz, "a", Cut(rows=9, columns=2))
    assert page is not None
    assert (page.rows, page.columns, page.value(1, 1)) == (2, 2, "b")
    assert page_tsv(page) == "1.5\ta\n2.5\tb\n"


def test_a_page_is_copied_to_the_last_digit(tmp_path: Path) -> None:
    array = np.array([[0.1, np.nan], [-np.inf, 1 / 3]], dtype=np.float32)
    with open_npz(saved(tmp_path, a=array, b=array > 0)) as npz:
        numbers, flags = read_page(npz, "a", Cut(rows=2, columns=2)), read_page(npz, "b", Cut(rows=2, columns=2))
    assert numbers is not None
    assert flags is not None
    back = np.array([line.split("\t") for line in page_tsv(numbers).splitlines()], dtype=np.float32)
    np.testing.assert_array_equal(back, array)
    assert page_tsv(flags) == "True\tFalse\nFalse\tTrue\n"


def test_pages_stay_small_whatever_the_array() -> None:
    for table, itemsize in (((10**9, 10**9), 8), ((3, 10**7), 400_000), ((10**6, 1), 1), ((0, 0), 4)):
        rows, columns = page_size(table, itemsize)
        assert rows >= 1
        assert columns >= 1
        assert rows * columns * itemsize <= 32_000_000
    assert table_shape((), np.dtype("f4")) == (1, 1)


def test_what_cannot_be_held_is_refused_before_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arrays, "STEP_LIMIT", 100)
    with open_npz(saved(tmp_path, a=np.zeros((2, 5, 5)))) as npz:
        for look in (lambda: read_page(npz, "a", Cut((0,))), lambda: statistics(npz, "a"), lambda: picture(npz, "a")):
            with pytest.raises(MeasureError, match=r"a: one step along axis 0 takes 200 B; at most 100 B"):
                look()


@pytest.mark.parametrize("lead", [(), (2,), (-1,), (0, 0)])
def test_indices_outside_are_an_error(tmp_path: Path, lead: tuple[int, ...]) -> None:
    with (
        open_npz(saved(tmp_path, a=np.zeros((2, 5, 5)))) as npz,
        pytest.raises(MeasureError, match=r"expected indices within \(2,\)"),
    ):
        read_page(npz, "a", Cut(lead))


def test_a_held_file_that_changed_is_not_shown_as_the_old_one(tmp_path: Path) -> None:
    path = saved(tmp_path, a=np.zeros(3))
    with pytest.raises(ArchiveChangedError, match="audit it again"):
        Held(str(path), mtime_ns=1).npz()
    held = Held(str(path), path.stat().st_mtime_ns)
    assert held.npz() is held.npz()
    held.close()
    with pytest.raises(ArchiveError, match="closed"):
        held.npz()


def test_real_files_of_many_kinds(shared_data: Path) -> None:
    seen = 0
    for path in sorted((shared_data / "npz").glob("*.npz")):
        with open_npz(path) as npz:
            for member in npz.members:
                if member.error is not None or member.shape is None:
                    continue
                if member.pickled or not member.shape:
                    assert read_words(npz, member.name).text or member.pickled
                else:
                    found = statistics(npz, member.name)
                    assert found is not None
                    assert found.count == int(np.prod(member.shape))
                    read_page(npz, member.name, Cut((0,) * (len(member.shape) - 2), rows=9, columns=9))
                seen += 1
    assert seen > 50
