"""The demo folder: the same bytes again, clean clips that are clean, and no harm to anyone else's folder."""

from __future__ import annotations

import json
import stat
import zipfile
from pathlib import Path

import numpy as np
import pytest

from inspector.demo import DemoManifest, make_demo
from inspector.demo.copies import LATER
from inspector.demo.datasets import CLEAN, FAULTY, SAMPLES
from inspector.demo.defects import DEFECTS
from inspector.demo.maker import CLIPS, plan
from inspector.errors import UsageError


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> DemoManifest:
    return make_demo(tmp_path_factory.mktemp("demo") / "new" / "folder")


def clean_clips(demo: DemoManifest) -> list[Path]:
    return [demo.folder / name for name in demo.clips if name not in {p.file for p in demo.planted}]


def test_a_demo_shows_every_defect_and_clean_clips(demo: DemoManifest) -> None:
    assert len(demo.clips) == CLIPS + 2
    planted = [p for p in demo.planted if p.file in demo.clips[:CLIPS]]
    assert [p.code for p in planted].count("NON_FINITE") == 2
    assert {p.code for p in planted} == {d.code for d in DEFECTS}
    assert len({p.file for p in planted}) == len(planted) == len(DEFECTS)
    assert not any(p.samples for p in planted)
    assert len(clean_clips(demo)) >= 6
    assert sorted(path.name for path in demo.folder.iterdir()) == sorted([*demo.files, "planted.json"])


def test_two_clips_are_copies_of_clean_ones(demo: DemoManifest) -> None:
    exact, near = demo.planted[-1 - len([p for p in demo.planted if p.file == FAULTY]) - 1 :][:2]
    assert [(p.file, p.code) for p in (exact, near)] == [
        (demo.clips[-2], "DUPLICATE_FILE"),
        (demo.clips[-1], "NEAR_DUPLICATE_FILE"),
    ]
    sources = [next(name for name in demo.clips if name in p.note) for p in (exact, near)]
    assert not set(sources) & {p.file for p in demo.planted}
    one, two = (demo.folder / name for name in (sources[0], exact.file))
    assert one.read_bytes() != two.read_bytes()
    with np.load(one) as clip, np.load(two) as copy:
        assert clip.files == copy.files
        assert all(np.array_equal(clip[name], copy[name]) for name in clip.files)
    with np.load(demo.folder / sources[1]) as clip, np.load(demo.folder / near.file) as copy:
        xy, other = (a["X"].reshape(-1, 78, 2) for a in (clip, copy))
        assert len(xy) - len(other) == LATER and copy["timestamps_ms"][0] == 0
        for point, mirror in ((0, 0), (11, 12), (25, 46), (66, 45), (68, 69)):
            seen = copy["mask"][:, point]
            assert np.array_equal(seen, clip["mask"][LATER:, mirror]) and seen.any()
            assert other[seen, point] == pytest.approx(np.abs(xy[LATER:, mirror][seen] - [1, 0]), abs=1e-6)


@pytest.mark.parametrize(("clips", "copies"), [(7, 0), (8, 2)])
def test_a_small_demo_has_no_copies(tmp_path: Path, clips: int, copies: int) -> None:
    assert len(make_demo(tmp_path, clips, videos=False).clips) == clips + copies


def test_a_clean_and_a_faulty_data_set_stand_beside_the_clips(demo: DemoManifest) -> None:
    assert demo.datasets == (CLEAN, FAULTY)
    assert demo.files == demo.clips + demo.datasets
    for name in demo.datasets:
        with np.load(demo.folder / name, allow_pickle=False) as held:
            assert held["videos"].shape == (SAMPLES, 16, 3, 64, 64)
            assert held["trajectory_3d"].shape == (SAMPLES, 16, 3)
            assert held["descriptions"].shape == held["equations"].shape == held["labels"].shape == (SAMPLES,)
    planted = [p for p in demo.planted if p.file in demo.datasets]
    assert {p.file for p in planted} == {FAULTY}
    assert {p.code for p in planted} >= {"DUPLICATE_SAMPLES", "STATIC_VIDEO", "OBJECT_AT_BORDER", "BLANK_FRAMES"}
    touched = {i for p in planted for first, last in p.samples for i in range(first, last + 1)}
    assert len(touched) <= SAMPLES // 2, "enough is as it should be"
    assert touched <= set(range(SAMPLES))


