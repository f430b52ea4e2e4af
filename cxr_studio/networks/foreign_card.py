"""The card of a model that was not written here: a TOML file beside ``NAME.onnx``, ``NAME.card.toml``."""

from __future__ import annotations

import json
import tomllib
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator

from cxr_studio.errors import CheckpointError
from cxr_studio.files import replaced
from cxr_studio.networks.card import Card, Role

ONNX = "onnx"
"""Architecture on the card of such a model."""

ONNX_SUFFIX = ".onnx"
CARD_SUFFIX = ".card.toml"

OWN = ("architecture", "parameters")
"""Fields of a card that the table [onnx] stands for."""

BASE = "blank"
"""What stands in the hole of a model that fills one, unless its card says otherwise."""

HOW = "docs/adding-a-generator.md shows a whole card"


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
        raise CheckpointError(f"the card's table [onnx] is not valid: {_faults(fault)}", remedy=HOW) from fault
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


def card_beside(path: Path) -> Path:
    """Where the card of a model lies."""
    return path.with_name(path.name.removesuffix(ONNX_SUFFIX) + CARD_SUFFIX)


def read_foreign_card(path: Path) -> Card:
    """Read the card beside a model.

    Args:
        path: The .onnx file.

    Raises:
        CheckpointError: there is no card, or it is not valid; names the file and what is wrong.
    """
    beside = card_beside(path)
    if not path.is_file():
        raise CheckpointError("there is no such file", file=path, remedy="Check its name")
    try:
        values = tomllib.loads(beside.read_text(encoding="utf-8"))
    except FileNotFoundError as fault:
        raise CheckpointError(f"there is no card {beside.name} beside it", file=path, remedy=HOW) from fault
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as fault:
        raise CheckpointError(f"the card cannot be read ({fault})", file=beside, remedy=HOW) from fault
    try:
        card = _card(values)
        ports_of(card)
    except CheckpointError as fault:
        raise CheckpointError(fault.what, file=beside, remedy=fault.remedy) from fault
    try:
        return Card.from_json(card.to_json())  # refused for what every card is refused for
    except CheckpointError as fault:
        raise CheckpointError(fault.what, file=beside, remedy=HOW) from fault


def write_foreign_card(path: Path, card: Card) -> None:
    """Write the card of a model beside it, atomically.

    Args:
        path: The .onnx file.
        card: Its architecture is "onnx".

    Raises:
        WriteError: the file cannot be written.
    """
    plain = {name: value for name, value in asdict(card).items() if name not in (*OWN, "scores") and value}
    lines = [f"{name} = {_toml(value)}" for name, value in plain.items()]
    for table, values in (("scores", card.scores), (ONNX, card.parameters)):
        if values:
            lines += ["", f"[{table}]"]
            lines += [f"{_toml(str(name))} = {_toml(value)}" for name, value in values.items() if value is not None]
    with replaced(card_beside(path)) as beside:
        beside.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _card(values: dict[str, Any]) -> Card:
    own = [name for name in OWN if name in values]
    if own:
        raise CheckpointError(f"the card of an ONNX model has no {' and no '.join(own)}", remedy="Leave it out")
    needed = [one for one in ("name", "title", "role", "input_side") if one not in values]
    if needed:
        raise CheckpointError(f"the card says nothing of {', '.join(needed)}", remedy=HOW)
    roles = [role.value for role in Role]
    if values["role"] not in roles:
        raise CheckpointError(f"the card's role is {values['role']!r}", remedy=f"Choose one of {', '.join(roles)}")
    ports = values.pop(ONNX, {})
    if values["role"] == Role.RESTORE:
        values.setdefault("base", BASE)
    unknown = sorted(set(values) - {field.name for field in fields(Card)})
    if unknown:
        raise CheckpointError(f"the card has unknown fields: {', '.join(unknown)}", remedy=HOW)
    try:
        return TypeAdapter(Card).validate_python(values | {"architecture": ONNX, "parameters": ports})
    except ValidationError as fault:
        raise CheckpointError(f"the card is not valid: {_faults(fault)}", remedy=HOW) from fault


def _faults(fault: ValidationError) -> str:
    """Every fault with the field that it is in."""
    found = []
    for each in fault.errors():
        place, what = ".".join(str(part) for part in each["loc"]), each["msg"].removeprefix("Value error, ")
        found.append(f"{place}: {what}" if place else what)
    return "; ".join(found)


def _toml(value: object) -> str:
    """A TOML value: JSON's strings, numbers, truth values and lists are valid in it."""
    return json.dumps(list(value) if isinstance(value, tuple) else value, ensure_ascii=True)
