"""Making a study: radiographs in, bundle and key out. A killed run goes on where it stood."""

from __future__ import annotations

import json
import secrets
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from cxr_studio.datasets.entries import Names
from cxr_studio.datasets.listing import radiograph_folder
from cxr_studio.datasets.manifest import Item, content_sha256
from cxr_studio.datasets.naming import stem_of
from cxr_studio.datasets.opening import open_manifest
from cxr_studio.datasets.patients import Patients
from cxr_studio.datasets.splits import split_of
from cxr_studio.errors import StudioError
from cxr_studio.events import Progress, silent
from cxr_studio.exchange.deidentify_provenance import deidentified_provenance
from cxr_studio.exchange.deidentify_radiograph import Deidentification
from cxr_studio.files import file_sha256, replaced
from cxr_studio.masks.boxes import Box
from cxr_studio.radiographs.radiograph import Radiograph
from cxr_studio.radiographs.reading import read_radiograph
from cxr_studio.roles import find
from cxr_studio.studies.bundle import IMAGES, Bundle
from cxr_studio.studies.canonical import digest, text_digest
from cxr_studio.studies.key import REAL, Key, KeyCase, read_case
from cxr_studio.studies.labels import labelled_radiographs, read_labels
from cxr_studio.studies.pairs import Making, changed, shown_as, write_case
from cxr_studio.studies.protocol import Protocol
from cxr_studio.studies.protocol_parts import KINDS, Condition
from cxr_studio.studies.sealing import BUNDLE, Draft, image_name, seal, study_seed_of
from cxr_studio.studies.slots import Slot, Sources, part_for_practice, slots_of, title_of

UNFINISHED = ".making"
"""Folder in which a study grows before it is moved into place."""

PLAN = "plan.json"
PLACES, SOURCES = 0x91ACE, 0x50CE


@dataclass(frozen=True)
class Made:
    """What came of it.

    Attributes:
        bundle: For readers.
        key: For the owner.
        skipped: A sentence for every radiograph that could not be used.
        reused: Radiographs that are shown in more than one case.
    """

    bundle: Bundle
    key: Key
    skipped: tuple[str, ...]
    reused: int


