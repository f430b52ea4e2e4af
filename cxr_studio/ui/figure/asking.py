"""Where a figure goes: the user is asked, and what came of it is said."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSize

from cxr_studio.errors import StudioError
from cxr_studio.ui.figure.writing import Draw, write_figure
from cxr_studio.ui.shell.desk import Desk

FILTERS = (
    "PNG, 300 dots per inch (*.png)",
    "TIFF, 300 dots per inch (*.tif)",
    "PDF (*.pdf)",
    "SVG (*.svg)",
)


def ask_for_figure(desk: Desk, title: str, what: str) -> Path | None:
    """Let the user choose where a figure goes; None when the dialog was closed.

    Args:
        desk: Where.
        title: Of the dialog.
        what: What the figure shows, for the proposed name.
    """
    proposal = Path(f"{Path(desk.workspace.name or 'radiograph').stem}-{what}.png")
    path = desk.dialogs.file_to_save(title, proposal, FILTERS)
    return path if path is None or path.suffix else path.with_suffix(".png")


def put_figure(desk: Desk, path: Path, size: QSize, draw: Draw) -> None:
    """Write a figure, and say where it is or why it is not."""
    try:
        write_figure(path, size, draw)
    except StudioError as fault:
        desk.warn(str(fault))
    else:
        desk.tell(f"The figure is in {path.name}.")
