"""Measures of the open radiograph: kept for the session, selected, deleted, undone."""

from __future__ import annotations

from dataclasses import dataclass, field

from PySide6.QtCore import QObject, Signal, Slot

from cxr_studio.radiographs.spacing import UNKNOWN_SPACING
from cxr_studio.ui.measure.statistics import area_text, region_statistics, region_text, value_unit
from cxr_studio.ui.shell.workspace import Workspace
from cxr_studio.ui.tools.guides import Guide, Tone
from cxr_studio.ui.tools.measures import Angle, Measure, Region, Ruler, angle_degrees, distance_to, outline, ruler_text
from cxr_studio.ui.tools.pointer import Point

Measures = tuple[Measure, ...]


@dataclass
class Sheet:
    """What was measured on one radiograph.

    Attributes:
        now: The measures.
        done: Those before each step, oldest first.
        undone: Those that were undone, oldest first.
    """

    now: Measures = ()
    done: list[Measures] = field(default_factory=list)
    undone: list[Measures] = field(default_factory=list)

    def take(self, measures: Measures) -> None:
        """Make a step."""
        self.done.append(self.now)
        self.now, self.undone = measures, []


class MeasureController(QObject):
    """The measuring tools' target.

    Signals:
        changed: What is measured, or selected, changed.
        lines_changed: (tuple of Guide) what to draw over the panes.
    """

    changed = Signal()
    lines_changed = Signal(object)

    def __init__(self, workspace: Workspace, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._sheets: dict[str, Sheet] = {}
        self._selected: int | None = None
        for signal in (workspace.opened, workspace.closed):
            signal.connect(self._turned)
        workspace.edits_changed.connect(self._draw)

    @property
    def measures(self) -> Measures:
        """On the open radiograph, oldest first."""
        return self._sheet.now

    @property
    def selected(self) -> Measure | None:
        """The one that Delete takes away."""
        return None if self._selected is None else self.measures[self._selected]

    @property
    def can_undo(self) -> bool:
        """Whether there is a step to take back."""
        return bool(self._sheet.done)

    @property
    def can_redo(self) -> bool:
        """Whether there is a step to take again."""
        return bool(self._sheet.undone)

    def add(self, measure: Measure) -> None:
        """Keep a measure, and select it."""
        self._step((*self.measures, measure), selected=len(self.measures))

    def words(self, measure: Measure) -> str:
        """What is said beside a measure while it is drawn: of a region its size alone."""
        session = self._workspace.session
        spacing = UNKNOWN_SPACING if session is None else session.radiograph.spacing
        match measure:
            case Ruler():
                return ruler_text(measure, spacing)
            case Angle():
                return f"{angle_degrees(measure, spacing):.1f}°"
            case Region((y0, x0), (y1, x1), oval):
                pixels = (abs(y1 - y0) + 1) * (abs(x1 - x0) + 1) * (0.7854 if oval else 1.0)
                return area_text(round(pixels), spacing)

    def select_at(self, point: Point, reach: float = 4.0) -> bool:
        """Select the nearest measure within so many image pixels, or none."""
        near = [(distance_to(each, point), number) for number, each in enumerate(self.measures)]
        found = min((each for each in near if each[0] <= reach), default=None)
        self._select(None if found is None else found[1])
        return found is not None

    def delete_selected(self) -> bool:
        """Take the selected measure away; True where there was one."""
        if self._selected is None:
            return False
        self._step(tuple(each for number, each in enumerate(self.measures) if number != self._selected))
        return True

    def clear(self) -> None:
        """Take all measures of the radiograph away."""
        if self.measures:
            self._step(())

    def undo(self) -> None:
        """Take the last step back."""
        sheet = self._sheet
        if sheet.done:
            sheet.undone.append(sheet.now)
            sheet.now = sheet.done.pop()
            self._select(None)

    def redo(self) -> None:
        """Take the last undone step again."""
        sheet = self._sheet
        if sheet.undone:
            sheet.done.append(sheet.now)
            sheet.now = sheet.undone.pop()
            self._select(None)

    @Slot()
    def deselect(self) -> None:
        """Select none."""
        if self._selected is not None:
            self._select(None)

    @property
    def _sheet(self) -> Sheet:
        session = self._workspace.session
        if session is None:
            return Sheet()
        source = session.radiograph.source
        return self._sheets.setdefault(f"{source.path} {source.sha256}", Sheet())

    def _step(self, measures: Measures, selected: int | None = None) -> None:
        if self._workspace.session is not None:
            self._sheet.take(measures)
            self._select(selected)

    def _select(self, number: int | None) -> None:
        self._selected = number
        self._draw()
        self.changed.emit()

    @Slot()
    def _turned(self) -> None:
        self._select(None)

    @Slot()
    def _draw(self) -> None:
        lines: list[Guide] = []
        for number, measure in enumerate(self.measures):
            tone = Tone.SELECTED if number == self._selected else Tone.MEASURED
            lines += outline(measure, self._kept_words(measure), tone)
        self.lines_changed.emit(tuple(lines))

    def _kept_words(self, measure: Measure) -> str:
        """With the statistics of a region, of the inpainted image too where it differs there."""
        session = self._workspace.session
        if session is None or not isinstance(measure, Region):
            return self.words(measure)
        radiograph = session.radiograph
        found = region_statistics(radiograph, radiograph.stored, measure)
        if found is None:
            return "outside the image"
        text = region_text(found, radiograph.spacing, value_unit(radiograph))
        filled = region_statistics(radiograph, session.composite, measure) if session.edits else found
        if filled is not None and filled != found:
            text += f"\ninpainted: mean {filled.mean:.1f}, SD {filled.deviation:.1f}"
        return text
