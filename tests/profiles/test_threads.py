"""The window reads profiles in several threads at once, the first time included."""

from __future__ import annotations

import subprocess
import sys

SCRIPT = """
import sys, threading
from inspector.profiles import builtin_profiles

sys.setswitchinterval(1e-6)
start, found = threading.Barrier(4), []
def use():
    start.wait()
    found.append(builtin_profiles())
threads = [threading.Thread(target=use) for _ in range(4)]
for thread in threads: thread.start()
for thread in threads: thread.join()
assert len(found) == 4
"""


def test_first_use_in_several_threads() -> None:
    # In a process of its own, for only the first use counts and a failure is a crash; several, for not each crashes.
    for _ in range(6):
        done = subprocess.run([sys.executable, "-X", "faulthandler", "-c", SCRIPT], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
