"""What every training recipe has: sections that are checked whole; each system adds its own."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

Fraction = Annotated[float, Field(ge=0, le=1)]
Positive = Annotated[int, Field(gt=0)]
Beta = Annotated[float, Field(ge=0, lt=1)]


class Part(BaseModel):
    """A section of the recipe; unknown keys are faults."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Network(Part):
    """A network: a module of cxr_studio.networks (hyphens for underscores), its arguments, the side of what it sees."""

    architecture: str
    parameters: dict[str, Any] = Field(default_factory=dict)
    input_side: Positive


class Optimiser(Part):
    """Adam, or AdamW where there is weight decay; or gradient descent with momentum.

    Attributes:
        kind: "adam" or "sgd".
        rate: Learning rate (0.0002 in the paper).
        betas: Adam's betas (0.5, 0.999 in the paper).
        momentum: Of "sgd".
        weight_decay: Decoupled weight decay; of "sgd" added to the gradient.
        schedule: "constant", "cosine" to zero over the whole training, or "half-linear": constant, and to zero over its
            second half.
        warmup: Steps of linear warm-up.
        clip: Largest gradient norm, 0 = no clipping.
    """

    kind: Literal["adam", "sgd"] = "adam"
    rate: Annotated[float, Field(gt=0)] = 2e-4
    betas: tuple[Beta, Beta] = (0.5, 0.999)
    momentum: Beta = 0.9
    weight_decay: Annotated[float, Field(ge=0)] = 0.0
    schedule: Literal["constant", "cosine", "half-linear"] = "constant"
    warmup: Annotated[int, Field(ge=0)] = 0
    clip: Annotated[float, Field(ge=0)] = 0.0

    def at(self, rate: float) -> Optimiser:
        """The same at another rate."""
        return self.model_copy(update={"rate": rate})


class Stage(Part):
    """One part of the training.

    Attributes:
        train: Names of the networks that learn.
        epochs: Length in passes over the images (times patches_per_image).
        adversarial: Whether the generator's loss holds the adversarial term.
        generator_every: The generator learns only in every n-th unit, frozen in between.
        discriminator_every: Likewise for the discriminators.
        unit: What is counted for the freezing: "steps" or "epochs".
        factor: What every network's rate is multiplied by.
    """

    train: tuple[str, ...]
    epochs: Annotated[float, Field(gt=0)]
    adversarial: bool = True
    generator_every: Positive = 1
    discriminator_every: Positive = 1
    unit: Literal["steps", "epochs"] = "steps"
    factor: Annotated[float, Field(gt=0)] = 1.0


class Convergence(Part):
    """A rule for "until convergence": where a held-out score no longer improves, the rates drop, and then it ends.

    Attributes:
        score: Name of the score, as the journal has it.
        best: Whether its largest or its smallest value is the best.
        every: Epochs between two measurements.
        patience: Measurements without a better one after which the training has converged.
        factor: What every network's rate is multiplied by then.
        drops: How often, before convergence is the end.
    """

    score: str
    best: Literal["max", "min"] = "max"
    every: Annotated[float, Field(gt=0)] = 1.0
    patience: Positive = 5
    factor: Annotated[float, Field(gt=0, le=1)] = 0.1
    drops: Annotated[int, Field(ge=0)] = 1


class Searched(Part):
    """What a search may choose for a value: one of ``choices``, or from ``low`` to ``high``.

    Attributes:
        low: Least value; two whole numbers search whole numbers.
        high: Largest value.
        log: Whether the logarithm is uniform.
        choices: Values instead of a range.
    """

    low: int | float | None = None
    high: int | float | None = None
    log: bool = False
    choices: tuple[bool | int | float | str, ...] = ()

    @model_validator(mode="after")
    def _one_or_the_other(self) -> Searched:
        if bool(self.choices) == (self.low is not None and self.high is not None):
            raise ValueError("name low and high, or choices")
        if self.low is not None and self.high is not None and self.low >= self.high:
            raise ValueError(f"the range must have its smaller end first, {self.high:g} to {self.low:g}")
        if self.log and (self.low is None or self.low <= 0):
            raise ValueError("a range on a logarithm begins above 0")
        return self


class Search(Part):
    """What ``--search`` looks for.

    Attributes:
        score: Name of the held-out score, as the journal has it.
        best: Whether its largest or its smallest value is the best.
        steps: Length of each trial; schedules are those of the whole training.
        values: What is searched, by the name that ``--set`` takes ("optimiser.rate").
    """

    score: str
    best: Literal["max", "min"] = "max"
    steps: Positive
    values: Annotated[dict[str, Searched], Field(min_length=1)]


class WarmStart(Part):
    """Where the networks' weights come from before the first step, in place of random ones; see warm_start.

    Attributes:
        weights: Files: states of trainings, or checkpoints.
    """

    weights: Annotated[tuple[str, ...], Field(min_length=1)]

    @field_validator("weights", mode="before")
    @classmethod
    def _one_or_several(cls, value: object) -> object:
        return (value,) if isinstance(value, str) else value


class Run(Part):
    """How it runs.

    Attributes:
        batch: Patches a step, over all devices together.
        precision: Fabric's ("32-true", "bf16-mixed", "16-mixed"), or "auto": bfloat16 where the device has it.
        devices: Number of devices.
        workers: Data-loading processes, 0 = none.
        threads: CPU threads of torch, 0 = torch's own choice.
        snapshot_minutes: Minutes between snapshots.
        average: Decay of the averaged weights that are shipped, 0 = the raw weights.
        sheet: Samples on a sample sheet.
        steps: Length of the training in steps, 0 = as the recipe's epochs say; its stages keep their shares.
        minutes: Length in minutes of one processor's time, likewise; schedules follow the time. 0 = no such limit.
    """

    batch: Positive = 64
    precision: Literal["auto", "32-true", "bf16-mixed", "16-mixed"] = "32-true"
    devices: Positive = 1
    workers: Annotated[int, Field(ge=0)] = 0
    threads: Annotated[int, Field(ge=0)] = 0
    snapshot_minutes: Annotated[float, Field(gt=0)] = 5.0
    average: Annotated[float, Field(ge=0, lt=1)] = 0.0
    sheet: Positive = 12
    steps: Annotated[int, Field(ge=0)] = 0
    minutes: Annotated[float, Field(ge=0)] = 0.0

    @model_validator(mode="after")
    def _one_length(self) -> Run:
        if self.steps and self.minutes:
            raise ValueError("a length in steps or in minutes, not both")
        return self


class Recipe(Part):
    """What the recipes of all systems have; each system adds its own sections.

    Attributes:
        name: Registry name of the checkpoint.
        title: Name to show.
        task: Name of the system, a module of trainers.systems, which decides the sections that follow.
        seed: Seed of everything random.
        normal_start: Whether all first weights are from N(0, 0.02²), as in DCGAN and pix2pix; see networks.unet.
        changes: What differs from the paper, a sentence each, for the card.
        credit: Training data and terms in a sentence, for the card.
        convergence: When rates drop and the training ends before its length; never where left out.
        start: Weights to start from; random ones where left out.
        search: What a search may change; a training does not look at it.
    """

    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$")]
    title: str
    task: str
    seed: int = 1
    normal_start: bool = False
    changes: tuple[str, ...] = ()
    credit: str = ""
    optimiser: Optimiser = Optimiser()
    convergence: Convergence | None = None
    start: WarmStart | None = None
    search: Search | None = None
    run: Run = Run()
