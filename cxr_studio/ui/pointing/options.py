"""What the mask tools can be set to, in the bar above the panes: diameter, tolerance, side, paint or erase."""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QCheckBox, QLabel

from cxr_studio.radiographs.spacing import UNKNOWN_SPACING, Spacing
from cxr_studio.ui.display.readout import mm_per_pixel
from cxr_studio.ui.pointing.commands import MASK_TOOLS, MEASURE_TOOLS, VIEW_TOOLS
from cxr_studio.ui.pointing.controller import PointingController
from cxr_studio.ui.shell.desk import Desk
from cxr_studio.ui.shell.number_field import NumberField
from cxr_studio.ui.theme.icons import icon
from cxr_studio.ui.tools.schemes import DESCRIPTIONS, Scheme
from cxr_studio.ui.tools.tool import DIAMETERS, SIDES, TOLERANCES

BRUSHES = "brush", "eraser"
SWAPPED = "brush", "polygon", "lasso", "rectangle", "ellipse", "flood", "stamp"
"""Tools that erase instead of paint when swapped."""


class MaskToolOptions(QObject):
    """Shows the mask tools' settings and sets them.

    Args:
        desk: Where.
        pointing: Has the tools.
    """

    def __init__(self, desk: Desk, pointing: PointingController) -> None:
        super().__init__(desk.parent)
        self._desk = desk
        self._pointing = pointing
        self._diameter = NumberField("Brush diameter", "Diameter of the brush in image pixels ([ and ])")
        self._millimetres = QLabel()
        self._tolerance = NumberField("Tolerance", "Half-width of the range of greys that are taken, of 255")
        self._side = NumberField("Side", "Side of the square in image pixels")
        self._erases = QCheckBox("Erase")
        self._erases.setToolTip("Erase instead of paint (X)")
        bar = desk.places.options
        bar.add("Diameter", BRUSHES, self._diameter, self._millimetres)
        bar.add("Tolerance", ("flood",), self._tolerance)
        bar.add("Side", ("stamp",), self._side)
        bar.add("", SWAPPED, self._erases)
        self._diameter.entered.connect(lambda value: pointing.set_radius(value / 2))
        self._tolerance.entered.connect(lambda value: pointing.set_tolerance(round(value)))
        self._side.entered.connect(lambda value: pointing.set_side(round(value)))
        self._erases.clicked.connect(pointing.swap_value)
        pointing.settings_changed.connect(self.refresh)
        pointing.tool_changed.connect(self._show_tool)
        pointing.scheme_changed.connect(self._show_scheme)
        desk.workspace.opened.connect(self.refresh)
        self._show_tool(pointing.toolbox.chosen)
        self.refresh()

    @property
    def _spacing(self) -> Spacing:
        session = self._desk.workspace.session
        return UNKNOWN_SPACING if session is None else session.radiograph.spacing

    @Slot()
    def refresh(self) -> None:
        """Show the settings as they are."""
        now = self._pointing.toolbox.settings
        self._diameter.show_value(2 * now.radius, DIAMETERS, "px")
        mm = mm_per_pixel(self._spacing)
        self._millimetres.setText("" if mm is None else f"{2 * now.radius * mm:.1f} mm")
        self._tolerance.show_value(now.tolerance, TOLERANCES, "grey levels")
        self._side.show_value(now.stamp_side, SIDES, "px")
        self._erases.setChecked(not now.value)

    @Slot()
    def _show_scheme(self) -> None:
        self._show_tool(self._pointing.toolbox.chosen)

    @Slot(str)
    def _show_tool(self, name: str) -> None:
        rows = {row[0]: row for row in (*MASK_TOOLS, *VIEW_TOOLS, *MEASURE_TOOLS)}
        if name in rows:
            _, title, tip, _ = rows[name]
            reading = self._pointing.toolbox.scheme is Scheme.READING
            mouse = DESCRIPTIONS[self._pointing.toolbox.scheme]
            self._desk.places.options.set_tool(name, title, mouse if reading else f"{tip}   {mouse}", icon(name))
