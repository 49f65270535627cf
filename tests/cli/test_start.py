"""What the program does before its command line is imported."""

from __future__ import annotations

from pathlib import Path

import pytest

from inspector.__main__ import wants_workers


@pytest.mark.parametrize(
    ("before", "after", "wanted"),
    [
        (["audit"], [], True),
        (["audit", "--workers", "2", "--dir"], ["--out", "reports"], True),
        (["audit", "--workers", "0"], [], False),
        (["audit"], ["--workers=0"], False),
        (["show"], [], False),
        ([], [], False),
    ],
)
def test_workers_start_early_for_a_folder(tmp_path: Path, before: list[str], after: list[str], wanted: bool) -> None:
    assert wants_workers([*before, str(tmp_path), *after]) is wanted


def test_no_workers_for_one_file(tmp_path: Path) -> None:
    (tmp_path / "a.npz").touch()
    assert not wants_workers(["audit", str(tmp_path / "a.npz")])
