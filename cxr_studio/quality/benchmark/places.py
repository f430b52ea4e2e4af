"""Places that every generator of a benchmark repairs: the same radiographs, and the same masks in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np

from cxr_studio.arrays import Plane
from cxr_studio.datasets.listing import radiograph_files, spread
from cxr_studio.datasets.naming import stem_of
from cxr_studio.datasets.opening import open_manifest
from cxr_studio.datasets.patients import Patients, known_patients
from cxr_studio.errors import StudioError
from cxr_studio.masks.boxes import Mask
from cxr_studio.masks.files import load_mask
from cxr_studio.masks.region_bank import TEST_AREAS, TEST_COUNT, TEST_SEED, draw_regions
from cxr_studio.quality.holes import SIDE, lung_squares
from cxr_studio.quality.translate_evaluation import Damaged
from cxr_studio.quality.whole_images import unit_image
from cxr_studio.radiographs.radiograph import Radiograph, Stored
from cxr_studio.radiographs.reading import read_radiograph
from cxr_studio.restore.mask_folder import masks_of, no_mask

SQUARE, ARBITRARY = "square", "arbitrary"
"""Kinds of masks that are drawn; any other word is a folder of them."""

COMPARED = 256
"""Longest side in pixels at which images are compared, as in ipA-MedGAN and Pix2Pix-N."""

MOST = 60
"""Most radiographs that are used unless more are asked for."""

HALF = 0.5
"""Least share of a compared pixel that lies in a mask for it to count there."""


@dataclass(frozen=True)
class MaskPlan:
    """Which masks.

    Attributes:
        kind: "square": in the lungs; "arbitrary": the test bank of ipA-MedGAN; or a folder with a mask a radiograph.
        each: Masks in each radiograph; of a folder always one.
        hole: Side of the squares, compared pixels.
        side: Longest side at which images are compared, pixels; 0 for the radiographs' own.
        seed: Of the squares' places, and of the bank.
    """

    kind: str = SQUARE
    each: int = 1
    hole: int = SIDE
    side: int = COMPARED
    seed: int = TEST_SEED

    def compared(self, shape: tuple[int, int]) -> tuple[int, int]:
        """``(height, width)`` at which images of a shape are compared; never larger than they are."""
        scale = min(1.0, self.side / max(shape)) if self.side else 1.0
        return max(1, round(shape[0] * scale)), max(1, round(shape[1] * scale))

    @property
    def words(self) -> str:
        """What a title says of the masks."""
        if self.kind == SQUARE:
            return f"squares of {self.hole} × {self.hole} pixels in the lungs"
        if self.kind == ARBITRARY:
            low, high = (f"{100 * share:.2f}" for share in TEST_AREAS)
            return f"a bank of {TEST_COUNT} arbitrary masks of {low} to {high} % of the image, anywhere in it"
        return f"the masks in {Path(self.kind).name}"


@dataclass(frozen=True, eq=False)
class Place:
    """A mask in a radiograph.

    Attributes:
        name: The radiograph's file name.
        radiograph: As it was.
        patient: Whose it is.
        mask: ``bool [H, W]``, read-only.
        number: Of the mask in its radiograph, from 0; also the seed of what is drawn.
        shape: ``(height, width)`` at which it is compared.
        healthy: False where the radiograph has a finding; None where nothing says so.
    """

    name: str
    radiograph: Radiograph
    patient: str
    mask: Mask
    number: int
    shape: tuple[int, int]
    healthy: bool | None = None

    @cached_property
    def damaged(self) -> Stored:
        """Stored values of the image that every generator is given: black under the mask."""
        return Damaged(self.name, self.radiograph, self.mask, self.number).stored

    @cached_property
    def original(self) -> Plane:
        """The radiograph, grey 0 to 1."""
        return unit_image(self.radiograph)

    @cached_property
    def true(self) -> Plane:
        """The radiograph as it is compared, grey 0 to 1."""
        return self.shrunk(self.original)

    @cached_property
    def compared_mask(self) -> Mask:
        """The mask as it is compared."""
        return self.shrunk(self.mask.astype(np.float32)) >= HALF

    @property
    def share(self) -> float:
        """The mask's area as a share of the image."""
        return float(self.mask.mean())

    def shrunk(self, plane: Plane) -> Plane:
        """A plane ``[H, W]`` by area to the shape at which it is compared."""
        import cv2

        if plane.shape == self.shape:
            return plane
        return np.asarray(cv2.resize(plane, self.shape[::-1], interpolation=cv2.INTER_AREA), np.float32)


