"""Pickles made to run, to grow or to break something: none of it happens."""

from __future__ import annotations

import io
import pickle
import pickletools
import struct
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspector.archive import Opaque, PickleLimits, decode_pickle, open_npz, pickle_imports
from inspector.archive.pickle_machine import UNFINISHED
from inspector.errors import PickledMemberError
from tests.archive.traps import Trap

pytestmark = pytest.mark.usefixtures("nothing_is_executed")

SYSTEM = b"cos\nsystem\n(S'touch executed'\ntR."
HOSTILE = [
    (SYSTEM, Opaque("os.system"), ("os.system",)),
    (b"(S'touch executed'\nios\nsystem\n.", Opaque("os.system"), ("os.system",)),
    (b"(cos\nsystem\nS'touch executed'\no.", Opaque("os.system"), ("os.system",)),
    (b"\x80\x04\x8c\x02os\x8c\x06system\x93\x8c\x10touch executed.x\x85R.", Opaque("os.system"), ("os.system",)),
    (b"\x80\x02cos\nsystem\nX\x03\0\0\0abc\x85\x81.", Opaque("os.system"), ("os.system",)),
    (b"\x80\x04\x8c\x02os\x8c\x06system\x93)}\x92.", Opaque("os.system"), ("os.system",)),
    (b"cbuiltins\nexec\n(S'trip()'\ntR0N.", None, ("builtins.exec",)),
    (
        b"cbuiltins\ngetattr\n(cos\nsystem\nS'x'\ntRN\x85R.",
        Opaque("builtins.getattr"),
        ("builtins.getattr", "os.system"),
    ),
    (b"cos\nsystem\nN.", None, ("os.system",)),
    (b"]cos\nsystem\na.", [Opaque("os.system")], ("os.system",)),
    (b"c__main__\nx\n}S'__setstate__'\ncos\nsystem\nsb.", Opaque("__main__.x"), ("__main__.x", "os.system")),
    (b"cnumpy\ndtype\n(S'f8'\ntR}b.", None, ("numpy.dtype",)),
    (b"\x80\x02\x82\xf0.", Opaque("<copyreg extension 240>"), ("<copyreg extension 240>",)),
    (b"Pdevice\n.", Opaque("<persistent object>"), ()),
    (b"NQ.", Opaque("<persistent object>"), ()),
    (b"\x80\x04NN\x93.", Opaque("<a computed name>"), ("<a computed name>",)),
    (b"NN\x85R.", Opaque("<a computed call>"), ()),
    (b"cmarker_module\nnew\nq\x000h\x00.", Opaque("marker_module.new"), ("marker_module.new",)),
]


@pytest.mark.parametrize(("data", "value", "imports"), HOSTILE)
def test_hostile_pickles_do_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, data: bytes, value: object, imports: tuple[str, ...]
) -> None:
    (tmp_path / "marker_module.py").write_text("raise AssertionError('imported')")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.chdir(tmp_path)
    try:
        assert decode_pickle(data) == value
    except PickledMemberError:
        assert data.startswith(b"cnumpy\ndtype")
    assert pickle_imports(data) == imports
    assert "marker_module" not in sys.modules
    assert [path.name for path in tmp_path.iterdir()] == ["marker_module.py"]


def test_imports_after_damage_are_still_found() -> None:
    """Python would have run the call before it came to the damage, or past what we give up on."""
    assert pickle_imports(SYSTEM[:-1]) == ("os.system",)
    assert pickle_imports(b"]N\x85Rs" + SYSTEM) == ("os.system",)
    assert pickle_imports(b"N" * 50 + SYSTEM, PickleLimits(opcodes=40)) == ("os.system",)
    unicode = b"\x80\x04s\x8c\x02os\x8c\x06system\x93."
    assert pickle_imports(unicode) == (UNFINISHED, "os.system")
    for limit in range(1, 9):
        assert "os.system" in pickle_imports(b"N" + SYSTEM, PickleLimits(opcodes=limit)), limit
        assert "os.system" in pickle_imports(b"N" + unicode.replace(b"s", b"N", 1), PickleLimits(opcodes=limit)), limit
    assert pickle_imports(b"N" * 500 + SYSTEM, PickleLimits(opcodes=40)) == (UNFINISHED,)
    assert pickle_imports(SYSTEM[:-1] + b"N" * 50, PickleLimits(size=60)) == (UNFINISHED, "os.system")
    assert pickle_imports(SYSTEM[:-1] + b"\xff\xff") == (UNFINISHED, "os.system")
    assert pickle_imports(b"") == ()


def test_names_fit_on_a_line() -> None:
    name = b"a\nb" * 200
    data = b"\x80\x04X" + struct.pack("<I", len(name)) + name + b"X\1\0\0\0x\x93."
    [found] = pickle_imports(data)
    assert "\n" not in found
    assert len(found) < 300


