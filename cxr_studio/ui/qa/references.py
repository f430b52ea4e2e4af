"""What the shown column is compared with."""

from __future__ import annotations

from collections.abc import Callable

from cxr_studio.ui.qa.lineup import Lineup
from cxr_studio.ui.qa.look import Against, Look

ORDER: tuple[Against, ...] = ("off", "original", "reference")


class References:
    """Chooses the reference, and whether the difference to it is shown.

    Args:
        look: How cells are looked at.
        lineup: Rows and columns.
        tell: Says what was chosen.
    """

    def __init__(self, look: Look, lineup: Lineup, tell: Callable[[str], None]) -> None:
        self._look, self._lineup, self._tell = look, lineup, tell

    def next_difference(self) -> None:
        """Show no difference, that to the original, that to the reference, in turn."""
        look = self._look
        order = ORDER if self._lineup.reference else ORDER[:2]
        look.set_against(order[(order.index(look.against) + 1) % len(order)] if look.against in order else "off")

    def take_current(self) -> None:
        """Compare with the current column."""
        self._take(self._lineup.key)

    def take_original(self) -> None:
        """Compare with the original again."""
        self._take("")

    def _take(self, key: str) -> None:
        look, lineup = self._look, self._lineup
        lineup.set_reference(key)
        if not key and look.against == "reference":
            look.set_against("original")
        elif key and look.against == "original":
            look.set_against("reference")
        named = lineup.column.title if key and lineup.column else "the original"
        self._tell(f"Difference and flicker now compare with {named}.")
