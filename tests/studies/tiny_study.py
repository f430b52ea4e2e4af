"""A study of tiny images for tests: real schedules, bundle and key, nothing filled."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from cxr_studio.studies.bundle import IMAGES, Bundle
from cxr_studio.studies.key import REAL, Key, KeyCase
from cxr_studio.studies.protocol import Protocol, as_protocol
from cxr_studio.studies.sealing import Draft, image_name, seal
from cxr_studio.studies.sitting import Sitting
from cxr_studio.studies.trial_view import Acknowledged, Break, Finished, Response, TrialView

SECRET = "5ec2e7" * 8
SIDE = 64


def tiny_protocol(paradigm: str = "2afc", **sections: dict[str, Any]) -> Protocol:
    values: dict[str, Any] = {
        "study": {"name": "tiny", "paradigm": paradigm, "readers": 4, **sections.pop("study", {})},
        "images": {"count": 8, **sections.pop("images", {})},
        "conditions": sections.pop("conditions", [{"generator": "biharmonic"}, {"generator": "telea"}]),
        "practice": {"trials": 2, **sections.pop("practice", {})},
        "order": {"break_every": 6, "repeats": 2, **sections.pop("order", {})},
    }
    return as_protocol({**values, **sections})


def tiny_cases(protocol: Protocol, images: Path, secret: str = SECRET) -> list[KeyCase]:
    images.mkdir(parents=True)
    rng = np.random.default_rng(3)
    alone = protocol.study.paradigm == "real-or-fake"
    titles = [*([REAL] if alone else []), *(condition.title for condition in protocol.conditions)]
    slots = [(title, False) for title in titles for _ in range(protocol.images.count)]
    slots += [(titles[k % len(titles)], True) for k in range(protocol.practice.trials)]
    cases = []
    for number, (title, practice) in enumerate(slots):
        case = f"case{number:04d}"
        original = "" if alone and title != REAL else image_name(secret, case, "original")
        altered = "" if title == REAL else image_name(secret, case, "altered")
        picture = rng.integers(0, 256, (SIDE, SIDE), np.uint8)
        for name in (original, altered):
            if name:
                Image.fromarray(picture).save(images / name, compress_level=0)
            picture = picture.copy()
            picture[10:30, 20:40] = 128
        cases.append(
            KeyCase(
                case,
                title,
                title.split(",")[0],
                f"{number:03d}.png",
                f"{number:064d}",
                f"{number:03d}",
                ("Nodule",) if number % 2 else ("No Finding",),
                original,
                altered,
                (SIDE, SIDE),
                () if title == REAL else ((10, 20, 30, 40),),
                practice=practice,
            )
        )
    return cases


def tiny_study(
    folder: Path, paradigm: str = "2afc", *, secret: str = SECRET, **sections: dict[str, Any]
) -> tuple[Bundle, Key]:
    protocol = tiny_protocol(paradigm, **sections)
    images = folder / "build" / IMAGES
    cases = tiny_cases(protocol, images, secret)
    return seal(Draft(protocol, tuple(cases), secret), images, folder)


class Reader:
    """A reader who looks for no truth: shows what comes and gives what is asked for."""

    def __init__(self, sitting: Sitting) -> None:
        self.sitting = sitting

    def show(self) -> TrialView:
        """Go to the next trial, over breaks, and show it."""
        step = self.sitting.current()
        if isinstance(step, Break):
            self.sitting.go_on()
            step = self.sitting.current()
        assert isinstance(step, TrialView), step
        self.sitting.load_started()
        self.sitting.shown()
        return step

    def give(self, choice: str | None, **response: Any) -> Acknowledged:
        """Answer what is shown."""
        words = {"key": choice or "", **response}
        return self.sitting.answer(Response(choice, time.monotonic_ns(), **words))

    def answer_many(self, count: int = 10**6) -> list[TrialView]:
        """Answer so many trials, or all; returns them."""
        shown = []
        while len(shown) < count and not isinstance(self.sitting.current(), Finished):
            view = self.show()
            shown.append(view)
            self.give(view.choices[len(shown) % 2])
        return shown
