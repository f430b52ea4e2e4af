"""Augmentation by surroundings: radiologists' boxes stay bit for bit, everything around them is drawn anew."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from cxr_studio.augmentation.plan import settle
from cxr_studio.augmentation.record import IMAGES, Kept, Record, write_record
from cxr_studio.datasets.entries import Entry, Finding, Manifest, Names
from cxr_studio.datasets.listed_size import scaled
from cxr_studio.datasets.manifest import Item, content_sha256
from cxr_studio.errors import ReadError, StudioError
from cxr_studio.exchange.deidentify_radiograph import Deidentification, export_as_asked
from cxr_studio.generation.precision import Precision
from cxr_studio.generation.session import Session
from cxr_studio.masks.boxes import Box
from cxr_studio.networks.card import Role
from cxr_studio.radiographs.reading import read_radiograph
from cxr_studio.roles import answer, find
from cxr_studio.surround.options import SurroundOptions
from cxr_studio.version import program_version


@dataclass(frozen=True)
class Boxed:
    """A radiograph with its boxes.

    Attributes:
        item: The radiograph.
        findings: Its boxes.
        width: Of the image in whose pixels they are; 0 for its own.
        height: The same.
    """

    item: Item
    findings: tuple[Finding, ...]
    width: int = 0
    height: int = 0


@dataclass(frozen=True)
class SurroundPlan:
    """What is made: every box of every radiograph, each so many times. The first variation of all comes first.

    Attributes:
        sources: Radiographs with boxes, in name order.
        generator: Of role surround.
        checkpoint_sha256: Hash of its checkpoint.
        variations: Of each box.
        most: Images at most, None for all.
        seed: Of everything random.
        ending: ".png", ".mha" or ".dcm".
        device: Where the generator runs.
        precision: Of its network on the processor.
        asked: How patients are taken out of what is written; None leaves them in.
    """

    sources: tuple[Boxed, ...]
    generator: str
    checkpoint_sha256: str
    variations: int = 1
    most: int | None = None
    seed: int = 0
    ending: str = ".png"
    device: str = "auto"
    precision: Precision = "full"
    asked: Deidentification | None = None

    @property
    def splits(self) -> dict[str, str]:
        """Patient to split."""
        return {source.item.patient: source.item.split for source in self.sources}

    @property
    def items(self) -> tuple[Item, ...]:
        """Radiographs with boxes."""
        return tuple(source.item for source in self.sources)

    @cached_property
    def boxes(self) -> list[tuple[int, int]]:
        """Place of the radiograph and of its box, of every box."""
        return [(k, place) for k, source in enumerate(self.sources) for place in range(len(source.findings))]

    @property
    def count(self) -> int:
        """Images to make."""
        every = len(self.boxes) * self.variations
        return every if self.most is None else min(self.most, every)

    def case(self, index: int) -> tuple[Boxed, int]:
        """Radiograph and place of the box of an image."""
        boxes = self.boxes
        source, place = boxes[index % len(boxes)]
        return self.sources[source], place

    def seed_of(self, index: int) -> int:
        """Seed of the surroundings of an image."""
        return int(np.random.default_rng([self.seed, 0x5B0C, index]).integers(2**31))

    def text(self) -> str:
        """The plan as JSON; the same plan gives the same text."""
        listed = [[s.item.name, s.item.sha256, s.item.patient, s.item.split] for s in self.sources]
        boxes = [[[f.label, *f.box] for f in source.findings] for source in self.sources]
        values = {**asdict(self), "sources": listed, "boxes": boxes, "version": program_version()}
        settle(values, self.asked)
        if self.precision == "full":  # plans of earlier versions say nothing of it
            del values["precision"]
        return json.dumps(values, indent=1, sort_keys=True) + "\n"


def boxed_radiographs(items: Sequence[Item], manifest: Manifest, labels: Sequence[str] = ()) -> tuple[Boxed, ...]:
    """The radiographs that a list has boxes of, with these boxes.

    Args:
        items: Radiographs.
        manifest: The list; its files are found by their names.
        labels: The findings that count; all by default.

    Raises:
        StudioError: there is no box of any of them.
    """
    wanted = manifest.of_label(*labels) if labels else manifest
    names = Names(str(item.path) for item in items)
    found: dict[str, Entry] = {}
    for entry in wanted.entries:
        file = names.find(entry.file) if entry.findings else None
        if file is not None:
            found[file] = entry
    boxed = [(item, found[str(item.path)]) for item in items if str(item.path) in found]
    if not boxed:
        what = "the list has no box of these radiographs" + (f" with the finding {', '.join(labels)}" if labels else "")
        raise StudioError(what, remedy="Give the folder of its radiographs")
    return tuple(Boxed(item, entry.findings, entry.width, entry.height) for item, entry in boxed)


def surround_plan(sources: tuple[Boxed, ...], generator: str, *, variations: int = 1, seed: int = 0) -> SurroundPlan:
    """The plan of an augmentation; images, ending and device are set with ``replace``.

    Raises:
        StudioError: no such generator, or one that draws the same with every seed and is to draw several.
    """
    facts = find(generator, Role.SURROUND)
    if variations > 1 and not facts.stochastic:
        raise StudioError(f"{facts.title} draws the same with every seed", remedy="Ask for one variation")
    sha256 = "" if facts.checkpoint is None else facts.checkpoint.sha256
    return SurroundPlan(sources, generator, sha256, variations, seed=seed)


def make_surroundings(plan: SurroundPlan, folder: Path, index: int) -> Record:
    """Make one image; the record is written last.

    Raises:
        StudioError: the source cannot be used, or the box does not lie in it.
    """
    from cxr_studio.surround.drawing import kept_sha256  # brings torch, which a plan can do without

    source, place = plan.case(index)
    radiograph = read_radiograph(source.item.path)
    findings = _in_pixels(source, radiograph.shape)
    box = _box(findings[place], source.item.path, radiograph.shape)
    session = Session(radiograph)
    options = SurroundOptions(plan.generator, plan.seed_of(index))
    result = answer(session.request(options, box), device=plan.device)
    session.add(result, find(plan.generator, Role.SURROUND).title)
    name = f"{index:06d}{plan.ending}"
    export_as_asked(session, folder / IMAGES / name, plan.asked, patient=source.item.patient)
    stated = result.provenance
    inside = [f for f in findings if f is findings[place] or _holds(box, f.pixels(radiograph.shape))]
    view = session.view(session.composite)
    kept = tuple(
        Kept(
            _corners(own),
            finding.label,
            _listed(finding),
            kept_sha256(view, own),
            stated.options,
            stated.checkpoint_sha256,
        )
        for finding in inside
        if (own := finding.pixels(radiograph.shape)) is not None
    )
    height, width = radiograph.shape
    item = source.item
    record = Record(
        *(index, name, width, height, item.name, item.sha256, item.patient, item.split),
        radiograph.spacing.origin.value,
        (),
        content_sha256(folder / IMAGES / name),
        kept=kept,
    )
    write_record(folder, record)
    return record


def _in_pixels(source: Boxed, shape: tuple[int, int]) -> tuple[Finding, ...]:
    """The boxes in pixels of the radiograph."""
    longest = max(source.width, source.height)
    if not longest or longest == max(shape):
        return source.findings
    entry = Entry(source.item.path.name, source.item.patient, findings=source.findings)
    return scaled(entry, max(shape) / longest).findings


def _box(finding: Finding, path: Path, shape: tuple[int, int]) -> Box:
    """The pixels of a box.

    Raises:
        ReadError: it reaches beyond the image.
    """
    box = finding.pixels(shape)
    if box is None or finding.box[2] > shape[0] + 1 or finding.box[3] > shape[1] + 1:
        what = f"a box reaches beyond the image, which has {shape[1]} × {shape[0]} pixels"
        raise ReadError(what, file=path, remedy="Say of which size the images of the list are (--list-side)")
    return box


def _holds(outer: Box, inner: Box | None) -> bool:
    return inner is not None and (
        outer[0] <= inner[0] and outer[1] <= inner[1] and inner[2] <= outer[2] and inner[3] <= outer[3]
    )


def _corners(box: Box) -> tuple[int, int, int, int]:
    return box[1], box[0], box[3], box[2]


def _listed(finding: Finding) -> tuple[float, float, float, float]:
    y0, x0, y1, x1 = (round(value, 3) for value in finding.box)
    return x0, y0, x1, y1
