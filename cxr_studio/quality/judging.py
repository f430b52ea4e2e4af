"""How a generator is judged: one judge a role, behind ``check``, ``evaluate``, ``qa`` and ``ship``.

``judges.by_role`` finds the judge of a role; nothing else asks which role a generator has in order to judge it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from cxr_studio.errors import GeneratorError, ReadError
from cxr_studio.events import CancelToken, Progress, silent
from cxr_studio.generation.generators import GeneratorFacts
from cxr_studio.masks.boxes import Mask
from cxr_studio.networks.checkpoint import Checkpoint, is_checkpoint_name
from cxr_studio.quality.checking.finding import Finding
from cxr_studio.quality.checking.limits import Limits
from cxr_studio.quality.comparison.columns import Column
from cxr_studio.quality.comparison.loading import LoadedCase
from cxr_studio.radiographs.radiograph import Stored

Writer = Callable[[Path], str]
"""Writes a file and says in a sentence what is in it."""


@dataclass(frozen=True)
class Material:
    """What a generator is measured on; each role takes what it needs.

    Attributes:
        images: Folder of radiographs that the generator was not trained on; healthy ones for a fill.
        patients: Table of patients; without one they are taken from file or name.
        library: CT nodules (.npz) for generators of nodules and shapes; the bundled ones by default.
        real: Folder of radiographs with real nodules and a ``boxes.csv``.
        holes: Holes, boxes or damaged places in each radiograph.
        pairs: Simulated nodules.
        seed: Of everything random; each role has its own by default.
        beside: Further generators for the same table.
        realism: Train a classifier to separate drawn from simulated nodules too.
        labelled: Folder of radiographs with the labels of a generator that has some; its recipe's by default.
        labelled_boxes: List of boxes whose findings are their labels; without one all have the only label.
        teach: Folder of healthy radiographs of other patients, for a classifier; its recipe's by default.
    """

    images: Path | None = None
    patients: Path | None = None
    library: Path | None = None
    real: Path | None = None
    holes: int = 8
    pairs: int = 240
    seed: int | None = None
    beside: tuple[str, ...] = ()
    realism: bool = False
    labelled: Path | None = None
    labelled_boxes: Path | None = None
    teach: Path | None = None

    def folder(self, purpose: str = "evaluate on") -> Path:
        """The images.

        Raises:
            ReadError: none are given.
        """
        if self.images is None:
            raise ReadError(
                f"there is nothing to {purpose}", remedy="Give --images DIR, a folder of healthy radiographs"
            )
        return self.images


@dataclass(frozen=True, eq=False)
class Run:
    """Where a judge works, and whom it tells.

    Attributes:
        device: "auto", "cpu", "cuda" or "mps".
        progress: Is told how far it is.
        cancel: Stops it between two requests.
    """

    device: str = "auto"
    progress: Progress = silent
    cancel: CancelToken = field(default_factory=CancelToken)


@dataclass(frozen=True)
class TextTable:
    """A table to print: words on the left, figures on the right.

    Attributes:
        title: What it shows, and of how many.
        columns: Headings, with units.
        rows: As many words as there are columns in each.
        words: Columns that are words, from the left.
        wide: Columns of text beyond the usual width that it takes where it is not printed on a terminal.
    """

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    words: int = 1
    wide: int = 0


@dataclass(frozen=True, eq=False)
class Report:
    """What measuring came to.

    Attributes:
        parts: Tables and sentences, in the order in which they are read.
        figures: The same as plain JSON values.
        outputs: Further files that it can write, by the option that asks for them ("sheet").
    """

    parts: tuple[TextTable | str, ...]
    figures: object
    outputs: Mapping[str, Writer] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Verdict:
    """Whether a snapshot may be shipped.

    Attributes:
        report: What was measured.
        scores: For its card.
        reasons: Why it is not shipped; none when it is.
        apart: The judge has left out the patients that the snapshot was trained on.
    """

    report: Report
    scores: dict[str, float]
    reasons: tuple[str, ...]
    apart: bool = False


@dataclass(frozen=True, eq=False)
class Drawn:
    """A case of a comparison as a generator draws it.

    Attributes:
        stored: The crop's new stored values.
        seconds: That it took with the network loaded.
        mask: What was drawn, on the crop.
        truth: True where the original of a healthy case is what the answer ought to be.
    """

    stored: Stored
    seconds: float
    mask: Mask
    truth: bool = False


class Judge(Protocol):
    """Judges every generator of one role.

    Attributes:
        largest: Bytes of the largest checkpoint of the role that is shipped.
    """

    largest: int

    def check(self, facts: GeneratorFacts, limits: Limits, *, device: str) -> list[Finding]:
        """Prove that a generator can be trusted.

        Raises:
            StudioError: it does not load or answer, or the device is not there.
        """

    def evaluate(self, facts: GeneratorFacts, material: Material, run: Run) -> Report:
        """Measure a generator beside others of its role.

        Raises:
            StudioError: the material cannot be read, or the generator does not answer.
        """

    def contest(self, snapshot: Checkpoint, material: Material, run: Run) -> Verdict:
        """Measure a snapshot beside the shipped checkpoint of its name.

        Raises:
            StudioError: as ``evaluate``; or nothing of that role is shipped.
        """

    def cell(self, case: LoadedCase, column: Column, run: Run) -> Drawn:
        """Draw a case of a comparison.

        Raises:
            StudioError: the checkpoint cannot be used, or its role draws into no hole.
        """


def row_title(facts: GeneratorFacts) -> str:
    """What a table calls a generator: its name, or the file's where it was given by its file."""
    return Path(facts.name).stem if is_checkpoint_name(facts.name) else facts.name


def draws_into_no_hole(column: Column) -> GeneratorError:
    """What a comparison says of a column whose role draws nothing that it could show."""
    return GeneratorError(
        f"{column.title} draws into no hole (its role is {column.role.value})",
        remedy="Compare checkpoints that draw into a radiograph",
    )


def no_figures(facts: GeneratorFacts) -> GeneratorError:
    """What ``evaluate`` says of a role that it has no figures for."""
    return GeneratorError(
        f"{facts.title} has no figures to measure (its role is {facts.role.value})",
        remedy="Check it with cxr-studio check",
    )


def not_shipped(snapshot: Checkpoint) -> GeneratorError:
    """What ``ship`` says of a checkpoint of a role that has no gate."""
    return GeneratorError(
        f"{snapshot.card.title} cannot be shipped (its role is {snapshot.card.role.value})",
        remedy="Keep it in your models folder instead: cxr-studio keep",
    )


def required(facts: GeneratorFacts) -> Checkpoint:
    """The checkpoint of a generator.

    Raises:
        GeneratorError: it is built in.
    """
    if facts.checkpoint is None:
        raise GeneratorError(f"{facts.title} has no checkpoint to measure")
    return facts.checkpoint
