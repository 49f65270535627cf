"""Who imports whom in a package, read from its source, and whether that is how the house is built."""

from __future__ import annotations

import ast
import graphlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

PACKAGE = "inspector"
QT = frozenset({"PySide6", "shiboken6", "pyqtgraph"})

# Room -> the rooms right below it; what lies below those it may import too. "" is the package's own front door.
RIGHT_BELOW: Mapping[str, Sequence[str]] = {
    "errors": (),
    "later": (),
    "paths": ("errors", "later"),
    "workers": (),
    "database": ("paths",),
    "archive": ("paths",),
    "profiles": ("paths",),
    "checks": ("archive", "profiles"),
    "audit": ("checks", "database", "workers"),
    "render": ("profiles",),
    "demo": ("profiles",),
    "reports": ("audit", "render"),
    "": ("reports",),
    "gui": ("reports", "demo"),
    "commands": ("reports",),
    "cli": ("commands", "demo", "gui"),
    "__main__": ("cli", "workers"),
}
# What a room may take from Qt; a room that is not named takes nothing.
QT_ALLOWED: Mapping[str, frozenset[str]] = {
    "render": frozenset({"PySide6.QtCore", "PySide6.QtGui"}),
    "reports": frozenset({"PySide6.QtCore", "PySide6.QtGui"}),
    "gui": QT,
    "cli": QT,
}


@dataclass(frozen=True)
class Import:
    """One import: the module it stands in, what it names, and whether it runs as soon as the module is imported."""

    module: str
    target: str
    line: int
    at_once: bool

    def __str__(self) -> str:
        return f"{self.module}:{self.line} imports {self.target}"


def modules(root: Path, package: str = PACKAGE) -> dict[str, Path]:
    """Dotted name -> file, for every module of the package that lies in `root`."""
    found = {}
    for path in sorted((root / package).rglob("*.py")):
        parts = path.relative_to(root).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def read_imports(root: Path, package: str = PACKAGE) -> list[Import]:
    """Every import of every module: at the top, inside functions, under TYPE_CHECKING, by `import_module("...")`."""
    known = modules(root, package)
    found = []
    for module, path in known.items():
        tree = ast.parse(path.read_text(encoding="utf-8"), filename=str(path))
        base = module.split(".") if path.name == "__init__.py" else module.split(".")[:-1]
        for node, at_once in _walk(tree, at_once=True):
            for target in _targets(node, base, known):
                found.append(Import(module, target, getattr(node, "lineno", 0), at_once))
    return found


def _walk(node: ast.AST, *, at_once: bool) -> Iterator[tuple[ast.AST, bool]]:
    yield node, at_once
    for field, value in ast.iter_fields(node):
        later = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) and field == "body"
        typing_only = isinstance(node, ast.If) and field == "body" and "TYPE_CHECKING" in ast.unparse(node.test)
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST):
                yield from _walk(child, at_once=at_once and not later and not typing_only)


def _targets(node: ast.AST, base: list[str], known: Mapping[str, Path]) -> Iterator[str]:
    match node:
        case ast.Import(names=names):
            yield from (alias.name for alias in names)
        case ast.ImportFrom(module=source, names=names, level=level):
            above = base[: len(base) - level + 1] if level else []
            origin = ".".join([*above, *([source] if source else [])])
            for alias in names:
                inner = f"{origin}.{alias.name}"
                if origin.partition(".")[0] in QT or inner in known:
                    yield inner
                elif alias.name != "__version__":  # bound before any module of the package can run
                    yield origin
        case ast.Call(func=called, args=[ast.Constant(value=str(name)), *_]):
            if ast.unparse(called).rpartition(".")[2] in {"import_module", "__import__"}:
                yield name


def room(module: str, package: str = PACKAGE) -> str | None:
    """The part of the house that a module belongs to, or None for a module of somebody else's."""
    first, *rest = module.split(".")
    if first != package:
        return None
    return rest[0] if rest else ""


def rooms_below(name: str) -> set[str]:
    """Every room that `name` may import."""
    below: set[str] = set()
    for nearest in RIGHT_BELOW[name]:
        below |= {nearest} | rooms_below(nearest)
    return below


def direction_errors(imports: Sequence[Import]) -> list[str]:
    """Imports that point upward or sideways between rooms, and rooms that the house does not have."""
    errors = []
    for one in imports:
        source, target = room(one.module), room(one.target)
        if source is None or target is None or source == target:
            continue
        if source not in RIGHT_BELOW or target not in RIGHT_BELOW:
            errors.append(f"{one}: no such room in the house")
        elif target not in rooms_below(source):
            errors.append(f"{one}: {target or PACKAGE} is not below {source or PACKAGE}")
    return errors


def cycle_errors(imports: Sequence[Import]) -> list[str]:
    """A ring of modules that import each other, if there is one."""
    graph: dict[str, set[str]] = {}
    for one in imports:
        if room(one.target) is not None and one.target != one.module:
            graph.setdefault(one.module, set()).add(one.target)
    try:
        graphlib.TopologicalSorter(graph).prepare()
    except graphlib.CycleError as error:
        return [" <- ".join(error.args[1])]
    return []


def qt_errors(imports: Sequence[Import]) -> list[str]:
    """Qt where there is to be none; in the command line it comes in only with the command that needs it."""
    errors = []
    for one in imports:
        source = room(one.module)
        if source is None or one.target.partition(".")[0] not in QT:
            continue
        allowed = QT_ALLOWED.get(source, frozenset())
        parts = one.target.split(".")
        if not allowed & {".".join(parts[:count]) for count in range(1, len(parts) + 1)}:
            errors.append(f"{one}: {source or PACKAGE} may have {', '.join(sorted(allowed)) or 'no Qt'}")
        elif source == "cli" and one.at_once:
            errors.append(f"{one} at once, not inside the command that needs it")
    return errors


def reaches(imports: Sequence[Import], start: str, wanted: str) -> bool:
    """Whether importing module `start` also imports a module of room `wanted`."""
    edges: dict[str, set[str]] = {}
    for one in imports:
        if one.at_once:
            edges.setdefault(one.module, set()).add(one.target)
    seen, todo = {start}, [start]
    while todo:
        for target in edges.get(todo.pop(), set()) - seen:
            if room(target) == wanted:
                return True
            seen.add(target)
            todo.append(target)
    return False
