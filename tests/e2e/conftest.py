from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.e2e.screen import Screen, Window, missing


@pytest.fixture(scope="session")
def screen() -> Iterator[Screen]:
    if lacking := missing():
        pytest.skip(f"not installed: {', '.join(lacking)}")
    screen = Screen()
    yield screen
    screen.close()


@pytest.fixture
def start(screen: Screen, tmp_path: Path) -> Iterator[Callable[..., Window]]:
    """Starts the window on a folder or file."""
    home = tmp_path / "home"
    home.mkdir()
    started: list[Window] = []

    def start(*arguments: str | Path) -> Window:
        started.append(Window(screen, home, *map(str, arguments)))
        return started[-1]

    yield start
    for window in started:
        window.kill()
