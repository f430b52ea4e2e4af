"""The loop of Shen et al. as steps: detect, see what is missed, synthesise more like it, fine-tune, test; by folds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from cxr_studio.datasets.entries import Manifest
from cxr_studio.detection.detector import find_detector
from cxr_studio.experiments import sets as sets_room
from cxr_studio.experiments.looking import answers, look
from cxr_studio.experiments.mining import Drawing, added, draw, mine
from cxr_studio.experiments.parts import START, Condition, Training
from cxr_studio.experiments.recipe import HardExamples
from cxr_studio.experiments.sets import Sets
from cxr_studio.experiments.steps import Doing, Step, Work
from cxr_studio.experiments.training import Order, Trainer, facts_of, length_of, snapshot, text
from cxr_studio.jobs.running import ALONE, Running
from cxr_studio.nodules.answering import checkpoint_sha256

Needs = tuple[dict[str, Any], tuple[str, ...]]
"""Of a step: its inputs, and the steps that it reads."""

DRAWS = 2.5
"""Draws of an image with ``select``, for the estimate."""


@dataclass(frozen=True, eq=False)
class Loop:
    """The loop over an experiment's radiographs.

    Attributes:
        experiment: Its recipe.
        sets: Its radiographs.
        folder: Where it is made.
        trainer: Runs trainings.
        device: Where networks run.
        running: Where radiographs are drawn.
    """

    experiment: HardExamples
    sets: Sets
    folder: Path
    trainer: Trainer
    device: str = "auto"
    running: Running = ALONE

    def steps(self) -> list[Step]:
        """Every step, each after those that it reads."""
        found: list[Step] = []
        for fold in range(self.experiment.folds):
            if fold == 0 or self.experiment.start.training is not None:
                found += self._start(fold)
            found.append(self._mining(fold))
            for condition in self.experiment.conditions:
                found += self._condition(fold, condition)
        return found

    def tested(self, fold: int, row: str) -> Path:
        """Folder of the step that tested a row (``START`` or ``rows_of``'s) in a fold."""
        return self.folder / self._test_key(fold, row)

    def mined(self, fold: int) -> Path:
        """Folder of what was mined in a fold's pool."""
        return self.folder / _key(fold, "mined")

    def _start(self, fold: int) -> Iterator[Step]:
        """The start detector where it is trained, and what it finds in all radiographs; once for all folds if not."""
        experiment, test = self.experiment, self.sets.test
        after: tuple[str, ...] = ()
        if experiment.start.training is not None:
            order = self._order(fold, experiment.start.training, ())
            yield self._training(fold, START, order, after=())
            after = (_key(fold, START, "train"),)
        facts = {"detector": self._detector_facts(), "radiographs": sets_room.facts_of(test), "least": experiment.least}
        yield self._test(fold, START, (facts, after), lambda doing: self._look(self._detector(fold), test, doing), test)

    def _mining(self, fold: int) -> Step:
        """What the start detector misses in the pool of a fold."""
        experiment, pool = self.experiment, self.sets.pool(fold)
        attributes = sorted({one.by for one in experiment.conditions if one.counts})

        def work(doing: Doing) -> None:
            found = answers(self.tested(fold, START), self.sets.test, pool)
            mine(pool, found, attributes, doing, rate=experiment.rate)

        return Step(
            _key(fold, "mined"),
            f"fold {fold + 1}: sort what {START} found and missed",
            "mine",
            {"rate": experiment.rate, "attributes": attributes, "pool": sets_room.facts_of(pool)},
            (self._test_key(fold, START),),
            0.2 * len(pool.entries),
            work,
        )

    def _condition(self, fold: int, condition: Condition) -> Iterator[Step]:
        drawn = _key(fold, condition.name, "drawn")
        if condition.counts:
            yield self._drawing(fold, condition)
        for count in condition.counts or (0,):
            row = row_name(condition, count)
            more = (f"added.truth={text(str(added(self.folder / drawn, count)))}",) if count else ()
            order = self._order(fold, self.experiment.training, more, count=count or condition.as_long_as)
            after = (self._test_key(fold, START), *((drawn,) if count else ()))
            yield self._training(fold, row, order, after=after)
            held = self.sets.held_out(fold)
            facts = {"radiographs": sets_room.facts_of(held), "least": self.experiment.least}
            yield self._test(fold, row, (facts, (_key(fold, row, "train"),)), self._tester(fold, row, held), held)

    def _drawing(self, fold: int, condition: Condition) -> Step:
        experiment, sources = self.experiment, self.sets.sources
        mined = self.mined(fold)
        seed = experiment.seed * 1000 + fold
        facts = condition.model_dump(mode="json", exclude={"title", "paper"}) | {
            "seed": seed,
            "mm_per_pixel": experiment.mm_per_pixel,
            "checkpoint": checkpoint_sha256(condition.generator),
            "sources": [[item.path.name, item.sha256] for item in sources],
        }
        return Step(
            _key(fold, condition.name, "drawn"),
            f"fold {fold + 1}: {condition.title}: draw {max(condition.counts)} radiographs",
            "select" if condition.select else "draw",
            facts,
            (_key(fold, "mined"),),
            max(condition.counts) * experiment.pace.image * (DRAWS if condition.select else 1),
            lambda doing: draw(
                Drawing(condition, mined, self._detector(fold), sources, seed),
                experiment,
                doing,
                device=self.device,
                running=self.running,
            ),
        )

    def _order(self, fold: int, training: Training, settings: tuple[str, ...], *, count: int = 0) -> Order:
        """A training on the real radiographs of the other folds, as long as with ``count`` synthetic ones."""
        labels, pool = self.experiment.real.labels, self.sets.pool(fold)
        real = sum(bool(entry.findings) for entry in pool.entries)
        own = (f"real.fold={fold}", f"real.label={text(labels)}", f"added.label={text(labels)}", *settings)
        return Order(training, own, length_of(training, real + count), device=self.device)

    def _training(self, fold: int, row: str, order: Order, *, after: tuple[str, ...]) -> Step:
        pace = self.experiment.pace
        facts = {
            "training": facts_of(order.training),
            "steps": order.length,
            "real": sets_room.facts_of(self.sets.pool(fold)),
        }

        def work(doing: Doing) -> None:
            settings = order.settings if row == START else (*order.settings, self._starts_from(fold))
            real, folds = sets_room.written(self.sets.real, self.sets.folds, doing.folder)
            settings += (f"real.truth={text(str(real))}", f"real.folds={text(str(folds))}")
            self.trainer(replace(order, settings=settings), doing)

        title = f"fold {fold + 1}: {self._row_title(row)}: train {order.length} steps"
        seconds = pace.start + order.length * pace.step
        return Step(_key(fold, row, "train"), title, "train", facts, after, seconds, work)

    def _test(self, fold: int, row: str, needs: Needs, work: Work, on: Manifest) -> Step:
        whose = "" if on is self.sets.test else f"fold {fold + 1}: "
        title = f"{whose}{self._row_title(row)}: detect in {len(on.entries)} radiographs"
        seconds = self.experiment.pace.detect * len(on.entries)
        return Step(self._test_key(fold, row), title, "detect", *needs, seconds, work)

    def _test_key(self, fold: int, row: str) -> str:
        """Of a fold, or of all folds together for a start detector that was there before."""
        shared = row == START and self.experiment.start.training is None
        return f"{START}/test" if shared else _key(fold, row, "test")

    def _tester(self, fold: int, row: str, held: Manifest) -> Work:
        trained = self.folder / _key(fold, row, "train")
        return lambda doing: self._look(str(snapshot(trained)), held, doing)

    def _look(self, detector: str, on: Manifest, doing: Doing) -> None:
        look(detector, on, doing, least=self.experiment.least, device=self.device)

    def _detector(self, fold: int) -> str:
        """File of the detector that a fold starts from."""
        if self.experiment.start.training is not None:
            return str(snapshot(self.folder / _key(fold, START, "train")))
        return str(find_detector(self.experiment.start.detector).path)

    def _detector_facts(self) -> Any:
        training = self.experiment.start.training
        return find_detector(self.experiment.start.detector).sha256 if training is None else facts_of(training)

    def _starts_from(self, fold: int) -> str:
        return f"start.weights={text(self._detector(fold))}"

    def _row_title(self, row: str) -> str:
        return dict([(START, "start detector"), *rows_of(self.experiment)])[row]


def rows_of(experiment: HardExamples) -> list[tuple[str, str]]:
    """Name and title of every row: a condition with a number of synthetic radiographs."""
    return [
        (row_name(condition, count), f"{condition.title}, {count}" if count else condition.title)
        for condition in experiment.conditions
        for count in condition.counts or (0,)
    ]


def row_name(condition: Condition, count: int) -> str:
    """A condition with a number of synthetic radiographs, in folders."""
    return f"{condition.name}-{count}" if count else condition.name


def _key(fold: int, *parts: str) -> str:
    return "/".join((f"fold-{fold + 1}", *parts))
