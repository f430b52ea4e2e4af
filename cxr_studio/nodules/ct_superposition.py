"""CT superposition: a real nodule from CT, projected, added to a radiograph in the log-intensity domain.

After Litjens et al. 2010 ("Simulation of nodules and diffuse infiltrates in chest radiographs using CT templates"). The
noise, ribs and vessels of the radiograph stay as they are, so there is neither a seam nor a smooth patch; only the
thickness of the nodule's tissue is added, in the greys that the radiograph itself gives a millimetre.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from cxr_studio.errors import GeneratorError
from cxr_studio.generation.result import Area, Patch, Silhouette
from cxr_studio.generation.roles import Drawing
from cxr_studio.masks.boxes import Box, Mask, clip, cut
from cxr_studio.nodules.bone import under_bone
from cxr_studio.nodules.contrast import image_slope, shoulder
from cxr_studio.nodules.ct_library import CtNodule, Profile, bundled_library
from cxr_studio.nodules.placement import NoduleRequest, Placement, pixel_mm
from cxr_studio.nodules.projection import Projection, View, project, random_rotation, turned_in_plane, view

SIMILAR = 24
"""Templates nearest in diameter among which the seed chooses."""


def superpose(request: NoduleRequest) -> Drawing:
    """Draw one nodule. The same request gives the same pixels.

    Args:
        request: The image and the nodule.

    Returns:
        New stored values; unchanged, bit for bit, where the nodule is not.

    Raises:
        GeneratorError: no template of its profile.
    """
    placement, image = request.options, request.image
    millimetres = pixel_mm(image.spacing, image.shape)
    drawn = projection_of(placement, millimetres)
    slope = image_slope(image, millimetres)
    added = drawn.thickness * np.float32(slope * placement.subtlety)
    box, inner = _place(placement, drawn, image.shape)
    before = image.stored[cut(box)]
    under = image.grey.decode(before)
    pixels = under_bone(image, under, under + added[cut(inner)] * shoulder(under, image.unit))
    after = before.copy()
    touched = added[cut(inner)] > 0
    after[touched] = image.grey.encode(pixels[touched], after.dtype)
    silhouette = Silhouette(box, drawn.mask[cut(inner)], drawn.diameter)
    return Drawing((Patch(box, after),), Area(box, after != before), silhouette=silhouette)


def projection_of(placement: Placement, mm_per_pixel: float) -> Projection:
    """The nodule's thickness and silhouette, before it is put anywhere; quick after the first time for a seed.

    Raises:
        GeneratorError: there is no template of the profile.
    """
    millimetres = placement.diameter * mm_per_pixel
    if placement.shape_seed is None:
        number, seed = _template(millimetres, placement.seed, placement.profile), placement.seed
    else:
        number, seed = _any_template(placement.shape_seed, placement.profile), placement.shape_seed
    seen = _seen(number, seed)
    if placement.angle or placement.mirror:
        seen = turned_in_plane(seen, placement.angle, mirror=placement.mirror)
    return project(seen, placement.diameter, mm_per_pixel=mm_per_pixel)


def strip_shapes(seeds: Sequence[int], *, profile: Profile | None = None) -> list[Mask]:
    """Silhouettes of what shape seeds choose, ``bool [n, n]`` each, about 64 pixels wide."""
    seen = [Placement(0.0, 0.0, 64.0, profile=profile, shape_seed=seed) for seed in seeds]
    return [projection_of(placement, 0.5).mask for placement in seen]


def _any_template(seed: int, profile: Profile | None) -> int:
    """Number in the bundled library of a template of any diameter, so that a nodule keeps its shape when it grows."""
    library = _library(profile)
    return library[int(np.random.default_rng([seed, 0x7E4]).integers(len(library)))].number


def _library(profile: Profile | None) -> list[CtNodule]:
    library = [n for n in bundled_library() if profile is None or n.profile is profile]
    if not library:
        raise GeneratorError(f"there is no {profile} nodule in the library", remedy="Choose another density")
    return library


def _template(diameter_mm: float, seed: int, profile: Profile | None) -> int:
    """Number in the bundled library of a template of about this diameter."""
    library = _library(profile)
    nearest = sorted(library, key=lambda n: abs(np.log(n.diameter_mm / max(diameter_mm, 1.0))))[:SIMILAR]
    chosen = sorted(nearest, key=lambda n: n.number)
    return chosen[int(np.random.default_rng([seed, 0x7E3]).integers(len(chosen)))].number


@lru_cache(maxsize=64)
def _seen(number: int, seed: int) -> View:
    nodule: CtNodule = next(n for n in bundled_library() if n.number == number)
    return view(nodule, random_rotation(np.random.default_rng([seed, 0x0FF])))


def _place(placement: Placement, drawn: Projection, shape: tuple[int, int]) -> tuple[Box, Box]:
    """Rectangle of the image that the projection covers, and the part of the projection that lies in it."""
    y, x = np.nonzero(drawn.mask)
    top = round(placement.y - float(y.mean()))
    left = round(placement.x - float(x.mean()))
    box = clip((top, left, top + drawn.mask.shape[0], left + drawn.mask.shape[1]), shape)
    return box, (box[0] - top, box[1] - left, box[2] - top, box[3] - left)
