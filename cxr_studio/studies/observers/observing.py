"""Model observers sit a study: the same trials, through the same log, marked as machines."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Literal

import numpy as np

from cxr_studio.errors import StudioError
from cxr_studio.events import Progress, silent
from cxr_studio.networks.observer import Training, folds_of
from cxr_studio.studies.bundle import Bundle
from cxr_studio.studies.key import Key
from cxr_studio.studies.observers.hotelling import hotelling_scores
from cxr_studio.studies.observers.images import Scores, observed_images
from cxr_studio.studies.observers.scanning import scan_scores
from cxr_studio.studies.sitting import Sitting
from cxr_studio.studies.trial_view import Acknowledged, Break, Finished, Response, TrialView

ObserverName = Literal["cnn", "cho"]

DESCRIPTIONS: dict[ObserverName, str] = {
    "cnn": "a small convolutional network that scans whole images (location unknown), trained on the study's own "
    "images with their truth, cross-validated by patient: it answers only for patients that it was not trained on.",
    "cho": "a channelized Hotelling observer that knows where the change is or would be (location known), trained on "
    "the study's own images with their truth, cross-validated by patient: it answers only for patients that it was "
    "not trained on.",
}
"""Observer → what it is and what it knows; goes into the log and the report."""


@dataclass(frozen=True)
class Machine:
    """A model observer.

    Attributes:
        name: Which.
        training: Folds, epochs, seed.
    """

    name: ObserverName
    training: Training

    @property
    def provenance(self) -> dict[str, object]:
        """What the log keeps of it with the session."""
        return {"observer": self.name, "description": DESCRIPTIONS[self.name], **asdict(self.training)}


def check_machine(bundle: Bundle, key: Key, machine: Machine) -> None:
    """Refuse what cannot be cross-validated, before a place in the study is taken.

    Raises:
        ObserverError: there are fewer patients than folds.
    """
    groups = [image.group for image in observed_images(bundle, key)]
    folds_of(groups, folds=machine.training.folds, seed=machine.training.seed)


def observe(sitting: Sitting, key: Key, machine: Machine, *, progress: Progress = silent) -> Iterator[Acknowledged]:
    """Score every image by cross-validation, then answer every trial that is left; gives answers once they are on disk.

    Raises:
        StudioError: an image cannot be read, there are too few patients, or an answer cannot be kept.
    """
    if sitting.ledger.origin != "machine":
        raise StudioError("a model observer must take the study as a machine")
    began = time.monotonic()
    images = observed_images(sitting.bundle, key)
    score = scan_scores if machine.name == "cnn" else hotelling_scores
    scores = score(sitting.bundle, images, machine.training, progress)
    seconds = round(time.monotonic() - began, 1)
    sitting.note("observer", {**machine.provenance, "images": len(images), "seconds": seconds})
    strengths = np.sort([abs(_evidence(scores, names)) for names in _shown(sitting)])
    while not isinstance(step := sitting.current(), Finished):
        if isinstance(step, Break):
            sitting.flush()
            sitting.go_on()
            continue
        sitting.load_started()
        painted = time.monotonic_ns()
        sitting.shown(painted)
        yield sitting.answer(_response(step, scores, strengths))


def _shown(sitting: Sitting) -> list[tuple[str, ...]]:
    return [trial.images for trial in sitting.bundle.schedules[sitting.ledger.place]]


def _evidence(scores: Scores, names: tuple[str, ...]) -> float:
    """Above 0 where the left image, or the only one, looks the more changed."""
    if len(names) == 2:
        return scores.values[names[0]] - scores.values[names[1]]
    return scores.values[names[0]] - scores.thresholds[names[0]]


def _response(view: TrialView, scores: Scores, strengths: np.ndarray) -> Response:
    """The answer that the scores give; confidence by how strong the evidence is among all trials of this reader."""
    evidence = _evidence(scores, tuple(path.name for path in view.images))
    first = evidence > 0 or (evidence == 0 and int(view.uid, 16) % 2 == 0)
    if view.rules.paradigm == "2afc":
        wanted = first if view.rules.question != "original" else not first
        choice = "left" if wanted else "right"
    else:
        choice = "fake" if first else "real"
    steps, confidence = view.rules.answer.confidence, None
    if steps:
        weaker = float(np.searchsorted(strengths, abs(evidence), side="left")) / len(strengths)
        confidence = 1 + min(steps - 1, int(steps * weaker))
    return Response(choice, time.monotonic_ns(), key="machine", confidence=confidence)
