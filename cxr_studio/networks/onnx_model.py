"""Models that were not written here, as the networks of their roles: whoever asks one sees no difference."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from cxr_studio.errors import CheckpointError
from cxr_studio.networks.card import Card, Role
from cxr_studio.networks.gated import InsertNetwork
from cxr_studio.networks.hole_network import HoleNetwork
from cxr_studio.networks.onnx_ports import Ports, ports_of
from cxr_studio.networks.onnx_session import Array, OnnxSession
from cxr_studio.networks.whole_image import WholeImageNetwork


class Model:
    """Speaks with an ONNX model in grey -1 to 1.

    Args:
        session: The model.
    """

    def __init__(self, session: OnnxSession) -> None:
        self.session = session

    @property
    def ports(self) -> Ports:
        """How it is given an image."""
        return self.session.ports

    def ask(self, image: Tensor, drawn: Tensor | None = None, **others: Array | None) -> Tensor:
        """Answer.

        Args:
            image: ``[N, 1, S, S]``, -1 to 1.
            drawn: ``[N, 1, S, S]``, 1 where the model is to draw; None for a role without a mask.
            others: Further inputs by what they are in the table [onnx]; None is left out.

        Returns:
            ``float32 [N, 1, S, S]`` on the image's device, -1 to 1 (slightly beyond is possible).
        """
        ports = self.ports
        grey = _scaled(image.detach().float().cpu().numpy(), (-1.0, 1.0), ports.range)
        inputs: dict[str, Array] = {}
        if drawn is not None:
            marks = drawn.detach().float().cpu().numpy()
            if ports.blank is not None:
                grey = np.where(marks > 0.5, np.float32(ports.blank), grey)
            inputs["mask"] = marks if ports.marked else 1 - marks
        whole = np.repeat(grey, ports.channels, axis=1)
        inputs["image"] = np.concatenate([whole, inputs.pop("mask")], axis=1) if ports.stacked else whole
        inputs |= {name: value for name, value in others.items() if value is not None}
        named = {getattr(ports, name): np.ascontiguousarray(value) for name, value in inputs.items()}
        answer = self.session.run({name: value for name, value in named.items() if name})
        back = _scaled(answer.mean(axis=1, keepdims=True), ports.answer_range, (-1.0, 1.0))
        return torch.from_numpy(back).to(image.device)

    @property
    def label_count(self) -> int:
        """Labels that it takes; 0 for none."""
        return self.session.shape(self.ports.labels)[-1] if self.ports.labels else 0

    def noise(self, count: int, rng: torch.Generator | None) -> Array | None:
        """Normal noise for the input that asks for it, a row an image."""
        if not self.ports.noise:
            return None
        drawn = torch.randn((count, *self.session.shape(self.ports.noise)[1:]), generator=rng)
        return np.asarray(drawn.numpy())


class OnnxHole(HoleNetwork):
    """Role "restore": the answer's central square."""

    def __init__(self, model: Model, card: Card) -> None:
        super().__init__(input_side=card.input_side, hole_side=card.hole_side)
        self.model = model

    def forward(self, image: Tensor, hole: Tensor) -> Tensor:
        """See HoleNetwork. Noise, where the model takes some, is always the same."""
        noise = self.model.noise(len(image), torch.Generator().manual_seed(0))
        answer = self.model.ask(image, hole, noise=noise)
        margin = (self.input_side - self.hole_side) // 2
        centre = slice(margin, margin + self.hole_side)
        return answer[..., centre, centre]


class OnnxInsert(InsertNetwork):
    """Role "insert": one stage."""

    def __init__(self, model: Model, card: Card) -> None:
        super().__init__(input_side=card.input_side)
        self.model = model

    def forward(self, patch: Tensor, mask: Tensor, contrast: Tensor) -> tuple[Tensor, Tensor]:
        """See InsertNetwork."""
        noise = self.model.noise(len(patch), torch.Generator().manual_seed(0))
        given = contrast.detach().float().cpu().numpy() if self.model.ports.contrast else None
        answer = self.model.ask(patch, mask, contrast=given, noise=noise)
        return answer, answer


class OnnxWhole(WholeImageNetwork):
    """Roles "surround" and "translate"."""

    def __init__(self, model: Model, card: Card) -> None:
        super().__init__(input_side=card.input_side)
        self.model = model
        self.surrounds = card.role is Role.SURROUND

    def forward(self, image: Tensor, given: Tensor | None = None, rng: torch.Generator | None = None) -> Tensor:
        """See WholeImageNetwork."""
        noise = self.model.noise(len(image), rng)
        if self.surrounds and given is not None:
            return self.model.ask(image, 1 - given, noise=noise)
        labels = None if given is None else given.detach().float().cpu().numpy()
        return self.model.ask(image, labels=labels, noise=noise)


KINDS: dict[Role, type[OnnxHole] | type[OnnxInsert] | type[OnnxWhole]] = {
    Role.RESTORE: OnnxHole,
    Role.INSERT: OnnxInsert,
    Role.SURROUND: OnnxWhole,
    Role.TRANSLATE: OnnxWhole,
}
"""Roles that a model from elsewhere can have."""


def onnx_network(path: Path, card: Card) -> nn.Module:
    """Load the model of an ONNX file as the network of its card's role.

    Args:
        path: The .onnx file.
        card: The card beside it.

    Raises:
        CheckpointError: as ``OnnxSession`` does, or a model of that role cannot come in through ONNX.
    """
    if card.role not in KINDS:
        raise CheckpointError(
            f"a model of role {card.role.value} cannot come in as an ONNX file",
            file=path,
            remedy=f"Roles that can are {', '.join(role.value for role in KINDS)}",
        )
    model = Model(OnnxSession(path, ports_of(card), side=card.input_side))
    return KINDS[card.role](model, card)


def _scaled(values: Array, one: tuple[float, float], other: tuple[float, float]) -> Array:
    """Values of one range in another."""
    share = (values - np.float32(one[0])) / np.float32(one[1] - one[0])
    return np.asarray(share * np.float32(other[1] - other[0]) + np.float32(other[0]), np.float32)
