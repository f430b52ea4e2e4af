"""The card of a checkpoint: everything about a network that its weights do not say."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, fields
from enum import StrEnum
from typing import Any

from cxr_studio.errors import CheckpointError
from cxr_studio.networks.geometry import Geometry, HoleGeometry, PatchGeometry, SquareGeometry

HOW = "docs/adding-a-generator.md shows a whole card"
"""What to do about a card that is not valid."""


class Role(StrEnum):
    """What a network does: fill a mask, find a structure ("segment"), draw a shape, box findings ("detect")."""

    RESTORE = "restore"
    INSERT = "insert"
    SURROUND = "surround"
    TRANSLATE = "translate"
    SEGMENT = "segment"
    SHAPE = "shape"
    DETECT = "detect"


@dataclass(frozen=True)
class Card:
    """Facts about one checkpoint, stored as JSON in its safetensors header.

    Attributes:
        name: Registry name, lower case with hyphens ("context-encoder").
        title: Name to show ("Context encoder, smooth").
        role: What it does.
        architecture: Module of ``cxr_studio.networks``, with hyphens for underscores ("context-encoder").
        parameters: Keyword arguments of the architecture.
        input_side: Side of the square that the network sees, in its own pixels.
        hole_side: Side of the central square that it fills, in its own pixels; 0 where it fills none.
        base: What stands in the hole before the network sees it: "blank" or "biharmonic"; "" where it fills none.
        mm_per_pixel: Size of the network's own pixel in the training images, mm (nominal where the
            data do not say); 0 where it sees whole images, whatever their size.
        reference_side: Longest side of the training images in pixels: where a radiograph has no
            spacing, its longest side is taken to be this many network pixels; 0 with whole images.
        labels: Of role "translate": the findings that it can draw, in the order in which the network is given them;
            () for a network that repairs blindly.
        stochastic: True when other seeds give other anatomy (grain aside).
        weights_count: Number of trainable parameters.
        gflop: Floating-point operations of one request, 1e9 (a multiply-add counts 2).
        data: Training data in a sentence, with its terms.
        recipe: The recipe, TOML text.
        steps: Optimiser steps taken.
        seconds: Wall time of the training, s.
        hardware: What it was trained on.
        changes: What differs from the paper, a sentence each.
        scores: Measured figures by name; README says which command reproduces them.
        licence: Terms of the weights.
    """

    name: str
    title: str
    role: Role
    architecture: str
    parameters: dict[str, Any]
    input_side: int
    hole_side: int = 0
    base: str = ""
    mm_per_pixel: float = 0.0
    reference_side: int = 0
    labels: tuple[str, ...] = ()
    stochastic: bool = False
    weights_count: int = 0
    gflop: float = 0.0
    data: str = ""
    recipe: str = ""
    steps: int = 0
    seconds: float = 0.0
    hardware: str = ""
    changes: tuple[str, ...] = ()
    scores: dict[str, float] = field(default_factory=dict)
    licence: str = ""

    @property
    def geometry(self) -> Geometry:
        """What the network sees and draws, as its role has it."""
        if self.role is Role.RESTORE:
            return HoleGeometry.of(self)
        return PatchGeometry.of(self) if self.role is Role.INSERT else SquareGeometry.of(self)

    @property
    def takes_donors(self) -> bool:
        """True where the network draws into the fill of another generator, its base, or repairs a donor."""
        return self.role is Role.RESTORE and self.base not in ("", "blank", "biharmonic")

    def to_json(self) -> str:
        """Return the card as one JSON object with sorted keys."""
        return json.dumps(asdict(self), sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> Card:
        """Read a card.

        Raises:
            CheckpointError: the text is no JSON object, or a field is missing or unknown.
        """
        try:
            values = json.loads(text)
            known = {f.name for f in fields(cls)}
            unknown = sorted(set(values) - known)
            if unknown:
                raise CheckpointError(f"the card has unknown fields: {', '.join(unknown)}")
            if faults := [*_faults(values)]:
                raise CheckpointError(
                    f"the card is not valid: {'; '.join(faults)}", remedy="Export the checkpoint again"
                )
            values["role"] = Role(values["role"])
            values["changes"] = tuple(values.get("changes", ()))
            values["labels"] = tuple(values.get("labels", ()))
            card = cls(**values)
        except (ValueError, TypeError, KeyError, AttributeError) as fault:
            raise CheckpointError(
                f"the checkpoint's card is not readable ({fault})", remedy="Export the checkpoint again"
            ) from fault
        if faults := [*card.geometry.faults()]:
            what = f"the card does not suit role {card.role}: {'; '.join(faults)}"
            raise CheckpointError(what, remedy="Correct the card and export the checkpoint again")
        return card


TEXTS = ("name", "title", "role", "architecture", "base", "data", "recipe", "hardware", "licence")
COUNTS = ("input_side", "hole_side", "reference_side", "weights_count", "steps")
NUMBERS = ("mm_per_pixel", "gflop", "seconds")


def _faults(values: Mapping[str, Any]) -> Iterator[str]:
    """What is of the wrong kind: whoever shows a card relies on it."""
    for name, value in values.items():
        if name in TEXTS and not isinstance(value, str):
            yield f"{name} is not a text"
        if name in COUNTS and (type(value) is not int or value < 0):
            yield f"{name} is not a whole number from 0 up"
        if name in NUMBERS and not (_number(value) and value >= 0):
            yield f"{name} is not a number from 0 up"
    if not isinstance(values.get("parameters", {}), dict):
        yield "parameters is not a table"
    scores = values.get("scores", {})
    if not isinstance(scores, dict) or not all(_number(value) for value in scores.values()):
        yield "scores is not a table of numbers"
    for name in ("changes", "labels"):
        texts = values.get(name, [])
        if not isinstance(texts, list | tuple) or not all(isinstance(text, str) for text in texts):
            yield f"{name} is not a list of texts"


def _number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