def nested(depth: int, open_with: bytes = b"]", close_with: bytes = b"a") -> bytes:
    return open_with * depth + close_with * (depth - 1) + b"."


def doubled(times: int) -> bytes:
    """A list of a list twice, of a list twice ...: 2 ** times leaves from a few bytes."""
    return b"]q\x00" + b"".join(b"]q%c(h%ch%ce" % (i + 1, i, i) for i in range(times)) + b"."


def called(what: bytes, argument: bytes, times: int) -> bytes:
    """The same call on one remembered argument, over and over."""
    return argument + b"q\x000c" + what + b"\nq\x010(" + b"h\x01h\x00\x85R" * times + b"l."


TEXT = b"X" + struct.pack("<I", 1 << 20) + b"x" * (1 << 20)
NUMBERS = b"(" + b"K\x01" * 10_000


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (nested(100), "nested deeper than 60"),
        (nested(200_000), "nested deeper than 60"),
        (b"N" + b"\x85" * 200_000 + b".", "nested deeper than 60"),
        (doubled(40), "more than 200,000 pickled items"),
        (doubled(40)[:-1] + b"\x85}h\x28Ns.", "more than 200,000|takes a value|unknown|appends|sets"),
        (b"N" + b"2\x86" * 40 + b"q\x00}h\x00Ns.", "more than 200,000 pickled items"),
        (TEXT + b"q\x000(" + b"h\x00" * 200 + b"l.", "bytes of pickled text"),
        (called(b"_codecs\nencode", TEXT, 300), "too costly"),
        (called(b"builtins\nset", NUMBERS + b"l", 1000), "too costly"),
        (called(b"builtins\nlist", NUMBERS + b"t", 1000), "too costly"),
        (called(b"collections\nOrderedDict", b"(" + b"NN\x86" * 10_000 + b"l", 1000), "too costly"),
        (b"N" * 1_000_001 + b".", "more than 1,000,000 instructions"),
        (b"\x8a\xff" + b"\x7f" * 255 + b".", None),
        (b"\x8b" + struct.pack("<i", 5000) + b"\x7f" * 5000 + b".", "integer of 39,999 bits"),
        (b"\x8b" + struct.pack("<i", (1 << 31) - 1) + b"\x7f" * 50 + b".", "cannot be understood"),
        (b"L" + b"9" * 5000 + b"L\n.", "cannot be understood"),
        (b"X\xff\xff\xff\xffabc.", "cannot be understood"),
        (b"\x8e" + b"\xff" * 8 + b"abc.", "cannot be understood"),
        (b"\x96" + b"\xff" * 7 + b"\x0fabc.", "cannot be understood"),
        (b"}" + b"".join(b"F%d.5\nNs" % i for i in range(11_000)) + b".", "not text or integers"),
        (b"}]Ns.", "uses a list as a key"),
        (b"\x8f(]\x90.", "uses a list as a key"),
        (b"", "cannot be understood|no end"),
        (b".", "takes a value that is not there"),
        (b"(.", "takes a value that is not there"),
        (b"(0.", "takes a value that is not there"),
        (b"1.", "mark that is not there"),
        (b"h\x05.", "uses value 5 before"),
        (b"NNa.", "appends to what is no list"),
        (b"N(N\x90.", "adds to what is no set"),
        (b"NNNs.", "sets items of what is no dict"),
        (b"(Nd.", "key without a value"),
        (b"NNR.", "without a tuple of arguments"),
        (b"\xf0.", "cannot be understood"),
    ],
    ids=lambda value: None if isinstance(value, bytes) else value,
)
def test_limits_and_damage(data: bytes, reason: str | None) -> None:
    if reason is None:
        assert isinstance(decode_pickle(data), int)
        return
    with pytest.raises(PickledMemberError, match=reason):
        decode_pickle(data)


def test_a_value_that_holds_itself() -> None:
    cycle: list[object] = [1]
    cycle.append(cycle)
    found: Any = decode_pickle(pickle.dumps(cycle))
    assert found == [1, Opaque("<itself>")]
    loop: dict[str, object] = {}
    loop["a"] = {"b": [loop]}
    assert decode_pickle(pickle.dumps(loop)) == {"a": {"b": [Opaque("<itself>")]}}


DTYPE = b"cnumpy\ndtype\n(S'%b'\ntR"
RECONSTRUCT = b"cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\n(I0\ntS'b'\ntR"
USE = b"q\x000cnumpy.core.multiarray\nscalar\n(h\x00S'x'\ntR."


