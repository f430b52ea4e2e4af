"""The comparison window as a picture for the README, of a run that is given."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEventLoop, QTimer

from cxr_studio.quality.comparison.panel import default_panel
from cxr_studio.ui.qa.comparison import Comparison, ComparisonOptions

SIZE = (1600, 940)
SIDE = 120
PATIENCE_S = 600
"""How long filling the cells may take."""

JUDGE = "anna"


def render_comparison(run: Path | None, folder: Path) -> int:
    """Write qa.png; returns 0, or 1 where it could not be made. Without a run it is skipped with a sentence.

    Args:
        run: A training run.
        folder: Where the picture goes.
    """
    if run is None:
        print("qa.png is left as it is: give a training run with --run to make it.", file=sys.stderr)
        return 0
    import tempfile

    from cxr_studio.ui.application import application
    from cxr_studio.ui.qa.assembling import comparison_window
    from cxr_studio.ui.theme.style import apply_theme

    apply_theme(application(), "dark")
    with tempfile.TemporaryDirectory() as verdicts:
        options = ComparisonOptions("auto", JUDGE, verdicts=Path(verdicts))
        window = comparison_window(default_panel(), options)
        window.resize(*SIZE)
        window.show()
        comparison = window.comparison
        comparison.look.set_side(SIDE)
        comparison.start([run])
        done = _wait(lambda: bool(comparison.lineup.shown) and _measured(comparison))
        _judge(comparison)
        plots = [title for title in window.plot.choices if title.startswith("PSNR")]
        if plots:
            window.plot.choose(plots[0])
        done = _wait(lambda: comparison.store.left() == 0) and done
        window.messages.hide()
        _rest(900)
        picture = folder / "qa.png"
        saved = window.grab().save(str(picture), "PNG")
        window.close()
        window.deleteLater()
    print(f"The window is in {picture}." if saved else f"{picture} could not be written.", file=sys.stderr)
    return 0 if done and saved else 1


def _measured(comparison: Comparison) -> bool:
    """Every cell is asked for; True once all columns are summed up."""
    if not comparison.measuring:
        comparison.set_measuring(True)
    scores = comparison.board.scores
    return all(column.key in scores and scores[column.key].complete for column in comparison.lineup.columns)


def _judge(comparison: Comparison) -> None:
    """Some verdicts for show, and the last column's cell to look at."""
    lineup, cases = comparison.lineup, comparison.lineup.panel.cases
    said = (("blurred", 0, 10), ("seam", 1, 9), ("blurred", 2, 8), ("artefact", 2, 4), ("good", 0, 2), ("good", 1, 1))
    for tag, row, back in said:
        if row < len(cases) and back <= len(lineup.shown):
            comparison.judging.toggle((cases[row].name, lineup.shown[-back].key), tag)
    lineup.step(1, len(lineup.shown))


def _wait(done: Callable[[], bool]) -> bool:
    until = time.monotonic() + PATIENCE_S
    while not done() and time.monotonic() < until:
        _rest(50)
    return done()


def _rest(milliseconds: int) -> None:
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop, loop.quit)
    loop.exec()
