from __future__ import annotations

import pytest

from inspector.gui.walk import first_to_see, step
from tests.gui.support import finding

FOUND = tuple(finding(code) for code in ("BONE_JUMP", "SPEED_SPIKE", "JITTER", "SPEED_SPIKE"))


@pytest.mark.parametrize(
    ("present", "direction", "code", "expected"),
    [
        (None, 1, "", 0),
        (0, 1, "", 1),
        (3, 1, "", None),
        (3, -1, "", 2),
        (0, -1, "", None),
        (None, -1, "", None),
        (None, 1, "SPEED_SPIKE", 1),
        (1, 1, "SPEED_SPIKE", 3),
        (2, -1, "SPEED_SPIKE", 1),
        (1, -1, "SPEED_SPIKE", None),
        (None, 1, "CAMERA_CUT", None),
    ],
)
def test_steps_stop_at_the_listed_kind_only(
    present: int | None, direction: int, code: str, expected: int | None
) -> None:
    assert step(FOUND, present, direction, code) == expected


def test_a_file_is_entered_at_the_listed_kind() -> None:
    assert [first_to_see(FOUND, way) for way in (1, -1)] == [0, 3]
    assert [first_to_see(FOUND, way, "SPEED_SPIKE") for way in (1, -1)] == [1, 3]
    assert first_to_see(FOUND, 1, "CAMERA_CUT") == 0  # a limit was moved since it was listed
    assert first_to_see((), 1) is None
