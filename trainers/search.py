"""Bayesian search of a recipe's ``[search]`` values: trials in a SQLite file in the run folder, resumable."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from dataclasses import replace
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cxr_studio.errors import RecipeError, StudioError
from cxr_studio.files import replaced
from trainers.reading import read_recipe
from trainers.recipe import Recipe, Search, Searched
from trainers.run_folder import STATE
from trainers.start import RunSettings, trained

if TYPE_CHECKING:
    from optuna import Study, Trial
    from optuna.distributions import BaseDistribution

STORAGE, TRIALS, RECIPE = "search.db", "trials.csv", "recipe.toml"

FAILED_AT_ONCE = 3
"""Trials that fail before any has succeeded, after which the search gives up."""

INTERRUPTED = "interrupted"
"""Numbers of trials that were taken up again as others."""

Values = Mapping[str, Any]


class Searching:
    """One search in a folder.

    Args:
        path: The recipe.
        overrides: Values that every trial has.
        settings: Folder of the search, device, whether it is resumed, hashes of the data.

    Raises:
        StudioError: Optuna is missing.
        RecipeError: nothing to search, a value that the recipe does not take, or the folder is of another search.
    """

    def __init__(self, path: Path, overrides: tuple[str, ...], settings: RunSettings) -> None:
        try:
            import optuna
        except ImportError as fault:
            remedy = "Run pip install 'cxr-studio[search]'"
            raise StudioError("a search needs the package optuna", remedy=remedy) from fault
        optuna.logging.set_verbosity(optuna.logging.WARNING)
        self.path, self.overrides, self.settings = path, overrides, settings
        self.count = 0
        self.recipe, self.text = read_recipe(path, overrides)
        self.rule = _rule(self.recipe)
        for end in (0, -1):  # a value that the recipe does not take is found before the first trial
            read_recipe(path, (*overrides, *_as_overrides({key: _ends(v)[end] for key, v in self.rule.values.items()})))
        self._begin()

    def _begin(self) -> None:
        folder, resume = self.settings.folder, self.settings.resume
        if (folder / STORAGE).exists() != resume:
            what = "holds no search to resume" if resume else "holds a search already"
            raise RecipeError(f"the folder {folder} {what}", remedy="Change --resume or --out")
        if not resume:
            folder.mkdir(parents=True, exist_ok=True)
            (folder / RECIPE).write_text(self.text, encoding="utf-8")
        elif (folder / RECIPE).read_text(encoding="utf-8") != self.text:
            raise RecipeError(f"the search in {folder} is of another recipe", remedy="Name another --out")

    def run(self, count: int) -> str:
        """Run trials until there are ``count``; returns a sentence on the best.

        Raises:
            StudioError: the first trials fail.
        """
        from optuna import create_study
        from optuna.samplers import TPESampler
        from optuna.storages import RDBStorage
        from optuna.study import StudyDirection

        storage = RDBStorage(f"sqlite:///{(self.settings.folder / STORAGE).resolve().as_posix()}")
        try:
            direction = StudyDirection.MAXIMIZE if self.rule.best == "max" else StudyDirection.MINIMIZE
            study = create_study(storage=storage, study_name="search", direction=direction, load_if_exists=True)
            study.sampler = TPESampler(seed=self.recipe.seed + len(study.trials))
            self.count = count
            return self._run(study)
        finally:
            storage.remove_session()
            storage.engine.dispose()

    def _run(self, study: Study) -> str:
        own = _own(self.recipe, self.rule)
        if not study.trials and own:
            study.enqueue_trial(own)
        _take_up(study)
        while len(_counted(study)) < self.count:
            trial = study.ask({key: _distribution(value) for key, value in self.rule.values.items()})
            stopped = self._try(study, trial)
            _write(self.settings.folder / TRIALS, study)
            if stopped:
                return f"Stopped after {len(_counted(study))} of {self.count} trials. Continue with --resume."
        return self._report(study)

    def _try(self, study: Study, trial: Trial) -> bool:
        """Train one; returns whether a signal ended it, and then it is taken up again on resuming."""
        folder = self.settings.folder / trial.user_attrs.get("folder", f"trial-{trial.number:04d}")
        trial.set_user_attr("folder", folder.name)
        recipe, text = read_recipe(self.path, (*self.overrides, *_as_overrides(trial.params)))
        settings = replace(self.settings, folder=folder, steps=None, resume=(folder / STATE).exists())
        try:
            outcome, stopped = trained(recipe, text, settings, until=self.rule.steps)
        except (StudioError, RuntimeError, ValueError, TypeError, LookupError, ArithmeticError) as fault:
            self._fail(study, trial, str(fault).splitlines()[0] if str(fault) else type(fault).__name__)
            return False
        if stopped:
            return True
        score = _score(self.rule, outcome.scores)
        if isfinite(score):
            study.tell(trial, score)
        else:
            self._fail(study, trial, f"{self.rule.score} is {score}")
        return False

    def _fail(self, study: Study, trial: Trial, why: str) -> None:
        """Note a failed trial; where the first ones all fail, the search ends."""
        from optuna.trial import TrialState

        trial.set_user_attr("fault", why)
        study.tell(trial, state=TrialState.FAIL)
        states = [one.state for one in _counted(study)]
        if TrialState.COMPLETE not in states and len(states) >= min(FAILED_AT_ONCE, self.count):
            _write(self.settings.folder / TRIALS, study)
            what = f"no trial of {len(states)} could be trained ({why.rstrip('.')})"
            raise RecipeError(what, remedy="Change the ranges in [search.values]")

    def _report(self, study: Study) -> str:
        best = study.best_trial
        words = " ".join(f"--set {override}" for override in _as_overrides(best.params))
        folder = self.settings.folder
        return (
            f"Best of {len(_counted(study))} trials: {self.rule.score} {best.value:.4g} in "
            f"{folder / best.user_attrs['folder']}; all are in {folder / TRIALS}. "
            f"To train with these values: cxr-studio train {self.path} {words}"
        )


def _rule(recipe: Recipe) -> Search:
    if recipe.search is None:
        raise RecipeError("the recipe has no [search] section", remedy="Add one with score, steps and values")
    return recipe.search


def _score(rule: Search, scores: Mapping[str, float]) -> float:
    if rule.score not in scores:
        known = ", ".join(scores)
        raise RecipeError(f"the score {rule.score!r} of [search] is not measured", remedy=f"Choose one of {known}")
    return scores[rule.score]


def _ends(value: Searched) -> tuple[Any, ...]:
    return value.choices or (value.low, value.high)


def _distribution(value: Searched) -> BaseDistribution:
    from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution

    if value.choices:
        return CategoricalDistribution(value.choices)
    if isinstance(value.low, int) and isinstance(value.high, int):
        return IntDistribution(value.low, value.high, log=value.log)
    return FloatDistribution(float(value.low or 0), float(value.high or 0), log=value.log)


def _own(recipe: Recipe, rule: Search) -> dict[str, Any]:
    """The recipe's own values, the first trial; nothing where one is missing or out of its range."""
    found: dict[str, Any] = {}
    for key, value in rule.values.items():
        place: Any = recipe.model_dump(mode="json")
        for part in key.split("."):
            place = place.get(part) if isinstance(place, dict) else None
        inside = place in value.choices if value.choices else _between(value, place)
        if not inside:
            return {}
        found[key] = place
    return found


