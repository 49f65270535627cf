"""The reference's optional hook: an outside validator whose texts are listed beside ours. Off unless asked for."""

from __future__ import annotations

import functools
import importlib
from collections.abc import Callable, Iterable
from typing import cast

from inspector.errors import UsageError

GROUP = "npz_inspector.validators"

Validator = Callable[..., Iterable[object] | None]


@functools.cache
def load_validator(name: str) -> Validator:
    """The validator to call.

    Parameters
    ----------
    name
        ``module:function``, or ``""`` for the first installed entry point of the group `GROUP`.

    Raises
    ------
    UsageError
        When there is no such thing, or importing it fails.
    """
    try:
        if not name:
            from importlib.metadata import entry_points  # slow to import, and rarely needed

            found = sorted(entry_points(group=GROUP), key=lambda e: e.name)
            if not found:
                raise UsageError(f"no validator is installed (entry point group {GROUP})")
            return cast("Validator", found[0].load())
        module, _, function = name.partition(":")
        if not module or not function:
            raise UsageError(f"validator: expected module:function, got {name!r}")
        validator = getattr(importlib.import_module(module), function, None)
    except (ImportError, AttributeError, SyntaxError) as error:
        raise UsageError(f"validator {name!r} cannot be imported: {error}") from error
    if not callable(validator):
        raise UsageError(f"validator {name!r}: {function!r} is not a function of {module}")
    return cast("Validator", validator)


def legacy_issues(name: str, path: str) -> tuple[str, ...]:
    """The validator's texts for one file; what it raises becomes a text, as in the reference."""
    validator = load_validator(name)
    try:
        found = validator(path, require_x2048=True, check_parquet=False, check_transformer=True, check_iv3=True)
        return tuple(str(text) for text in found or ())
    except Exception as error:  # noqa: BLE001 - the plug-in is not ours: whatever it raises is its answer for this file
        return (f"validate_npz_file_error:{error}",)
