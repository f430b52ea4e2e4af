"""The rows of a benchmark: every generator that gives back what stood under a mask, and why others do not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from cxr_studio.errors import StudioError
from cxr_studio.networks.card import Role
from cxr_studio.quality.benchmark.candidates import ALL, NO_BUDGETS, Budgets, Candidate, candidates_of
from cxr_studio.quality.benchmark.untrained import untrained_of
from cxr_studio.quality.evaluation import BASELINES, GRAINS
from cxr_studio.restore.options import Grain

Extent = Literal["masked", "whole", "pasted", "given"]
"""What an answer is: a fill of the mask; of a blind generator all of it, or what lies in the mask; or the damaged
image itself."""

BLIND: dict[Extent, str] = {"whole": "whole answer", "pasted": "pasted in the mask"}
"""Rows of a generator that is not shown where the damage is."""

NO_TRUTH = {
    Role.INSERT: "draws a nodule, and what stood under the mask is no nodule: see --table methods",
    Role.SURROUND: "keeps what lies in a box and draws everything else, of which there is no truth: see evaluate "
    "--generator",
}
"""Why generators of a role take no part."""


@dataclass(frozen=True)
class Method:
    """One row.

    Attributes:
        key: Unique: hash or name of the generator, extent and grain.
        title: To show.
        generator: What ``roles.look_up`` finds it by; "" for the damaged image.
        role: Its role.
        extent: What its answer is.
        grain: Of a fill.
        classical: Whether it is a fill that learned nothing.
        steps: Of its training, None where it says none.
        minutes: Of its training, NaN where it says none.
        budget: The steps or the time that a snapshot was chosen for, in words; "" where none was.
    """

    key: str
    title: str
    generator: str
    role: Role = Role.RESTORE
    extent: Extent = "masked"
    grain: Grain = "off"
    classical: bool = False
    steps: int | None = None
    minutes: float = float("nan")
    budget: str = ""


@dataclass(frozen=True)
class Roster:
    """Who takes part.

    Attributes:
        methods: Rows: the damaged image, classical fills, then the others in the order named.
        left_out: Title of a generator that takes no part, and why.
        faults: What cannot be used at all.
        untrained: Title of a comparator that is not there, and how it is trained; where all generators are named.
    """

    methods: tuple[Method, ...]
    left_out: tuple[tuple[str, str], ...] = ()
    faults: tuple[StudioError, ...] = ()
    untrained: tuple[tuple[str, str], ...] = ()


GIVEN = Method("given", "Damaged, as it was given", "", extent="given")


def roster_of(names: Sequence[str], *, grains: Sequence[Grain] = ("off",), budgets: Budgets = NO_BUDGETS) -> Roster:
    """Make the rows of what is named.

    Args:
        names: Registry names, checkpoint files, run folders; "all" for every generator that is offered.
        grains: A row each for generators that fill masks.
        budgets: Snapshots of runs.

    Raises:
        StudioError: nothing that is named can be used.
    """
    chosen, faults = candidates_of((*BASELINES, *names), budgets)
    if len(chosen) == len(BASELINES) and faults:
        raise faults[0]
    methods, left_out = [GIVEN], list[tuple[str, str]]()
    for one in chosen:
        reason = _no_part(one)
        if reason:
            left_out.append((one.title, reason))
        else:
            methods += _rows(one, grains)
    unique = {method.key: method for method in methods}
    untrained = untrained_of("masks", chosen) if ALL in names else ()
    return Roster(tuple(_told_apart(list(unique.values()))), tuple(left_out), tuple(faults), tuple(untrained))


def _no_part(one: Candidate) -> str:
    """Why a generator takes no part; "" where it does."""
    if one.role is Role.TRANSLATE and one.card is not None and one.card.labels:
        return f"turns a radiograph into one with {', '.join(one.card.labels)}, and repairs nothing"
    if one.role in (Role.RESTORE, Role.TRANSLATE):
        return ""
    return NO_TRUTH.get(one.role, f"draws nothing into a radiograph (its role is {one.role.value})")


def _rows(one: Candidate, grains: Sequence[Grain]) -> Iterator[Method]:
    """A row a grain of a fill; of a blind generator its whole answer and what of it lies in the mask."""
    suffix, classical = f" {one.budget}" if one.budget else "", one.key in BASELINES
    base = Method(one.key, one.title, one.generator, one.role, classical=classical, steps=one.steps)
    base = replace(base, minutes=one.minutes, budget=one.budget)
    if one.role is Role.TRANSLATE:
        for extent, words in BLIND.items():
            yield replace(base, key=f"{one.key} {extent}{suffix}", title=f"{one.title}, {words}", extent=extent)
        return
    for grain in ("off",) if classical else grains:
        yield replace(base, key=f"{one.key} {grain}{suffix}", title=one.title + GRAINS[grain], grain=grain)


def _told_apart(methods: Sequence[Method]) -> Iterator[Method]:
    """Give rows of one title the beginning of their key too."""
    titles = [method.title for method in methods if not method.budget]
    for method in methods:
        twice = not method.budget and titles.count(method.title) > 1
        yield replace(method, title=f"{method.title} ({method.key[:6]})") if twice else method
