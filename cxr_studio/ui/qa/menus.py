"""The menus of the comparison window, and what its mouse does."""

from __future__ import annotations

from cxr_studio.ui.shell.menus import MenuTable

QA_MENUS: MenuTable = {
    "run": ("&Run", ()),
    "look": ("&View", ()),
    "column": ("&Columns", ()),
    "judge": ("&Judge", ()),
    "about": ("&Help", ()),
}

MOUSE = "Left or middle drag pan · right drag window/level · wheel zoom · Ctrl+wheel cell size · Shift+wheel columns"
"""What the mouse does: as in the main window's painting scheme, where there is nothing to paint."""
