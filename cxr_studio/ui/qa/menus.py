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

MOUSE = (
    "Wheel zoom · left drag pan · right drag window/level · Ctrl+wheel cell size · Shift+wheel columns · Tab as Space"
)
"""What the mouse does, for the list of shortcuts."""
