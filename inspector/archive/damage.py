"""What is wrong with an archive, said without its place, and names made fit to print."""

from __future__ import annotations

from inspector.errors import ArchiveError


class DamageError(Exception):
    """A reason that reads on after a file's or member's name, as in "is encrypted".

    The reader knows the place and raises `kind` with the whole sentence; this never leaves the package.
    """

    def __init__(self, reason: str, kind: type[ArchiveError] = ArchiveError) -> None:
        super().__init__(reason)
        self.kind = kind


def shown(text: str, most: int = 300) -> str:
    """A path or name on one line: control characters, newlines and stray surrogates escaped, the middle cut."""
    if not text.isprintable():
        text = "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)
    return text if len(text) <= most else f"{text[: most // 2]}...{text[-most // 2 :]}"
