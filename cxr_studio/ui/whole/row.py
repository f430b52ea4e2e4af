"""The row of surroundings below the panes."""

from __future__ import annotations

from collections.abc import Callable

from cxr_studio.generation.result import Result
from cxr_studio.ui.shell.desk import Desk
from cxr_studio.ui.strip.cells import Cell, cell_of
from cxr_studio.ui.strip.picture_strip import PictureStrip
from cxr_studio.ui.strip.row import AnswerRow
from cxr_studio.ui.whole.controller import SurroundController
from cxr_studio.ui.whole.variations import SurroundingsController


def show_variations(
    desk: Desk, surrounding: SurroundController, variations: SurroundingsController
) -> Callable[[], None]:
    """Place the row; returns what writes a figure of it."""
    strip = PictureStrip("Surroundings of the box", "Write a figure of these surroundings (Ctrl+Alt+K)")
    row = AnswerRow[Result](desk, strip, lambda result: _cell(desk, result))

    def figure() -> None:
        row.export("Export a figure of the surroundings", "surroundings", before="Original")

    def show() -> None:
        opening = variations.shown and not strip.isVisible()
        words = words_of(variations, waits=surrounding.under_way)
        row.show(variations.answers, words=words, current=variations.current, shown=variations.shown)
        if opening:
            strip.take_keyboard()

    desk.at_cancel.append(variations.close)
    variations.changed.connect(show)
    variations.warned.connect(desk.warn)
    strip.taken.connect(variations.take)
    strip.accepted.connect(surrounding.accept)
    strip.closed.connect(variations.close)
    strip.figure_wanted.connect(figure)
    return figure


def words_of(variations: SurroundingsController, *, waits: bool) -> str:
    """How many there are."""
    done, waiting = len(variations.answers), variations.waiting + waits
    return f"{done} of {done + waiting} surroundings…" if waiting else f"{done} surroundings of this box"


def _cell(desk: Desk, result: Result) -> Cell | None:
    session = desk.workspace.session
    if session is None:
        return None
    words = f"Seed {result.provenance.options.get('seed', 0)}", f"{1000 * result.seconds:.0f} ms"
    return cell_of(desk.workspace, desk.places.grid.scene, result, box=(0, 0, *session.radiograph.shape), words=words)
