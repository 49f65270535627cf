"""Copies of files, exact ones and others, and what is said of them: on real files, through audits."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inspector.audit import Record, audit_file
from inspector.audit.across import Across, across, with_across
from inspector.audit.across.splits import splits_of_folders
from inspector.checks import Finding, Severity, Status
from tests.support.clips import Arrays, clip_arrays
from tests.support.moving import Floats, moving_points


def clip(points: Floats) -> Arrays:
    """A file's arrays of moving points."""
    frames = len(points)
    return {
        "X": points.reshape(frames, 156),
        "mask": np.ones((frames, 78), bool),
        "timestamps_ms": np.round(np.arange(frames) * 1000 / 30).astype(np.int64),
        "meta": "{}",
    }


def save(path: Path, arrays: Arrays, *, compressed: bool = True) -> Record:
    path.parent.mkdir(parents=True, exist_ok=True)
    write: Any = np.savez_compressed if compressed else np.savez
    write(path, **arrays)
    return audit_file(str(path))


def said(found: Across, record: Record) -> list[tuple[str, Severity]]:
    return [(finding.code, finding.severity) for finding in found.findings.get(record.path, ())]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.permutations(["X", "mask", "timestamps_ms", "meta", "X2048"]), st.booleans(), st.text(max_size=5))
def test_compression_order_meta_and_name_do_not_matter(
    tmp_path: Path, order: list[str], compressed: bool, meta: str
) -> None:
    arrays = clip_arrays(features=True)
    plain = save(tmp_path / "plain.npz", arrays)
    arrays["meta"] = f'{{"a": {len(meta)}}}'
    other = save(tmp_path / "other.npz", {name: arrays[name] for name in order}, compressed=compressed)
    assert plain.measurements["content"] == other.measurements["content"]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(["X", "mask", "timestamps_ms"]), st.data())
def test_any_changed_value_does(tmp_path: Path, name: str, data: st.DataObject) -> None:
    arrays = clip_arrays()
    plain = save(tmp_path / "plain.npz", arrays)
    flat = arrays[name].reshape(-1).view(np.uint8)
    place = data.draw(st.integers(0, len(flat) - 1))
    flat[place] ^= 1
    assert plain.measurements["content"] != save(tmp_path / "other.npz", arrays).measurements["content"]


def test_copies(tmp_path: Path) -> None:
    points = moving_points(60, seed=1)
    records = [save(tmp_path / name, clip(points), compressed=name < "c") for name in ("c.npz", "a.npz", "b.npz")]
    records.append(save(tmp_path / "d.npz", clip(moving_points(60, seed=2))))
    found = across(records)
    c, a, b, d = records
    assert found.duplicates == ((a.path, b.path, c.path),)
    assert said(found, a) == [("DUPLICATE_FILE", Severity.LOW)]
    assert said(found, b) == said(found, c) == [("DUPLICATE_FILE", Severity.MEDIUM)]
    assert said(found, d) == [] and found.near == ()
    assert found.findings[a.path][0].message == "has 2 copies of the same content: b.npz, c.npz"
    assert found.findings[c.path][0].message == "same content as a.npz, b.npz"


def test_at_most_three_are_named(tmp_path: Path) -> None:
    records = [save(tmp_path / f"{n}.npz", clip(moving_points(30, seed=1))) for n in range(6)]
    assert across(records).findings[records[5].path][0].message.endswith("0.npz, 1.npz, 2.npz and 2 more")


def test_clips_without_anything_in_them_are_no_copies(tmp_path: Path) -> None:
    nothing = clip(np.zeros((30, 78, 2), np.float32)) | {"mask": np.zeros((30, 78), bool)}
    assert across([save(tmp_path / f"{n}.npz", nothing) for n in range(3)]) == Across(root=str(tmp_path), files=3)


