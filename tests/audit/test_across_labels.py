"""Tables of labels and lists of splits: read in any dress, refused in plain words, joined to files."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.audit import Record
from inspector.audit.across import Across, Label, across, read_labels, read_splits, with_across
from inspector.audit.across.names import Files, common_folder, few, parts_of, relative
from inspector.checks import Severity, Status
from inspector.errors import UsageError

PLAIN = "file,gloss,cat,occluded\na,Apple,fruit,0\nb.npz,Cat,animal,1\n"


def table(tmp_path: Path, text: str | bytes) -> Path:
    path = tmp_path / "labels.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def record(path: str) -> Record:
    return Record(path, Status.PASS, "fslr-keypoints", size_bytes=1, mtime_ns=1)


def look(tmp_path: Path, text: str, *names: str) -> Across:
    return across([record(str(tmp_path / name)) for name in names], labels=read_labels(table(tmp_path, text)))


@pytest.mark.parametrize(
    "text",
    [
        PLAIN,
        "\ufeff" + PLAIN,
        PLAIN.replace(",", ";"),
        PLAIN.replace(",", "\t"),
        PLAIN.replace("\n", "\r\n"),
        PLAIN.replace("\n", "\n\n"),
        PLAIN.rstrip(),
        '"file","gloss","cat","occluded"\n"a","Apple","fruit","no"\n"b.npz","Cat","animal","TRUE"\n',
        "occluded, Gloss ,CAT,FILE\nfalse, Apple ,fruit,a\nyes,Cat,animal,b.npz\n",
    ],
)
def test_one_table_in_many_dresses(tmp_path: Path, text: str) -> None:
    labels = read_labels(table(tmp_path, text))
    assert [(row.file, row.gloss, row.cat, row.occluded) for row in labels.rows] == [
        ("a", "Apple", "fruit", False),
        ("b.npz", "Cat", "animal", True),
    ]


def test_utf_16(tmp_path: Path) -> None:
    assert len(read_labels(table(tmp_path, PLAIN.encode("utf-16"))).rows) == 2


def test_other_columns_are_kept_and_lines_counted(tmp_path: Path) -> None:
    labels = read_labels(table(tmp_path, 'note,file\n"two\nlines, and a comma",a\n,b\n'))
    assert labels.rows == (
        Label("a", extra={"note": "two\nlines, and a comma"}, line=3),
        Label("b", extra={"note": ""}, line=4),
    )
    assert labels.class_column is None


@given(
    st.lists(
        st.tuples(st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1), st.text("ab;,\"'\n\t ")),
        min_size=1,
    ),
    st.sampled_from(",;\t"),
)
def test_what_a_writer_of_tables_writes_is_read(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str]], delimiter: str
) -> None:
    rows = [(file, gloss) for file, gloss in rows if parts_of(file)]
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter).writerows([("file", "gloss"), *rows])
    labels = read_labels(table(tmp_path_factory.mktemp("t"), out.getvalue().encode()))
    assert [(row.file, row.gloss) for row in labels.rows] == [(file.strip(), gloss.strip()) for file, gloss in rows]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "line 1: expected a header with a column 'file', found nothing"),
        ("name,gloss\na,b\n", "line 1: expected a header with a column 'file', found name, gloss"),
        ("file,gloss,gloss\n", "line 1: expected each column once, found 'gloss' twice"),
        ("file,gloss\na,b\nc,d,e\n", "line 3: expected 2 values, found 3"),
        ("file,gloss\n ,b\n", "line 2: expected the name of a file, found ''"),
        ("file,occluded\na,maybe\n", "line 2: expected 1 or 0, true or false in 'occluded', found 'maybe'"),
        ('file,gloss\na,"b\n', "expected a row of a table, found unexpected end of data"),
        (b"file,gloss\na,\xe9t\xe9\n", "line 2: expected text in UTF-8, found byte 0xe9"),
        (b"file,gloss\na,\0\n", "line 2: expected text, found a zero byte"),
    ],
)
def test_what_is_no_table_is_said(tmp_path: Path, text: str | bytes, words: str) -> None:
    path = table(tmp_path, text)
    with pytest.raises(UsageError) as error:
        read_labels(path)
    assert str(error.value).startswith(f"{path}: ") and words in str(error.value)


def test_no_table_at_all(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        read_labels(tmp_path / "none.csv")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a", ["x/a.npz", "y/a.npz"]),
        ("a.npz", ["x/a.npz", "y/a.npz"]),
        ("x/a", ["x/a.npz"]),
        ("x\\a.npz", ["x/a.npz"]),
        ("./y/a.npz", ["y/a.npz"]),
        ("b.mp4", ["x/b.npz"]),
        ("B", ["x/b.npz"]),
        ("far/away/x/b.npz", ["x/b.npz"]),
        ("far/away/a.npz", []),
        ("c", []),
        ("v1.2", ["x/v1.2.npz"]),
        (".npz", []),
        ("", []),
    ],
)
def test_which_files_a_name_means(text: str, found: list[str]) -> None:
    assert Files(["x/a.npz", "y/a.npz", "x/b.npz", "x/v1.2.npz"]).find(text) == found


def test_missing_labels_and_files(tmp_path: Path) -> None:
    found = look(tmp_path, "file,gloss\na,Apple\nc/d.npz,Cat\nc/d,Cat\ne,\n", "a.npz", "b.npz", "e.npz")
    a, b, e = (str(tmp_path / f"{name}.npz") for name in "abe")
    source = tmp_path / "labels.csv"
    assert a not in found.findings
    assert [f.message for f in found.findings[b]] == [f"{source} has no row for this file"]
    assert [f.message for f in found.findings[e]] == [f"{source}, line 5: gloss is empty"]
    assert {f.severity for path in (b, e) for f in found.findings[path]} == {Severity.MEDIUM}
    (missing,) = found.missing
    assert missing.path == str(tmp_path / "c" / "d.npz") and missing.status is Status.ERROR
    assert [(f.code, f.severity) for f in missing.findings] == [("FILE_MISSING", Severity.HIGH)]
    assert missing.error == f"{source}, line 3 names it, and there is no such file"
    assert dict(found.classes) == {"Apple": 1}


def test_a_record_of_a_missing_file_is_not_taken_for_a_file(tmp_path: Path) -> None:
    first = look(tmp_path, "file,gloss\na,x\nb,y\n", "a.npz")
    records = [record(str(tmp_path / "a.npz")), *first.missing]
    again = across(records, labels=read_labels(tmp_path / "labels.csv"))
    assert again == first


def test_rows_that_repeat_and_rows_that_disagree(tmp_path: Path) -> None:
    found = look(tmp_path, "file,gloss\na,x\na.npz,x\nb,x\nb,y\n", "a.npz", "b.npz")
    a, b = str(tmp_path / "a.npz"), str(tmp_path / "b.npz")
    assert found.joined is not None
    assert [[row.line for row in rows] for rows in found.joined.repeats] == [[2, 3]]
    assert list(found.joined.conflicts) == [b] and a not in found.findings
    assert found.findings[b][0].message.endswith("says different things of this file: x in line 4; y in line 5")
    assert dict(found.classes) == {"x": 1}


def test_one_row_for_files_of_one_name_in_several_folders(tmp_path: Path) -> None:
    found = look(tmp_path, "file,gloss\na,x\n", "p/a.npz", "q/a.npz")
    assert found.findings == {} and dict(found.classes) == {"x": 2}


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        ({"x": 4, "y": 1}, "gloss x has 4 files, y 1: 4.0 times as many (limit 3); 2 classes in 5 files"),
        ({"x": 3, "y": 1}, None),
        ({"x": 2}, "all 2 files have the gloss x"),
        ({"x": 1}, None),
    ],
)
def test_classes_of_unequal_size(tmp_path: Path, counts: dict[str, int], words: str | None) -> None:
    named = [(f"{gloss}{n}", gloss) for gloss, many in counts.items() for n in range(many)]
    text = "file,gloss\n" + "".join(f"{name},{gloss}\n" for name, gloss in named)
    found = look(tmp_path, text, *(f"{name}.npz" for name, _ in named))
    assert [f.message for f in found.dataset] == ([] if words is None else [words])
    assert {f.code for f in found.dataset} <= {"CLASS_IMBALANCE"} and found.findings == {}


def test_data_sets_of_videos_have_labels_of_their_own(tmp_path: Path) -> None:
    path = str(tmp_path / "v.npz")
    held = Record(path, Status.PASS, "trajectory-videos", measurements={"classes": [], "samples": 3})
    assert across([held], labels=read_labels(table(tmp_path, "file,gloss\n"))).findings == {}


def lists(tmp_path: Path, **texts: str) -> list[str]:
    for name, text in texts.items():
        (tmp_path / f"{name}.txt").write_text(text)
    return [f"{name}={tmp_path / name}.txt" for name in texts]


def test_splits_by_lists(tmp_path: Path) -> None:
    splits = read_splits(lists(tmp_path, train="# ours\na\n\nb.npz\n", test="c\ngone\nb\n"))
    a, b, c, d = (str(tmp_path / f"{name}.npz") for name in "abcd")
    found = across([record(path) for path in (a, b, c, d)], splits)
    assert dict(found.splits) == {a: "train", b: "train", c: "test"}
    (leak,) = found.findings[b]
    assert (leak.code, leak.severity) == ("SPLIT_LEAKAGE", Severity.HIGH)
    first, last = tmp_path / "test.txt", tmp_path / "train.txt"
    assert leak.message == f"is listed in test ({first}, line 3) and train ({last}, line 4)"
    assert [one.path for one in found.missing] == [str(tmp_path / "gone.npz")]
    assert "test.txt, line 2" in str(found.missing[0].error)


def test_lists_count_instead_of_folders(tmp_path: Path) -> None:
    path = str(tmp_path / "train" / "a.npz")
    splits = read_splits(lists(tmp_path, fold1="train/a\n"))
    assert dict(across([record(path)], splits, root=str(tmp_path)).splits) == {path: "fold1"}


@pytest.mark.parametrize("given", ["train", "=x", "train="])
def test_what_is_no_list(given: str) -> None:
    with pytest.raises(UsageError, match="expected NAME=FILE"):
        read_splits([given])


def test_an_empty_list(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="found none"):
        read_splits(lists(tmp_path, train="\n# nothing\n"))


def test_names_that_hide_their_order(tmp_path: Path) -> None:
    assert few(["r/a\nb.npz"], "r") == "a\\nb.npz"
    found = look(tmp_path, "file,gloss\n\u202ea,x\n", "b.npz")
    assert "\u202e" not in str(found.missing[0].error)
    assert with_across(record("b"), ()).findings == ()


@pytest.mark.parametrize(
    ("paths", "folder"),
    [
        (["s3://b/x/1.npz", "s3://b/x/y/2.npz"], "s3://b/x"),
        (["s3://b/x/1.npz", "s3://b/xy/2.npz"], "s3://b"),
        (["s3://b/1.npz"], "s3://b"),
        (["s3://b/1.npz", "s3://c/1.npz"], ""),
        (["s3://b/1.npz", "gs://b/1.npz"], ""),
        (["s3://b/1.npz", "/b/1.npz"], ""),
    ],
)
def test_the_common_folder_of_urls(paths: list[str], folder: str) -> None:
    assert common_folder(paths) == folder
    assert relative("s3://b/x/y/2.npz", "s3://b/x") == "y/2.npz"
