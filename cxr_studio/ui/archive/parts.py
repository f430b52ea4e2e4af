"""What of the open radiograph can be sent, and the files of it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import Path

from cxr_studio.exchange.objects import Kind, Wanted, objects_beside
from cxr_studio.generation.export import export
from cxr_studio.generation.session import Session
from cxr_studio.generation.session_file import SUFFIX, Snapshot, resume_session, write_snapshot
from cxr_studio.nodules.edits import placement_of

IMAGE = "image"
"""Key of the inpainted radiograph; the other keys are kinds of objects."""

NAME = "inpainted"
NO_EDIT = "No edit is accepted"
NO_REGION = "Nothing is painted or edited"
NO_NODULE = "No nodule is placed"
NO_DICOM = "Only for radiographs from DICOM files"


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


class Files:
    """The files of one state of a session, each written once: what was sent before is known by the archive again.

    Args:
        taken: The state.
        folder: Where they go.
        wanted: How objects are written; of which kinds is asked each time.
    """

    def __init__(self, taken: Snapshot, folder: Path, wanted: Wanted) -> None:
        self._taken, self._folder, self._wanted = taken, folder, wanted
        self._written: dict[str, Path] = {}
        self._session: Session | None = None

    def written(self, keys: Collection[str]) -> dict[str, Path]:
        """The files of these parts; what is missing is written. A part that has nothing to say has no file.

        Raises:
            StudioError: one cannot be written.
        """
        session, image = self._frozen(), self._folder / f"{NAME}.dcm"
        if IMAGE not in self._written and any(edit.enabled for edit in session.edits):
            export(session, image)
            self._written[IMAGE] = image
        kinds = [kind for kind in Kind if kind in keys and kind not in self._written]
        if kinds:
            made = objects_beside(session, image, replace(self._wanted, kinds=kinds))
            names = {f"{NAME}-{kind}.dcm": kind for kind in kinds}
            self._written.update({names[path.name]: path for path in made if path.name in names})
        return {key: self._written[key] for key in keys if key in self._written}

    def _frozen(self) -> Session:
        """The state as a session of its own, which nobody changes meanwhile."""
        if self._session is None:
            path = self._folder / f"taken{SUFFIX}"
            write_snapshot(path, self._taken)
            self._session = resume_session(path, self._taken.radiograph)
        return self._session


def _reported(nodules: Collection[object], boxes: int) -> str:
    found = [f"{_count(nodules, 'nodule')} with diameter"] if nodules or not boxes else []
    return ", ".join([*found, *([_count(range(boxes), "detected box")] if boxes else [])])


def _count(items: Collection[object], word: str) -> str:
    ending = "" if len(items) == 1 else "es" if word.endswith("x") else "s"
    return f"{len(items)} {word}{ending}"