def _between(value: Searched, own: object) -> bool:
    return (
        isinstance(own, int | float)
        and value.low is not None
        and value.high is not None
        and (value.low <= own <= value.high)
    )


def _as_overrides(values: Values) -> tuple[str, ...]:
    """As ``--set`` takes them; JSON's numbers, strings, booleans are TOML's too."""
    return tuple(f"{key}={json.dumps(value)}" for key, value in values.items())


def _counted(study: Study) -> list[Any]:
    """Trials that came to an end."""
    left_out = study.user_attrs.get(INTERRUPTED, [])
    return [one for one in study.trials if one.state.is_finished() and one.number not in left_out]


def _take_up(study: Study) -> None:
    """Continue interrupted trials in their folders, as new trials."""
    from optuna.trial import TrialState

    for one in study.get_trials(states=(TrialState.RUNNING,)):
        study.set_user_attr(INTERRUPTED, [*study.user_attrs.get(INTERRUPTED, []), one.number])
        study.tell(one.number, state=TrialState.FAIL)
        if "folder" in one.user_attrs:
            study.enqueue_trial(one.params, user_attrs={"folder": one.user_attrs["folder"]})


def _write(path: Path, study: Study) -> None:
    names = sorted({key for one in study.trials for key in one.params})
    with replaced(path) as beside, beside.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(("trial", "folder", "state", "score", *names, "fault"))
        for one in _counted(study):
            values = [json.dumps(one.params.get(name)) for name in names]
            row = (one.number, one.user_attrs.get("folder", ""), one.state.name.lower(), one.value, *values)
            writer.writerow((*row, one.user_attrs.get("fault", "")))
