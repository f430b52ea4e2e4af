"""A benchmark as a batch: radiograph after radiograph, each with all its places and all methods."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, ClassVar

from cxr_studio.datasets.manifest import content_sha256, picture_difference
from cxr_studio.files import file_sha256, replaced
from cxr_studio.jobs.batch import Batch
from cxr_studio.networks.observers.network import Kind
from cxr_studio.quality.benchmark.answering import answered
from cxr_studio.quality.benchmark.features import CONTEXT, features_of, stated_file
from cxr_studio.quality.benchmark.figures import Instruments, Measured, measured
from cxr_studio.quality.benchmark.measuring import Seen, case_of, see, shown
from cxr_studio.quality.benchmark.methods import Method
from cxr_studio.quality.benchmark.places import Place, Places
from cxr_studio.quality.benchmark.seen_file import packed_seen, read_seen
from cxr_studio.quality.judging import Run
from cxr_studio.quality.observers.kept import kept
from cxr_studio.quality.observers.kept_fills import FillCache
from cxr_studio.radiographs.radiograph import Stored
from cxr_studio.version import program_version

MEASURED = "radiographs"
"""Folder of what was measured."""


@dataclass(frozen=True)
class Asked:
    """Which trained observers are asked.

    Attributes:
        source: See ``observers.kept``.
        kinds: Of them.
    """

    source: str
    kinds: tuple[Kind, ...]


@dataclass(frozen=True)
class BenchmarkJob(Batch):
    """Places in radiographs, and methods that are asked about all of them.

    Attributes:
        places: Radiographs and masks.
        methods: The rows.
        folder: Gets a file a radiograph.
        observers: Those that are asked, None for none.
        device: Where generators run.
        features: Of which distances are taken; see ``features_of``.
    """

    places: Places
    methods: tuple[Method, ...]
    folder: Path
    observers: Asked | None = None
    device: str = "auto"
    features: str = CONTEXT

    command: ClassVar[str] = "evaluate"
    noun: ClassVar[str] = "radiograph"
    kind: ClassVar[str] = "table"
    folders: ClassVar[tuple[str, ...]] = (MEASURED,)

    @property
    def count(self) -> int:
        """Radiographs."""
        return len(self.places.radiographs.paths)

    def plan_text(self) -> str:
        """Radiographs, masks, rows and observers."""
        return self._plan

    @cached_property
    def _plan(self) -> str:
        radiographs = self.places.radiographs
        listed = [[path.name, content_sha256(path), radiographs.known.of_file(path)] for path in radiographs.paths]
        stated: dict[str, Any] = {
            "sources": listed,
            "healthy": dict(radiographs.healthy),
            "masks": asdict(self.places.plan),
        }
        stated |= {"mask_files": [file_sha256(path) for path in self.places.files], "device": self.device}
        stated |= {"methods": [[one.key, one.title, one.extent, one.grain] for one in self.methods]}
        stated |= {"observers": None if self.observers is None else asdict(self.observers)}
        if self.features != CONTEXT:
            stated["features"] = stated_file(self.features)
        return json.dumps({**stated, "version": program_version()}, indent=1, sort_keys=True) + "\n"

    def make(self, index: int) -> None:
        """Measure at the places of a radiograph; answers are kept one by one, so that a killed run loses none."""
        seen, cache, run = Seen(), FillCache(), Run(self.device)
        instruments = self.instruments

        def answer(method: Method, place: Place) -> tuple[Measured, Stored]:
            stored = answered(method, place, run, cache)
            return measured(place, stored, instruments), stored

        pictured, first = shown(len(self.places)), index * self.places.each
        for number, place in enumerate(self.places.of(index), first):
            seen.cases.append(case_of(place, instruments.features))
            see(place, self.methods, seen, answer=answer, pictured=number in pictured)
        with replaced(self.folder / self.mark(index)) as beside:
            beside.write_bytes(packed_seen(seen))

    @property
    def instruments(self) -> Instruments:
        """What answers are measured with.

        Raises:
            CheckpointError: observers or features cannot be read.
        """
        return _instruments(self.observers, self.features)

    def mark(self, index: int) -> str:
        """What was measured in it."""
        return f"{MEASURED}/{index:06d}.safetensors"

    def difference(self, kept: dict[str, Any], now: dict[str, Any]) -> str:
        """Which radiographs or options."""
        return picture_difference(kept, now) or super().difference(kept, now)

    def seen(self) -> Iterator[Seen]:
        """What was measured in every radiograph, in order.

        Raises:
            ReadError: a file is damaged.
        """
        return (read_seen(self.folder / self.mark(index)) for index in range(self.count))


@lru_cache(maxsize=1)
def _instruments(asked: Asked | None, features: str) -> Instruments:
    observers = {} if asked is None else {k: one for k, one in kept(asked.source).items() if k in asked.kinds}
    return Instruments(features_of(features), observers)
