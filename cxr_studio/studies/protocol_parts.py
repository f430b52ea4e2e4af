"""The sections of a protocol. Those that readers may see are shared with the bundle; the others never reach it."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, SerializerFunctionWrapHandler, model_serializer, model_validator

from cxr_studio.errors import StudioError
from cxr_studio.networks.card import Role

Paradigm = Literal["2afc", "real-or-fake"]
Question = Literal["original", "changed", "nodule", "real-or-fake"]
Interrupted = Literal["later", "drop"]
Count = Annotated[int, Field(ge=0, le=100_000)]
Hours = Annotated[float, Field(gt=0, le=8760)]
Seconds = Annotated[float, Field(ge=0, le=3600)]
HoleSide = Annotated[int, Field(ge=8, le=512)]

QUESTIONS: dict[str, str] = {
    "original": "Which one is the original?",
    "changed": "Which one has been changed?",
    "nodule": "Which one has a nodule?",
    "real-or-fake": "Is this radiograph real or fake?",
}
"""What the reader is asked, unless the protocol words it otherwise."""


class Part(BaseModel):
    """A section of the protocol; unknown keys are faults.

    Attributes:
        later: Values that came later: left out where they are as by default, so that earlier protocols keep their hash.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    later: ClassVar[dict[str, Any]] = {}

    @model_serializer(mode="wrap")
    def _as_before(self, dump: SerializerFunctionWrapHandler) -> dict[str, Any]:
        values: dict[str, Any] = dump(self)
        return {
            name: value
            for name, value in values.items()
            if name not in self.later or self.later[name] != getattr(self, name)
        }


class AnswerForm(Part):
    """How a reader answers.

    Attributes:
        confidence: Steps of the confidence scale, 0 for none.
        mark: "Mark where you see it", scored against the hidden mask.
        undo: The last answer may be taken back.
        time_limit_s: Seconds until a trial ends without an answer, 0 for no limit.
        blank_ms: Forced blank before each trial, ms.
    """

    confidence: Annotated[int, Field(ge=0, le=11)] = 0
    mark: bool = False
    undo: bool = True
    time_limit_s: Seconds = 0.0
    blank_ms: Annotated[int, Field(ge=0, le=10_000)] = 500

    @model_validator(mode="after")
    def _a_scale_has_steps(self) -> AnswerForm:
        if self.confidence == 1:
            raise ValueError("a confidence scale has 2 to 11 steps, or 0 for none")
        return self


class Practice(Part):
    """Practice before the first trial, on images of its own.

    Attributes:
        trials: How many.
        feedback: The right answer is shown after each; the truth of these images is in the bundle.
    """

    trials: Annotated[int, Field(ge=0, le=200)] = 4
    feedback: bool = True


class Resume(Part):
    """What happens when a reader comes back.

    Attributes:
        max_gap_h: After a longer gap the warm-up trials come first, hours.
        warm_up: Practice trials shown again after such a gap, as far as there are any.
        interrupted: A trial that was shown but not answered is shown again later, or dropped.
    """

    max_gap_h: Hours = 24.0
    warm_up: Annotated[int, Field(ge=0, le=50)] = 2
    interrupted: Interrupted = "later"


class Rules(Part):
    """What the bundle says of the protocol: all a session needs, and nothing of how the images were made.

    Attributes:
        name: Short name, used in file names.
        title: Shown to the reader.
        paradigm: Two images side by side, or one at a time.
        question: Which question.
        words: The question as the reader sees it.
        instructions: Shown before practice.
        answer: How a reader answers.
        practice: Practice.
        resume: What happens when a reader comes back.
    """

    name: str
    title: str
    paradigm: Paradigm
    question: Question
    words: str
    instructions: str
    answer: AnswerForm
    practice: Practice
    resume: Resume


class Images(Part):
    """Which images a study has.

    Attributes:
        count: Main trials of each condition (of each source of real-or-fake).
        size: Side of the square that images are shown in, pixels, or "native".
        bits: Of the PNG files.
        reuse: A radiograph may be used several times where there are too few.
        jitter: Largest share of a side cropped off a radiograph that is used several times, so that its uses differ.
        border: Share of a side cropped off at every border, where letters and markers lie; less where a change would be
            cut.
    """

    later: ClassVar[dict[str, Any]] = {"border": 0.0}

    count: Annotated[int, Field(ge=1, le=10_000)]
    size: Annotated[int, Field(ge=64, le=4096)] | Literal["native"] = "native"
    bits: Literal[8, 16] = 8
    reuse: bool = True
    jitter: Annotated[float, Field(ge=0, le=0.2)] = 0.08
    border: Annotated[float, Field(ge=0, le=0.25)] = 0.0


Kind = Literal["hole", "nodule", "box", "whole", "folder"]

KINDS: dict[Role, Kind] = {
    Role.RESTORE: "hole",
    Role.INSERT: "nodule",
    Role.SURROUND: "box",
    Role.TRANSLATE: "whole",
}
"""Role of a condition's generator → how it changes a radiograph."""


