"""Making a study: radiographs in, bundle and key out. A killed run goes on where it stood."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from cxr_studio.datasets.listing import radiograph_folder
from cxr_studio.datasets.manifest import content_sha256
from cxr_studio.datasets.opening import open_manifest
from cxr_studio.datasets.patients import Patients
from cxr_studio.errors import StudioError, WriteError
from cxr_studio.events import Progress, silent
from cxr_studio.exchange.deidentify_radiograph import Deidentification
from cxr_studio.files import file_sha256
from cxr_studio.jobs.batch import Outcome
from cxr_studio.jobs.running import ALONE, Running, run
from cxr_studio.roles import find
from cxr_studio.studies.assignment import Assignment, Known
from cxr_studio.studies.bundle import IMAGES, Bundle
from cxr_studio.studies.canonical import digest, text_digest
from cxr_studio.studies.case_job import Source, StudyCases
from cxr_studio.studies.key import Key
from cxr_studio.studies.labels import labelled_radiographs, read_labels
from cxr_studio.studies.protocol import Protocol
from cxr_studio.studies.protocol_parts import KINDS
from cxr_studio.studies.sealing import BUNDLE, Draft, seal, study_seed_of
from cxr_studio.studies.secret import study_secret
from cxr_studio.version import program_version

UNFINISHED = ".making"
"""Folder in which a study grows before it is moved into place."""

SECRET = "secret.json"
"""File of the secret in that folder, where the owner keeps none elsewhere."""


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
        out: Where bundle and key go, or the cases of a part.
        device: Where generators run.
        base: Folder that paths in the protocol are relative to.

    Raises:
        StudioError: no radiographs, an unknown generator, or a finished study in the folder.
    """

    def __init__(
        self, protocol: Protocol, folder: Path, *, out: Path, device: str = "auto", base: Path = Path()
    ) -> None:
        self._protocol, self._out, self._device, self._base = protocol, out, device, base
        self._labels = read_labels(protocol.pathology, base) if protocol.pathology else {}
        self._paths = labelled_radiographs(folder, protocol.pathology, self._labels)
        for condition in protocol.conditions:
            if condition.kind != "folder":
                find(condition.generator, next(role for role, kind in KINDS.items() if kind == condition.kind))
        self._boxes = {
            each.boxes: open_manifest(base / each.boxes, folder, listed_side=each.listed_side)
            for each in protocol.conditions
            if each.boxes
        }
        if (out / BUNDLE).exists():
            raise StudioError("this folder already holds a study", file=out, remedy="Choose another folder")
        self._hashes: dict[Path, str] = {}

    def make(
        self,
        progress: Progress = silent,
        *,
        patients: Patients | None = None,
        asked: Deidentification | None = None,
        secret: Path | None = None,
        running: Running = ALONE,
    ) -> Made:
        """Make what is missing, then bundle and key; both are the same wherever it runs, but for the key's date.

        Args:
            progress: Called after every case.
            patients: A table of patients; without one they are taken from file or name.
            asked: How patients are taken out of the key and so of reports; None leaves them in. A bundle never has any.
            secret: File of the study's secret, drawn where it is missing; None = among what is not finished.
            running: Where it runs, all of it.

        Raises:
            StudioError: too few radiographs, the folder holds another study, or cannot be written.
        """
        folder = self._out / UNFINISHED
        job, assignment = self._begun(folder, secret, patients or Patients(), asked)
        while (outcome := run(job, running, progress=progress)).faults:
            if outcome.lost:
                raise StudioError(outcome.faults[outcome.lost[0]].rstrip("."))
            assignment.replace(outcome.faults)
            job = replace(job, sources=self._sources(assignment.paths))
        cases, skipped = job.cases(), tuple(assignment.skipped)
        bundle, key = seal(Draft(self._protocol, cases, job.secret, skipped), folder / IMAGES, self._out)
        uses = [case.source_sha256 for case in cases]
        return Made(bundle, key, skipped, sum(uses.count(one) > 1 for one in set(uses)))

    def make_part(
        self,
        running: Running,
        secret: Path,
        *,
        progress: Progress = silent,
        patients: Patients | None = None,
        asked: Deidentification | None = None,
    ) -> Outcome:
        """Draw a part's cases and nothing else; radiographs that cannot be used get others when parts are joined.

        Args:
            running: Where it runs, and which part.
            secret: File of the study's secret, the same for all parts.
            progress: See ``make``, as for the others.
            patients: A table of patients.
            asked: How patients are taken out.

        Raises:
            StudioError: as ``make``.
        """
        job, _ = self._begun(self._out, secret, patients or Patients(), asked)
        return run(job, running, progress=progress)

    def _begun(
        self, folder: Path, file: Path | None, patients: Patients, asked: Deidentification | None
    ) -> tuple[StudyCases, Assignment]:
        """The job in a folder, which only the owner may look into: it tells the truth."""
        try:
            folder.mkdir(parents=True, exist_ok=True)
            folder.chmod(0o700)
        except OSError as fault:
            what = f"the folder could not be written ({fault.strerror or fault})"
            raise WriteError(what, file=folder, remedy="Choose another folder") from fault
        protocol = self._protocol
        secret = study_secret(file, protocol.sha256) if file else study_secret(folder / SECRET)
        seed, known = study_seed_of(protocol.study.seed, secret), Known(patients, self._labels)
        assignment = Assignment(protocol, self._paths, seed=seed, known=known, base=self._base)
        groups = {slot.group for slot in assignment.slots}
        several = len(groups) > len(self._paths) or len(groups) < len(assignment.slots)
        job = StudyCases(
            protocol,
            assignment.slots,
            self._sources(assignment.paths),
            folder,
            secret,
            self._stated(secret, patients, asked),
            jitter=protocol.images.jitter if several else 0.0,
            device=self._device,
            labels=self._labels,
            boxes=self._boxes,
            patients=patients,
            asked=asked,
        )
        return job, assignment

    def _stated(self, secret: str, patients: Patients, asked: Deidentification | None) -> str:
        """The plan: everything that decides the cases."""
        folders = [self._base / each.folder for each in self._protocol.conditions if each.kind == "folder"]
        elsewhere = [path for folder in folders for path in radiograph_folder(folder)]
        stated = {
            "protocol": self._protocol.sha256,
            "images": digest([[path.name, self._hash(path), patients.of_file(path)] for path in self._paths]),
            "elsewhere": digest([[path.name, self._hash(path)] for path in elsewhere]),
            "labels": digest(sorted([name, list(labels)] for name, labels in self._labels.items())),
            "boxes": {name: file_sha256(self._base / name) for name in self._boxes},
            "secret": text_digest(f"plan {secret}"),
            "device": self._device,
            "deidentification": None if asked is None else digest(json.loads(json.dumps(asked.stated()))),
            "version": program_version(),
        }
        return json.dumps(stated, indent=1, sort_keys=True) + "\n"

    def _sources(self, paths: Sequence[Path]) -> tuple[Source, ...]:
        return tuple(Source(path, self._hash(path)) for path in paths)

    def _hash(self, path: Path) -> str:
        """Of a file's content, read once."""
        if path not in self._hashes:
            self._hashes[path] = content_sha256(path)
        return self._hashes[path]
