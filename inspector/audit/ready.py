"""What the fork server imports, once for all workers that are forked from it; see `inspector.workers`."""

from __future__ import annotations

import atexit
import gc
import os

from inspector.audit import compact, one, processes
from inspector.profiles import builtin_profiles
from inspector.workers import FORK_SERVER

__all__ = ["compact", "one", "processes"]

if FORK_SERVER in os.environ:
    builtin_profiles()
    gc.freeze()
    # It holds the command's stdout open: whoever reads that waits until it is gone, and it has nothing to tidy up.
    atexit.register(os._exit, 0)
