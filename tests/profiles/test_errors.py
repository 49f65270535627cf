"""Each way a profile or skeleton can be wrong: the message names file, key path, expected and got."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from inspector.errors import ProfileError
from inspector.profiles import load_profile, load_skeleton

Load = Callable[[str | Path], object]

BASE = 'extends = "fslr-keypoints"\n'
IV3 = BASE + "[targets.iv3]\nrequires = "
ARRAYS = '"X", "X2048", "mask", "meta", "timestamps_ms"'

# what is wrong: (text, key path, expected, got)
PROFILES = {
    "unknown key": (
        BASE + "[limits]\nsped_spike = 3",
        "limits.sped_spike",
        "a known key",
        '"sped_spike" (did you mean "speed_spike"?)',
    ),
    "unknown key at the top": ('extend = "generic"', "extend", "a known key", '"extend" (did you mean "extends"?)'),
    "unknown key like no other": (
        BASE + "[limits]\nzzz = 1",
        "limits.zzz",
        'one of "bone_jump", "camera_cut"',
        '"zzz"',
    ),
    "key that needs quotes": (BASE + '[arrays.X]\n"a.b" = 1', 'arrays.X."a.b"', 'one of "dtype"', '"a.b"'),
    "text for a number": (BASE + '[limits]\njitter = "a"', "limits.jitter", "a number", '"a"'),
    "true for a number": (BASE + "[limits]\nfrozen_frames = true", "limits.frozen_frames", "a whole number", "true"),
    "date for text": ('kind = "generic"\ntitle = 2020-01-31', "title", "text", "2020-01-31"),
    "number too small": (BASE + "[limits]\njitter = -2", "limits.jitter", "a number > 0", "-2"),
    "number too large": (
        BASE + "[limits]\ngroup_missing_pct = 101",
        "limits.group_missing_pct",
        "a number <= 100",
        "101",
    ),
    "nan": (BASE + "[limits]\njitter = nan", "limits.jitter", "a number", "nan"),
    "huge number": ("rank = 9" + "9" * 30, "rank", "a whole number of at most 64 bits", "9" * 31),
    "missing key": ('title = "x"', "kind", 'one of "generic", "keypoints"', "nothing"),
    "missing table key": (BASE + '[targets.new]\nwanted = "never"', "targets.new.title", "text", "nothing"),
    "unknown kind": (
        'kind = "genric"',
        "kind",
        'one of "generic", "keypoints"',
        '"genric" (did you mean "generic"?)',
    ),
    "empty name": ('kind = "generic"\nname = ""', "name", "a name", '""'),
    "list for a table": ('kind = "generic"\narrays = [1]', "arrays", "a table", "[1]"),
    "wrong type under a table's own key": (
        BASE + '[arrays.mask]\noptional = true\n[arrays.X2048]\ndtype = 3\n[arrays.Y]\nrole = "other"',
        "arrays.X2048.dtype",
        "text",
        "3",
    ),
    "unknown base": ('extends = "fslr-keypoint"', "extends", 'one of "fslr-keypoints"', '"fslr-keypoint" (did you'),
    "base of the wrong type": ("extends = 3", "extends", 'one of "fslr-keypoints"', "3"),
    "base not there": ('extends = "no.toml"', "extends", "the path of a .toml file", '"no.toml"'),
    "extends itself": ('extends = "bad.toml"', "extends", "does not lead back", "bad.toml (bad.toml -> bad.toml)"),
    "unknown skeleton": (
        'kind = "generic"\nskeleton = "mediapipe78"',
        "skeleton",
        'one of "coco-17"',
        '"mediapipe78" (did you mean "mediapipe-78"?)',
    ),
    "skeleton of the wrong type": ('kind = "generic"\nskeleton = 78', "skeleton", 'one of "coco-17"', "78"),
    "no points": ('kind = "keypoints"', "arrays", 'the role "points"', "nothing"),
    "skeleton unlike the base's arrays": (
        BASE + 'skeleton = "coco-17"',
        "skeleton",
        "2 or 3 numbers for each of its points in arrays.X.shape",
        '"coco-17" with 17 points for ["T", 156]',
    ),
    "points of four numbers": (
        BASE + '[arrays.X]\nshape = ["T", 312]',
        "arrays.X.shape",
        "2 or 3 numbers for each of the 78 points of skeleton mediapipe-78",
        '["T", 312]',
    ),
    "mask unlike the skeleton": (
        BASE + '[arrays.mask]\nshape = ["T", 77]',
        "arrays.mask.shape",
        "one number for each of the 78 points of skeleton mediapipe-78",
        '["T", 77]',
    ),
    "bad dtype": (
        BASE + '[arrays.X]\ndtype = "floot32"',
        "arrays.X.dtype",
        'one of "bool"',
        '"floot32" (did you mean "float32"?)',
    ),
    "dtype of many": (BASE + '[arrays.X]\ndtype = "i4,f8"', "arrays.X.dtype", 'one of "bool"', '"i4,f8"'),
    "bad role": (
        BASE + '[arrays.X]\nrole = "pts"',
        "arrays.X.role",
        'one of "class_names", "features"',
        '"pts" (did you mean "points"?)',
    ),
    "range reversed": (BASE + "[arrays.X]\nrange = [1, 0]", "arrays.X.range", "[lowest, highest]", "[1.0, 0.0]"),
    "range of one": (BASE + "[arrays.X]\nrange = [1]", "arrays.X.range", "a list of length 2", "[1]"),
    "range that bounds nothing": (
        BASE + "[arrays.X]\nrange = [-inf, inf]",
        "arrays.X.range",
        "[lowest, highest]",
        "[-inf, inf]",
    ),
    "negative size": (BASE + '[arrays.X]\nshape = ["T", -1]', "arrays.X.shape[1]", "a size of 0 or more", "-1"),
    "size of no kind": (BASE + '[arrays.X]\nshape = ["T", 1.5]', "arrays.X.shape[1]", "a whole number or text", "1.5"),
    "letter that is none": (
        BASE + '[arrays.X]\nshape = ["T*2"]',
        "arrays.X.shape[0]",
        'a letter for it as in "T"',
        "T",
    ),
    "braces in an array's name": (BASE + '[arrays."a{b}"]', 'arrays."a{b}"', "without { and }", '"a{b}"'),
    "match on nothing": (BASE + "[[match]]\narrays = []", "match[0].arrays", "at least one array", "[]"),
    "match on a stranger": (
        BASE + '[[match]]\narrays = ["X", "msk"]',
        "match[0].arrays[1]",
        f"one of {ARRAYS}, as [arrays] lists",
        '"msk" (did you mean "mask"?)',
    ),
    "shape of a stranger": (
        BASE + '[[match]]\narrays = ["X"]\nshapes = { mask = [3] }',
        "match[0].shapes.mask",
        'one of "X", as this match lists',
        '"mask"',
    ),
    "match with a bad shape": (
        BASE + '[[match]]\narrays = ["X"]\nshapes = { X = [3, -1] }',
        "match[0].shapes.X[1]",
        "a size of 0 or more",
        "-1",
    ),
    "match with a shape of no kind": (
        BASE + '[[match]]\narrays = ["X"]\n[[match]]\narrays = ["X", "mask"]\nshapes = { X = ["T"], mask = [3, 1.5] }',
        "match[1].shapes.mask[1]",
        "a whole number or text",
        "1.5",
    ),
    "target of nothing": (BASE + '[targets.new]\ntitle = "New"', "targets.new.requires", "a list", "nothing"),
    "wanted by nothing": (
        BASE + '[targets.iv3]\nwanted = "X204"',
        "targets.iv3.wanted",
        'one of "X", "X2048", "always"',
        '"X204" (did you mean "X2048"?)',
    ),
    "target on a stranger": (
        IV3 + '[{ rule = "present", arrays = ["X204"], issue = "x" }]',
        "targets.iv3.requires[0].arrays[0]",
        f"one of {ARRAYS}, as [arrays] lists",
        '"X204" (did you mean "X2048"?)',
    ),
    "target without arrays": (
        IV3 + '[{ rule = "present", arrays = [], issue = "x" }]',
        "targets.iv3.requires[0].arrays",
        "at least 1 of the arrays",
        "[]",
    ),
    "same length as itself": (
        IV3 + '[{ rule = "same_length", arrays = ["X", "X"], issue = "x" }]',
        "targets.iv3.requires[0].arrays",
        "at least 2 of the arrays",
        '["X", "X"]',
    ),
    "unknown rule": (
        IV3 + '[{ rule = "presnt", arrays = ["X"], issue = "x" }]',
        "targets.iv3.requires[0].rule",
        'one of "finite"',
        '"presnt" (did you mean "present"?)',
    ),
    "range of an array without one": (
        IV3 + '[{ rule = "range", arrays = ["X", "mask"], issue = "x" }]',
        "targets.iv3.requires[0].arrays[1]",
        "an array with a range",
        '"mask", which has none',
    ),
    "layout of an array without one": (
        IV3 + '[{ rule = "layout", arrays = ["meta"], issue = "x" }]',
        "targets.iv3.requires[0].arrays[0]",
        "an array with a shape or a dtype",
        '"meta", which has neither',
    ),
    "placeholder for nothing": (
        IV3 + '[{ rule = "finite", arrays = ["X"], issue = "{X} and {X20}" }]',
        "targets.iv3.requires[0].issue",
        f"placeholders that name one of {ARRAYS}",
        '"{X20}" (did you mean "X2048"?)',
    ),
    "placeholder that reaches into things": (
        IV3 + '[{ rule = "finite", arrays = ["X"], issue = "{X.__class__}" }]',
        "targets.iv3.requires[0].issue",
        "placeholders that name one of",
        '"{X.__class__}"',
    ),
    "open brace": (
        IV3 + '[{ rule = "finite", arrays = ["X"], issue = "{X} {" }]',
        "targets.iv3.requires[0].issue",
        "{ and } only around an array's name",
        '"{X} {"',
    ),
    "nothing to report": (
        IV3 + '[{ rule = "finite", arrays = ["X"], issue = "" }]',
        "targets.iv3.requires[0].issue",
        "the text to report",
        '""',
    ),
    "reference bone of three": (
        BASE + "[reference]\nbones = [[1, 2, 3]]",
        "reference.bones[0]",
        "a list of length 2",
        "[1, 2, 3]",
    ),
}

GROUP = '[[groups]]\nname = "g"\ntitle = "G"\ncolour = "#112233"\npoints = ["0..3"]\n'
LISTS = 'points = ["a", "b", "c_{0..1}"]\nbones = [[0, 1, 2]]\n'
BONE = "points from 0 to 3, each a number or a range"

SKELETONS = {
    "bone outside": ("[0, 1, 2]", "[0, 1, 4]", "bones[0]", BONE, "4"),
    "bone before": ("[0, 1, 2]", "[0, -1]", "bones[0]", BONE, "-1"),
    "bone of text": ("[0, 1, 2]", '[0, "b"]', "bones[0]", BONE, '"b"'),
    "bone of truth": ("[0, 1, 2]", "[0, true]", "bones[0]", BONE, "true"),
    "range outside": ("[0, 1, 2]", '["1..4"]', "bones[0]", BONE, '"1..4"'),
    "range backward": ("[0, 1, 2]", '["2..1"]', "bones[0]", BONE, '"2..1"'),
    "bone to itself": ("[0, 1, 2]", "[0, 0]", "bones[0]", "two different points, joined once", "[0, 0]"),
    "bone twice": ("[0, 1, 2]", "[0, 1], [1, 0]", "bones[1]", "two different points, joined once", "[1, 0]"),
    "bone of one": ("[0, 1, 2]", "[0]", "bones[0]", "a list of two or more points", "[0]"),
    "bone of none": ("[0, 1, 2]", "3", "bones[0]", "a list of points", "3"),
    "bones not a list": ("[[0, 1, 2]]", "3", "bones", "a list", "3"),
    "contour outside": ("bones", "contours = [[0, 9]]\nbones", "contours[0]", BONE, "9"),
    "body outside": ("bones", "body = [[0, 9]]\nbones", "body[0]", BONE, "9"),
    "pair outside": ("bones", "pairs = [[0, 9]]\nbones", "pairs[0][1]", BONE, "9"),
    "pair of one": ("bones", "pairs = [[0]]\nbones", "pairs[0]", "a list of the left point and the right", "[0]"),
    "pairs that share": (
        "bones",
        "pairs = [[0, 1], [1, 2]]\nbones",
        "pairs",
        "each point in one pair",
        "1 (b) twice",
    ),
    "ranges of two lengths": (
        "bones",
        'pairs = [["0..1", 2]]\nbones',
        "pairs[0]",
        "two ranges of one length",
        '["0..1", 2]',
    ),
    "group outside": ("0..3", "0..4", "groups[0].points", BONE, '"0..4"'),
    "group leaves some out": ("0..3", "1..3", "groups", "every point in a group", "none for 0 (a)"),
    "point in two groups": (
        "[[groups]]",
        GROUP.replace('"g"', '"h"').replace("0..3", "1..1") + "[[groups]]",
        "groups[1].points",
        "each point in one group",
        '1 (b), which is in "h"',
    ),
    "point twice in one group": (
        '"0..3"',
        '"0..3", 2',
        "groups[0].points",
        "each point in one group",
        "2 (c_0), which is in this one already",
    ),
    "group of one name": ("[[groups]]", GROUP + "[[groups]]", "groups[1].name", "a name that no other group has", "g"),
    "bad colour": ("#112233", "red", "groups[0].colour", 'a colour as in "#D55E00"', '"red"'),
    "point of one name": ('"a"', '"b"', "points[1]", "a name that no other point has", '"b"'),
    "point without a name": ('"a"', '""', "points[0]", "a name that no other point has", '""'),
    "point of no text": ('"a"', "3", "points[0]", "text", "3"),
    "too many points": ("0..1}", "0..999999}", "points[2]", "at most 100000 names", '"c_{0..999999}"'),
    "no points": ('["a", "b", "c_{0..1}"]', "[]", "points", "at least one name", "[]"),
    "unknown key": ("bones", "bons = []\nbones", "bons", "a known key", '"bons" (did you mean "bones"?)'),
    "unknown group key": ('title = "G"', 'tite = "G"', "groups[0].tite", "a known key", '(did you mean "title"?)'),
}


def check(error: ProfileError, path: Path, key: str, expected: str, got: str) -> None:
    text = str(error)
    assert text.startswith(f"{path}: {key}: expected "), text
    told = text.partition(": expected ")[2]
    assert told.startswith(expected) or expected in told.partition(", got ")[0], text
    assert got in text.rpartition(", got ")[2], text


@pytest.mark.parametrize("case", PROFILES)
def test_profile(case: str, tmp_path: Path) -> None:
    text, key, expected, got = PROFILES[case]
    path = tmp_path / "bad.toml"
    path.write_text(text)
    with pytest.raises(ProfileError) as caught:
        load_profile(path)
    check(caught.value, path, key, expected, got)


def test_a_clean_skeleton_of_the_same_form_loads(tmp_path: Path) -> None:
    path = tmp_path / "good.toml"
    path.write_text(LISTS + GROUP)
    assert len(load_skeleton(path).points) == 4


@pytest.mark.parametrize("case", SKELETONS)
def test_skeleton(case: str, tmp_path: Path) -> None:
    old, new, key, expected, got = SKELETONS[case]
    path = tmp_path / "bad.toml"
    assert old in LISTS + GROUP
    path.write_text((LISTS + GROUP).replace(old, new, 1))
    with pytest.raises(ProfileError) as caught:
        load_skeleton(path)
    check(caught.value, path, key, expected, got)


def test_an_error_in_an_extended_file_names_that_file(tmp_path: Path) -> None:
    base = tmp_path / "base.toml"
    base.write_text('extends = "fslr-keypoints"\n[limits]\nfrozen_frames = 0\n')
    child = tmp_path / "child.toml"
    child.write_text('extends = "base.toml"\n[limits]\njitter = 3\n')
    with pytest.raises(ProfileError) as caught:
        load_profile(child)
    check(caught.value, base, "limits.frozen_frames", "a whole number >= 1", "0")


def test_a_ring_of_files(tmp_path: Path) -> None:
    for name, base in (("a", "b"), ("b", "c"), ("c", "a")):
        (tmp_path / f"{name}.toml").write_text(f'extends = "{base}.toml"\n')
    with pytest.raises(ProfileError) as caught:
        load_profile(tmp_path / "a.toml")
    ring = "a.toml -> b.toml -> c.toml -> a.toml"
    check(caught.value, tmp_path / "c.toml", "extends", "a profile that does not lead back", ring)


def test_an_error_in_the_skeleton_names_the_skeletons_file(tmp_path: Path) -> None:
    skeleton = tmp_path / "bones.toml"
    skeleton.write_text((LISTS + GROUP).replace("#112233", "blue"))
    path = tmp_path / "p.toml"
    path.write_text('kind = "generic"\nskeleton = "bones.toml"\n')
    with pytest.raises(ProfileError) as caught:
        load_profile(path)
    check(caught.value, skeleton, "groups[0].colour", "a colour", '"blue"')


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"a = 1\nb = [\n", ("line 2", "expected valid TOML")),
        (b"a = 1\n\n= 2\n", ("line 3", "expected valid TOML")),
        (b"a = 1\nb = '\xff'\n", ("line 2", "expected UTF-8 text", "0xff")),
        (b"a = " + b"[" * 5000, ("expected valid TOML", "too deep")),
        (b"a." * 100 + b"a = 1", ("a.a.a", "expected at most 16 levels")),
        (b"#" * 2_000_000, ("expected a file of at most 1048576 bytes", "2000000")),
    ],
)
@pytest.mark.parametrize("load", [load_profile, load_skeleton])
def test_not_toml(load: Load, content: bytes, words: tuple[str, ...], tmp_path: Path) -> None:
    path = tmp_path / "bad.toml"
    path.write_bytes(content)
    with pytest.raises(ProfileError) as caught:
        load(path)
    assert str(caught.value).startswith(f"{path}: ")
    assert all(word in str(caught.value) for word in words), str(caught.value)


@pytest.mark.parametrize(("load", "known"), [(load_profile, "fslr-keypoints"), (load_skeleton, "mediapipe-78")])
def test_not_there(load: Load, known: str, tmp_path: Path) -> None:
    cases = {
        known[:-1]: f'(did you mean "{known}"?)',
        "": 'got ""',
        "nothing like it": f'"{known}"',
        str(tmp_path / "no.toml"): "no.toml: expected a TOML file, got: No such file",
        str(tmp_path): "not a regular file",
        "a\0b.toml": "expected a TOML file, got: embedded null byte",
    }
    for name, words in cases.items():
        with pytest.raises(ProfileError) as caught:
            load(name)
        assert words in str(caught.value), str(caught.value)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_is_not_opened(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.toml"
    os.mkfifo(pipe)
    with pytest.raises(ProfileError, match="not a regular file"):
        load_profile(pipe)
