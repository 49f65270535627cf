"""Which command each action of the table runs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from functools import partial
from typing import TYPE_CHECKING

from inspector.gui.actions import Handler
from inspector.gui.dialogs import Dialogs
from inspector.gui.export import Exporter
from inspector.gui.export_media import MEDIA
from inspector.gui.session import Session
from inspector.gui.view import Display

if TYPE_CHECKING:
    from inspector.gui.panes.file_list import FileListPane


def commands(
    session: Session, dialogs: Dialogs, exporter: Exporter, files: Callable[[], FileListPane]
) -> dict[str, Handler]:
    """What to call for each action that is no matter of the window itself; checkable ones take the new state."""
    found: dict[str, Handler] = {
        "open_files": dialogs.ask_files,
        "open_folder": dialogs.ask_folder,
        "close": session.close,
        "play": session.toggle_playing,
        "back": partial(session.step, -1),
        "forward": partial(session.step, 1),
        "back_10": partial(session.step, -10),
        "forward_10": partial(session.step, 10),
        "back_second": partial(session.step_seconds, -1.0),
        "forward_second": partial(session.step_seconds, 1.0),
        "first_frame": session.go_to_start,
        "last_frame": session.go_to_end,
        "go_to_frame": dialogs.ask_frame,
        "slower": partial(session.change_speed, -1),
        "faster": partial(session.change_speed, 1),
        "normal_speed": partial(session.set_speed, 1.0),
        "loop": session.set_loop,
        "whole_clip": partial(session.set_span, None),
        "next_finding": partial(session.next_finding, 1),
        "previous_finding": partial(session.next_finding, -1),
        "next_sample": partial(session.step_sample, 1),
        "previous_sample": partial(session.step_sample, -1),
        "next_file": partial(session.next_file, 1),
        "previous_file": partial(session.next_file, -1),
        "reaudit": session.reaudit,
        "reaudit_selected": partial(_reaudit_selected, session, files),
        "cancel": session.cancel,
        "compare": session.set_comparing,
        "labels": dialogs.ask_labels,
        "splits": dialogs.ask_splits,
        "forget_lists": session.forget_lists,
        "find": partial(_find, files),
        "help": dialogs.show_help,
        "about": dialogs.show_about,
    }
    found |= {f"export.{kind}": partial(exporter.ask, kind) for kind in ("all", "csv", "jsonl", "md")}
    found |= {name: partial(exporter.media.ask, name) for name in MEDIA}
    found |= {each.name: partial(_draw, session, each.name) for each in fields(Display)}
    return found


def _draw(session: Session, name: str, on: bool) -> None:
    session.set_display(replace(session.view.display, **{name: on}))


def _find(files: Callable[[], FileListPane]) -> None:
    files().focus_search()


def _reaudit_selected(session: Session, files: Callable[[], FileListPane]) -> None:
    if paths := files().selected_paths():
        session.reaudit(paths)
