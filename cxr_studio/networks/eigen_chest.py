"""A small, smooth chest that agrees with what is seen of it: principal components of whole radiographs.

Radiographs of one view stand in about the same place, so a few dozen principal components (probabilistic PCA, Tipping
and Bishop 1999) hold the large forms. Of a box's pixels the components' posterior follows in closed form, and a seed
draws from it: another seed, another patient who has the same box.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from cxr_studio.networks.noise import normal

CORRELATED = 8.0
"""Neighbouring cells of what the components leave out err together: so many count as one observation."""

CALM = 0.8
"""What chance is multiplied by: chests at the ends of a normal distribution are none."""

OVERSAMPLED, PASSES = 16, 4
"""Of the randomised decomposition."""


class EigenChest(nn.Module):
    """Mean, components and residual, learned once from whole radiographs; no gradient reaches them.

    Args:
        count: Components.
        side: Side of the small chest in cells.
    """

    mean: Tensor
    basis: Tensor
    residual: Tensor

    def __init__(self, *, count: int = 64, side: int = 64) -> None:
        super().__init__()
        self.count, self.side = count, side
        self.register_buffer("mean", torch.zeros(side * side))
        self.register_buffer("basis", torch.zeros(count, side * side))
        self.register_buffer("residual", torch.ones(()))

    def fit(self, images: Tensor) -> None:
        """Learn from whole radiographs ``float32 [M, 1, S, S]`` in -1 to 1, S a multiple of the side."""
        flat = F.adaptive_avg_pool2d(images, self.side).flatten(1)
        mean = flat.mean(dim=0)
        kept = min(self.count, len(flat) - 1)
        wanted = min(self.count + OVERSAMPLED, *flat.shape)
        _, sizes, components = torch.svd_lowrank(flat - mean, q=wanted, niter=PASSES)
        scaled = (components[:, :kept] * sizes[:kept] / max(1, len(flat) - 1) ** 0.5).T
        self.mean.copy_(mean)
        self.basis.zero_()
        self.basis[:kept] = scaled
        left = (flat - mean).square().sum() / len(flat) - scaled.square().sum()
        self.residual.copy_((left / flat.shape[1]).clamp_min(1e-4))

    @torch.no_grad()
    def draft(self, image: Tensor, box: Tensor, rng: torch.Generator | None = None) -> Tensor:
        """Draw a small chest that agrees with the box.

        Args:
            image: ``float32 [N, 1, S, S]``; what lies outside the box is not looked at.
            box: ``float32 [N, 1, S, S]``, 1 where the image is known. 1 everywhere gives its own smooth copy.
            rng: Where the components' chance is drawn from.

        Returns:
            ``float32 [N, 1, side, side]``.
        """
        with torch.autocast(image.device.type, enabled=False):
            known = F.adaptive_avg_pool2d(box.float(), self.side).flatten(1)
            seen = F.adaptive_avg_pool2d(image.float() * box, self.side).flatten(1) - known * self.mean
            trust = 1 / (CORRELATED * self.residual)
            precision = trust * (self.basis * known[:, None]) @ self.basis.T
            precision = precision + torch.eye(self.count, device=image.device)
            root = torch.linalg.cholesky(precision)
            middle = torch.cholesky_solve(trust * (seen @ self.basis.T)[..., None], root)
            chance = normal(seen, (len(image), self.count, 1), rng)
            drawn = middle + torch.linalg.solve_triangular(root.mT, CALM * chance, upper=True)
            small: Tensor = self.mean + drawn[..., 0] @ self.basis
            return small.view(-1, 1, self.side, self.side)
