"""The checkout is laid out as agreed, and each check on that is able to fail."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.house.layout import (
    LONGEST,
    TOP_LEVEL,
    danger_errors,
    dependency_errors,
    length_errors,
    packaging_errors,
    sleep_errors,
    top_level_errors,
    tracked,
)


@pytest.fixture(scope="module")
def files() -> list[str]:
    names = tracked(ROOT)
    if names is None:
        pytest.skip("not a git checkout")
    return names


def plant(root: Path, name: str, text: str) -> Path:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def test_top_level(files: list[str]) -> None:
    assert top_level_errors(files) == []


def test_a_stray_and_a_missing_entry_are_found() -> None:
    names = [*(f"{entry}/x" for entry in TOP_LEVEL - {"README.md"}), "notes.txt"]
    assert top_level_errors(names) == [
        "notes.txt: does not belong at the top level",
        "README.md: missing from the top level",
    ]


def test_packaging_cannot_be_imported(files: list[str]) -> None:
    assert packaging_errors(files) == []


def test_an_importable_packaging_is_found() -> None:
    names = ["packaging/__init__.py", "packaging/linux/__init__.py", "packaging/bootstrap.py", "tests/__init__.py"]
    assert len(packaging_errors(names)) == 2


def test_modules_are_short() -> None:
    assert length_errors(ROOT) == []


def test_a_long_module_is_found(tmp_path: Path) -> None:
    plant(tmp_path, "inspector/gui/fine.py", "pass\n" * LONGEST)
    plant(tmp_path, "inspector/gui/window.py", "pass\n" * (LONGEST + 1))
    (error,) = length_errors(tmp_path)
    assert "window.py: 421 lines" in error


def test_nothing_runs_what_a_file_holds() -> None:
    assert danger_errors(ROOT) == []


@pytest.mark.parametrize(
    "text",
    [
        "np.load(path, allow_pickle=True)",
        "np.lib.format.read_array(stream, allow_pickle=trusted)",
        "np.load(path, None, True)",
        "eval(text)",
        "def f():\n    exec(code)",
        "builtins.eval(text)",
        "import pickle\npickle.load(stream)",
        "pickle.loads(data)",
        "class Safe(pickle.Unpickler): ...",
        "from pickle import loads as decode",
        "from PySide6.QtCore import QtCore\nmodel = QtCore.QSortFilterProxyModel()",
        "class Model(QSortFilterProxyModel): ...",
    ],
)
def test_danger_is_found(tmp_path: Path, text: str) -> None:
    plant(tmp_path, "inspector/archive/bad.py", text + "\n")
    assert len(danger_errors(tmp_path)) == 1


def test_harmless_namesakes_pass(tmp_path: Path) -> None:
    plant(
        tmp_path,
        "inspector/gui/fine.py",
        '"""Never allow_pickle=True, eval() or QSortFilterProxyModel."""\n'
        "application.exec()\npickle.dumps(error)\nnp.load(path, allow_pickle=False)\n",
    )
    assert danger_errors(tmp_path) == []


def test_tests_do_not_sleep() -> None:
    assert sleep_errors(ROOT) == []


def test_a_sleeping_test_is_found(tmp_path: Path) -> None:
    plant(tmp_path, "tests/test_bad.py", "def test_x():\n    time.sleep(1)\n")
    assert len(sleep_errors(tmp_path)) == 1


def test_dependencies_are_explained() -> None:
    assert dependency_errors(ROOT / "pyproject.toml") == []


def test_an_unexplained_dependency_is_found(tmp_path: Path) -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    added = text.replace("dependencies = [\n", 'dependencies = [\n    "left-pad",\n', 1)
    assert added != text
    errors = dependency_errors(plant(tmp_path, "pyproject.toml", added))
    assert errors == ["left-pad: no word on what it is for", "left-pad: no oldest version"]
