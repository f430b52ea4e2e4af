"""Real nodules beside drawn ones: contrast, edge, size and shape, measured alike on both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from cxr_studio.datasets.patients import patient_of
from cxr_studio.errors import GeneratorError, ReadError
from cxr_studio.events import Progress, silent
from cxr_studio.files import replaced
from cxr_studio.generation.session import Session
from cxr_studio.masks.boxes import Box
from cxr_studio.networks.card import Role
from cxr_studio.nodules.export import add_nodule
from cxr_studio.nodules.measuring import Appearance, measure
from cxr_studio.nodules.placement import Placement
from cxr_studio.nodules.places import allowed_area, places
from cxr_studio.nodules.ways import Way, ways
from cxr_studio.quality.highlighting.boxed import judged_boxes, read_boxes
from cxr_studio.quality.nodule_evaluation import NOMINAL_MM
from cxr_studio.quality.shape_observer import Shown
from cxr_studio.radiographs.radiograph import Radiograph, Stored
from cxr_studio.radiographs.reading import read_radiograph
from cxr_studio.roles import offered

Quantity = Literal["diameter", "ratio", "contrast", "edge"]

QUANTITIES: dict[Quantity, str] = {
    "diameter": "Diameter, % of the longest side",
    "ratio": "Minor over major axis",
    "contrast": "Contrast, % of the window",
    "edge": "Softness of the edge, share of the radius",
}

NIH_SIDE = 1024
"""Longest side of a ChestX-ray14 radiograph in pixels."""

BLOB = "Gaussian blob"
"""Title of the naive nodule: round, with the contrast of the real one whose size it has."""

BLOB_SIGMA = 0.25
"""Standard deviation of the blob, share of the diameter."""

SEED = 20_261_127
LEAST_REACH = 60
"""Pixels of the image kept on every side of a box's middle."""

RESAMPLES = 1000
FAINT = 1e-3
"""Share of a blob's middle below which nothing of it is left."""

JITTER = 0.12
"""Standard deviation of a box's middle about a drawn nodule's, share of its diameter: radiologists' boxes are loose."""


@dataclass(frozen=True, eq=False)
class Measured:
    """One nodule.

    Attributes:
        patient: Whose radiograph it is in.
        appearance: Diameter as a share of the image's longest side, contrast as a share of the window.
        shown: The image around it, at least twice the box, in shares of the window.
        side: Longest side of its box, pixels.
    """

    patient: str
    appearance: Appearance
    shown: Shown
    side: int


def real_nodules(folder: Path, *, progress: Progress = silent) -> list[Measured]:
    """Measure the nodules of a folder with a ``boxes.csv``; doubtful ones are left out.

    Raises:
        ReadError: no such table, no nodule in it, or a radiograph is missing.
    """
    boxes = judged_boxes(read_boxes(folder), ["Nodule"])
    found = []
    for number, one in enumerate(boxes, start=1):
        path = folder / one.image
        if not path.is_file():
            raise ReadError("it is listed in the table of boxes but missing", file=path, remedy="Copy it there")
        found += _measured(read_radiograph(path), one.box, path)
        progress(number / len(boxes), one.image)
    if not found:
        raise ReadError("no nodule could be measured", file=folder, remedy="Give radiographs with boxes of nodules")
    return found


def drawn_nodules(
    title: str, like: Sequence[Measured], healthy: Sequence[Path], *, device: str = "auto", progress: Progress = silent
) -> list[Measured]:
    """Draw a nodule of the size of every real one into healthy lungs, box it as loosely, and measure it.

    Args:
        title: One of ``sources``, or BLOB.
        like: Real nodules.
        healthy: Healthy radiographs, taken in turn.
        device: Where a network draws.
        progress: Called after every nodule.
    """
    found = []
    for number, real in enumerate(like):
        rng = np.random.default_rng([SEED, number])
        path = healthy[number % len(healthy)]
        radiograph = read_radiograph(path)
        longest = max(radiograph.shape)
        diameter = real.appearance.diameter * longest
        centres = places(allowed_area(radiograph), [diameter], rng)
        if not centres:
            continue
        y, x = centres[0]
        placed = Placement(y, x, diameter, seed=int(rng.integers(2**31)))
        stored = _with_blob(radiograph, placed, real) if title == BLOB else _drawn(title, radiograph, placed, device)
        if stored is None:
            continue
        half = real.side / 2 * diameter / max(real.shown.diameter, 1)
        middle = np.array([y, x]) + rng.normal(0, JITTER * diameter, 2)
        box = tuple(round(float(v)) for v in (*(middle - half), *(middle + half)))
        found += _measured(replace(radiograph, stored=stored), (box[0], box[1], box[2], box[3]), path)
        progress((number + 1) / len(like), title)
    return found


