"""Detection in many radiographs as a batch."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, ClassVar

from cxr_studio.datasets.manifest import content_sha256, picture_difference
from cxr_studio.detection.detections import Detection
from cxr_studio.detection.detector import LEAST, detect, find_detector
from cxr_studio.errors import CheckpointError, ReadError
from cxr_studio.files import write_json
from cxr_studio.generation.devices import choose_device
from cxr_studio.jobs.batch import Batch
from cxr_studio.networks.checkpoint import Checkpoint
from cxr_studio.radiographs.reading import read_radiograph
from cxr_studio.version import program_version

ANSWERS = "answers"
"""Folder of the answers."""


@dataclass(frozen=True)
class DetectionJob(Batch):
    """Radiographs in which a detector looks.

    Attributes:
        sources: Each radiograph's file, and what detections call it.
        folder: Gets the detector's answer to each.
        detector: Name or file.
        sha256: Of its file.
        least: Smallest score that is answered.
        device: Where it runs.
    """

    sources: tuple[tuple[Path, str], ...]
    folder: Path
    detector: str
    sha256: str
    least: float = LEAST
    device: str = "auto"

    command: ClassVar[str] = "detect"
    noun: ClassVar[str] = "radiograph"
    kind: ClassVar[str] = "detection"
    folders: ClassVar[tuple[str, ...]] = (ANSWERS,)

    @property
    def count(self) -> int:
        """Radiographs."""
        return len(self.sources)

    def plan_text(self) -> str:
        """Radiographs and options."""
        stated = {"sha256": self.sha256, "least": self.least, "device": self.device, "sources": self._hashed}
        return json.dumps({**stated, "version": program_version()}, indent=1, sort_keys=True) + "\n"

    @cached_property
    def _hashed(self) -> list[list[str]]:
        return [[name, content_sha256(path)] for path, name in self.sources]

    def make(self, index: int) -> None:
        """Detect in a radiograph."""
        path, name = self.sources[index]
        checkpoint, device = _ready(self.detector, self.sha256, self.device)
        found = detect(read_radiograph(path), checkpoint, device=device, least=self.least, file=name)
        write_json(self.folder / self.mark(index), [asdict(one) for one in found])

    def mark(self, index: int) -> str:
        """Its answer."""
        return f"{ANSWERS}/{index:06d}.json"

    def difference(self, kept: dict[str, Any], now: dict[str, Any]) -> str:
        """Which radiographs or options."""
        return picture_difference(kept, now) or super().difference(kept, now)

    def found(self) -> list[Detection]:
        """All detections, in order of the radiographs; those that could not be read have none.

        Raises:
            ReadError: an answer is damaged.
        """
        every = []
        for path in (self.folder / self.mark(index) for index in range(self.count) if self.done(index)):
            try:
                rows = json.loads(path.read_text(encoding="utf-8"))
                every += [Detection(**{**row, "box": tuple(row["box"])}) for row in rows]
            except (OSError, ValueError, TypeError, KeyError) as fault:
                raise ReadError("the answer is damaged", file=path, remedy="Delete it and run it again") from fault
        return every


@lru_cache(maxsize=2)
def _ready(detector: str, sha256: str, device: str) -> tuple[Checkpoint, str]:
    """The detector and torch's name of the device, once in every process."""
    checkpoint = find_detector(detector)
    if checkpoint.sha256 != sha256:
        what = "the detector is another than the one that the job began with"
        raise CheckpointError(what, file=checkpoint.path, remedy="Use the same file everywhere")
    return checkpoint, choose_device(device)