def test_what_is_planted_in_the_faulty_set_is_in_it(demo: DemoManifest) -> None:
    with np.load(demo.folder / FAULTY, allow_pickle=False) as held:
        shown = held["videos"]
    where: dict[str, set[int]] = {}
    for p in demo.planted:
        if p.file == FAULTY:
            where.setdefault(p.code, set()).update(i for first, last in p.samples for i in range(first, last + 1))
    still = {i for i, video in enumerate(shown) if (video == video[0]).all()}
    assert still == where["STATIC_VIDEO"]
    data = [video.tobytes() for video in shown]
    assert {i for i, video in enumerate(data) if data.count(video) > 1} == where["DUPLICATE_SAMPLES"]
    assert {i for i, video in enumerate(shown) if not np.isfinite(video).all()} == where["NON_FINITE"]
    dark = (shown < 0.5).any(axis=2)
    assert {i for i, blank in enumerate((~dark.any(axis=(2, 3))).any(axis=1)) if blank} == where["BLANK_FRAMES"]
    edge = dark[..., [0, -1], :].any(axis=(2, 3)) | dark[..., [0, -1]].any(axis=(2, 3))
    assert {i for i, touches in enumerate(edge.mean(axis=1) >= 0.5) if touches} == where["OBJECT_AT_BORDER"]


def test_the_list_of_defects_is_written_beside_the_clips(demo: DemoManifest) -> None:
    content = json.loads((demo.folder / "planted.json").read_text())
    assert content["clips"] == list(demo.clips)
    assert content["datasets"] == list(demo.datasets)
    first = content["planted"][0]
    assert list(first) == ["file", "code", "frames", "note", "samples"]
    assert [(p["file"], p["code"], p["note"]) for p in content["planted"]] == [
        (p.file, p.code, p.note) for p in demo.planted
    ]
    for ranges in ("frames", "samples"):
        listed = [[tuple(pair) for pair in p[ranges]] for p in content["planted"]]
        assert listed == [list(getattr(p, ranges)) for p in demo.planted]


def test_clean_clips_are_what_a_clip_should_be(demo: DemoManifest) -> None:
    featured = 0
    for path in clean_clips(demo):
        with np.load(path) as clip:
            X, mask, ts, meta = (clip[name] for name in ("X", "mask", "timestamps_ms", "meta"))
            T = len(X)
            assert 60 < T < 300
            assert (X.dtype, X.shape) == (np.dtype(np.float32), (T, 156))
            assert (mask.dtype, mask.shape) == (np.dtype(bool), (T, 78))
            assert ts.dtype == np.int64
            assert ts[:4].tolist() == [0, 33, 66, 100]
            assert json.loads(str(meta))["sign"] in path.name
            xy = X.reshape(T, 78, 2)
            assert np.isfinite(X).all()
            assert 0 <= X.min() <= X.max() <= 1
            assert mask.mean() > 0.75
            assert xy[mask].min() > 0
            if "X2048" in clip.files:
                featured += 1
                features = clip["X2048"]
                assert (features.dtype, features.shape) == (np.dtype(np.float32), (T, 2048))
                assert features.min() >= 0
                assert np.abs(np.diff(features, axis=0)).mean() < 0.2 * features.std(axis=0).mean() < 0.1
    assert featured == 3


def test_nothing_visible_leaps_in_clean_clips(demo: DemoManifest) -> None:
    for path in clean_clips(demo):
        with np.load(path) as clip:
            xy, mask, ts = clip["X"].reshape(-1, 78, 2), clip["mask"], clip["timestamps_ms"]
        width = np.median(np.linalg.norm(xy[:, 11] - xy[:, 12], axis=1))
        speeds = np.linalg.norm(np.diff(xy, axis=0), axis=2) / width / (np.diff(ts)[:, None] / 1000)
        assert speeds[mask[1:] & mask[:-1]].max() < 10
        for a, b in ((11, 13), (13, 15), (12, 14), (14, 16), (11, 23), (12, 24), (11, 12)):
            lengths = np.linalg.norm(xy[:, a] - xy[:, b], axis=1)
            assert lengths.std() / lengths.mean() < 0.45
            assert np.abs(np.diff(lengths)).max() < 0.4 * width


def test_no_two_frames_are_the_same(demo: DemoManifest) -> None:
    for path in clean_clips(demo):
        with np.load(path) as clip:
            assert not (clip["X"][1:] == clip["X"][:-1]).all(axis=1).any()


def test_the_cut_off_file_is_no_archive(demo: DemoManifest) -> None:
    broken = {name for name in demo.clips if not zipfile.is_zipfile(demo.folder / name)}
    assert broken == {p.file for p in demo.planted if p.code == "UNREADABLE"}


