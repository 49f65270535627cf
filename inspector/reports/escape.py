"""Text of any origin inside Markdown."""

from __future__ import annotations

import html
import re

from inspector.audit.record import visible

_ORDINARY = re.compile(r"[\w./\\:~+=,@%# -]+")
_MARKUP = re.compile(r"([\\`*_{}\[\]()#+!|~-])")


def escaped(text: str) -> str:
    """Any text as Markdown that shows it: a plain name as code, another with its markup and HTML escaped."""
    if _ORDINARY.fullmatch(text):
        return f"`{text}`" if text.strip() == text else f"` {text} `"
    return html.escape(_MARKUP.sub(r"\\\1", visible(text)), quote=False)
