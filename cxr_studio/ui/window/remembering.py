"""What is remembered between two starts, and how it comes back."""

from __future__ import annotations

import base64
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray

from cxr_studio.settings import save_settings
from cxr_studio.ui.tools.schemes import Scheme
from cxr_studio.ui.window import about, command_wiring
from cxr_studio.ui.window.view_wiring import show_recent

if TYPE_CHECKING:
    from cxr_studio.ui.shell.main_window import MainWindow


def apply(window: MainWindow) -> None:
    """Restore places, sizes and choices."""
    settings = window.settings
    if settings.geometry:
        window.restoreGeometry(QByteArray(base64.b64decode(settings.geometry)))
    window.grid.arrange(settings.panes)
    names = {facts.name for facts in window.studio.inpainting.generators}
    if settings.generator in names:
        inpainting = window.studio.inpainting
        inpainting.set_options(replace(inpainting.options, generator=settings.generator))
    apply_choices(window)
    show_recent(window)
    window.registry.set_checked("view.mask", True)
    for name in ("file.previous", "file.next"):
        window.registry.set_enabled([name], False, why="No folder is open.")


def apply_choices(window: MainWindow) -> None:
    """Put the settings' choices into force."""
    settings, studio = window.settings, window.studio
    about.set_theme(window, settings.theme)
    command_wiring.set_scheme(window, Scheme(settings.scheme))
    command_wiring.set_difference(window, settings.difference, settings.gain)
    command_wiring.set_crosshair(window, settings.crosshair)
    studio.inpainting.set_live(settings.live)
    options = studio.inpainting.options
    studio.inpainting.set_options(replace(options, grain=settings.grain, grow=settings.grow, feather=settings.feather))
    studio.donors.use(settings.donors)
    studio.link.set_device(settings.device)
    studio.pointing.set_radius(settings.brush)
    studio.pointing.set_tolerance(settings.tolerance)
    window.grid.scene.set_overlay(opacity=settings.opacity)
    studio.highlight.set_look(studio.highlight.look.with_opacity(settings.highlight_opacity))


def collect(window: MainWindow) -> None:
    """Take the present choices into the settings."""
    settings, studio = window.settings, window.studio
    options, tools = studio.inpainting.options, studio.pointing.toolbox.settings
    settings.generator = options.generator
    settings.grain, settings.grow, settings.feather = options.grain, options.grow, options.feather
    settings.live = studio.inpainting.live
    settings.brush, settings.tolerance = tools.radius, tools.tolerance
    settings.difference = "absolute" if studio.comparison.mode == "absolute" else "signed"
    settings.gain = studio.comparison.gain
    settings.highlight_opacity = studio.highlight.look.opacity
    settings.crosshair = studio.pointing.crosshair
    settings.shortcuts = {name: list(keys) for name, keys in window.registry.overrides.items()}


def keep(window: MainWindow) -> str:
    """Write everything down; returns a sentence when that failed."""
    collect(window)
    window.settings.geometry = base64.b64encode(window.saveGeometry().data()).decode()
    window.settings.panes = window.grid.arrangement()
    return save_settings(window.settings)
