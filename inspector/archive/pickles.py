"""What is inside a pickle, without unpickling it: nothing named in it is ever imported or called."""

from __future__ import annotations

from inspector.archive.opaque import USUAL_LIMITS, Opaque, PickleLimits

__all__ = ["Opaque", "PickleLimits", "decode_pickle", "pickle_imports"]


def decode_pickle(data: bytes, limits: PickleLimits = USUAL_LIMITS) -> object:
    """The value of a pickle, as far as it is made of plain things.

    Containers, text, bytes, numbers, None, booleans, numpy scalars and arrays of plain dtypes are rebuilt by code of
    ours; an array of objects becomes nested lists, 0-d its element. Everything else, wherever it sits, becomes an
    `Opaque` with the name that unpickling would have imported. Nothing is shared in the answer and it holds no
    cycle, so that it can be walked, printed or written as it is.

    Parameters
    ----------
    data
        A pickle of any protocol; what follows its end is ignored.

    Raises
    ------
    PickledMemberError
        If the pickle is damaged, or exceeds a limit.
    """
    from inspector.archive.pickle_machine import Machine  # needed for few files, and costs a few milliseconds
    from inspector.archive.pickle_values import Expansion

    return Expansion(limits).expand(Machine(data, limits).run())


def pickle_imports(data: bytes, limits: PickleLimits = USUAL_LIMITS) -> tuple[str, ...]:
    """Names such as ``os.system`` that unpickling would import, sorted, each once.

    Never raises: of a damaged pickle, those that come before the damage; of an endless one, also `UNFINISHED`.
    """
    from inspector.archive.pickle_machine import imports

    return imports(data, limits)
