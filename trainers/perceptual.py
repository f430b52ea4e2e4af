"""Features by named taps: VGG from a file that the user gives, or a network trained here."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar, Self

import numpy as np
import torch
from numpy.typing import NDArray
from pydantic import model_validator
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional as F

from cxr_studio.arrays import Plane
from cxr_studio.errors import CheckpointError, RecipeError
from cxr_studio.files import file_sha256
from cxr_studio.networks.checkpoint import read_checkpoint
from cxr_studio.networks.compact_context_encoder import CompactContextEncoder
from cxr_studio.networks.registry import load_network
from trainers.distances import Scale, feature_distance, gram_distance
from trainers.recipe import Part

VGG_WIDTHS = ((64, 64), (128, 128), (256, 256, 256), (512, 512, 512), (512, 512, 512))
"""Channels of the convolutions before each pool (Simonyan and Zisserman 2014, configuration D); VGG-19, E, has a fourth
in the last three blocks."""

VGG_TAPS = ("pool1", "pool2", "pool3")
"""Where the paper's perceptual loss looks."""

CONTEXT_TAPS = ("half", "quarter", "eighth")
"""Levels of a compact context encoder's way down, by resolution."""

FOURTH = "features.16.weight"
"""A weight that VGG-19 has and VGG-16 has not: relu3_4's."""

SOURCES = {
    "VGG-16": ("vgg16-397923af.pth", "397923af8e79cdbb6a7127f12361acd7a2f83e06b05044ddf496e83de57a5bf0"),
    "VGG-19": ("vgg19-dcbb9e9d.pth", "dcbb9e9dad569fff7a846263a77324fc34978fea2bfb039c012d710e1776ae44"),
}
"""torchvision's ImageNet weights (IMAGENET1K_V1): file name and SHA-256."""

MEAN, SD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
"""Of ImageNet's red, green and blue on 0 to 1, which VGG's input is brought to."""


class FeatureLoss(Part):
    """Weights of losses, some of them of features.

    Attributes:
        weighted: Names of the weights of features.
        features: safetensors file of VGG-16 or VGG-19 (torchvision's names) or of a context encoder trained here.
    """

    weighted: ClassVar[tuple[str, ...]] = ("perceptual", "style")
    features: str = ""

    @model_validator(mode="after")
    def _features_named(self) -> Self:
        if not self.features and any(getattr(self, name) for name in self.weighted):
            what = " or ".join(self.weighted)
            raise ValueError(f"a {what} weight above 0 needs loss.features, a weights file")
        return self


class Features(nn.Module):
    """Gives a list of feature maps of patches ``float32 [N, 1, S, S]`` in -1 to 1; learns nothing.

    Attributes:
        taps: Names of the maps, finest first.
        words: A sentence for the card: what it is, from which file, at which taps.
    """

    taps: tuple[str, ...]
    words: str = ""

    def forward(self, patch: Tensor) -> list[Tensor]:
        """Feature maps at the taps."""
        raise NotImplementedError


class VggFeatures(Features):
    """VGG-16 or VGG-19, built only as deep as the taps need.

    Args:
        weights: By torchvision's names; a weight ``features.16.weight`` makes it VGG-19.
        taps: Names such as "pool1" or "relu3_2".

    Raises:
        KeyError: a weight is missing, or there is no such tap.
    """

    def __init__(self, weights: dict[str, Tensor], taps: tuple[str, ...] = VGG_TAPS) -> None:
        super().__init__()
        names, layers = _vgg_layers(fourth=FOURTH in weights)
        self.places = {names.index(tap) if tap in names else _missing(tap): tap for tap in taps}
        self.taps = tuple(self.places[place] for place in sorted(self.places))
        self.features = nn.Sequential(*layers[: max(self.places) + 1])
        self.load_state_dict({name: weights[name] for name in self.state_dict()})

    def forward(self, patch: Tensor) -> list[Tensor]:
        """See Features; grey is repeated to three channels."""
        mean, sd = (patch.new_tensor(values)[None, :, None, None] for values in (MEAN, SD))
        x = (patch.expand(-1, 3, -1, -1) / 2 + 0.5 - mean) / sd
        found = []
        for place, layer in enumerate(self.features):
            x = layer(x)
            if place in self.places:
                found.append(x)
        return found


def _vgg_layers(*, fourth: bool) -> tuple[list[str], list[nn.Module]]:
    """Layers as torchvision numbers them, and their names."""
    names, layers, before = list[str](), list[nn.Module](), 3
    for number, widths in enumerate(VGG_WIDTHS, 1):
        for place, width in enumerate(widths + widths[-1:] if fourth and len(widths) > 2 else widths, 1):
            names += [f"conv{number}_{place}", f"relu{number}_{place}"]
            layers += [nn.Conv2d(before, width, 3, padding=1), nn.ReLU()]
            before = width
        names.append(f"pool{number}")
        layers.append(nn.MaxPool2d(2))
    return names, layers


def _missing(tap: str) -> int:
    raise KeyError(f"there is no tap {tap}")


