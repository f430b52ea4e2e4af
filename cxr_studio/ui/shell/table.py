"""Every command of the program, a row each."""

from __future__ import annotations

from cxr_studio.ui.shell.action import Command

FILE = (
    Command("file.open", "Open…", "Open a radiograph or a session.", "open", ("Ctrl+O",)),
    Command("file.open-folder", "Open folder…", "Show the radiographs of a folder.", "open", ("Ctrl+Shift+O",)),
    Command("file.sample", "Open the bundled sample", "Open a chest radiograph with large masses."),
    Command("file.save", "Save session", "Save mask, edits and their provenance.", "save", ("Ctrl+S",)),
    Command("file.save-as", "Save session as…", "Save the session under another name.", "save", ("Ctrl+Shift+S",)),
    Command("file.export", "Export image…", "Write the inpainted image with its provenance.", "export", ("Ctrl+E",)),
    Command("file.previous", "Previous radiograph", "Open the file before this one.", "previous", ("PgUp",)),
    Command("file.next", "Next radiograph", "Open the file after this one.", "next", ("PgDown",)),
    Command("file.close", "Close radiograph", "Close it; unsaved work is asked about.", "close", ("Ctrl+W",)),
    Command("file.study", "Sit a study…", "Read a study's bundle: trials, answers, breaks.", "", ("Ctrl+Shift+R",)),
    Command("file.compare", "Compare checkpoints…", "See a run's snapshots side by side.", "", ("Ctrl+Shift+Q",)),
    Command("file.quit", "Quit", "Leave CXR Studio; unsaved work is asked about.", "", ("Ctrl+Q",)),
)

EDIT = (
    Command("edit.undo", "Undo", "Take the last step back.", "undo", ("Ctrl+Z",)),
    Command("edit.redo", "Redo", "Take the last undone step again.", "redo", ("Ctrl+Shift+Z", "Ctrl+Y")),
    Command("edit.clear", "Clear mask", "Unpaint everything.", "clear", ("Delete",)),
    Command("edit.grow", "Grow mask", "Widen the mask by one pixel.", "grow", ("Ctrl+Up",)),
    Command("edit.shrink", "Shrink mask", "Narrow the mask by one pixel.", "shrink", ("Ctrl+Down",)),
    Command("edit.invert-mask", "Invert mask", "Swap painted and unpainted.", "invert-mask", ("Ctrl+I",)),
    Command("edit.load-mask", "Load mask…", "Read the mask from a PNG file.", "open", ("Ctrl+M",)),
    Command("edit.save-mask", "Save mask…", "Write the mask to a PNG file.", "save", ("Ctrl+Shift+M",)),
    Command(
        "edit.palette", "Find a command…", "Search everything the program can do.", "search", ("Ctrl+K", "Ctrl+Shift+P")
    ),
    Command("edit.shortcuts", "Shortcuts…", "See, search and change the shortcuts.", "keyboard", ("F1",)),
    Command("edit.settings", "Settings…", "Change how the program behaves.", "settings", ("Ctrl+,",)),
)

TOOLS = (
    Command("tool.brush", "Brush", "Paint the mask freely.", "brush", ("B",), checkable=True),
    Command("tool.eraser", "Eraser", "Take paint away.", "eraser", ("E",), checkable=True),
    Command(
        "tool.polygon", "Polygon", "Click corners; double click or Enter closes.", "polygon", ("P",), checkable=True
    ),
    Command("tool.lasso", "Lasso", "Draw an outline by hand.", "lasso", ("L",), checkable=True),
    Command("tool.rectangle", "Rectangle", "Drag a box; Shift makes it square.", "rectangle", ("T",), checkable=True),
    Command("tool.ellipse", "Ellipse", "Drag an ellipse; Shift makes it round.", "ellipse", ("O",), checkable=True),
    Command("tool.flood", "Flood", "Click: all connected pixels of a similar grey.", "flood", ("G",), checkable=True),
    Command("tool.stamp", "Square stamp", "Stamp the 64 × 64 square of the paper.", "stamp", ("S",), checkable=True),
    Command("tool.nodule", "Nodule", "Click places, drag moves, Shift+wheel sizes.", "nodule", ("U",), checkable=True),
    Command("tool.window", "Window/level", "Drag for contrast and brightness.", "window", ("W",), checkable=True),
    Command("tool.pan", "Pan", "Drag the image.", "pan", ("H",), checkable=True),
    Command("tool.zoom", "Zoom", "Drag up to come closer.", "zoom", ("Z",), checkable=True),
    Command("tool.smaller", "Smaller brush", "Make the brush smaller.", "", ("[",)),
    Command("tool.larger", "Larger brush", "Make the brush larger.", "", ("]",)),
    Command(
        "tool.swap", "Swap paint and erase", "Let the brush take away instead of paint.", "", ("X",), checkable=True
    ),
    Command(
        "tool.scheme", "Painting mouse", "Left button paints; off: it changes the window.", "", ("M",), checkable=True
    ),
)

