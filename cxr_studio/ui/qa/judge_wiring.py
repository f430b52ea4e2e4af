"""Connects verdicts and blind mode."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from cxr_studio.errors import StudioError
from cxr_studio.quality.comparison.verdicts import TAGS
from cxr_studio.ui.qa.command_rows import REVEALING, TAG_COMMANDS
from cxr_studio.ui.qa.judging import Place

if TYPE_CHECKING:
    from cxr_studio.ui.qa.comparison_window import ComparisonWindow

BLIND_WHY = "Not in blind mode: it would tell which column is which."
BLIND_TITLE = "Blind – CXR Studio"


def wire(window: ComparisonWindow) -> None:
    """Connect the judge's commands."""
    judging, registry = window.comparison.judging, window.registry
    for name, tag in TAG_COMMANDS.items():
        registry.connect_to(name, lambda tag=tag: _say(window, lambda place: judging.toggle(place, tag)))
    registry.connect_to("judge.words", lambda: _words(window))
    registry.connect_to("judge.note", lambda: _note(window))
    registry.connect_to("judge.undo", lambda: _undo(window))
    registry.connect_to("judge.blind", lambda on: set_blind(window, on))
    registry.connect_to("judge.name", lambda: ask_judge(window))


def ask_judge(window: ComparisonWindow) -> bool:
    """Ask who judges; returns whether it is known."""
    judging = window.comparison.judging
    name = window.asking.judge(judging.judge)
    if name and name != judging.judge:
        try:
            judging.set_judge(name)
        except StudioError as fault:
            window.messages.warn(str(fault))
    window.grid.setFocus()
    return bool(judging.judge)


def set_blind(window: ComparisonWindow, on: bool) -> None:
    """Go blind, or see again; what would tell is off and hidden meanwhile."""
    from cxr_studio.ui.qa.comparison_window import TITLE

    comparison, registry = window.comparison, window.registry
    try:
        if on and (not comparison.lineup.columns or not (comparison.judging.judge or ask_judge(window))):
            return
        if on:
            registry.set_checked("run.follow", False)
            comparison.set_following(False)
            _silence(window)
        comparison.set_blind(on)
    except StudioError as fault:
        window.messages.warn(str(fault))
    finally:
        blind = comparison.lineup.blind
        registry.set_checked("judge.blind", blind)
        registry.set_enabled((*REVEALING, *PLOTS, *METRICS), not blind, why=BLIND_WHY)
        window.bar.figure.setEnabled(not blind)
        window.setWindowTitle(BLIND_TITLE if blind else TITLE)
        window.plot.setVisible(not blind and registry.action("look.plot").isChecked())
        if blind:
            window.plot.clear()
            window.messages.tell("Blind: the columns are shuffled, and called A, B, C and so on; B ends it.")
        else:
            window.plot.set_curves(comparison.curves())


PLOTS = ("look.plot", "look.next-plot", "look.previous-plot")
METRICS = ("column.next-metric", "column.previous-metric")


def _silence(window: ComparisonWindow) -> None:
    """What was said before may name a column."""
    while window.messages.text:
        window.messages.dismiss()


def _say(window: ComparisonWindow, verdict: Callable[[Place], None]) -> None:
    lineup, judging = window.comparison.lineup, window.comparison.judging
    if lineup.column is not None and (judging.judge or ask_judge(window)):
        verdict((lineup.panel.cases[lineup.row].name, lineup.key))


def _words(window: ComparisonWindow) -> None:
    judging = window.comparison.judging

    def ask(place: Place) -> None:
        now = judging.of(*place)
        own = [tag for tag in now.tags if tag not in TAGS] if now else []
        text = window.asking.words(", ".join(own))
        if text is not None:
            judging.set_own(place, tuple(dict.fromkeys(word.strip() for word in text.split(",") if word.strip())))

    _say(window, ask)
    window.grid.setFocus()


def _note(window: ComparisonWindow) -> None:
    judging = window.comparison.judging

    def ask(place: Place) -> None:
        now = judging.of(*place)
        text = window.asking.note(now.note if now else "")
        if text is not None:
            judging.set_note(place, text)

    _say(window, ask)
    window.grid.setFocus()


def _undo(window: ComparisonWindow) -> None:
    place = window.comparison.judging.undo()
    if place is None:
        window.messages.tell("There is no verdict of this session to take back.")
        return
    lineup = window.comparison.lineup
    row = next(k for k, case in enumerate(lineup.panel.cases) if case.name == place[0])
    lineup.go(row, place[1])
