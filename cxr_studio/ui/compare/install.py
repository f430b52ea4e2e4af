"""Comparing the original and the inpainted image: difference, swipe, flicker, and the proof of what stayed."""

from __future__ import annotations

from cxr_studio.settings import Settings
from cxr_studio.ui.canvas.difference import DifferenceStyle
from cxr_studio.ui.compare.commands import difference_actions, flicker_actions
from cxr_studio.ui.compare.controller import ComparisonController
from cxr_studio.ui.compare.difference_choice import GainChooser, ModeChooser
from cxr_studio.ui.shell.desk import Desk


def install(desk: Desk) -> ComparisonController:
    """Declare the actions, place the choosers, and show every change in the panes."""
    comparison = ComparisonController(desk.workspace, desk.parent)
    desk.actions.add(*difference_actions(comparison), *flicker_actions(comparison))
    desk.at_close.append(comparison.close)
    desk.preferences.add(
        apply=lambda settings: comparison.set_difference(settings.difference, settings.gain),
        collect=lambda settings: collect(comparison, settings),
    )
    _show_difference(desk, comparison)
    _show_original(desk, comparison)
    return comparison


def _show_difference(desk: Desk, comparison: ComparisonController) -> None:
    scene, modes, gains = desk.places.grid.scene, ModeChooser(), GainChooser()
    desk.places.bar.add_right("Difference", modes, gains)

    def changed(mode: str, gain: float) -> None:
        scene.set_difference(DifferenceStyle("absolute" if mode == "absolute" else "signed", gain))
        modes.set_mode(mode)
        gains.set_gain(gain)
        desk.actions.review("view.absolute")

    comparison.difference_changed.connect(changed)
    modes.chosen.connect(comparison.set_mode)
    gains.chosen.connect(comparison.set_gain)


def _show_original(desk: Desk, comparison: ComparisonController) -> None:
    scene, badge = desk.places.grid.scene, desk.places.grid.panes["difference"]
    comparison.flicker_changed.connect(scene.set_flicker)
    comparison.swipe_changed.connect(lambda on: scene.set_swipe(0.5 if on else None))
    comparison.proved.connect(lambda words, count: badge.set_badge(words, good=count == 0))


def collect(comparison: ComparisonController, settings: Settings) -> None:
    """Take the present state into the settings."""
    settings.difference = "absolute" if comparison.mode == "absolute" else "signed"
    settings.gain = comparison.gain
