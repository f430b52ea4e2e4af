"""Going blind and seeing again: what would tell which column is which is off meanwhile."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from cxr_studio.errors import StudioError
from cxr_studio.ui.qa.comparison import Comparison
from cxr_studio.ui.qa.verdict_keys import VerdictKeys

BLIND_WHY = "Not available in blind mode: it would reveal the columns."


class Blinding(QObject):
    """Switches blind mode.

    Signals:
        about_to: Blind mode is about to begin: what was said before may name a column.
        changed: (bool) blind mode began or ended, or could not.

    Args:
        comparison: Whose columns are shuffled.
        keys: Asks who judges.
        warn: Says what failed.
    """

    about_to = Signal()
    changed = Signal(bool)

    def __init__(self, comparison: Comparison, keys: VerdictKeys, warn: Callable[[str], None]) -> None:
        super().__init__(comparison)
        self._comparison, self._keys, self._warn = comparison, keys, warn

    def why_not(self) -> str:
        """Why an action that would tell is off."""
        return BLIND_WHY if self._comparison.lineup.blind else ""

    def set_blind(self, on: bool) -> None:
        """Go blind, or see again."""
        comparison = self._comparison
        try:
            if on and (not comparison.lineup.columns or not self._keys.known()):
                return
            if on:
                comparison.set_following(False)
                self.about_to.emit()
            comparison.set_blind(on)
        except StudioError as fault:
            self._warn(str(fault))
        finally:
            self.changed.emit(comparison.lineup.blind)
