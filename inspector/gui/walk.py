"""Which finding of a file comes next when the user goes from one to the next, over one kind or all. No Qt."""

from __future__ import annotations

from collections.abc import Sequence

from inspector.checks.finding import Finding


def walked(findings: Sequence[Finding], code: str = "") -> list[int]:
    """Numbers of the findings that are stopped at: those of one code, all when it is empty."""
    return [number for number, finding in enumerate(findings) if not code or finding.code == code]


def step(findings: Sequence[Finding], present: int | None, direction: int, code: str = "") -> int | None:
    """The finding after (+1) or before (-1) the present one; None where the file has no more.

    From None a step forward leads to the first, and one back out of the file.
    """
    numbers = walked(findings, code)
    if direction > 0:
        return next((number for number in numbers if present is None or number > present), None)
    return next((number for number in reversed(numbers) if present is not None and number < present), None)


def first_to_see(findings: Sequence[Finding], direction: int, code: str = "") -> int | None:
    """Where a file is entered: at its first finding (+1) or its last (-1); at any code where it has none of this."""
    numbers = walked(findings, code) or walked(findings)
    return numbers[0 if direction > 0 else -1] if numbers else None
