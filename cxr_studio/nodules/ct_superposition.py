"""CT superposition: a real nodule from CT, projected, added to a radiograph in the log-intensity domain.

After Litjens et al. 2010 ("Simulation of nodules and diffuse infiltrates in chest radiographs using CT templates"). The
noise, ribs and vessels of the radiograph stay as they are, so there is neither a seam nor a smooth patch; only the
thickness of the nodule's tissue is added, in the greys that the radiograph itself gives a millimetre.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from cxr_studio.errors import GeneratorError
from cxr_studio.generation.result import Area, Patch, Silhouette
from cxr_studio.generation.roles import Drawing
from cxr_studio.masks.boxes import Box, Mask, clip, cut
from cxr_studio.nodules.bone import under_bone
from cxr_studio.nodules.contrast import image_slope, shoulder
from cxr_studio.nodules.ct_library import CtNodule, Profile, bundled_library
from cxr_studio.nodules.densities import given_excess, strand_density, suits
from cxr_studio.nodules.margin import Margin
from cxr_studio.nodules.placement import NoduleRequest, Placement, pixel_mm
from cxr_studio.nodules.projection import Projection, View, project, random_rotation, turned_in_plane, view
from cxr_studio.nodules.spiculated import view_outline, with_spicules
from cxr_studio.nodules.wanted_margin import Found, found_margin, stated

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
    chosen = template_of(placement, millimetres)
    drawn = _projected(chosen.shape.seen, placement, millimetres)
    slope = image_slope(image, millimetres)
    added = drawn.thickness * np.float32(slope * placement.contrast)
    box, inner = _place(placement, drawn, image.shape)
    before = image.stored[cut(box)]
    under = image.grey.decode(before)
    bright = under + added[cut(inner)] * shoulder(under, image.unit)
    pixels = under_bone(image, under, bright, calcified=placement.profile is Profile.CALCIFIED)
    after = before.copy()
    touched = added[cut(inner)] > 0
    after[touched] = image.grey.encode(pixels[touched], after.dtype)
    silhouette = Silhouette(box, drawn.mask[cut(inner)], drawn.diameter)
    return Drawing(
        (Patch(box, after),),
        Area(box, after != before),
        silhouette=silhouette,
        message=chosen.missed,
        measured={**stated(chosen.outline), "density": str(placement.profile or chosen.shape.nodule.profile)},
    )


def projection_of(placement: Placement, mm_per_pixel: float) -> Projection:
    """The nodule's thickness and silhouette, before it is put anywhere; quick after the first time for a seed.

    Raises:
        GeneratorError: there is no template of the profile.
    """
    return _projected(template_of(placement, mm_per_pixel).shape.seen, placement, mm_per_pixel)


@dataclass(frozen=True, eq=False)
class Template:
    """A CT nodule from one side.

    Attributes:
        nodule: Which.
        seen: Its view, with the density and the spicules that were asked for.
    """

    nodule: CtNodule
    seen: View


def template_of(placement: Placement, mm_per_pixel: float) -> Found[Template]:
    """The CT nodule that a placement draws, and its margin; quick after the first time.

    Raises:
        GeneratorError: there is no template of the profile.
    """
    if placement.shape_seed is not None:
        return _chosen(placement.shape_seed, None, placement.profile, placement.margin)
    return _chosen(placement.seed, placement.diameter * mm_per_pixel, placement.profile, placement.margin)


@lru_cache(maxsize=64)
def _chosen(seed: int, diameter_mm: float | None, profile: Profile | None, margin: Margin | None) -> Found[Template]:
    """Views are drawn until one has the margin; without a diameter the template may have any."""

    def drawn(tried: int) -> Template:
        number = _any_template(tried, profile) if diameter_mm is None else _template(diameter_mm, tried, profile)
        return Template(_nodule(number), _seen(number, tried, profile, spiculated=margin is Margin.SPICULATED))

    return found_margin(drawn, lambda one: view_outline(one.seen), margin, seed=seed)


def _projected(seen: View, placement: Placement, mm_per_pixel: float) -> Projection:
    if placement.angle or placement.mirror:
        seen = turned_in_plane(seen, placement.angle, mirror=placement.mirror)
    return project(seen, placement.diameter, mm_per_pixel=mm_per_pixel)


def strip_shapes(seeds: Sequence[int], *, profile: Profile | None = None, margin: Margin | None = None) -> list[Mask]:
    """Silhouettes of what shape seeds choose, ``bool [n, n]`` each, about 64 pixels wide."""
    seen = [Placement(0.0, 0.0, 64.0, profile=profile, margin=margin, shape_seed=seed) for seed in seeds]
    return [projection_of(placement, 0.5).mask for placement in seen]


def _any_template(seed: int, profile: Profile | None) -> int:
    """Number in the bundled library of a template of any diameter, so that a nodule keeps its shape when it grows."""
    library = _library(profile)
    return library[int(np.random.default_rng([seed, 0x7E4]).integers(len(library)))].number


def _library(profile: Profile | None) -> list[CtNodule]:
    library = [n for n in bundled_library() if suits(n, profile)]
    if not library:
        raise GeneratorError(f"there is no {profile} nodule in the library", remedy="Choose another density")
    return library


def _template(diameter_mm: float, seed: int, profile: Profile | None) -> int:
    """Number in the bundled library of a template of about this diameter."""
    library = _library(profile)
    nearest = sorted(library, key=lambda n: abs(np.log(n.diameter_mm / max(diameter_mm, 1.0))))[:SIMILAR]
    chosen = sorted(nearest, key=lambda n: n.number)
    return chosen[int(np.random.default_rng([seed, 0x7E3]).integers(len(chosen)))].number


def _nodule(number: int) -> CtNodule:
    return next(n for n in bundled_library() if n.number == number)


@lru_cache(maxsize=64)
def _seen(number: int, seed: int, profile: Profile | None, *, spiculated: bool) -> View:
    nodule = _nodule(number)
    rotation = random_rotation(np.random.default_rng([seed, 0x0FF]))
    seen = view(nodule, rotation, excess=given_excess(nodule, profile))
    return with_spicules(seen, strand_density(profile), seed=seed) if spiculated else seen


def _place(placement: Placement, drawn: Projection, shape: tuple[int, int]) -> tuple[Box, Box]:
    """Rectangle of the image that the projection covers, and the part of the projection that lies in it."""
    y, x = np.nonzero(drawn.mask)
    top = round(placement.y - float(y.mean()))
    left = round(placement.x - float(x.mean()))
    box = clip((top, left, top + drawn.mask.shape[0], left + drawn.mask.shape[1]), shape)
    return box, (box[0] - top, box[1] - left, box[2] - top, box[3] - left)
