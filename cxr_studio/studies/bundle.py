"""The bundle that readers get: images under random names, every reader's schedule, the rules. No truth of main trials.

``BUNDLE/study.json`` names everything and its hashes; ``BUNDLE/images`` holds the PNG files.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from cxr_studio.errors import StudioError
from cxr_studio.files import file_sha256
from cxr_studio.studies.canonical import canonical_json, digest
from cxr_studio.studies.protocol_parts import Rules

FORMAT = "cxr-studio-bundle"
VERSION = 1
STUDY_FILE = "study.json"
IMAGES = "images"
NAME = re.compile(r"[0-9a-f]{16}\.png")


class BundleError(StudioError):
    """A bundle is missing, damaged or changed."""


@dataclass(frozen=True)
class ShownTrial:
    """One trial as a reader's schedule has it.

    Attributes:
        uid: Identifier, unique in the study.
        index: Place in the schedule, from 0.
        block: From 0; practice is block -1.
        phase: "practice", "main" or "repeat".
        images: File names: left and right of 2afc, or the only one.
        repeat_of: uid of the first showing, "" if it is one.
    """

    uid: str
    index: int
    block: int
    phase: str
    images: tuple[str, ...]
    repeat_of: str = ""


@dataclass(frozen=True)
class PracticeTruth:
    """The truth of a practice trial, for its feedback.

    Attributes:
        answer: The right choice.
        boxes: Where the change is, ``y0, x0, y1, x1`` in image pixels; none where there is none.
    """

    answer: str
    boxes: tuple[tuple[int, int, int, int], ...] = ()


@dataclass(frozen=True)
class Bundle:
    """An opened bundle.

    Attributes:
        folder: Where it is.
        study_id: Random identifier of the study.
        protocol_sha256: Hash of the frozen protocol, which the key holds.
        rules: What a session needs of it.
        schedules: Of each planned reader, in order.
        images: File name → SHA-256.
        practice: Truth of the practice trials by uid.
        sha256: Hash of all of the above.
    """

    folder: Path
    study_id: str
    protocol_sha256: str
    rules: Rules
    schedules: tuple[tuple[ShownTrial, ...], ...]
    images: Mapping[str, str]
    practice: Mapping[str, PracticeTruth] = field(default_factory=dict)
    sha256: str = ""

    def image(self, name: str) -> Path:
        """Path of an image."""
        return self.folder / IMAGES / name

    def check_image(self, name: str) -> Path:
        """Path of an image whose content is the one that was made.

        Raises:
            BundleError: it is missing or has been changed.
        """
        path = self.image(name)
        try:
            same = file_sha256(path) == self.images.get(name)
        except OSError as fault:
            what = f"an image of the study cannot be read ({fault.strerror})"
            raise BundleError(what, file=path, remedy="Copy the bundle again") from fault
        if not same:
            raise BundleError("an image of the study has been changed", file=path, remedy="Copy the bundle again")
        return path

    def schedule_sha256(self, reader: int) -> str:
        """Hash of one reader's schedule."""
        return digest([asdict(trial) for trial in self.schedules[reader]])


def open_bundle(folder: str | Path) -> Bundle:
    """Open a bundle and check ``study.json`` against its hash (images are checked one by one as they are shown).

    Raises:
        BundleError: it is missing, damaged or changed.
    """
    path = Path(folder) / STUDY_FILE
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as fault:
        what = "there is no study in this folder"
        raise BundleError(what, file=folder, remedy="Give the bundle's folder, which holds study.json") from fault
    except (OSError, ValueError) as fault:
        raise BundleError("the study cannot be read", file=path, remedy="Copy the bundle again") from fault
    try:
        return _opened(Path(folder), values)
    except (KeyError, TypeError, ValueError, ValidationError) as fault:
        raise BundleError("the study is damaged", file=path, remedy="Copy the bundle again") from fault


def _opened(folder: Path, values: dict[str, Any]) -> Bundle:
    if values["format"] != FORMAT or values["version"] != VERSION:
        remedy = "Update CXR Studio"
        raise BundleError("the bundle was made by another version", file=folder, remedy=remedy)
    stated = values.pop("sha256")
    if digest(values) != stated:
        raise BundleError("the study has been changed since it was made", file=folder, remedy="Copy the bundle again")
    if not all(NAME.fullmatch(name) for name in values["images"]):
        raise ValueError("an image has another name")
    schedules = tuple(
        tuple(ShownTrial(**{**trial, "images": tuple(trial["images"])}) for trial in trials)
        for trials in values["schedules"]
    )
    if not {name for trials in schedules for trial in trials for name in trial.images} <= set(values["images"]):
        raise ValueError("a trial names an image that is not there")
    practice = {
        uid: PracticeTruth(truth["answer"], tuple(tuple(box) for box in truth["boxes"]))
        for uid, truth in values["practice"].items()
    }
    return Bundle(
        folder,
        values["study_id"],
        values["protocol_sha256"],
        Rules.model_validate(values["rules"]),
        schedules,
        dict(values["images"]),
        practice,
        stated,
    )


def bundle_text(bundle: Bundle) -> tuple[str, str]:
    """``study.json`` of a bundle, and its hash."""
    values: dict[str, Any] = {
        "format": FORMAT,
        "version": VERSION,
        "study_id": bundle.study_id,
        "protocol_sha256": bundle.protocol_sha256,
        "rules": bundle.rules.model_dump(mode="json"),
        "schedules": [_plain(trials) for trials in bundle.schedules],
        "images": dict(sorted(bundle.images.items())),
        "practice": {uid: asdict(truth) for uid, truth in sorted(bundle.practice.items())},
    }
    values = json.loads(canonical_json(values))
    stated = digest(values)
    return canonical_json({**values, "sha256": stated}) + "\n", stated


def _plain(trials: Sequence[ShownTrial]) -> list[dict[str, Any]]:
    return [asdict(trial) for trial in trials]
