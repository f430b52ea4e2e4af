"""Whole images, around a box or translated: the section, its commands, the box's outline and the work in the pane."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from cxr_studio.masks.boxes import Box
from cxr_studio.ui.fill.controller import InpaintingController
from cxr_studio.ui.fill.generator_chooser import choices_of
from cxr_studio.ui.rivals.controller import RivalsController
from cxr_studio.ui.shell.desk import Desk
from cxr_studio.ui.shell.engine_bridge import EngineBridge
from cxr_studio.ui.tools.guides import Tone, Trail, frame
from cxr_studio.ui.whole.commands import surround_actions, translate_actions, trial_actions
from cxr_studio.ui.whole.controller import SurroundController, TranslateController
from cxr_studio.ui.whole.listed_boxes import ListedBoxesController
from cxr_studio.ui.whole.listed_boxes import words_of as words_of_box
from cxr_studio.ui.whole.panel import SurroundPanel, TranslatePanel
from cxr_studio.ui.whole.row import show_variations
from cxr_studio.ui.whole.trial import WholeImageController
from cxr_studio.ui.whole.variations import SurroundingsController

SECTION = "Whole image"
CAUSE = "surround"
"""What messages and work of this feature are about."""
READY = "The outlined box, {width} × {height} px, stays as it is."


@dataclass(frozen=True)
class WholeImages:
    """The feature's controllers."""

    surrounding: SurroundController
    variations: SurroundingsController
    boxes: ListedBoxesController
    translating: TranslateController


def install(
    desk: Desk,
    bridge: EngineBridge,
    *,
    inpainting: InpaintingController,
    rivals: RivalsController,
    settle: Callable[[], object],
) -> WholeImages:
    """Declare the actions and place the section.

    Args:
        desk: Where.
        bridge: Answers the requests.
        inpainting: Whose fill on trial gives way.
        rivals: Whose row gives way.
        settle: Ends what a tool holds.
    """

    def make_room() -> None:
        settle()
        rivals.close()
        for each in (surrounding, translating):
            each.cancel()
        if inpainting.fill is not None or inpainting.under_way:
            inpainting.drop()

    surrounding = SurroundController(desk.workspace, bridge, settle=make_room, parent=desk.parent)
    translating = TranslateController(desk.workspace, bridge, settle=make_room, parent=desk.parent)
    variations = SurroundingsController(desk.workspace, bridge, surrounding, desk.parent)
    boxes = ListedBoxesController(
        desk.workspace, desk.background, desk.dialogs, surrounding=surrounding, parent=desk.parent
    )
    figure = show_variations(desk, surrounding, variations)
    rivals.changed.connect(lambda: variations.close() if rivals.shown else None)
    desk.actions.add(
        *surround_actions(surrounding, variations, boxes, figure),
        *translate_actions(translating),
        *trial_actions((surrounding, translating)),
    )
    _follow(desk, inpainting, surrounding, words="Drawing the surroundings")
    _follow(desk, inpainting, translating, words="Translating the image")
    surround, translate = (
        SurroundPanel(choices_of(surrounding.generators)),
        TranslatePanel(choices_of(translating.generators)),
    )
    desk.places.side.add(SECTION, surround, translate)
    desk.places.side.set_shown(SECTION, bool(surrounding.generators or translating.generators))
    surround.setVisible(bool(surrounding.generators))
    translate.setVisible(bool(translating.generators))
    _show_surround(desk, surrounding, variations, panel=surround)
    _show_boxes(desk, surrounding, boxes, panel=surround)
    _show_translate(desk, translating, translate)
    return WholeImages(surrounding, variations, boxes, translating)


def _follow(desk: Desk, inpainting: InpaintingController, controller: WholeImageController[Any], *, words: str) -> None:
    """A fill ends the trial; work is shown in the pane and can be cancelled; messages end with their cause."""
    inpainting.asked.connect(controller.drop)
    desk.at_cancel.append(controller.cancel)
    controller.warned.connect(lambda text: desk.warn(text, CAUSE))
    controller.changed.connect(lambda: desk.places.messages.gone(CAUSE))
    controller.busy_changed.connect(lambda busy: desk.places.grid.set_busy(words, words if busy else ""))


def _show_surround(
    desk: Desk, surrounding: SurroundController, variations: SurroundingsController, *, panel: SurroundPanel
) -> None:
    section, scene = desk.places.side.section(SECTION), desk.places.grid.scene
    pressed: dict[str, Callable[[], object]] = {
        "run": variations.run,
        "another": variations.more,
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
        outlined = trial or surrounding.listed is not None or not section.is_folded
        scene.set_lines(CAUSE, outline(surrounding.box) if outlined and surrounding.generators else ())
        desk.actions.review("inpaint")

    surrounding.changed.connect(show)
    section.folded.connect(lambda _folded: show())
    panel.generator_chosen.connect(lambda name: surrounding.set_options(replace(surrounding.options, generator=name)))
    panel.seed_entered.connect(lambda seed: surrounding.set_options(replace(surrounding.options, seed=round(seed))))
    panel.pressed.connect(lambda name: pressed[name]())
    show()


def _show_boxes(
    desk: Desk, surrounding: SurroundController, boxes: ListedBoxesController, *, panel: SurroundPanel
) -> None:
    def show() -> None:
        panel.set_boxes([words_of_box(each) for each in boxes.findings], boxes.current)
        desk.actions.review("inpaint")

    boxes.changed.connect(show)
    surrounding.changed.connect(show)
    boxes.told.connect(lambda text: desk.tell(text, CAUSE))
    boxes.warned.connect(lambda text: desk.warn(text, CAUSE))
    panel.boxes_wanted.connect(boxes.ask)
    panel.box_chosen.connect(boxes.choose)


def _show_translate(desk: Desk, translating: TranslateController, panel: TranslatePanel) -> None:
    pressed: dict[str, Callable[[], object]] = {
        "run": translating.run,
        "accept": translating.accept,
        "discard": translating.drop,
    }

    def show() -> None:
        options, result = translating.options, translating.result
        label = options.labels[0] if options.labels else ""
        panel.set_options(options.generator, translating.labels, label, masked=translating.masked)
        panel.set_offers(run=not translating.refusal, trial=result is not None, words=translating.words)
        desk.actions.review("inpaint")

    translating.changed.connect(show)
    panel.generator_chosen.connect(translating.take_generator)
    panel.label_chosen.connect(
        lambda label: translating.set_options(replace(translating.options, labels=(label,) if label else ()))
    )
    panel.masked_set.connect(translating.set_masked)
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
