"""What a result was made from: the same provenance gives the same pixels on the same device."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

import numpy as np

from cxr_studio.generation.generators import GeneratorFacts
from cxr_studio.generation.hashing import array_sha256
from cxr_studio.generation.options import encoded
from cxr_studio.generation.precision import precision_on
from cxr_studio.generation.request import AnyRequest, Region
from cxr_studio.networks.card import Role
from cxr_studio.version import program_version


@dataclass(frozen=True)
class Provenance:
    """Enough to make the same pixels again on the same device.

    Attributes:
        input_sha256: Of the request's stored values (dtype, shape and bytes).
        mask_sha256: Of the mask (shape and packed bits), "" where the request has none.
        generator: Registry name.
        checkpoint_sha256: Of the checkpoint file, "" for a built-in generator.
        card: The checkpoint's card as a JSON object without its recipe, {} for a built-in generator; with the hashes
            of other networks that had a part.
        options: The role's options as a JSON object.
        unit: The request's unit range.
        device: "cpu", "cuda:0", "mps".
        version: Version of CXR Studio.
        donors: Where the pixels of each region come from, a JSON object a region; empty where nothing was copied.
        role: What the generator does: a value of ``networks.card.Role``.
        box: The request's box ``y0, x0, y1, x1``, () where it has none.
        kept_sha256: Of the stored values that had to stay as they are (the box of "surround"), "" where that is
            everything but a mask.
        measured: Figures of what was drawn: a nodule's margin and how well it stands out, say.
        precision: "bf16" where networks ran in bfloat16 on the processor, else "".
    """

    input_sha256: str
    mask_sha256: str
    generator: str
    checkpoint_sha256: str
    card: dict[str, object]
    options: dict[str, object]
    unit: tuple[float, float]
    device: str
    version: str
    donors: tuple[dict[str, object], ...] = ()
    role: str = Role.RESTORE.value
    box: tuple[int, ...] = ()
    kept_sha256: str = ""
    measured: dict[str, object] = field(default_factory=dict)
    precision: str = ""

    @classmethod
    def read(cls, stated: Mapping[str, Any]) -> Provenance:
        """Build it from ``asdict`` of one; a file of an older version says no role.

        Raises:
            TypeError: a field is missing.
            KeyError: a field is missing.
        """
        known = {each.name for each in fields(cls)}
        values = {name: value for name, value in stated.items() if name in known}
        values["unit"] = tuple(values["unit"])
        values["donors"] = tuple(values.get("donors", ()))
        values["box"] = tuple(values.get("box", ()))
        values["role"] = role_of(stated)
        return cls(**values)


def provenance_of(request: AnyRequest, generator: GeneratorFacts, device: str) -> Provenance:
    """State how an answer to a request can be made again; ``with_parts`` adds what only drawing it shows."""
    card = {} if generator.card is None else json.loads(generator.card.to_json())
    card.pop("recipe", None)
    return Provenance(
        input_sha256=array_sha256(request.image.stored),
        mask_sha256=_mask_sha256(request.region),
        generator=generator.name,
        checkpoint_sha256=generator.checkpoint.sha256 if generator.checkpoint else "",
        card=card,
        options=encoded(request.options),
        unit=request.image.unit,
        device=device,
        version=program_version(),
        role=generator.role.value,
        box=request.region if isinstance(request.region, tuple) else (),
        precision=precision_on(device) if generator.checkpoint else "",
    )


def with_parts(
    stated: Provenance,
    *,
    parts: Mapping[str, object],
    donors: tuple[dict[str, object], ...] = (),
    kept_sha256: str = "",
    measured: Mapping[str, object] | None = None,
) -> Provenance:
    """Add the other networks that had a part, where copied pixels come from, what had to stay, and figures."""
    card = {**stated.card, **parts}
    return replace(stated, card=card, donors=donors, kept_sha256=kept_sha256, measured=dict(measured or {}))


def _mask_sha256(region: Region) -> str:
    return array_sha256(region) if isinstance(region, np.ndarray) else ""


def role_of(stated: Mapping[str, Any]) -> str:
    """The role in a provenance as a JSON object.

    Before version 0.2 it said none: nodules had a diameter, everything else filled a mask.
    """
    old = Role.INSERT if "diameter" in stated["options"] else Role.RESTORE
    return str(stated.get("role", old.value))
