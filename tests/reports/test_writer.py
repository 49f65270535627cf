"""Writing: whole or not at all, nothing finished is lost, interrupted audits go on."""

from __future__ import annotations

import errno
import io
import json
import os
from pathlib import Path
from typing import Any, BinaryIO

import pytest

from inspector.audit import Record
from inspector.audit.lines import to_line
from inspector.errors import ReportError, UsageError
from inspector.reports import FORMATS, Format, Report, ReportWriter, parse_formats, read_records, write_reports
from inspector.reports import writer as writing
from tests.support.records import HELL, broken, failing, on_disk, record

NAMES = sorted(f.filename for f in FORMATS.values())


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def clips(folder: Path, count: int = 4) -> list[str]:
    for i in range(count):
        (folder / f"{i}.npz").write_bytes(bytes(i))
    return [str(folder / f"{i}.npz") for i in range(count)]


def part(folder: Path) -> Path:
    (path,) = folder.glob("*.part")
    return path


def test_all_formats_sorted_and_read_back(tmp_path: Path) -> None:
    records = [record(path) for path in HELL] + [failing("clips/b.npz"), broken("clips-x.npz")]
    paths = write_reports(reversed(records), tmp_path / "new" / "out")
    assert sorted(p.name for p in paths) == NAMES == sorted(content(tmp_path / "new" / "out"))
    back = read_records(tmp_path / "new" / "out" / "npz_audit_report.jsonl")
    assert {r.path: r for r in back} == {r.path: r for r in records}
    order = [r.path for r in back]
    assert order.index("clips/b.npz") < order.index("clips-x.npz")


def test_records_are_safe_as_soon_as_they_are_added(tmp_path: Path) -> None:
    with ReportWriter(tmp_path, key="k") as writer:
        writer.add([record("b.npz"), record("a.npz")])
        assert [json.loads(line)["file"] for line in part(tmp_path).read_bytes().splitlines()] == ["b.npz", "a.npz"]
        writer.finish()
        assert sorted(content(tmp_path)) == sorted([*NAMES, part(tmp_path).name])
    assert sorted(content(tmp_path)) == NAMES


def test_an_interrupted_audit_goes_on(tmp_path: Path) -> None:
    paths, out = clips(tmp_path), tmp_path / "out"
    with ReportWriter(out, key="k") as writer:
        writer.add([on_disk(Path(paths[2]), error="first run")])
        writer.add([on_disk(Path(paths[1]))])
    taken: list[Record] = []
    with ReportWriter(out, key="k") as writer:
        assert writer.resume(paths, taken.append) == [paths[0], paths[3]]
        writer.add([on_disk(Path(paths[3])), on_disk(Path(paths[0]))])
        assert writer.tally.total == 4
        writer.finish()
    assert [r.path for r in taken] == [paths[1], paths[2]]
    back = read_records(out / "npz_audit_report.jsonl")
    assert [r.path for r in back] == paths
    assert back[2].error == "first run"
    assert not list(out.glob("*.part"))


def test_only_what_still_holds_is_taken_over(tmp_path: Path) -> None:
    paths, out = clips(tmp_path, 6), tmp_path / "out"
    with ReportWriter(out, key="k") as writer:
        writer.add(on_disk(Path(p)) for p in paths[:4])
        writer.add([broken(paths[4]), on_disk(Path(paths[5]), error="old"), record("elsewhere.npz")])
        writer.add([on_disk(Path(paths[5]), error="new")])
    Path(paths[0]).write_bytes(b"longer than it was")
    os.utime(paths[1], ns=(5, 5))
    Path(paths[2]).unlink()
    with ReportWriter(out, key="k") as writer:
        assert writer.resume(paths) == [paths[0], paths[1], paths[2], paths[4]]
        writer.finish()
    assert [r.error for r in read_records(out / "npz_audit_report.jsonl")] == [None, "new"]


@pytest.mark.parametrize("torn", [b'{"file": "x', b"\xff\x00\x00", b"not json\n", b"\n", b"[]\n"])
def test_a_torn_end_costs_nothing_else(tmp_path: Path, torn: bytes) -> None:
    paths, out = clips(tmp_path), tmp_path / "out"
    with ReportWriter(out, key="k") as writer:
        writer.add(on_disk(Path(p)) for p in paths[:2])
    with part(out).open("ab") as file:
        file.write(torn)
    with ReportWriter(out, key="k") as writer:
        assert writer.resume(paths) == paths[2:]
        writer.add([on_disk(Path(paths[2]))])
    with ReportWriter(out, key="k") as writer:  # stopped once more: what came after the torn end is there too
        assert writer.resume(paths) == paths[3:]
        writer.add([on_disk(Path(paths[3]))])
        writer.finish()
    assert [r.path for r in read_records(out / "npz_audit_report.jsonl")] == paths


