"""The look of the program, made from the tokens: palette and style sheet."""

from __future__ import annotations

from dataclasses import asdict
from string import Template

from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

from cxr_studio.resources import resource
from cxr_studio.ui.theme import tokens

SHEET = Template("""
* { font-size: 12px; }
QMainWindow, QDialog { background: $panel; }
QWidget { color: $text; }
QMainWindow::separator { background: $line; width: 1px; height: 1px; }
QToolTip { background: $raised; color: $text; border: 1px solid $line; padding: 4px 6px; }
QMenuBar { background: $panel; border-bottom: 1px solid $line; padding: 1px 4px; }
QMenuBar::item { padding: 4px 9px; background: transparent; border-radius: 3px; }
QMenuBar::item:selected { background: $hover; }
QMenu { background: $raised; border: 1px solid $line; padding: 4px; }
QMenu::item { padding: 5px 26px 5px 26px; border-radius: 3px; }
QMenu::item:selected { background: $accent_back; }
QMenu::item:disabled { color: $faint; }
QMenu::separator { height: 1px; background: $line; margin: 4px 6px; }
QToolBar { background: $panel; border: none; padding: 3px; spacing: 2px; }
#tool-bar { background: $panel; }
#tool-options { background: $panel; border-bottom: 1px solid $line; }
#tool-options NumberField { padding: 1px 4px; }
#tool-line { background: $line; }
QToolBar::separator { background: $line; width: 1px; height: 1px; margin: 5px; }
QToolButton { background: transparent; border: 1px solid transparent; border-radius: 4px; padding: 4px; }
QToolButton:hover { background: $hover; }
QToolButton:checked { background: $accent_back; border-color: $accent_back; }
QToolButton:focus { border-color: $accent; }
QToolButton::menu-indicator { image: none; }
QPushButton { background: $raised; border: 1px solid $line; border-radius: 4px; padding: 4px 12px; min-height: 16px; }
QPushButton:hover { background: $hover; }
QPushButton:focus { border-color: $accent; }
QPushButton:disabled, QSpinBox:disabled, QDoubleSpinBox:disabled, QComboBox:disabled, QLineEdit:disabled {
  color: $faint; background: $panel; }
QCheckBox:disabled { color: $faint; }
QPushButton[primary="true"]:enabled { background: $accent_back; color: $accent; border-color: $accent_back; }
QPushButton:checked { background: $accent_back; color: $accent; border-color: $accent_back; }
QPushButton[primary="true"]:focus { border-color: $accent; }
QLineEdit, QSpinBox, QDoubleSpinBox, QDateEdit, QComboBox, QTextEdit, QTextBrowser, QListView, QTreeView, QTableView {
  background: $raised; border: 1px solid $line; border-radius: 4px; padding: 3px 6px;
  selection-background-color: $accent_back; selection-color: $text; }
QLineEdit:focus, QSpinBox:focus, QDoubleSpinBox:focus, QDateEdit:focus, QComboBox:focus, QListView:focus,
QTableView:focus { border-color: $accent; }
QSpinBox::up-button, QSpinBox::down-button, QDoubleSpinBox::up-button, QDoubleSpinBox::down-button {
  width: 14px; border: none; background: transparent; }
QSpinBox::up-arrow, QDoubleSpinBox::up-arrow { image: url("$icons/chevron-up.svg"); width: 10px; height: 10px; }
QSpinBox::down-arrow, QDoubleSpinBox::down-arrow { image: url("$icons/chevron-down.svg"); width: 10px; height: 10px; }
QComboBox::drop-down, QDateEdit::drop-down { border: none; width: 20px; }
QComboBox::down-arrow, QDateEdit::down-arrow { image: url("$icons/chevron-down.svg"); width: 12px; height: 12px; }
QComboBox QAbstractItemView { background: $raised; border: 1px solid $line; outline: none; }
QListView::item, QTreeView::item { padding: 3px; border-radius: 3px; }
QListView::item:selected, QTreeView::item:selected, QTableView::item:selected {
  background: $accent_back; color: $text; }
QHeaderView::section { background: $panel; color: $quiet; border: none; border-bottom: 1px solid $line; padding: 4px; }
QTableView { gridline-color: $line; }
QDockWidget { color: $quiet; titlebar-close-icon: none; titlebar-normal-icon: none; }
QDockWidget::title { background: $panel; padding: 6px 10px; text-align: left; }
QScrollArea, QScrollArea > QWidget > QWidget { background: $panel; border: none; }
QScrollBar:vertical { background: transparent; width: 9px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 9px; margin: 0; }
QScrollBar::handle { background: $hover; border-radius: 4px; min-height: 24px; min-width: 24px; }
QScrollBar::handle:hover { background: $faint; }
QScrollBar::add-line, QScrollBar::sub-line, QScrollBar::add-page, QScrollBar::sub-page { background: none; border: none;
  width: 0; height: 0; }
QSplitter::handle { background: $window; }
QStatusBar { background: $panel; border-top: 1px solid $line; color: $quiet; }
QStatusBar::item { border: none; }
QStatusBar QLabel { color: $quiet; padding: 0 8px; }
QProgressBar { background: $raised; border: none; border-radius: 3px; height: 6px; text-align: center; }
QProgressBar::chunk { background: $accent; border-radius: 3px; }
QCheckBox { spacing: 6px; }
QSlider { min-height: 18px; }
QSlider::groove:horizontal { background: $raised; height: 4px; border-radius: 2px; }
QSlider::sub-page:horizontal { background: $accent_back; height: 4px; border-radius: 2px; }
QSlider::handle:horizontal { background: $quiet; width: 12px; height: 12px; margin: -4px 0; border-radius: 6px; }
QSlider::handle:horizontal:hover, QSlider::handle:horizontal:focus { background: $accent; }
QLabel[quiet="true"] { color: $quiet; }
QLabel[fault="true"] { color: $bad; }
QToolButton[section="true"] { color: $quiet; font-weight: 600; padding: 4px 0 0 0; background: transparent;
  border: none; }
QToolButton[section="true"]:hover, QToolButton[section="true"]:focus { color: $text; }
QLabel[paneTitle="true"] { color: $quiet; font-weight: 600; }
QLabel[badge="true"] { color: $quiet; }
QLabel[badge="true"][good="true"] { color: $good; }
QLabel[badge="true"][good="false"] { color: $bad; }
#paneHeader { background: $window; min-height: 26px; max-height: 26px; border-bottom: 1px solid $window; }
#paneHeader[focused="true"] { border-bottom: 1px solid $accent; }
#paneHeader QToolButton { padding: 3px; }
QCheckBox:focus { color: $accent; }
QSlider:focus { border: 1px solid $accent; border-radius: 4px; }
QDialogButtonBox { dialogbuttonbox-buttons-have-icons: 0; }
#messageBar { background: $raised; border: 1px solid $line; border-radius: 4px; }
#messageBar[tone="warning"] { border-left: 3px solid $warn; }
#messageBar[tone="error"] { border-left: 3px solid $bad; }
#messageBar[tone="info"] { border-left: 3px solid $accent; }
#progressStrip { background: $raised; border: 1px solid $line; border-radius: 4px; }
#busy { background: $raised; border: 1px solid $line; border-radius: 4px; padding: 3px 10px; color: $text; }
#strip { background: $panel; border: none; border-top: 1px solid $line; border-radius: 0; }
#strip-row { background: $panel; border: none; border-radius: 0; padding: 0 4px; }
#palette { border: 1px solid $line; background: $raised; }
#start { background: $window; }
#start QLabel[title="true"] { font-size: 22px; font-weight: 300; color: $text; }
#start QLabel[jobTitle="true"] { font-size: 15px; color: $text; }
#start QPushButton[recent="true"] { text-align: left; padding: 3px 6px; }
#job { background: $panel; border: 1px solid $line; border-radius: 6px; }
#job QLabel { background: transparent; }
""")