class Condition(Part):
    """One way of changing a radiograph.

    Attributes:
        generator: Registry name or checkpoint path of what fills holes (role restore), draws nodules (insert), redraws
            all but a box (surround) or the whole radiograph (translate); or "folder".
        hole: Side of the square hole, or of the box that stays, image pixels.
        holes: Holes in an image.
        diameter: Of a nodule: 12mm, uniform:10,60px.
        subtlety: Range of a nodule's contrast, 1 is physical.
        grain: Of the filled area; "spectrum" has texture of every scale, so that compressed size tells nothing.
        boxes: Of role surround: a list of the boxes that stay (CSV, COCO, the NIH's), relative to the protocol;
            radiographs without one are passed over. "" keeps a square of ``hole`` pixels in the lungs.
        listed_side: Longest side of the images that those boxes were drawn on, pixels; 0 = the images that are there,
            or 1024 where the list is the NIH's.
        labels: Of role translate: the findings that are wanted, of those on the generator's card.
        held_out: Draws only from patients that the trainers here hold out (one in five), and as often as it takes;
            real radiographs and other conditions are then of other patients.
        folder: For "folder": images made elsewhere (real-or-fake only).
        name: What reports call it; by default generator and size.
    """

    later: ClassVar[dict[str, Any]] = {"boxes": "", "listed_side": 0, "labels": (), "held_out": False}

    generator: Annotated[str, Field(min_length=1)]
    hole: HoleSide = 64
    holes: Annotated[int, Field(ge=1, le=8)] = 1
    diameter: str = ""
    subtlety: tuple[Annotated[float, Field(gt=0)], Annotated[float, Field(gt=0)]] = (1.0, 1.0)
    grain: Literal["match", "spectrum", "off"] = "spectrum"
    boxes: str = ""
    listed_side: Annotated[int, Field(ge=0, le=10_000)] = 0
    labels: tuple[str, ...] = ()
    held_out: bool = False
    folder: str = ""
    name: str = ""

    @property
    def kind(self) -> Kind:
        """How the change is made: what the generator's role says; where it is not here, what it is given."""
        if self.generator == "folder":
            return "folder"
        from cxr_studio.roles import look_up

        try:
            role = look_up(self.generator).role
        except StudioError:
            return "nodule" if self.diameter else "box" if self.boxes else "whole" if self.labels else "hole"
        return KINDS.get(role, "hole")

    @property
    def title(self) -> str:
        """Its name in keys and reports."""
        about: dict[Kind, str] = {
            "hole": f"{self.hole} px",
            "nodule": self.diameter,
            "box": self.boxes or f"box of {self.hole} px",
            "whole": ", ".join(self.labels) or "whole image",
            "folder": self.folder,
        }
        return self.name or f"{self.generator}, {about[self.kind]}"

    @model_validator(mode="after")
    def _sizes_make_sense(self) -> Condition:
        if self.kind == "nodule" and not self.diameter:
            raise ValueError('nodules need a diameter, e.g. diameter = "uniform:10,60px"')
        if self.kind == "folder" and not self.folder:
            raise ValueError('generator = "folder" needs folder = "DIR"')
        if self.subtlety[0] > self.subtlety[1]:
            raise ValueError("subtlety names the smaller value first")
        return self


class Order(Part):
    """In which order and where images appear.

    Attributes:
        assignment: "separate": each image pair is made in one condition; "crossed": every radiograph in all conditions,
            seen by every reader; "rotated": in all conditions, each reader sees one of them, by a Latin square.
        arrangement: "mixed": conditions by chance; "blocked": one after another, by a Latin square over readers.
        longest_run: Most trials in a row with the right answer on the same side.
        distance: Trials from one use of a radiograph to its next at least; 0: as many as there can be, up to 10.
        repeats: Main trials that come twice, for consistency.
        catches: Trials with a change that cannot be missed.
        break_every: Most trials in a block; a break follows each. 0 for no breaks.
    """

    assignment: Literal["separate", "crossed", "rotated"] = "separate"
    arrangement: Literal["mixed", "blocked"] = "mixed"
    longest_run: Annotated[int, Field(ge=2, le=20)] = 3
    distance: Count = 0
    repeats: Count = 0
    catches: Annotated[int, Field(ge=0, le=200)] = 0
    break_every: Count = 20


class Pathology(Part):
    """Where the labels of the radiographs are.

    Attributes:
        csv: A table with a heading; relative to the protocol.
        image: Column of the file name.
        label: Column of the label; several in a cell are parted by "|".
        labels: Only radiographs with one of these labels are used; empty for all.
        balanced: Every source has the same number of each of these labels (where ``images.count`` is a multiple of
            them), of radiographs that have one of them alone.
    """

    later: ClassVar[dict[str, Any]] = {"balanced": False}

    csv: Annotated[str, Field(min_length=1)]
    image: str = "image"
    label: str = "label"
    labels: tuple[str, ...] = ()
    balanced: bool = False

    @model_validator(mode="after")
    def _what_is_balanced(self) -> Pathology:
        if self.balanced and not self.labels:
            raise ValueError("balanced needs the labels that are to be equally many")
        return self
