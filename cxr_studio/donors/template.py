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

    def part(self, first: int, last: int) -> Spectra:
        """Plates ``first`` to ``last``, that one not included."""
        some = slice(first, last)
        return Spectra(self.grey[some], self.power[some], self.slope[some], self.sizes[some], self.side)


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
        self._transformed: dict[tuple[int, int], tuple[Spectrum, Spectrum, Spectrum]] = {}
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

    def costs(self, spectra: Spectra) -> Unit:
        """Mean squared difference at every place of the window's first pixel.

        Returns:
            ``float32 [N, H, W]``, of the padded size; infinite where the window leaves the plate.
        """
        from scipy.fft import irfft2

        side = spectra.side
        weight, energy, cross = self._kernels(side)
        mean = irfft2(spectra.grey * weight, side, workers=WORKERS)
        cost = irfft2(spectra.power * weight + spectra.slope * energy, side, workers=WORKERS)
        shared = irfft2(spectra.grey * cross, side, workers=WORKERS)
        mean *= mean
        mean /= np.float32(self.total)
        cost -= mean
        np.maximum(cost, np.float32(1e-9), out=cost)
        gain = np.divide(np.float32(self.energy), cost, out=mean)
        np.sqrt(gain, out=gain)
        np.clip(gain, *GAINS, out=gain)
        cost *= gain
        shared *= 2
        cost -= shared
        cost *= gain
        cost += np.float32(self.energy)
        cost /= np.float32(self.total)
        height, width = self.weight.shape
        for one, (rows, columns) in zip(cost, spectra.sizes, strict=True):
            one[max(0, rows - height + 1) :] = np.inf
            one[:, max(0, columns - width + 1) :] = np.inf
        return np.asarray(cost)

    def _kernels(self, side: tuple[int, int]) -> tuple[Spectrum, Spectrum, Spectrum]:
        """Transforms of the weights, those of the gradients and the cross term, for plates of one padded size."""
        from scipy.fft import rfft2

        if side not in self._transformed:
            weight, steep, cross = (np.conj(rfft2(v, side)) for v in (self.weight, self._steep, self._cross))
            self._transformed[side] = weight, np.float32(self._edge) * steep, cross
        return self._transformed[side]


def _adjoint(across: Unit, down: Unit) -> Unit:
    """Transpose of the forward differences, applied."""
    back = -across - down
    back[:, 1:] += across[:, :-1]
    back[1:] += down[:-1]
    return np.asarray(back)