def test_a_verdict_takes_it_in_and_gives_it_back(tmp_path: Path) -> None:
    record = save(tmp_path / "a.npz", clip(moving_points(60, seed=1)))
    findings = [Finding("SPLIT_LEAKAGE", Severity.HIGH, "x"), Finding("DUPLICATE_FILE", Severity.LOW, "y")]
    told = with_across(record, findings)
    assert record.status is not Status.FAIL and told.status is Status.FAIL
    assert with_across(told, findings) == told
    assert with_across(told, ()) == record
    assert with_across(record, ()) is record


def test_what_cannot_be_read_stays_an_error(tmp_path: Path) -> None:
    (tmp_path / "a.npz").write_bytes(b"no zip")
    record = audit_file(str(tmp_path / "a.npz"))
    told = with_across(record, [Finding("LABEL_MISSING", Severity.MEDIUM, "x")])
    assert told.status is Status.ERROR and told.findings[-1].code == "LABEL_MISSING"


def test_an_unready_file_stays_unready(tmp_path: Path) -> None:
    arrays = clip(moving_points(60, seed=1))
    record = save(tmp_path / "a.npz", arrays | {"X": arrays["X"].astype(np.float64)})
    assert with_across(record, [Finding("DUPLICATE_FILE", Severity.LOW, "x")]).status is Status.FAIL


@pytest.mark.parametrize("members", [1, 2])
def test_other_files_by_their_checksums(tmp_path: Path, members: int) -> None:
    arrays = {f"a{n}": np.arange(500.0) + n for n in range(members)}
    one, other = save(tmp_path / "1.npz", arrays), save(tmp_path / "2.npz", arrays, compressed=False)
    assert one.profile == "generic"
    asked: list[str] = []

    def confirm(path: str) -> str | None:
        asked.append(path)
        return path

    assert across([one, other]).duplicates == ((one.path, other.path),)
    found = across([one, other], confirm=confirm).duplicates
    assert (found, len(asked)) == (((), 2) if members == 1 else (((one.path, other.path),), 0))


def test_a_file_that_is_gone_confirms_nothing(tmp_path: Path) -> None:
    records = [save(tmp_path / f"{n}.npz", {"a": np.arange(5)}) for n in range(2)]
    (tmp_path / "1.npz").unlink()
    assert across(records).duplicates == ()


def test_a_near_copy_in_words(tmp_path: Path) -> None:
    points = moving_points(120, seed=1)
    whole = save(tmp_path / "a" / "whole.npz", clip(points))
    piece = save(
        tmp_path / "b" / "piece.npz", clip(points[30:90] * np.array([-1, 1], np.float32) + np.array([1, 0], np.float32))
    )
    found = across([whole, piece])
    assert found.near_groups == ((whole.path, piece.path),)
    assert said(found, whole) == [("NEAR_DUPLICATE_FILE", Severity.LOW)]
    (finding,) = found.findings[piece.path]
    assert (finding.severity, finding.frames) == (Severity.MEDIUM, ((0, 59),))
    assert finding.message == "is a part of a/whole.npz (its frames 30-89, mirrored)".replace("/", "/")
    assert found.findings[whole.path][0].frames == ((30, 89),)
    assert found.findings[whole.path][0].message == "is longer than, and holds, b/piece.npz (mirrored)"


def test_a_copy_that_starts_later_in_words(tmp_path: Path) -> None:
    points = moving_points(120, seed=1)
    whole, rest = save(tmp_path / "a.npz", clip(points)), save(tmp_path / "b.npz", clip(points[5:]))
    found = across([whole, rest])
    assert found.findings[whole.path][0].message == "is the same as b.npz (5 frames later)"
    assert found.findings[rest.path][0].message == "is the same as a.npz (5 frames earlier)"


def test_a_near_copy_of_copies_is_told_once(tmp_path: Path) -> None:
    points = moving_points(120, seed=1)
    records = [save(tmp_path / name, clip(points)) for name in ("a.npz", "b.npz")]
    records.append(save(tmp_path / "c.npz", clip(points[::2])))
    found = across(records)
    assert [(pair.a, pair.b) for pair in found.near] == [(records[0].path, records[2].path)]
    assert found.findings[records[2].path][0].message == "is the same as a.npz (2.00 times as fast)"
    assert found.findings[records[0].path][-1].message == "is the same as c.npz (0.50 times as fast)"


