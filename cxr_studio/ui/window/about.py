"""The dialogs that are opened from the menus, imported then; and the theme."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication, QDialog, QDialogButtonBox, QTextEdit, QVBoxLayout

from cxr_studio.inpainting.card_text import full_facts
from cxr_studio.inpainting.generators import GeneratorFacts
from cxr_studio.settings import save_settings
from cxr_studio.ui.theme.style import apply_theme
from cxr_studio.version import program_version

if TYPE_CHECKING:
    from cxr_studio.ui.shell.main_window import MainWindow

ABOUT = """CXR Studio {version}

Paint on a chest radiograph and watch a trained generator fill it, live: inpainting, comparison and export for \
research.

For research only. It is no medical device, and what it draws was never in the patient. Files that it writes say \
so: DICOM with Synthetic Data YES, PNG, TIFF and MetaImage in their text fields.

Licence: Apache-2.0. Built with Qt for Python (LGPL), PyTorch, OpenCV, pydicom, NumPy, SciPy and scikit-image."""


def open_palette(window: MainWindow) -> None:
    """Search over all commands."""
    from cxr_studio.ui.shell.command_palette import CommandPalette

    palette = window.findChild(CommandPalette) or CommandPalette(window.registry, window)
    palette.open_over(window)


def open_shortcuts(window: MainWindow) -> None:
    """See and change the shortcuts."""
    from cxr_studio.ui.shell.shortcuts_dialog import ShortcutsDialog

    dialog = ShortcutsDialog(window.registry, window)
    dialog.exec()
    dialog.deleteLater()
    window.settings.shortcuts = {name: list(keys) for name, keys in window.registry.overrides.items()}


def open_settings(window: MainWindow) -> None:
    """Change the settings; they take effect at once."""
    from cxr_studio.ui.shell.settings_dialog import SettingsDialog
    from cxr_studio.ui.window import remembering

    remembering.collect(window)
    dialog = SettingsDialog(window.settings, window)
    if dialog.exec() == QDialog.DialogCode.Accepted:
        window.settings = dialog.chosen
        remembering.apply_choices(window)
        if sentence := save_settings(window.settings):
            window.messages.warn(sentence)
    dialog.deleteLater()


def set_theme(window: MainWindow, name: str) -> None:
    """Dress the program in another theme."""
    app = QApplication.instance()
    if isinstance(app, QApplication):
        apply_theme(app, name)
    window.settings.theme = "light" if name == "light" else "dark"
    window.registry.set_checked("view.theme", name == "light")
    window.side.histogram.recolour()


def show_about(window: MainWindow) -> None:
    """Version, licence, credits."""
    _show_text(window, "About CXR Studio", ABOUT.format(version=program_version()))


def show_card(window: MainWindow, facts: GeneratorFacts) -> None:
    """Everything that the card of a generator states."""
    _show_text(window, facts.title, full_facts(facts))


def _show_text(window: MainWindow, title: str, text: str) -> None:
    dialog = QDialog(window)
    dialog.setWindowTitle(title)
    dialog.resize(560, 420)
    page = QTextEdit()
    page.setReadOnly(True)
    page.setPlainText(text)
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
    buttons.rejected.connect(dialog.reject)
    column = QVBoxLayout(dialog)
    column.addWidget(page)
    column.addWidget(buttons)
    dialog.exec()
    dialog.deleteLater()
