"""Patch discriminators: by receptive field, and that of Shen et al.; how their features are read."""

from __future__ import annotations

from itertools import pairwise
from typing import Literal, NamedTuple

from torch import Tensor, nn
from torch.nn import functional as F

Norm = Literal["none", "batch", "instance", "group", "spectral"]

FIELDS = {16: 1, 34: 2, 70: 3, 142: 4, 286: 5}
"""Receptive field in pixels → strided layers (Isola et al. 2017, appendix)."""

GROUPS = 8
SLOPE = 0.2


class Judgement(NamedTuple):
    """What a discriminator says of a batch.

    Attributes:
        score: Logits ``[N, 1, h, w]``, one a patch; no sigmoid.
        features: Feature maps before each strided or last convolution, finest first.
    """

    score: Tensor
    features: list[Tensor]


class PatchDiscriminator(nn.Module):
    """The PatchGAN of pix2pix: strided 4 × 4 convolutions, one of stride 1, and one to a map of scores.

    Args:
        channels: Channels of its input.
        field: Receptive field of one score, in pixels: 16, 34, 70, 142 or 286.
        width: Channels of the first convolution, doubled up to 8 times.
        norm: Normalisation of all but the first and last layer; "spectral" is of all weights.

    Raises:
        ValueError: no such receptive field.
    """

    def __init__(self, *, channels: int, field: int = 70, width: int = 64, norm: Norm = "batch") -> None:
        super().__init__()
        if field not in FIELDS:
            raise ValueError(f"a patch discriminator's field is one of {', '.join(map(str, FIELDS))}, not {field}")
        strided = FIELDS[field]
        widths = [width * min(2**level, 8) for level in range(strided + 1)]
        layers = [_layer(channels, widths[0], norm="spectral" if norm == "spectral" else "none")]
        layers += [
            _layer(a, b, stride=2 if place < strided - 1 else 1, norm=norm)
            for place, (a, b) in enumerate(pairwise(widths))
        ]
        self.layers = nn.ModuleList(layers)
        self.score = _convolution(widths[-1], 1, stride=1, norm=norm)

    def forward(self, image: Tensor) -> Judgement:
        """Judge ``[N, C, H, W]``."""
        features = []
        for layer in self.layers:
            image = layer(image)
            features.append(image)
        return Judgement(self.score(image), features)


class SpectralPatchDiscriminator(nn.Module):
    """Six spectrally normalised convolutions, scores at 1/32 of the side (Shen et al.), 256 → 8 × 8; no sigmoid.

    Kernels are 5 × 5 and widths 1, 2, 4, 4, 4 times the first, as in DeepFillv2: the paper states neither.

    Args:
        channels: Channels of its input.
        width: Channels of the first convolution.
    """

    def __init__(self, *, channels: int, width: int = 64) -> None:
        super().__init__()
        widths = (channels, width, 2 * width, 4 * width, 4 * width, 4 * width)
        self.layers = nn.ModuleList(_spectral(a, b, stride=2) for a, b in pairwise(widths))
        self.score = _spectral(widths[-1], 1, stride=1)

    def forward(self, image: Tensor) -> Judgement:
        """Judge ``[N, C, H, W]``; scores ``[N, 1, H / 32, W / 32]``."""
        features = []
        for layer in self.layers:
            image = F.leaky_relu(layer(image), SLOPE)
            features.append(image)
        return Judgement(self.score(image), features)


def _spectral(inputs: int, outputs: int, *, stride: int) -> nn.Module:
    return nn.utils.parametrizations.spectral_norm(nn.Conv2d(inputs, outputs, 5, stride=stride, padding=2))


def _layer(inputs: int, outputs: int, *, stride: int = 2, norm: Norm) -> nn.Sequential:
    parts: list[nn.Module] = [_convolution(inputs, outputs, stride=stride, norm=norm)]
    if norm == "batch":
        parts.append(nn.BatchNorm2d(outputs))
    elif norm == "instance":
        parts.append(nn.InstanceNorm2d(outputs, affine=True))
    elif norm == "group":
        parts.append(nn.GroupNorm(min(GROUPS, outputs), outputs))
    return nn.Sequential(*parts, nn.LeakyReLU(SLOPE))


def _convolution(inputs: int, outputs: int, *, stride: int, norm: Norm) -> nn.Module:
    convolution = nn.Conv2d(inputs, outputs, 4, stride=stride, padding=1)
    return nn.utils.parametrizations.spectral_norm(convolution) if norm == "spectral" else convolution
