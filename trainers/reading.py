"""Read a recipe: one TOML file, validated whole, with every fault named at once."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from cxr_studio.errors import RecipeError
from trainers.finding import find_system
from trainers.recipe import Recipe

OVERRIDE = "# changed when started: "
"""Begins a line of a recipe's text that names an override."""


def read_recipe(path: str | Path, overrides: tuple[str, ...] = ()) -> tuple[Recipe, str]:
    """Read a recipe.

    Args:
        path: A TOML file; image folders in it are relative to the current folder.
        overrides: ``section.key=value`` with a TOML value, e.g. ``run.batch=8``.

    Returns:
        The recipe and its text as TOML, with overrides named in a comment at the end.

    Raises:
        RecipeError: unreadable, no TOML, or invalid; names every fault.
    """
    path = Path(path)
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as fault:
        raise RecipeError(f"the recipe cannot be read ({fault})", file=path, remedy="Fix it and try again") from fault
    recipe = recipe_from(text, path, overrides)
    return recipe, text + "".join(f"\n{OVERRIDE}{override}" for override in overrides)


def recipe_from(text: str, path: Path, overrides: tuple[str, ...] = ()) -> Recipe:
    """Make a recipe of its TOML text; see ``read_recipe``.

    Raises:
        RecipeError: no TOML, or invalid; names every fault.
    """
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        raise RecipeError(f"the recipe cannot be read ({fault})", file=path, remedy="Fix it and try again") from fault
    for override in overrides:
        _apply(values, override)
    try:
        return find_system(values.get("task")).recipe.model_validate(values)
    except ValidationError as fault:
        faults = [_words(entry) for entry in fault.errors() if not _follows(entry)]
        count = "a fault" if len(faults) == 1 else f"{len(faults)} faults"
        raise RecipeError(f"the recipe has {count}: {'; '.join(faults)}", file=path) from fault


def _apply(values: dict[str, Any], override: str) -> None:
    key, sign, value = override.partition("=")
    *sections, name = key.strip().split(".")
    try:
        if not sign:
            raise ValueError("no '='")
        parsed = tomllib.loads(f"value = {value}")["value"]
        for section in sections:
            values = values.setdefault(section, {})
        values[name] = parsed
    except (ValueError, AttributeError, TypeError) as fault:
        raise RecipeError(f"the override {override!r} is not section.key=value with a TOML value") from fault


def _follows(entry: Any) -> bool:
    """True for a list that is too short only because a fault of its own was found in it."""
    return entry["type"] == "too_short" and bool(entry["input"])


WORDS = {
    "missing": "is missing",
    "extra_forbidden": "is not known here; check its spelling",
    "tuple_type": "has to be a list, in brackets",
    "model_type": "has to be a section",
    "too_short": "is empty",
}
"""Kind of fault, as pydantic calls it → what to say in its place."""


def _words(entry: Any) -> str:
    place = ".".join(str(part) for part in entry["loc"]) or "recipe"
    if entry["type"] in WORDS:
        return f"{place} {WORDS[entry['type']]}"
    return f"{place}: {entry['msg'].removeprefix('Value error, ')}"
