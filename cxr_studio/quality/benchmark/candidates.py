"""Generators that are named, with snapshots of training runs at equal steps and at equal time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from cxr_studio.errors import StudioError
from cxr_studio.generation.generators import GeneratorFacts
from cxr_studio.networks.card import Card, Role
from cxr_studio.networks.checkpoint import is_checkpoint_name
from cxr_studio.quality.comparison.columns import Column, columns_and_faults, is_run
from cxr_studio.quality.judging import row_title
from cxr_studio.roles import known, look_up

ALL = "all"
"""Word for every generator that is offered."""

FAR = 0.2
"""Share of a budget by which a snapshot may miss it."""


@dataclass(frozen=True)
class Budgets:
    """Which snapshots of a run take part beside its last one.

    Attributes:
        steps: The one nearest to each of these.
        minutes: The one nearest to each of these.
    """

    steps: tuple[int, ...] = ()
    minutes: tuple[float, ...] = ()


NO_BUDGETS = Budgets()


@dataclass(frozen=True)
class Candidate:
    """A generator that was named.

    Attributes:
        key: Its checkpoint's hash, or its name where it is built in.
        title: To show.
        generator: What ``roles.look_up`` finds it by.
        role: What it does.
        card: Its card, None where it is built in.
        steps: Of its training, None where nothing says so.
        budget: The steps or the time that it was chosen for, in words; "" for none.
    """

    key: str
    title: str
    generator: str
    role: Role
    card: Card | None = None
    steps: int | None = None
    budget: str = ""

    @property
    def minutes(self) -> float:
        """Of training, as the card says; NaN where it says none."""
        return self.card.seconds / 60 if self.card is not None and self.card.seconds > 0 else float("nan")


def candidates_of(names: Sequence[str], budgets: Budgets = NO_BUDGETS) -> tuple[list[Candidate], list[StudioError]]:
    """Look up what is named, each once; what cannot be used stops nothing.

    Args:
        names: Registry names, checkpoint files, run folders; "all" for every generator that is offered.
        budgets: Snapshots of runs.
    """
    offered = [facts.name for facts in known()]
    found, faults = list[Candidate](), list[StudioError]()
    for name in dict.fromkeys(one for word in names for one in (offered if word == ALL else [word])):
        try:
            if is_run(Path(name)):
                columns, torn = columns_and_faults([name])
                faults += torn
                found += chosen_of(Path(name), columns, budgets)
            else:
                found.append(candidate_of(look_up(name)))
        except StudioError as fault:
            faults.append(fault)
    return found, faults


def candidate_of(facts: GeneratorFacts) -> Candidate:
    """A generator by its name or file."""
    key = facts.name if facts.checkpoint is None else facts.checkpoint.sha256
    title = row_title(facts) if is_checkpoint_name(facts.name) else facts.title
    steps = (facts.card.steps or None) if facts.card else None
    return Candidate(f"{key} donors" if facts.donors else key, title, facts.name, facts.role, facts.card, steps)


def chosen_of(run: Path, columns: Sequence[Column], budgets: Budgets) -> list[Candidate]:
    """The last snapshot of a run, then those nearest to the budgets.

    Args:
        run: The run's folder, which gives the rows their name.
        columns: Its snapshots in step order.
        budgets: What is asked for; a budget that the run's last snapshot is far from reaching has none.
    """
    name = run.resolve().name
    listed = [
        Candidate(one.key, f"{name}, {one.title}", one.generator, one.role, one.card, one.step) for one in columns
    ]
    found = listed[-1:]
    for steps in budgets.steps:
        found += _nearest(listed, lambda one: float(one.steps or 0), steps, f"{steps:,} steps")
    timed = [one for one in listed if one.minutes > 0]
    for minutes in budgets.minutes:
        found += _nearest(timed, lambda one: one.minutes, minutes, f"{minutes:g} minutes")
    return found


def _nearest(
    listed: Sequence[Candidate], spent: Callable[[Candidate], float], wanted: float, words: str
) -> list[Candidate]:
    """The snapshot nearest to a budget; none where all of them miss it by more than ``FAR``."""
    if not listed:
        return []
    best = min(listed, key=lambda one: abs(spent(one) - wanted))
    return [replace(best, budget=words)] if abs(spent(best) - wanted) <= FAR * wanted else []
