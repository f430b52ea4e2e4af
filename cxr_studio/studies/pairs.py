"""Making one case: a radiograph, changed by a generator of the program, as images of the bundle."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cxr_studio.datasets.patients import patient_of
from cxr_studio.errors import GeneratorError
from cxr_studio.files import replaced
from cxr_studio.generation.session import Session
from cxr_studio.masks.boxes import Box, Mask, bounding_box, clip, cut
from cxr_studio.masks.regions import regions
from cxr_studio.nodules.export import add_nodule, annotation
from cxr_studio.nodules.placement import Placement
from cxr_studio.nodules.places import allowed_area, places
from cxr_studio.nodules.sizes import Diameters, read_diameters
from cxr_studio.radiographs.radiograph import Radiograph, Stored
from cxr_studio.restore.fill import fill
from cxr_studio.restore.options import FillOptions
from cxr_studio.roles import answer
from cxr_studio.studies.key import packed
from cxr_studio.studies.protocol_parts import Condition, Images
from cxr_studio.studies.rendering import Rendering, Shown, random_crop, rendering_of, write_image
from cxr_studio.surround.options import SurroundOptions
from cxr_studio.translate.options import TranslateOptions

CATCH_SIDE = 160
"""Side of the flat square of a catch trial, image pixels, where the image is large enough."""

CATCH_CONTRAST = 4.0
"""Contrast of the nodule of a catch trial."""


@dataclass(frozen=True, eq=False)
class Change:
    """A radiograph that has been changed.

    Attributes:
        stored: Its new stored values.
        mask: Where, ``bool [H, W]``; a nodule's silhouette.
        facts: Sizes, seeds, hashes: for the key.
        in_sight: What a crop never cuts into, ``bool [H, W]``; None where it crops as it does an unchanged radiograph.
    """

    stored: Stored
    mask: Mask
    facts: Mapping[str, Any]
    in_sight: Mask | None


@dataclass(frozen=True, eq=False)
class Making:
    """What decides one case.

    Attributes:
        condition: How it is changed.
        catch: So that it cannot be missed.
        place_seed: Of the place, the same for all cases that share one.
        seed: Of everything else random.
        device: Where the generator runs.
        boxes: Those of the radiograph that may stay, where the condition lists them.
    """

    condition: Condition
    catch: bool
    place_seed: tuple[int, ...]
    seed: int
    device: str = "auto"
    boxes: tuple[Box, ...] = ()


def changed(radiograph: Radiograph, making: Making) -> Change:
    """Change a radiograph.

    Raises:
        StudioError: it cannot be changed that way.
    """
    rng = np.random.default_rng(making.place_seed)
    condition = making.condition
    if condition.kind == "nodule":
        return _with_nodule(radiograph, making, rng)
    if condition.kind in ("box", "whole") and not making.catch:
        return _redrawn(radiograph, making, rng)
    side = min(CATCH_SIDE, min(radiograph.shape) // 4) if making.catch else condition.hole
    mask = np.zeros(radiograph.shape, bool)
    for box in _squares(radiograph, side, 1 if making.catch else condition.holes, rng):
        mask[cut(box)] = True
    return _flat(radiograph, mask) if making.catch else _filled(radiograph, mask, making)


def write_case(
    folder: Path, names: tuple[str, str], radiograph: Radiograph, change: Change | None, *, shown: Rendering
) -> dict[str, Any]:
    """Write the images of a case, original and changed, by the same steps.

    Args:
        folder: Where to.
        names: Of the original and of the changed image, "" for one that is not shown.
        radiograph: The original.
        change: The changed one.
        shown: How both are shown.

    Returns:
        Shape, boxes and mask of the change, as the key's cases have them.

    Raises:
        GeneratorError: the two do not differ.
        WriteError: they cannot be written.
    """
    original = shown.grey(radiograph, radiograph.stored)
    if names[0]:
        _write(folder / names[0], original)
    if change is None:
        return {"shape": original.shape, "boxes": (), "mask": ""}
    altered = shown.grey(radiograph, change.stored)
    if np.array_equal(original, altered):
        raise GeneratorError("the change cannot be seen at this size", remedy="Ask for a larger one")
    if names[1]:
        _write(folder / names[1], altered)
    boxes, bits = described(shown.mask(change.mask))
    return {"shape": original.shape, "boxes": boxes, "mask": bits}


def _write(path: Path, image: Shown) -> None:
    with replaced(path) as beside:
        write_image(beside, image)


def shown_as(radiograph: Radiograph, images: Images, mask: Mask | None, *, jitter: float, seed: int) -> Rendering:
    """How a radiograph of the study is shown; ``jitter`` crops it by chance, ``border`` always, never into ``mask``."""
    rng = np.random.default_rng([seed, 0xC409])
    crop = random_crop(radiograph.shape, mask, jitter, rng=rng, border=images.border)
    return rendering_of(radiograph, images, crop)


def described(mask: Mask) -> tuple[tuple[Box, ...], str]:
    """Boxes of a mask's regions, and their packed bits; no bits where every region fills its box."""
    parts = []
    for region in regions(mask):
        own = bounding_box(region.mask)
        if own is not None:
            y, x = region.box[:2]
            parts.append(((own[0] + y, own[1] + x, own[2] + y, own[3] + x), region.mask[cut(own)]))
    if all(bool(bits.all()) for _, bits in parts):
        return tuple(box for box, _ in parts), ""
    return tuple(box for box, _ in parts), ";".join(packed(_bytes(bits)) for _, bits in parts)


