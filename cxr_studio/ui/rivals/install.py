"""One mask, all generators: the key, the row of answers below the panes, and its figure."""

from __future__ import annotations

from collections.abc import Callable

from cxr_studio.masks.boxes import bounding_box
from cxr_studio.ui.figure.asking import ask_for_figure, put_figure
from cxr_studio.ui.fill.controller import InpaintingController
from cxr_studio.ui.rivals.controller import Rival, RivalsController
from cxr_studio.ui.shell.action import Action
from cxr_studio.ui.shell.desk import Desk
from cxr_studio.ui.shell.engine_bridge import EngineBridge
from cxr_studio.ui.strip.cells import Cell, around, cell_of
from cxr_studio.ui.strip.figure import draw_pictures, laid_out
from cxr_studio.ui.strip.picture_strip import PictureStrip

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

    def run() -> None:
        settle()
        rivals.run()
        strip.take_keyboard()

    def figure() -> None:
        path = ask_for_figure(desk, "Export a figure of the fills", "generators")
        if path is not None:
            pictures, size = laid_out(strip.cells, "Before")
            put_figure(desk, path, size, lambda painter: draw_pictures(painter, pictures))

    desk.actions.add(*actions(rivals, run, figure))
    desk.at_cancel.append(rivals.close)
    desk.places.foot.insertWidget(0, strip)
    strip.hide()
    _follow(desk, rivals, strip, inpainting)
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


def _follow(desk: Desk, rivals: RivalsController, strip: PictureStrip, inpainting: InpaintingController) -> None:
    cells: dict[Rival, Cell] = {}
    """Of the answers that are there; each is drawn once."""

    def show() -> None:
        session = desk.workspace.session
        box = None if session is None else bounding_box(session.mask)
        for gone in cells.keys() - set(rivals.answers):
            del cells[gone]
        if session is not None and box is not None:
            part = around(box, session.radiograph.shape)
            for rival in rivals.answers:
                if rival not in cells:
                    words = rival.facts.title, f"{1000 * rival.result.seconds:.0f} ms"
                    made = cell_of(desk.workspace, desk.places.grid.scene, rival.result, box=part, words=words)
                    if made is not None:
                        cells[rival] = made
        strip.set_words(words_of(rivals))
        strip.set_cells([cells[rival] for rival in rivals.answers if rival in cells], rivals.current)
        if strip.isVisible() and not rivals.shown:
            desk.places.grid.take_keyboard()
        strip.setVisible(rivals.shown)
        desk.actions.review("inpaint")

    rivals.changed.connect(show)
    rivals.warned.connect(lambda text: desk.warn(text, CAUSE))
    rivals.changed.connect(lambda: desk.places.messages.gone(CAUSE))
    inpainting.offered.connect(lambda _fill: strip.set_current(rivals.current))


def words_of(rivals: RivalsController) -> str:
    """How far the generators are."""
    done, waiting = len(rivals.answers), rivals.waiting
    failed = f", {rivals.failed} failed" if rivals.failed else ""
    if waiting:
        return f"{done} of {done + waiting + rivals.failed} generators{failed}…"
    if not done:
        return f"No fills of this mask yet (F5){failed}"
    return f"{done} generator{'s' if done > 1 else ''} in {rivals.seconds:.1f} s{failed}"