class ContextFeatures(Features):
    """The way down of a compact context encoder, learned from radiographs.

    Args:
        network: The context encoder.
        taps: Of "half", "quarter" and "eighth".

    Raises:
        KeyError: there is no such tap.
    """

    def __init__(self, network: CompactContextEncoder, taps: tuple[str, ...] = CONTEXT_TAPS) -> None:
        super().__init__()
        for tap in taps:
            if tap not in CONTEXT_TAPS:
                _missing(tap)
        self.network = network
        self.taps = tuple(tap for tap in CONTEXT_TAPS if tap in taps)

    def forward(self, patch: Tensor) -> list[Tensor]:
        """See Features."""
        network, found = self.network, list[Tensor]()
        x = network.stem(F.pixel_unshuffle(torch.cat([patch, torch.zeros_like(patch)], dim=1), 2))
        for tap, encoder, down in zip(CONTEXT_TAPS, network.encoder, [*network.down, nn.Identity()], strict=False):
            x = encoder(x)
            if tap in self.taps:
                found.append(x)
            if len(found) == len(self.taps):
                break
            x = down(x)
        return found


def load_features(path: str, taps: tuple[str, ...] = ()) -> Features:
    """Read the features that a recipe names.

    Args:
        path: safetensors file of VGG-16 or VGG-19, or of a compact context encoder.
        taps: Names of the maps; none = the usual three of each.

    Raises:
        RecipeError: no such file (the sentence says which, its source and its SHA-256), neither VGG nor a compact
            context encoder, or no such tap.
    """
    if not Path(path).is_file():
        raise _absent(path)
    remedy = "Give loss.features a safetensors file of VGG-16 or VGG-19, or a compact context encoder's checkpoint"
    try:
        tensors = load_file(path)
    except (OSError, SafetensorError) as fault:
        raise RecipeError(f"the perceptual features cannot be read ({fault})", file=path, remedy=remedy) from fault
    try:
        if "features.0.weight" in tensors:
            title = "VGG-19" if FOURTH in tensors else "VGG-16"
            return _frozen(VggFeatures(tensors, taps or VGG_TAPS), f"{title}, trained on ImageNet", path)
        checkpoint = read_checkpoint(Path(path))
        network = load_network(checkpoint)
        if isinstance(network, CompactContextEncoder):
            title = f"the network {checkpoint.card.name!r}, trained here"
            return _frozen(ContextFeatures(network, taps or CONTEXT_TAPS), title, path)
    except (CheckpointError, KeyError, RuntimeError) as fault:
        raise RecipeError(f"the perceptual features do not fit ({fault})", file=path, remedy=remedy) from fault
    raise RecipeError("the file holds no features for a perceptual loss", file=path, remedy=remedy)


@torch.inference_mode()
def mean_features(features: Features, planes: Sequence[Plane]) -> NDArray[np.float32]:
    """Means over each image of the last tap's features, ``[N, C]``, of planes ``[S, S]`` in -1 to 1."""
    parts = [features(torch.from_numpy(plane)[None, None])[-1].mean(dim=(2, 3)) for plane in planes]
    return np.asarray(torch.cat(parts).numpy())


def perceptual_loss(features: Features, drawn: Tensor, real: Tensor, *, scale: Scale = "spread") -> Tensor:
    """Distance of the feature maps of two patches; see distances.feature_distance."""
    return feature_distance(*both(features, drawn, real), scale=scale)


def both(features: Features, drawn: Tensor, real: Tensor) -> tuple[list[Tensor], list[Tensor]]:
    """Feature maps of what was drawn, and of what was wanted, through which nothing is learned."""
    features = features.to(drawn.device)
    with torch.no_grad():
        wanted = features(real)
    return features(drawn), wanted


def compared(features: Features, drawn: Sequence[Tensor], real: Tensor) -> tuple[Tensor, Tensor]:
    """Perceptual and style loss of several images of the same truth, summed over images and taps (Liu et al. 2018)."""
    features = features.to(real.device)
    with torch.no_grad():
        wanted = features(real)
    found = [features(image) for image in drawn]
    perceptual = [feature_distance(one, wanted, scale="none") for one in found]
    style = [gram_distance(one, wanted) for one in found]
    return torch.stack(perceptual).sum(), torch.stack(style).sum()


def _frozen(features: Features, title: str, path: str) -> Features:
    taps = ", ".join(features.taps)
    features.words = f"Perceptual features: {title} ({Path(path).name}, SHA-256 {file_sha256(Path(path))}), at {taps}."
    return features.eval().requires_grad_(False)


def _absent(path: str) -> RecipeError:
    """What is missing, where it comes from, and how it is brought here; VGG-16 where the name does not say."""
    name, sha256 = SOURCES["VGG-19" if "19" in Path(path).name else "VGG-16"]
    return RecipeError(
        f"the perceptual features are missing: torchvision's ImageNet weights {name} (SHA-256 {sha256}) as safetensors",
        file=path,
        remedy="Convert that file as docs/training.md shows, or set loss.features to a context encoder's checkpoint",
    )
