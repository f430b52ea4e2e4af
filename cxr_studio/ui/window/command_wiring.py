"""Every command of the table to what it does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from cxr_studio.errors import StudioError
from cxr_studio.resources import resource
from cxr_studio.ui.nodule.panel import next_generator
from cxr_studio.ui.tools.schemes import Scheme
from cxr_studio.ui.window import about
from cxr_studio.ui.window.comparison_opening import compare_checkpoints
from cxr_studio.ui.window.highlight_wiring import commands as highlight_commands
from cxr_studio.ui.window.nodule_wiring import TURN
from cxr_studio.ui.window.study_opening import sit_study

if TYPE_CHECKING:
    from cxr_studio.ui.shell.main_window import MainWindow

Slots = dict[str, Callable[..., object]]

SUBTLETY_STEP = 1.15
"""Factor on a nodule's contrast of a key."""
ZOOM_STEP = 1.25
MASK_FILTERS = ("Mask (*.png)", "All files (*)")


def wire(window: MainWindow) -> None:
    """Connect all commands."""
    slots = {
        **_files(window),
        **_edits(window),
        **_tools(window),
        **_nodules(window),
        **_views(window),
        **_inpainting(window),
        **highlight_commands(window),
        "help.about": lambda: about.show_about(window),
        "help.card": lambda: about.show_card(window, window.studio.inpainting.facts),
    }
    slots.pop("highlight.cancel")
    for name, slot in slots.items():
        window.registry.connect_to(name, slot)
    window.addActions([window.registry.action(name) for name in window.registry.commands])


def open_sample(window: MainWindow) -> None:
    """Open the bundled sample with large masses."""
    _try(window, lambda: window.studio.documents.open([resource("samples", "masses.dcm")]))


def _files(window: MainWindow) -> Slots:
    documents = window.studio.documents
    return {
        "file.open": documents.open_with_dialog,
        "file.open-folder": documents.open_folder_with_dialog,
        "file.sample": lambda: open_sample(window),
        "file.save": documents.save,
        "file.save-as": documents.save_as,
        "file.export": documents.export_with_dialog,
        "file.previous": lambda: documents.step(-1),
        "file.next": lambda: documents.step(1),
        "file.close": documents.close,
        "file.study": lambda: sit_study(window),
        "file.compare": lambda: compare_checkpoints(window),
        "file.quit": window.close,
    }


def _edits(window: MainWindow) -> Slots:
    studio = window.studio
    return {
        "edit.undo": lambda: _settled(window, studio.workspace.undo),
        "edit.redo": lambda: _settled(window, studio.workspace.redo),
        "edit.clear": studio.painting.clear,
        "edit.grow": studio.painting.grow,
        "edit.shrink": studio.painting.shrink,
        "edit.invert-mask": studio.painting.invert,
        "edit.load-mask": lambda: _load_mask(window),
        "edit.save-mask": lambda: _save_mask(window),
        "edit.palette": lambda: about.open_palette(window),
        "edit.shortcuts": lambda: about.open_shortcuts(window),
        "edit.settings": lambda: about.open_settings(window),
    }


def _settled(window: MainWindow, step: Callable[[], None]) -> None:
    """Take a step of the history with no tool half way through a stroke."""
    window.studio.pointing.cancel()
    step()


def _tools(window: MainWindow) -> Slots:
    pointing = window.studio.pointing
    slots: Slots = {
        f"tool.{name}": lambda _checked, name=name: take_tool(window, name) for name in pointing.toolbox.names
    }
    return {
        **slots,
        "tool.smaller": lambda: pointing.resize(-1),
        "tool.larger": lambda: pointing.resize(1),
        "tool.swap": lambda _checked: pointing.swap_value(),
        "tool.scheme": lambda painting: set_scheme(window, Scheme.PAINTING if painting else Scheme.READING),
    }


def _nodules(window: MainWindow) -> Slots:
    nodules = window.studio.nodules
    return {
        "nodule.generator": lambda: nodules.set_generator(*next_generator(nodules.look)),
        "nodule.subtler": lambda: nodules.scale_subtlety(1 / SUBTLETY_STEP),
        "nodule.denser": lambda: nodules.scale_subtlety(SUBTLETY_STEP),
        "nodule.turn": lambda: nodules.turn(TURN),
        "nodule.mirror": nodules.flip,
        "nodule.reshape": nodules.reshape,
        "nodule.next-shape": lambda: window.studio.shapes.step(1),
        "nodule.previous-shape": lambda: window.studio.shapes.step(-1),
        "nodule.fresh-shapes": window.studio.shapes.fresh,
        "nodule.delete": nodules.delete,
    }


