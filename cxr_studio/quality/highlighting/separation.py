"""How well findings stand out: patches as in the paper's Table 1, and boxes found by the map."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from cxr_studio.arrays import Plane
from cxr_studio.datasets.patients import Patients
from cxr_studio.errors import ReadError
from cxr_studio.events import CancelToken, Progress, silent
from cxr_studio.masks.boxes import Box, Mask
from cxr_studio.networks.card import Role
from cxr_studio.quality.highlighting.boxed import FindingBox, judged_boxes, read_boxes
from cxr_studio.quality.highlighting.detection import Judged, shrink
from cxr_studio.quality.highlighting.healthy import HealthyDifferences
from cxr_studio.quality.highlighting.highlight import searched
from cxr_studio.quality.highlighting.map import Kind
from cxr_studio.quality.highlighting.options import HighlightOptions
from cxr_studio.quality.highlighting.patches import PatchScore, Place, centre, score_places
from cxr_studio.quality.highlighting.places import carried, covered, lung_frame, overlap
from cxr_studio.quality.highlighting.search import Search
from cxr_studio.quality.highlighting.square_fills import square_fill
from cxr_studio.quality.highlighting.windows import Differences
from cxr_studio.quality.holes import draw_holes
from cxr_studio.radiographs.radiograph import Radiograph
from cxr_studio.radiographs.reading import read_radiograph
from cxr_studio.roles import find

BASELINE = "biharmonic"

SEED = 20_180_701
EACH = 8
"""Random holes in every healthy radiograph, as ``cxr-studio evaluate`` draws them."""

CARRIED = 6
"""Healthy radiographs that every box is carried to, for patches at matched places."""

LEAST_LUNG = 0.5
"""Share of a mirrored hole that lies in the lungs."""


@dataclass(frozen=True, eq=False)
class Separation:
    """Everything that was measured.

    Attributes:
        boxes: The boxes that are measured on.
        patches: Scores by generator and side of the hole in pixels.
        healthy: Map layers of healthy radiographs by generator and kind.
        found: Those of the radiographs with boxes.
    """

    boxes: list[FindingBox]
    patches: dict[tuple[str, int], list[PatchScore]] = field(default_factory=dict)
    healthy: dict[tuple[str, Kind], list[Judged]] = field(default_factory=dict)
    found: dict[tuple[str, Kind], list[Judged]] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Subject:
    """What is measured.

    Attributes:
        generator: Registry name; the biharmonic fill slides with it, with holes of the same size.
        learned: Figures for z by generator.
        device: "auto", "cpu", "cuda" or "mps".
        patients: Whose radiographs they are.
    """

    generator: str
    learned: dict[str, HealthyDifferences]
    device: str
    patients: Patients = field(default_factory=Patients)

    def searches(self, radiograph: Radiograph) -> list[Search]:
        """Of the generator and of the baseline, not begun; the same lungs and the same holes."""
        own = Search.begin(radiograph, HighlightOptions(self.generator), self.device)
        facts = find(BASELINE, Role.RESTORE)
        levels = [replace(level, sums=Differences.nothing(level.plane.shape)) for level in own.levels]
        return [own, replace(own, facts=facts, fill=square_fill(facts, "cpu", like=own.fill.card), levels=levels)]


def measure(
    subject: Subject,
    healthy: Sequence[Path],
    *,
    boxed: Path,
    findings: Sequence[str] = (),
    progress: Progress = silent,
) -> Separation:
    """Search every radiograph with the generator and with the baseline, and score the patches.

    Args:
        subject: The generator.
        healthy: Healthy radiographs that nothing learned from.
        boxed: Folder of radiographs with a ``boxes.csv``.
        findings: Which findings of it; all by default. Doubtful boxes are left out, see ``judged_boxes``.
        progress: Called after every radiograph.

    Raises:
        ReadError: a radiograph of the table is missing, or cannot be read.
    """
    every = read_boxes(boxed)
    result = Separation(judged_boxes(every, findings))
    names = sorted({b.image for b in result.boxes})
    frames: dict[str, Box] = {}
    paths = [*(boxed / name for name in names), *healthy]
    for number, path in enumerate(paths, start=1):
        if not path.is_file():
            raise ReadError("it is listed in the table of boxes but missing", file=path, remedy="Copy it there")
        radiograph = read_radiograph(path)
        searches = subject.searches(radiograph)
        lungs = searches[0].lungs.mask
        frame = lung_frame(lungs)
        patient = subject.patients.of(path, radiograph.header)
        if number <= len(names):
            frames[path.name] = frame
            places = _boxed_places(*(_of(path.name, of) for of in (result.boxes, every)), patient=patient, lungs=lungs)
        else:
            turn = number - len(names) - 1
            places = _healthy_places(radiograph, path, patient)
            places += _carried_places(result.boxes, frames, frame, patient=patient, turn=(turn, len(healthy)))
        for search in searches:
            _score(result, search, places)
            group = result.found if number <= len(names) else result.healthy
            for kind, one in _judged(search, path, patient, learned=subject.learned).items():
                group.setdefault((search.facts.name, kind), []).append(one)
        progress(number / len(paths), path.name)
    return result


def _score(result: Separation, search: Search, places: list[Place]) -> None:
    for level in search.levels:
        scale = search.radiograph.shape[0] / level.plane.shape[0]
        near = [Place(p.patient, p.group, p.y / scale, p.x / scale, p.finding) for p in places]
        key = search.facts.name, search.hole(level)
        result.patches.setdefault(key, []).extend(score_places(search.fill, level.plane, near))


def _judged(search: Search, path: Path, patient: str, *, learned: dict[str, HealthyDifferences]) -> dict[Kind, Judged]:
    for _ in searched(search, CancelToken(), silent):
        pass
    absolute, signed, looked_at = search.maps(finest=0)
    layers: dict[Kind, Plane] = {"absolute": absolute, "signed": signed}
    figures = learned.get(search.facts.name)
    if figures is not None and figures.card.scales == search.factors:
        layers["z"] = figures.z(signed, search.lungs.mask, stage=len(search.levels) - 1)
        focal = search.focal(figures, looked_at, finest=0)
        if focal is not None:
            layers["focal"] = focal
    return {kind: shrink(path.name, patient, layer, looked_at) for kind, layer in layers.items()}


def _of(image: str, boxes: Sequence[FindingBox]) -> list[FindingBox]:
    return [b for b in boxes if b.image == image]


def _boxed_places(boxes: list[FindingBox], every: list[FindingBox], *, patient: str, lungs: Mask) -> list[Place]:
    """The boxes' middles, and the mirrored ones that lie in the lungs and in no box of the whole table."""
    frame, places = lung_frame(lungs), []
    for one in boxes:
        places.append(Place(patient, "finding", *centre(one.box), one.finding))
        y, x = centre(carried(one.box, frame, frame, mirrored=True))
        hole = _hole(y, x)
        if covered(hole, lungs) >= LEAST_LUNG and not any(overlap(hole, other.box) for other in every):
            places.append(Place(patient, "mirrored", y, x, one.finding))
    return places


def _healthy_places(radiograph: Radiograph, path: Path, patient: str) -> list[Place]:
    holes = draw_holes(radiograph, path, count=EACH, seed=SEED)
    return [Place(patient, "healthy", *centre(hole.box)) for hole in holes]


def _carried_places(
    boxes: list[FindingBox], frames: dict[str, Box], frame: Box, *, patient: str, turn: tuple[int, int]
) -> list[Place]:
    """Middles of the boxes whose turn this healthy radiograph is, at the same share of the way across the lungs."""
    number, count = turn
    mine = [b for k, b in enumerate(boxes) if (number - 7 * k) % count < CARRIED]
    middles = [(b, centre(carried(b.box, frames[b.image], frame))) for b in mine]
    return [Place(patient, "matched", *middle, b.finding) for b, middle in middles]


def _hole(y: float, x: float) -> Box:
    return int(np.floor(y)) - 32, int(np.floor(x)) - 32, int(np.floor(y)) + 32, int(np.floor(x)) + 32
