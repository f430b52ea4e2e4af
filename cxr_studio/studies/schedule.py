"""A reader's whole schedule, made before the first trial: order from one stream of chance, sides from another."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from cxr_studio.errors import StudioError
from cxr_studio.studies.canonical import text_digest
from cxr_studio.studies.protocol import Protocol
from cxr_studio.studies.sides import Side, balanced_sides

Phase = Literal["practice", "main", "repeat", "warm-up"]

TRIES = 100
"""Fresh starts of an order before it is given up."""

FAR = 10
"""Trials between two uses of a radiograph that are aimed at where the protocol names no distance."""

UNLIMITED = 1_000_000
"""Distance where no source is used twice."""

ORDER_STREAM, SIDE_STREAM, REPEAT_STREAM = 0, 1, 2


@dataclass(frozen=True)
class Case:
    """What is shown in a trial, as far as the order needs to know it.

    Attributes:
        case: Random identifier.
        condition: Title of its condition; "real" for an unchanged radiograph shown alone.
        source: The radiograph it is made of.
        practice: Belongs to practice.
        catch: Has a change that cannot be missed.
    """

    case: str
    condition: str
    source: str
    practice: bool = False
    catch: bool = False


@dataclass(frozen=True)
class Planned:
    """One trial of a reader.

    Attributes:
        uid: Random identifier, unique in the study.
        index: Place in the schedule, from 0.
        block: From 0; practice is block -1.
        phase: "practice", "main" or "repeat".
        case: The case shown.
        target: Side of the right answer in 2afc, None elsewhere.
        repeat_of: uid of the first showing, "" if it is one.
    """

    uid: str
    index: int
    block: int
    phase: Phase
    case: Case
    target: Side | None = None
    repeat_of: str = ""


def stream(study_seed: int, reader: int, purpose: int) -> np.random.Generator:
    """A stream of chance of one reader: ``PCG64(SeedSequence([study_seed, reader]))``, one child a purpose."""
    child = np.random.SeedSequence([study_seed, reader]).spawn(purpose + 1)[purpose]
    return np.random.Generator(np.random.PCG64(child))


def make_schedule(protocol: Protocol, cases: Sequence[Case], *, study_seed: int, reader: int) -> tuple[Planned, ...]:
    """Make the schedule of one reader; the same arguments give the same schedule.

    Args:
        protocol: Paradigm and order.
        cases: All cases of the study, practice and catches too.
        study_seed: Any whole number from 0.
        reader: Place of the reader, from 0.

    Raises:
        StudioError: there is no such order (too few radiographs for the wanted distance).
    """
    order, side = stream(study_seed, reader, ORDER_STREAM), stream(study_seed, reader, SIDE_STREAM)
    practice = [case for case in cases if case.practice]
    practice = [practice[k] for k in order.permutation(len(practice))]
    shown = _for_reader(protocol, [case for case in cases if not case.practice], reader)
    shown += _repeated(protocol, shown, stream(study_seed, reader, REPEAT_STREAM))
    blocks = order_blocks(protocol, shown, order, reader=reader)
    flat = [(-1, case) for case in practice] + [(k, case) for k, block in enumerate(blocks) for case in block]
    trials = _numbered(flat, study_seed, reader)
    if protocol.study.paradigm != "2afc":
        return tuple(trials)
    sides = _sides(protocol, trials, side)
    return tuple(replace(trial, target=each) for trial, each in zip(trials, sides, strict=True))


def latin_row(reader: int, size: int) -> tuple[int, ...]:
    """Row of a Latin square in which, for even sizes, each follows each other equally often (Williams 1949)."""
    first = [0]
    for k in range(1, size):
        first.append((k + 1) // 2 if k % 2 else size - k // 2)
    return tuple((value + reader) % size for value in first)


def order_blocks(
    protocol: Protocol, cases: Sequence[Case], rng: np.random.Generator, *, reader: int = 0
) -> list[list[Case]]:
    """Order the cases in blocks that each have their share of every condition, or one condition after the other.

    Raises:
        StudioError: no order was found that keeps the same source ``order.distance`` trials apart.
    """
    wanted, bound = protocol.order.distance, _bound(cases)
    for distance in (wanted,) if wanted else range(min(FAR, bound), 0, -1):
        for _ in range(TRIES if distance <= bound else 0):
            blocks = _ordered(cases, _shares(protocol, cases, rng, reader), rng, distance=distance)
            if blocks is not None:
                return blocks
    sources = len({case.source for case in cases})
    raise StudioError(
        f"no order of {len(cases)} trials on {sources} radiographs keeps the same one {wanted} trials apart",
        remedy=f"Lower order.distance (at most {bound} can be reached) or give more images",
    )


def _bound(cases: Sequence[Case]) -> int:
    """Largest distance that the most used source allows."""
    most = max(Counter(case.source for case in cases).values(), default=1)
    return UNLIMITED if most < 2 else max(1, (len(cases) - 1) // (most - 1))


def _for_reader(protocol: Protocol, cases: list[Case], reader: int) -> list[Case]:
    """All cases, or of rotated conditions the one that is this reader's turn for each source."""
    if protocol.order.assignment != "rotated":
        return list(cases)
    titles = [condition.title for condition in protocol.conditions]
    sources = sorted({case.source for case in cases if not case.catch})
    turn = {source: titles[(place + reader) % len(titles)] for place, source in enumerate(sources)}
    fixed = {"real"}
    return [case for case in cases if case.catch or case.condition in fixed or turn[case.source] == case.condition]


