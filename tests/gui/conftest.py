"""Qt objects that a test leaves behind die in the thread that made them, before the next test."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest


@pytest.fixture(scope="session", autouse=True)
def frozen_heap() -> Iterator[None]:
    """What importing made is not looked through after every test."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


@pytest.fixture(autouse=True)
def garbage_dies_here() -> Iterator[None]:
    """As in the window (`inspector.gui.garbage`): never collect in a worker thread."""
    gc.disable()
    yield
    gc.collect()
    gc.enable()
