"""An augmentation as a batch: image after image of a plan, wherever it runs."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from cxr_studio.augmentation.nodules import make
from cxr_studio.augmentation.plan import Plan
from cxr_studio.augmentation.record import FOLDER as RECORDS
from cxr_studio.augmentation.record import IMAGES, MASKS, Record, read_record, record_name
from cxr_studio.augmentation.surroundings import SurroundPlan, make_surroundings
from cxr_studio.datasets.manifest import Item, picture_difference
from cxr_studio.errors import StudioError
from cxr_studio.events import CancelToken, Progress, silent
from cxr_studio.generation.precision import running_in
from cxr_studio.jobs.batch import Batch
from cxr_studio.jobs.running import ALONE, Running
from cxr_studio.jobs.running import run as run_batch

AnyPlan = Plan | SurroundPlan


@dataclass(frozen=True)
class Augmentation(Batch):
    """A plan in a folder, which gets ``images/``, ``masks/``, ``records/`` and ``plan.json``.

    Attributes:
        plan: What is made.
        folder: Where.
    """

    plan: AnyPlan
    folder: Path

    command: ClassVar[str] = "augment"
    kind: ClassVar[str] = "augmentation"
    folders: ClassVar[tuple[str, ...]] = (IMAGES, MASKS, RECORDS)

    @property
    def count(self) -> int:
        """Images to make."""
        return self.plan.count

    def plan_text(self) -> str:
        """See ``Plan.text``."""
        return self.plan.text()

    def make(self, index: int) -> None:
        """Make an image; where patients are taken out, no fault names a file either."""
        try:
            with running_in(self.plan.precision):
                if isinstance(self.plan, SurroundPlan):
                    make_surroundings(self.plan, self.folder, index)
                else:
                    make(self.plan, self.folder, index)
        except StudioError as fault:
            item = self._item(index)
            if fault.file != item.path or not item.alias:
                raise
            raise type(fault)(fault.what, file=item.alias, remedy=fault.remedy) from fault.__cause__

    def mark(self, index: int) -> str:
        """Its record."""
        return record_name(index)

    def group(self, index: int) -> Hashable:
        """The radiograph."""
        return self._item(index).path

    def _item(self, index: int) -> Item:
        return self.plan.case(index)[0].item if isinstance(self.plan, SurroundPlan) else self.plan.source(index)

    def difference(self, kept: dict[str, Any], now: dict[str, Any]) -> str:
        """Which radiographs, patients, splits or options."""
        pictures = picture_difference(kept, now)
        if pictures or kept["sources"] == now["sources"]:
            return pictures or super().difference(kept, now)
        return "with other patients or splits"


@dataclass(frozen=True)
class Outcome:
    """What a run came to.

    Attributes:
        records: Of every image that is whole, by number.
        made: Images made now.
        faults: A sentence for every image that could not be made.
    """

    records: tuple[Record, ...]
    made: int
    faults: tuple[str, ...]


def run(
    plan: AnyPlan,
    folder: Path,
    running: Running = ALONE,
    *,
    progress: Progress = silent,
    cancel: CancelToken | None = None,
) -> Outcome:
    """Make what is missing; see ``jobs.running.run``."""
    outcome = run_batch(Augmentation(plan, folder), running, progress=progress, cancel=cancel)
    return Outcome(records_of(folder), outcome.made, tuple(outcome.faults.values()))


def records_of(folder: Path) -> tuple[Record, ...]:
    """Records of every image in a folder that is whole, by number."""
    paths = sorted((folder / RECORDS).glob("[0-9]*.json"), key=lambda path: int(path.stem))
    return tuple(read_record(path) for path in paths)
