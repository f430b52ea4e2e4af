"""A study in a few words, as a dialog asks for them, and the protocol that follows; the templates say the rest."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from typing import Literal

from cxr_studio.nodules.built_in import SUPERPOSITION
from cxr_studio.resources import resource
from cxr_studio.settings import DEFAULT_GENERATOR
from cxr_studio.studies.protocol import Protocol, as_protocol

Design = Literal["filled", "nodule", "single"]

NODULE_WORDS = """
You will see two chest radiographs side by side. A nodule has been drawn into one of them.
Choose the one with the nodule. If you are not sure, guess.
"""
CATCH_EVERY = 20
"""Cases for each of which one catch trial is added, where catches are wanted."""


@dataclass(frozen=True)
class Outline:
    """A study.

    Attributes:
        design: Pairs with a filled hole, pairs with a drawn nodule, or radiographs shown alone.
        pairs: Cases of each condition.
        readers: Planned readers.
        practice: Practice trials.
        generator: What fills the holes.
        hole: Side of a hole, pixels.
        diameter: Of the nodules, e.g. ``uniform:20,60px``.
        confidence: Steps of the scale, 0 for none.
        mark: "Mark where you see it".
        catches: Whether trials are mixed in whose change cannot be missed.
        title: Shown to readers; "" for the template's.
    """

    design: Design = "filled"
    pairs: int = 40
    readers: int = 8
    practice: int = 4
    generator: str = DEFAULT_GENERATOR
    hole: int = 64
    diameter: str = "uniform:20,60px"
    confidence: int = 0
    mark: bool = False
    catches: bool = False
    title: str = ""


def protocol_of(outline: Outline) -> Protocol:
    """The protocol of an outline.

    Raises:
        ProtocolError: it makes no valid protocol; names every fault.
    """
    template = "real-or-fake" if outline.design == "single" else "pairs-64"
    values = tomllib.loads(resource("studies", f"{template}.toml").read_text(encoding="utf-8"))
    study, fill = values["study"], {"generator": outline.generator, "hole": outline.hole, "grain": "spectrum"}
    study["readers"] = outline.readers
    values["conditions"] = [fill]
    if outline.design == "nodule":
        study |= {"name": "nodule-pairs", "title": "Which radiograph has a nodule?", "question": "nodule"}
        study["instructions"] = NODULE_WORDS
        values["conditions"] = [{"generator": SUPERPOSITION, "diameter": outline.diameter}]
    study["title"] = outline.title.strip() or study["title"]
    values["images"]["count"] = outline.pairs
    values["answer"] = {**values.get("answer", {}), "confidence": outline.confidence, "mark": outline.mark}
    values["practice"]["trials"] = outline.practice
    values["order"]["repeats"] = 0
    values["order"]["catches"] = max(1, outline.pairs // CATCH_EVERY) if outline.catches else 0
    return as_protocol(values)
