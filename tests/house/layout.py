"""How the checkout is laid out and what its code must never do, read from the files."""

from __future__ import annotations

import ast
import re
import subprocess
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path

TOP_LEVEL = frozenset(
    "pyproject.toml README.md inspector resources tests packaging "
    ".ci .gitignore .github .pre-commit-config.yaml".split()
)
LONGEST = 420  # lines; aim for 300

# Calls that run what a file holds, by the last part of the name and the modules it comes from.
UNPICKLERS = frozenset({"pickle", "_pickle", "cPickle", "dill", "cloudpickle", "joblib", "marshal", "shelve"})
RUNS = frozenset({"eval", "exec"})


def tracked(root: Path) -> list[str] | None:
    """Files that are, or would be, part of the repository; None where there is no checkout or no git."""
    if not (root / ".git").exists():
        return None
    command = ["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        done = subprocess.run(command, cwd=root, capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return [name for name in done.stdout.decode(errors="surrogateescape").split("\0") if name]


def top_level_errors(files: Iterable[str]) -> list[str]:
    """What lies at the top level and should not, and what should and does not."""
    there = {name.partition("/")[0] for name in files}
    return [f"{name}: does not belong at the top level" for name in sorted(there - TOP_LEVEL)] + [
        f"{name}: missing from the top level" for name in sorted(TOP_LEVEL - there)
    ]


def packaging_errors(files: Iterable[str]) -> list[str]:
    """An importable `packaging/` would stand in for the library of that name."""
    return [
        f"{name}: packaging/ is no package" for name in files if re.fullmatch(r"packaging/(.*/)?__init__\.py", name)
    ]


def length_errors(root: Path) -> list[str]:
    """Modules of the product that are too long to be one thing."""
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in sources(root / "inspector")}
    return [
        f"{path.relative_to(root)}: {lines} lines, at most {LONGEST}"
        for path, lines in lengths.items()
        if lines > LONGEST
    ]


def sources(folder: Path) -> list[Path]:
    """Python files under a folder, sorted."""
    return sorted(folder.rglob("*.py"))


def danger_errors(root: Path) -> list[str]:
    """Code of the product that could run what a file holds, or filter rows one Python call at a time."""
    return [
        f"{path.relative_to(root)}:{line}: {what}"
        for path in sources(root / "inspector")
        for line, what in _dangers(ast.parse(path.read_text(encoding="utf-8"), filename=str(path)))
    ]


def _dangers(tree: ast.AST) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        match node:
            case ast.keyword(arg="allow_pickle", value=value) if not _is_false(value):
                yield value.lineno, "allow_pickle that is not False"
            case ast.Call(func=ast.Name(id=name)) if name in RUNS:
                yield node.lineno, f"{name}()"
            case ast.Attribute(value=ast.Name(id="builtins"), attr=name) if name in RUNS:
                yield node.lineno, f"builtins.{name}"
            case ast.Attribute(value=ast.Name(id=module), attr="load" | "loads" | "Unpickler" | "open" as name) if (
                module in UNPICKLERS
            ):
                yield node.lineno, f"{module}.{name}"
            case ast.ImportFrom(module=str(module), names=names) if module in UNPICKLERS:
                yield from (
                    (node.lineno, f"{module}.{alias.name}")
                    for alias in names
                    if alias.name in {"load", "loads", "Unpickler", "open", "*"}
                )
            case ast.Call(func=ast.Attribute(attr="load", value=ast.Name(id="np" | "numpy")), args=[_, _, _, *_]):
                yield node.lineno, "np.load with allow_pickle by position"
            case ast.Name(id="QSortFilterProxyModel") | ast.Attribute(attr="QSortFilterProxyModel"):
                yield node.lineno, "QSortFilterProxyModel takes seconds for rows that numpy sorts in milliseconds"


def _is_false(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is False


def sleep_errors(root: Path) -> list[str]:
    """Tests that wait for a time, not for what they wait for."""
    return [
        f"{path.relative_to(root)}:{node.lineno}: sleeps"
        for path in sources(root / "tests")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"), filename=str(path)))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) in {"time.sleep", "sleep", "QTest.qSleep", "QTest.qWait"}
    ]


def dependency_errors(pyproject: Path) -> list[str]:
    """Dependencies without a word on what they are for, or without the oldest version that will do."""
    text = pyproject.read_text(encoding="utf-8")
    tables = tomllib.loads(text)
    project = tables["project"]
    groups = [project["dependencies"], *project.get("optional-dependencies", {}).values()]
    groups += tables.get("dependency-groups", {}).values()
    errors = []
    for wanted in (entry for group in groups for entry in group):
        if not re.search(rf'^\s*"{re.escape(wanted)}",\s*# \w', text, flags=re.MULTILINE):
            errors.append(f"{wanted}: no word on what it is for")
        if ">=" not in wanted:
            errors.append(f"{wanted}: no oldest version")
    return errors
