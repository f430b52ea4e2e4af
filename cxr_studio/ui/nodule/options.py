"""Diameter and contrast of the selected nodule, or of the next, in the bar above the panes."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel

from cxr_studio.nodules.placement import CONTRASTS, DIAMETERS_PX, Placement
from cxr_studio.ui.shell.number_field import NumberField
from cxr_studio.ui.shell.tool_options import ToolOptions

TOOLS = ("nodule",)


class NoduleOptions:
    """Two numbers, and whose they are.

    Args:
        bar: Where they are shown while the nodule tool is chosen.

    Attributes:
        subject: "Nodule 3:" or "Next nodule:".
        diameter: In millimetres where the radiograph says what a pixel is.
        contrast: Contrast factor.
        mm: Millimetres per pixel, or None.
    """

    def __init__(self, bar: ToolOptions) -> None:
        self.subject = QLabel()
        self.diameter = NumberField("Nodule diameter", "Mean diameter ([ and ], Shift+wheel)", decimals=1)
        self.contrast = NumberField("Contrast", "Contrast relative to the same tissue here (, and .)", decimals=2)
        self.contrast.setSingleStep(0.05)
        self.mm: float | None = None
        bar.add(self.subject, TOOLS)
        bar.add("Diameter", TOOLS, self.diameter)
        bar.add("Contrast", TOOLS, self.contrast)

    def show_look(self, look: Placement, mm: float | None, selected: int | None) -> None:
        """Show the look of the selected nodule, or of the next."""
        self.mm = mm
        scale = mm or 1.0
        self.subject.setText(f"{subject_of(selected)}:")
        low, high = DIAMETERS_PX
        self.diameter.show_value(look.diameter * scale, (low * scale, high * scale), "px" if mm is None else "mm")
        self.contrast.show_value(look.contrast, CONTRASTS, "×")


def subject_of(selected: int | None) -> str:
    """Whose look is shown and changed: ``Nodule 3`` or ``Next nodule``."""
    return "Next nodule" if selected is None else f"Nodule {selected}"