def test_same_seed_same_bytes_other_seed_other_clips(tmp_path: Path) -> None:
    one, two, other = (make_demo(tmp_path / name, 5, seed) for name, seed in (("a", 7), ("b", 7), ("c", 8)))
    files = [(folder.folder / name).read_bytes() for folder in (one, two) for name in [*folder.files, "planted.json"]]
    assert files[: len(files) // 2] == files[len(files) // 2 :]
    assert one.planted == two.planted
    assert one.planted != other.planted


@pytest.mark.parametrize("clips", [1, 2, 3, 8, 25, 120])
def test_few_clips_get_the_most_visible_defects(clips: int) -> None:
    takes = plan(clips, 0)
    defects = [take.defect for take in takes if take.defect]
    assert len(defects) == min(len(DEFECTS), clips * 3 // 4)
    assert {id(d) for d in defects} == {id(d) for d in DEFECTS[: len(defects)]}
    assert len({take.file for take in takes}) == clips
    assert [take.file for take in takes] == sorted(take.file for take in takes)


def test_progress_is_told(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    make_demo(tmp_path / "demo", 1, progress=lambda done, total: told.append((done, total)))
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_a_former_demo_is_replaced_and_reports_beside_it_are_kept(tmp_path: Path) -> None:
    make_demo(tmp_path, 6)
    (tmp_path / "npz_audit_report.csv").write_text("mine")
    demo = make_demo(tmp_path, 4, seed=3)
    assert {p.name for p in tmp_path.iterdir()} == {*demo.files, "planted.json", "npz_audit_report.csv"}
    demo = make_demo(tmp_path, 4, videos=False)
    assert {p.name for p in tmp_path.iterdir()} == {*demo.clips, "planted.json", "npz_audit_report.csv"}


def test_a_demo_of_an_earlier_version_gets_data_sets(tmp_path: Path) -> None:
    make_demo(tmp_path, 2, videos=False)
    manifest = json.loads((tmp_path / "planted.json").read_text())
    del manifest["datasets"]
    (tmp_path / "planted.json").write_text(json.dumps(manifest))
    demo = make_demo(tmp_path, 1)
    assert {p.name for p in tmp_path.iterdir()} == {*demo.files, "planted.json"}


def test_a_file_with_the_name_of_a_data_set_is_left_alone(tmp_path: Path) -> None:
    make_demo(tmp_path, 2, videos=False)
    (tmp_path / CLEAN).write_bytes(b"precious")
    before = {p.name: p.read_bytes() for p in tmp_path.iterdir()}
    with pytest.raises(UsageError, match="no part of the former demo"):
        make_demo(tmp_path, 1)
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == before


def test_a_half_made_demo_can_be_made_again(tmp_path: Path) -> None:
    class Stop(Exception):
        pass

    def stop(done: int, total: int) -> None:
        raise Stop

    with pytest.raises(Stop):
        make_demo(tmp_path, 4, progress=stop)
    assert len(make_demo(tmp_path, 4).clips) == 4


@pytest.mark.parametrize("manifest", [None, "no json", "[1]", '{"clips": 3}'])
def test_a_foreign_folder_is_left_alone(tmp_path: Path, manifest: str | None) -> None:
    (tmp_path / "clip_01_hello.npz").write_bytes(b"precious")
    if manifest is not None:
        (tmp_path / "planted.json").write_text(manifest)
    before = {p.name: p.read_bytes() for p in tmp_path.iterdir()}
    with pytest.raises(UsageError, match="not empty and not a former demo"):
        make_demo(tmp_path, 2)
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == before


def test_a_manifest_cannot_name_files_elsewhere(tmp_path: Path) -> None:
    outside = tmp_path / "outside.npz"
    outside.write_bytes(b"precious")
    folder = tmp_path / "demo"
    folder.mkdir()
    (folder / "notes.txt").write_text("mine")
    names = ["../outside.npz", str(outside), "notes.txt", ".npz", 5]
    listed = {"clips": names, "datasets": ["../outside.npz", "notes.txt", CLEAN + "/..", None], "planted": []}
    (folder / "planted.json").write_text(json.dumps(listed))
    make_demo(folder, 2)
    assert outside.read_bytes() == b"precious"
    assert (folder / "notes.txt").exists()


def test_what_cannot_be_a_demo_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="at least 1 clip, got 0"):
        make_demo(tmp_path / "demo", 0)
    (tmp_path / "file").touch()
    with pytest.raises(UsageError, match="is not a folder"):
        make_demo(tmp_path / "file")
    with pytest.raises(UsageError, match="cannot write a demo"):
        make_demo(tmp_path / "file" / "below")


def test_clips_have_ordinary_permissions(tmp_path: Path) -> None:
    beside = tmp_path / "beside"
    beside.touch()
    demo = make_demo(tmp_path / "demo", 1, videos=False)
    mode = stat.S_IMODE((demo.folder / demo.clips[0]).stat().st_mode)
    assert mode == stat.S_IMODE(beside.stat().st_mode)
