"""Sections of the experiments' recipes."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from cxr_studio.nodules.built_in import SUPERPOSITION

By = Literal["diameter", "margin", "density", "subtlety", "position"]
Count = Annotated[int, Field(ge=1, le=1_000_000)]
Seconds = Annotated[float, Field(ge=0)]
Key = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$")]

START = "start"
"""Stands for the detector that every fold starts from."""


class Part(BaseModel):
    """A section of the recipe; unknown keys are faults."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Listed(Part):
    """Radiographs with boxes.

    Attributes:
        truth: Manifest, or a list or folder that ``datasets.opening`` reads.
        images: Folder of its radiographs; "" for beside it.
        label: The findings that count.
        listed_side: Longest side of the images that the list was made on, pixels; 0 where the list says it.
        folds: File of frozen folds by patient; dealt out and written where it is missing.
    """

    truth: str
    images: str = ""
    label: tuple[str, ...] = ("nodule",)
    listed_side: Annotated[int, Field(ge=0)] = 0
    folds: str

    @property
    def labels(self) -> tuple[str, ...]:
        """Small letters."""
        return tuple(label.lower() for label in self.label)


class Healthy(Part):
    """Radiographs without findings.

    Attributes:
        train: Folder that is drawn into.
        test: Folder that detectors are also tested on, for the ROC area of images; "" for none.
    """

    train: str
    test: str = ""


class Training(Part):
    """A training of ``python -m trainers``.

    Attributes:
        recipe: Its recipe.
        steps: Length, whatever is learned from; 0 where ``epochs`` says it.
        epochs: Length in passes over the real and the synthetic radiographs; 0 where ``steps`` says it.
        settings: Further changes of the recipe, ``section.key=value``.
    """

    recipe: str
    steps: Annotated[int, Field(ge=0)] = 0
    epochs: Annotated[float, Field(ge=0)] = 0.0
    settings: tuple[str, ...] = ()


class Start(Part):
    """The detector that every fold starts from: one that is there, or one trained on the other folds.

    Attributes:
        detector: Its name or file.
        training: How it is trained instead.
    """

    detector: str = ""
    training: Training | None = None

    @model_validator(mode="after")
    def _one_of_them(self) -> Start:
        if bool(self.detector) == (self.training is not None):
            raise ValueError("name a detector, or a training")
        return self


class Condition(Part):
    """What is added to the real radiographs.

    Attributes:
        name: In folders and files.
        title: In tables.
        paper: The paper's row beside which it stands; "" for none.
        counts: Synthetic radiographs; () adds none.
        generator: Of role insert.
        background: Behind a nodule that a network draws.
        by: Attribute that is mined; diameters are drawn from all nodules where it is another.
        among: Whose attribute is drawn from.
        select: Whether the start detector selects among draws (Syn&Select).
        as_long_as: Without counts: it learns as many steps as with this number of synthetic radiographs.
    """

    name: Key
    title: str
    paper: str = ""
    counts: tuple[Count, ...] = ()
    generator: str = SUPERPOSITION
    background: Literal["kept", "drawn"] = "kept"
    by: By = "diameter"
    among: Literal["missed", "all"] = "all"
    select: bool = False
    as_long_as: Annotated[int, Field(ge=0)] = 0


class Pace(Part):
    """Seconds of one processor core, for the estimate before anything was measured.

    Attributes:
        start: Of a process.
        step: Of a step of the training.
        image: Of a synthetic radiograph.
        detect: Of a radiograph that a detector looks at.
    """

    start: Seconds = 8.0
    step: Seconds = 0.4
    image: Seconds = 0.3
    detect: Seconds = 0.15


class Surrounded(Part):
    """Radiographs whose boxes stay and whose surroundings are drawn.

    Attributes:
        name: In folders and files.
        title: In tables.
        paper: The paper's row beside which it stands.
        generator: Name or file of role surround; "" for none.
        count: Radiographs.
    """

    name: Key
    title: str
    paper: str = ""
    generator: str = ""
    count: Annotated[int, Field(ge=0)] = 0
