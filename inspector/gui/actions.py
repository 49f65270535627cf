"""Every action of the window in one table: menus, shortcuts, the toolbar and the help are made from it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QEvent, QObject, Qt, Slot
from PySide6.QtGui import QAction, QActionGroup, QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)
from shiboken6 import isValid

from inspector.gui import icons

Handler = Callable[..., object]


@dataclass(frozen=True, slots=True)
class Spec:
    """One action.

    Attributes
    ----------
    name
        Its key in `Actions`; starts with the submenu's name and a dot when it stands in one.
    group
        Only one of a group is checked at a time.
    typing
        Its shortcut also works while the user types in a field.
    rule
        A line is drawn above it.
    """

    name: str
    text: str
    keys: tuple[str, ...] = ()
    icon: str = ""
    tip: str = ""
    checkable: bool = False
    group: str = ""
    typing: bool = False
    rule: bool = False


_HELP = "?"

MENUS: dict[str, tuple[Spec, ...]] = {
    "&File": (
        Spec("open_files", "&Open files…", ("Ctrl+O",), "open", "Open .npz files, or a .jsonl report", typing=True),
        Spec("open_folder", "Open f&older…", ("Ctrl+Shift+O",), "folder", "Open a folder of .npz files", typing=True),
        Spec("recent", "Open &recent"),
        Spec("export", "&Export", rule=True, icon="export"),
        Spec("export.all", "&All reports…", ("Ctrl+E",), tip="Save CSV, JSON lines and Markdown", typing=True),
        Spec("export.csv", "&CSV table…", rule=True),
        Spec("export.jsonl", "&JSON lines…"),
        Spec("export.md", "&Markdown summary and assessments…"),
        Spec("export.sheet", "Contact &sheet (PNG)…", rule=True, tip="Draw frames of the selected file side by side"),
        Spec("export.trajectories", "&Trajectories (PNG)…", tip="Draw where the objects of the selected file go"),
        Spec("export.film", "A&nimation (MP4)"),
        Spec("export.film.preview", "&Preview: 30 frames a second…", tip="Film the selected clip, fast and plain"),
        Spec(
            "export.film.detailed", "&Detailed: 15, with frame and time…", tip="Film the selected clip, with captions"
        ),
        Spec("export.film.slowmo", "&Slow motion: 10, with frame and time…", tip="Film the selected clip, slowly"),
        Spec("export.sample", "&Film of this sample (MP4)…", tip="Film the sample that is shown"),
        Spec("close", "&Close", ("Ctrl+W",), rule=True, typing=True),
        Spec("quit", "&Quit", ("Ctrl+Q",), typing=True),
    ),
    "&View": (
        Spec("show_list", "File &list", checkable=True),
        Spec("show_timeline", "&Timeline", checkable=True),
        Spec("show_details", "&Findings and measurements", checkable=True),
        Spec("codes", "Li&st only files with", rule=True),
        Spec("bones", "&Bones", checkable=True, rule=True),
        Spec("hidden_points", "&Hidden points", checkable=True, tip="Draw undetected points as hollow circles"),
        Spec("trails", "T&rails", checkable=True, tip="Draw where each point was in the frames before"),
        Spec("ids", "Point &numbers", checkable=True),
        Spec("difference", "&Difference", ("D",), checkable=True, rule=True, tip="Videos: what changed, in colour"),
        Spec("contrast", "C&ontrast", checkable=True, tip="Videos: stretch from darkest to brightest"),
        Spec("theme", "&Colours", rule=True),
        Spec("theme.system", "As the &system", checkable=True, group="theme"),
        Spec("theme.light", "&Light", checkable=True, group="theme"),
        Spec("theme.dark", "&Dark", checkable=True, group="theme"),
        Spec("full_screen", "F&ull screen", ("F11",), checkable=True, typing=True),
    ),
    "&Playback": (
        Spec("play", "&Play or pause", ("Space",), "play"),
        Spec("back", "One frame &back", ("Left", ","), "step_back"),
        Spec("forward", "One frame &forward", ("Right", "."), "step_forward"),
        Spec("back_10", "10 frames back", ("Shift+Left",)),
        Spec("forward_10", "10 frames forward", ("Shift+Right",)),
        Spec("back_second", "1 second back", ("Ctrl+Left",)),
        Spec("forward_second", "1 second forward", ("Ctrl+Right",)),
        Spec("first_frame", "F&irst frame", ("Home",)),
        Spec("last_frame", "&Last frame", ("End",)),
        Spec("go_to_frame", "&Go to frame…", ("Ctrl+J",)),
        Spec("slower", "&Slower", ("[",), rule=True),
        Spec("faster", "F&aster", ("]",)),
        Spec("normal_speed", "&Normal speed", ("Backspace",)),
        Spec("loop", "L&oop", ("L",), "loop", checkable=True),
        Spec("whole_clip", "Play the &whole clip", tip="Forget the range set by Shift+drag in the timeline"),
        Spec("next_finding", "Next fin&ding", ("N",), "next", "Over files, too", rule=True),
        Spec("previous_finding", "Previous findin&g", ("Shift+N",), "previous", "Over files, too"),
        Spec("next_sample", "Next sa&mple", ("Alt+Down",), tip="Of a data set, within the filter"),
        Spec("previous_sample", "Previous samp&le", ("Alt+Up",), tip="Of a data set, within the filter"),
        Spec("next_file", "Next fil&e", ("Ctrl+Down",)),
        Spec("previous_file", "Pre&vious file", ("Ctrl+Up",)),
    ),
    "&Tools": (
        Spec("reaudit", "&Re-audit all files", ("F5",), "reload", "Read all files again and judge them", typing=True),
        Spec("reaudit_selected", "Re-audit &selected files", ("Shift+F5",), typing=True),
        Spec("cancel", "&Cancel the audit", ("Ctrl+.",), "cancel", "Stop; what is done stays", typing=True),
        Spec("find", "&Find in the list", ("Ctrl+F",), rule=True, typing=True),
        Spec(
            "compare", "Compare &duplicates", ("Ctrl+D",), checkable=True, tip="See a clip and its copies side by side"
        ),
        Spec("labels", "&Labels…", rule=True, tip="Join a table of labels (CSV with a column 'file') to the files"),
        Spec("splits", "Spl&its…", tip="Say by lists of files which are for training, validation and test"),
        Spec("forget_lists", "For&get labels and splits", tip="Take them away from this folder"),
        Spec("profile", "&Profile", rule=True),
        Spec("target", "&Targets"),
    ),
    "&Help": (
        Spec("help", "&Shortcuts", (_HELP, "F1")),
        Spec("about", "&About NPZ Inspector"),
    ),
}
SUBMENUS = ("recent", "export", "export.film", "codes", "theme", "profile", "target")

HABITS: tuple[tuple[str, str], ...] = (
    ("Up, Down in the list", "Select a file"),
    ("Enter or double-click in the list", "Look at the file's details"),
    ("Click a lane, a finding or a plot", "Go to that frame"),
    ("Shift+drag in the timeline", "Play only that range"),
    ("Wheel, drag, double-click on the canvas", "Zoom, pan, fit"),
    ("Click a path or a plot's point", "Go to that frame or sample"),
    ("Drag the 3-D view", "Turn it"),
    ("Drop files or folders on the window", "Open them"),
    ("Drop a .csv of labels, .txt lists of splits", "Join them to the open files"),
    ("Open or drop a .jsonl report", "See its verdicts, at the first failing file"),
)
"""What hands can do that is no action; shown in the help beside the shortcuts."""


def specs() -> dict[str, Spec]:
    """All actions by name, in menu order."""
    return {spec.name: spec for menu in MENUS.values() for spec in menu}


class Actions(QObject):
    """The window's actions, ready for menus and toolbars; `actions[name]` is the `QAction`."""

    def __init__(self, window: QWidget, handlers: Mapping[str, Handler]) -> None:
        super().__init__(window)
        self._handlers = dict(handlers)
        self._actions: dict[str, QAction] = {}
        groups: dict[str, QActionGroup] = {}
        for name, spec in specs().items():
            if name in SUBMENUS:
                continue
            action = QAction(spec.text, window)
            action.setObjectName(name)
            action.setCheckable(spec.checkable)
            action.setShortcuts([QKeySequence(key) for key in spec.keys])
            keys = ", ".join(QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText) for key in spec.keys)
            words = spec.tip or spec.text.replace("&", "").rstrip("…")
            action.setToolTip(f"{words} ({keys})" if keys else words)
            if spec.icon:
                action.setIcon(icons.icon(spec.icon))
            if spec.group:
                groups.setdefault(spec.group, QActionGroup(window)).addAction(action)
            action.triggered.connect(partial(self._run, name))
            window.addAction(action)  # its shortcut works also while the menu bar is hidden
            self._actions[name] = action
        if missing := self._actions.keys() - self._handlers.keys():
            raise KeyError(f"actions without a handler: {', '.join(sorted(missing))}")
        self.guard = KeyGuard(self)

    def __getitem__(self, name: str) -> QAction:
        return self._actions[name]

    def enable(self, names: tuple[str, ...], on: bool) -> None:
        """Switch several on or off."""
        for name in names:
            self._actions[name].setEnabled(on)

    def fill(self, menu: QMenu, title: str) -> dict[str, QMenu]:
        """Put one of `MENUS` into a menu; returns its submenus by name."""
        found: dict[str, QMenu] = {}
        for spec in MENUS[title]:
            parent, _, _ = spec.name.rpartition(".")
            into = found[parent] if parent else menu
            if spec.rule:
                into.addSeparator()
            if spec.name in SUBMENUS:
                found[spec.name] = into.addMenu(spec.text)
                if spec.icon:
                    found[spec.name].setIcon(icons.icon(spec.icon))
            else:
                into.addAction(self._actions[spec.name])
        return found

    def _run(self, name: str, *_: bool) -> None:
        handler, action = self._handlers[name], self._actions[name]
        if action.isCheckable() and action.actionGroup() is None:
            handler(action.isChecked())
        else:
            handler()


