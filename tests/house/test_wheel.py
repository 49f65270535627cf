"""The product finds its resources wherever it ends up: checkout, installed wheel, frozen bundle."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

import pytest

from inspector.paths import resources
from tests.conftest import ROOT
from tests.house.fresh import run

# Prints where the package and its resources are, after using them.
_PROBE = """
import inspector, inspector.paths
from inspector.profiles import load_profile
assert load_profile("fslr-keypoints").name == "fslr-keypoints"
print(inspector.__file__)
print(inspector.paths.resources())
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from a copy, so that the checkout stays clean."""
    pytest.importorskip("build")
    pytest.importorskip("hatchling")
    copy = tmp_path_factory.mktemp("source")
    for name in ("inspector", "resources"):
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md"):
        shutil.copy(ROOT / name, copy)
    out = tmp_path_factory.mktemp("wheel")
    run(["-m", "build", "--wheel", "--no-isolation", "--outdir", str(out), str(copy)], out)
    (built,) = out.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("installed")
    pip = ["-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--target", str(target), str(wheel)]
    run(pip, target)
    return target


def where(target: Path, elsewhere: Path, before: str = "", **extra: str) -> list[Path]:
    """Package and resources as a fresh process in another folder finds them."""
    done = run(["-P", "-c", before + _PROBE], elsewhere, {"PYTHONPATH": str(target), **extra})
    return [Path(line) for line in done.stdout.splitlines()]


def test_checkout_uses_its_own_resources() -> None:
    assert resources() == ROOT / "resources"


@pytest.mark.slow
def test_wheel_finds_its_resources_elsewhere(installed: Path, tmp_path: Path) -> None:
    package, found = where(installed, tmp_path)
    assert package == installed / "inspector" / "__init__.py"
    assert found == installed / "inspector" / "resources"


@pytest.mark.slow
def test_wheel_ships_the_product_and_nothing_else(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    info = [name for name in names if ".dist-info/" in name]
    assert [name for name in names if not name.startswith("inspector/") and name not in info] == []
    assert [name for name in names if "test" in name.lower() or "screenshot" in name] == []
    for kind in ("profiles", "skeletons", "icons"):
        here = {path.name for path in (ROOT / "resources" / kind).iterdir() if path.is_file()}
        assert here
        assert {name.rpartition("/")[2] for name in names if f"inspector/resources/{kind}/" in name} == here
    (entry_points,) = (name for name in info if name.endswith("entry_points.txt"))
    assert "npz-inspector = inspector.__main__:main" in zipfile.ZipFile(wheel).read(entry_points).decode()


@pytest.mark.slow
def test_frozen_bundle_finds_its_resources(installed: Path, tmp_path: Path) -> None:
    """A frozen program unpacks its data where `sys._MEIPASS` says, and its package has none beside it."""
    bundle = tmp_path / "bundle"
    shutil.copytree(installed / "inspector", bundle / "code" / "inspector", ignore=shutil.ignore_patterns("resources"))
    shutil.copytree(installed / "inspector" / "resources", bundle / "resources")
    before = f"import sys; sys.frozen = True; sys._MEIPASS = {str(bundle)!r}\n"
    package, found = where(bundle / "code", tmp_path, before)
    assert package.is_relative_to(bundle / "code")
    assert found == bundle / "resources"


@pytest.mark.slow
def test_a_wheel_without_resources_says_so(installed: Path, tmp_path: Path) -> None:
    shutil.copytree(installed / "inspector", tmp_path / "inspector", ignore=shutil.ignore_patterns("resources"))
    probe = (
        "import inspector.paths\ntry:\n    inspector.paths.resources()\nexcept Exception as error:\n    print(error)\n"
    )
    done = run(["-P", "-c", probe], tmp_path, {"PYTHONPATH": str(tmp_path)})
    assert done.stdout.startswith("resources not found; looked in")
    assert str(tmp_path) in done.stdout


@pytest.mark.slow
def test_a_packager_may_put_resources_anywhere(installed: Path, tmp_path: Path) -> None:
    moved = tmp_path / "share" / "npz-inspector"
    shutil.copytree(ROOT / "resources", moved, ignore=shutil.ignore_patterns("screenshots"))
    assert where(installed, tmp_path, NPZ_INSPECTOR_RESOURCES=str(moved))[1] == moved
