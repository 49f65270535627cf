"""A double-click on an .npz file finds the program: the desktop entry, the file type and the icon belong together."""

from __future__ import annotations

import configparser
import shutil
import subprocess
import tomllib
import xml.etree.ElementTree as ET

import pytest

from tests.conftest import ROOT

LINUX = ROOT / "packaging" / "linux"
ENTRY = LINUX / "npz-inspector.desktop"


@pytest.fixture
def entry() -> configparser.SectionProxy:
    parser = configparser.ConfigParser(interpolation=None)
    parser.read_string(ENTRY.read_text(encoding="utf-8"))
    return parser["Desktop Entry"]


def test_entry_runs_the_installed_command_on_one_file(entry: configparser.SectionProxy) -> None:
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["scripts"]
    command, argument = entry["Exec"].split()
    assert command in scripts
    assert argument == "%f"


def test_entry_and_file_type_agree(entry: configparser.SectionProxy) -> None:
    kind = ET.parse(LINUX / "npz-inspector.xml").getroot()[0]
    name = "{http://www.freedesktop.org/standards/shared-mime-info}"
    assert entry["MimeType"] == f"{kind.get('type')};"
    assert [glob.get("pattern") for glob in kind.iter(f"{name}glob")] == ["*.npz"]
    assert [parent.get("type") for parent in kind.iter(f"{name}sub-class-of")] == ["application/zip"]


def test_entry_has_its_icon(entry: configparser.SectionProxy) -> None:
    icon = ROOT / "resources" / "icons" / f"{entry['Icon']}.svg"
    assert ET.parse(icon).getroot().tag == "{http://www.w3.org/2000/svg}svg"


def test_entry_is_valid() -> None:
    validator = shutil.which("desktop-file-validate")
    if validator is None:
        pytest.skip("desktop-file-validate is not installed")
    done = subprocess.run([validator, ENTRY], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")
