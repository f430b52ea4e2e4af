"""The window as a picture, with an inpainting done in it: for README, and for machines without a display."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import cycle
from pathlib import Path

import numpy as np
from PySide6.QtCore import QEventLoop, QTimer, SignalInstance

from cxr_studio.detection.detector import detectors
from cxr_studio.masks.brush import paint_segment
from cxr_studio.networks.card import Role
from cxr_studio.nodules.ways import Way, ways
from cxr_studio.resources import resource
from cxr_studio.roles import offered
from cxr_studio.settings import Settings
from cxr_studio.ui.archive.portrait import lay_dialogs
from cxr_studio.ui.paint.controller import PaintingController
from cxr_studio.ui.studio import Studio
from cxr_studio.ui.theme.style import apply_theme

PATIENCE_MS = 60_000
"""How long the file and the fill may take, each."""

SEARCH_MS = 600_000
"""How long the search for what is abnormal may take, on a slow machine."""

CLOSE = 1.1
"""Logical pixels per image pixel of a picture that shows a part."""

SETTLE_MS = 700
"""How long the window may take to show what has come."""


@dataclass(frozen=True)
class Shot:
    """A picture of the window.

    Attributes:
        sample: The bundled radiograph.
        stroke: Points ``(y, x)`` where the brush goes, as shares of the image.
        radius: Of the brush, share of the longest side.
        accepted: Strokes that are filled and accepted before.
        nodules: Placed before the stroke: rows and columns as shares, diameters in pixels.
        ways: In how many ways the nodules are drawn, in turn.
        highlight: What is abnormal is searched and shown.
        every: The stroke is filled with every generator.
        detect: The first detector's boxes are shown, from this score on; None for no detector.
        archive: The dialogs that search an archive and send to one lie over the window.
        box: Rows and columns, as shares, of a box around which several surroundings are drawn.
        theme: "dark" or "light".
        size: Of the window in logical pixels.
        centre: What the panes show in their middle, as shares; None for the whole image.
    """

    sample: str
    stroke: tuple[tuple[float, float], ...] = ()
    radius: float = 0.03
    accepted: tuple[tuple[tuple[float, float], ...], ...] = ()
    nodules: tuple[tuple[float, float, float], ...] = ()
    ways: int = 1
    highlight: bool = False
    every: bool = False
    detect: float | None = None
    box: tuple[float, float, float, float] | None = None
    archive: bool = False
    theme: str = "dark"
    size: tuple[int, int] = (1600, 940)
    centre: tuple[float, float] | None = None


DEMO = Shot("masses.dcm", stroke=((0.602, 0.79), (0.607, 0.80)), radius=0.058)
"""The demo: one of the large masses is painted over."""

PICTURES: dict[str, Shot] = {
    "window.png": DEMO,
    "edits.png": Shot(
        "pneumonia.png",
        stroke=((0.57, 0.29), (0.60, 0.33)),
        radius=0.036,
        accepted=(((0.338, 0.395), (0.338, 0.396)),),
        centre=(0.5, 0.36),
    ),
    "nodules.png": Shot(
        "healthy-1.png",
        ways=2,
        nodules=((0.36, 0.22, 38), (0.55, 0.19, 26), (0.47, 0.30, 30), (0.62, 0.24, 46), (0.42, 0.14, 20)),
        centre=(0.48, 0.24),
    ),
    "generators.png": Shot("healthy-2.png", stroke=((0.40, 0.27), (0.44, 0.30)), radius=0.035, every=True),
    "surroundings.png": Shot("masses.dcm", box=(0.5, 0.66, 0.71, 0.92)),
    "highlight-window.png": Shot("masses.dcm", highlight=True),
    "detector.png": Shot(
        "healthy-1.png",
        nodules=((0.36, 0.22, 38), (0.55, 0.19, 16), (0.47, 0.30, 30), (0.62, 0.24, 46), (0.42, 0.74, 24)),
        detect=0.3,
    ),
    "archive.png": Shot("masses.dcm", accepted=(DEMO.stroke,), radius=DEMO.radius, archive=True),
    "light.png": Shot("healthy-1.png", stroke=((0.33, 0.70), (0.37, 0.73), (0.42, 0.72)), radius=0.024, theme="light"),
}
"""The README's pictures."""


def render_pictures(folder: Path) -> int:
    """Make the README's pictures; returns 0, or 1 when one of them is not complete. Without a detector, none of one."""
    shots = {name: shot for name, shot in PICTURES.items() if shot.detect is None or detectors()}
    return max(render(shot, folder / name) for name, shot in shots.items())


