"""Imports point one way only, and the checker that says so is able to say no."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.house.imports import (
    RIGHT_BELOW,
    Import,
    cycle_errors,
    direction_errors,
    modules,
    qt_errors,
    read_imports,
    room,
)

CLEAN = {
    "__init__.py": '__version__ = "1"\n',
    "errors.py": "",
    "paths.py": "from inspector.errors import UsageError\n",
    "checks/__init__.py": "from inspector.checks.measure import measure\n",
    "checks/measure.py": "import numpy\nfrom inspector import __version__, errors\n",
    "reports/__init__.py": "from inspector.checks import measure\n",
    "render/__init__.py": "from PySide6 import QtCore, QtGui\nfrom PySide6.QtGui import QPainter\n",
    "gui/__init__.py": "from PySide6 import QtWidgets\nimport pyqtgraph\nfrom inspector.reports import measure\n",
    "cli.py": "def main():\n    from PySide6 import QtWidgets\n    import inspector.gui\n",
}


def plant(root: Path, files: Mapping[str, str]) -> list[Import]:
    for name, text in (CLEAN | dict(files)).items():
        path = root / "inspector" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return read_imports(root)


@pytest.fixture(scope="module")
def ours() -> list[Import]:
    return read_imports(ROOT)


@pytest.mark.parametrize("check", [direction_errors, cycle_errors, qt_errors])
def test_the_house_stands(ours: list[Import], check: Callable[[list[Import]], list[str]]) -> None:
    assert check(ours) == []


def test_every_room_is_known(ours: list[Import]) -> None:
    assert len(ours) > 100  # it does read something
    assert {room(module) for module in modules(ROOT)} <= set(RIGHT_BELOW)


@pytest.mark.parametrize("check", [direction_errors, cycle_errors, qt_errors])
def test_a_clean_house_passes(tmp_path: Path, check: Callable[[list[Import]], list[str]]) -> None:
    assert check(plant(tmp_path, {})) == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("checks/bad.py", "from inspector.audit import one\n"),
        ("checks/bad.py", "def late():\n    import inspector.reports\n"),
        ("checks/bad.py", "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from inspector.audit import X\n"),
        ("checks/bad.py", "from ..reports import measure\n"),
        ("checks/bad.py", "from .. import reports\n"),
        ("checks/bad.py", "import importlib\nimportlib.import_module('inspector.gui')\n"),
        ("checks/bad.py", "from inspector import audit\n"),
        ("archive/bad.py", "import inspector.profiles\n"),
        ("profiles/bad.py", "import inspector.archive\n"),
        ("render/bad.py", "import inspector.audit\n"),
        ("gui/bad.py", "import inspector.cli\n"),
        ("cellar/bad.py", "import inspector.errors\n"),
    ],
)
def test_an_upward_import_is_found(tmp_path: Path, name: str, text: str) -> None:
    errors = direction_errors(plant(tmp_path, {name: text}))
    assert len(errors) == 1
    assert name.removesuffix(".py").replace("/", ".") in errors[0]


def test_a_ring_inside_one_room_is_found(tmp_path: Path) -> None:
    imports = plant(
        tmp_path,
        {"checks/a.py": "from inspector.checks import b\n", "checks/b.py": "def f():\n    from . import a\n"},
    )
    assert direction_errors(imports) == []
    (ring,) = cycle_errors(imports)
    assert "inspector.checks.a" in ring
    assert "inspector.checks.b" in ring


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("checks/bad.py", "def f():\n    from PySide6.QtCore import QObject\n"),
        ("__init__.py", "import pyqtgraph\n"),
        ("render/bad.py", "from PySide6 import QtWidgets\n"),
        ("render/bad.py", "import pyqtgraph\n"),
        ("demo/bad.py", "import shiboken6\n"),
        ("cli.py", "from PySide6.QtWidgets import QApplication\n"),
    ],
)
def test_qt_out_of_place_is_found(tmp_path: Path, name: str, text: str) -> None:
    assert len(qt_errors(plant(tmp_path, {name: text}))) == 1
