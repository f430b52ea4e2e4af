"""Whole images, around a box or translated: sections and commands, the box's outline and the work in the pane."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from cxr_studio.masks.boxes import Box
from cxr_studio.settings import Settings
from cxr_studio.ui.fill.controller import InpaintingController
from cxr_studio.ui.fill.generator_chooser import choices_of
from cxr_studio.ui.fill.refused import RefusedFiles
from cxr_studio.ui.rivals.controller import RivalsController
from cxr_studio.ui.shell.desk import Desk
from cxr_studio.ui.shell.engine_bridge import EngineBridge
from cxr_studio.ui.tools.guides import Tone, Trail, frame
from cxr_studio.ui.whole.commands import surround_actions, translate_actions, trial_actions
from cxr_studio.ui.whole.controller import SurroundController, TranslateController
from cxr_studio.ui.whole.listed_boxes import ListedBoxesController
from cxr_studio.ui.whole.listed_boxes import words_of as words_of_box
from cxr_studio.ui.whole.panel import SURROUND, TRANSLATE, BoxChoice, FindingChoice, WholePanel
from cxr_studio.ui.whole.row import show_variations
from cxr_studio.ui.whole.trial import WholeImageController
from cxr_studio.ui.whole.variations import SurroundingsController

SURROUNDINGS, WHOLE = "Surroundings", "Whole image"
"""Their sections."""

CAUSE = "surround"
"""What messages and work of this feature are about."""


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
    """Declare the actions and place the sections.

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
    _follow(desk, inpainting, translating, words="Redrawing the image")
    box, finding = BoxChoice(), FindingChoice()
    surround = WholePanel(SURROUND, choices_of(surrounding.generators), ("Box", box))
    translate = WholePanel(TRANSLATE, choices_of(translating.generators), ("Draw", finding))
    RefusedFiles(desk.parent).say_in(surround.generator, translate.generator)
    for section, panel, offered in (
        (SURROUNDINGS, surround, surrounding.generators),
        (WHOLE, translate, translating.generators),
    ):
        desk.places.side.add(section, panel)
        desk.places.side.set_shown(section, bool(offered))
    _connect(desk, surrounding, surround, run=variations.run, another=variations.more)
    _connect(desk, translating, translate, run=translating.run, another=translating.another)
    _show_surround(desk, surrounding)
    _show_boxes(desk, surrounding, boxes, panel=box)
    _show_translate(translating, translate, finding)
    _remember(desk, bridge, surrounding, translating)
    return WholeImages(surrounding, variations, boxes, translating)


def _follow(desk: Desk, inpainting: InpaintingController, controller: WholeImageController[Any], *, words: str) -> None:
    """A fill ends the trial; work is shown in the pane and can be cancelled; messages end with their cause."""
    inpainting.asked.connect(controller.drop)
    desk.at_cancel.append(controller.cancel)
    controller.warned.connect(lambda text: desk.warn(text, CAUSE))
    controller.changed.connect(lambda: desk.places.messages.gone(CAUSE))
    controller.busy_changed.connect(lambda busy: desk.places.grid.set_busy(words, words if busy else ""))


def _connect(
    desk: Desk,
    controller: WholeImageController[Any],
    panel: WholePanel,
    *,
    run: Callable[[], object],
    another: Callable[[], object],
) -> None:
    """What both roles have: generator, seed and buttons."""
    pressed: dict[str, Callable[[], object]] = {
        "run": run,
        "another": another,
        "accept": controller.accept,
        "discard": controller.drop,
    }

    def show() -> None:
        options, trial = controller.options, controller.result is not None
        panel.set_options(options.generator, options.seed)
        offers = {"run": not controller.refusal, "another": not controller.another_refusal}
        panel.set_offers(controller.words, **offers, accept=trial, discard=trial)
        desk.actions.review("inpaint")

    controller.changed.connect(show)
    panel.generator.chosen.connect(controller.take_generator)
    panel.seed_entered.connect(lambda seed: controller.set_options(replace(controller.options, seed=round(seed))))
    panel.pressed.connect(lambda name: pressed[name]())
    show()


def _show_surround(desk: Desk, surrounding: SurroundController) -> None:
    """The box's outline, while the section is open or something is on trial."""
    section, scene = desk.places.side.section(SURROUNDINGS), desk.places.grid.scene

    def show() -> None:
        outlined = surrounding.result is not None or surrounding.listed is not None or not section.is_folded
        scene.set_lines(CAUSE, outline(surrounding.box) if outlined and surrounding.generators else ())

    surrounding.changed.connect(show)
    section.folded.connect(lambda _folded: show())
    show()


def _show_boxes(desk: Desk, surrounding: SurroundController, boxes: ListedBoxesController, *, panel: BoxChoice) -> None:
    def show() -> None:
        panel.set_boxes([words_of_box(each) for each in boxes.findings], boxes.current)
        desk.actions.review("inpaint")

    boxes.changed.connect(show)
    surrounding.changed.connect(show)
    boxes.told.connect(lambda text: desk.tell(text, CAUSE))
    boxes.warned.connect(lambda text: desk.warn(text, CAUSE))
    panel.boxes_wanted.connect(boxes.ask)
    panel.box_chosen.connect(boxes.choose)


def _show_translate(translating: TranslateController, panel: WholePanel, findings: FindingChoice) -> None:
    def show() -> None:
        options = translating.options
        label = options.labels[0] if options.labels else ""
        panel.set_run_title("Draw" if translating.labels else "Repair")
        findings.set_options(translating.labels, label, masked=translating.masked)

    translating.changed.connect(show)
    findings.label_chosen.connect(translating.take_label)
    findings.masked_set.connect(translating.set_masked)
    show()


def _remember(
    desk: Desk, bridge: EngineBridge, surrounding: SurroundController, translating: TranslateController
) -> None:
    """The chosen generators, from start to start; they are warmed up after the fill's, while its section is open."""
    settings = desk.preferences.settings
    surrounding.take_generator(settings.surround_generator)
    translating.take_generator(settings.translate_generator)

    def collect(settings: Settings) -> None:
        settings.surround_generator = surrounding.options.generator
        settings.translate_generator = translating.options.generator

    desk.preferences.add(apply=lambda _settings: None, collect=collect)
    _keep_warm(desk, bridge, SURROUNDINGS, surrounding)
    _keep_warm(desk, bridge, WHOLE, translating)


def _keep_warm(desk: Desk, bridge: EngineBridge, name: str, controller: WholeImageController[Any]) -> None:
    section = desk.places.side.section(name)

    def warm_up() -> None:
        if not section.is_folded:
            controller.warm_up()

    bridge.warmed.connect(lambda *_: warm_up())
    section.folded.connect(lambda _folded: warm_up())


def outline(box: Box | None) -> tuple[Trail, ...]:
    """The box along its border pixels."""
    if box is None:
        return ()
    return (frame((box[0], box[1]), (box[2] - 1, box[3] - 1), Tone.SELECTED),)
