"""What a process that has just started loads."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from tests.conftest import ROOT

_PROBE = """
import importlib, sys
forbidden = set(sys.argv[1].split(","))
for name in sys.argv[2:]:
    importlib.import_module(name)
    loaded = sorted(forbidden & {module.partition(".")[0] for module in sys.modules})
    if loaded:
        print(f"importing {name} loads {', '.join(loaded)}")
        break
"""


def run(
    arguments: Sequence[str], folder: Path = ROOT, extra: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run this Python in `folder`, with `extra` environment variables; it must end well."""
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env={**os.environ, **(extra or {})},
        capture_output=True,
        text=True,
        check=False,
    )
    said = [line for line in done.stderr.splitlines() if not line.startswith("import time:")]
    assert done.returncode == 0, "\n".join([done.stdout, *said])
    return done


def first_to_load(names: Sequence[str], forbidden: Collection[str], folder: Path = ROOT) -> str:
    """Import the modules in turn in a fresh process that runs in `folder`; say which first loads a forbidden one."""
    done = run(["-c", _PROBE, ",".join(forbidden), *names], folder)
    return done.stdout.strip()


def loaded_by(arguments: Sequence[str], folder: Path = ROOT) -> set[str]:
    """First names of all modules that `python ARGUMENTS` loads before it ends; it must end well."""
    done = run(["-X", "importtime", *arguments], folder)
    times = [line for line in done.stderr.splitlines() if line.startswith("import time:")]
    return {line.rpartition("|")[2].strip().partition(".")[0] for line in times}