@dataclass(frozen=True)
class Radiographs:
    """The files of a benchmark.

    Attributes:
        paths: In order.
        known: Whose they are.
        healthy: By stem, where something says so.
    """

    paths: tuple[Path, ...]
    known: Patients = field(default_factory=Patients)
    healthy: Mapping[str, bool] = field(default_factory=dict)


def radiographs_of(
    images: Path, findings: Path | None = None, *, patients: Path | None = None, most: int = MOST
) -> Radiographs:
    """List radiographs, and which of them have findings.

    Args:
        images: A folder. Where ``findings`` is given, those that it does not name count as healthy.
        findings: A manifest (see ``datasets.opening``): radiographs with a finding in it are not healthy, and those
            that it names elsewhere are measured too.
        patients: Table of patients; without one they are taken from file or name.
        most: Of either, spread evenly over the list.

    Raises:
        StudioError: there are none, or the manifest cannot be read.
    """
    listed, known = radiograph_files(images), known_patients(images, patients)
    if findings is None:
        return Radiographs(spread(listed, most), known)
    manifest = open_manifest(findings)
    stated = {stem_of(Path(entry.file)): not entry.findings for entry in manifest.entries}
    there = {stem_of(path) for path in listed}
    further = [manifest.path(entry) for entry in manifest.entries if stem_of(Path(entry.file)) not in there]
    chosen = (*spread(listed, most), *spread([path for path in further if path.is_file()], most))
    return Radiographs(chosen, known, {stem_of(path): stated.get(stem_of(path), True) for path in chosen})


class Places:
    """All places, one radiograph in memory at a time.

    Args:
        radiographs: The files.
        plan: Which masks.

    Raises:
        StudioError: a folder of masks lacks some, or has two for one radiograph.
    """

    def __init__(self, radiographs: Radiographs, plan: MaskPlan) -> None:
        self.radiographs, self.plan = radiographs, plan
        self._files: Mapping[str, Path] = {}
        self._bank: Sequence[Mask] = ()
        if plan.kind == ARBITRARY:
            self._bank = draw_regions(TEST_COUNT, seed=plan.seed, side=COMPARED, areas=TEST_AREAS)
        elif plan.kind != SQUARE:
            self._files = _mask_files(Path(plan.kind), radiographs.paths)

    def __len__(self) -> int:
        return len(self.radiographs.paths) * self.each

    def __iter__(self) -> Iterator[Place]:
        for number in range(len(self.radiographs.paths)):
            yield from self.of(number)

    @property
    def each(self) -> int:
        """Places in a radiograph."""
        return 1 if self._files else self.plan.each

    @property
    def files(self) -> tuple[Path, ...]:
        """The masks that are read from a folder, in the radiographs' order."""
        return tuple(self._files[stem_of(path)] for path in self.radiographs.paths if self._files)

    def of(self, number: int) -> Iterator[Place]:
        """The places of one radiograph."""
        path = self.radiographs.paths[number]
        radiograph = read_radiograph(path)
        patient = self.radiographs.known.of(path, radiograph.header)
        shape = self.plan.compared(radiograph.shape)
        healthy = self.radiographs.healthy.get(stem_of(path))
        for k, mask in enumerate(self._masks(path, number, radiograph, compared=shape)):
            mask.setflags(write=False)
            yield Place(path.name, radiograph, patient, mask, k, shape, healthy)

    def _masks(self, path: Path, number: int, radiograph: Radiograph, *, compared: tuple[int, int]) -> Iterator[Mask]:
        shape = radiograph.shape
        if self._files:
            yield load_mask(self._files[stem_of(path)], shape, instances=radiograph.instances)
            return
        if self._bank:
            for k in range(self.plan.each):
                yield _enlarged(self._bank[(number * self.plan.each + k) % len(self._bank)], shape)
            return
        for y0, x0, y1, x1 in lung_squares(
            compared, path, count=self.plan.each, seed=self.plan.seed, side=self.plan.hole
        ):
            small = np.zeros(compared, bool)
            small[y0:y1, x0:x1] = True
            yield _enlarged(small, shape)


def _enlarged(mask: Mask, shape: tuple[int, int]) -> Mask:
    import cv2

    return np.asarray(cv2.resize(mask.astype(np.uint8), shape[::-1], interpolation=cv2.INTER_NEAREST) > 0)


def _mask_files(folder: Path, paths: Sequence[Path]) -> Mapping[str, Path]:
    if not folder.is_dir():
        raise StudioError(
            "there is no such folder of masks", file=folder, remedy=f"Give {SQUARE}, {ARBITRARY}, or a folder"
        )
    found = masks_of(folder, paths)
    missing = next((path for path in paths if stem_of(path) not in found), None)
    if missing is not None:
        raise no_mask(missing, folder)
    return found