def take_tool(window: MainWindow, name: str) -> None:
    """Take a tool; it needs the painting scheme, in which the left button is the tool's."""
    if window.studio.pointing.toolbox.scheme is Scheme.READING:
        set_scheme(window, Scheme.PAINTING)
    window.studio.pointing.choose(name)


def set_scheme(window: MainWindow, scheme: Scheme) -> None:
    """Take another interaction scheme."""
    window.settings.scheme = "painting" if scheme is Scheme.PAINTING else "reading"
    window.registry.scheme = scheme.value
    window.registry.set_checked("tool.scheme", scheme is Scheme.PAINTING)
    window.studio.pointing.set_scheme(scheme)


def _views(window: MainWindow) -> Slots:
    studio, grid = window.studio, window.grid
    view = grid.scene.view
    panes: Slots = {f"view.{kind}": lambda _checked, kind=kind: grid.toggle_maximised(kind) for kind in grid.panes}
    return {
        **panes,
        "view.fit": view.fit,
        "view.one-to-one": lambda: view.zoom_to(1.0 / window.devicePixelRatioF()),
        "view.zoom-in": lambda: view.zoom_to(view.scale * ZOOM_STEP),
        "view.zoom-out": lambda: view.zoom_to(view.scale / ZOOM_STEP),
        "view.invert": studio.display.set_inverted,
        "view.reset-window": studio.display.reset,
        "view.percentiles": studio.display.percentiles,
        "view.mask-window": studio.display.fit_to_mask,
        "view.crosshair": lambda on: set_crosshair(window, on),
        "view.mask": lambda on: grid.scene.set_overlay(visible=on),
        "view.lungs": studio.lungs.set_shown,
        "view.show-all": lambda: _show_all(window),
        "view.absolute": lambda on: set_difference(window, "absolute" if on else "signed", studio.comparison.gain),
        "view.more-gain": lambda: set_difference(window, studio.comparison.mode, studio.comparison.gain * 2),
        "view.less-gain": lambda: set_difference(window, studio.comparison.mode, studio.comparison.gain / 2),
        "view.swipe": studio.comparison.set_swipe,
        "view.theme": lambda light: about.set_theme(window, "light" if light else "dark"),
        "view.full-screen": lambda on: window.showFullScreen() if on else window.showNormal(),
    }


def set_difference(window: MainWindow, mode: str, gain: float) -> None:
    """Show the difference in another way, everywhere."""
    comparison = window.studio.comparison
    comparison.mode = mode
    comparison.set_gain(gain)
    window.bar.set_difference(mode, comparison.gain)
    window.registry.set_checked("view.absolute", mode == "absolute")


def set_crosshair(window: MainWindow, on: bool) -> None:
    """Show the pointer's place in all panes, or not."""
    window.studio.pointing.set_crosshair(on)
    window.registry.set_checked("view.crosshair", on)


def _show_all(window: MainWindow) -> None:
    window.grid.dock_all()
    window.grid.arrange({})


def _inpainting(window: MainWindow) -> Slots:
    studio = window.studio
    inpainting = studio.inpainting

    def next_seed() -> None:
        inpainting.set_options(replace(inpainting.options, seed=inpainting.options.seed + 1))

    def next_generator() -> None:
        names = [facts.name for facts in inpainting.generators]
        place = (names.index(inpainting.options.generator) + 1) % len(names)
        inpainting.set_options(replace(inpainting.options, generator=names[place]))

    def cancel() -> None:
        studio.link.cancel_live()
        studio.variations.cancel()
        studio.highlight.cancel()

    return {
        "inpaint.run": inpainting.run,
        "inpaint.live": inpainting.set_live,
        "inpaint.accept": inpainting.accept,
        "inpaint.reject": studio.reject,
        "inpaint.variations": studio.variations.more,
        "inpaint.next-seed": next_seed,
        "inpaint.next-generator": next_generator,
        "inpaint.cancel": cancel,
    }


def _load_mask(window: MainWindow) -> None:
    path = window.studio.documents.dialogs.file_to_open("Load a mask", MASK_FILTERS)
    if path is not None:
        _try(window, lambda: window.studio.painting.load(path))


def _save_mask(window: MainWindow) -> None:
    proposal = Path(window.studio.workspace.name or "mask").with_suffix("").name + "-mask.png"
    documents = window.studio.documents
    path = documents.dialogs.file_to_save("Save the mask", Path(proposal), MASK_FILTERS[:1])
    if path is not None:
        _try(window, lambda: window.studio.painting.save(path))


def _try(window: MainWindow, work: Callable[[], None]) -> None:
    try:
        work()
    except StudioError as fault:
        window.messages.warn(str(fault))
