"""What the commands say, and where: results on stdout, everything about the run on stderr."""

from __future__ import annotations

import os
import sys

import click

from inspector.audit.record import visible

COLOURS = {"error": "magenta", "fail": "red", "warn": "yellow", "pass": "green"}


def say(text: str = "", *, colour: str | None = None, literal: bool = False) -> None:
    """Print a line of results; quiet when the reader of the pipe has gone.

    Parameters
    ----------
    text
        Shown with control characters escaped, so that no file name can drive the terminal.
    colour
        Of the first word, where the terminal has colours.
    literal
        The text is ours or machine-readable: several lines, nothing escaped or coloured.
    """
    line = text if literal else as_printed(text, colour)
    try:
        click.echo(line)
    except BrokenPipeError:
        silence()
    except UnicodeEncodeError:  # a terminal without Unicode
        click.echo(line.encode("ascii", "backslashreplace").decode())


def as_printed(text: str, colour: str | None = None) -> str:
    """A line as `say` prints it on a terminal."""
    line = visible(text)
    if colour and "NO_COLOR" not in os.environ:
        word, gap, rest = line.partition(" ")
        line = click.style(word, fg=colour) + gap + rest
    return line


def silence() -> None:
    """Send the rest of stdout nowhere; also what Python flushes when it ends."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


def note(text: str) -> None:
    """Print a line about the run."""
    click.echo(visible(text), err=True)


def size(count: int) -> str:
    """Bytes for people, as in ``1.4 MB``."""
    if count < 0:
        return "unknown size"
    amount, units = float(count), ["bytes", "KB", "MB", "GB", "TB"]
    while amount >= 1000 and len(units) > 1:
        amount /= 1000
        units.pop(0)
    return f"{amount:.0f} {units[0]}" if units[0] == "bytes" else f"{amount:.1f} {units[0]}"


def has_screen() -> bool:
    """Whether a window could be shown here."""
    if os.environ.get("QT_QPA_PLATFORM", "").partition(":")[0] in ("offscreen", "minimal"):
        return False
    return not sys.platform.startswith("linux") or any(os.environ.get(n) for n in ("DISPLAY", "WAYLAND_DISPLAY"))
