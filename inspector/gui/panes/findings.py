"""What is wrong with the selected file: a list that leads to the frame, and what each finding means."""

from __future__ import annotations

import html

from PySide6.QtCore import QEvent, QModelIndex, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QSizePolicy,
    QSplitter,
    QTextEdit,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from inspector.audit.inspection import Inspection
from inspector.checks.codes import CODES
from inspector.checks.finding import Finding, Severity, Status
from inspector.gui import icons, theme
from inspector.gui.models.findings import FindingsModel, finding_line, title_of, where_text
from inspector.gui.panes.findings_rows import FindingsList
from inspector.gui.panes.parts import SHAPES, Notice, Prose, caption, hairline
from inspector.gui.together import COPIED
from inspector.gui.view import ViewState
from inspector.gui.words import remark

MOST_COPIED = 5000
"""So many lines are made in the blink of an eye."""

_FITS_ITS_ROW = 110
"""Characters of a message that its row surely shows; a longer one is shown in full below."""

_MARGINS = "margin: 0 0 4px 0"


class FindingsPane(QWidget):
    """Lists the findings of the shown file; a click or Enter asks to go to one.

    Signals
    -------
    finding_requested(int)
        Index into the view's findings.
    comparing_changed(bool)
        The user wants to see the file beside its copies, or by itself.
    """

    finding_requested = Signal(int)
    comparing_changed = Signal(bool)

    _view: ViewState | None = None

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Findings")
        self.model = FindingsModel(self)
        self._build_header()
        self._build_list()
        self.notice = Notice(self)
        self.remark = Prose("What could not be measured", self)  # a part that could not be measured
        self.detail = QTextEdit(self)
        self.detail.setReadOnly(True)
        self.detail.setFrameShape(QFrame.Shape.NoFrame)
        self.detail.setAccessibleName("What the finding means")
        self.detail.setTabChangesFocus(True)
        self.detail.document().setDocumentMargin(theme.GRID)

        self.compare = QPushButton("Compare duplicates", self)
        self.compare.setCheckable(True)
        self.compare.setToolTip("See the clip and its copies side by side, played in step (Ctrl+D)")
        self.compare.clicked.connect(self.comparing_changed)
        self._compare_row = QWidget(self)
        row = QHBoxLayout(self._compare_row)
        row.setContentsMargins(theme.GRID, 0, theme.GRID, theme.GRID)
        row.addWidget(self.compare)
        row.addStretch(1)

        self._body = QSplitter(Qt.Orientation.Vertical, self)
        self._body.setChildrenCollapsible(False)
        self._body.addWidget(self.list)
        self._body.addWidget(self.detail)
        self._body.setStretchFactor(0, 3)
        self._body.setStretchFactor(1, 1)
        self._body.setSizes([36 * theme.GRID, 18 * theme.GRID])

        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._header)
        column.addWidget(hairline(self))
        column.addWidget(self.notice)
        column.addWidget(self.remark)
        column.addWidget(self._body, 1)
        column.addWidget(self._compare_row)
        column.addStretch(0)
        self.remark.setMuted()
        self.remark.document().setDocumentMargin(theme.GRID)
        self.setFocusProxy(self.list)
        self.show_view(ViewState())

    def _build_header(self) -> None:
        self._header = QWidget(self)
        self.chips: dict[Severity, QToolButton] = {}
        top = QHBoxLayout()
        top.setSpacing(theme.HALF)
        for severity in Severity:
            chip = QToolButton(self._header)
            chip.setCheckable(True)
            chip.setChecked(True)
            chip.setAutoRaise(True)
            chip.setIcon(icons.status_icon(SHAPES[severity]))
            chip.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            chip.setFont(theme.tabular_font())
            chip.toggled.connect(self._filter)
            self.chips[severity] = chip
            top.addWidget(chip)
        top.addStretch(1)
        self.copy_button = QToolButton(self._header)
        self.copy_button.setIcon(icons.icon("copy"))
        self.copy_button.setAutoRaise(True)
        self.copy_button.setToolTip("Copy the findings shown, as text")
        self.copy_button.setAccessibleName("Copy findings")
        self.copy_button.clicked.connect(self.copy_all)
        top.addWidget(self.copy_button)

        self.codes = QComboBox(self._header)
        self.codes.setAccessibleName("Show only findings of one kind")
        self.codes.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.codes.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.codes.currentIndexChanged.connect(self._filter)
        self.shown = caption("", self._header)
        self.show_all_button = QToolButton(self._header)
        self.show_all_button.setText("Show all")
        self.show_all_button.setAutoRaise(True)
        self.show_all_button.clicked.connect(self.show_all)
        hidden = QHBoxLayout()
        hidden.addWidget(self.shown, 1)
        hidden.addWidget(self.show_all_button)
        column = QVBoxLayout(self._header)
        column.setContentsMargins(theme.HALF, theme.HALF, theme.HALF, theme.HALF)
        column.setSpacing(theme.HALF)
        column.addLayout(top)
        column.addWidget(self.codes)
        column.addLayout(hidden)

    def _build_list(self) -> None:
        self.list = FindingsList(self.model, self)
        self.list.clicked.connect(self._request)
        self.list.selectionModel().currentChanged.connect(self._describe_current)
        for key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            QShortcut(QKeySequence(key), self.list, self._request_current, context=Qt.ShortcutContext.WidgetShortcut)
        copy = QKeySequence(QKeySequence.StandardKey.Copy)
        QShortcut(copy, self.list, self.copy_selected, context=Qt.ShortcutContext.WidgetShortcut)

    # --- what is shown ---------------------------------------------------------------------------------------

    def show_view(self, view: ViewState) -> None:
        """Paint what differs from the view before."""
        before, self._view = self._view, view
        if (
            before is None
            or view.inspection is not before.inspection
            or (view.path, view.loading)
            != (
                before.path,
                before.loading,
            )
        ):
            self._show_file(view)
            self._select(view.finding)
        elif view.finding != before.finding:
            self._select(view.finding)
        elif (view.copies, view.comparing) != (before.copies, before.comparing):
            self._offer_copies()

    def _show_file(self, view: ViewState) -> None:
        findings = view.findings
        if findings is not self.model.findings:
            self._fill_codes(findings)
        inspection = view.inspection
        record = inspection.record if inspection else None
        errors = record is not None and record.status is Status.ERROR
        # An unreadable file has one finding that says what the large text says: no list for that alone.
        listed = bool(findings) and not (errors and all(f.message == (record and record.error) for f in findings))
        self._header.setVisible(listed)
        self._body.setVisible(listed)
        self.remark.setVisible(listed and not errors and record is not None and bool(record.error))
        self.remark.setText(remark(record) if record else "")
        self.notice.setVisible(not listed or errors)
        self._say(view, inspection)

    def _say(self, view: ViewState, inspection: Inspection | None) -> None:
        if inspection is None or not inspection.complete:
            self.notice.say("Reading…" if view.loading else "Select a file")
            return
        record = inspection.record
        lacking = [f"{target}: {text}" for target in record.wanted for text in record.issues.get(target, ())]
        if record.status is Status.ERROR:
            code = record.findings[0].code if record.findings else ""
            advice = CODES[code].advice if code in CODES else ""
            words = "\n\n".join(part for part in (record.error or "no reason was given", advice) if part)
            title = CODES[code].title if code == "FILE_MISSING" else "Could not be audited"
            self.notice.say(title, words, status=Status.ERROR, badge=True)
        elif lacking:
            self.notice.say("Not ready", "\n".join(lacking), status=record.status, badge=True)
        else:
            self.notice.say("No findings", remark(record), status=record.status, badge=True)

    def _fill_codes(self, findings: tuple[Finding, ...]) -> None:
        """Take in another file's findings; the severities that are switched off stay so, the kind if it has it."""
        code = self.codes.currentData()
        self.codes.blockSignals(True)
        self.model.set_findings(findings)
        self.codes.clear()
        counts = self.model.code_counts()
        self.codes.addItem(f"All kinds ({len(findings)})", None)
        for name, count in counts.items():
            self.codes.addItem(f"{title_of(name)} ({count})", name)
        self.codes.setCurrentIndex(max(0, self.codes.findData(code)) if code in counts else 0)
        self.codes.blockSignals(False)
        self.codes.setVisible(len(counts) > 1)
        for severity, count in self.model.severity_counts().items():
            chip = self.chips[severity]
            chip.setVisible(count > 0)
            chip.setText(str(count))
            chip.setToolTip(f"{count} {severity.value}: click to hide or show")
            chip.setAccessibleName(f"{count} {severity.value}")
        self._filter()

    @Slot()
    def _filter(self) -> None:
        on = {severity for severity, chip in self.chips.items() if chip.isChecked()}
        self.model.set_filter(None if len(on) == len(self.chips) else on, self.codes.currentData())
        rows, total = self.model.rowCount(), len(self.model.findings)
        self.shown.setText(f"{rows} of {total} shown")
        self.shown.setVisible(rows < total)
        self.show_all_button.setVisible(rows < total)
        self._select(self._view.finding if self._view else None)

    @Slot()
    def show_all(self) -> None:
        """Switch every filter off."""
        for chip in self.chips.values():
            chip.setChecked(True)
        self.codes.setCurrentIndex(0)

    def _select(self, finding: int | None) -> None:
        row = self.model.row_of_index(finding)
        if row is None:
            self.list.setCurrentIndex(QModelIndex())
        else:
            index = self.model.index(row)
            self.list.setCurrentIndex(index)
            self.list.scrollTo(index)
        self._describe_current()

    def _offer_copies(self) -> None:
        """Where the current finding tells of copies that can be shown beside the clip, they can be from here."""
        view, current = self._view, self.list.currentIndex()
        shown = False
        if view is not None and view.copies and view.inspection is not None and current.isValid():
            code = self.model.findings[self.model.index_of_row(current.row())].code
            shown = code in COPIED and view.inspection.clip is not None
        self.compare.setChecked(view is not None and view.comparing)
        self._compare_row.setVisible(shown and not self._body.isHidden())

    @Slot()
    def _describe_current(self) -> None:
        current = self.list.currentIndex()
        self._offer_copies()
        if not current.isValid():
            self.detail.setHtml(_paragraph("Click a finding to go to it.", theme.muted().name()))
            return
        finding = self.model.findings[self.model.index_of_row(current.row())]
        words = CODES.get(finding.code)
        parts = [f"<p style='{_MARGINS}'><b>{html.escape(title_of(finding.code))}</b></p>"]
        muted = theme.muted().name()
        if len(finding.message) > _FITS_ITS_ROW:
            parts.append(_paragraph(f"{finding.message[0].upper()}{finding.message[1:]}."))
        if words:
            parts += [_paragraph(words.meaning), _paragraph(f"What to do: {words.advice}")]
        if finding.target:
            parts.append(_paragraph(f"Keeps the file from being ready for {finding.target}.", muted))
        parts.append(_paragraph(f"{finding.code} · {where_text(finding)}", muted))
        self.detail.setHtml("".join(parts))

    def changeEvent(self, event: QEvent) -> None:
        """Follow the system from light to dark and back."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self._view is not None:
            self._describe_current()

    def showEvent(self, event: QShowEvent) -> None:
        """Bring the current row into view: before now the list did not know its size."""
        super().showEvent(event)
        self.list.scrollToTop()
        self.list.scrollTo(self.list.currentIndex())

    # --- what the user does ----------------------------------------------------------------------------------

    @Slot(QModelIndex)
    def _request(self, index: QModelIndex) -> None:
        if index.isValid():
            self.finding_requested.emit(self.model.index_of_row(index.row()))

    @Slot()
    def _request_current(self) -> None:
        self._request(self.list.currentIndex())

    @Slot()
    def copy_all(self) -> None:
        """Put the findings shown on the clipboard, a line each, below the file's path; at most `MOST_COPIED`."""
        file = self._view.inspection.record.file if self._view and self._view.inspection else ""
        lines = [file, *map(finding_line, self.model.shown(MOST_COPIED))]
        if (more := self.model.rowCount() - MOST_COPIED) > 0:
            lines.append(f"and {more:,} more findings, which an exported report has")
        QGuiApplication.clipboard().setText("\n".join(lines) + "\n")

    @Slot()
    def copy_selected(self) -> None:
        """Put the current finding on the clipboard."""
        current = self.list.currentIndex()
        if current.isValid():
            finding = self.model.findings[self.model.index_of_row(current.row())]
            QGuiApplication.clipboard().setText(finding_line(finding))


def _paragraph(text: str, colour: str | None = None) -> str:
    style = f"{_MARGINS}; color: {colour}" if colour else _MARGINS
    return f"<p style='{style}'>{html.escape(text)}</p>"
