"""The engine runs where Qt does not: on a cluster, in a container, in somebody's notebook."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.house.fresh import first_to_load, loaded_by
from tests.house.imports import QT, modules, reaches, read_imports, room


def engine() -> list[str]:
    """Every module but the window, the pictures, and those reports that draw pictures."""
    imports = read_imports(ROOT)
    names = [name for name in modules(ROOT) if room(name) not in {"render", "gui", "__main__"}]
    return [name for name in names if room(name) != "reports" or not reaches(imports, name, "render")]


def test_engine_loads_no_qt() -> None:
    names = engine()
    assert {"inspector.cli", "inspector.audit", "inspector.reports", "inspector.demo"} <= set(names)
    assert first_to_load(names, QT) == ""


@pytest.mark.parametrize("arguments", [["-c", "import inspector"], ["-m", "inspector", "--version"]])
def test_start_is_light(arguments: list[str]) -> None:
    loaded = loaded_by(arguments)
    assert "inspector" in loaded
    assert not loaded & (QT | {"numpy"})


def test_a_module_that_loads_qt_is_named(tmp_path: Path) -> None:
    (tmp_path / "fine.py").write_text("import json\n")
    (tmp_path / "hidden.py").write_text("import fine, importlib\nimportlib.import_module('PySide' + '6.QtCore')\n")
    assert first_to_load(["fine"], QT, tmp_path) == ""
    assert first_to_load(["fine", "hidden"], QT, tmp_path).startswith("importing hidden loads PySide6")


def test_a_heavy_start_is_seen(tmp_path: Path) -> None:
    (tmp_path / "heavy.py").write_text("import numpy.linalg\n")
    assert "numpy" in loaded_by(["-m", "heavy"], tmp_path)
