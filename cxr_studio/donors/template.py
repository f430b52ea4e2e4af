"""What is looked for, as kernels that are correlated with many plates at once.

The cost of a window is the weighted squared difference of its greys to the surroundings of the hole, their means
removed, and of its gradients, with the best contrast within bounds: for kernels of weights ``w``, three inverse FFTs a
plate.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cxr_studio.donors.plate import Unit

EDGE = 1.0
"""Weight of the gradients' squared difference beside that of the greys."""

GAINS = (0.75, 1.33)
"""Least and largest contrast at which a donor is taken."""

WORKERS = 2
"""Threads of the FFTs."""

Spectrum = NDArray[np.complex64]


@dataclass(frozen=True, eq=False)
class Spectra:
    """Plates of one padded size, Fourier transformed.

    Attributes:
        grey: Of the values less ``mean`` ``complex64 [N, H, W // 2 + 1]``.
        power: Of their squares.
        slope: Of the squared length of their gradients.
        sizes: Rows and columns of each plate within the padding ``int [N, 2]``.
        side: The padded size.
    """

    grey: Spectrum
    power: Spectrum
    slope: Spectrum
    sizes: NDArray[np.int64]
    side: tuple[int, int]


def spectra_of(images: list[Unit]) -> Spectra:
    """Transform images of any sizes, padded to the largest."""
    from scipy.fft import next_fast_len, rfft2

    sizes = np.array([image.shape for image in images])
    side = next_fast_len(int(sizes[:, 0].max()), real=True), next_fast_len(int(sizes[:, 1].max()), real=True)
    stack = np.zeros((len(images), *side), np.float32)
    slope = np.zeros_like(stack)
    for image, values, steep in zip(images, stack, slope, strict=True):
        height, width = image.shape
        values[:height, :width] = image - image.mean()
        steep[: height - 1, : width - 1] = np.diff(image, axis=1)[:-1] ** 2 + np.diff(image, axis=0)[:, :-1] ** 2
    grey, power, steepness = (rfft2(v, workers=WORKERS) for v in (stack, stack**2, slope))
    return Spectra(grey, power, steepness, sizes, side)


class Template:
    """The surroundings of a hole at one resolution.

    Args:
        image: Values ``float32 [h, w]``; those of weight 0 do not matter.
        weight: ``float32 [h, w]``, 0 where a pixel is unknown; not everywhere.
        edge: Weight of the gradients.

    Attributes:
        image: The values, their weighted mean removed and 0 where unknown.
        total: Sum of the weights.
    """

    def __init__(self, image: Unit, weight: Unit, *, edge: float = EDGE) -> None:
        self.total = float(weight.sum())
        mean = float((image * weight).sum()) / self.total
        self.image = np.where(weight > 0, image - np.float32(mean), np.float32(0))
        self.weight, self._edge = weight, edge
        known = weight > 0
        self._steep = np.zeros_like(weight)
        both = known[:-1, :-1] & known[:-1, 1:] & known[1:, :-1]
        self._steep[:-1, :-1] = weight[:-1, :-1] * both
        across, down = np.zeros_like(weight), np.zeros_like(weight)
        across[:, :-1] = np.diff(self.image, axis=1)
        down[:-1] = np.diff(self.image, axis=0)
        self._cross = weight * self.image + edge * _adjoint(self._steep * across, self._steep * down)
        slopes = float((self._steep * (across**2 + down**2)).sum())
        self.energy = float((weight * self.image**2).sum()) + edge * slopes

    def mirrored(self) -> Template:
        """The same, left and right exchanged."""
        return Template(self.image[:, ::-1].copy(), self.weight[:, ::-1].copy(), edge=self._edge)

    def costs(self, spectra: Spectra) -> tuple[Unit, Unit]:
        """Mean squared difference at every place of the window's first pixel, and the contrast there.

        Returns:
            ``float32 [N, H, W]`` each, of the padded size; infinite cost where the window leaves the plate.
        """
        from scipy.fft import irfft2, rfft2

        side = spectra.side
        weight, steep, cross = (np.conj(rfft2(v, side)) for v in (self.weight, self._steep, self._cross))
        mean = irfft2(spectra.grey * weight, side, workers=WORKERS)
        power = irfft2(spectra.power * weight + spectra.slope * (self._edge * steep), side, workers=WORKERS)
        shared = irfft2(spectra.grey * cross, side, workers=WORKERS)
        mean *= mean
        mean /= np.float32(self.total)
        power -= mean
        np.maximum(power, np.float32(1e-9), out=power)
        gain = np.clip(np.sqrt(np.float32(self.energy) / power), *GAINS)
        power *= gain
        shared *= 2
        power -= shared
        power *= gain
        power += np.float32(self.energy)
        power /= np.float32(self.total)
        height, width = self.weight.shape
        for cost, (rows, columns) in zip(power, spectra.sizes, strict=True):
            cost[max(0, rows - height + 1) :] = np.inf
            cost[:, max(0, columns - width + 1) :] = np.inf
        return power, gain


def _adjoint(across: Unit, down: Unit) -> Unit:
    """Transpose of the forward differences, applied."""
    back = -across - down
    back[:, 1:] += across[:, :-1]
    back[1:] += down[:-1]
    return np.asarray(back)