def render(shot: Shot, picture: Path, *, files: Sequence[Path] = ()) -> int:
    """Open the window, paint, wait for the fill, write a PNG and leave.

    Args:
        shot: What to do and how it looks.
        picture: The PNG to write.
        files: What to open instead of the sample.

    Returns:
        0, or 1 when no fill came (the picture is written all the same).
    """
    from cxr_studio.ui.application import application

    app = application()
    apply_theme(app, shot.theme)
    studio = Studio(Settings(theme="light" if shot.theme == "light" else "dark"))
    studio.documents.keeping.paused = True
    window = studio.window
    window.resize(*shot.size)
    window.show()
    paths = list(files) or [resource("samples", shot.sample)]
    done = wait_for(studio.workspace.opened, lambda: studio.documents.open(paths))
    if done:
        done = wait_for(studio.link.warmed, lambda: studio.link.start(studio.inpainting.options.generator))
        for nodule, what in zip(shot.nodules, cycle(ways(offered(Role.INSERT))[: shot.ways]), strict=False):
            done = done and wait_for(studio.workspace.edits_changed, partial(_place, studio, nodule, what))
        for stroke in shot.accepted:
            done = done and wait_for(studio.inpainting.timed, partial(_paint, studio.painting, stroke, shot.radius))
            studio.inpainting.accept()
        if shot.stroke:
            done = done and wait_for(studio.inpainting.timed, lambda: _paint(studio.painting, shot.stroke, shot.radius))
        if shot.every:
            done = done and _fill_with_every(studio)
        if shot.box:
            done = done and _draw_around(studio, shot.box)
        if shot.highlight:
            done = done and wait_for(studio.highlight.ended, studio.highlight.run, patience=SEARCH_MS)
            done = done and studio.highlight.found is not None
            studio.highlight.step(1)
            window.grid.scene.view.fit()
        if shot.detect is not None:
            studio.detect.set_threshold(shot.detect)
            done = done and wait_for(studio.detect.answered, partial(studio.detect.set_on, True))
        _look(studio, shot)
    window.messages.dismiss()
    _rest(SETTLE_MS)
    drawn = window.grab()
    if shot.archive:
        done = lay_dialogs(drawn, studio.background, studio.workspace) and done
    saved = drawn.save(str(picture), "PNG")
    if studio.workspace.session is not None:
        studio.workspace.session.mark_saved()
    window.close()
    window.deleteLater()
    print(f"The window is in {picture}." if saved else f"{picture} could not be written.", file=sys.stderr)
    return 0 if saved and done else 1


def _paint(painting: PaintingController, stroke: Sequence[tuple[float, float]], share: float) -> None:
    height, width = painting.mask.shape
    radius = share * max(height, width)
    points = [(y * height, x * width) for y, x in stroke]
    painting.begin()
    for start, end in zip(points, points[1:] or points, strict=False):
        painting.touch(paint_segment(painting.mask, start, end, radius=radius))
    painting.commit("Brush stroke")


def _fill_with_every(studio: Studio) -> bool:
    """Ask every generator, wait for their answers, and take one."""
    studio.rivals.run()
    while studio.rivals.waiting:
        if not wait_for(studio.rivals.changed, lambda: None):
            return False
    studio.rivals.take(0)
    return bool(studio.rivals.answers)


def _draw_around(studio: Studio, shares: tuple[float, float, float, float]) -> bool:
    """Keep a box, and wait for its surroundings."""
    height, width = studio.painting.mask.shape
    y0, x0, y1, x1 = (round(share * side) for share, side in zip(shares, (height, width) * 2, strict=True))
    studio.surrounding.take_box((y0, x0, y1, x1))
    studio.window.side.fold(["Options", "Display", "Highlight", "Shown mask", "Generator", "Detector", "Whole image"])
    studio.whole.variations.run()
    while studio.whole.variations.waiting or studio.surrounding.under_way:
        if not wait_for(studio.whole.variations.changed, lambda: None):
            return False
    return bool(studio.whole.variations.answers)


def _place(studio: Studio, nodule: tuple[float, float, float], way: Way) -> None:
    studio.pointing.take("nodule")
    height, width = studio.painting.mask.shape
    nodules = studio.nodules
    studio.workspace.select(None)
    nodules.set_generator(way.generator, way.background)
    nodules.adjust(diameter=nodule[2])
    nodules.press((nodule[0] * height, nodule[1] * width))
    nodules.release()


def _look(studio: Studio, shot: Shot) -> None:
    """Show the whole image or a part of it, and the crosshair on the stroke."""
    view = studio.window.grid.scene.view
    height, width = view.shape
    points = shot.stroke or [nodule[:2] for nodule in shot.nodules[-1:]]
    if not points:
        return
    y, x = np.mean(points, axis=0) * (height, width)
    view.set_crosshair((float(y), float(x)))
    studio.display.read(float(y), float(x))
    if shot.centre is not None:
        view.zoom_to(CLOSE)
        view.centre_on(shot.centre[0] * height, shot.centre[1] * width)


def wait_for(signal: SignalInstance, begin: Callable[[], None], *, patience: int = PATIENCE_MS) -> bool:
    """Begin something and wait for its signal; False when it does not come."""
    loop, came = QEventLoop(), []

    def note(*_told: object) -> None:
        came.append(True)
        loop.quit()

    signal.connect(note)
    QTimer.singleShot(patience, loop, loop.quit)
    begin()
    if not came:
        loop.exec()
    return bool(came)


def _rest(milliseconds: int) -> None:
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop, loop.quit)
    loop.exec()
