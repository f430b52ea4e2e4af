"""Features for the perceptual loss: VGG-16 from a file that the user gives, or a network trained here."""

from __future__ import annotations

from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional as F

from cxr_studio.errors import CheckpointError, RecipeError
from cxr_studio.networks.checkpoint import load_network, read_checkpoint
from cxr_studio.networks.compact import CompactContextEncoder

VGG_WIDTHS = ((64, 64), (128, 128), (256, 256, 256))
"""Channels of the convolutions before pool1, pool2 and pool3 (Simonyan and Zisserman 2014, configuration D)."""

MEAN, SD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
"""Of ImageNet's red, green and blue on 0 to 1, which VGG's input is brought to."""


class Features(nn.Module):
    """Gives a list of feature maps of patches ``float32 [N, 1, S, S]`` in -1 to 1; learns nothing."""

    def forward(self, patch: Tensor) -> list[Tensor]:
        """Feature maps, finest first."""
        raise NotImplementedError


class VggFeatures(Features):
    """VGG-16 after pool1, pool2 and pool3, as in the paper."""

    def __init__(self, weights: dict[str, Tensor]) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        before = 3
        for block in VGG_WIDTHS:
            for width in block:
                layers += [nn.Conv2d(before, width, 3, padding=1), nn.ReLU()]
                before = width
            layers.append(nn.MaxPool2d(2))
        self.features = nn.Sequential(*layers)
        wanted = self.state_dict()
        self.load_state_dict({name: weights[name] for name in wanted})

    def forward(self, patch: Tensor) -> list[Tensor]:
        """See Features."""
        mean, sd = (patch.new_tensor(values)[None, :, None, None] for values in (MEAN, SD))
        x = (patch.expand(-1, 3, -1, -1) / 2 + 0.5 - mean) / sd
        found = []
        for layer in self.features:
            x = layer(x)
            if isinstance(layer, nn.MaxPool2d):
                found.append(x)
        return found


class ContextFeatures(Features):
    """The way down of a compact context encoder: three halvings learned from radiographs."""

    def __init__(self, network: CompactContextEncoder) -> None:
        super().__init__()
        self.network = network

    def forward(self, patch: Tensor) -> list[Tensor]:
        """See Features."""
        network, found = self.network, list[Tensor]()
        x = network.stem(F.pixel_unshuffle(torch.cat([patch, torch.zeros_like(patch)], dim=1), 2))
        for encoder, down in zip(network.encoder, [*network.down, None], strict=True):
            x = encoder(x)
            found.append(x)
            if down is None or len(found) == len(VGG_WIDTHS):
                break
            x = down(x)
        return found


def load_features(path: str) -> Features:
    """Read the features that a recipe names.

    Raises:
        RecipeError: no such file, or neither VGG-16 nor a compact context encoder.
    """
    remedy = "Give loss.features a safetensors file of VGG-16, or resources/checkpoints/context-encoder.safetensors"
    try:
        tensors = load_file(path)
    except (OSError, SafetensorError) as fault:
        raise RecipeError(f"the perceptual features cannot be read ({fault})", file=path, remedy=remedy) from fault
    try:
        if "features.0.weight" in tensors:
            return _frozen(VggFeatures(tensors))
        network = load_network(read_checkpoint(Path(path)))
        if isinstance(network, CompactContextEncoder):
            return _frozen(ContextFeatures(network))
    except (CheckpointError, KeyError, RuntimeError) as fault:
        raise RecipeError(f"the perceptual features do not fit ({fault})", file=path, remedy=remedy) from fault
    raise RecipeError("the file holds no features for a perceptual loss", file=path, remedy=remedy)


def perceptual_loss(features: Features, drawn: Tensor, real: Tensor) -> Tensor:
    """Mean absolute difference of the feature maps, each on the scale of the real patch's own spread, averaged."""
    with torch.no_grad():
        wanted = features(real)
    differences = [(a - b).abs().mean() / (b.std() + 1e-6) for a, b in zip(features(drawn), wanted, strict=True)]
    return torch.stack(differences).mean()


def _frozen(features: Features) -> Features:
    return features.eval().requires_grad_(False)
