"""Every test: no screen, no user's settings or cache, no network, Qt's own messages fail."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

os.environ["QT_QPA_PLATFORM"] = "offscreen"

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(autouse=True)
def isolated_settings(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("config")
    monkeypatch.setenv("NPZ_INSPECTOR_CONFIG", str(folder))
    monkeypatch.setenv("NPZ_INSPECTOR_CACHE", str(tmp_path_factory.mktemp("cache")))
    monkeypatch.delenv("NPZ_INSPECTOR_CACHE_MB", raising=False)
    yield folder


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real clips and data sets that are not part of this repository."""
    folder = Path(os.environ.get("NPZ_INSPECTOR_TEST_DATA", ROOT.parent / "shared" / "data"))
    if not (folder / "clips").is_dir():
        pytest.skip("real data not present")
    return folder
