from __future__ import annotations

import pickle
from collections.abc import Iterator

import numpy as np
import pytest

from tests.archive.traps import EXECUTED


@pytest.fixture
def nothing_is_executed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    def forbidden(*_: object) -> None:
        raise AssertionError("something was unpickled")

    monkeypatch.setattr(pickle, "Unpickler", forbidden)
    monkeypatch.setattr(pickle, "loads", forbidden)
    monkeypatch.setattr(pickle, "load", forbidden)
    monkeypatch.setattr(np, "load", forbidden)
    yield
    assert not EXECUTED
