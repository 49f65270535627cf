"""What tests of the window stand on; Qt objects that one leaves behind die in their own thread before the next."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from inspector.gui.messages import MessageBus
from inspector.gui.tasks import Tasks
from tests.gui.support import Desk


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


@pytest.fixture
def tasks(qtbot: QtBot) -> Iterator[Tasks]:
    tasks = Tasks(MessageBus())
    yield tasks
    assert tasks.close()


@pytest.fixture
def desk(qtbot: QtBot) -> Iterator[Desk]:
    desk = Desk()
    yield desk
    assert desk.tasks.close()
