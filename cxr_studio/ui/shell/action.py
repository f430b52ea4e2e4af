"""One thing that the program can do, declared in one place: words, keys, menu, what it does and when it is of use."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import KW_ONLY, dataclass
from functools import cached_property

from cxr_studio.ui.shell.workspace import Workspace

Condition = Callable[[], str]
"""Returns "" while an action is of use, else the sentence that says why it is not."""

NO_IMAGE = "Open a radiograph first."


@dataclass(frozen=True)
class Action:
    """A row of a feature's commands.

    Attributes:
        id: "menu.name".
        title: In menus and the palette.
        tip: What it does, a sentence.
        run: Called when it is triggered; with the wanted state where it is switched on and off.
        icon: Name of a bundled icon, or "".
        keys: Shortcuts, Qt's portable text, the first one shown.
        group: Group of its menu; a line is drawn between groups.
        when: Why it is of no use now; None for one that always is.
        checked: Whether it is on, for one that is switched on and off.
        words: Its title now, for one whose title changes.
        also: Other words under which the palette finds it.
        hold: Called with True while its key is held and with False after; the key then triggers nothing.
    """

    id: str
    title: str
    tip: str
    run: Callable[..., object]
    _: KW_ONLY
    icon: str = ""
    keys: tuple[str, ...] = ()
    group: str = ""
    when: Condition | None = None
    checked: Callable[[], bool] | None = None
    words: Callable[[], str] | None = None
    also: tuple[str, ...] = ()
    hold: Callable[[bool], object] | None = None

    @cached_property
    def menu(self) -> str:
        """The part of the id before the dot."""
        return self.id.partition(".")[0]


def needs_image(workspace: Workspace) -> Condition:
    """The condition of an action that makes no sense without a radiograph."""
    return lambda: NO_IMAGE if workspace.session is None else ""
