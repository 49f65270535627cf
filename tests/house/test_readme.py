"""The README says of every finding what the window says."""

from __future__ import annotations

import pytest

from inspector.checks import CODES
from tests.conftest import ROOT


@pytest.mark.parametrize("code", CODES)
def test_every_code_is_explained(code: str) -> None:
    words = CODES[code]
    assert f"| `{code}` | {words.meaning} | {words.advice} |" in (ROOT / "README.md").read_text("utf-8")
