"""The settings in force: every feature says how it applies its own and how it gives them back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication

from cxr_studio.settings import Settings, save_settings
from cxr_studio.ui.theme.style import apply_theme

Use = Callable[[Settings], None]


class Preferences(QObject):
    """Holds the one Settings object of a window.

    Signals:
        themed: Another theme is in force.

    Args:
        settings: As they were read; changed in place.

    Attributes:
        settings: The settings.
    """

    themed = Signal()

    def __init__(self, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.settings = settings
        self._applied: list[Use] = []
        self._collected: list[Use] = []

    def add(self, *, apply: Use, collect: Use) -> None:
        """Take a feature's part: ``apply`` puts settings into force, ``collect`` writes the present state into them."""
        self._applied.append(apply)
        self._collected.append(collect)

    def apply(self) -> None:
        """Put all settings into force."""
        self.set_theme(self.settings.theme)
        for apply in self._applied:
            apply(self.settings)

    def collect(self) -> None:
        """Take the present state of every feature into the settings."""
        for collect in self._collected:
            collect(self.settings)

    def take(self, chosen: Settings) -> str:
        """Put other settings into force and write them; returns a sentence when that failed."""
        for each in fields(Settings):
            setattr(self.settings, each.name, getattr(chosen, each.name))
        self.apply()
        return save_settings(self.settings)

    def keep(self) -> str:
        """Write the present state; returns a sentence when that failed."""
        self.collect()
        return save_settings(self.settings)

    @property
    def light(self) -> bool:
        """Whether the light theme is in force."""
        return self.settings.theme == "light"

    def set_theme(self, name: str) -> None:
        """Dress the program in the "light" or the "dark" theme."""
        self.settings.theme = "light" if name == "light" else "dark"
        app = QApplication.instance()
        if isinstance(app, QApplication):
            apply_theme(app, self.settings.theme)
        self.themed.emit()
