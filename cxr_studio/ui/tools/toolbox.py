"""All tools by name, the chosen one, and the routing of buttons to them by the interaction scheme."""

from __future__ import annotations

from collections.abc import Callable

from cxr_studio.ui.tools.brush import BrushTool
from cxr_studio.ui.tools.guides import Guide
from cxr_studio.ui.tools.measuring import AngleTool, MeasureTarget, RegionTool, RulerTool
from cxr_studio.ui.tools.nodule import NoduleTarget, NoduleTool
from cxr_studio.ui.tools.outlines import LassoTool, PolygonTool
from cxr_studio.ui.tools.pointer import Button, Key, Pointer
from cxr_studio.ui.tools.rubber import EllipseTool, RectangleTool
from cxr_studio.ui.tools.schemes import Act, Scheme, WheelAct, act_for, wheel_for
from cxr_studio.ui.tools.select import SelectTarget, SelectTool
from cxr_studio.ui.tools.spots import FloodTool, StampTool
from cxr_studio.ui.tools.tool import MaskTarget, Tool, ToolSettings, ViewTarget
from cxr_studio.ui.tools.viewing import PanTool, WindowTool, ZoomTool

ZOOM_STEP = 1.2
"""Zoom factor of one notch of the wheel."""


class Toolbox:
    """Routes presses, moves, releases, keys and the wheel to the right tool.

    Attributes:
        settings: What the mask tools share.
        scheme: The interaction scheme.
        step_case: Called with -1 or 1 for the previous or next radiograph.
    """

    def __init__(
        self,
        target: MaskTarget,
        view: ViewTarget,
        *,
        nodules: NoduleTarget | None = None,
        edits: SelectTarget | None = None,
        measures: MeasureTarget | None = None,
    ) -> None:
        self.settings = ToolSettings()
        self.scheme = Scheme.PAINTING
        self.step_case: Callable[[int], None] = lambda _step: None
        self._view = view
        self._tools = _mask_tools(target, self.settings)
        if nodules is not None:
            self._tools["nodule"] = NoduleTool(nodules)
        self._acts: dict[Act, Tool] = {
            Act.WINDOW: WindowTool(view),
            Act.PAN: PanTool(view),
            Act.ZOOM: ZoomTool(view),
        }
        if measures is not None:
            self._tools |= _measuring_tools(measures)
        if edits is not None:
            self._acts[Act.SELECT] = SelectTool(edits)
        self._tools |= {act.value: tool for act, tool in self._acts.items()}
        self._chosen = "brush"
        self._at_work: Tool | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """Names of all tools in the tool bar's order."""
        return tuple(self._tools)

    @property
    def chosen(self) -> str:
        """Name of the chosen tool."""
        return self._chosen

    @property
    def tool(self) -> Tool:
        """The chosen tool."""
        return self._tools[self._chosen]

    @property
    def painting(self) -> bool:
        """True while a button is held with a tool at work or a shape is half done."""
        return self._at_work is not None or self.tool.busy

    def choose(self, name: str) -> None:
        """Take another tool; what is half done with the last one is dropped."""
        if name not in self._tools:
            raise KeyError(name)
        if name != self._chosen:
            self.cancel()
            self._chosen = name

    def cancel(self) -> None:
        """Drop whatever is half done."""
        self.tool.cancel()
        if self._at_work is not None:
            self._at_work.cancel()
            self._at_work = None

    def press(self, button: Button, pointer: Pointer) -> None:
        """Begin what this button means; a second button while one is held is ignored."""
        if self._at_work is not None:
            return
        act = act_for(self.scheme, button, pointer.modifiers)
        self._at_work = self._acts.get(act, self.tool)
        self._at_work.press(pointer)

    def move(self, pointer: Pointer) -> None:
        """Move with or without a button held."""
        if self._at_work is not None:
            self._at_work.move(pointer)
        else:
            self.tool.hover(pointer)

    def release(self, pointer: Pointer) -> None:
        """Let the button go."""
        tool, self._at_work = self._at_work, None
        if tool is not None:
            tool.release(pointer)

    def double(self, button: Button, pointer: Pointer) -> None:
        """Double click, which Qt sends in place of the second press."""
        if act_for(self.scheme, button, pointer.modifiers) is not Act.TOOL:
            self.press(button, pointer)
        elif self.tool.busy:
            self.tool.double(pointer)
        else:
            self.press(button, pointer)

    def key(self, key: Key) -> bool:
        """Offer a key to the tool; True when it was used."""
        return self.tool.key(key)

    def wheel(self, steps: float, pointer: Pointer) -> None:
        """Turn the wheel: zoom, the tool's size, or the case."""
        match wheel_for(self.scheme, pointer.modifiers):
            case WheelAct.TOOL:
                self.tool.wheel(steps, pointer)
            case WheelAct.CASE:
                self.step_case(-1 if steps > 0 else 1)
            case WheelAct.ZOOM:
                self._view.zoom_by(ZOOM_STEP**steps, pointer)

    def guides(self, pointer: Pointer | None) -> tuple[Guide, ...]:
        """What to draw: only in the painting scheme, where the left button is the tool's."""
        return self.tool.guides(pointer) if self.scheme is Scheme.PAINTING else ()


def _measuring_tools(target: MeasureTarget) -> dict[str, Tool]:
    return {
        "ruler": RulerTool(target),
        "angle": AngleTool(target),
        "oval-region": RegionTool(target, oval=True),
        "box-region": RegionTool(target, oval=False),
    }


def _mask_tools(target: MaskTarget, settings: ToolSettings) -> dict[str, Tool]:
    return {
        "brush": BrushTool(target, settings),
        "eraser": BrushTool(target, settings, erases=True),
        "polygon": PolygonTool(target, settings),
        "lasso": LassoTool(target, settings),
        "rectangle": RectangleTool(target, settings),
        "ellipse": EllipseTool(target, settings),
        "flood": FloodTool(target, settings),
        "stamp": StampTool(target, settings),
    }