class Maker:
    """Makes the cases of one study.

    Args:
        protocol: The frozen protocol.
        folder: Of the radiographs.
        out: Where bundle and key go.
        device: Where generators run.
        base: Folder that paths in the protocol are relative to.

    Raises:
        StudioError: no radiographs, an unknown generator, or another study in the folder.
    """

    def __init__(
        self, protocol: Protocol, folder: Path, *, out: Path, device: str = "auto", base: Path = Path()
    ) -> None:
        self._protocol, self._out, self._device, self._base = protocol, out, device, base
        self._labels = read_labels(protocol.pathology, base) if protocol.pathology else {}
        balanced = protocol.pathology is not None and protocol.pathology.balanced
        self._in_turn = protocol.pathology.labels if protocol.pathology is not None and balanced else ("",)
        self._paths = labelled_radiographs(folder, protocol.pathology, self._labels)
        for condition in protocol.conditions:
            if condition.kind != "folder":
                find(condition.generator, next(role for role, kind in KINDS.items() if kind == condition.kind))
        self._boxes = {
            each.boxes: open_manifest(base / each.boxes, folder, listed_side=each.listed_side)
            for each in protocol.conditions
            if each.boxes
        }
        self._build = out / UNFINISHED
        self._secret = self._claim()
        self._seed = study_seed_of(protocol.study.seed, self._secret)
        self._patients = Patients()
        self._asked: Deidentification | None = None
        self.skipped: list[str] = []

    def make(
        self,
        progress: Progress = silent,
        *,
        patients: Patients | None = None,
        asked: Deidentification | None = None,
    ) -> Made:
        """Make what is missing, then bundle and key.

        Args:
            progress: Called after every image.
            patients: A table of patients; without one they are taken from file or name.
            asked: How patients are taken out of the key and so of reports; None leaves them in. A bundle never has any.

        Raises:
            StudioError: too few radiographs, or the folder cannot be written.
        """
        slots = slots_of(self._protocol)
        self._patients, self._asked = patients or self._patients, asked
        (self._build / BUNDLE / IMAGES).mkdir(parents=True, exist_ok=True)
        cases = []
        for case in self._cases(slots):
            cases.append(case)
            progress(len(cases) / len(slots), f"image {len(cases)} of {len(slots)}")
        draft = Draft(self._protocol, tuple(cases), self._secret, tuple(self.skipped))
        bundle, key = seal(draft, self._build / BUNDLE / IMAGES, self._out)
        shutil.rmtree(self._build, ignore_errors=True)
        uses = [case.source_sha256 for case in cases]
        return Made(bundle, key, tuple(self.skipped), sum(uses.count(one) > 1 for one in set(uses)))

    def _cases(self, slots: tuple[Slot, ...]) -> Iterator[KeyCase]:
        order = np.random.default_rng([self._seed, SOURCES]).permutation(len(self._paths))
        practice, others = part_for_practice(
            [self._paths[k] for k in order], self._protocol.practice.trials, of=self._patients.of_file
        )
        reuse = self._protocol.images.reuse
        held, others = self._held_out(others)
        main = {label: Sources(self._with(label, others), reuse=reuse) for label in self._in_turn}
        kept: dict[tuple[int | None, str], Sources] = {
            (k, label): Sources(self._with(label, held), reuse=True)
            for k, condition in enumerate(self._protocol.conditions)
            if condition.held_out
            for label in self._in_turn
        }
        warm = Sources(practice, reuse=True, otherwise=main[self._in_turn[0]])
        groups = {slot.group for slot in slots}
        several = len(groups) > len(self._paths) or len(groups) < len(slots)
        chosen: dict[int, Path] = {}
        for slot in slots:
            condition = None if slot.condition is None else self._protocol.conditions[slot.condition]
            own = Sources([], reuse=False)
            if condition is not None and condition.kind == "folder" and not slot.catch:
                own = self._ready_made(condition.folder, slot)
            elif slot.group in chosen:
                own = Sources([chosen[slot.group]], reuse=False)
            else:
                label = self._in_turn[slot.turn % len(self._in_turn)]
                own = warm if slot.practice else kept.get((slot.condition, label), main[label])
            case, path = self._next(slot, own, jitter=self._protocol.images.jitter if several else 0.0)
            chosen.setdefault(slot.group, path)
            yield case

    def _held_out(self, paths: Sequence[Path]) -> tuple[list[Path], list[Path]]:
        """Radiographs of patients that trainers hold out, and the others; all are others where no condition asks."""
        if not any(condition.held_out for condition in self._protocol.conditions):
            return [], list(paths)
        sides = [(split_of(self._patients.of_file(path)) == "val", path) for path in paths]
        return [path for out, path in sides if out], [path for out, path in sides if not out]

    def _next(self, slot: Slot, sources: Sources, *, jitter: float) -> tuple[KeyCase, Path]:
        """Make a case of the next radiograph that can be used; the others are told."""
        record = self._build / "cases" / f"{slot.number:06d}.json"
        while (path := sources.next()) is not None:
            try:
                case = self._kept(record, path) or self._make(slot, path, record, jitter=jitter)
            except StudioError as fault:
                words = str(fault) if self._asked is None else fault.what
                if words not in self.skipped:
                    self.skipped.append(words)
                continue
            sources.used(path)
            return case, path
        lost = f"; {len(self.skipped)} could not be used ({self.skipped[0]})" if self.skipped else ""
        raise StudioError(
            f"the radiographs are used up after {slot.number} cases{lost}",
            remedy="Give more images, allow images.reuse, or lower images.count",
        )

    def _kept(self, record: Path, path: Path) -> KeyCase | None:
        """A case that an earlier run has finished with this radiograph."""
        if not record.exists():
            return None
        case = read_case(json.loads(record.read_text(encoding="utf-8")))
        stated = self._stated(path, file_sha256(path), case.patient)
        return case if (case.source, case.source_sha256) == (stated.name, stated.sha256) else None

    def _stated(self, path: Path, sha256: str, patient: str) -> Item:
        """A radiograph as the key names it."""
        item = Item(path, sha256, patient, "")
        return item if self._asked is None else self._asked.item(item)

    def _make(self, slot: Slot, path: Path, record: Path, *, jitter: float) -> KeyCase:
        radiograph = read_radiograph(path)
        images = self._protocol.images
        name = text_digest(f"case {self._secret} {slot.number}")[:16]
        condition = None if slot.condition is None else self._protocol.conditions[slot.condition]
        ready = condition is not None and condition.kind == "folder" and not slot.catch
        change, seed = None, int(text_digest(f"fill {self._seed} {slot.number}")[:7], 16)
        if condition is not None and not ready:
            boxes = self._boxes_of(condition, radiograph, path)
            making = Making(condition, slot.catch, (self._seed, PLACES, slot.group), seed, self._device, boxes)
            change = changed(radiograph, making)
        shown = shown_as(radiograph, images, None if change is None else change.in_sight, jitter=jitter, seed=seed)
        alone = self._protocol.study.paradigm == "real-or-fake"
        original = "" if (alone and change is not None) or ready else image_name(self._secret, name, "original")
        altered = image_name(self._secret, name, "altered") if change is not None else ""
        written = ("", "") if ready else (original, altered)
        if ready:
            altered = image_name(self._secret, name, "altered")
            written = (altered, "")
        stated = self._stated(path, radiograph.source.sha256, self._patients.of(path, radiograph.header))
        facts = {} if change is None else json.loads(json.dumps({**change.facts, "crop": shown.crop}))
        if self._asked is not None:
            facts = deidentified_provenance(facts, self._asked.pseudonyms()) or {}
        looks = write_case(self._build / BUNDLE / IMAGES, written, radiograph, change, shown=shown)
        case = KeyCase(
            case=name,
            condition=title_of(self._protocol, slot),
            generator=REAL if condition is None else "catch" if slot.catch else condition.generator,
            source=stated.name,
            source_sha256=stated.sha256,
            patient=stated.patient,
            pathology=self._labels.get(stem_of(path), ()),
            original=original,
            altered=altered,
            facts=facts,
            practice=slot.practice,
            catch=slot.catch,
            **looks,
        )
        with replaced(record) as beside:
            beside.write_text(json.dumps(asdict(case)), encoding="utf-8")
        return case

    def _boxes_of(self, condition: Condition, radiograph: Radiograph, path: Path) -> tuple[Box, ...]:
        """The listed boxes of a radiograph, in its own pixels; none where the condition lists none.

        Raises:
            StudioError: the list has none of it.
        """
        if not condition.boxes:
            return ()
        entries = self._boxes[condition.boxes].entries
        file = Names(entry.file for entry in entries).find(path.name)
        listed = next((entry.findings for entry in entries if entry.file == file), ())
        found = [box for each in listed if (box := each.pixels(radiograph.shape)) is not None]
        if not found:
            raise StudioError(f"{condition.boxes} has no box of it", file=path)
        return tuple(found)

    def _ready_made(self, folder: str, slot: Slot) -> Sources:
        """Images made elsewhere, those first that are this slot's turn."""
        label = self._in_turn[slot.turn % len(self._in_turn)]
        paths = self._with(label, radiograph_folder(self._base / folder))
        order = np.random.default_rng([self._seed, SOURCES, 1]).permutation(len(paths))
        before = [other for other in slots_of(self._protocol)[: slot.number] if other.condition == slot.condition]
        turn = sum(other.turn % len(self._in_turn) == slot.turn % len(self._in_turn) for other in before)
        return Sources([paths[int(order[(k + turn) % len(paths)])] for k in range(len(paths))], reuse=False)

    def _with(self, label: str, paths: Sequence[Path]) -> list[Path]:
        """Those of a label and of no other that is balanced; all for ""."""
        if not label:
            return list(paths)
        return [path for path in paths if {*self._labels.get(stem_of(path), ())} & {*self._in_turn} == {label}]

    def _claim(self) -> str:
        """The secret of the study that grows here; a new one for a new study."""
        if (self._out / BUNDLE).exists():
            raise StudioError("this folder already holds a study", file=self._out, remedy="Choose another folder")
        path = self._build / PLAN
        stated = {
            "protocol": self._protocol.sha256,
            "images": digest([[p.name, content_sha256(p)] for p in self._paths]),
        }
        if path.exists():
            kept = json.loads(path.read_text(encoding="utf-8"))
            if {k: kept.get(k) for k in stated} != stated:
                what = "the folder holds another study that is not finished"
                raise StudioError(what, file=self._out, remedy=f"Choose another folder, or delete {UNFINISHED} in it")
            return str(kept["secret"])
        secret = secrets.token_hex(24)
        with replaced(path) as beside:
            beside.write_text(json.dumps({**stated, "secret": secret}), encoding="utf-8")
        path.chmod(0o600)
        return secret
