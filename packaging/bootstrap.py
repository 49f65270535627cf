"""From a fresh checkout to a running program, with nothing but Python 3.11 or newer.

    python3 packaging/bootstrap.py demo [DIR]      make sample data, audit it, open the window
    python3 packaging/bootstrap.py run [ARGS...]   npz-inspector ARGS
    python3 packaging/bootstrap.py test            lint, types and tests, as the build server runs them

Keeps its own environment in `.venv`, so nothing but system libraries is installed outside the checkout,
and those only where Debian's package manager is there and it may be used. Where it may not, the line to
run by hand is printed, and what can go on without goes on.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
OLDEST = (3, 11)
WINDOWS = os.name == "nt"
BIN = "Scripts" if WINDOWS else "bin"

APT_OPTIONS = ("-y", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=120")

# Qt's own libraries come with its wheel; these it takes from the system. The value is Debian's package.
# Without the first group Qt does not load at all, not even to draw into memory.
QT_LIBRARIES = {
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libglib-2.0.so.0": "libglib2.0-0",
}
# Without the second it cannot put a window on an X11 or Wayland screen.
WINDOW_LIBRARIES = {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
}
# The tests of the real window need a screen, hands and eyes; without these programs they are skipped.
TEST_PROGRAMS = {"Xvfb": "xvfb", "xdotool": "xdotool", "import": "imagemagick"}

CHECKS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("ruff check", ("ruff", "check")),
    ("ruff format", ("ruff", "format", "--check")),
    ("mypy", ("mypy",)),
    ("pytest", ("pytest",)),
)


class BootstrapError(Exception):
    """Why it cannot go on, in words for the person who ran it."""


@dataclass(frozen=True)
class Need:
    """Something that the system lacks: what it is called, and the Debian package that has it."""

    name: str
    package: str


def say(text: str) -> None:
    """Print one line, at once, before whatever a child prints; on stderr, for stdout belongs to what is run."""
    print(f"bootstrap: {text}", file=sys.stderr, flush=True)


# What is missing ------------------------------------------------------------------------------------


def missing_libraries(names: Iterable[str]) -> list[str]:
    """Those of the shared libraries that cannot be loaded; asked in a child, so that none is loaded here."""
    probe = (
        "import ctypes, sys\n"
        "for name in sys.argv[1:]:\n"
        "    try:\n        ctypes.CDLL(name)\n"
        "    except OSError:\n        print(name)\n"
    )
    done = subprocess.run([sys.executable, "-c", probe, *names], capture_output=True, text=True, check=False)
    return done.stdout.split()


def has_font() -> bool:
    """Whether any font is installed where fontconfig looks."""
    mine = [Path(os.environ["HOME"], part) for part in (".fonts", ".local/share/fonts") if "HOME" in os.environ]
    folders = [Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), *mine]
    files = (name for folder in folders for _, _, names in os.walk(folder) for name in names)
    return any(name.lower().endswith((".ttf", ".otf", ".ttc", ".pfb")) for name in files)


def missing(command: str, *, fresh: bool) -> list[Need]:
    """What the system lacks for `command`, and for making the environment where that is still to do (`fresh`).

    Only on Linux; elsewhere Python's installer and the wheels bring it all.
    """
    if not sys.platform.startswith("linux"):
        return []
    needs = []
    if fresh and importlib.util.find_spec("ensurepip") is None:
        needs.append(Need("the Python module ensurepip", f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"))
    libraries = QT_LIBRARIES | WINDOW_LIBRARIES
    needs += [Need(name, libraries[name]) for name in missing_libraries(libraries)]
    if not has_font():
        needs.append(Need("a font", "fonts-dejavu-core"))
    if command == "test":
        needs += [Need(name, package) for name, package in TEST_PROGRAMS.items() if shutil.which(name) is None]
    return needs


def line_to_run(needs: Sequence[Need]) -> str:
    """One line for a person to run who may install packages."""
    packages = " ".join(dict.fromkeys(need.package for need in needs))
    install = f"apt-get update && apt-get install -y --no-install-recommends {packages}"
    return f"sudo sh -c '{install}'" if shutil.which("sudo") else f"su -c '{install}'"


def root_prefix() -> list[str] | None:
    """Words to put before a command to run it as root without being asked; None where that cannot be."""
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        return ["env", "DEBIAN_FRONTEND=noninteractive"]
    if shutil.which("sudo") is None:
        return None
    allowed = subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode == 0
    return ["sudo", "-n", "env", "DEBIAN_FRONTEND=noninteractive"] if allowed else None


# The environment ------------------------------------------------------------------------------------


def quietly(command: Sequence[str], *, tries: int = 1) -> bool:
    """Run in the checkout, without input, with the output kept in `.venv/bootstrap.log`; whether it succeeded.

    `tries` is 2 for what goes over a network, which may hiccup. The output of a last try that failed is shown.
    """
    path = VENV / "bootstrap.log"
    for left in reversed(range(tries)):
        with path.open("ab") as log:
            log.write(f"\n$ {' '.join(command)}\n".encode())
            log.flush()
            start = log.tell()
            code = subprocess.call(command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT)
        if code == 0:
            return True
        if left:
            say("that failed; trying once more")
    output = path.read_bytes()[start:].decode(errors="replace").rstrip()
    say(f"$ {' '.join(command)}\n{output}")
    say(f"that failed with exit code {code}; the whole log is {path}")
    return False


def venv_program(name: str) -> Path:
    """Where the environment keeps one of its programs."""
    return VENV / BIN / (f"{name}.exe" if WINDOWS else name)


def read_stamp() -> dict[str, object]:
    """What the last finished install says of itself; empty if none came to its end."""
    try:
        stamp = json.loads((VENV / "bootstrap.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def wanted_stamp(*, dev: bool) -> dict[str, object]:
    """What an install says that is just right for this checkout."""
    digest = hashlib.sha256((ROOT / "pyproject.toml").read_bytes()).hexdigest()
    return {"pyproject": digest, "root": str(ROOT), "dev": dev}


def venv_is_sound() -> bool:
    """Whether `.venv` holds a Python that starts, is new enough and has pip, and lies where it was filled.

    A moved environment starts, but its programs name the old place.
    """
    probe = (
        "import importlib.util as u, sys\n"
        f"sys.exit(0 if sys.prefix != sys.base_prefix and sys.version_info >= {OLDEST} and u.find_spec('pip') else 1)"
    )
    try:
        started = subprocess.run([venv_program("python"), "-c", probe], capture_output=True, timeout=120, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return started.returncode == 0 and read_stamp().get("root", str(ROOT)) == str(ROOT)


def venv_is_current(*, dev: bool) -> bool:
    """Whether nothing is to be installed: pyproject.toml is the one installed from, the tools are there if wanted."""
    enough = [wanted_stamp(dev=True)] + ([] if dev else [wanted_stamp(dev=False)])
    return read_stamp() in enough and venv_program("npz-inspector").is_file()


def make_venv() -> None:
    """Make the environment, with pip in it.

    Raises
    ------
    BootstrapError
        If Python's own installer of pip is missing and no other pip can take its place.
    """
    if importlib.util.find_spec("ensurepip") is not None:
        if not quietly([sys.executable, "-m", "venv", str(VENV)]):
            raise BootstrapError(f"cannot make {VENV}")
        return
    if importlib.util.find_spec("pip") is None:
        raise BootstrapError(f"cannot make {VENV}: this Python has neither ensurepip nor pip; see the line above")
    say("this Python has no ensurepip; its pip takes its place")
    pip = [sys.executable, "-m", "pip", "--python", str(venv_program("python")), "install", "pip"]
    if not (quietly([sys.executable, "-m", "venv", "--without-pip", str(VENV)]) and quietly(pip, tries=2)):
        raise BootstrapError(f"cannot make {VENV}")


def fill_venv(*, dev: bool) -> None:
    """Install the project, editable, and the development tools if wanted.

    Raises
    ------
    BootstrapError
        If pip failed twice; what it said has been shown.
    """
    stamp = VENV / "bootstrap.json"
    stamp.unlink(missing_ok=True)  # until it is written again, the environment counts as unfinished
    pip = [str(venv_program("python")), "-m", "pip", "install"]
    say("upgrading pip")
    if not quietly([*pip, "--upgrade", "pip>=25.1"], tries=2):  # the first that knows dependency groups
        raise BootstrapError("cannot upgrade pip")
    say(f"installing npz-inspector{' and the development tools' if dev else ''}; the first time this takes minutes")
    what = [".[cluster]", "--group", "dev"] if dev else ["."]  # the optional libraries are tested too
    if not quietly([*pip, "--editable", *what], tries=2):
        raise BootstrapError("cannot install npz-inspector")
    stamp.write_text(json.dumps(wanted_stamp(dev=dev)), encoding="utf-8")


def install_system(needs: Sequence[Need]) -> None:
    """Install what is missing where that is allowed, else say what to do. A failure is shown, not raised."""
    say(f"missing from the system: {', '.join(need.name for need in needs)}")
    if shutil.which("apt-get") is None:
        say("there is no apt-get here; install what has these with the system's own package manager")
        return
    prefix = root_prefix()
    if prefix is None:
        say(f"only root may install that; the line to run:\n    {line_to_run(needs)}")
        return
    packages = list(dict.fromkeys(need.package for need in needs))
    say(f"installing {' '.join(packages)}")
    # An old list of packages may still do, so a failed update does not end it.
    quietly([*prefix, "apt-get", "update"], tries=2)
    if not quietly([*prefix, "apt-get", "install", *APT_OPTIONS, *packages], tries=2):
        say("going on without")


def prepare(command: str) -> list[Need]:
    """Bring the system and `.venv` to what `command` needs, as far as that is allowed.

    Returns
    -------
    list of Need
        What the system still lacks.

    Raises
    ------
    BootstrapError
        If the environment cannot be made or filled.
    """
    dev = command == "test"
    if VENV.exists() and not venv_is_sound():
        say(f"{VENV} is broken, half made or was moved; making it anew")
        shutil.rmtree(VENV)
    fresh = not VENV.exists()
    VENV.mkdir(exist_ok=True)
    current = not fresh and venv_is_current(dev=dev)
    # What runs already is not held up: a window that lacks a library says so itself, and not every command has one.
    needs = [] if current and command == "run" else missing(command, fresh=fresh)
    if needs:
        install_system(needs)
        importlib.invalidate_caches()  # ensurepip may be there now
    if fresh:
        say(f"making {VENV}")
        make_venv()
    if not current:
        fill_venv(dev=dev)
    return missing(command, fresh=False) if needs else []


# The commands ---------------------------------------------------------------------------------------


def call(command: Sequence[str | Path], cwd: Path | None = None) -> int:
    """Run with this terminal's input and output. How to end on Ctrl-C, or when asked to stop, is the child's to say."""
    child = subprocess.Popen(command, cwd=cwd)
    before = signal.signal(signal.SIGTERM, lambda _number, _frame: child.terminate())
    try:
        while True:
            try:
                return child.wait()
            except KeyboardInterrupt:  # the terminal sends it to the child too
                continue
    finally:
        signal.signal(signal.SIGTERM, before)


def demo_folder() -> Path:
    """Where sample data goes unless told otherwise: this user's data folder, so that the checkout stays clean."""
    try:
        if WINDOWS:
            base = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
        elif sys.platform == "darwin":
            base = Path.home() / "Library" / "Application Support"
        else:
            base = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
        folder = base / "npz-inspector" / "demo"
        folder.mkdir(parents=True, exist_ok=True)
    except (OSError, RuntimeError):  # a home that is not there, or not ours to write to
        return Path(tempfile.mkdtemp(prefix="npz-inspector-demo-"))
    return folder


