"""One image of a plan with nodules: places, diameters, draws, image, mask and record."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from pathlib import Path

import numpy as np

from cxr_studio.augmentation.plan import Plan
from cxr_studio.augmentation.record import IMAGES, MASKS, Nodule, Record, write_record
from cxr_studio.augmentation.selection import Selected, score_of, select
from cxr_studio.datasets.manifest import content_sha256
from cxr_studio.exchange.deidentify_radiograph import export_as_asked
from cxr_studio.generation.hashing import array_sha256
from cxr_studio.generation.result import Result
from cxr_studio.generation.session import Session
from cxr_studio.masks.boxes import Mask
from cxr_studio.masks.files import save_mask
from cxr_studio.nodules.choices import ANY, density_named, grade_named, margin_named
from cxr_studio.nodules.drawing_again import add_findable
from cxr_studio.nodules.export import annotation
from cxr_studio.nodules.judging import TRIES
from cxr_studio.nodules.placement import Placement
from cxr_studio.nodules.places import allowed_area, places
from cxr_studio.nodules.zones import ZONES, in_zone
from cxr_studio.radiographs.radiograph import Radiograph
from cxr_studio.radiographs.reading import read_radiograph
from cxr_studio.radiographs.spacing import Spacing, SpacingOrigin


def make(plan: Plan, folder: Path, index: int) -> Record:
    """Make one image with its mask, of several draws the selected one; the record is written last.

    Raises:
        StudioError: the source cannot be used.
    """
    source = plan.source(index)
    radiograph = _with_spacing(_read(source.path, _changed(source.path)), plan.mm_per_pixel)
    if plan.selection is None:
        return _kept(plan, folder, index, _draw(plan, radiograph, index))
    draws = (_draw(plan, radiograph, index, candidate) for candidate in range(plan.selection.candidates))
    drawn, selected = select(((one, _score(plan, one)) for one in draws), plan.selection)
    return _kept(plan, folder, index, drawn, selected=selected)


def _changed(path: Path) -> int:
    """When a file was changed last; 0 where that cannot be found out."""
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0


@lru_cache(maxsize=1)
def _read(path: Path, _changed: int) -> Radiograph:
    """A radiograph in the state in which its file was changed last; kept until another one is read."""
    return read_radiograph(path)


@dataclass(frozen=True)
class _Drawn:
    """A radiograph with nodules, their silhouettes together, and what is known of each."""

    session: Session
    silhouette: Mask
    nodules: tuple[Nodule, ...]


def _score(plan: Plan, drawn: _Drawn) -> float:
    assert plan.selection is not None
    image = replace(drawn.session.radiograph, stored=drawn.session.composite)
    return score_of(image, [nodule.box for nodule in drawn.nodules], plan.selection, device=plan.device)


def _draw(plan: Plan, radiograph: Radiograph, index: int, candidate: int = 0) -> _Drawn:
    rng = plan.rng(index, candidate)
    session = Session(radiograph)
    wanted, look = _diameters(plan, radiograph, rng), plan.look(index)
    zone, lungs = plan.zones.draw(look), allowed_area(radiograph)
    centres = places(lungs if zone == ANY else in_zone(lungs, ZONES[zone]), wanted, rng)
    silhouette, nodules = np.zeros(radiograph.shape, bool), []
    for (y, x), diameter in zip(centres, wanted, strict=True):
        placement = Placement(
            *(y, x, diameter),
            seed=int(rng.integers(2**31)),
            contrast=round(float(rng.uniform(*plan.contrast)), 3),
            generator=plan.generator,
            background=plan.background,
            margin=margin_named(plan.margins.draw(look)),
            profile=density_named(plan.densities.draw(look)),
            subtlety=grade_named(plan.grades.draw(look)),
        )
        seeds = [int(seed) for seed in rng.integers(2**31, size=TRIES - 1)]
        placed, placement = add_findable(session, placement, seeds=seeds, device=plan.device)
        shape = placed.drawn.whole(radiograph.shape)
        silhouette |= shape
        nodules.append(_nodule(placed, annotation(placed, placement, session), shape))
    return _Drawn(session, silhouette, tuple(nodules))


def _kept(plan: Plan, folder: Path, index: int, drawn: _Drawn, *, selected: Selected | None = None) -> Record:
    source, radiograph, stem = plan.source(index), drawn.session.radiograph, f"{index:06d}"
    save_mask(folder / MASKS / f"{stem}.png", drawn.silhouette)
    export_as_asked(drawn.session, folder / IMAGES / f"{stem}{plan.ending}", plan.asked, patient=source.patient)
    height, width = radiograph.shape
    record = Record(
        index,
        f"{stem}{plan.ending}",
        width,
        height,
        source.name,
        source.sha256,
        source.patient,
        source.split,
        radiograph.spacing.origin.value,
        drawn.nodules,
        content_sha256(folder / IMAGES / f"{stem}{plan.ending}"),
        None if selected is None else asdict(selected),
    )
    write_record(folder, record)
    return record


def _diameters(plan: Plan, radiograph: Radiograph, rng: np.random.Generator) -> list[float]:
    """Diameters in pixels of the nodules of one image."""
    low, high = plan.per_image
    drawn = [plan.diameters.draw(rng) for _ in range(int(rng.integers(low, high + 1)))]
    if plan.diameters.unit == "px":
        return drawn
    y, x = radiograph.spacing.require()
    return [value / float(np.sqrt(y * x)) for value in drawn]


def _with_spacing(radiograph: Radiograph, mm_per_pixel: float | None) -> Radiograph:
    if radiograph.spacing.known or mm_per_pixel is None:
        return radiograph
    return replace(radiograph, spacing=Spacing(mm_per_pixel, mm_per_pixel, SpacingOrigin.AT_DETECTOR))


def _nodule(placed: Result, facts: dict[str, object], shape: np.ndarray) -> Nodule:
    x0, y0, x1, y1 = facts["box"]  # type: ignore[misc]
    return Nodule(
        (x0, y0, x1, y1),  # type: ignore[has-type]
        int(np.count_nonzero(shape)),
        float(facts["diameter_px"]),  # type: ignore[arg-type]
        None if facts["diameter_mm"] is None else float(facts["diameter_mm"]),  # type: ignore[arg-type]
        array_sha256(shape),
        placed.provenance.options,
        placed.provenance.checkpoint_sha256,
        placed.provenance.measured,
    )
