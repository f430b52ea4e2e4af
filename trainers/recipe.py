"""A training recipe: one TOML file, validated whole, with every fault told at once."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from cxr_studio.errors import RecipeError

Side = Literal["generator", "discriminator"]
Fraction = Annotated[float, Field(ge=0, le=1)]
Positive = Annotated[int, Field(gt=0)]

JUDGED_SIDE = 64
"""Least side in pixels of the square that the discriminator judges: its convolutions leave nothing of a smaller one."""


class Part(BaseModel):
    """A section of the recipe; unknown keys are faults."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Images(Part):
    """Where patches come from.

    Attributes:
        train: Folder of training radiographs (healthy ones).
        val: Folder of held-out radiographs of other patients.
        mode: "lungs" cuts patches centred on random points in two lung boxes, "whole" shrinks the
            image to one patch.
        anywhere_share: Share of the "lungs" patches that are centred anywhere in the image instead.
        patches_per_image: Patches an image gives an epoch (the paper takes 20).
        zoom: Range of random magnification of a patch; 1.0 to 1.0 is none.
        zoom_share: Share of the patches that are magnified.
        flip: Mirror half of the patches left to right.
        gamma: Range of a random exponent on grey 0 to 1; 1.0 to 1.0 is none.
    """

    train: str
    val: str
    mode: Literal["lungs", "whole"] = "lungs"
    anywhere_share: Fraction = 0.0
    patches_per_image: Positive = 20
    zoom: tuple[float, float] = (1.0, 1.0)
    zoom_share: Fraction = 0.5
    flip: bool = False
    gamma: tuple[float, float] = (1.0, 1.0)


class Network(Part):
    """A generator: key of networks.registry.ARCHITECTURES, and its arguments."""

    architecture: str
    parameters: dict[str, Any] = Field(default_factory=dict)
    input_side: Positive = 128
    hole_side: Positive = 64
    base: Literal["blank", "biharmonic"] = "blank"


class Holes(Part):
    """Shapes of the holes: a share of plain squares, the rest from a bank of drawn shapes of this size."""

    square_share: Fraction = 1.0
    bank: Annotated[int, Field(ge=0, le=512)] = 0

    @model_validator(mode="after")
    def _bank_needed(self) -> Holes:
        if self.square_share < 1 and self.bank == 0:
            raise ValueError("a square_share below 1 needs a bank of at least 1 shape")
        return self


class Loss(Part):
    """Reconstruction and adversarial terms.

    Attributes:
        kind: "l2" as in the paper; "rms", the mean over patches of the root-mean-square error; or "log-l2",
            the mean over patches of the log mean-squared error (each counts the same in decibels).
        reconstruction: Weight of the reconstruction (0.998 in the paper).
        adversarial: Weight of the adversarial term (0.002 in the paper).
        border: Width in pixels of the hole's border that counts more (4 in the paper).
        border_weight: How much more (10 in the paper).
    """

    kind: Literal["l2", "rms", "log-l2"] = "l2"
    reconstruction: Annotated[float, Field(ge=0)] = 0.998
    adversarial: Annotated[float, Field(ge=0)] = 0.002
    border: Annotated[int, Field(ge=0, le=32)] = 4
    border_weight: Annotated[float, Field(ge=1)] = 10.0


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
    betas: tuple[Fraction, Fraction] = (0.5, 0.999)
    weight_decay: Annotated[float, Field(ge=0)] = 0.0
    schedule: Literal["constant", "cosine"] = "constant"
    warmup: Annotated[int, Field(ge=0)] = 0
    clip: Annotated[float, Field(ge=0)] = 0.0


class Stage(Part):
    """One part of the training.

    Attributes:
        train: Which sides learn.
        epochs: Length in passes over the images (times patches_per_image).
        adversarial: Whether the generator's loss holds the adversarial term.
        generator_every: The generator learns only in every n-th unit, frozen in between.
        discriminator_every: Likewise for the discriminator.
        unit: What is counted for the freezing: "steps" or "epochs".
    """

    train: tuple[Side, ...]
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
        sheet: Holes on a sample sheet.
        val_holes: Held-out holes scored at each snapshot.
    """

    batch: Positive = 64
    precision: Literal["32-true", "bf16-mixed", "16-mixed"] = "32-true"
    devices: Positive = 1
    workers: Annotated[int, Field(ge=0)] = 0
    threads: Annotated[int, Field(ge=0)] = 0
    snapshot_minutes: Annotated[float, Field(gt=0)] = 5.0
    average: Annotated[float, Field(ge=0, lt=1)] = 0.0
    sheet: Positive = 12
    val_holes: Positive = 240


class Recipe(Part):
    """Everything that decides a training.

    Attributes:
        name: Registry name of the checkpoint.
        title: Name to show.
        task: Key of trainers.tasks.TASKS.
        seed: Seed of everything random.
        changes: What differs from the paper, a sentence each, for the card.
        credit: Training data and terms in a sentence, for the card.
        discriminator_width: Channels of the discriminator's first convolution.
    """

    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$")]
    title: str
    task: Literal["context-encoder"]
    seed: int = 1
    changes: tuple[str, ...] = ()
    credit: str = ""
    discriminator_width: Positive = 64
    images: Images
    generator: Network
    holes: Holes = Holes()
    loss: Loss = Loss()
    optimiser: Optimiser = Optimiser()
    stages: Annotated[tuple[Stage, ...], Field(min_length=1)]
    run: Run = Run()

    @model_validator(mode="after")
    def _large_enough_to_judge(self) -> Recipe:
        judged = any("discriminator" in s.train or (s.adversarial and self.loss.adversarial) for s in self.stages)
        if judged and self.generator.hole_side < JUDGED_SIDE:
            raise ValueError(f"the discriminator needs a generator.hole_side of at least {JUDGED_SIDE}")
        return self


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
        values = tomllib.loads(text)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as fault:
        raise RecipeError(
            f"the recipe cannot be read ({fault})", file=path, remedy="Mend it and start again"
        ) from fault
    for override in overrides:
        _apply(values, override)
        text += f"\n# changed when started: {override}"
    try:
        return Recipe.model_validate(values), text
    except ValidationError as fault:
        faults = "; ".join(_words(entry) for entry in fault.errors())
        raise RecipeError(f"the recipe has {fault.error_count()} fault(s): {faults}", file=path) from fault


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
    return f"{place}: {entry['msg']}"
