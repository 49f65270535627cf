"""Families of finding codes, in one order everywhere."""

from __future__ import annotations

from collections.abc import Iterable

from inspector.checks.codes import CODES

OTHER = "other"
"""The family of codes that are not ours: those of a plug-in, or of a newer report."""


def family_of(code: str) -> str:
    """The family that a code belongs to."""
    known = CODES.get(code)
    return known.family if known else OTHER


def title_of(code: str) -> str:
    """What a code is called; the code itself where it is not ours."""
    known = CODES.get(code)
    return known.title if known else code


def ordered(families: Iterable[str]) -> list[str]:
    """Each family once, as the codes stand; the unknown last."""
    order = {family: place for place, family in enumerate(dict.fromkeys(code.family for code in CODES.values()))}
    return sorted(set(families), key=lambda family: (order.get(family, len(order)), family))


def by_family(codes: Iterable[str]) -> dict[str, list[str]]:
    """Codes by their family: families in their order, codes in alphabetical order."""
    found: dict[str, list[str]] = {}
    for code in sorted(set(codes)):
        found.setdefault(family_of(code), []).append(code)
    return {family: found[family] for family in ordered(found)}
