"""The program itself: palette, shortcuts, settings, theme, full screen, credits, quitting. Dialogs come when asked."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QWidget

from cxr_studio.settings import Settings
from cxr_studio.ui.shell.action import Action
from cxr_studio.ui.shell.desk import Desk
from cxr_studio.ui.shell.preferences import Preferences
from cxr_studio.ui.shell.registry import ActionRegistry
from cxr_studio.ui.shell.side_panel import SidePanel
from cxr_studio.version import program_version

ABOUT = """CXR Studio {version}

Paint on a chest radiograph and watch a trained generator fill it, live: inpainting, comparison and export for \
research.

For research only; not a medical device. Generated content was never in the patient, and exports are labelled \
synthetic: DICOM with Synthetic Data YES, PNG, TIFF and MetaImage in their text fields.

Licence: Apache-2.0. Built with Qt for Python (LGPL), PyTorch, OpenCV, pydicom, NumPy, SciPy and scikit-image."""


def install(desk: Desk) -> None:
    """Declare the actions that belong to no radiograph."""
    registry, preferences, parent = desk.actions, desk.preferences, desk.parent
    side = desk.places.side
    registry.add(
        Action(
            "edit.palette",
            "Find a command…",
            "Find any command.",
            lambda: open_palette(registry, parent),
            icon="search",
            keys=("Ctrl+K", "Ctrl+Shift+P"),
            group="program",
        ),
        Action(
            "edit.shortcuts",
            "Shortcuts…",
            "Search and change the shortcuts.",
            lambda: open_shortcuts(registry, parent),
            icon="keyboard",
            keys=("F1",),
            group="program",
            also=("keys", "hotkeys", "help"),
        ),
        Action(
            "edit.settings",
            "Settings…",
            "Change settings.",
            lambda: open_settings(desk),
            icon="settings",
            keys=("Ctrl+,",),
            group="program",
            also=("preferences", "options"),
        ),
        *_appearance(preferences, parent),
        Action(
            "file.quit",
            "Quit",
            "Quit, after asking about unsaved work.",
            parent.close,
            keys=("Ctrl+Q",),
            group="leave",
        ),
        Action("help.about", "About CXR Studio", "Version, licence, credits.", lambda: show_about(parent), icon="info"),
    )
    preferences.themed.connect(lambda: registry.review("view.theme"))
    preferences.add(
        apply=lambda settings: side.fold(settings.folded), collect=lambda settings: _keep(registry, side, settings)
    )


def _keep(registry: ActionRegistry, side: SidePanel, settings: Settings) -> None:
    settings.folded = side.folded
    settings.shortcuts = {name: list(keys) for name, keys in registry.overrides.items()}


def _appearance(preferences: Preferences, window: QWidget) -> tuple[Action, ...]:
    return (
        Action(
            "view.theme",
            "Light theme",
            "Switch between dark and light.",
            lambda light: preferences.set_theme("light" if light else "dark"),
            icon="theme",
            keys=("Ctrl+Shift+T",),
            group="program",
            checked=lambda: preferences.light,
            also=("dark", "appearance"),
        ),
        Action(
            "view.full-screen",
            "Full screen",
            "Use the whole screen.",
            lambda on: window.showFullScreen() if on else window.showNormal(),
            icon="maximise",
            keys=("F11",),
            group="program",
            checked=window.isFullScreen,
        ),
    )


def open_palette(registry: ActionRegistry, window: QWidget) -> None:
    """Search over all actions."""
    from cxr_studio.ui.shell.command_palette import CommandPalette

    palette = window.findChild(CommandPalette) or CommandPalette(registry, window)
    palette.open_over(window)


def open_shortcuts(registry: ActionRegistry, parent: QWidget) -> None:
    """See and change the shortcuts."""
    from cxr_studio.ui.shell.shortcuts_dialog import ShortcutsDialog

    dialog = ShortcutsDialog(registry, parent)
    dialog.exec()
    dialog.deleteLater()


def open_settings(desk: Desk) -> None:
    """Change the settings; they take effect at once."""
    from cxr_studio.ui.program.settings_dialog import SettingsDialog

    desk.preferences.collect()
    dialog = SettingsDialog(desk.preferences.settings, desk.parent)
    if dialog.exec() == QDialog.DialogCode.Accepted and (sentence := desk.preferences.take(dialog.chosen)):
        desk.warn(sentence)
    dialog.deleteLater()


def show_about(parent: QWidget) -> None:
    """Version, licence, credits."""
    from cxr_studio.ui.shell.text_dialog import show_text

    show_text(parent, "About CXR Studio", ABOUT.format(version=program_version()))
