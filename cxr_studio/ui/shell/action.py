"""One row of the table of commands."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Command:
    """One thing the program can do.

    Attributes:
        id: "category.name".
        title: In menus and the palette.
        tip: What it does, a sentence.
        icon: Name of a bundled icon, or "".
        keys: Shortcuts in both schemes, Qt's portable text, the first one shown.
        painting: Shortcuts in the painting scheme where they differ, else None.
        checkable: It is switched on and off.
    """

    id: str
    title: str
    tip: str
    icon: str = ""
    keys: tuple[str, ...] = ()
    painting: tuple[str, ...] | None = None
    checkable: bool = False

    @property
    def category(self) -> str:
        """The part of the id before the dot."""
        return self.id.partition(".")[0]

    def default_keys(self, scheme: str) -> tuple[str, ...]:
        """Shortcuts in the "reading" or the "painting" scheme."""
        return self.painting if scheme == "painting" and self.painting is not None else self.keys
