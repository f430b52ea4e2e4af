"""A project's own work as a data set: radiographs with hand-placed nodules, their masks and labels."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np

from cxr_studio.augmentation.exporters.formats import write_all
from cxr_studio.augmentation.record import IMAGES, MASKS, Nodule, Record
from cxr_studio.datasets.manifest import Item, content_sha256, manifest_of
from cxr_studio.datasets.naming import stem_of
from cxr_studio.datasets.outputs import shared_names
from cxr_studio.datasets.patients import known_patients
from cxr_studio.errors import Cancelled, StudioError
from cxr_studio.events import CancelToken, Progress, silent
from cxr_studio.files import folder_replaced
from cxr_studio.generation.export import export
from cxr_studio.generation.hashing import array_sha256
from cxr_studio.generation.session import Session
from cxr_studio.masks.files import save_mask
from cxr_studio.nodules.export import annotation
from cxr_studio.nodules.labels import Labelled, filled_mask, labelled

CONTENTS = "export.json"
FILLED, PAINTED = "filled", "painted"
OWN_ENDINGS = {"dicom": ".dcm", "mha": ".mha", "tiff": ".tif"}
"""Format of a radiograph → ending of its copy; PNG for the others."""


@dataclass(frozen=True)
class Wanted:
    """What is exported.

    Attributes:
        labels: Names of annotation formats, see ``exporters.formats``.
        ending: ".png", ".mha", ".dcm", or "" for each radiograph's own format.
        fills: Masks of filled and of painted areas too.
        negatives: Radiographs without nodules too, as negatives.
    """

    labels: tuple[str, ...] = ("coco",)
    ending: str = ".png"
    fills: bool = False
    negatives: bool = False


@dataclass(frozen=True)
class Works:
    """Radiographs with the work on them.

    Attributes:
        paths: The radiographs, in this order.
        load: Opens one with its work.
    """

    paths: Sequence[Path]
    load: Callable[[Path], Session]


@dataclass
class Collected:
    """What came of it.

    Attributes:
        radiographs: Written.
        nodules: Labelled.
        notes: A sentence for everything that was left out.
    """

    radiographs: int = 0
    nodules: int = 0
    notes: list[str] = field(default_factory=list)


def collect(
    works: Works,
    folder: Path,
    *,
    wanted: Wanted,
    progress: Progress = silent,
    cancel: CancelToken | None = None,
) -> Collected:
    """Write ``images/``, ``masks/``, a manifest and the labels; a cancelled or failed export leaves nothing behind.

    Args:
        works: What there is.
        folder: A new or empty folder, or one of an earlier export, which is replaced.
        wanted: What is written.
        progress: Called after every radiograph.
        cancel: Stops it between two radiographs.

    Raises:
        StudioError: there is nothing to export, or the folder cannot be used.
    """
    items = manifest_of(works.paths, known_patients(works.paths[0].parent) if works.paths else None)
    several = shared_names((path, stem_of(path)) for path in works.paths) is not None
    found, token = Collected(), cancel or CancelToken()
    records: list[Record] = []
    with folder_replaced(folder, contents=CONTENTS) as build:
        for place, item in enumerate(items):
            token.raise_if_cancelled()
            progress(place / len(items), f"{item.path.name}, {place + 1} of {len(items)}")
            try:
                record = _radiograph(works.load(item.path), item, len(records), _Job(build, wanted, several, found))
            except Cancelled:
                raise
            except StudioError as fault:
                found.notes.append(str(fault))
                continue
            records += [] if record is None else [record]
        if not records:
            why = f" ({found.notes[0]})" if found.notes else ""
            raise StudioError(f"there is nothing to export{why}", remedy="Place a nodule with the nodule tool first")
        write_all(records, build, wanted.labels)
        token.raise_if_cancelled()
    found.radiographs = len(records)
    return found


@dataclass(frozen=True)
class _Job:
    """Where one radiograph goes."""

    folder: Path
    wanted: Wanted
    whole_names: bool
    found: Collected


def _radiograph(session: Session, item: Item, index: int, job: _Job) -> Record | None:
    """Write one radiograph; None where there is nothing of it to write."""
    radiograph, wanted = session.radiograph, job.wanted
    kept = []
    for nodule in labelled(session):
        if nodule.covered:
            job.found.notes.append(
                f"{item.path.name}: {nodule.edit.title.rsplit(', ', 1)[0]} is filled over and left out."
            )
        else:
            kept.append(nodule)
    filled = filled_mask(session.edits, radiograph.shape)
    fills = wanted.fills and bool(filled.any() or session.mask.any())
    if not (kept or fills or wanted.negatives):
        return None
    ending = wanted.ending or OWN_ENDINGS.get(radiograph.source.format, ".png")
    stem = item.path.name if job.whole_names else stem_of(item.path)
    export(session, job.folder / IMAGES / f"{stem}{ending}", dated=False)
    silhouettes = np.zeros(radiograph.shape, bool)
    for nodule in kept:
        silhouettes |= nodule.silhouette
    name = f"{Path(stem + ending).stem}.png"
    save_mask(job.folder / MASKS / name, silhouettes)
    for part, mask in ((FILLED, filled), (PAINTED, session.mask)):
        if fills and mask.any():
            save_mask(job.folder / part / name, mask)
    job.found.nodules += len(kept)
    height, width = radiograph.shape
    return Record(
        index,
        f"{stem}{ending}",
        width,
        height,
        item.path.name,
        item.sha256,
        item.patient,
        item.split,
        radiograph.spacing.origin.value,
        tuple(_nodule(each, session) for each in kept),
        content_sha256(job.folder / IMAGES / f"{stem}{ending}"),
    )


def _nodule(nodule: Labelled, session: Session) -> Nodule:
    facts = annotation(nodule.placed, nodule.placement, session)
    x0, y0, x1, y1 = facts["box"]  # type: ignore[misc]
    return Nodule(
        (x0, y0, x1, y1),  # type: ignore[has-type]
        int(np.count_nonzero(nodule.silhouette)),
        float(facts["diameter_px"]),  # type: ignore[arg-type]
        None if facts["diameter_mm"] is None else float(facts["diameter_mm"]),  # type: ignore[arg-type]
        array_sha256(nodule.silhouette),
        asdict(nodule.placement),
        nodule.edit.provenance.checkpoint_sha256,
        nodule.placed.provenance.measured,
    )
