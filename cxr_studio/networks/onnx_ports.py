"""The table ``[onnx]`` on the card of a model that was not written here: what goes in and what comes out."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from cxr_studio.errors import CheckpointError
from cxr_studio.networks.card import HOW, Card, Role


class Ports(BaseModel):
    """The table ``[onnx]``: how the model is given a radiograph and what it gives back.

    Attributes:
        image: Name of the input with the image, ``float [N, C, S, S]``.
        mask: Name of the input with the mask, ``float [N, 1, S, S]``; "" where the mask is the last channel of the
            image's input, or where the role has none.
        contrast: Role "insert" only: name of the input with the contrast map, "" where the model takes none.
        labels: Role "translate" only: the input with the wanted labels, ``float [N, c]``; "" for a blind repair.
        noise: Name of an input of any shape that is filled with normal noise of the seed, "" where there is none.
        output: Name of the answer, ``float [N, C, S, S]``, the size of the image.
        channels: 1, or 3 for a colour model: grey is repeated, and the mean of the answer's channels is taken.
        stacked: True where the mask is the last channel of the image's input.
        range: What black and white of the unit range are in the image's input.
        output_range: The same of the answer; as ``range`` where it is not given.
        marked: Mask value of the pixels that are to be drawn: 1, or 0 for a model that is told what is kept.
        blank: What stands in the image where it is to be drawn, in the model's own range; else as ``base`` says.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    image: str = "image"
    mask: str = ""
    contrast: str = ""
    labels: str = ""
    noise: str = ""
    output: str = "output"
    channels: Literal[1, 3] = 1
    stacked: bool = False
    range: tuple[float, float] = (-1.0, 1.0)
    output_range: tuple[float, float] | None = None
    marked: Literal[0, 1] = 1
    blank: float | None = Field(default=None, allow_inf_nan=False)

    @model_validator(mode="after")
    def _sensible(self) -> Ports:
        for name, span in (("range", self.range), ("output_range", self.answer_range)):
            if not span[0] < span[1]:
                raise ValueError(f"{name} is not [black, white] with black below white")
        if self.stacked and self.mask:
            raise ValueError("a stacked mask has no input of its own: leave out mask, or stacked")
        return self

    @property
    def answer_range(self) -> tuple[float, float]:
        """Black and white in the answer."""
        return self.range if self.output_range is None else self.output_range

    @property
    def inputs(self) -> tuple[str, ...]:
        """Names of the inputs that are given."""
        return tuple(name for name in (self.image, self.mask, self.contrast, self.labels, self.noise) if name)


def ports_of(card: Card) -> Ports:
    """The table ``[onnx]`` of a card.

    Raises:
        CheckpointError: it is not valid; names every fault.
    """
    try:
        ports = Ports.model_validate(card.parameters)
    except ValidationError as fault:
        raise CheckpointError(f"the card's table [onnx] is not valid: {faults_of(fault)}", remedy=HOW) from fault
    if card.role in (Role.RESTORE, Role.INSERT, Role.SURROUND) and not (ports.mask or ports.stacked):
        raise CheckpointError(
            f"the card's table [onnx] names no mask, which a model of role {card.role.value} needs",
            remedy='Add mask = "NAME", or stacked = true where it is the last channel of the image',
        )
    if card.role is Role.INSERT and not ports.contrast:
        raise CheckpointError(
            "the card's table [onnx] names no contrast, which a model of role insert needs",
            remedy='Add contrast = "NAME"',
        )
    if card.role is Role.RESTORE and not 0 < card.hole_side < card.input_side:
        raise CheckpointError("the card's hole_side is not between 0 and input_side", remedy="Correct hole_side")
    return ports


def faults_of(fault: ValidationError) -> str:
    """Every fault with the field that it is in."""
    found = []
    for each in fault.errors():
        place, what = ".".join(str(part) for part in each["loc"]), each["msg"].removeprefix("Value error, ")
        found.append(f"{place}: {what}" if place else what)
    return "; ".join(found)
