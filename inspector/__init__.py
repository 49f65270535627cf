"""NPZ Inspector: is this data fit to train on?

The engine (archive, profiles, checks, audit, reports) needs no Qt; the window lives in `inspector.gui`.
"""

__version__ = "0.1.0"
