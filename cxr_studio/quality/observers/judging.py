"""Training observers on fills of some patients and asking them about fills of others, with controls beside."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from cxr_studio.events import Progress, silent
from cxr_studio.metrics.forced_choice import CHANCE, Rate
from cxr_studio.networks.observers.network import KINDS, Kind
from cxr_studio.networks.observers.observer import Observer, percent_correct
from cxr_studio.networks.observers.pairs import Pairs, joined
from cxr_studio.networks.observers.training import PairTraining, train_observer
from cxr_studio.quality.evaluation import Way
from cxr_studio.quality.observers.asking import Drawn
from cxr_studio.quality.observers.scenes import Scene, both_filled, both_real, pairs_of

DOUBT = 1.5
"""A control fails when chance lies farther from its figure than this times the interval's half-width, that of
independent pairs at least (3 standard errors): with six controls a table, one in four tables would have one outside
the plain 95 % interval, and with few patients the interval itself is too narrow."""

FILLS_EACH = 2
"""Fills of each training hole that observers of all fills are shown: all of them would take too much memory."""

Observers = Mapping[Kind, Observer]


@dataclass(frozen=True, eq=False)
class Ground:
    """What observers are trained and tested on.

    Attributes:
        train: Scenes of training patients; none where trained observers are asked.
        test: Scenes of other patients.
        training: How observers are trained.
        device: Where.
        kinds: Which observers.
    """

    train: Sequence[Scene]
    test: Sequence[Scene]
    training: PairTraining = field(default_factory=PairTraining)
    device: str = "cpu"
    kinds: tuple[Kind, ...] = KINDS


@dataclass(frozen=True, eq=False)
class Trial:
    """A row to be: which pairs an observer is shown.

    Attributes:
        title: The fill, or the control.
        pairs: Of scenes, for a kind of observer.
        control: True where nothing tells the two apart, so that the right answer is chance.
    """

    title: str
    pairs: Callable[[Sequence[Scene], Kind], Pairs]
    control: bool = False


@dataclass(frozen=True)
class Told:
    """A row of the table.

    Attributes:
        title: The fill, or the control.
        rates: How often each observer picks the real one.
        control: As of the trial.
    """

    title: str
    rates: Mapping[Kind, Rate]
    control: bool = False

    def failed(self) -> list[str]:
        """For a control, a sentence for every observer that does better or worse than by guessing."""
        return [
            f"{self.title}: the {kind} observer is right in {rate}, where 50 % is expected"
            for kind, rate in self.rates.items()
            if self.control and abs(rate.value - CHANCE) > DOUBT * max((rate.high - rate.low) / 2, rate.least_width)
        ]


def trials_of(ways: Sequence[Way], control: Way | None = None) -> list[Trial]:
    """A trial a way, then the controls.

    Args:
        ways: The scenes hold their fills.
        control: Way of which two seeds are told apart; the scenes hold its second variation. None for no such control.
    """
    trials = [Trial(way.title, partial(_of_way, way)) for way in ways]
    trials.append(Trial("Control: both real, pretend holes", both_real, control=True))
    if control is not None:
        title = f"Control: {control.title}, two seeds"
        trials.append(Trial(title, partial(_of_seeds, control), control=True))
    return trials


def judge(
    ground: Ground, trials: Sequence[Trial], *, progress: Progress = silent
) -> tuple[list[Told], dict[str, dict[Kind, Observer]]]:
    """Train observers on each trial's own pairs, so that each fill is judged by those that know it best.

    Args:
        ground: Scenes to train and to test on.
        trials: Rows.
        progress: Called after every training step; what it raises stops the work.

    Returns:
        The rows, and their observers by title.

    Raises:
        ObserverError: too few pairs.
    """
    rows: list[Told] = []
    observers: dict[str, dict[Kind, Observer]] = {}
    for place, trial in enumerate(trials):
        own = observers[trial.title] = {}
        rates: dict[Kind, Rate] = {}
        for k, kind in enumerate(ground.kinds):
            part = _part(progress, place * len(ground.kinds) + k, len(trials) * len(ground.kinds), trial.title)
            own[kind] = _learnt(ground, [trial], kind, part)
            rates[kind] = percent_correct(own[kind], trial.pairs(ground.test, kind), device=ground.device)
        rows.append(Told(trial.title, rates, trial.control))
    return rows, observers


def pooled_observers(ground: Ground, trials: Sequence[Trial], *, progress: Progress = silent) -> dict[Kind, Observer]:
    """One observer a kind, trained on the pairs of all trials but controls: the same for all that is compared.

    Every scene is shown with ``FILLS_EACH`` of the fills, each fill about as often.
    """
    fills = [trial for trial in trials if not trial.control]
    return {
        kind: _learnt(ground, fills, kind, _part(progress, k, len(ground.kinds), "all fills"))
        for k, kind in enumerate(ground.kinds)
    }


def ask(ground: Ground, observers: Observers, trials: Sequence[Trial], *, progress: Progress = silent) -> list[Told]:
    """Ask trained observers about every trial."""
    rows = []
    for done, trial in enumerate(trials):
        rates = {
            kind: percent_correct(observer, trial.pairs(ground.test, kind), device=ground.device)
            for kind, observer in observers.items()
        }
        rows.append(Told(trial.title, rates, trial.control))
        progress((done + 1) / len(trials), trial.title)
    return rows


def failed_controls(rows: Iterable[Told]) -> list[str]:
    """A sentence for every control that came out otherwise than by guessing."""
    return [words for row in rows for words in row.failed()]


def _learnt(ground: Ground, trials: Sequence[Trial], kind: Kind, progress: Progress) -> Observer:
    parts = []
    for k, trial in enumerate(trials):
        turn = [scene for n, scene in enumerate(ground.train) if (n - k) % len(trials) < FILLS_EACH]
        parts += [trial.pairs(turn, kind)] if turn else []
    pairs = joined(parts)
    observer = train_observer(pairs, kind, training=ground.training, device=ground.device, progress=progress)
    observer.card["fills"] = [trial.title for trial in trials]
    return observer


def _of_way(way: Way, scenes: Sequence[Scene], kind: Kind) -> Pairs:
    return pairs_of(scenes, Drawn(way), kind)


def _of_seeds(way: Way, scenes: Sequence[Scene], kind: Kind) -> Pairs:
    return both_filled(scenes, Drawn(way), Drawn(way, 1), kind)


def _part(progress: Progress, place: int, of: int, title: str) -> Progress:
    """The progress of one training among several."""

    def step(fraction: float, words: str) -> None:
        progress((place + fraction) / of, f"{title}: {words}")

    return step