@pytest.mark.parametrize("cut", range(0, 200, 17))
def test_cut_anywhere_whole_lines_survive(tmp_path: Path, cut: int) -> None:
    paths, out = clips(tmp_path), tmp_path / "out"
    with ReportWriter(out, key="k") as writer:
        writer.add(on_disk(Path(p)) for p in paths)
    data = part(out).read_bytes()
    lengths = [len(line) for line in data.splitlines(keepends=True)]
    keep = len(data) - cut
    part(out).write_bytes(data[:keep])
    whole = sum(sum(lengths[: i + 1]) <= keep for i in range(4))
    with ReportWriter(out, key="k") as writer:
        assert writer.resume(paths) == paths[whole:]


def test_another_key_starts_anew_and_leaves_the_other_alone(tmp_path: Path) -> None:
    paths, out = clips(tmp_path), tmp_path / "out"
    with ReportWriter(out, key="k") as writer:
        writer.add(on_disk(Path(p)) for p in paths)
    with ReportWriter(out, key="other") as writer:
        assert writer.resume(paths) == paths
    assert part(out).name == "npz_audit_report.k.jsonl.part"


@pytest.mark.skipif(os.name == "nt", reason="no file locks there")
def test_two_audits_into_one_folder_do_not_mix(tmp_path: Path) -> None:
    with ReportWriter(tmp_path, key="k") as writer:
        writer.add([record()])
        with pytest.raises(ReportError, match="another audit is writing to this folder"):
            ReportWriter(tmp_path, key="k")
        write_reports([record("x.npz")], tmp_path, ["md"])


def test_a_disk_that_fills_up_while_finishing_leaves_the_old_reports(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_reports([record("old.npz")], tmp_path)
    before = content(tmp_path)

    def full(report: Report, file: BinaryIO) -> None:
        file.write(b"half of it")
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setitem(writing.FORMATS, "md", Format("npz_audit_summary.md", "Summary", full))  # the last one
    with ReportWriter(tmp_path, key="k") as writer:
        writer.add([record("new.npz")])
        with pytest.raises(ReportError, match=r"npz_audit_summary.md cannot be written: No space left on device"):
            writer.finish()
    kept = part(tmp_path)
    assert kept.read_bytes() == to_line(record("new.npz"))
    kept.unlink()
    assert content(tmp_path) == before


def test_a_disk_that_fills_up_while_auditing_keeps_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths, out = clips(tmp_path), tmp_path / "out"
    write = io.FileIO.write

    class Full(io.FileIO):
        def write(self, data: Any, /) -> int:
            piece = bytes(data)
            if self.tell() + len(piece) > 3000:
                write(self, piece[:10])
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            return write(self, piece[:7])  # and short writes before

    monkeypatch.setattr("inspector.reports.spool.io.FileIO", Full)
    with ReportWriter(out, key="k") as writer:
        writer.add([on_disk(Path(paths[0]))])
        with pytest.raises(ReportError, match="No space left on device"):
            writer.add([on_disk(Path(paths[1]))] * 5)
        writer.add([on_disk(Path(paths[2]))])  # room again
    monkeypatch.undo()
    with ReportWriter(out, key="k") as writer:
        assert writer.resume(paths) == [paths[1], paths[3]]


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="needs permissions that bind")
def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(ReportError, match="cannot be written: Permission denied"):
        write_reports([record()], tmp_path)


def test_a_file_in_the_place_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "out").write_bytes(b"")
    with pytest.raises(ReportError, match="out cannot be written: File exists"):
        write_reports([record()], tmp_path / "out")


def test_formats_by_name() -> None:
    assert parse_formats("MD, csv,md") == ("md", "csv")
    for bad in ("pdf", "csv,pdf", "", ","):
        with pytest.raises(UsageError, match="format: expected some of csv,jsonl,md, got"):
            parse_formats(bad)


def test_a_further_format_needs_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def write(report: Report, file: BinaryIO) -> None:
        file.writelines(r.file.encode() for r in report.records())

    monkeypatch.setitem(writing.FORMATS, "names", Format("names.txt", "Names", write))
    (path,) = write_reports([record("b"), record("a")], tmp_path, ["names"])
    assert path.read_bytes() == b"ab"