def _bytes(bits: NDArray[np.bool_]) -> bytes:
    return np.packbits(bits.ravel()).tobytes()


def _squares(radiograph: Radiograph, side: int, count: int, rng: np.random.Generator) -> list[Box]:
    """Squares at random places in the lungs."""
    centres = places(allowed_area(radiograph), [float(side)] * count, rng)
    corners = [(round(y) - side // 2, round(x) - side // 2) for y, x in centres]
    return [clip((top, left, top + side, left + side), radiograph.shape) for top, left in corners]


def _redrawn(radiograph: Radiograph, making: Making, rng: np.random.Generator) -> Change:
    """All of it drawn, or all but a box: one of those listed, or a square in the lungs."""
    condition, session = making.condition, Session(radiograph)
    if condition.kind == "whole":
        drawn = answer(
            session.request(TranslateOptions(condition.generator, making.seed, condition.labels), None),
            device=making.device,
        )
        in_sight = None
    else:
        listed = making.boxes or _squares(radiograph, condition.hole, 1, rng)
        box = listed[int(rng.integers(len(listed)))]
        drawn = answer(session.request(SurroundOptions(condition.generator, making.seed), box), device=making.device)
        in_sight = np.zeros(radiograph.shape, bool)
        in_sight[cut(box)] = True
    session.add(drawn, "Redrawn")
    facts = {"provenance": asdict(drawn.provenance)}
    return Change(session.composite, drawn.written.whole(radiograph.shape), facts, in_sight)


def _filled(radiograph: Radiograph, mask: Mask, making: Making) -> Change:
    session = Session(radiograph)
    session.apply_mask(mask, "Hole")
    patient = patient_of(radiograph.source.path, radiograph.header) if radiograph.source.path else ""
    options = FillOptions(making.condition.generator, seed=making.seed, grain=making.condition.grain, without=patient)
    result = fill(session.request(options, session.mask), device=making.device)
    session.accept(result, "Fill")
    return Change(session.composite, mask, {"provenance": asdict(result.provenance)}, mask)


def _flat(radiograph: Radiograph, mask: Mask) -> Change:
    """A square of one bright grey."""
    low, high = Session(radiograph).unit
    stored = radiograph.stored.copy()
    level = np.full(1, low + 0.85 * (high - low), np.float32)
    stored[mask] = radiograph.grey.encode(level, stored.dtype)[0]
    return Change(stored, mask, {"catch": "flat"}, mask)


def _with_nodule(radiograph: Radiograph, making: Making, rng: np.random.Generator) -> Change:
    condition = making.condition
    diameter = _diameter(read_diameters(condition.diameter), radiograph, rng)
    ((y, x),) = places(allowed_area(radiograph), [diameter], rng)
    contrast = CATCH_CONTRAST if making.catch else round(float(rng.uniform(*condition.subtlety)), 3)
    placement = Placement(y, x, diameter, seed=making.seed, contrast=contrast, generator=condition.generator)
    session = Session(radiograph)
    placed = add_nodule(session, placement, device=making.device)
    facts = annotation(placed, placement, session)
    mask = placed.drawn.whole(radiograph.shape)
    return Change(session.composite, mask, facts, mask)


def _diameter(diameters: Diameters, radiograph: Radiograph, rng: np.random.Generator) -> float:
    drawn = diameters.draw(rng)
    if diameters.unit == "px":
        return drawn
    y, x = radiograph.spacing.require()
    return drawn / float(np.sqrt(y * x))
