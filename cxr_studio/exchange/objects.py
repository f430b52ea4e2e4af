"""The DICOM objects of a session: written beside the derived radiograph, which they refer to."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from cxr_studio.datasets.naming import stem_of
from cxr_studio.errors import StudioError, WriteError
from cxr_studio.events import CancelToken, Progress, silent
from cxr_studio.exchange.key_objects import write_key_objects
from cxr_studio.exchange.observers import Observer
from cxr_studio.exchange.presentation import write_presentation
from cxr_studio.exchange.regions import Region, painted_region, regions_of
from cxr_studio.exchange.reporting import Reported, write_report
from cxr_studio.exchange.segmentation import write_segmentation
from cxr_studio.exchange.subject import Subject, library, subject_of
from cxr_studio.generation.export import export
from cxr_studio.generation.session import Session
from cxr_studio.masks.boxes import Mask
from cxr_studio.masks.files import save_mask
from cxr_studio.radiographs.presets import default_window
from cxr_studio.radiographs.radiograph import Radiograph
from cxr_studio.radiographs.reading import read_radiograph
from cxr_studio.radiographs.window import Window


class Kind(StrEnum):
    """A kind of object; the value is what the command line calls it."""

    SEGMENTATION = "seg"
    PRESENTATION = "gsps"
    KEY_OBJECTS = "ko"
    REPORT = "sr"


EVERY = tuple(Kind)


@dataclass(frozen=True)
class Wanted:
    """How objects are written.

    Attributes:
        kinds: Which.
        window: As shown; None for the radiograph's first one.
        observer: Who accepted and measured.
        findings: What is reported beside the nodules of the session: a detector's boxes, say.
        device: Where nodules are drawn once more to find their silhouettes.
    """

    kinds: Collection[Kind] = EVERY
    window: Window | None = None
    observer: Observer = field(default_factory=Observer)
    findings: tuple[Reported, ...] = ()
    device: str = "auto"


def write_objects(
    session: Session,
    folder: Path,
    wanted: Wanted | None = None,
    *,
    progress: Progress = silent,
    cancel: CancelToken | None = None,
) -> list[Path]:
    """Write the derived radiograph, where the session has edits, and the objects that refer to it.

    Args:
        session: Of a radiograph from a DICOM file.
        folder: Is made where it is missing.
        wanted: Which objects and how; every kind by default. Without a kind the derived radiograph alone.
        progress: Called before every file.
        cancel: Stops before the next file.

    Returns:
        Every file written: the derived radiograph first, the PNG mask last.

    Raises:
        StudioError: the radiograph is no DICOM image, there is nothing to write, highdicom is not installed, or a
            file cannot be written.
    """
    library()
    subject_of(session.radiograph)
    wanted, source = wanted or Wanted(), session.radiograph.source.path
    name = stem_of(source) if source is not None else "radiograph"
    if not any(edit.enabled for edit in session.edits):
        return objects_beside(session, folder / f"{name}.dcm", wanted, progress=progress, cancel=cancel)
    derived = folder / f"{name}-inpainted.dcm"
    progress(0.0, derived.name)
    export(session, derived)
    if not wanted.kinds:
        return [derived]
    return [derived, *objects_beside(session, derived, wanted, progress=progress, cancel=cancel)]


def objects_beside(
    session: Session,
    image: Path,
    wanted: Wanted | None = None,
    *,
    progress: Progress = silent,
    cancel: CancelToken | None = None,
) -> list[Path]:
    """Write the objects of a session beside its derived radiograph, and the mask of all regions as PNG.

    Args:
        session: Of a radiograph from a DICOM file.
        image: The derived radiograph, as DICOM, where the session has edits; else only gives the objects' names.
        wanted: Which objects and how; every kind by default.
        progress: Called before every file.
        cancel: Stops before the next file.

    Returns:
        The files written.

    Raises:
        StudioError: see ``write_objects``.
    """
    wanted = wanted or Wanted()
    edits = regions_of(session, device=wanted.device)
    edited = any(edit.enabled for edit in session.edits)
    derived = read_radiograph(image) if edited else session.radiograph
    subject = subject_of(derived, origin=session.radiograph if edited else None)
    regions = edits or painted_region(session)
    writers = _writers(subject, derived, regions, edits=edits, wanted=wanted)
    made: list[Path] = []
    for kind in (each for each in Kind if each in writers):
        path = image.with_name(f"{image.stem}-{kind}.dcm")
        if cancel is not None:
            cancel.raise_if_cancelled()
        progress((1 + len(made)) / (1 + len(writers)), path.name)
        made.append(writers[kind](path))
    if not made:
        what = "the session has nothing that these DICOM objects could hold"
        raise WriteError(what, file=session.radiograph.source.path, remedy="Paint a mask or accept an edit")
    if regions:
        made.append(image.with_name(f"{image.stem}-mask.png"))
        save_mask(made[-1], _together(regions))
    return made


def _writers(
    subject: Subject, shown: Radiograph, regions: tuple[Region, ...], *, edits: tuple[Region, ...], wanted: Wanted
) -> dict[Kind, Callable[[Path], Path]]:
    """What writes each wanted kind that has something to say."""
    window = wanted.window or default_window(shown)
    found = (*_nodules(regions), *wanted.findings)
    writers: dict[Kind, Callable[[Path], Path]] = {
        Kind.PRESENTATION: lambda path: write_presentation(path, subject, window, regions)
    }
    if regions:
        writers[Kind.SEGMENTATION] = lambda path: write_segmentation(path, subject, regions)
    if edits:
        writers[Kind.KEY_OBJECTS] = lambda path: write_key_objects(path, subject, edits, observer=wanted.observer)
    if found:
        writers[Kind.REPORT] = lambda path: write_report(path, subject, found, observer=wanted.observer)
    return {kind: writer for kind, writer in writers.items() if kind in wanted.kinds}


def _nodules(regions: tuple[Region, ...]) -> tuple[Reported, ...]:
    """The nodules among regions, for the report."""
    found = []
    for region in regions:
        y0, x0, y1, x1 = region.box
        if region.nodule:
            box = float(y0), float(x0), float(y1), float(x1)
            found.append(Reported(box, title=region.title, diameter_px=region.diameter_px))
    return tuple(found)


def _together(regions: tuple[Region, ...]) -> Mask:
    mask = regions[0].mask.copy()
    for region in regions[1:]:
        mask |= region.mask
    return mask


def kinds_from(text: str) -> tuple[Kind, ...]:
    """Read a list of kinds with commas, or "all".

    Raises:
        StudioError: one is unknown.
    """
    words = [word.strip().lower() for word in text.split(",") if word.strip()]
    if words == ["all"]:
        return EVERY
    unknown = [word for word in words if word not in list(Kind)]
    if unknown or not words:
        what = f"{unknown[0]!r} is no kind of DICOM object" if unknown else "no kind of DICOM object was given"
        raise StudioError(what, remedy=f"Give some of {', '.join(Kind)} with commas, or all")
    return tuple(Kind(word) for word in words)
