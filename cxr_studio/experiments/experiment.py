"""An experiment of either kind, opened from its recipe."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from cxr_studio.experiments.hard_examples import Loop
from cxr_studio.experiments.localisation import Localising
from cxr_studio.experiments.localisation_report import report_of as localisation_report
from cxr_studio.experiments.loop_report import report_of as loop_report
from cxr_studio.experiments.recipe import AnyExperiment, HardExamples
from cxr_studio.experiments.sets import localised, sets_of
from cxr_studio.experiments.steps import Step
from cxr_studio.experiments.training import Trainer, train
from cxr_studio.jobs.running import ALONE, Running
from cxr_studio.metrics.by_patient import RESAMPLES
from cxr_studio.quality.judging import Report


@dataclass(frozen=True)
class Settings:
    """Where and how an experiment is run now.

    Attributes:
        folder: Where everything goes.
        device: Where networks run.
        running: Where radiographs are drawn.
    """

    folder: Path
    device: str = "auto"
    running: Running = ALONE


class Opened(Protocol):
    """An experiment with its radiographs."""

    def steps(self) -> list[Step]:
        """Every step, each after those that it reads."""

    def report(self, *, resamples: int = RESAMPLES) -> Report:
        """Write page, figures and plots of what is there, and give the tables."""


class _Loop(Loop):
    def report(self, *, resamples: int = RESAMPLES) -> Report:
        return loop_report(self, resamples=resamples)


class _Localising(Localising):
    def report(self, *, resamples: int = RESAMPLES) -> Report:
        return localisation_report(self, resamples=resamples)


def opened(experiment: AnyExperiment, settings: Settings, trainer: Trainer = train) -> Opened:
    """Open an experiment's radiographs, and deal patients out where no folds are frozen yet.

    Raises:
        StudioError: something that it names cannot be used.
    """
    own = (settings.folder, trainer, settings.device, settings.running)
    if isinstance(experiment, HardExamples):
        return _Loop(experiment, sets_of(experiment), *own)
    return _Localising(experiment, localised(experiment), *own)
