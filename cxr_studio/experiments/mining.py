"""What a detector missed in the real radiographs, and radiographs with more of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil
from pathlib import Path

from cxr_studio.augmentation.exporters.formats import write_all
from cxr_studio.augmentation.job import run as run_job
from cxr_studio.augmentation.options import Options, plan_of
from cxr_studio.augmentation.plan import Plan
from cxr_studio.datasets.entries import Manifest
from cxr_studio.datasets.manifest import Item
from cxr_studio.datasets.manifest_csv import read_manifest, write_manifest
from cxr_studio.detection.attributes import cells_by, write_cells, write_values
from cxr_studio.detection.by_size import operating_threshold, outcomes, write_outcomes
from cxr_studio.detection.detections import Detection
from cxr_studio.detection.hard_examples import Among, mined, write_diameters
from cxr_studio.detection.matching import match
from cxr_studio.detection.plots import write_histogram
from cxr_studio.errors import StudioError
from cxr_studio.experiments.parts import By, Condition
from cxr_studio.experiments.recipe import HardExamples
from cxr_studio.experiments.steps import Doing
from cxr_studio.files import write_json
from cxr_studio.jobs.running import Running

SUMMARY = "mined.json"
MANIFEST = "manifest.csv"
SPARE = 0.1
"""Radiographs drawn beyond the number, as a share of it, for those that cannot be drawn."""

AMONG: tuple[Among, ...] = ("missed", "all")


def mine(pool: Manifest, found: Iterable[Detection], attributes: Iterable[By], doing: Doing, *, rate: float) -> None:
    """Sort the pool's nodules into found and missed, and write tables of each attribute to draw from.

    Args:
        pool: Radiographs that are looked through.
        found: A detector's answers to them.
        attributes: Tables are written of these; of diameters always.
        doing: The step.
        rate: False positives an image of the operating point.

    Raises:
        StatisticsError: no nodule was missed, or an attribute of no missed nodule is known.
    """
    matching = match(pool, found)
    threshold = operating_threshold(matching, rate)
    results = outcomes(matching, threshold)
    sizes = mined(results)
    for among in AMONG:
        write_diameters(table(doing.folder, "diameter", among), sizes.sizes(among), sizes.unit)
    write_outcomes(results, doing.folder / "nodules.csv")
    write_histogram(doing.folder / "diameters.png", {"found": sizes.found, "missed": sizes.missed}, sizes.unit)
    for attribute in sorted(set(attributes) - {"diameter"}):
        doing.cancel.raise_if_cancelled()
        cells = cells_by(attribute, results, pool.folder)  # type: ignore[arg-type]
        write_cells(cells.table, attribute, doing.folder / f"by-{attribute}.csv")  # type: ignore[arg-type]
        for among in AMONG:
            write_values(cells.drawn_from(among), attribute, table(doing.folder, attribute, among))  # type: ignore[arg-type]
    counts = {"nodules": len(results), "missed": len(sizes.missed), "unit": sizes.unit}
    write_json(doing.folder / SUMMARY, counts | {"threshold": threshold if threshold != float("inf") else None})


def table(folder: Path, attribute: By, among: Among) -> Path:
    """The table of an attribute that is drawn from."""
    return folder / f"{attribute}-{among}.csv"


@dataclass(frozen=True, eq=False)
class Drawing:
    """What a condition draws in one fold.

    Attributes:
        condition: The condition.
        mined: Folder of what was mined.
        detector: File of the start detector.
        sources: Healthy radiographs.
        seed: Of this fold.
    """

    condition: Condition
    mined: Path
    detector: str
    sources: tuple[Item, ...]
    seed: int


def draw(drawing: Drawing, experiment: HardExamples, doing: Doing, *, device: str, running: Running) -> None:
    """Draw a condition's largest number of radiographs, and write a manifest for each number: the first ones.

    A radiograph that cannot be drawn, where a nodule does not fit into the lungs say, is replaced by a spare one.

    Raises:
        StudioError: too many could not be drawn.
    """
    plan = _plan(drawing, experiment, doing.folder, device=device)
    outcome = run_job(plan, doing.folder, running, progress=doing.progress, cancel=doing.cancel)
    largest = max(drawing.condition.counts)
    if len(outcome.records) < largest:
        what = f"only {len(outcome.records)} of {largest} radiographs could be drawn"
        raise StudioError(f"{what} ({outcome.faults[0].rstrip('.')})" if outcome.faults else what)
    write_all(outcome.records, doing.folder, ())
    whole = read_manifest(doing.folder / MANIFEST)
    order = {record.file: place for place, record in enumerate(outcome.records)}
    for count in drawing.condition.counts:
        first = whole.where(lambda entry, count=count: order[Path(entry.file).name] < count)  # type: ignore[misc]
        write_manifest(first, added(doing.folder, count))


def added(folder: Path, count: int) -> Path:
    """Manifest of the first of a condition's radiographs."""
    return folder / f"first-{count}.csv"


def _plan(drawing: Drawing, experiment: HardExamples, folder: Path, *, device: str) -> Plan:
    condition = drawing.condition
    among = {condition.by: f"file:{table(drawing.mined, condition.by, condition.among)}"}
    wanted = Options(
        drawing.sources[0].path.parent,
        folder,
        max(condition.counts) + ceil(SPARE * max(condition.counts)),
        among.get("diameter", f"file:{table(drawing.mined, 'diameter', 'all')}"),
        seed=drawing.seed,
        mm_per_pixel=experiment.mm_per_pixel,
        generator=condition.generator,
        background=condition.background,
        device=device,
        select=drawing.detector if condition.select else "",
        margin=among.get("margin", "any"),
        density=among.get("density", "any"),
        subtlety=among.get("subtlety", "any"),
        zone=among.get("position", "any"),
    )
    return plan_of(wanted, drawing.sources)
