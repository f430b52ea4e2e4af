"""The header of a radiograph as rows to read and to search, and the few facts that stand in a pane's corners."""

from __future__ import annotations

import copy
from collections.abc import Iterator, MutableSequence
from dataclasses import dataclass
from typing import Any

from cxr_studio.radiographs.radiograph import Radiograph

LONGEST = 400
"""Letters of a value that are shown."""


DATES = "AcquisitionDate", "StudyDate", "ContentDate"
"""Attributes that say when the radiograph was taken, the best one first."""


@dataclass(frozen=True)
class HeaderRow:
    """One line.

    Attributes:
        tag: ``(0010,0020)``, "" for what no tag says.
        name: What it is called; items of sequences are set off by ``>``.
        kind: DICOM's value representation, or "".
        value: As text.
    """

    tag: str
    name: str
    kind: str
    value: str

    def holds(self, words: str) -> bool:
        """Whether every one of these words occurs in it, in any case; a tag is found with and without its marks."""
        text = f"{self.tag} {self.tag.replace(',', '').strip('()')} {self.name} {self.kind} {self.value}".lower()
        return all(word in text for word in words.lower().split())


@dataclass(frozen=True)
class CornerFacts:
    """What a viewer shows in the corners of an image; each "" where the file does not say it.

    Attributes:
        patient: Name and identifier.
        date: Of the acquisition, else of the study, ``2024-03-01``.
        side: View position and laterality, ``PA  L``.
    """

    patient: str = ""
    date: str = ""
    side: str = ""


def header_rows(radiograph: Radiograph) -> tuple[HeaderRow, ...]:
    """What is known of the file, then its own fields in their order."""
    source, spacing = radiograph.source, radiograph.spacing
    height, width = radiograph.shape
    mm = f"{spacing.y} × {spacing.x} mm ({spacing.origin.value})" if spacing.known else "unknown"
    facts = (
        ("File", "" if source.path is None else str(source.path)),
        ("Format", f"{source.format}, {source.bits} bits"),
        ("Size", f"{width} × {height} pixels"),
        ("Pixel size, rows × columns", mm),
        ("SHA-256", source.sha256),
    )
    known = tuple(HeaderRow("", name, "", value) for name, value in facts if value)
    if source.format == "dicom" and radiograph.header is not None:
        return (*known, *_elements(copy.deepcopy(radiograph.header), ""))
    fields = radiograph.header if isinstance(radiograph.header, dict) else {}
    return (*known, *(HeaderRow("", str(name), "", _shortened(str(value))) for name, value in fields.items()))


def corner_facts(radiograph: Radiograph) -> CornerFacts:
    """Patient, date and side from a DICOM header; nothing from other files, which do not state them."""
    if radiograph.source.format != "dicom" or radiograph.header is None:
        return CornerFacts()
    header = copy.deepcopy(radiograph.header)
    name = _text(header, "PatientName").replace("^", " ").strip()
    identifier = _text(header, "PatientID")
    dates = (_text(header, keyword) for keyword in DATES)
    date = next((stated for stated in dates if stated), "")
    side = _text(header, "ImageLaterality") or _text(header, "Laterality")
    return CornerFacts(
        "  ".join(part for part in (name, identifier) if part),
        f"{date[:4]}-{date[4:6]}-{date[6:8]}" if len(date) == 8 and date.isdigit() else date,
        "  ".join(part for part in (_text(header, "ViewPosition"), side) if part),
    )


def _elements(dataset: Any, inset: str) -> Iterator[HeaderRow]:
    for element in dataset:
        tag = f"({element.tag.group:04X},{element.tag.element:04X})"
        if element.VR == "SQ":
            yield HeaderRow(tag, f"{inset}{element.name}", "SQ", f"{len(element.value)} items")
            for item in element.value:
                yield from _elements(item, f"{inset}> ")
        else:
            yield HeaderRow(tag, f"{inset}{element.name}", str(element.VR), _value(element.value))


def _value(value: Any) -> str:
    if isinstance(value, bytes | bytearray):
        return f"{len(value):,} bytes"
    if isinstance(value, MutableSequence | tuple):
        return _shortened(" \\ ".join(map(str, value)))
    return "" if value is None else _shortened(str(value))


def _shortened(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def _text(header: Any, keyword: str) -> str:
    value = header.get(keyword)
    return "" if value is None else str(value).strip()
