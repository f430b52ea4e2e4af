"""What of the open radiograph can be sent or exported."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace

from cxr_studio.exchange.deidentify_radiograph import Deidentification
from cxr_studio.exchange.objects import Kind, Wanted
from cxr_studio.generation.session import Session, copied
from cxr_studio.nodules.edits import placement_of

IMAGE = "image"
"""Key of the inpainted radiograph; the other keys are kinds of objects."""

NO_EDIT = "No edit is accepted"
NO_REGION = "Nothing is painted or edited"
NO_NODULE = "No nodule is placed"
NO_DICOM = "Only for radiographs from DICOM files"


@dataclass(frozen=True)
class Terms:
    """How it is sent.

    Attributes:
        wanted: How objects are written; the kinds are asked each time.
        without_patient: How files are de-identified before they are sent; None for not at all.
    """

    wanted: Wanted = field(default_factory=Wanted)
    without_patient: Deidentification | None = None


@dataclass(frozen=True)
class Part:
    """An object that can be sent.

    Attributes:
        key: Its kind.
        title: Its name for people.
        about: What is in it.
        why: Why it cannot be sent now, "" where it can.
    """

    key: str
    title: str
    about: str
    why: str = ""


def parts_of(session: Session, *, boxes: int = 0) -> list[Part]:
    """What a session has to send or export; ``boxes`` is how many of a detector are reported too."""
    edits = [edit for edit in session.edits if edit.enabled]
    nodules = [edit for edit in edits if placement_of(edit) is not None]
    about, dicom = "the inpainted radiograph" if edits else "the radiograph", bool(session.radiograph.instances)
    regions = _count(edits, "edit") if edits else "the painted mask"
    objects = (
        (Kind.SEGMENTATION, "Segmentation (SEG)", f"Mask of {regions}", edits or session.mask.any(), NO_REGION),
        (Kind.PRESENTATION, "Presentation state (GSPS)", f"Window and outlines on {about}", True, ""),
        (Kind.KEY_OBJECTS, "Key object note (KO)", f"{_count(edits, 'accepted edit')}, listed", edits, NO_EDIT),
        (Kind.REPORT, "Structured report (SR)", _reported(nodules, boxes), nodules or boxes, NO_NODULE),
    )
    image = Part(IMAGE, "Inpainted radiograph", f"Derived image, Synthetic Data YES, {_count(edits, 'edit')}")
    return [
        image if edits else replace(image, why=NO_EDIT),
        *(
            Part(kind, title, words, NO_DICOM if not dicom else "" if there else why)
            for kind, title, words, there, why in objects
        ),
    ]


def frozen(session: Session) -> Session:
    """The session with its mask, which nobody changes while its files are written."""
    copy = copied(session)
    copy.mask[...] = session.mask
    return copy


def _reported(nodules: Collection[object], boxes: int) -> str:
    found = [f"{_count(nodules, 'nodule')} with diameter"] if nodules or not boxes else []
    return ", ".join([*found, *([_count(range(boxes), "detected box")] if boxes else [])])


def _count(items: Collection[object], word: str) -> str:
    ending = "" if len(items) == 1 else "es" if word.endswith("x") else "s"
    return f"{len(items)} {word}{ending}"
