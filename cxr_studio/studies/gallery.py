"""The cases that fooled the readers, and those that did not, as pictures for the owner's report. Needs the key."""

from __future__ import annotations

from collections.abc import Sequence

from cxr_studio.masks.boxes import Box, union
from cxr_studio.pages import picture_address
from cxr_studio.studies.bundle import Bundle
from cxr_studio.studies.key import Key, KeyCase
from cxr_studio.studies.statistics import outcome as o

EACH = 6
"""Cases shown that fooled most, and that fooled least."""
LEAST_SIDE = 128
"""Side of the part that is shown, image pixels, at least; otherwise twice the change's."""
SHOWN = 220
"""Side of a picture in the report, pixels."""


def gallery(bundle: Bundle, key: Key, answers: Sequence[o.Answer], readers: Sequence[o.ReaderFacts]) -> o.Gallery:
    """Choose cases by how often people were wrong, and cut out where they were changed.

    Args:
        bundle: The study's images.
        key: The truth.
        answers: Joined with the truth.
        readers: Who answered. People count; where there are none, machines and simulated readers do.
    """
    kinds = {reader.name: reader.kind for reader in readers}
    main = [each for each in answers if each.phase == o.MAIN]
    counted = [each for each in main if kinds.get(each.reader) == o.HUMAN] or main
    cases: dict[str, list[o.Answer]] = {}
    for each in counted:
        cases.setdefault(each.case, []).append(each)
    wrong = {name: sum(not one.correct for one in given) for name, given in cases.items()}
    order = sorted(cases, key=lambda name: (-wrong[name] / len(cases[name]), -wrong[name], name))
    fooled = [name for name in order if wrong[name]][:EACH]
    seen = [name for name in reversed(order) if not wrong[name]][:EACH]

    def shown(name: str) -> o.GalleryCase:
        case = key.cases[name]
        return o.GalleryCase(case.condition, wrong[name], len(cases[name]), _pictures(bundle, case))

    return o.Gallery(tuple(shown(name) for name in fooled), tuple(shown(name) for name in seen))


def _pictures(bundle: Bundle, case: KeyCase) -> tuple[tuple[str, str], ...]:
    """Title and data address of each image of a case that is shown."""
    images = (("original", case.original), ("changed", case.altered))
    return tuple((title, _cut_out(bundle, name, case)) for title, name in images if name and name in bundle.images)


def _cut_out(bundle: Bundle, name: str, case: KeyCase) -> str:
    from PIL import Image

    with Image.open(bundle.image(name)) as image:
        left, top, right, bottom = _part(case)
        bits16 = image.mode.startswith("I")
        part = image.crop((left, top, right, bottom))
        if bits16:
            part = part.point(lambda value: value / 256)
        small = part.convert("L").resize((SHOWN, SHOWN), Image.Resampling.BICUBIC)
    return picture_address(small)


def _part(case: KeyCase) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of the square around the change; the whole image where nothing was changed."""
    height, width = case.shape
    hull: Box | None = None
    for box in case.boxes:
        hull = box if hull is None else union(hull, box)
    if hull is None:
        return 0, 0, width, height
    side = min(max(LEAST_SIDE, 2 * max(hull[2] - hull[0], hull[3] - hull[1])), height, width)
    top = min(max((hull[0] + hull[2] - side) // 2, 0), height - side)
    left = min(max((hull[1] + hull[3] - side) // 2, 0), width - side)
    return left, top, left + side, top + side
