"""Which radiograph each case of a study is of: drawn by the study's seed, before any case is made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from cxr_studio.datasets.listing import radiograph_folder
from cxr_studio.datasets.naming import stem_of
from cxr_studio.datasets.patients import Patients
from cxr_studio.datasets.splits import split_of
from cxr_studio.errors import StudioError
from cxr_studio.studies.protocol import Protocol
from cxr_studio.studies.slots import Slot, Sources, part_for_practice, ready_made, slots_of

SOURCES = 0x50CE


@dataclass(frozen=True)
class Known:
    """What is known of radiographs.

    Attributes:
        patients: Whose they are.
        labels: Their labels, by stem.
    """

    patients: Patients
    labels: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, eq=False)
class Shared:
    """Cases of one radiograph.

    Attributes:
        slots: The cases.
        sources: Where it is taken from.
    """

    slots: list[Slot]
    sources: Sources


class Assignment:
    """Radiographs of all cases. What cannot be used gives way to the next; no other case's radiograph changes.

    Args:
        protocol: The frozen protocol.
        paths: Radiographs of the study.
        seed: Of the study, with its secret.
        known: Patients and labels.
        base: Folder that paths in the protocol are relative to.

    Attributes:
        slots: The cases.
        skipped: A sentence for every radiograph that could not be used.

    Raises:
        StudioError: there are too few radiographs.
    """

    def __init__(self, protocol: Protocol, paths: Sequence[Path], *, seed: int, known: Known, base: Path) -> None:
        self._protocol, self._paths, self._seed = protocol, paths, seed
        self._patients, self._labels, self._base = known.patients, known.labels, base
        balanced = protocol.pathology is not None and protocol.pathology.balanced
        self._in_turn = protocol.pathology.labels if protocol.pathology is not None and balanced else ("",)
        self.slots = slots_of(protocol)
        self.skipped: list[str] = []
        self._shared = list(self._by_radiograph())
        self._chosen: dict[int, Path] = {}
        for shared in self._shared:
            self._take(shared)

    @property
    def paths(self) -> tuple[Path, ...]:
        """The radiograph of every case."""
        return tuple(self._chosen[slot.number] for slot in self.slots)

    def replace(self, faults: Mapping[int, str]) -> None:
        """Take other radiographs for cases that could not be made, and for those that share theirs.

        Args:
            faults: Why, by the case's number.

        Raises:
            StudioError: the radiographs are used up.
        """
        self.skipped += [words for _, words in sorted(faults.items()) if words not in self.skipped]
        self.skipped[:] = dict.fromkeys(self.skipped)
        bad = [shared for shared in self._shared if any(slot.number in faults for slot in shared.slots)]
        for shared in bad:
            for slot in shared.slots:
                path = self._chosen.pop(slot.number)
            shared.sources.drop(path)
        for shared in bad:
            self._take(shared)

    def _take(self, shared: Shared) -> None:
        path = shared.sources.next()
        if path is None:
            lost = f"; {len(self.skipped)} could not be used ({self.skipped[0]})" if self.skipped else ""
            raise StudioError(
                f"the radiographs are used up after {len(self._chosen)} cases{lost}",
                remedy="Give more images, allow images.reuse, or lower images.count",
            )
        shared.sources.used(path)
        self._chosen.update({slot.number: path for slot in shared.slots})

    def _by_radiograph(self) -> Iterator[Shared]:
        """Cases that share a radiograph; one that was made elsewhere is of its case alone."""
        groups: dict[int, list[Slot]] = {}
        pools, turns = self._pools(), Counter[tuple[int | None, int]]()
        for slot in self.slots:
            turn = slot.condition, slot.turn % len(self._in_turn)
            if ready_made(self._protocol, slot):
                yield Shared([slot], self._made_elsewhere(slot, turns[turn]))
            elif slot.group in groups:
                groups[slot.group].append(slot)
            else:
                groups[slot.group] = [slot]
                yield Shared(groups[slot.group], pools.of(slot, self._label(slot)))
            turns[turn] += 1

    def _pools(self) -> Pools:
        protocol = self._protocol
        order = np.random.default_rng([self._seed, SOURCES]).permutation(len(self._paths))
        practice, others = part_for_practice(
            [self._paths[k] for k in order], protocol.practice.trials, of=self._patients.of_file
        )
        held, others = self._held_out(others)
        main = {label: Sources(self._with(label, others), reuse=protocol.images.reuse) for label in self._in_turn}
        kept = {
            (k, label): Sources(self._with(label, held), reuse=True)
            for k, condition in enumerate(protocol.conditions)
            if condition.held_out
            for label in self._in_turn
        }
        return Pools(main, kept, Sources(practice, reuse=True, otherwise=main[self._in_turn[0]]))

    def _held_out(self, paths: Sequence[Path]) -> tuple[list[Path], list[Path]]:
        """Radiographs of patients that trainers hold out, and the others; all are others where no condition asks."""
        if not any(condition.held_out for condition in self._protocol.conditions):
            return [], list(paths)
        sides = [(split_of(self._patients.of_file(path)) == "val", path) for path in paths]
        return [path for out, path in sides if out], [path for out, path in sides if not out]

    def _made_elsewhere(self, slot: Slot, turn: int) -> Sources:
        """Images made elsewhere, those first that are this case's turn."""
        assert slot.condition is not None
        folder = self._base / self._protocol.conditions[slot.condition].folder
        paths = self._with(self._label(slot), radiograph_folder(folder))
        order = np.random.default_rng([self._seed, SOURCES, 1]).permutation(len(paths))
        return Sources([paths[int(order[(k + turn) % len(paths)])] for k in range(len(paths))], reuse=False)

    def _label(self, slot: Slot) -> str:
        return self._in_turn[slot.turn % len(self._in_turn)]

    def _with(self, label: str, paths: Sequence[Path]) -> list[Path]:
        """Those of a label and of no other that is balanced; all for ""."""
        if not label:
            return list(paths)
        return [path for path in paths if {*self._labels.get(stem_of(path), ())} & {*self._in_turn} == {label}]


@dataclass(frozen=True, eq=False)
class Pools:
    """Where radiographs are taken from.

    Attributes:
        main: By label.
        kept: Those of held-out patients, by condition and label.
        practice: For practice.
    """

    main: Mapping[str, Sources]
    kept: Mapping[tuple[int, str], Sources]
    practice: Sources

    def of(self, slot: Slot, label: str) -> Sources:
        """Where a case's radiograph is taken from."""
        if slot.practice:
            return self.practice
        held = None if slot.condition is None else self.kept.get((slot.condition, label))
        return held or self.main[label]
