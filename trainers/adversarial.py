"""Adversarial losses and gradient penalties, for any number of judges.

Scores are logits of any shape, one a sample (``[N]``) or a map of patches (``[N, 1, h, w]``). Where ``weight`` is
given, it has the scores' shape, and a loss is the weighted mean.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import torch
from torch import Tensor
from torch.nn import functional as F

from trainers.processes import mean_over_all

Adversarial = Literal["non-saturating", "least-squares", "hinge", "relativistic", "wasserstein"]
"""Goodfellow et al. 2014; Mao et al. 2017; Lim and Ye 2017; Jolicoeur-Martineau 2018 on pairs, as Huang et al. 2024
use it with R1 and R2; Arjovsky et al. 2017 (with ``interpolated_penalty``, Gulrajani et al. 2017)."""

SMALL = 1e-6


def judge_loss(kind: Adversarial, real: Tensor, fake: Tensor, weight: Tensor | None = None) -> Tensor:
    """What a discriminator minimises; 0-dimensional.

    Args:
        kind: Which loss.
        real: Scores of real images.
        fake: Scores of generated ones; "relativistic" compares each with the real score at the same place.
        weight: Weights of the scores, at least 0.
    """
    if kind == "relativistic":
        return mean(F.softplus(fake - real), weight)
    if kind == "non-saturating":
        return mean(F.softplus(-real) + F.softplus(fake), weight)
    if kind == "least-squares":
        return 0.5 * mean((real - 1).square() + fake.square(), weight)
    if kind == "hinge":
        return mean(F.relu(1 - real) + F.relu(1 + fake), weight)
    return mean(fake - real, weight)


def draw_loss(kind: Adversarial, real: Tensor, fake: Tensor, weight: Tensor | None = None) -> Tensor:
    """What a generator minimises; only "relativistic" looks at the real scores."""
    if kind == "relativistic":
        return mean(F.softplus(real - fake), weight)
    if kind == "non-saturating":
        return mean(F.softplus(-fake), weight)
    if kind == "least-squares":
        return 0.5 * mean((fake - 1).square(), weight)
    return mean(-fake, weight)


def mean(values: Tensor, weight: Tensor | None = None) -> Tensor:
    """Mean over everything, or the weighted mean; with several processes, their mean is that over all of them."""
    if weight is None:
        return values.mean()
    return (values * weight).sum() / (mean_over_all(weight.sum()) + SMALL)


def gradient_penalty(score: Callable[[Tensor], Tensor], image: Tensor, weight: Tensor | None = None) -> Tensor:
    """½ E ‖∇ D(x)‖²: R1 on real images, R2 on generated ones (Mescheder et al. 2018).

    Args:
        score: The discriminator.
        image: Its own, normalised input ``[N, C, H, W]``: a penalty on raw greys would crush whatever the
            discriminator amplifies in them, such as a high-pass.
        weight: Weights of the score map; the gradient is that of each sample's (weighted) mean score, so that it does
            not grow with the number of patches.
    """
    leaf = image.detach().requires_grad_(True)
    found = score(leaf).reshape(len(image), -1)
    shares = torch.ones_like(found) if weight is None else weight.reshape(len(image), -1)
    shares = shares / (shares.sum(dim=1, keepdim=True) + SMALL)
    (gradient,) = torch.autograd.grad((found * shares).sum(), leaf, create_graph=True)
    return 0.5 * gradient.square().flatten(1).sum(dim=1).mean()


def interpolated_penalty(score: Callable[[Tensor], Tensor], real: Tensor, *, fake: Tensor, between: Tensor) -> Tensor:
    """E (‖∇ D(x̂)‖ − 1)² at points between real and generated images (Gulrajani et al. 2017).

    Args:
        score: The discriminator.
        real: Real images, ``[N, …]``.
        fake: Generated ones.
        between: ``[N]``, uniform from 0 (fake) to 1 (real): drawn with the samples, so that it does not depend on how
            many processes share them.
    """
    share = between.reshape(-1, *[1] * (real.dim() - 1))
    leaf = (share * real + (1 - share) * fake).detach().requires_grad_(True)
    found = score(leaf).reshape(len(real), -1)
    (gradient,) = torch.autograd.grad(found.mean(dim=1).sum(), leaf, create_graph=True)
    return (gradient.square().flatten(1).sum(dim=1).add(SMALL).sqrt() - 1).square().mean()
