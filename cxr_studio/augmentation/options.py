"""What a user says of an augmentation, in a dialog or on the command line, and the plan that follows from it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cxr_studio.augmentation.plan import Plan
from cxr_studio.augmentation.record import FOLDER as RECORDS
from cxr_studio.augmentation.record import IMAGES, MASKS
from cxr_studio.augmentation.selection import BAND, CANDIDATES, selection_of
from cxr_studio.datasets.listing import radiograph_folder
from cxr_studio.datasets.manifest import Item, manifest_of
from cxr_studio.datasets.outputs import refuse_among
from cxr_studio.datasets.patients import known_patients
from cxr_studio.generation.precision import Precision
from cxr_studio.jobs.batch import NAME
from cxr_studio.nodules.answering import checkpoint_sha256
from cxr_studio.nodules.built_in import SUPERPOSITION
from cxr_studio.nodules.choices import ANY, read_densities, read_grades, read_margins, read_zones
from cxr_studio.nodules.placement import Background
from cxr_studio.nodules.sizes import read_diameters


@dataclass(frozen=True)
class Options:
    """One augmentation.

    Attributes:
        source: Folder of healthy radiographs.
        out: Where the set goes, or is continued.
        count: Images to make.
        diameter: ``12mm``, ``uniform:5,30mm``, ``real``, … see ``nodules.sizes.read_diameters``.
        per_image: Fewest and most nodules in an image.
        contrast: Range of contrast, 1 is physical; not used for nodules whose subtlety is asked for.
        seed: Same seed, same set.
        ending: ".png", ".mha" or ".dcm".
        mm_per_pixel: For radiographs that do not say it.
        generator: What draws the nodules.
        background: Behind those of the texture generator.
        device: Where it runs.
        select: Name or file of a detector that selects among several draws of an image; "" = none.
        band: Scores that it keeps.
        candidates: Draws of an image at most.
        margin: ``any``, ``smooth:0.6,spiculated:0.4``, … see ``nodules.choices``.
        density: The same.
        subtlety: Grades: ``any``, ``1-5``, ``2``, …
        zone: ``any``, ``left-upper`` (of the image), … see ``nodules.zones``.
        precision: Of its network on the processor.
    """

    source: Path
    out: Path
    count: int
    diameter: str
    per_image: tuple[int, int] = (1, 1)
    contrast: tuple[float, float] = (1.0, 1.0)
    seed: int = 0
    ending: str = ".png"
    mm_per_pixel: float | None = None
    generator: str = SUPERPOSITION
    background: Background = "kept"
    device: str = "auto"
    select: str = ""
    band: tuple[float, float] = BAND
    candidates: int = CANDIDATES
    margin: str = ANY
    density: str = ANY
    subtlety: str = ANY
    zone: str = ANY
    precision: Precision = "full"


@dataclass(frozen=True)
class Standing:
    """An augmentation that was begun in a folder.

    Attributes:
        made: Images that are whole.
        values: Its plan, as it is written.
    """

    made: int
    values: dict[str, Any]


def sources_of(folder: Path, patients: Path | None = None) -> tuple[tuple[Item, ...], str]:
    """Radiographs of a folder with hashes, patients and splits; and a note on patients, "" for none.

    Raises:
        ReadError: no folder, no radiographs, or a table of patients that cannot be used.
    """
    paths, known = radiograph_folder(folder), known_patients(folder, patients)
    return manifest_of(paths, known), known.note(paths)


def plan_of(options: Options, sources: Sequence[Item]) -> Plan:
    """The plan of an augmentation.

    Raises:
        StudioError: the results would lie among the radiographs, diameters that are not understood, or no checkpoint.
    """
    refuse_among(options.out, options.source, parts=(IMAGES, MASKS))
    select, band, candidates = options.select, options.band, options.candidates
    return Plan(
        tuple(sources),
        options.count,
        options.per_image,
        read_diameters(options.diameter),
        contrast=options.contrast,
        seed=options.seed,
        ending=options.ending,
        mm_per_pixel=options.mm_per_pixel,
        generator=options.generator,
        background=options.background,
        checkpoint_sha256=checkpoint_sha256(options.generator),
        device=options.device,
        selection=selection_of(select, band=band, candidates=candidates) if select else None,
        margins=read_margins(options.margin),
        densities=read_densities(options.density),
        grades=read_grades(options.subtlety),
        zones=read_zones(options.zone),
        precision=options.precision,
    )


def begun_in(folder: Path) -> Standing | None:
    """The augmentation that was begun in a folder, None where there is none or its plan cannot be read."""
    try:
        values = json.loads((folder / NAME).read_text(encoding="utf-8"))
        made = sum(1 for _ in (folder / RECORDS).glob("*.json"))
        return Standing(made, values) if isinstance(values, dict) else None
    except (OSError, ValueError):
        return None
