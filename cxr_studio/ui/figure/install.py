"""Figures of the panes for papers and talks."""

from __future__ import annotations

from pathlib import Path

from cxr_studio.ui.figure.asking import ask_for_figure, put_figure
from cxr_studio.ui.figure.drawing import draw_figure, laid_out
from cxr_studio.ui.shell.action import Action, needs_image
from cxr_studio.ui.shell.desk import Desk


class FigureExport:
    """Asks for a file and writes the panes that are shown.

    Args:
        desk: Where.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def ask(self) -> None:
        """Let the user choose where to write."""
        path = ask_for_figure(self._desk, "Export a figure of the panes", "figure")
        if path is not None:
            self.write(path)

    def write(self, path: Path) -> None:
        """Write the figure of the panes as they are."""
        grid = self._desk.places.grid
        rows = grid.shown_rows()
        if not rows or grid.scene.empty:
            return
        pane = grid.panes[rows[0][0]].canvas.geometry_now
        panels, size = laid_out(grid.scene, rows, pane)
        put_figure(self._desk, path, size, lambda painter: draw_figure(painter, grid.scene, panels))


def install(desk: Desk) -> FigureExport:
    """Declare the action."""
    figures = FigureExport(desk)
    desk.actions.add(
        Action(
            "file.figure",
            "Export figure…",
            "Write the panes with scale bars for a paper: PNG, TIFF, PDF, SVG.",
            figures.ask,
            icon="export",
            keys=("Ctrl+Shift+F",),
            group="save",
            when=needs_image(desk.workspace),
            also=("picture", "screenshot", "paper", "publication"),
        )
    )
    return figures