@pytest.mark.parametrize(
    ("folders", "split"),
    [(("train", "val"), ("train", "val")), (("Training", "x/TEST"), ("train", "test")), (("a", "b"), None)],
)
@pytest.mark.parametrize("near", [False, True])
def test_one_clip_in_two_splits(
    tmp_path: Path, folders: tuple[str, str], split: tuple[str, str] | None, near: bool
) -> None:
    points = moving_points(90, seed=1)
    one = save(tmp_path / folders[0] / "1.npz", clip(points))
    other = save(tmp_path / folders[1] / "2.npz", clip(points[5:] if near else points))
    found = across([one, other])
    leaks = [said(found, record)[1:] for record in (one, other)]
    if split is None:
        assert leaks == [[], []] and not found.splits
        return
    assert leaks == [[("SPLIT_LEAKAGE", Severity.HIGH)]] * 2
    assert found.leaks == (tuple(sorted((one.path, other.path))),)
    what = "the same recording" if near else "the same content"
    message = f"{what} is in {split[0]} and in {split[1]}: {folders[1]}/2.npz"
    assert found.findings[one.path][-1].message == message


def test_copies_within_one_split_leak_nothing(tmp_path: Path) -> None:
    points = moving_points(90, seed=1)
    records = [save(tmp_path / "train" / f"{n}.npz", clip(points)) for n in range(2)]
    records.append(save(tmp_path / "test" / "3.npz", clip(moving_points(90, seed=2))))
    assert across(records).leaks == ()


def test_folders_above_the_root_are_no_splits(tmp_path: Path) -> None:
    points = moving_points(90, seed=1)
    records = [save(tmp_path / "train" / name / "a.npz", clip(points)) for name in ("x", "y")]
    assert not across(records).splits
    assert set(across(records, root=str(tmp_path)).splits.values()) == {"train"}


def test_files_of_other_kinds_are_no_copies() -> None:
    records = [
        Record(f"/d/{n}.npz", Status.PASS, profile, measurements={"content": "ab"})
        for n, profile in enumerate(("fslr-keypoints", "generic", "generic"))
    ]
    assert across(records).duplicates == (("/d/1.npz", "/d/2.npz"),)


def test_a_chain_of_pieces_names_those_beyond_the_next(tmp_path: Path) -> None:
    points = moving_points(130, seed=1)
    parts = {"a.npz": points[:70], "b.npz": points, "c.npz": points[60:]}
    a, b, c = (save(tmp_path / name, clip(part)) for name, part in parts.items())
    found = across([a, b, c])
    assert {(pair.a, pair.b) for pair in found.near} == {(a.path, b.path), (b.path, c.path)}
    assert found.near_groups == ((a.path, b.path, c.path),)
    assert found.findings[a.path][0].message.endswith("; also like c.npz")
    assert found.findings[c.path][0].message.endswith("; also like a.npz")


def test_a_leak_of_copies_and_a_piece_is_one_of_a_recording(tmp_path: Path) -> None:
    points = moving_points(90, seed=1)
    parts = {"train/a.npz": points, "test/b.npz": points, "test/c.npz": points[10:]}
    records = [save(tmp_path / name, clip(part)) for name, part in parts.items()]
    leaks = [f for r in records for f in across(records).findings[r.path] if f.code == "SPLIT_LEAKAGE"]
    assert len(leaks) == 3
    assert all(leak.message.startswith("the same recording is in ") for leak in leaks)


def test_the_outermost_folder_tells_the_split_and_a_file_never() -> None:
    paths = ["/d/train/test/1.npz", "/d/x/val/2.npz", "/d/x/test"]
    assert splits_of_folders(paths, "/d") == {paths[0]: "train", paths[1]: "val"}
