"""A file is read once while it stays as it is; whatever happens to the cache, the records are the same."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import platformdirs
import pytest

from inspector.audit.cache import keys
from inspector.audit.cache.reuse import audit_cached, user_cache
from inspector.audit.cache.store import Row, Stamp, Store
from inspector.audit.lines import to_line
from inspector.audit.many import audit_many
from inspector.audit.one import audit_files
from inspector.audit.options import Options
from inspector.audit.record import Record
from inspector.database import SCHEMA, CacheError, database_path, is_settled, limit_bytes, open_database
from inspector.paths import cache_dir
from inspector.profiles import load_profile
from inspector.profiles.model import Limits, Measuring, VideoRules
from tests.audit.cache_support import LONG_AGO, audited, clips, dataset_arrays, settle, with_limits
from tests.conftest import ROOT
from tests.support.clips import clip_arrays, save_clip

HERE = partial(audit_many, workers=0)
NAMES = ["clip_0.npz", "clip_1.npz", "clip_2.npz"]


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "kept" / "measurements.sqlite"


@pytest.fixture
def paths(tmp_path: Path) -> list[str]:
    return clips(tmp_path / "clips")


def lines(paths: list[str], cache: Path | None, options: Options | None = None) -> list[bytes]:
    return [to_line(record) for record in audited(paths, cache, options)[0]]


def read(paths: list[str], cache: Path | None, options: Options | None = None) -> list[str]:
    """Names of the files that had to be read; the records are those of an audit without a cache."""
    records, names = audited(paths, cache, options)
    assert [to_line(record) for record in records] == lines(paths, None, options)
    assert not any(record.evidence for record in records)
    return names


def test_a_file_that_has_not_changed_is_not_read_again(paths: list[str], cache: Path) -> None:
    assert read(paths, cache) == NAMES
    assert read(paths, cache) == []
    assert read(paths[1:], cache) == []


@pytest.mark.parametrize("spelled", [lambda p: os.path.relpath(p), lambda p: str(Path(p).parent / "." / Path(p).name)])
def test_however_its_path_is_spelled(
    paths: list[str], cache: Path, spelled: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    read(paths, cache)
    monkeypatch.chdir(Path(paths[0]).parent)
    assert read([spelled(path) for path in paths], cache) == []


def test_a_file_that_changed_is_read(paths: list[str], cache: Path) -> None:
    read(paths, cache)
    settle(save_clip(Path(paths[0]), clip_arrays(41)))
    settle(Path(paths[1]), LONG_AGO + 1)
    assert read(paths, cache) == NAMES[:2]
    assert read(paths, cache) == []


def test_the_same_size_and_time_do_not_deceive(paths: list[str], cache: Path) -> None:
    save_clip(Path(paths[0]), clip_arrays(40, seed=5), compressed=False)
    settle(Path(paths[0]))
    read(paths, cache)
    save_clip(Path(paths[0]), clip_arrays(40, seed=6), compressed=False)
    settle(Path(paths[0]))
    assert read(paths, cache) == NAMES[:1]


def test_what_changed_a_moment_ago_is_not_believed(
    paths: list[str], cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as during:
        during.setattr(time, "time_ns", lambda: Path(paths[0]).stat().st_ctime_ns + 1000)
        settle(Path(paths[0]), 2 * LONG_AGO)
        read(paths, cache)
        assert read(paths, cache) == NAMES[:1]
    read(paths, cache)


@pytest.mark.parametrize(
    ("modified", "changed", "settled"),
    [(50, 50, False), (150, 150, True), (150, 50, True), (50, 150, True), (-50, -50, False), (-50, 150, True)],
)
def test_settled(modified: int, changed: int, settled: bool) -> None:
    """By how many milliseconds ago content and file changed."""
    now = 10_000_000_123
    assert is_settled(now - modified * 1_000_000, now - changed * 1_000_000, now) is settled
    whole = now - now % 1_000_000  # whole milliseconds are taken for a coarse clock
    assert not is_settled(whole - modified * 1_000_000, whole - changed * 1_000_000, whole)
    assert is_settled(whole - 3_000_000_000, whole, whole)


def test_a_file_that_changes_while_it_is_read_is_not_kept(paths: list[str], cache: Path) -> None:
    def changing(some: Sequence[str], options: Options) -> list[Record]:
        records = audit_files(some, options)
        if paths[1] in some:
            settle(save_clip(Path(paths[1]), clip_arrays(41)), LONG_AGO + 5)
        return records

    for batch in audit_cached(paths, Options(), cache, partial(audit_many, workers=0, auditor=changing)):
        assert len(batch) == 1
    assert read(paths, cache) == NAMES[1:2]


def test_errors_that_lie_in_the_file_are_kept_and_others_are_not(
    paths: list[str], cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = Path(paths[0])
    broken.write_bytes(b"none")
    settle(broken)
    incomplete = settle(save_clip(broken.with_name("incomplete.npz"), {"X": clip_arrays()["X"]}))
    with_own = Options(load_profile("fslr-keypoints"))
    asked = [*paths, str(incomplete), str(broken.with_name("missing.npz"))]
    read(asked, cache, with_own)
    assert sorted(read(asked, cache, with_own)) == ["missing.npz"]
    monkeypatch.chdir(broken.parent)
    assert read([NAMES[0]], cache, with_own) == [NAMES[0]]  # what is said of it names it by its path


def test_errors_of_the_disk_are_not_kept(paths: list[str], cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> bytes:
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as during:
        during.setattr("inspector.archive.source.os.pread", fails)
        records, _ = audited(paths, cache)
        assert {record.status for record in records} == {"error"}
    assert read(paths, cache) == NAMES


def test_changed_limits_judge_without_reading(paths: list[str], cache: Path) -> None:
    read(paths, cache)
    own = with_limits(jitter=1e-9, bone_jump=1e-9)
    for options in (Options(own), Options(edited=((own.name, own),)), Options(targets=("iv3",)), Options()):
        assert read(paths, cache, options) == []


def test_a_profile_of_ones_own_with_other_limits_shares_measurements(paths: list[str], cache: Path) -> None:
    read(paths, cache)
    own = msgspec.structs.replace(with_limits(jitter=1e-9), name="own", title="Own")
    assert read(paths, cache, Options(own)) == []
    measures_otherwise = msgspec.structs.replace(own, measuring=Measuring(low_visible_points=77))
    assert read(paths, cache, Options(measures_otherwise)) == NAMES


def test_measuring_by_a_given_profile_says_nothing_of_which_would_be_picked(tmp_path: Path, cache: Path) -> None:
    path = str(settle(save_clip(tmp_path / "clip.npz")))
    generic = Options(load_profile("generic"))
    assert read([path], cache, generic) == ["clip.npz"]
    assert read([path], cache) == ["clip.npz"]
    assert read([path], cache, generic) == [] == read([path], cache)
    assert read([path], cache, Options(load_profile("fslr-keypoints"))) == []


def test_data_sets_and_other_files(tmp_path: Path, cache: Path) -> None:
    videos = str(settle(save_clip(tmp_path / "videos.npz", dataset_arrays())))
    other = str(settle(save_clip(tmp_path / "other.npz", {"a": np.arange(5.0)})))
    assert sorted(read([videos, other], cache)) == ["other.npz", "videos.npz"]
    strict = with_limits("trajectory-videos", static_fail_pct=1.0, separable_pct=99.0)
    assert read([videos, other], cache, Options(edited=((strict.name, strict),))) == []
    near = with_limits("trajectory-videos", near_apart_pct=1.0)
    assert read([videos, other], cache, Options(edited=((near.name, near),))) == ["videos.npz"]


def test_a_validator_sees_every_file(paths: list[str], cache: Path) -> None:
    read(paths, cache)
    options = Options(validator="tests.audit.test_one:validator")
    records, names = audited(paths, cache, options)
    assert names == NAMES and len(records) == 3


def test_cancelled(paths: list[str], cache: Path) -> None:
    read(paths, cache)
    stop = threading.Event()
    stop.set()
    assert list(audit_cached(paths, Options(), cache, HERE, stop)) == []


def test_what_was_measured_before_it_was_stopped_is_kept(paths: list[str], cache: Path) -> None:
    with closing(audit_cached(paths, Options(), cache, HERE)) as batches:
        next(batches)
        next(batches)
    assert read(paths, cache) == NAMES[2:]


def test_over_processes(tmp_path: Path, cache: Path) -> None:
    paths = clips(tmp_path / "many", 30)
    first = [r for batch in audit_cached(paths, Options(), cache, partial(audit_many, workers=2)) for r in batch]
    assert len(first) == 30 and not any(r.evidence for r in first)
    assert read(paths, cache) == []


# --- keys ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("field", [f.name for f in msgspec.structs.fields(Limits)])
def test_no_limit_is_measured_with(field: str) -> None:
    base = load_profile("fslr-keypoints")
    changed: dict[str, Any] = {field: 7}
    other = with_limits(**changed)
    assert keys.measuring_key(other) == keys.measuring_key(base)
    assert keys.judging_key(other, None) != keys.judging_key(base, None)


@pytest.mark.parametrize("field", [f.name for f in msgspec.structs.fields(Measuring)])
def test_constants_of_measuring_are(field: str) -> None:
    base = load_profile("fslr-keypoints")
    other = msgspec.structs.replace(base, measuring=msgspec.structs.replace(base.measuring, **{field: 3}))
    assert keys.measuring_key(other) != keys.measuring_key(base)


def test_code_that_measures_is_a_part_of_the_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for room in ("archive", "checks", "profiles", "audit"):
        shutil.copytree(ROOT / "inspector" / room, tmp_path / room)
    monkeypatch.setattr(keys, "_PACKAGE", tmp_path)
    keys.code_digest.cache_clear()
    before = keys.code_digest()
    with (tmp_path / "checks" / "motion.py").open("a") as file:
        file.write("\n")
    keys.code_digest.cache_clear()
    assert keys.code_digest() != before
    monkeypatch.undo()
    keys.code_digest.cache_clear()
    assert keys.code_digest() == before


def test_rules_of_videos_that_only_judge_are_known() -> None:
    """A new rule is taken for one that only judges: whoever adds one looks here."""
    measured = {"classes", "frame_rate", "near_apart_pct", "near_shared_pct", "near_travel_pct"}
    judged = set(
        "duplicate_fail_pct static_fail_pct low_variation still_travel_pct border_sample_pct border_fail_pct "
        "disagree_pct imbalance_ratio separable_pct".split()
    )
    assert {f.name for f in msgspec.structs.fields(VideoRules)} == measured | judged
    base = load_profile("trajectory-videos")
    for name in measured | judged:
        value: object = ("a",) if name == "classes" else 7.0
        other = with_limits("trajectory-videos", **{name: value})
        assert (keys.measuring_key(other) == keys.measuring_key(base)) == (name in judged), name


# --- the file ---------------------------------------------------------------------------------------------------------


def one_note(caplog: pytest.LogCaptureFixture) -> str:
    (said,) = [r.getMessage() for r in caplog.records if r.levelname == "WARNING"]
    caplog.clear()
    return said


@pytest.mark.parametrize("content", [b"", b"no database at all" * 400])
def test_a_damaged_file_is_made_anew(paths: list[str], cache: Path, content: bytes) -> None:
    cache.parent.mkdir()
    cache.write_bytes(content)
    assert read(paths, cache) == NAMES
    assert read(paths, cache) == []


@pytest.mark.parametrize("at", [0.02, 0.3, 0.6, 0.9])
def test_damage_inside_is_noticed(tmp_path: Path, cache: Path, at: float, caplog: pytest.LogCaptureFixture) -> None:
    paths = clips(tmp_path / "many", 40)
    audited(paths, cache)
    with cache.open("r+b") as file:
        size = cache.stat().st_size
        file.seek(int(size * at))
        file.write(os.urandom(size // 10))
    assert len(read(paths, cache)) >= 1
    read(paths, cache)
    assert read(paths, cache) == []


def test_an_older_version_is_made_anew_and_a_newer_one_left(
    paths: list[str], cache: Path, caplog: pytest.LogCaptureFixture
) -> None:
    read(paths, cache)
    with closing(sqlite3.connect(cache)) as connection:
        connection.execute(f"PRAGMA user_version = {SCHEMA + 1}")
    before = cache.read_bytes()
    assert read(paths, cache) == NAMES
    assert f"found version {SCHEMA + 1}" in one_note(caplog)
    assert cache.read_bytes() == before
    with closing(sqlite3.connect(cache)) as connection:
        connection.execute(f"PRAGMA user_version = {SCHEMA - 1}")
    assert read(paths, cache) == NAMES
    assert read(paths, cache) == []


def test_a_folder_that_cannot_be_made(paths: list[str], tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "file").write_bytes(b"")
    assert read(paths, tmp_path / "file" / "x.sqlite") == NAMES
    assert "no measurements are kept" in one_note(caplog)


def test_a_folder_in_its_place(paths: list[str], cache: Path, caplog: pytest.LogCaptureFixture) -> None:
    cache.mkdir(parents=True)
    assert read(paths, cache) == NAMES
    assert str(cache) in one_note(caplog)


def test_a_file_that_cannot_be_written_can_still_be_used(
    paths: list[str], cache: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    read(paths[:2], cache)

    def refuse(store: Store, *_: object) -> None:
        raise CacheError("attempt to write a readonly database")

    monkeypatch.setattr(Store, "keep", refuse)
    assert read(paths, cache) == NAMES[2:]
    assert "readonly" in one_note(caplog)


def test_while_another_holds_it(
    paths: list[str], cache: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    read(paths[:1], cache)
    monkeypatch.setattr("inspector.database._PATIENCE_SECONDS", 0.05)
    with closing(sqlite3.connect(cache, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert read(paths, cache) == NAMES[1:]
        assert "locked" in one_note(caplog)
    assert read(paths, cache) == NAMES[1:]
    assert read(paths, cache) == []


def test_a_full_disk(paths: list[str], cache: Path, caplog: pytest.LogCaptureFixture) -> None:
    read(paths[:1], cache)
    with closing(open_database(cache)) as connection:
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
    original = Store.__init__

    def small(store: Store, path: Path, limit: int | None = None) -> None:
        original(store, path, limit)
        store._connection.execute(f"PRAGMA max_page_count = {pages}")

    more = clips(Path(paths[0]).parent.parent / "more", 60)
    with pytest.MonkeyPatch.context() as during:
        during.setattr(Store, "__init__", small)
        assert len(read(more, cache)) == 60
    assert "full" in one_note(caplog)
    assert read(paths[:1], cache) == []


PROGRAM = """
import sys
from pathlib import Path
from inspector.audit.cache.reuse import audit_cached
from inspector.audit.many import audit_many
from inspector.audit.one import audit_files
from inspector.audit.options import Options
from inspector.audit.record import Record
from functools import partial
from inspector.audit.many import audit_many
from inspector.audit.one import audit_file
cache, *paths = sys.argv[1:]
here = partial(audit_many, workers=0)
print(sum(len(batch) for _ in range(3) for batch in audit_cached(paths, Options(), Path(cache), here)))
"""


def test_processes_share_it(tmp_path: Path, cache: Path) -> None:
    paths = clips(tmp_path / "many", 30)
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    started = [
        subprocess.Popen(
            [sys.executable, "-W", "error", "-c", PROGRAM, str(cache), *paths[10 * k :], *paths[: 10 * k]],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for k in range(3)
    ]
    for process in started:
        out, err = process.communicate(timeout=120)
        assert (out, err) == ("90\n", "")
    assert read(paths, cache) == []
    assert [p.name for p in cache.parent.iterdir()] == [cache.name]
    with closing(open_database(cache)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert connection.execute("SELECT COUNT(*) FROM files").fetchone() == (30,)


def row(path: Path, size: int = 50_000) -> Row:
    return Row(str(path), b"m", b"p", Stamp(1, 2, 3), b"j", b"v" * 100, os.urandom(size))


def test_what_was_not_used_for_longest_goes_first(tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1_000_000
    monkeypatch.setattr("inspector.audit.cache.store.time.time", lambda: now)
    for folder in "abcd":
        now += 100
        with Store(cache, 10**9) as store:
            store.keep(row(tmp_path / folder / f"{k}.npz") for k in range(50))
    now += 100
    with Store(cache, 10**9) as store:
        assert store.find(str(tmp_path / "a" / "7.npz"))
    now += 100
    whole = cache.stat().st_size
    with Store(cache, 12_000_000) as store:
        store.keep([row(tmp_path / "e" / "0.npz")])
    with Store(cache, 10**9) as store:
        kept = {f: sum(bool(store.find(str(tmp_path / f / f"{k}.npz"))) for k in range(50)) for f in "abcde"}
    assert kept["e"] == 1 and kept["a"] == 50 and kept["d"] == 50
    assert kept["b"] == 0 and kept["c"] < 50
    assert cache.stat().st_size < 12_000_000 < whole


def test_a_folder_that_does_not_fit_keeps_what_came_last(tmp_path: Path, cache: Path) -> None:
    with Store(cache, 5_000_000) as store:
        for k in range(0, 1000, 100):
            store.keep(row(tmp_path / f"{n}.npz") for n in range(k, k + 100))
    assert cache.stat().st_size < 5_000_000
    with Store(cache, 5_000_000) as store:
        assert store.find(str(tmp_path / "999.npz"))
        assert not store.find(str(tmp_path / "0.npz"))


def test_limit(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, paths: list[str]) -> None:
    monkeypatch.setenv("NPZ_INSPECTOR_CACHE_MB", "3")
    assert limit_bytes() == 3_000_000
    assert user_cache() == database_path()
    monkeypatch.setenv("NPZ_INSPECTOR_CACHE_MB", "0")
    assert user_cache() is None
    monkeypatch.setenv("NPZ_INSPECTOR_CACHE_MB", "much")
    with pytest.raises(CacheError, match="expected a whole number of megabytes, got 'much'"):
        limit_bytes()
    assert user_cache() is None
    assert "NPZ_INSPECTOR_CACHE_MB" in one_note(caplog)


@pytest.mark.parametrize("place", ["/somewhere/else", " ", None])
def test_where_it_lies(place: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NPZ_INSPECTOR_CACHE")
    if place is None:
        monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    else:
        monkeypatch.setenv("XDG_CACHE_HOME", place)
    assert cache_dir() == Path(platformdirs.user_cache_dir("npz-inspector", appauthor=False))


def test_names_that_are_no_text(tmp_path: Path, cache: Path) -> None:
    path = os.fsdecode(os.fsencode(tmp_path) + b"/\xff\xfe\n.npz")
    settle(save_clip(Path(path)))
    assert len(read([path], cache)) == 1
    assert read([path], cache) == []


def test_only_the_user_may_look_into_it(paths: list[str], cache: Path) -> None:
    read(paths, cache)
    assert cache.parent.stat().st_mode & 0o077 == 0
