"""The whole image around a box: the section, its commands, the box's outline and the work in the pane."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from cxr_studio.masks.boxes import Box
from cxr_studio.ui.fill.controller import InpaintingController
from cxr_studio.ui.fill.generator_chooser import choices_of
from cxr_studio.ui.shell.desk import Desk
from cxr_studio.ui.shell.engine_bridge import EngineBridge
from cxr_studio.ui.tools.guides import Tone, Trail, frame
from cxr_studio.ui.whole.commands import surround_actions
from cxr_studio.ui.whole.controller import SurroundController
from cxr_studio.ui.whole.panel import SurroundPanel

SECTION = "Whole image"
CAUSE = "surround"
"""What messages and work of this feature are about."""
READY = "The outlined box, {width} × {height} px, stays as it is."


def install(
    desk: Desk, bridge: EngineBridge, *, inpainting: InpaintingController, settle: Callable[[], object]
) -> SurroundController:
    """Declare the actions and place the section.

    Args:
        desk: Where.
        bridge: Answers the requests.
        inpainting: Whose fill on trial gives way.
        settle: Ends what a tool holds.
    """

    def make_room() -> None:
        settle()
        if inpainting.fill is not None or inpainting.under_way:
            inpainting.drop()

    surrounding = SurroundController(desk.workspace, bridge, settle=make_room, parent=desk.parent)
    inpainting.asked.connect(surrounding.drop)
    desk.actions.add(*surround_actions(surrounding))
    desk.at_cancel.append(surrounding.cancel)
    surrounding.warned.connect(lambda text: desk.warn(text, CAUSE))
    surrounding.changed.connect(lambda: desk.places.messages.gone(CAUSE))
    surrounding.busy_changed.connect(
        lambda busy: desk.places.grid.set_busy(CAUSE, "Drawing the surroundings" if busy else "")
    )
    _show(desk, surrounding)
    return surrounding


def _show(desk: Desk, surrounding: SurroundController) -> None:
    panel = SurroundPanel(choices_of(surrounding.generators))
    desk.places.side.add(SECTION, panel)
    desk.places.side.set_shown(SECTION, bool(surrounding.generators))
    section, scene = desk.places.side.section(SECTION), desk.places.grid.scene
    pressed: dict[str, Callable[[], object]] = {
        "run": surrounding.run,
        "another": surrounding.another,
        "accept": surrounding.accept,
        "discard": surrounding.drop,
    }

    def show() -> None:
        options, trial = surrounding.options, surrounding.result is not None
        panel.set_options(options.generator, options.seed)
        panel.set_words(words_of(surrounding))
        panel.set_offers(
            run=not surrounding.refusal, another=not surrounding.another_refusal, accept=trial, discard=trial
        )
        outlined = trial or not section.is_folded
        scene.set_lines(CAUSE, outline(surrounding.box) if outlined and surrounding.generators else ())
        desk.actions.review("inpaint")

    surrounding.changed.connect(show)
    section.folded.connect(lambda _folded: show())
    panel.generator_chosen.connect(lambda name: surrounding.set_options(replace(surrounding.options, generator=name)))
    panel.seed_entered.connect(lambda seed: surrounding.set_options(replace(surrounding.options, seed=round(seed))))
    panel.pressed.connect(lambda name: pressed[name]())
    show()


def words_of(surrounding: SurroundController) -> str:
    """What is on trial, or what to do first."""
    box, result = surrounding.box, surrounding.result
    if result is not None:
        return result.message
    if surrounding.refusal or box is None:
        return surrounding.refusal
    return READY.format(width=box[3] - box[1], height=box[2] - box[0])


def outline(box: Box | None) -> tuple[Trail, ...]:
    """The box along its border pixels."""
    if box is None:
        return ()
    return (frame((box[0], box[1]), (box[2] - 1, box[3] - 1), Tone.SELECTED),)
