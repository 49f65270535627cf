"""Words from files, made safe to hand to Qt."""

from __future__ import annotations

_TIP_LIMIT = 2000


def tip(text: str) -> str:
    """Text for a tooltip: wrapped, and never taken for markup, for a file may say anything."""
    import html  # brings a large table of names

    if len(text) > _TIP_LIMIT:
        text = f"{text[:_TIP_LIMIT]}…"
    return f"<p style='white-space: pre-wrap'>{html.escape(text)}</p>"
