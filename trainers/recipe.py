"""A training recipe: one TOML file, validated whole, with every fault told at once."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from cxr_studio.errors import RecipeError
from trainers.systems import recipe_class

Fraction = Annotated[float, Field(ge=0, le=1)]
Positive = Annotated[int, Field(gt=0)]
Beta = Annotated[float, Field(ge=0, lt=1)]

OVERRIDE = "# changed when started: "
"""Begins a line of a recipe's text that names an override."""


class Part(BaseModel):
    """A section of the recipe; unknown keys are faults."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Network(Part):
    """A network: a module of cxr_studio.networks (hyphens for underscores), its arguments, the side of what it sees."""

    architecture: str
    parameters: dict[str, Any] = Field(default_factory=dict)
    input_side: Positive


class Optimiser(Part):
    """Adam, or AdamW where there is weight decay.

    Attributes:
        rate: Learning rate (0.0002 in the paper).
        betas: Adam's betas (0.5, 0.999 in the paper).
        weight_decay: Decoupled weight decay.
        schedule: "constant", or "cosine" to zero over the whole training.
        warmup: Steps of linear warm-up.
        clip: Largest gradient norm, 0 = no clipping.
    """

    rate: Annotated[float, Field(gt=0)] = 2e-4
    betas: tuple[Beta, Beta] = (0.5, 0.999)
    weight_decay: Annotated[float, Field(ge=0)] = 0.0
    schedule: Literal["constant", "cosine"] = "constant"
    warmup: Annotated[int, Field(ge=0)] = 0
    clip: Annotated[float, Field(ge=0)] = 0.0


class Stage(Part):
    """One part of the training.

    Attributes:
        train: Names of the networks that learn.
        epochs: Length in passes over the images (times patches_per_image).
        adversarial: Whether the generator's loss holds the adversarial term.
        generator_every: The generator learns only in every n-th unit, frozen in between.
        discriminator_every: Likewise for the discriminators.
        unit: What is counted for the freezing: "steps" or "epochs".
    """

    train: tuple[str, ...]
    epochs: Annotated[float, Field(gt=0)]
    adversarial: bool = True
    generator_every: Positive = 1
    discriminator_every: Positive = 1
    unit: Literal["steps", "epochs"] = "steps"


class Run(Part):
    """How it runs.

    Attributes:
        batch: Patches a step, over all devices together.
        precision: Fabric's precision ("32-true", "bf16-mixed", "16-mixed").
        devices: Number of devices.
        workers: Data-loading processes, 0 = none.
        threads: CPU threads of torch, 0 = torch's own choice.
        snapshot_minutes: Minutes between snapshots.
        average: Decay of the averaged weights that are shipped, 0 = the raw weights.
        sheet: Samples on a sample sheet.
    """

    batch: Positive = 64
    precision: Literal["32-true", "bf16-mixed", "16-mixed"] = "32-true"
    devices: Positive = 1
    workers: Annotated[int, Field(ge=0)] = 0
    threads: Annotated[int, Field(ge=0)] = 0
    snapshot_minutes: Annotated[float, Field(gt=0)] = 5.0
    average: Annotated[float, Field(ge=0, lt=1)] = 0.0
    sheet: Positive = 12


class Recipe(Part):
    """What the recipes of all systems have; each system adds its own sections.

    Attributes:
        name: Registry name of the checkpoint.
        title: Name to show.
        task: Key of trainers.systems.SYSTEMS, which decides the sections that follow.
        seed: Seed of everything random.
        changes: What differs from the paper, a sentence each, for the card.
        credit: Training data and terms in a sentence, for the card.
    """

    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$")]
    title: str
    task: str
    seed: int = 1
    changes: tuple[str, ...] = ()
    credit: str = ""
    optimiser: Optimiser = Optimiser()
    run: Run = Run()


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
        return recipe_class(values.get("task")).model_validate(values)
    except ValidationError as fault:
        faults = "; ".join(_words(entry) for entry in fault.errors())
        count = "a fault" if fault.error_count() == 1 else f"{fault.error_count()} faults"
        raise RecipeError(f"the recipe has {count}: {faults}", file=path) from fault


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


def _words(entry: Any) -> str:
    place = ".".join(str(part) for part in entry["loc"]) or "recipe"
    return f"{place}: {entry['msg'].removeprefix('Value error, ')}"