def demo(arguments: Sequence[str]) -> int:
    """Make sample data, audit it, open the window; without a screen, reports and a screenshot. DIR comes first."""
    if not arguments or arguments[0].startswith("-"):
        folder = demo_folder()
        say(f"sample data goes to {folder}")
        arguments = [str(folder), *arguments]
    return call([venv_program("npz-inspector"), "demo", *arguments])


def run(arguments: Sequence[str]) -> int:
    """Run the program with the arguments given."""
    return call([venv_program("npz-inspector"), *arguments])


def test(arguments: Sequence[str]) -> int:
    """Run lint, types and tests, all of them even if one fails; arguments go to pytest, which comes last."""
    failed = []
    for name, (program, *options) in CHECKS:
        say(name)
        extra = arguments if program == "pytest" else ()
        if call([venv_program(program), *options, *extra], cwd=ROOT):
            failed.append(name)
    say(f"failed: {', '.join(failed)}" if failed else f"fine: {', '.join(name for name, _ in CHECKS)}")
    return 1 if failed else 0


COMMANDS: dict[str, Callable[[Sequence[str]], int]] = {"demo": demo, "run": run, "test": test}


def main(arguments: Sequence[str]) -> int:
    """Do what was asked for and return the exit code; 2 for a usage that makes no sense."""
    if not arguments or arguments[0] not in COMMANDS:
        print(__doc__)
        return 0 if arguments and arguments[0] in {"-h", "--help"} else 2
    if sys.version_info[:2] < OLDEST:
        say(f"needs Python {OLDEST[0]}.{OLDEST[1]} or newer; this is {sys.version.split()[0]}")
        return 2
    command, *rest = arguments
    try:
        needs = prepare(command)
        code = COMMANDS[command](rest)
    except (BootstrapError, OSError) as error:
        say(f"cannot go on: {error}")
        return 1
    except KeyboardInterrupt:
        say("stopped; the same command goes on from here")
        return 130
    if code and needs and command != "run":  # there a code may be a verdict
        line = f"; the line to run:\n    {line_to_run(needs)}" if shutil.which("apt-get") else ""
        say(f"still missing from the system: {', '.join(need.name for need in needs)}{line}")
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
