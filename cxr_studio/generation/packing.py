"""Steps and edits as bytes: safetensors arrays and a JSON object; no pickle."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cxr_studio.errors import ReadError
from cxr_studio.generation.edit import Edit
from cxr_studio.generation.history import Step
from cxr_studio.generation.provenance import Provenance
from cxr_studio.generation.result import Patch
from cxr_studio.masks.boxes import Box
from cxr_studio.masks.history import MaskDelta

Arrays = dict[str, NDArray[Any]]
Facts = dict[str, Any]


def pack(arrays: Arrays, facts: Facts) -> bytes:
    """Put arrays and facts into one safetensors file."""
    from safetensors.numpy import save

    solid = {name: np.ascontiguousarray(value) for name, value in arrays.items()}
    return bytes(save(solid, {"facts": json.dumps(facts)}))


def unpack(content: bytes) -> tuple[Arrays, Facts]:
    """Read what ``pack`` made.

    Raises:
        ReadError: damaged.
    """
    from safetensors import SafetensorError
    from safetensors.numpy import load

    try:
        arrays = load(content)
        length = int.from_bytes(content[:8], "little")
        facts = json.loads(json.loads(content[8 : 8 + length])["__metadata__"]["facts"])
        if not isinstance(facts, dict):
            raise ValueError("no facts")
    except (SafetensorError, ValueError, KeyError, TypeError, AttributeError) as fault:
        raise ReadError("the file is damaged", remedy="Use an earlier copy") from fault
    return arrays, facts


class Packer:
    """Collects steps and the edits that they share, each edit once."""

    def __init__(self) -> None:
        self.arrays: Arrays = {}
        self.edits: list[Edit] = []
        self._facts: list[Facts] = []

    def step(self, step: Step) -> Facts:
        """Add a step; returns the facts by which ``Unpacker.step`` finds it."""
        facts: Facts = {
            "label": step.label,
            "before": [self._edit(edit) for edit in step.before],
            "after": [self._edit(edit) for edit in step.after],
        }
        if step.painted is not None:
            name = f"painted.{len(self.arrays)}"
            self.arrays[name] = np.frombuffer(step.painted.to_bytes(), np.uint8)
            facts["painted"] = name
        return facts

    def facts(self) -> list[Facts]:
        """Facts of every edit that the steps refer to."""
        return self._facts

    def _edit(self, edit: Edit) -> int:
        for place, known in enumerate(self.edits):
            if known is edit:
                return place
        place = len(self.edits)
        self.edits.append(edit)
        self.arrays[f"edit.{place}.mask"] = np.frombuffer(edit.painted.to_bytes(), np.uint8)
        for k, patch in enumerate(edit.patches):
            self.arrays[f"edit.{place}.patch.{k}"] = patch.stored
        self._facts.append(
            {
                "number": edit.number,
                "title": edit.title,
                "enabled": edit.enabled,
                "beneath": edit.beneath,
                "boxes": [patch.box for patch in edit.patches],
                "provenance": asdict(edit.provenance),
            }
        )
        return place


class Unpacker:
    """Builds steps and edits again, checking that all fits the radiograph.

    Args:
        arrays: Of the file.
        facts: Of its edits, as ``Packer.facts`` gave them.
        shape: The radiograph's.
        dtype: Of its stored values.

    Raises:
        ReadError: damaged, or of another radiograph.
    """

    def __init__(
        self, arrays: Arrays, facts: list[Facts], *, shape: tuple[int, int], dtype: np.dtype[np.generic]
    ) -> None:
        self._arrays = arrays
        self._shape = shape
        self._dtype = dtype
        try:
            self.edits = [self._edit(place, one) for place, one in enumerate(facts)]
        except (KeyError, TypeError, ValueError, IndexError) as fault:
            raise ReadError("an edit in the file is damaged", remedy="Use an earlier copy") from fault

    def step(self, facts: Facts) -> Step:
        """Build one step.

        Raises:
            ReadError: damaged.
        """
        try:
            painted = facts.get("painted")
            delta = None if painted is None else self._delta(painted)
            before = tuple(self.edits[place] for place in facts["before"])
            after = tuple(self.edits[place] for place in facts["after"])
            return Step(str(facts["label"]), delta, before, after)
        except (KeyError, TypeError, IndexError, AttributeError) as fault:
            raise ReadError("a step in the file is damaged", remedy="Use an earlier copy") from fault

    def _delta(self, name: str) -> MaskDelta:
        return MaskDelta.from_bytes(self._arrays[name].tobytes(), self._shape)

    def _edit(self, place: int, facts: Facts) -> Edit:
        patches = tuple(
            self._patch(f"edit.{place}.patch.{k}", (int(b[0]), int(b[1]), int(b[2]), int(b[3])))
            for k, b in enumerate(facts["boxes"])
        )
        return Edit(
            number=int(facts["number"]),
            title=str(facts["title"]),
            painted=self._delta(f"edit.{place}.mask"),
            patches=patches,
            provenance=Provenance.read(facts["provenance"]),
            enabled=bool(facts["enabled"]),
            beneath=tuple(int(n) for n in facts["beneath"]),
        )

    def _patch(self, name: str, box: Box) -> Patch:
        values = self._arrays[name]
        fits = 0 <= box[0] <= box[2] <= self._shape[0] and 0 <= box[1] <= box[3] <= self._shape[1]
        if not fits or values.shape != (box[2] - box[0], box[3] - box[1]) or values.dtype != self._dtype:
            raise ValueError("a patch does not fit the radiograph")
        return Patch(box, values)