@pytest.mark.parametrize(
    "data",
    [
        RECONSTRUCT + b"(I1\n(I2\nt" + DTYPE % b"f8" + b"I00\nS'too short'\ntb.",
        RECONSTRUCT + b"(I1\n(I1000000000000\nt" + DTYPE % b"f8" + b"I00\nS''\ntb.",
        RECONSTRUCT + b"(I1\n(I1000000000000\nI0\nt" + DTYPE % b"f8" + b"I00\nS''\ntb.",
        RECONSTRUCT + b"(I1\n(I-1\nt" + DTYPE % b"f8" + b"I00\nS''\ntb.",
        RECONSTRUCT + b"(I1\n(I2\nt" + DTYPE % b"O" + b"I00\n(lNatb.",
        RECONSTRUCT + b"(I1\n(I1\nt" + DTYPE % b"O" + b"I00\nS'pointers'\ntb.",
        RECONSTRUCT + b"(I1\n(I1\nt" + DTYPE % b"U1" + b"I00\nS'\\xff\\xff\\xff\\xff'\ntb.",
        RECONSTRUCT + b"(I1\nI2\ntb.",
        RECONSTRUCT + b"Nb.",
        DTYPE % b"U999999999" + USE,
        DTYPE % b"f4,f4" + USE,
        DTYPE % b"V8" + b"(I3\nS'|'\nN(S'a'\nt}I8\nI1\nI0\ntb.",
        DTYPE % b"V8" + b"(I3\nS'|'\n(NNtNNI8\nI1\nI0\ntb.",
        DTYPE % b"M8" + b"(I4\nS'<'\nNNNI-1\nI-1\nI0\n(N(S's'\nI0\nI1\nI1\nttb" + USE,
        b"cnumpy.core.numeric\n_frombuffer\n(S'abcd'\n" + DTYPE % b"f4" + b"(I2\ntS'C'\ntR.",
        b"cnumpy.core.numeric\n_frombuffer\n(S'abcd'\n" + DTYPE % b"O" + b"(I1\ntS'C'\ntR.",
        b"cnumpy.core.multiarray\nscalar\n)R.",
    ],
)
def test_numpy_state_that_lies(data: bytes) -> None:
    with pytest.raises(PickledMemberError, match="is damaged: its pickle"):
        decode_pickle(data)


def test_dtypes_nested_without_end() -> None:
    """numpy walks a dtype recursively: it must not become deep."""
    level = b"cnumpy\ndtype\n(S'V8'\ntR(I3\nS'|'\nN(S'a'\nt}S'a'\n(h\x00I0\ntsI8\nI1\nI0\ntbq\x000"
    data = DTYPE % b"f8" + b"q\x000" + level * 5000 + b"N."
    with pytest.raises(PickledMemberError, match="nested too deeply"):
        decode_pickle(data)


SAMPLE = {"a": [1, 2.5, ("x", b"y")], "b": np.arange(3.0), "c": np.zeros(1, [("a", "<i4"), ("b", "U3")]), "d": {1}}
SAMPLES = [pickletools.optimize(pickle.dumps(SAMPLE, protocol)) for protocol in (0, 2, 4, 5)]


@settings(deadline=None, max_examples=300)
@given(
    st.sampled_from(SAMPLES),
    st.lists(st.tuples(st.integers(0, 10_000), st.binary(max_size=3), st.integers(0, 3)), min_size=1, max_size=4),
)
def test_broken_pickles_are_values_or_refusals(data: bytes, edits: list[tuple[int, bytes, int]]) -> None:
    for place, added, removed in edits:
        at = place % (len(data) + 1)
        data = data[:at] + added + data[at + removed :]
    pickle_imports(data)
    try:
        found = decode_pickle(data)
    except PickledMemberError as error:
        assert str(error)
    else:
        assert repr(found)


@given(st.binary(max_size=80))
def test_any_bytes_are_a_value_or_a_refusal(data: bytes) -> None:
    pickle_imports(data)
    try:
        repr(decode_pickle(data))
    except PickledMemberError as error:
        assert str(error)


def test_in_a_file_every_error_names_file_and_member(tmp_path: Path) -> None:
    hostile = np.empty((), dtype=object)
    hostile[()] = Trap()
    deep: list[object] = []
    for _ in range(100):
        deep = [deep]
    holder = np.empty(1, dtype=object)
    holder[0] = deep
    out = io.BytesIO()
    np.savez_compressed(out, hostile=hostile, deep=holder, good=np.arange(3))
    path = tmp_path / "meta.npz"
    path.write_bytes(out.getvalue())
    with open_npz(path) as npz:
        assert npz.decoded("hostile") == Opaque("tests.archive.traps.trip")
        assert "tests.archive.traps.trip" in npz.imports("hostile")
        with pytest.raises(PickledMemberError, match=r"meta\.npz: member 'deep' holds pickled values nested deeper"):
            npz.decoded("deep")
        assert npz.read("good").tolist() == [0, 1, 2]
        assert npz.member("hostile").error is None
