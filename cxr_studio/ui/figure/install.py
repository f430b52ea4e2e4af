"""Figures of the panes for papers and talks."""

from __future__ import annotations

from pathlib import Path

from cxr_studio.errors import StudioError
from cxr_studio.ui.figure.drawing import laid_out
from cxr_studio.ui.figure.writing import write_figure
from cxr_studio.ui.shell.action import Action, needs_image
from cxr_studio.ui.shell.desk import Desk

FILTERS = (
    "PNG, 300 dots per inch (*.png)",
    "TIFF, 300 dots per inch (*.tif)",
    "PDF (*.pdf)",
    "SVG (*.svg)",
)


class FigureExport:
    """Asks for a file and writes the panes that are shown.

    Args:
        desk: Where.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def ask(self) -> None:
        """Let the user choose where to write."""
        proposal = Path(f"{Path(self._desk.workspace.name or 'radiograph').stem}-figure.png")
        path = self._desk.dialogs.file_to_save("Export a figure of the panes", proposal, FILTERS)
        if path is not None:
            self.write(path if path.suffix else path.with_suffix(".png"))

    def write(self, path: Path) -> None:
        """Write the figure of the panes as they are."""
        grid = self._desk.places.grid
        rows = grid.shown_rows()
        if not rows or grid.scene.empty:
            return
        pane = grid.panes[rows[0][0]].canvas.geometry_now
        try:
            write_figure(path, grid.scene, *laid_out(grid.scene, rows, pane))
        except StudioError as fault:
            self._desk.warn(str(fault))
            return
        self._desk.tell(f"The figure is in {path.name}.")


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
