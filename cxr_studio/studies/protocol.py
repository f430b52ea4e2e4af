"""A study's protocol: one TOML file, validated whole, frozen and hashed."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, ValidationError, model_validator

from cxr_studio.errors import StudioError
from cxr_studio.studies.canonical import digest
from cxr_studio.studies.protocol_parts import (
    QUESTIONS,
    AnswerForm,
    Condition,
    Images,
    Order,
    Paradigm,
    Part,
    Pathology,
    Practice,
    Question,
    Resume,
    Rules,
)


class ProtocolError(StudioError):
    """A protocol is invalid; the text lists every fault at once."""


class Study(Part):
    """What the study is.

    Attributes:
        name: Short name of letters, digits and hyphens.
        title: Shown to readers and in reports.
        paradigm: "2afc" or "real-or-fake".
        question: Of 2afc: "original", "changed" or "nodule".
        words: The question in other words, e.g. in another language.
        instructions: Shown before practice.
        seed: Of schedules and places; mixed with a secret that only the key holds.
        readers: Planned readers: so many schedules are made.
        margin: Equivalence margin of the proportion correct around 0.5.
    """

    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")]
    title: str = ""
    paradigm: Paradigm
    question: Question | None = None
    words: str = ""
    instructions: str = ""
    seed: Annotated[int, Field(ge=0)] = 1
    readers: Annotated[int, Field(ge=1, le=500)] = 8
    margin: Annotated[float, Field(gt=0, lt=0.5)] = 0.1


class Protocol(Part):
    """A whole protocol; the sections of the TOML file."""

    study: Study
    images: Images
    conditions: Annotated[tuple[Condition, ...], Field(min_length=1, max_length=20)]
    answer: AnswerForm = AnswerForm()
    order: Order = Order()
    practice: Practice = Practice()
    resume: Resume = Resume()
    pathology: Pathology | None = None

    @property
    def question(self) -> Question:
        """The question asked: by default "original" of two, "nodule" where nodules are drawn."""
        if self.study.paradigm == "real-or-fake":
            return "real-or-fake"
        nodules = all(each.kind == "nodule" for each in self.conditions)
        return self.study.question or ("nodule" if nodules else "original")

    @property
    def sha256(self) -> str:
        """Hash of the frozen protocol's canonical form."""
        return digest(self.model_dump(mode="json"))

    def rules(self) -> Rules:
        """The part that readers may see."""
        study = self.study
        return Rules(
            name=study.name,
            title=study.title or study.name,
            paradigm=study.paradigm,
            question=self.question,
            words=study.words or QUESTIONS[self.question],
            instructions=study.instructions,
            answer=self.answer,
            practice=self.practice,
            resume=self.resume,
        )

    @model_validator(mode="after")
    def _parts_fit(self) -> Protocol:
        faults = list(_misfits(self))
        if faults:
            raise ValueError("; ".join(faults))
        return self


def _misfits(protocol: Protocol) -> Sequence[str]:
    """What is wrong between sections."""
    study, order, conditions = protocol.study, protocol.order, protocol.conditions
    faults = []
    titles = [each.title for each in conditions]
    if len(set(titles)) < len(titles):
        faults.append("two conditions have the same name")
    seen = " ".join((study.name, study.title, study.words, study.instructions)).lower()
    for name in sorted({each.generator.lower() for each in conditions} - {"folder"}):
        if name in seen:
            faults.append(f"readers see study.name, title, words and instructions, and one of them names {name}")
    if study.paradigm == "2afc" and study.question == "real-or-fake":
        faults.append('study.question of a 2afc is "original", "changed" or "nodule"')
    if study.paradigm == "real-or-fake" and study.question not in (None, "real-or-fake"):
        faults.append("study.question is only for 2afc")
    if study.paradigm == "2afc" and any(each.kind == "folder" for each in conditions):
        faults.append('generator = "folder" is only for real-or-fake')
    if protocol.question == "nodule" and any(each.kind != "nodule" for each in conditions):
        faults.append('question = "nodule" needs a generator that draws nodules in every condition')
    if order.assignment != "separate" and any(each.kind == "folder" for each in conditions):
        faults.append('generator = "folder" needs order.assignment = "separate"')
    if protocol.answer.mark and any(each.kind in ("box", "whole") for each in conditions):
        faults.append("answer.mark asks for a place, and a generator of role surround or translate changes everything")
    if order.repeats > protocol.images.count * len(conditions):
        faults.append("order.repeats is more than there are main trials")
    return faults


def read_protocol(path: str | Path) -> Protocol:
    """Read and validate a protocol.

    Raises:
        ProtocolError: unreadable, no TOML, or invalid; names every fault.
    """
    path = Path(path)
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as fault:
        raise ProtocolError(f"the protocol cannot be read ({fault})", file=path, remedy="Fix it") from fault
    return as_protocol(values, path)


def as_protocol(values: dict[str, Any], path: Path | None = None) -> Protocol:
    """Validate a protocol's values.

    Raises:
        ProtocolError: names every fault.
    """
    try:
        return Protocol.model_validate(values)
    except ValidationError as fault:
        entries = fault.errors()
        nested = {each["loc"][:1] for each in entries if len(each["loc"]) > 1}
        told = [each for each in entries if each["type"] != "too_short" or each["loc"] not in nested]
        faults = "; ".join(_words(each) for each in told)
        what = f"the protocol has {len(told)} fault{'s' * (len(told) > 1)}: {faults}"
        raise ProtocolError(what, file=path, remedy="Fix it and try again") from fault


def _words(entry: Any) -> str:
    place = ".".join(str(part) for part in entry["loc"])
    words = str(entry["msg"]).removeprefix("Value error, ")
    return f"{place}: {words}" if place else words