DRESSED = "cxr-theme"
"""Property of the application that holds the theme's name."""


def apply_theme(app: QApplication, name: str) -> None:
    """Dress the whole program in the "dark" or the "light" theme; again in the same one costs nothing."""
    if app.property(DRESSED) == name:
        return
    app.setProperty(DRESSED, name)
    tokens.choose(name)
    now = tokens.current()
    app.setStyle("Fusion")
    app.setPalette(colours(now))
    app.setStyleSheet(style_sheet(now))


def style_sheet(now: tokens.Tokens) -> str:
    """The style sheet in these colours."""
    return SHEET.substitute(asdict(now), icons=resource("icons").as_posix())


def colours(now: tokens.Tokens) -> QPalette:
    """The palette in these colours."""
    palette = QPalette()
    roles = QPalette.ColorRole
    for role, colour in (
        (roles.Window, now.panel),
        (roles.Base, now.raised),
        (roles.AlternateBase, now.panel),
        (roles.Button, now.raised),
        (roles.WindowText, now.text),
        (roles.Text, now.text),
        (roles.ButtonText, now.text),
        (roles.BrightText, now.bad),
        (roles.ToolTipBase, now.raised),
        (roles.ToolTipText, now.text),
        (roles.PlaceholderText, now.faint),
        (roles.Highlight, now.accent_back),
        (roles.HighlightedText, now.text),
        (roles.Link, now.accent),
    ):
        palette.setColor(role, QColor(colour))
    for role in (roles.WindowText, roles.Text, roles.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(now.faint))
    return palette
