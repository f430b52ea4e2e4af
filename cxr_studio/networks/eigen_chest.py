"""A small, smooth chest that agrees with what is seen of it: principal components of whole radiographs.

Radiographs of one view stand in about the same place, so a few dozen principal components (probabilistic PCA, Tipping
and Bishop 1999) hold the large forms. A draw begins from the components of a training radiograph, since those at random
make no chest, and is pulled to what is seen by the components' posterior (Matheron's rule): another seed, another
patient who has the same box.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from cxr_studio.networks.noise import normal

CORRELATED = 8.0
"""Neighbouring cells of what the components leave out err together: so many count as one observation."""

JITTER = 0.35
"""Share of chance in the components that a draw begins from."""

CANDIDATES = 4
"""Beginnings of which the one that agrees best is taken."""

USUAL = 0.9
"""Share of the radiographs from which draws begin; the others are turned, inverted or cut."""

OVERSAMPLED, PASSES = 16, 4
"""Of the randomised decomposition."""


class EigenChest(nn.Module):
    """Mean, components and residual, learned once from whole radiographs; no gradient reaches them.

    Args:
        count: Components.
        side: Side of the small chest in cells.
        beginnings: Radiographs whose components are kept.
    """

    mean: Tensor
    basis: Tensor
    residual: Tensor
    known: Tensor

    def __init__(self, *, count: int = 64, side: int = 64, beginnings: int = 512) -> None:
        super().__init__()
        self.count, self.side = count, side
        self.register_buffer("mean", torch.zeros(side * side))
        self.register_buffer("basis", torch.zeros(count, side * side))
        self.register_buffer("residual", torch.ones(()))
        self.register_buffer("known", torch.zeros(beginnings, count))

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
        each = (flat - mean) @ scaled.T / scaled.square().sum(dim=1).clamp_min(1e-9)
        usual = each.square().sum(dim=1).argsort()[: max(1, int(USUAL * len(each)))]
        chosen = usual[torch.randperm(len(usual)).repeat(1 + len(self.known) // len(usual))[: len(self.known)]]
        self.known.zero_()
        self.known[:, :kept] = each[chosen]

    @torch.no_grad()
    def draft(self, image: Tensor, box: Tensor, rng: torch.Generator | None = None) -> Tensor:
        """Draw a small chest that agrees with the box.

        Args:
            image: ``float32 [N, 1, S, S]``; what lies outside the box is not looked at.
            box: ``float32 [N, 1, S, S]``, 1 where the image is known. 1 everywhere gives its own smooth copy.
            rng: Where the beginning is drawn from.

        Returns:
            ``float32 [N, 1, side, side]``.
        """
        with torch.autocast(image.device.type, enabled=False):
            known = F.adaptive_avg_pool2d(box.float(), self.side).flatten(1)
            seen = F.adaptive_avg_pool2d(image.float() * box, self.side).flatten(1) - known * self.mean
            trust = 1 / (CORRELATED * self.residual)
            precision = trust * (self.basis * known[:, None]) @ self.basis.T
            told = trust * seen @ self.basis.T
            start = self._beginnings(precision, told, rng)
            pull = told - (precision @ start[..., None])[..., 0]
            eye = torch.eye(self.count, device=image.device)
            found = start + torch.linalg.solve(precision + eye, pull)
            small: Tensor = self.mean + found @ self.basis
            return small.view(-1, 1, self.side, self.side)

    def _beginnings(self, precision: Tensor, told: Tensor, rng: torch.Generator | None) -> Tensor:
        """Components ``[N, count]`` of one of a few random radiographs each, with some chance."""
        shape = (len(told), CANDIDATES)
        chosen = torch.randint(len(self.known), shape, generator=rng).to(told.device)
        chance = normal(told, (*shape, self.count), rng)
        each = (1 - JITTER**2) ** 0.5 * self.known[chosen] + JITTER * chance
        misfit = torch.einsum("nki,nij,nkj->nk", each, precision, each) - 2 * torch.einsum("nki,ni->nk", each, told)
        best = misfit.argmin(dim=1)
        taken: Tensor = each[torch.arange(len(each), device=each.device), best]
        return taken