def _repeated(protocol: Protocol, cases: Sequence[Case], rng: np.random.Generator) -> list[Case]:
    among = [case for case in cases if not case.catch]
    count = min(protocol.order.repeats, len(among))
    return [among[k] for k in sorted(rng.permutation(len(among))[:count])]


def _shares(protocol: Protocol, cases: Sequence[Case], rng: np.random.Generator, reader: int) -> list[Counter[str]]:
    """How many trials of each condition every block has; blocks are of nearly the same size."""
    every = protocol.order.break_every or len(cases)
    counts = Counter(case.condition for case in cases)
    names = sorted(counts)
    if protocol.order.arrangement == "mixed":
        turn = [names[k] for k in rng.permutation(len(names))]
        return _round_robin([name for name in turn for _ in range(counts[name])], every)
    blocks: list[Counter[str]] = []
    for k in latin_row(reader, len(names)):
        blocks += _round_robin([names[k]] * counts[names[k]], every)
    return blocks


def _round_robin(names: Sequence[str], every: int) -> list[Counter[str]]:
    blocks = max(1, -(-len(names) // max(1, every)))
    return [Counter(names[k::blocks]) for k in range(blocks)]


def _ordered(
    cases: Sequence[Case], shares: Sequence[Counter[str]], rng: np.random.Generator, *, distance: int
) -> list[list[Case]] | None:
    """One try, trial after trial; sources that must come soon come first. None where it fails."""
    left = list(cases)
    counts = Counter(case.source for case in left)
    recent: deque[str] = deque(maxlen=distance - 1)
    blocks: list[list[Case]] = []
    for share in shares:
        block: list[Case] = []
        remaining = Counter(share)
        for _ in range(share.total()):
            free = [k for k, case in enumerate(left) if remaining[case.condition] and case.source not in recent]
            if not free:
                return None
            urgent = [k for k in free if (counts[left[k].source] - 1) * distance + 1 >= len(left)]
            among = urgent or free
            case = left.pop(among[int(rng.integers(len(among)))])
            counts[case.source] -= 1
            remaining[case.condition] -= 1
            recent.append(case.source)
            block.append(case)
        blocks.append(block)
    return blocks


def _numbered(flat: Sequence[tuple[int, Case]], study_seed: int, reader: int) -> list[Planned]:
    first: dict[str, str] = {}
    trials = []
    for index, (block, case) in enumerate(flat):
        uid = text_digest(f"trial {study_seed} {reader} {index}")[:16]
        phase: Phase = "practice" if block < 0 else "repeat" if case.case in first else "main"
        trials.append(Planned(uid, index, block, phase, case, None, first.get(case.case, "")))
        first.setdefault(case.case, uid)
    return trials


def _sides(protocol: Protocol, trials: Sequence[Planned], rng: np.random.Generator) -> list[Side]:
    """Practice, catches and repeats are balanced by themselves, so that the main trials of a condition are too."""
    cells = [(trial.block, _group(trial)) for trial in trials]
    return balanced_sides(cells, rng, longest_run=protocol.order.longest_run)


def _group(trial: Planned) -> str:
    if trial.phase == "practice" or trial.case.catch:
        return "practice" if trial.phase == "practice" else "catch"
    return f"{trial.phase} {trial.case.condition}"
