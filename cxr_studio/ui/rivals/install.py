"""One mask, all generators: the key, the row of answers below the panes, and its figure."""

from __future__ import annotations

from collections.abc import Callable

from cxr_studio.masks.boxes import bounding_box
from cxr_studio.ui.fill.controller import InpaintingController
from cxr_studio.ui.rivals.controller import Rival, RivalsController
from cxr_studio.ui.shell.action import Action
from cxr_studio.ui.shell.desk import Desk
from cxr_studio.ui.shell.engine_bridge import EngineBridge
from cxr_studio.ui.strip.cells import Cell, around, cell_of
from cxr_studio.ui.strip.picture_strip import PictureStrip
from cxr_studio.ui.strip.row import AnswerRow

CAUSE = "rivals"
"""What messages of this feature are about."""
NO_ANSWER = "Fill the mask with every generator first."


def install(
    desk: Desk, bridge: EngineBridge, *, inpainting: InpaintingController, settle: Callable[[], object]
) -> RivalsController:
    """Declare the actions and place the row.

    Args:
        desk: Where.
        bridge: Answers the requests.
        inpainting: Who has the answer that is taken on trial.
        settle: Ends what a tool holds.
    """
    rivals = RivalsController(desk.workspace, bridge, inpainting, parent=desk.parent)
    strip = PictureStrip("Fills of all generators", "Write a figure of these fills (Ctrl+Shift+K)")
    row = AnswerRow[Rival](desk, strip, lambda rival: _cell(desk, rival))

    def run() -> None:
        settle()
        rivals.run()
        strip.take_keyboard()

    def figure() -> None:
        row.export("Export a figure of the fills", "generators", before="Before")

    def show() -> None:
        row.show(rivals.answers, words=words_of(rivals), current=rivals.current, shown=rivals.shown)

    desk.actions.add(*actions(rivals, run, figure))
    desk.at_cancel.append(rivals.close)
    rivals.changed.connect(show)
    rivals.warned.connect(lambda text: desk.warn(text, CAUSE))
    rivals.changed.connect(lambda: desk.places.messages.gone(CAUSE))
    inpainting.offered.connect(lambda _fill: row.set_current(rivals.current))
    strip.taken.connect(rivals.take)
    strip.accepted.connect(inpainting.accept)
    strip.closed.connect(rivals.close)
    strip.figure_wanted.connect(figure)
    return rivals


def actions(rivals: RivalsController, run: Callable[[], object], figure: Callable[[], object]) -> tuple[Action, Action]:
    """Rows that ask all generators and write their figure."""
    return (
        Action(
            "inpaint.every",
            "Fill with every generator",
            "Fill the mask with every generator, side by side to choose from.",
            run,
            keys=("F5",),
            group="next",
            when=lambda: rivals.refusal,
            also=("compare", "side by side", "all generators", "strip"),
        ),
        Action(
            "inpaint.every-figure",
            "Export figure of the fills…",
            "Write the fills of all generators side by side, with differences: PNG, TIFF, PDF, SVG.",
            figure,
            keys=("Ctrl+Shift+K",),
            group="next",
            when=lambda: "" if rivals.answers else NO_ANSWER,
            also=("compare", "paper", "publication", "all generators"),
        ),
    )


def words_of(rivals: RivalsController) -> str:
    """How far the generators are."""
    done, waiting = len(rivals.answers), rivals.waiting
    failed = f", {rivals.failed} failed" if rivals.failed else ""
    if waiting:
        return f"{done} of {done + waiting + rivals.failed} generators{failed}…"
    if not done:
        return f"No fills of this mask yet (F5){failed}"
    return f"{done} generator{'s' if done > 1 else ''} in {rivals.seconds:.1f} s{failed}"


def _cell(desk: Desk, rival: Rival) -> Cell | None:
    """The answer around the mask; None where there is none any more."""
    session = desk.workspace.session
    box = None if session is None else bounding_box(session.mask)
    if session is None or box is None:
        return None
    part, words = around(box, session.radiograph.shape), (rival.facts.title, f"{1000 * rival.result.seconds:.0f} ms")
    return cell_of(desk.workspace, desk.places.grid.scene, rival.result, box=part, words=words)
