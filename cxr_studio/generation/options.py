"""What a role's options have in common, and how they travel into provenance and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Protocol, TypeVar

from cxr_studio.errors import GeneratorError


class Options(Protocol):
    """A frozen dataclass; each role has its own."""

    @property
    def generator(self) -> str:
        """Registry name, or path of a checkpoint file."""

    @property
    def seed(self) -> int:
        """Seed of everything random in the answer."""


O = TypeVar("O")  # noqa: E741


def encoded(options: Options) -> dict[str, object]:
    """Options as a JSON object, as provenance keeps them."""
    return asdict(options)  # type: ignore[call-overload, no-any-return]


def decoded(kind: type[O], stated: Mapping[str, Any]) -> O:
    """Options of a role from what ``encoded`` gave; what this version does not know is left out.

    A role whose options had other names before translates them: ``of_older(stated)`` of its class.

    Raises:
        GeneratorError: a value is missing or of the wrong kind.
    """
    from pydantic import TypeAdapter, ValidationError

    known_now = getattr(kind, "of_older", dict)
    try:
        return TypeAdapter(kind).validate_python(known_now(stated))
    except ValidationError as fault:
        first = fault.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "options"
        what = f"the options of the edit cannot be read ({where}: {first['msg']})"
        raise GeneratorError(what, remedy="Make the edit again") from fault
