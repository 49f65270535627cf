"""Where every start begins: the command, ``python -m inspector``, a frozen bundle; light, for workers import it too."""

from __future__ import annotations

import sys
from typing import NoReturn


def main() -> NoReturn:
    """Run the command line."""
    if sys.argv[1:2] == ["audit"] and "--workers" not in sys.argv:
        from pathlib import Path

        if any(Path(argument).is_dir() for argument in sys.argv[2:]):
            from inspector.workers import warm_up

            warm_up()  # on another core, while the command line is still being imported
    from inspector.cli import main as run

    run()


if __name__ == "__main__":
    main()