NODULE = (
    Command("nodule.generator", "Next nodule generator", "CT superposition or texture.", "variations", ("Shift+G",)),
    Command("nodule.subtler", "Subtler nodule", "Less contrast.", "", (",",)),
    Command("nodule.denser", "Denser nodule", "More contrast.", "", (".",)),
    Command("nodule.turn", "Turn nodule", "Turn it by 15 degrees.", "redo", ("Y",)),
    Command("nodule.mirror", "Mirror nodule", "Swap its left and right.", "swipe", ("Shift+Y",)),
    Command("nodule.reshape", "New nodule shape", "Another template, seen from another side.", "variations", ("J",)),
    Command("nodule.next-shape", "Next shape", "Keep the size, take the strip's next.", "next", ("Ctrl+Right",)),
    Command("nodule.previous-shape", "Previous shape", "Keep the size, take the former.", "previous", ("Ctrl+Left",)),
    Command("nodule.fresh-shapes", "Sixteen fresh shapes", "Offer other shapes to pick from.", "reset", ("Shift+J",)),
    Command("nodule.delete", "Delete nodule", "Take the selected nodule away.", "clear", ("Shift+Delete",)),
)

VIEW = (
    Command("view.fit", "Fit", "Show the whole image.", "fit", ("Home", "0")),
    Command("view.one-to-one", "Actual pixels", "One image pixel on one screen pixel.", "one-to-one", ("Ctrl+1",)),
    Command("view.zoom-in", "Zoom in", "Come closer.", "zoom", ("+", "=")),
    Command("view.zoom-out", "Zoom out", "Step back.", "zoom", ("-",)),
    Command("view.invert", "Invert", "Swap black and white on the screen.", "invert", ("I",), checkable=True),
    Command("view.reset-window", "Reset window", "Return to the file's own window.", "reset", ("R",)),
    Command(
        "view.percentiles", "Percentile window", "From the darkest to the brightest 0.1 %.", "window", ("Shift+W",)
    ),
    Command("view.mask-window", "Window of the mask", "Spread the greys around the mask.", "window", ("Ctrl+Shift+W",)),
    Command(
        "view.crosshair", "Crosshair", "Show the pointer's place in all panes.", "crosshair", ("C",), checkable=True
    ),
    Command("view.mask", "Show mask", "Show the painted mask.", "show", ("K",), checkable=True),
    Command("view.lungs", "Lung outline", "Find the lungs and draw around them.", "", ("Shift+L",), checkable=True),
    Command(
        "view.original", "Maximise original", "Let it fill the window, or show all.", "maximise", ("1",), checkable=True
    ),
    Command(
        "view.inpainted",
        "Maximise inpainted",
        "Let it fill the window, or show all.",
        "maximise",
        ("2",),
        checkable=True,
    ),
    Command(
        "view.difference",
        "Maximise difference",
        "Let it fill the window, or show all.",
        "maximise",
        ("3",),
        checkable=True,
    ),
    Command("view.show-all", "Show all panes", "Bring back what is hidden or detached.", "show", ("4",)),
    Command(
        "view.absolute", "Absolute difference", "Show |difference| instead of its sign.", "", ("D",), checkable=True
    ),
    Command("view.more-gain", "More difference gain", "Amplify the difference.", "", ("Shift+D",)),
    Command("view.less-gain", "Less difference gain", "Amplify the difference less.", "", ("Alt+D",)),
    Command("view.swipe", "Swipe line", "Show the original left of a line.", "swipe", ("\\",), checkable=True),
    Command("view.flicker", "Hold for original", "While Tab is held, show the original.", "flicker", ("Tab",)),
    Command("view.theme", "Light theme", "Switch between dark and light.", "theme", ("Ctrl+Shift+T",), checkable=True),
    Command("view.full-screen", "Full screen", "Use the whole screen.", "maximise", ("F11",), checkable=True),
)

