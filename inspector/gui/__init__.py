"""The window. Nothing below it knows Qt.

PySide6 reads the source of every module that is imported after it; what has many modules is therefore imported before.
"""

from importlib import import_module

for _name in ("numpy", "inspector.checks", "inspector.profiles", "inspector.audit"):
    import_module(_name)
