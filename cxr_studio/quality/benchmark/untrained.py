"""Comparators of the papers that a table of all generators lacks: a row each that says so, and how they are trained."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable

from cxr_studio.quality.benchmark.candidates import Candidate
from cxr_studio.quality.benchmark.papers import FILE
from cxr_studio.resources import resource

BRING = "is not here: bring weights, as an ONNX file with a card (docs/adding-a-generator.md)"


def untrained_of(table: str, candidates: Iterable[Candidate]) -> list[tuple[str, str]]:
    """Titles of the comparators that are not among the candidates, and how each comes into the table.

    Args:
        table: "masks", or "methods" as in Shen's Table I.
        candidates: Who takes part.
    """
    listed = tomllib.loads(resource("qa", FILE).read_text(encoding="utf-8"))["comparators"]
    there = {one.card.name for one in candidates if one.card is not None}
    missing = [name for name in listed[table] if name not in there]
    found = [(_title(name), f"is not trained here: cxr-studio train {_recipe(name)}") for name in missing]
    brought = [name for name in listed["brought"] if name.lower() not in there]
    return [*found, *((name, BRING) for name in brought)]


def _recipe(name: str) -> str:
    return f"resources/recipes/{name}-compact.toml"


def _title(name: str) -> str:
    content = tomllib.loads(resource("recipes", f"{name}-compact.toml").read_text(encoding="utf-8"))
    return str(content["title"])
