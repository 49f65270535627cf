"""What a file says about itself: JSON text where it is as it should be."""

from __future__ import annotations

import json
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Metadata:
    """The content of a meta array.

    Attributes
    ----------
    summary
        The reference's ``meta_summary``: the first eight keys; ``["_error"]`` when the text is no JSON; None when it is
        no object. A pickled dictionary gives None, as in the reference, although its content can be shown.
    problem
        What was found in place of a JSON object in a string, or None.
    """

    summary: list[str] | None
    problem: str | None


def read_metadata(content: object) -> Metadata:
    """Understand the one value of a meta array.

    Parameters
    ----------
    content
        Usually text; bytes; whatever a pickle held; a ValueError, as a value, when the array has more than one value;
        None when the file has no meta.
    """
    if isinstance(content, ValueError):
        return Metadata(["_error"], str(content))
    if isinstance(content, bytes):
        try:
            content = content.decode("utf-8")
        except UnicodeDecodeError:
            return Metadata(["_error"], "bytes that are not UTF-8")
    if not isinstance(content, str):
        return Metadata(None, f"a {type(content).__name__}")
    try:
        parsed = json.loads(content)
    except (ValueError, RecursionError) as error:
        return Metadata(["_error"], f"text that is no JSON ({error})")
    if not isinstance(parsed, dict):
        return Metadata(None, f"JSON of a {type(parsed).__name__}")
    return Metadata(list(parsed)[:8], None)
