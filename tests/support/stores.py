"""A file system that counts what is asked of it."""

from __future__ import annotations

from typing import Any

from fsspec import register_implementation
from fsspec.implementations.memory import MemoryFileSystem


class Counted(MemoryFileSystem):  # type: ignore[misc]  # fsspec has no types
    """In memory, under ``counted://``; `asked` holds what was asked for since it was last cleared."""

    protocol = "counted"
    store: dict[str, Any] = {}  # noqa: RUF012 - as its base has it
    pseudo_dirs: list[str] = [""]  # noqa: RUF012 - as its base has it
    asked: list[tuple[str, ...]] = []  # noqa: RUF012 - cleared by each test

    def info(self, path: str, **kwargs: Any) -> dict[str, Any]:
        self.asked.append(("info",))
        return dict(super().info(path, **kwargs))

    def cat_file(self, path: str, start: int | None = None, end: int | None = None, **kwargs: Any) -> bytes:
        self.asked.append(("get", f"{start}-{end}"))
        return bytes(self.store[self._strip_protocol(path)].getbuffer()[start:end])

    @classmethod
    def _strip_protocol(cls, path: str) -> str:
        return str(super()._strip_protocol(path.replace("counted://", "memory://")))


def register() -> None:
    """Make it known in this process."""
    register_implementation("counted", Counted, clobber=True)
