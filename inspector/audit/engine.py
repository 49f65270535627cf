"""Where an audit runs, as it is asked for."""

from __future__ import annotations

from dataclasses import dataclass

from inspector.errors import UsageError


@dataclass(frozen=True, slots=True)
class Engine:
    """Where an audit runs.

    Attributes
    ----------
    dask
        On a dask cluster; else in processes of our own.
    address
        Of its scheduler, or the path of a scheduler file; None starts a cluster on this machine.
    """

    dask: bool = False
    address: str | None = None

    @classmethod
    def parse(cls, text: str) -> Engine:
        """``local``, ``dask`` or ``dask=ADDRESS``.

        Raises
        ------
        UsageError
            If it is none of them.
        """
        name, equals, address = text.partition("=")
        if text == "local":
            return cls()
        if name == "dask" and bool(equals) == bool(address):
            return cls(True, address or None)
        raise UsageError(f"engine: expected local, dask or dask=ADDRESS, got {text!r}")


LOCAL = Engine()