@dataclass(frozen=True)
class Distribution:
    """One quantity of one source.

    Attributes:
        title: The source.
        quantity: Which.
        count: Nodules.
        low: 5 % quantile.
        median: Middle.
        high: 95 % quantile.
        distance: Kolmogorov and Smirnov's from the real ones, 0 to 1; 0 for the real ones themselves.
        distance_low: Of its 95 % interval, by patient.
        distance_high: Likewise.
    """

    title: str
    quantity: Quantity
    count: int
    low: float
    median: float
    high: float
    distance: float
    distance_low: float
    distance_high: float


def distributions(title: str, found: Sequence[Measured], real: Sequence[Measured]) -> list[Distribution]:
    """Compare every quantity with the real ones', resampling the patients of both."""
    rows = []
    for quantity in QUANTITIES:
        own, other = (np.array([getattr(m.appearance, quantity) for m in group]) for group in (found, real))
        low, median, high = np.quantile(own, [0.05, 0.5, 0.95])
        rng = np.random.default_rng(SEED)
        draws = [
            _distance(own[resampled(found, rng)], other[resampled(real, rng)]) for _ in range(RESAMPLES)
        ] if found is not real else [0.0]  # fmt: skip
        ends = np.quantile(draws, [0.025, 0.975])
        figures = (float(low), float(median), float(high), _distance(own, other), float(ends[0]), float(ends[1]))
        rows.append(Distribution(title, quantity, len(own), *figures))
    return rows


def sources() -> dict[str, Way]:
    """What draws nodules, by title."""
    return {way.title: way for way in ways(offered(Role.INSERT))}


def write_diameters(path: Path, real: Sequence[Measured]) -> None:
    """Write the diameters as ``--diameter file:PATH`` reads them, in nominal mm of ChestX-ray14.

    Raises:
        WriteError: the file cannot be written.
    """
    values = sorted(one.appearance.diameter * NIH_SIDE * NOMINAL_MM for one in real)
    with replaced(path) as beside:
        beside.write_text("\n".join(["diameter_mm", *(f"{value:.1f}" for value in values), ""]), encoding="utf-8")


def unit_plane(radiograph: Radiograph) -> NDArray[np.float32]:
    """The image in shares of its window, not cut."""
    low, high = radiograph.unit_range
    return np.asarray((radiograph.pixels - np.float32(low)) / np.float32(high - low), np.float32)


def resampled(found: Sequence[Measured], rng: np.random.Generator) -> NDArray[np.int64]:
    """Rows of a resample of patients."""
    names, index = np.unique([m.patient for m in found], return_inverse=True)
    counts = np.bincount(rng.integers(0, len(names), len(names)), minlength=len(names))
    return np.repeat(np.arange(len(found)), counts[index])


def _drawn(title: str, radiograph: Radiograph, placed: Placement, device: str) -> Stored | None:
    """The radiograph with one nodule of a source, or None where it cannot be drawn there."""
    session, source = Session(radiograph), sources()[title]
    try:
        add_nodule(session, replace(placed, generator=source.generator, background=source.background), device=device)
    except GeneratorError:
        return None
    stored = session.composite.copy()
    stored.setflags(write=False)
    return stored


def _with_blob(radiograph: Radiograph, placed: Placement, real: Measured) -> Stored:
    low, high = radiograph.unit_range
    rows, columns = np.ogrid[: radiograph.shape[0], : radiograph.shape[1]]
    far = (rows - placed.y) ** 2 + (columns - placed.x) ** 2
    blob = np.exp(-far / (2 * (BLOB_SIGMA * placed.diameter) ** 2))
    blob[blob < FAINT] = 0
    pixels = radiograph.pixels + (real.appearance.contrast * (high - low) * blob).astype(np.float32)
    stored = np.where(blob > 0, radiograph.grey.encode(pixels, radiograph.stored.dtype), radiograph.stored)
    stored.setflags(write=False)
    return stored


def _measured(radiograph: Radiograph, box: Box, path: Path) -> list[Measured]:
    image = unit_plane(radiograph)
    appearance = measure(image, box)
    if appearance is None:
        return []
    longest = max(box[2] - box[0], box[3] - box[1])
    middle = (box[0] + box[2]) // 2, (box[1] + box[3]) // 2
    reach = max(longest, LEAST_REACH)
    wide = np.pad(image, reach, mode="reflect")
    y, x = (max(0, min(m, n)) for m, n in zip(middle, image.shape, strict=True))
    crop = wide[y : y + 2 * reach, x : x + 2 * reach]
    share = replace(appearance, diameter=appearance.diameter / max(image.shape))
    patient = patient_of(path, radiograph.header)
    place = appearance.y - (y - reach), appearance.x - (x - reach)
    return [Measured(patient, share, Shown(patient, np.ascontiguousarray(crop), *place, appearance.diameter), longest)]


def _distance(first: NDArray[np.float64], second: NDArray[np.float64]) -> float:
    every = np.sort(np.concatenate([first, second]))
    shares = [np.searchsorted(np.sort(part), every, side="right") / len(part) for part in (first, second)]
    return float(np.abs(shares[0] - shares[1]).max())
