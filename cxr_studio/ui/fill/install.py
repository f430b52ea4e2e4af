"""Filling the mask: the generator and its options, the fill on trial, variations, and the engine's state."""

from __future__ import annotations

from dataclasses import dataclass, replace

from cxr_studio.generation.card_text import full_facts
from cxr_studio.generation.result import Result
from cxr_studio.restore.options import FillOptions
from cxr_studio.settings import Settings
from cxr_studio.ui.fill import commands
from cxr_studio.ui.fill.card_view import CardView
from cxr_studio.ui.fill.controller import InpaintingController
from cxr_studio.ui.fill.donors import DonorsController
from cxr_studio.ui.fill.generator_chooser import GeneratorChooser, choices_of
from cxr_studio.ui.fill.mask_choice import MaskChoice
from cxr_studio.ui.fill.options_panel import MAX_FEATHER, OptionsPanel
from cxr_studio.ui.fill.pictures import variation_pictures
from cxr_studio.ui.fill.refused import RefusedFiles
from cxr_studio.ui.fill.three_masks import ThreeMasksController
from cxr_studio.ui.fill.variations import VariationsController
from cxr_studio.ui.fill.variations_strip import VariationsStrip
from cxr_studio.ui.paint.controller import PaintingController
from cxr_studio.ui.shell.action import needs_image
from cxr_studio.ui.shell.desk import Desk
from cxr_studio.ui.shell.engine_bridge import LOADING, EngineBridge
from cxr_studio.ui.shell.number_field import NumberField
from cxr_studio.ui.shell.status_fields import PENDING, time_text

FEATHERED = "brush", "eraser", "polygon", "lasso", "rectangle", "ellipse", "flood", "stamp"
"""Tools beside which the hardness of the fill's edge is shown."""

CAUSE = "fill"
"""What messages of this feature are about."""


@dataclass(frozen=True)
class Fill:
    """The feature's controllers."""

    inpainting: InpaintingController
    variations: VariationsController
    masks: ThreeMasksController
    donors: DonorsController


def install(desk: Desk, bridge: EngineBridge, *, painting: PaintingController) -> Fill:
    """Declare the actions and place chooser and sections.

    Args:
        desk: Where.
        bridge: Answers the requests.
        painting: Whose strokes ask.
    """
    inpainting = InpaintingController(desk.workspace, bridge, parent=desk.parent)
    inpainting.take_generator(desk.preferences.settings.generator)
    variations = VariationsController(desk.workspace, bridge, inpainting, desk.parent)
    masks = ThreeMasksController(desk.workspace, inpainting, desk.parent)
    donors = DonorsController(desk.background, desk.parent)
    painting.stroking.connect(inpainting.stroked)
    donors.changed.connect(inpainting.take_donors)
    donors.told.connect(desk.tell)
    donors.warned.connect(desk.warn)
    _show_messages(desk, inpainting, variations)
    desk.at_cancel.extend((inpainting.cancel, variations.cancel))
    _declare(desk, inpainting, variations, painting)
    _show_options(desk, inpainting)
    _show_fill(desk, inpainting, variations, painting)
    _show_masks(desk, masks)
    _show_engine(desk, inpainting, variations, bridge)
    desk.preferences.add(
        apply=lambda settings: apply(inpainting, donors, bridge, settings=settings),
        collect=lambda settings: collect(inpainting, settings),
    )
    return Fill(inpainting, variations, masks, donors)


def _declare(
    desk: Desk, inpainting: InpaintingController, variations: VariationsController, painting: PaintingController
) -> None:
    opened = needs_image(desk.workspace)

    def cancel() -> None:
        for stop in desk.at_cancel:
            stop()

    def card() -> None:
        from cxr_studio.ui.shell.text_dialog import show_text

        show_text(desk.parent, inpainting.facts.title, full_facts(inpainting.facts))

    desk.actions.add(
        *commands.run_actions(inpainting, opened),
        *commands.keep_actions(inpainting, variations, reject=painting.clear, opened=opened),
        *commands.next_actions(inpainting),
        commands.cancel_action(cancel),
        commands.card_action(card),
    )


