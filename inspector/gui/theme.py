"""Look: the 8-pixel grid, fonts, light and dark, and the few colours that say something; the rest is the palette."""

from __future__ import annotations

import functools

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication

from inspector.checks.finding import Severity, Status

GRID = 8
HALF = GRID // 2

# (on light, on dark): each at least 4.5:1 against its background.
_STATUS = {
    Status.PASS: ("#1B7F3B", "#5CC98A"),
    Status.WARN: ("#9A6700", "#E3B341"),
    Status.FAIL: ("#B42318", "#FF7B72"),
    Status.ERROR: ("#7A2E9E", "#D2A8FF"),
}
_SEVERITY = {
    Severity.CRITICAL: _STATUS[Status.ERROR],
    Severity.HIGH: _STATUS[Status.FAIL],
    Severity.MEDIUM: _STATUS[Status.WARN],
    Severity.LOW: ("#57606A", "#9BA4AE"),
}

_dark: dict[int, bool] = {}  # by a palette's key: models ask once a cell


def is_dark(palette: QPalette | None = None) -> bool:
    """Whether text is lighter than what it stands on."""
    palette, roles = palette or QApplication.palette(), QPalette.ColorRole
    key = palette.cacheKey()
    if key not in _dark:
        if len(_dark) > 64:  # a theme makes a few palettes
            _dark.clear()
        _dark[key] = palette.color(roles.Window).lightness() < palette.color(roles.WindowText).lightness()
    return _dark[key]


def status_colour(status: Status | None, palette: QPalette | None = None) -> QColor:
    """Colour of a verdict; None is pending and takes the muted text colour."""
    if status is None:
        return muted(palette)
    return QColor(_STATUS[status][is_dark(palette)])


def severity_colour(severity: Severity, palette: QPalette | None = None) -> QColor:
    """Colour of a finding's severity."""
    return QColor(_SEVERITY[severity][is_dark(palette)])


def muted(palette: QPalette | None = None) -> QColor:
    """Captions and things that wait: readable, yet behind the text."""
    return QColor("#9BA4AE" if is_dark(palette) else "#57606A")


def line(palette: QPalette | None = None) -> QColor:
    """Hairlines between things."""
    return QColor("#3A3F45" if is_dark(palette) else "#D5D9DE")


def canvas(palette: QPalette | None = None) -> QColor:
    """What data is drawn on."""
    return QColor("#16181B" if is_dark(palette) else "#FFFFFF")


def accent(palette: QPalette | None = None) -> QColor:
    """The cursor and the selection."""
    return (palette or QApplication.palette()).color(QPalette.ColorRole.Highlight)


def caption_font() -> QFont:
    """One step smaller than text."""
    return QFont(_smaller())


def tabular_font() -> QFont:
    """Text whose digits stand under each other."""
    return QFont(_tabular())


@functools.cache  # models ask for fonts once a cell
def _smaller() -> QFont:
    font = QFont(QApplication.font())
    font.setPointSizeF(max(7.0, font.pointSizeF() - 1.5))
    return font


@functools.cache
def _tabular() -> QFont:
    font = QFont(QApplication.font())
    font.setFeature(QFont.Tag("tnum"), 1)
    return font


def mono_font() -> QFont:
    """For raw values and messages to copy."""
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    font.setPointSizeF(QApplication.font().pointSizeF())
    return font


def dark_palette() -> QPalette:
    """Fusion, dark: for when the user asks for it and the platform cannot be asked."""
    return _palette("#26292D", "#1D2023", "#E6E8EA", "#30343A", "#3D7FD0", "#6B7178")


def light_palette() -> QPalette:
    """Fusion, light."""
    return _palette("#F3F4F5", "#FFFFFF", "#1B1E21", "#ECEDEF", "#2F6FC1", "#8A9098")


def apply(choice: str) -> None:
    """Show the whole application as ``light``, ``dark`` or like the ``system``.

    The palette is set outright, for not every platform heeds a wish for a colour scheme.
    """
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        return
    hints = app.styleHints()
    if choice == "system":
        hints.unsetColorScheme()
        app.setPalette(QPalette())
    else:
        dark = choice == "dark"
        hints.setColorScheme(Qt.ColorScheme.Dark if dark else Qt.ColorScheme.Light)
        app.setPalette(dark_palette() if dark else light_palette())


def _palette(window: str, base: str, text: str, button: str, highlight: str, disabled: str) -> QPalette:
    roles, palette = QPalette.ColorRole, QPalette(QColor(button), QColor(window))
    palette.setColor(roles.Base, QColor(base))
    palette.setColor(roles.AlternateBase, QColor(window))
    palette.setColor(roles.Highlight, QColor(highlight))
    palette.setColor(roles.HighlightedText, QColor("#FFFFFF"))
    palette.setColor(roles.Link, QColor(highlight))
    palette.setColor(roles.ToolTipBase, QColor(button))
    for role in (roles.WindowText, roles.Text, roles.ButtonText, roles.ToolTipText):
        palette.setColor(role, QColor(text))
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(disabled))
    palette.setColor(roles.PlaceholderText, QColor(disabled))
    return palette
