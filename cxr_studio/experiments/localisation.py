"""The localisation experiment of Xing et al. (section 3.2) as steps: draw around boxes, train, test."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from cxr_studio.augmentation.exporters.formats import write_all
from cxr_studio.augmentation.job import run as run_job
from cxr_studio.augmentation.surroundings import Boxed, surround_plan
from cxr_studio.datasets.manifest import Item
from cxr_studio.errors import StudioError
from cxr_studio.experiments import sets as sets_room
from cxr_studio.experiments.looking import look
from cxr_studio.experiments.mining import MANIFEST
from cxr_studio.experiments.parts import Surrounded
from cxr_studio.experiments.recipe import Localisation
from cxr_studio.experiments.sets import HELD_OUT, Boxes
from cxr_studio.experiments.steps import Doing, Step, Work
from cxr_studio.experiments.training import Order, Trainer, facts_of, snapshot, text
from cxr_studio.jobs.running import ALONE, Running
from cxr_studio.networks.card import Role
from cxr_studio.roles import find


@dataclass(frozen=True, eq=False)
class Localising:
    """The experiment with its radiographs.

    Attributes:
        experiment: Its recipe.
        boxes: Its radiographs.
        folder: Where it is made.
        trainer: Runs trainings.
        device: Where networks run.
        running: Where radiographs are drawn.
    """

    experiment: Localisation
    boxes: Boxes
    folder: Path
    trainer: Trainer
    device: str = "auto"
    running: Running = ALONE

    def steps(self) -> list[Step]:
        """Every step, each after those that it reads; none of a set whose generator is missing."""
        found: list[Step] = []
        for one in self.experiment.sets:
            if not missing_generator(one):
                found += self._set(one)
        return found

    def tested(self, name: str, at: int) -> Path:
        """Folder of the step that tested a set at a step of its training."""
        return self.folder / name / f"test-{at}"

    def _set(self, one: Surrounded) -> Iterator[Step]:
        experiment = self.experiment
        drawn = f"{one.name}/drawn"
        if one.generator:
            yield self._drawing(one, drawn)
        before: tuple[str, ...] = (drawn,) if one.generator else ()
        for at in experiment.at:
            key = f"{one.name}/train-{at}"
            yield self._training(one, at, after=before)
            facts = {"radiographs": sets_room.facts_of(self.boxes.test), "least": experiment.least}
            seconds = experiment.pace.detect * len(self.boxes.test.entries)
            title = f"{one.title}: locate after {at} steps"
            yield Step(f"{one.name}/test-{at}", title, "detect", facts, (key,), seconds, self._tester(one, at))
            before = (*before[: bool(one.generator)], key)

    def _drawing(self, one: Surrounded, key: str) -> Step:
        facts = find(one.generator, Role.SURROUND)
        inputs = {
            **one.model_dump(mode="json", exclude={"title", "paper"}),
            "seed": self.experiment.seed,
            "checkpoint": "" if facts.checkpoint is None else facts.checkpoint.sha256,
            "boxes": sets_room.facts_of(self.boxes.learned),
        }
        seconds = one.count * self.experiment.pace.image
        title = f"{one.title}: draw {one.count} surroundings"
        return Step(key, title, "draw", inputs, (), seconds, lambda doing: self._draw(one, doing))

    def _draw(self, one: Surrounded, doing: Doing) -> None:
        learned = self.boxes.learned
        boxed = tuple(
            Boxed(
                Item(Path(entry.file), entry.sha256, entry.patient, "train"), entry.findings, entry.width, entry.height
            )
            for entry in learned.entries
        )
        rounds = -(-one.count // learned.findings)
        plan = surround_plan(boxed, one.generator, variations=rounds, seed=self.experiment.seed)
        plan = replace(plan, most=one.count, device=self.device)
        outcome = run_job(plan, doing.folder, self.running, progress=doing.progress, cancel=doing.cancel)
        if outcome.faults:
            raise StudioError(f"{len(outcome.faults)} could not be drawn: {outcome.faults[0].rstrip('.')}")
        write_all(outcome.records, doing.folder, ())

    def _run_folder(self, one: Surrounded) -> Path:
        """The first training step's, in which the others continue: with other inputs it is cleared."""
        return self.folder / one.name / f"train-{self.experiment.at[0]}"

    def _training(self, one: Surrounded, at: int, *, after: tuple[str, ...]) -> Step:
        experiment, last = self.experiment, self.experiment.at[-1]
        training = experiment.training.model_copy(update={"steps": last})
        labels = experiment.real.labels
        settings: tuple[str, ...] = (
            f"real.fold={HELD_OUT}",
            f"real.label={text(labels)}",
            f"added.label={text(labels)}",
        )
        if one.generator:
            settings += (f"added.truth={text(str(self.folder / one.name / 'drawn' / MANIFEST))}",)
        run = self._run_folder(one)

        def work(doing: Doing) -> None:
            real, folds = sets_room.written(self.boxes.every, self.boxes.folds, run)
            own = (*settings, f"real.truth={text(str(real))}", f"real.folds={text(str(folds))}")
            self.trainer(Order(training, own, last, until=at, device=self.device, folder=run), doing)

        before = max((step for step in experiment.at if step < at), default=0)
        seconds = experiment.pace.start + (at - before) * experiment.pace.step
        facts = {"training": facts_of(training), "real": sets_room.facts_of(self.boxes.learned), "until": at}
        title = f"{one.title}: train to step {at}"
        return Step(f"{one.name}/train-{at}", title, "train", facts, after, seconds, work)

    def _tester(self, one: Surrounded, at: int) -> Work:
        def work(doing: Doing) -> None:
            detector = str(snapshot(self._run_folder(one), at))
            look(detector, self.boxes.test, doing, least=self.experiment.least, device=self.device)

        return work


def missing_generator(one: Surrounded) -> str:
    """Why a set's generator cannot draw, "" where it can or none is needed."""
    if not one.generator:
        return ""
    try:
        find(one.generator, Role.SURROUND)
    except StudioError as fault:
        return str(fault)
    return ""