class KeyGuard(QObject):
    """Keeps shortcuts from taking keys that the focused widget needs itself."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._while_typing = [QKeySequence(key) for spec in specs().values() if spec.typing for key in spec.keys]
        self._watched: QObject | None = None
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._focus_changed)

    @Slot(QWidget, QWidget)
    def _focus_changed(self, _old: QWidget | None, new: QWidget | None) -> None:
        if self._watched is not None and isValid(self._watched):  # a widget may go while it has the focus
            self._watched.removeEventFilter(self)
        self._watched = new
        if new is not None:
            new.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Claim a key for the widget before the shortcuts see it."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and isinstance(watched, QWidget)
            and self.belongs_to(watched, event)
        ):
            event.accept()
            return True
        return False

    def belongs_to(self, widget: QWidget, event: QKeyEvent) -> bool:
        """Whether a widget that has the focus needs this key itself.

        Fields keep all keys but those of actions that say otherwise; buttons and combo boxes keep what operates them,
        which the key that asks for help does not; tables of cells keep what moves between cells. Lists of rows keep
        Up, Down and Enter, which no action has.
        """
        key, plain = event.key(), not event.modifiers() & _COMMAND
        if is_field(widget):
            function_key = Qt.Key.Key_F1 <= key <= Qt.Key.Key_F35 or key == Qt.Key.Key_Escape
            return (plain and not function_key) or not self._works_while_typing(event)
        if isinstance(widget, QComboBox):
            return plain and (key in _OPERATING or key in _MOVING or event.text().strip() not in ("", _HELP))
        if isinstance(widget, QAbstractButton):
            return key in _OPERATING
        if isinstance(widget, QAbstractItemView):
            return key in _MOVING and widget.selectionBehavior() == QAbstractItemView.SelectionBehavior.SelectItems
        return False

    def _works_while_typing(self, event: QKeyEvent) -> bool:
        return QKeySequence(event.keyCombination()) in self._while_typing


_COMMAND = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
_OPERATING = (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter)
_MOVING = (
    *(Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down),
    *(Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown),
)


def is_field(widget: QWidget) -> bool:
    """Whether the user types into this widget."""
    if isinstance(widget, QLineEdit | QPlainTextEdit | QTextEdit):
        return not widget.isReadOnly()
    return isinstance(widget, QAbstractSpinBox) or (isinstance(widget, QComboBox) and widget.isEditable())
