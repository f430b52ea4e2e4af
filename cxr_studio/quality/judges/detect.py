"""Judges networks that find nodules: on radiographs of patients that they were not trained on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from math import isfinite

from cxr_studio.datasets.entries import NODULE, Manifest
from cxr_studio.datasets.opening import open_manifest
from cxr_studio.datasets.patients import known_patients
from cxr_studio.detection.detections import Detection
from cxr_studio.detection.detector import detect
from cxr_studio.detection.matching import Matching, match
from cxr_studio.detection.scores import CPM, Scores, area_name, compare, score, sensitivity_name
from cxr_studio.errors import ReadError
from cxr_studio.generation.devices import choose_device
from cxr_studio.generation.generators import GeneratorFacts
from cxr_studio.metrics.by_patient import Estimate
from cxr_studio.networks.checkpoint import Checkpoint
from cxr_studio.networks.registry import find_checkpoints
from cxr_studio.quality.checking.detectors import detector_findings
from cxr_studio.quality.checking.finding import Finding
from cxr_studio.quality.checking.limits import Limits
from cxr_studio.quality.judges.checks_only import ChecksOnly
from cxr_studio.quality.judging import Material, Report, Run, TextTable, Verdict, required
from cxr_studio.quality.trained_on import trained_on
from cxr_studio.radiographs.reading import read_radiograph

GATE = area_name(1.0)
"""The figure in which a snapshot has to beat the shipped detector."""

KEPT = {"real_cpm": CPM, "real_froc_area_to_1": GATE, "real_sensitivity_at_1": sensitivity_name(1.0)}
"""Figures for the card, by their name there."""


class DetectJudge(ChecksOnly):
    """See ``judging.Judge``. ``evaluate`` is refused: ``froc`` measures a detector on any set of radiographs."""

    def check(self, facts: GeneratorFacts, limits: Limits, *, device: str) -> list[Finding]:  # noqa: ARG002
        """Finite, repeatable, boxes inside the radiograph, odd images."""
        return detector_findings(required(facts), device=device)

    def contest(self, snapshot: Checkpoint, material: Material, run: Run) -> Verdict:
        """Better means a larger area under the FROC curve to one false positive an image, on real nodules.

        The images are a folder of radiographs with a list of boxes. Patients that the snapshot, or the shipped
        detector, was trained on are left out, and so are radiographs that have other findings only.
        """
        shipped = find_checkpoints().get(snapshot.card.name)
        truth, told = _truth(material, [snapshot] if shipped is None else [snapshot, shipped])
        own = _matched(snapshot, truth, run)
        scores = score(own)
        reasons = [f.words for f in detector_findings(snapshot, device=run.device) if not f.passed]
        columns = {"Snapshot": scores.figures}
        if shipped is not None:
            its = _matched(shipped, truth, run)
            columns |= {"Shipped": score(its).figures, "Difference": compare(its, own).figures}
            if columns["Difference"][GATE].value <= 0:
                reasons.append(f"the shipped one's {GATE} is {columns['Shipped'][GATE].value:.3f}, not smaller")
        elif scores.figures[GATE].low <= 0:
            reasons.append(f"the interval of its {GATE} reaches 0")
        kept = {name: round(scores.figures[figure].value, 4) for name, figure in KEPT.items()}
        return Verdict(_report(scores, columns, told), {**kept, "real_nodules": scores.lesions}, tuple(reasons), True)


def _truth(material: Material, networks: list[Checkpoint]) -> tuple[Manifest, str]:
    """What is measured on, and a sentence about what is not.

    Raises:
        ReadError: there are no images, no list, or no radiograph is left.
    """
    if material.images is None:
        remedy = "Give --images DIR, a folder of radiographs with real nodules and a list of their boxes"
        raise ReadError("there is nothing to measure the detector on", remedy=remedy)
    listed = open_manifest(material.images)
    patients = known_patients(material.images, material.patients)
    known = {name for one in networks for name in trained_on(one.card, patients)}
    usable = listed.where(lambda entry: not entry.findings or any(f.label == NODULE for f in entry.findings))
    left = usable.where(lambda entry: patients.of_file(listed.path(entry)) not in known).of_label(NODULE)
    if not left.findings:
        remedy = "Give radiographs of other patients"
        raise ReadError("no radiograph with nodules of an unknown patient is left", file=material.images, remedy=remedy)
    count = len(usable.entries) - len(left.entries)
    return left, f"Left out, as their patients were trained on: {count}." if count else ""


def _matched(checkpoint: Checkpoint, truth: Manifest, run: Run) -> Matching:
    device = choose_device(run.device)
    found: list[Detection] = []
    for place, entry in enumerate(truth.entries):
        run.cancel.raise_if_cancelled()
        run.progress(place / len(truth.entries), f"{checkpoint.card.title}, {place + 1} of {len(truth.entries)}")
        found += detect(read_radiograph(truth.path(entry)), checkpoint, device=device, file=entry.file)
    return match(truth, found)


def _report(scores: Scores, columns: Mapping[str, Mapping[str, Estimate]], told: str) -> Report:
    rows = tuple((name, *(_text(own[name]) for own in columns.values())) for name in scores.figures)
    title = f"{scores.images} radiographs of {scores.patients} patients, {scores.lesions} nodules; 95 % by patient"
    table = TextTable(title, ("Figure", *columns), rows)
    figures = {title: {name: asdict(one) for name, one in own.items()} for title, own in columns.items()}
    return Report((table, told) if told else (table,), figures)


def _text(one: Estimate) -> str:
    if not isfinite(one.value):
        return "–"
    return f"{one.value:.3f} ({one.low:.3f} to {one.high:.3f})"
