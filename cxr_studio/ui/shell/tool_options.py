"""The bar above the panes with what the chosen tool can be set to, as painting programs have it."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from cxr_studio.ui.shell.elided_label import ElidedLabel
from cxr_studio.ui.shell.number_field import NumberField

HEIGHT = 32
"""Logical pixels; the same with every tool, so that the panes stay where they are."""
ICON = QSize(18, 18)


class ToolOptions(QWidget):
    """The tool's name, its settings, and how it is used.

    Features add settings; each is shown while one of its tools is chosen.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("tool-options")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(HEIGHT)
        self._icon, self._name, self._hint = QLabel(), QLabel(), ElidedLabel()
        self._name.setProperty("paneTitle", True)
        self._hint.setProperty("quiet", True)
        self._hint.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(8, 0, 10, 0)
        self._row.setSpacing(6)
        for widget in (self._icon, self._name):
            self._row.addWidget(widget)
        self._row.addSpacing(10)
        self._row.addWidget(self._hint, 1)
        self._settings: list[tuple[frozenset[str], tuple[QWidget, ...]]] = []
        self._tool = ""

    def add(self, title: str | QLabel, tools: Collection[str], *widgets: QWidget) -> None:
        """Take a setting of these tools: its name, and what shows and sets it."""
        label = title if isinstance(title, QLabel) else QLabel(title)
        label.setProperty("quiet", True)
        label.setContentsMargins(8, 0, 0, 0)
        for widget in (label, *widgets):
            self._row.insertWidget(self._row.count() - 1, widget)
        if widgets and isinstance(widgets[0], NumberField):
            label.setBuddy(widgets[0])
        self._settings.append((frozenset(tools), (label, *widgets)))
        self._show()

    def set_tool(self, name: str, title: str, hint: str, icon: QIcon) -> None:
        """Show what another tool can be set to, and how it is used."""
        self._tool = name
        self._icon.setPixmap(icon.pixmap(ICON))
        self._name.setText(title)
        self._hint.setText(hint)
        self._hint.setToolTip(hint)
        self._show()

    @property
    def title(self) -> str:
        """Name of the tool that is shown."""
        return self._name.text()

    def minimumSizeHint(self) -> QSize:
        """No width of its own: a window need not grow for it."""
        return QSize(0, HEIGHT)

    def _show(self) -> None:
        shown = [widget for tools, widgets in self._settings for widget in widgets if self._tool in tools]
        for widget in (widget for _, widgets in self._settings for widget in widgets if widget not in shown):
            widget.hide()
        for widget in shown:
            widget.show()
