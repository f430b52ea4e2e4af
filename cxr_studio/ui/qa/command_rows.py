"""The commands of the comparison window, a row each."""

from __future__ import annotations

from cxr_studio.quality.comparison.verdicts import TAGS
from cxr_studio.ui.shell.action import Command

RUN = (
    Command("run.open", "Open run…", "Compare the snapshots of a run or a folder of checkpoints.", "open", ("Ctrl+O",)),
    Command("run.add", "Add run…", "Put another run's columns beside these.", "open", ("Ctrl+Shift+O",)),
    Command("run.follow", "Follow", "Keep the newest snapshot in view.", "live", ("F",), checkable=True),
    Command("run.measure", "Measure all", "Fill every cell, not only the visible ones.", "run", ("M",), checkable=True),
    Command("run.report", "Export report…", "Write pictures, plots and tables into a folder.", "export", ("Ctrl+E",)),
    Command("run.promote", "Promote…", "Copy this column's checkpoint to your models folder.", "accept", ("Ctrl+P",)),
    Command("run.copy", "Copy values", "Copy this cell's case, column and values.", "", ("Ctrl+C",)),
    Command("run.close", "Close", "Close this window; verdicts are kept.", "close", ("Ctrl+W", "Ctrl+Q")),
)

LOOK = (
    Command("look.reset", "Reset view", "Whole crop, the radiograph's own window.", "reset", ("R", "0")),
    Command("look.larger", "Larger cells", "Make every cell larger (Ctrl+wheel).", "zoom", ("+", "=")),
    Command("look.smaller", "Smaller cells", "Make every cell smaller (Ctrl+wheel).", "zoom", ("-",)),
    Command("look.outline", "Mask outline", "Draw the hole on the original.", "show", ("K",), checkable=True),
    Command("look.difference", "Difference", "Off, to the original, to the reference column.", "swipe", ("D",)),
    Command("look.reference", "Take as reference", "Compare and flicker with this column.", "stamp", ("C",)),
    Command("look.no-reference", "Original as reference", "Compare with the original again.", "", ("Shift+C",)),
    Command("look.more-gain", "More difference gain", "Amplify the difference.", "", ("Shift+D",)),
    Command("look.less-gain", "Less difference gain", "Amplify the difference less.", "", ("Alt+D",)),
    Command("look.flicker", "Hold for reference", "While held, show the original or the reference.", "", ("Space",)),
    Command("look.plot", "Plots", "Show figures against the step.", "show", ("L",), checkable=True),
    Command("look.next-plot", "Next plot", "Draw the next figure against the step.", "", ("Alt+Right",)),
    Command("look.previous-plot", "Previous plot", "Draw the figure before.", "", ("Alt+Left",)),
    Command("look.full-screen", "Full screen", "Use the whole screen.", "maximise", ("F11",), checkable=True),
)

COLUMN = (
    Command("column.left", "Cell to the left", "Go one column back.", "", ("Left",)),
    Command("column.right", "Cell to the right", "Go one column on.", "", ("Right",)),
    Command("column.up", "Cell above", "Go to the case before.", "", ("Up",)),
    Command("column.down", "Cell below", "Go to the next case.", "", ("Down",)),
    Command("column.first", "First column", "Go to the first column.", "", ("Home",)),
    Command("column.last", "Last column", "Go to the last column.", "", ("End",)),
    Command("column.next-metric", "Next metric", "Show another figure in the headers.", "", ("]",)),
    Command("column.previous-metric", "Previous metric", "Show the figure before.", "", ("[",)),
    Command("column.sort", "Sort by metric", "The best column first.", "", ("S",)),
    Command("column.sort-step", "Sort by step", "The order in which they were trained.", "", ("T",)),
)

TAG_COMMANDS: dict[str, str] = {f"judge.tag-{number}": tag for number, tag in enumerate(TAGS, 1)}
"""Command id → tag."""

JUDGE = (
    *(
        Command(name, tag.capitalize(), f"Say of this cell: {tag}; again takes it away.", "", (name[-1],))
        for name, tag in TAG_COMMANDS.items()
    ),
    Command("judge.words", "Own words…", "Tag this cell in your own words.", "", ("O",)),
    Command("judge.note", "Note…", "Write a note on this cell.", "", ("N",)),
    Command("judge.undo", "Take verdict back", "Return to what was said before.", "undo", ("U", "Ctrl+Z")),
    Command("judge.blind", "Blind", "Shuffle the columns and hide what they are.", "hide", ("B",), checkable=True),
    Command("judge.name", "Judge…", "Say who is judging.", "", ("J",)),
)

HELP = (Command("about.shortcuts", "Shortcuts…", "See, search and change the shortcuts.", "keyboard", ("F1",)),)

QA_COMMANDS: tuple[Command, ...] = (*RUN, *LOOK, *COLUMN, *JUDGE, *HELP)

QA_CATEGORIES = {"run": "&Run", "look": "&View", "column": "&Columns", "judge": "&Judge", "about": "&Help"}
"""Category → menu title."""

REVEALING = ("run.promote", "run.report", "run.open", "run.add", "run.follow", "column.sort", "column.sort-step")
"""Commands that would tell which column is which: off in blind mode."""

MOUSE = (
    "Wheel zoom · left drag pan · right drag window/level · Ctrl+wheel cell size · Shift+wheel columns · Tab as Space"
)
"""What the mouse does, for the list of shortcuts."""
