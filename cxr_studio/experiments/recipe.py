"""Recipes of experiments: one TOML file, validated whole, with every fault named at once."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError, model_validator

from cxr_studio.detection.scores import NODE21_RATE
from cxr_studio.errors import RecipeError
from cxr_studio.experiments.parts import (
    START,
    Condition,
    Count,
    Healthy,
    Key,
    Listed,
    Pace,
    Part,
    Start,
    Surrounded,
    Training,
)


class Experiment(Part):
    """What every experiment has.

    Attributes:
        name: Of the experiment.
        title: Above its tables.
        seed: Of everything random.
        paper_had: A sentence on the paper's data.
        changes: What differs from the paper, a sentence each.
        real: Radiographs with real findings.
        training: How detectors are trained, or fine-tuned.
        least: Smallest score of a detection that is kept, 0 to 1.
        pace: For the estimate.
    """

    name: Key
    title: str
    seed: int = 1
    paper_had: str
    changes: tuple[str, ...] = ()
    real: Listed
    training: Training
    least: Annotated[float, Field(ge=0, le=1)] = 0.01
    pace: Pace = Pace()


class HardExamples(Experiment):
    """Shen et al.: detect, see what is missed, synthesise more like it, fine-tune, measure; by folds.

    Attributes:
        healthy: Radiographs without findings.
        start: The detector of the first step.
        rate: False positives an image at which a nodule counts as missed.
        folds: Of patients.
        mm_per_pixel: Of radiographs that do not say it.
        conditions: The rows.
        compared: Count at which conditions are compared; 0 for the largest that all have.
    """

    kind: Literal["hard-examples"]
    healthy: Healthy
    start: Start
    rate: Annotated[float, Field(gt=0, le=100)] = NODE21_RATE
    folds: Annotated[int, Field(ge=2, le=100)] = 5
    mm_per_pixel: Annotated[float, Field(gt=0)] | None = None
    conditions: Annotated[tuple[Condition, ...], Field(min_length=1)]
    compared: Annotated[int, Field(ge=0)] = 0

    @model_validator(mode="after")
    def _fits(self) -> HardExamples:
        names = [one.name for one in self.conditions]
        if len(set(names)) < len(names) or START in names:
            raise ValueError(f"two conditions have one name, or one is called {START}")
        if all(one.counts for one in self.conditions):
            raise ValueError("one condition has to add nothing (without counts)")
        for each in (self.training, self.start.training):
            if each is not None and bool(each.steps) == bool(each.epochs):
                raise ValueError("a training has a length in steps, or in epochs")
        if self.compared and any(one.counts and self.compared not in one.counts for one in self.conditions):
            raise ValueError(f"compared: not every condition has the count {self.compared}")
        return self

    @property
    def common(self) -> int:
        """Count at which conditions are compared; 0 where there is none."""
        shared = set.intersection(*(set(one.counts) for one in self.conditions if one.counts), set(range(10**6)))
        return self.compared or max(shared, default=0)


class Localisation(Experiment):
    """Xing et al., section 3.2: does a localiser gain from boxes with drawn surroundings?

    Attributes:
        test_share: Share of the patients that are held out.
        at: Steps at which it is tested, rising; the last is the training's length.
        sets: The rows.
    """

    kind: Literal["localisation"]
    test_share: Annotated[float, Field(gt=0, lt=1)] = 0.3
    at: Annotated[tuple[Count, ...], Field(min_length=1)]
    sets: Annotated[tuple[Surrounded, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _fits(self) -> Localisation:
        if list(self.at) != sorted(set(self.at)):
            raise ValueError("at: the steps have to rise")
        names = [one.name for one in self.sets]
        if len(set(names)) < len(names):
            raise ValueError("two sets have one name")
        if any(bool(one.generator) != bool(one.count) for one in self.sets) or self.sets[0].generator:
            raise ValueError("sets: the first is real alone; a generator needs a count")
        return self


AnyExperiment = HardExamples | Localisation


def read_experiment(path: Path, changes: tuple[str, ...] = ()) -> AnyExperiment:
    """Read a recipe; files and folders in it are relative to the current folder.

    Args:
        path: A TOML file.
        changes: ``section.key=value`` with a TOML value.

    Raises:
        RecipeError: unreadable, no TOML, or invalid; names every fault.
    """
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
        for change in changes:
            _change(values, change)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as fault:
        raise RecipeError(f"the recipe cannot be read ({fault})", file=path, remedy="Fix it and try again") from fault
    kinds: dict[str, type[HardExamples | Localisation]] = {"hard-examples": HardExamples, "localisation": Localisation}
    kind = kinds.get(str(values.get("kind")))
    if kind is None:
        what = f"kind: {values.get('kind')!r} is no experiment"
        raise RecipeError(what, file=path, remedy=f"Choose {' or '.join(kinds)}")
    try:
        return kind.model_validate(values)
    except ValidationError as fault:
        faults = [_words(entry) for entry in fault.errors()]
        count = "a fault" if len(faults) == 1 else f"{len(faults)} faults"
        raise RecipeError(f"the recipe has {count}: {'; '.join(faults)}", file=path, remedy="Fix it") from fault


def _change(values: dict[str, Any], change: str) -> None:
    key, sign, value = change.partition("=")
    *sections, name = key.strip().split(".")
    try:
        if not sign:
            raise ValueError("no '='")
        parsed = tomllib.loads(f"value = {value}")["value"]
        for section in sections:
            values = values.setdefault(section, {})
        values[name] = parsed
    except (ValueError, AttributeError, TypeError) as fault:
        raise RecipeError(f"the change {change!r} is not section.key=value with a TOML value") from fault


def _words(entry: Any) -> str:
    place = ".".join(str(part) for part in entry["loc"]) or "recipe"
    return f"{place}: {str(entry['msg']).removeprefix('Value error, ')}"
