"""The whole measurement: scenes, observers, structure; and its figures as plain values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Literal

from cxr_studio.errors import StudioError
from cxr_studio.events import Progress, silent
from cxr_studio.generation.generators import GeneratorFacts
from cxr_studio.networks.card import Role
from cxr_studio.networks.observers.network import KINDS, Kind
from cxr_studio.networks.observers.observer import Observer
from cxr_studio.networks.observers.training import PairTraining
from cxr_studio.quality.evaluation import Way
from cxr_studio.quality.observers.asking import Drawn, HolePlan, Split
from cxr_studio.quality.observers.judging import Ground, Told, ask, judge, pooled_observers, trials_of
from cxr_studio.quality.observers.scenes import Filler, Scene, scenes_of
from cxr_studio.quality.observers.structure import Structure, structure_rows
from cxr_studio.restore.options import Grain
from cxr_studio.roles import find, offered, warm_up

Freshness = Literal["fresh", "pooled"]
VARIATIONS = 3
"""Fills of every test hole that are compared with each other, where a seed matters."""

SHARES = {"filling": 0.25, "observing": 0.7, "measuring": 0.05}
"""About how much of the time each part takes."""


@dataclass(frozen=True, eq=False)
class Asked:
    """What is to be measured.

    Attributes:
        ways: Rows.
        split: Radiographs to train and to test on.
        plan: Holes.
        training: Of the observers.
        observers: "fresh": trained on each way's own fills; "pooled": one set trained on all of them; or trained ones.
        kinds: Which observers.
        structure: Whether ridges, grain, distances and variations are measured too.
    """

    ways: tuple[Way, ...]
    split: Split
    plan: HolePlan = field(default_factory=HolePlan)
    training: PairTraining = field(default_factory=PairTraining)
    observers: Freshness | Mapping[Kind, Observer] = "fresh"
    kinds: tuple[Kind, ...] = KINDS
    structure: bool = True


@dataclass(frozen=True, eq=False)
class Table:
    """What was measured.

    Attributes:
        rows: Fills, then controls.
        structure: The originals, then fills; none where it was not asked for.
        observers: By the row's title; under "" where one set was asked about all rows.
        train: Number of training holes and patients.
        test: Of test holes and patients.
        scenes: Of the test patients, with all fills.
    """

    rows: tuple[Told, ...]
    structure: tuple[Structure, ...]
    observers: Mapping[str, Mapping[Kind, Observer]]
    train: tuple[int, int]
    test: tuple[int, int]
    scenes: tuple[Scene, ...]


def all_ways(generators: Sequence[str] = (), grains: Sequence[Grain] = ()) -> tuple[Way, ...]:
    """A way for each generator and grain.

    Args:
        generators: Names; every generator that fills masks where none is given.
        grains: Of each; where none is given, each generator has the grain that suits it.

    Raises:
        GeneratorError: there is none of a name.
    """
    found = [find(name, Role.RESTORE) for name in generators] or list(offered(Role.RESTORE))
    return tuple(Way(facts.name, grain) for facts in found for grain in grains or (own_grain(facts),))


def usable_ways(
    generators: Sequence[str] = (), grains: Sequence[Grain] = (), *, device: str = "auto"
) -> tuple[tuple[Way, ...], list[StudioError]]:
    """Like ``all_ways``, but a generator that cannot be found, loaded or run stops none of the others.

    Returns:
        The ways of those that answer, and why the rest does not.

    Raises:
        StudioError: none answers.
    """
    ways, faults = list[Way](), list[StudioError]()
    for name in generators or [facts.name for facts in offered(Role.RESTORE)]:
        try:
            warm_up(name, device=device)
            ways += all_ways([name], grains)
        except StudioError as fault:
            faults.append(fault)
    if not ways and faults:
        raise faults[0]
    return tuple(ways), faults


def own_grain(facts: GeneratorFacts) -> Grain:
    """What suits a generator: one that draws has texture of its own ("match" adds what it lacks), others have none."""
    return "match" if facts.stochastic else "spectrum"


def control_of(ways: Sequence[Way]) -> Way | None:
    """The way whose seeds a control tells apart: the first trained one with grain or with seeds that matter."""
    varied = [way for way in ways if varies(way)]
    trained = [way for way in varied if find(way.generator, Role.RESTORE).card is not None]
    return next(iter([*trained, *varied]), None)


def varies(way: Way) -> bool:
    """Whether another seed gives another fill."""
    return way.grain != "off" or find(way.generator, Role.RESTORE).stochastic


def measure(asked: Asked, *, filler: Filler, device: str = "cpu", progress: Progress = silent) -> Table:
    """Fill, train, test, measure.

    Args:
        asked: What.
        filler: Fills holes.
        device: Where observers are trained, torch's name.
        progress: Called often; what it raises stops the work (fills that were made are kept).

    Raises:
        StudioError: a radiograph cannot be used, a generator fails, or there are too few pairs.
        Cancelled: through the filler.
    """
    control = control_of(asked.ways)
    fresh = isinstance(asked.observers, str)
    first = [Drawn(way) for way in asked.ways]
    second = [Drawn(control, 1)] if control else []
    others = [Drawn(way, k) for way in asked.ways if varies(way) for k in range(1, VARIATIONS)]
    steps = _shared(progress)
    train = scenes_of(
        asked.split.train if fresh else (), asked.plan, [*first, *second], filler=filler, progress=steps("filling")
    )
    drawn = [*first, *(others if asked.structure else second)]
    test = scenes_of(asked.split.test, asked.plan, drawn, filler=filler, progress=steps("filling"))
    ground = Ground(train, test, asked.training, device, asked.kinds)
    rows, observers = _observed(asked, ground, control, steps("observing"))
    figures = (
        structure_rows(test, asked.ways, variations=VARIATIONS, progress=steps("measuring")) if asked.structure else []
    )
    sizes = [(len(scenes), len({scene.patient for scene in scenes})) for scenes in (train, test)]
    return Table(tuple(rows), tuple(figures), observers, sizes[0], sizes[1], tuple(test))


def as_json(table: Table) -> dict[str, object]:
    """The figures as plain values."""
    return {
        "train": dict(zip(("holes", "patients"), table.train, strict=True)),
        "test": dict(zip(("holes", "patients"), table.test, strict=True)),
        "observers": [
            {"fill": row.title, "control": row.control, "right": {k: asdict(rate) for k, rate in row.rates.items()}}
            for row in table.rows
        ],
        "structure": [
            {
                "fill": row.title,
                **{name: _plain(one) for name, one in row.figures.items()},
                "frechet": asdict(row.frechet),
                "kernel": asdict(row.kernel),
            }
            for row in table.structure
        ],
    }


def _plain(estimate: object) -> dict[str, float]:
    return {end: float(getattr(estimate, end)) for end in ("value", "low", "high")}


def _observed(
    asked: Asked, ground: Ground, control: Way | None, progress: Progress
) -> tuple[list[Told], Mapping[str, Mapping[Kind, Observer]]]:
    trials = trials_of(asked.ways, control)
    if asked.observers == "fresh":
        return judge(ground, trials, progress=progress)
    if isinstance(asked.observers, str):
        observers: Mapping[Kind, Observer] = pooled_observers(ground, trials, progress=progress)
    else:
        observers = {kind: one for kind, one in asked.observers.items() if kind in asked.kinds}
    return ask(ground, observers, trials, progress=progress), {"": observers}


def _shared(progress: Progress):  # type: ignore[no-untyped-def]
    """Progresses of the parts, each with its share of the whole, one after another."""
    done = 0.0

    def part(name: str) -> Progress:
        nonlocal done
        share = SHARES[name] / (2 if name == "filling" else 1)
        start, done = done, done + share
        return lambda fraction, words: progress(min(1.0, start + share * fraction), words)

    return part