def _show_options(desk: Desk, inpainting: InpaintingController) -> None:
    chooser, panel, card = GeneratorChooser("Generator that fills the mask", "Generator"), OptionsPanel(), CardView()
    chooser.set_generators(choices_of(inpainting.generators), inpainting.options.generator)
    refused = RefusedFiles(desk.parent)
    refused.say_in(chooser)
    desk.actions.add(refused.action())
    desk.places.bar.add_left("Generator", chooser)
    desk.places.side.add("Options", panel)
    desk.places.side.add("Generator", card)

    def options(now: FillOptions) -> None:
        panel.set_options(now)
        chooser.set_generator(now.generator)
        card.set_facts(inpainting.facts)
        feather.show_value(now.feather, (0, MAX_FEATHER), "px")

    feather = NumberField("Feather", "Width over which the fill fades in, inside the mask; 0 px is a hard edge")
    desk.places.options.add("Feather", FEATHERED, feather)
    feather.entered.connect(lambda px: inpainting.take_pasting(replace(inpainting.options, feather=round(px))))
    inpainting.options_changed.connect(options)
    inpainting.live_changed.connect(lambda _on: desk.actions.review("inpaint.live"))
    chooser.chosen.connect(inpainting.take_generator)
    panel.changed.connect(inpainting.take_pasting)
    options(inpainting.options)


def _show_fill(
    desk: Desk, inpainting: InpaintingController, variations: VariationsController, painting: PaintingController
) -> None:
    strip = VariationsStrip()
    desk.places.side.add("Fill", strip)

    def offered(fill: Result | None) -> None:
        strip.set_offers(fill=fill is not None, varied=inpainting.varied)
        desk.actions.review("inpaint")

    def found(made: tuple[Result, ...], index: int) -> None:
        pictures = variation_pictures(desk.workspace, desk.places.grid.scene, made)
        strip.set_variations(pictures, [f"Seed {each.provenance.options.get('seed', 0)}" for each in made])
        strip.set_current(index)

    inpainting.offered.connect(offered)
    variations.changed.connect(found)
    strip.accepted.connect(inpainting.accept)
    strip.rejected.connect(painting.clear)
    strip.wanted.connect(variations.more)
    strip.chosen.connect(variations.choose)
    offered(None)


def _show_masks(desk: Desk, masks: ThreeMasksController) -> None:
    choice = MaskChoice()
    desk.places.side.add("Shown mask", choice)
    choice.chosen.connect(masks.show)
    masks.mask_changed.connect(desk.places.grid.scene.set_mask)


def _show_engine(
    desk: Desk, inpainting: InpaintingController, variations: VariationsController, bridge: EngineBridge
) -> None:
    """What is computed, in the pane that waits for it; the time of the last request; the device."""
    status, grid = desk.places.status, desk.places.grid

    def state(words: str) -> None:
        status.set_field("state", words)
        busy(inpainting.under_way)

    def busy(under_way: bool) -> None:
        loading = status.field("state") == LOADING
        words = "Loading the generator, then filling" if loading else "Filling"
        grid.set_busy("fill", words if under_way else "")

    def jobs(words: str) -> None:
        status.set_field("state", words)
        grid.set_busy("jobs", words)

    def timed(device: str, seconds: float) -> None:
        status.set_field("latency", time_text(seconds))
        if not status.field("device"):
            status.set_field("device", device.upper())

    inpainting.asked.connect(lambda: status.set_field("latency", PENDING))
    inpainting.busy_changed.connect(busy)
    inpainting.timed.connect(timed)
    bridge.job_done.connect(lambda result: timed(result.device, result.seconds))
    bridge.state_changed.connect(state)
    variations.busy_changed.connect(jobs)
    bridge.warmed.connect(lambda _name, device: status.set_field("device", device))


def _show_messages(desk: Desk, inpainting: InpaintingController, variations: VariationsController) -> None:
    """What went wrong is said until the mask, the options or the radiograph are other ones."""
    messages, workspace = desk.places.messages, desk.workspace
    for source in (inpainting, variations):
        source.warned.connect(lambda text: desk.warn(text, CAUSE))
    for gone in (inpainting.asked, inpainting.options_changed, workspace.mask_settled, workspace.opened):
        gone.connect(lambda *_: messages.gone(CAUSE))
    workspace.closed.connect(lambda: messages.gone(CAUSE))


def apply(
    inpainting: InpaintingController, donors: DonorsController, bridge: EngineBridge, *, settings: Settings
) -> None:
    """Put the settings into force; the generator and the seed stay."""
    inpainting.set_live(settings.live)
    inpainting.set_options(
        replace(inpainting.options, grain=settings.grain, grow=settings.grow, feather=settings.feather)
    )
    donors.use(settings.donors)
    bridge.set_device(settings.device)


def collect(inpainting: InpaintingController, settings: Settings) -> None:
    """Take the present state into the settings."""
    options = inpainting.options
    settings.generator = options.generator
    settings.grain, settings.grow, settings.feather = options.grain, options.grow, options.feather
    settings.live = inpainting.live