INPAINT = (
    Command("inpaint.run", "Inpaint now", "Fill the mask.", "run", ("Return", "Enter")),
    Command("inpaint.live", "Live", "Fill whenever a stroke ends.", "live", ("Ctrl+L",), checkable=True),
    Command("inpaint.accept", "Accept fill", "Make the fill an edit of its own.", "accept", ("A",)),
    Command("inpaint.reject", "Reject fill", "Drop the fill and clear the mask.", "reject", ("Backspace",)),
    Command("inpaint.variations", "Variations", "Fill with three other seeds.", "variations", ("V",)),
    Command("inpaint.next-seed", "Next seed", "Fill with the next seed.", "", ("N",)),
    Command("inpaint.next-generator", "Next generator", "Fill with the next generator.", "", ("Ctrl+G",)),
    Command("inpaint.cancel", "Cancel", "Stop what is running.", "close", ("Ctrl+.", "Esc")),
)

HIGHLIGHT = (
    Command(
        "highlight.run",
        "Highlight what is abnormal",
        "Slide holes over the lungs of the original radiograph, fill them, and colour what differs.",
        "highlight",
        ("Ctrl+H",),
    ),
    Command(
        "highlight.again",
        "Highlight the inpainted image",
        "The same on the inpainted image, with its accepted edits.",
        "highlight",
        ("Ctrl+Shift+H",),
    ),
    Command("highlight.show", "Show highlight", "Show the map over the panes.", "show", ("Q",), checkable=True),
    Command("highlight.kind", "Next kind of map", "Absolute, signed, against healthy lungs.", "", ("Shift+Q",)),
    Command("highlight.next", "Next hot spot", "Bring the next hot spot to the middle.", "next", ("F3",)),
    Command("highlight.previous", "Previous hot spot", "Bring the one before back.", "previous", ("Shift+F3",)),
    Command("highlight.mask", "Mask from hot spot", "Add the chosen hot spot to the mask.", "brush", ("F4",)),
    Command("highlight.higher", "Higher threshold", "Colour and list less.", "", ("Alt+Right",)),
    Command("highlight.lower", "Lower threshold", "Colour and list more.", "", ("Alt+Left",)),
    Command("highlight.stronger", "Stronger highlight", "Make its colours more opaque.", "", ("Alt+Up",)),
    Command("highlight.fainter", "Fainter highlight", "Make its colours less opaque.", "", ("Alt+Down",)),
    Command(
        "highlight.export",
        "Export highlight…",
        "Write overlay, map, hot spots and provenance.",
        "export",
        ("Ctrl+Shift+E",),
    ),
    Command("highlight.clear", "Remove highlight", "Take the map away.", "clear"),
)

HELP = (
    Command("help.about", "About CXR Studio", "Version, licence, credits.", "info"),
    Command("help.card", "About this generator", "What its card states.", "info", ("Ctrl+F1",)),
)

COMMANDS: tuple[Command, ...] = (*FILE, *EDIT, *TOOLS, *NODULE, *VIEW, *INPAINT, *HIGHLIGHT, *HELP)

CATEGORIES: dict[str, str] = {
    "file": "&File",
    "edit": "&Edit",
    "tool": "&Tools",
    "nodule": "&Nodule",
    "view": "&View",
    "inpaint": "&Inpaint",
    "highlight": "Hi&ghlight",
    "help": "&Help",
}
"""Category → menu title, in the menu bar's order."""

HELD = frozenset({"view.flicker", "look.flicker"})
"""Commands that act while their key is held; they have no action to trigger."""
