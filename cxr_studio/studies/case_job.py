"""The cases of a study as a batch: what is drawn, for the owner alone; nothing of it is sealed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import ClassVar

from cxr_studio.datasets.entries import Manifest, Names
from cxr_studio.datasets.manifest import Item
from cxr_studio.datasets.naming import stem_of
from cxr_studio.datasets.patients import Patients
from cxr_studio.errors import ReadError, StudioError, WriteError
from cxr_studio.exchange.deidentify_provenance import deidentified_provenance
from cxr_studio.exchange.deidentify_radiograph import Deidentification
from cxr_studio.files import replaced
from cxr_studio.jobs.batch import Batch
from cxr_studio.masks.boxes import Box
from cxr_studio.radiographs.radiograph import Radiograph
from cxr_studio.radiographs.reading import read_radiograph
from cxr_studio.studies.bundle import IMAGES
from cxr_studio.studies.canonical import text_digest
from cxr_studio.studies.key import REAL, KeyCase, read_case
from cxr_studio.studies.pairs import Change, Making, changed, shown_as, write_case
from cxr_studio.studies.protocol import Protocol
from cxr_studio.studies.protocol_parts import Condition
from cxr_studio.studies.sealing import image_name, study_seed_of
from cxr_studio.studies.slots import Slot, ready_made, title_of

CASES = "cases"
"""Folder of the cases' records."""

PLACES = 0x91ACE


@dataclass(frozen=True)
class Source:
    """A radiograph that a case is of.

    Attributes:
        path: The file.
        sha256: Of its content.
    """

    path: Path
    sha256: str


@dataclass(frozen=True)
class StudyCases(Batch):
    """Cases of a study.

    Attributes:
        protocol: The frozen protocol.
        slots: The cases.
        sources: The radiograph of each.
        folder: Gets records and images; for the owner alone.
        secret: Hex; names and seeds follow from it.
        stated: Everything that decides the cases, as JSON.
        jitter: Share of the sides that is cropped by chance.
        device: Where generators run.
        labels: Of radiographs, by stem.
        boxes: Lists of boxes by the name that conditions give.
        patients: Whose radiographs they are.
        asked: How patients are taken out of the key; None leaves them in.
    """

    protocol: Protocol
    slots: tuple[Slot, ...]
    sources: tuple[Source, ...]
    folder: Path
    secret: str = field(repr=False)
    stated: str
    jitter: float = 0.0
    device: str = "auto"
    labels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    boxes: Mapping[str, Manifest] = field(default_factory=dict)
    patients: Patients = field(default_factory=Patients)
    asked: Deidentification | None = None

    command: ClassVar[str] = "study"
    noun: ClassVar[str] = "case"
    kind: ClassVar[str] = "study that is not finished"
    folders: ClassVar[tuple[str, ...]] = (CASES, IMAGES)

    @property
    def count(self) -> int:
        """Cases."""
        return len(self.slots)

    def plan_text(self) -> str:
        """Protocol, radiographs, tables and secret; no secret can be told from it."""
        return self.stated

    def mark(self, index: int) -> str:
        """Its record; another one where it is of another radiograph."""
        return f"{CASES}/{self._stem(index)}.json"

    def group(self, index: int) -> int:
        """Those that share a radiograph."""
        return self.slots[index].group

    def make(self, index: int) -> None:
        """Draw a case. Where patients are taken out, what cannot be used is told without its file."""
        try:
            case = self._drawn(index)
        except WriteError:
            raise
        except StudioError as fault:
            raise fault if self.asked is None else StudioError(fault.what) from fault
        with replaced(self.folder / self.mark(index)) as beside:
            beside.write_text(json.dumps(asdict(case)), encoding="utf-8")

    def cases(self) -> tuple[KeyCase, ...]:
        """All cases, when they are drawn.

        Raises:
            ReadError: a record is damaged.
        """
        return tuple(self._read(self.folder / self.mark(index)) for index in range(self.count))

    def _read(self, path: Path) -> KeyCase:
        try:
            return read_case(json.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError, KeyError, TypeError) as fault:
            raise ReadError("the record is damaged", file=path, remedy="Delete it and run the same command") from fault

    def _stem(self, index: int) -> str:
        source = self.sources[index]
        return f"{self.slots[index].number:06d}-{text_digest(f'{source.path.name} {source.sha256}')[:12]}"

    def _drawn(self, index: int) -> KeyCase:
        slot, path = self.slots[index], self.sources[index].path
        radiograph = read_radiograph(path)
        condition = None if slot.condition is None else self.protocol.conditions[slot.condition]
        seed = int(text_digest(f"fill {self._seed} {slot.number}")[:7], 16)
        ready, change = ready_made(self.protocol, slot), None
        if condition is not None and not ready:
            boxes = self._boxes_of(condition, radiograph, path)
            making = Making(condition, slot.catch, (self._seed, PLACES, slot.group), seed, self.device, boxes)
            change = changed(radiograph, making)
        in_sight = None if change is None else change.in_sight
        shown = shown_as(radiograph, self.protocol.images, in_sight, jitter=self.jitter, seed=seed)
        original, altered = self._names(index, change, ready=ready)
        written = (altered, "") if ready else (original, altered)
        facts = {} if change is None else json.loads(json.dumps({**change.facts, "crop": shown.crop}))
        if self.asked is not None:
            facts = deidentified_provenance(facts, self.asked.pseudonyms()) or {}
        stated = self._item(path, radiograph)
        looks = write_case(self.folder / IMAGES, written, radiograph, change, shown=shown)
        return KeyCase(
            case=text_digest(f"case {self.secret} {slot.number}")[:16],
            condition=title_of(self.protocol, slot),
            generator=REAL if condition is None else "catch" if slot.catch else condition.generator,
            source=stated.name,
            source_sha256=stated.sha256,
            patient=stated.patient,
            pathology=self.labels.get(stem_of(path), ()),
            original=original,
            altered=altered,
            facts=facts,
            practice=slot.practice,
            catch=slot.catch,
            **looks,
        )

    @property
    def _seed(self) -> int:
        return study_seed_of(self.protocol.study.seed, self.secret)

    def _names(self, index: int, change: Change | None, *, ready: bool) -> tuple[str, str]:
        """Names of the original's and the changed image, "" for one that is not shown."""
        alone = self.protocol.study.paradigm == "real-or-fake"
        original, altered = (image_name(self.secret, self._stem(index), role) for role in ("original", "altered"))
        hidden = ready or (alone and change is not None)
        return "" if hidden else original, altered if ready or change is not None else ""

    def _item(self, path: Path, radiograph: Radiograph) -> Item:
        """The radiograph as the key names it."""
        item = Item(path, radiograph.source.sha256, self.patients.of(path, radiograph.header), "")
        return item if self.asked is None else self.asked.item(item)

    def _boxes_of(self, condition: Condition, radiograph: Radiograph, path: Path) -> tuple[Box, ...]:
        """The listed boxes of a radiograph, in its own pixels; none where the condition lists none.

        Raises:
            StudioError: the list has none of it.
        """
        if not condition.boxes:
            return ()
        entries = self.boxes[condition.boxes].entries
        file = Names(entry.file for entry in entries).find(path.name)
        listed = next((entry.findings for entry in entries if entry.file == file), ())
        found = [box for each in listed if (box := each.pixels(radiograph.shape)) is not None]
        if not found:
            raise StudioError(f"{condition.boxes} has no box of it", file=path)
        return tuple(found)
