"""Pictures of a study's window for the README: a trial and the display check, of a study made for it."""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from pathlib import Path

from cxr_studio.resources import resource
from cxr_studio.studies.bundle import Bundle, open_bundle
from cxr_studio.studies.sitting import Sitting
from cxr_studio.studies.trial_view import Break, Response, TrialView
from cxr_studio.ui.screenshot import wait_for
from cxr_studio.ui.study.study_controller import StudyController, StudyOptions

SIZE = (1600, 940)
SAMPLES = ("healthy-1.png", "healthy-2.png", "pneumonia.png")
PAIRS, ANSWERED = 12, 4
READER = "anna"
LIGHT = 0.9, 380.0, 0.2
"""What a photometer might have shown: black, white, room, cd/m²."""


def render_study_pictures(folder: Path) -> int:
    """Write study-trial.png and study-display.png; returns 0, or 1 where one could not be made."""
    from cxr_studio.ui.application import application
    from cxr_studio.ui.theme.style import apply_theme

    apply_theme(application(), "dark")
    with tempfile.TemporaryDirectory() as place:
        bundle = _study(Path(place))
        _answered(bundle)
        controller = StudyController(bundle, StudyOptions(READER, windowed=True))
        controller.window.resize(*SIZE)
        shown = wait_for(controller.window.painted, controller.show)
        display = controller.window.display
        controller.show_display()
        for field, light in zip((display.least, display.most, display.ambient), LIGHT, strict=True):
            field.setValue(light)
        saved = _save(controller, folder / "study-display.png")
        if controller.sequence is not None:
            shown = wait_for(controller.sequence.trials.painted, lambda: display.done.emit(display.check())) and shown
        saved = _save(controller, folder / "study-trial.png") and saved
        controller.leave()
        controller.window.deleteLater()
    return 0 if shown and saved else 1


def _study(place: Path) -> Bundle:
    """Pairs of the bundled radiographs, filled by the shipped generator."""
    import tomllib

    from cxr_studio.studies.making import Maker
    from cxr_studio.studies.protocol import as_protocol

    images = place / "images"
    images.mkdir()
    for name in SAMPLES:
        shutil.copy(resource("samples", name), images / name)
    values = tomllib.loads(resource("studies", "pairs-64.toml").read_text(encoding="utf-8"))
    values["study"]["readers"] = 1
    values["images"]["count"] = PAIRS
    values["practice"]["trials"] = 0
    Maker(as_protocol(values), images, out=place / "study").make()
    return open_bundle(place / "study" / "bundle")


def _answered(bundle: Bundle) -> None:
    """Answer a few trials, so that the picture shows one in the middle."""
    sitting = Sitting(bundle, READER)
    for _ in range(ANSWERED):
        step = sitting.current()
        if isinstance(step, Break):
            sitting.go_on()
        elif isinstance(step, TrialView):
            sitting.load_started()
            sitting.shown()
            sitting.answer(Response("left", time.monotonic_ns()))
    sitting.close()


def _save(controller: StudyController, picture: Path) -> bool:
    saved = controller.window.grab().save(str(picture), "PNG")
    words = f"The window is in {picture}." if saved else f"{picture} could not be written."
    print(words, file=sys.stderr)
    return saved
