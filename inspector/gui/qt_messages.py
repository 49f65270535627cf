"""What Qt itself says on stderr, where one line of it means nothing."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QMessageLogContext, QtMsgType, qFormatLogMessage, qInstallMessageHandler

_MEANINGLESS = "This plugin does not support propagateSizeHints()"


@contextmanager
def unseen_windows() -> Iterator[None]:
    """Leave out what the offscreen platform says of every window; all else is said as before."""

    def say(kind: QtMsgType, context: QMessageLogContext, text: str) -> None:
        if text == _MEANINGLESS:
            return
        if before is not None:
            before(kind, context, text)
        else:
            sys.stderr.write(f"{qFormatLogMessage(kind, context, text)}\n")

    before = qInstallMessageHandler(say)
    try:
        yield
    finally:
        qInstallMessageHandler(before)
