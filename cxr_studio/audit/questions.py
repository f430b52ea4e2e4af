"""The questions of the audit: by what could synthetic be told from real, and what to change if it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Group = Literal["file", "image", "place"]


@dataclass(frozen=True)
class Question:
    """One question.

    Attributes:
        key: Of its limits and in exports.
        group: Whether it is asked of files, of whole images, or of places in them.
        title: What is looked at.
        change: What to change where it gives synthetic away, a sentence.
        drawn: Whether it looks at the finding itself, so that it needs real findings to compare with.
        network: Whether a small network looks, at patches; else a straight-line model does, at figures.
    """

    key: str
    group: Group
    title: str
    change: str
    drawn: bool = False
    network: bool = False


SAME_WRITER = "Write all radiographs again with the same program and settings: audit --rewrite DIR does"

QUESTIONS = (
    Question("size", "file", "File size", f"{SAME_WRITER}; where that is done the images differ, see below."),
    Question("header", "file", "Header and text fields", f"{SAME_WRITER}."),
    Question("name", "file", "File name", "Name all files alike and in a mixed order: audit --rewrite DIR does."),
    Question(
        "greys",
        "file",
        "Grey levels used",
        "Bring all radiographs to one depth and range before anything is drawn; audit --rewrite DIR unites depths.",
    ),
    Question(
        "jpeg",
        "file",
        "JPEG history",
        "Draw into radiographs with the same history of compression as the real ones, or compress all of them alike.",
    ),
    Question(
        "whole",
        "image",
        "Whole image, findings covered",
        "Draw into radiographs of the same source as the real ones, patients with findings included.",
    ),
    Question("patch", "place", "Patch", "Look at the patches, and choose another generator.", drawn=True, network=True),
    Question(
        "spectrum",
        "place",
        "Spectrum of the patch",
        "Below 0.1 a pixel match contrast and size (--subtlety, --diameter), above it sharpness and grain (generator).",
        drawn=True,
    ),
    Question(
        "grain", "place", "Grain", "Add matched grain (grain on), or choose a generator that keeps the lung's own."
    ),
    Question("seam", "place", "Seam", "Blend the border: a feathered or gradient-domain paste, no square crops."),
    Question(
        "surround",
        "place",
        "Surroundings, finding covered",
        "Change nothing outside the finding: draw with --background kept.",
        network=True,
    ),
)

BY_KEY = {question.key: question for question in QUESTIONS}

FILE_QUESTIONS = tuple(question for question in QUESTIONS if question.group == "file")
