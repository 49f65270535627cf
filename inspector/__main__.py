"""Where every start begins: the command, ``python -m inspector``, a frozen bundle; light, for workers import it too."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import NoReturn


def main() -> NoReturn:
    """Run the command line; workers that it will need start while it is still being imported."""
    if sys.argv[1:2] == ["audit"]:
        from inspector.commands.again import answer

        if (code := answer(sys.argv[1:])) is not None:
            sys.exit(code)
    if wants_workers(sys.argv[1:]):
        from inspector.workers import warm_up

        warm_up()
    from inspector.cli import main as run

    run()


def wants_workers(arguments: Sequence[str]) -> bool:
    """Whether this looks like the audit of a folder, in other processes. A wrong guess only costs time."""
    if list(arguments[:1]) != ["audit"] or "--workers=0" in arguments or ("--workers", "0") in pairwise(arguments):
        return False
    if any(argument.removeprefix("--engine=").startswith("dask") for argument in arguments):
        return False
    return any("://" in argument or Path(argument).is_dir() for argument in arguments[1:])


if __name__ == "__main__":
    main()
