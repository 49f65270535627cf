"""The row that plays: to the ends, step, play, a slider, loop, speed, and where the clip stands."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QSlider,
    QStyle,
    QStyleOptionSlider,
    QToolButton,
    QWidget,
)

from inspector.gui import icons, theme
from inspector.gui.player import SPEEDS
from inspector.gui.view import ViewState


class TransportBar(QWidget):
    """Shows where the clip stands and asks to play, step, seek, loop and change speed.

    Signals
    -------
    playing_changed(bool), loop_changed(bool), speed_changed(float)
        What the user wants.
    seek_requested(int)
        Frame.
    step_requested(int)
        So many frames on, or back when negative.
    scrub_started(), scrub_ended()
        The slider is held, and let go: playback pauses in between.
    """

    playing_changed = Signal(bool)
    seek_requested = Signal(int)
    step_requested = Signal(int)
    loop_changed = Signal(bool)
    speed_changed = Signal(float)
    scrub_started = Signal()
    scrub_ended = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Playback")
        self._view = ViewState()
        self.first = self._button("step_back", "First frame", "Home")
        self.back = self._button("previous", "One frame back", "Left")
        self.play = self._button("play", "Play", "Space")
        self.forward = self._button("next", "One frame on", "Right")
        self.last = self._button("step_forward", "Last frame", "End")
        self.loop = self._button("loop", "Loop", "L")
        self.loop.setCheckable(True)
        self.slider = SeekSlider(self)
        self.speed = _SpeedBox(self)
        self.frame_label = _Reading("Frame", self)
        self.time_label = _Reading("Time", self)
        self.note = QLabel(self)
        self.note.setFont(theme.caption_font())
        self.note.setAccessibleName("Note on the clip's clock")
        self._lay_out()
        self._connect()
        self._refresh(everything=True)

    def _button(self, icon: str, name: str, key: str) -> QToolButton:
        button = QToolButton(self)
        button.setAutoRaise(True)
        button.setIcon(icons.icon(icon))
        button.setIconSize(QSize(2 * theme.GRID, 2 * theme.GRID))
        button.setFixedSize(4 * theme.GRID, 4 * theme.GRID)
        button.setAccessibleName(name)
        button.setToolTip(f"{name} ({key})")
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return button

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.HALF, theme.HALF, theme.GRID, theme.HALF)
        row.setSpacing(theme.HALF)
        for button in (self.first, self.back, self.play, self.forward, self.last):
            row.addWidget(button)
        row.addWidget(self.slider, 1)
        row.addWidget(self.loop)
        row.addWidget(self.speed)
        row.addSpacing(theme.GRID)
        row.addWidget(self.frame_label)
        row.addSpacing(theme.GRID)
        row.addWidget(self.time_label)
        row.addWidget(self.note)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def _connect(self) -> None:
        self.first.clicked.connect(self._to_first)
        self.back.clicked.connect(self._step_back)
        self.play.clicked.connect(self._toggle)
        self.forward.clicked.connect(self._step_forward)
        self.last.clicked.connect(self._to_last)
        self.loop.toggled.connect(self.loop_changed)
        self.slider.valueChanged.connect(self.seek_requested)
        self.slider.sliderPressed.connect(self.scrub_started)
        self.slider.sliderReleased.connect(self.scrub_ended)
        self.speed.activated.connect(self._pick_speed)

    # --- what is shown ---------------------------------------------------------------------------------------

    def show_view(self, view: ViewState) -> None:
        """Show a view; nothing is emitted by it."""
        before, self._view = self._view, view
        self._refresh(
            everything=view.inspection is not before.inspection
            or view.playback != before.playback
            or view.frames != before.frames
        )

    def _refresh(self, *, everything: bool) -> None:
        view = self._view
        if everything:
            self._refresh_settings()
        if not self.slider.isSliderDown():  # a late answer must not pull the slider from under the hand
            with QSignalBlocker(self.slider):
                self.slider.setValue(view.frame if view.frames else 0)
        if view.inspection is not None and 0 <= view.frame < view.frames:
            self.frame_label.setText(f"frame {view.frame} / {view.frames - 1}")
            self.time_label.setText(f"t = {view.inspection.seconds[view.frame]:.2f} s")
        else:
            self.frame_label.setText("frame –")
            self.time_label.setText("t = –")

    def _refresh_settings(self) -> None:
        view, playback = self._view, self._view.playback
        for control in (self.first, self.back, self.play, self.forward, self.last, self.slider):
            control.setEnabled(view.frames > 0)
        self.play.setIcon(icons.icon("pause" if playback.playing else "play"))
        name = "Pause" if playback.playing else "Play"
        self.play.setAccessibleName(name)
        self.play.setToolTip(f"{name} (Space)")
        with QSignalBlocker(self.loop):
            self.loop.setChecked(playback.loop)
        self.speed.show_speed(playback.speed)
        with QSignalBlocker(self.slider):
            self.slider.setMaximum(max(0, view.frames - 1))
        note, why = assumed_clock(view)
        self.note.setText(note)
        self.note.setVisible(bool(note))
        self.note.setToolTip(why)
        self.frame_label.setToolTip(
            f"{view.frames} frames, counted from 0 as in the findings" if view.frames else "No frames"
        )
        widest = str(max(0, view.frames - 1))
        self.frame_label.keep_room(f"frame {widest} / {widest}")
        longest = view.inspection.seconds[-1] if view.inspection is not None and view.frames else 0
        self.time_label.keep_room(f"t = {longest:.2f} s")
        self._colour_note()

    def _colour_note(self) -> None:
        palette = self.note.palette()
        palette.setColor(self.note.foregroundRole(), theme.muted(self.palette()))
        self.note.setPalette(palette)

    # --- hands -----------------------------------------------------------------------------------------------

    def _toggle(self) -> None:
        self.playing_changed.emit(not self._view.playback.playing)

    def _to_first(self) -> None:
        self.seek_requested.emit(0)

    def _to_last(self) -> None:
        self.seek_requested.emit(max(0, self._view.frames - 1))

    def _step_back(self) -> None:
        self.step_requested.emit(-1)

    def _step_forward(self) -> None:
        self.step_requested.emit(1)

    def _pick_speed(self, index: int) -> None:
        self.speed_changed.emit(float(self.speed.itemData(index)))

    def changeEvent(self, event: QEvent) -> None:
        """Follow the palette."""
        if event.type() == QEvent.Type.PaletteChange:
            self._colour_note()
        super().changeEvent(event)


def assumed_clock(view: ViewState) -> tuple[str, str]:
    """A note on the frame rate where the file has no usable clock, and why; empty where it has one."""
    inspection = view.inspection
    if inspection is not None and inspection.clip is not None and not inspection.clip.own_clock:
        return "30 fps assumed", "The file's timestamps cannot be used, so 30 frames a second are assumed."
    if inspection is not None and inspection.dataset is not None and view.frames:
        rate = f"{inspection.dataset.rate:g}"
        return f"{rate} fps", f"Data sets of videos hold no clock; the profile plays them at {rate} frames a second."
    return "", ""


class SeekSlider(QSlider):
    """A slider over frames whose handle comes to where it is clicked."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setAccessibleName("Frame")
        self.setRange(0, 0)
        self.setPageStep(10)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMinimumWidth(12 * theme.GRID)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Bring the handle under the pointer and take hold of it."""
        if event.button() == Qt.MouseButton.LeftButton and not self._handle_at(event):
            self.setSliderDown(True)
            self.setValue(self._value_at(event.position().x()))
        super().mousePressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """One frame a notch, whatever the system's page is."""
        self.setValue(self.value() + (1 if event.angleDelta().y() < 0 else -1))
        event.accept()

    def _option(self) -> QStyleOptionSlider:
        option = QStyleOptionSlider()
        self.initStyleOption(option)
        return option

    def _handle_at(self, event: QMouseEvent) -> bool:
        place = self.style().hitTestComplexControl(
            QStyle.ComplexControl.CC_Slider, self._option(), event.position().toPoint(), self
        )
        return place == QStyle.SubControl.SC_SliderHandle

    def _value_at(self, x: float) -> int:
        option, style = self._option(), self.style()
        groove = style.subControlRect(QStyle.ComplexControl.CC_Slider, option, QStyle.SubControl.SC_SliderGroove, self)
        handle = style.subControlRect(QStyle.ComplexControl.CC_Slider, option, QStyle.SubControl.SC_SliderHandle, self)
        reach = groove.width() - handle.width()
        return QStyle.sliderValueFromPosition(
            self.minimum(), self.maximum(), round(x - groove.left() - handle.width() / 2), max(reach, 1)
        )


class _SpeedBox(QComboBox):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName("Speed")
        self.setToolTip("Speed, relative to the clip's own time ([ slower, ] faster)")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        for speed in SPEEDS:
            self.addItem(_speed_text(speed), speed)

    def show_speed(self, speed: float) -> None:
        """Select a speed; one that is not on offer is added in its place."""
        index = self.findData(speed)
        if index < 0:
            index = sum(float(self.itemData(i)) < speed for i in range(self.count()))
            self.insertItem(index, _speed_text(speed), speed)
        with QSignalBlocker(self):
            self.setCurrentIndex(index)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Ignored: a wheel that passes over must not change the speed."""
        event.ignore()


def _speed_text(speed: float) -> str:
    return f"{speed:g}×"


class _Reading(QLabel):
    """Figures that change all the time in a room that does not."""

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFont(theme.tabular_font())
        self.setAccessibleName(name)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)

    def keep_room(self, widest: str) -> None:
        """Never be narrower than this text."""
        self.setMinimumWidth(QFontMetrics(self.font()).horizontalAdvance(widest) + 2)
