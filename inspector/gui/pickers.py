"""Menus to pick the profile that files are judged by, and the targets that must be ready."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from inspector.audit import Options
from inspector.errors import InspectorError
from inspector.gui.messages import MessageBus
from inspector.profiles.model import Profile


class Pickers(QObject):
    """Fills the two menus when they are opened.

    Signals
    -------
    profile_picked(Profile | None)
        None: each file picks its own.
    targets_picked(tuple[str, ...] | None)
        None: as the profile wants it.
    """

    profile_picked = Signal(object)
    targets_picked = Signal(object)

    def __init__(self, bus: MessageBus, window: QWidget) -> None:
        super().__init__(window)
        self._bus = bus
        self._window = window
        self._options = Options()
        self._sources: dict[str, str] = {}
        self.profiles = QMenu("&Profile", window)
        self.targets = QMenu("&Targets", window)
        for menu in (self.profiles, self.targets):
            menu.setToolTipsVisible(True)
        self.profiles.aboutToShow.connect(self._fill_profiles)
        self.targets.aboutToShow.connect(self._fill_targets)

    @property
    def profile_text(self) -> str:
        """What is picked, in a word or two."""
        picked = self._options.profile.name if self._options.profile else "by file"
        return f"{picked}, edited" if self._options.edited else picked

    @property
    def targets_text(self) -> str:
        """What is picked, in a word or two."""
        if self._options.targets is None:
            return "profile's own"
        return " + ".join(self._options.targets) or "none"

    @property
    def source(self) -> str:
        """Name or path that loads the picked profile again; empty for none."""
        profile = self._options.profile
        return "" if profile is None else self._sources.get(profile.digest(), profile.name)

    def show_options(self, options: Options) -> None:
        """Follow what the session holds."""
        self._options = options

    def load(self, name_or_path: str) -> Profile | None:
        """A profile by name or file; a mistake in it is shown, and None returned."""
        from inspector.profiles import load_profile  # nothing that reads profiles is needed for the window to appear

        try:
            profile = load_profile(name_or_path)
        except (InspectorError, OSError) as error:
            self._bus.exception(error)
            return None
        self._sources[profile.digest()] = name_or_path
        return profile

    @Slot()
    def _fill_profiles(self) -> None:
        from inspector.profiles import builtin_names, builtin_profiles  # as in `load`

        menu = self.profiles
        menu.clear()
        current = self._options.profile
        self._add(menu, "By the arrays of each file", current is None, partial(self._pick_profile, ""))
        menu.addSeparator()
        for profile in builtin_profiles():
            action = self._add(menu, profile.title, current == profile, partial(self._pick_profile, profile.name))
            action.setToolTip(profile.description)
        if current is not None and current.name not in builtin_names():
            self._add(menu, current.title, True, partial(self._pick_profile, self.source))
        menu.addSeparator()
        menu.addAction("From a file…").triggered.connect(self._ask_file)

    @Slot()
    def _fill_targets(self) -> None:
        from inspector.profiles import builtin_profiles  # as in `load`

        menu = self.targets
        menu.clear()
        self._add(menu, "As the profile says", self._options.targets is None, partial(self._pick_targets, None))
        profiles = builtin_profiles() if self._options.profile is None else (self._options.profile,)
        titles = {name: target.title for profile in profiles for name, target in profile.targets.items()}
        if titles:
            menu.addSeparator()
        for name, title in titles.items():
            on = name in (self._options.targets or ())
            self._add(menu, f"{title} must be ready", on, partial(self._toggle_target, name))
        if titles:
            self._add(menu, "None needs to be ready", self._options.targets == (), partial(self._pick_targets, ()))

    def _add(self, menu: QMenu, text: str, on: bool, chosen: partial[None]) -> QAction:
        action = menu.addAction(text.replace("&", "&&"))
        action.setCheckable(True)
        action.setChecked(on)
        action.triggered.connect(chosen)
        return action

    def _pick_profile(self, name_or_path: str, *_: bool) -> None:
        if not name_or_path:
            self.profile_picked.emit(None)
        elif (profile := self.load(name_or_path)) is not None:
            self.profile_picked.emit(profile)

    def _pick_targets(self, targets: tuple[str, ...] | None, *_: bool) -> None:
        self.targets_picked.emit(targets)

    def _toggle_target(self, name: str, *_: bool) -> None:
        before = self._options.targets or ()
        after = tuple(target for target in before if target != name) if name in before else (*before, name)
        self.targets_picked.emit(after or None)

    @Slot()
    def _ask_file(self) -> None:
        dialog = QFileDialog(self._window, "Profile", "", "Profiles (*.toml)")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self._pick_profile)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
