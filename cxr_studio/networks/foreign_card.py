"""The card of a model that was not written here: a TOML file beside ``NAME.onnx``, ``NAME.card.toml``."""

from __future__ import annotations

import json
import tomllib
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

from cxr_studio.errors import CheckpointError
from cxr_studio.files import replaced
from cxr_studio.networks.card import HOW, Card, Role

ONNX = "onnx"
"""Architecture on the card of such a model."""

ONNX_SUFFIX = ".onnx"
CARD_SUFFIX = ".card.toml"

OWN = ("architecture", "parameters")
"""Fields of a card that the table [onnx] stands for."""

BASE = "blank"
"""What stands in the hole of a model that fills one, unless its card says otherwise."""


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
    from cxr_studio.networks.onnx_ports import ports_of  # with pydantic, which a start without such a model spares

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
    from pydantic import TypeAdapter, ValidationError

    from cxr_studio.networks.onnx_ports import faults_of

    try:
        return TypeAdapter(Card).validate_python(values | {"architecture": ONNX, "parameters": ports})
    except ValidationError as fault:
        raise CheckpointError(f"the card is not valid: {faults_of(fault)}", remedy=HOW) from fault


def _toml(value: object) -> str:
    """A TOML value: JSON's strings, numbers, truth values and lists are valid in it."""
    return json.dumps(list(value) if isinstance(value, tuple) else value, ensure_ascii=True)
