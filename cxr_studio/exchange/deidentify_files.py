"""Files de-identified into a folder: radiographs of any format, and DICOM objects about them."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal

from cxr_studio.datasets.listing import is_dicom
from cxr_studio.datasets.naming import result_name
from cxr_studio.datasets.patients import TABLE, Patients, known_patients
from cxr_studio.errors import ReadError, StudioError, WriteError, reason_of
from cxr_studio.exchange.deidentify import deidentified
from cxr_studio.exchange.deidentify_burned_in import BurnedIn, burned_in
from cxr_studio.exchange.deidentify_filling import filled, take_identity
from cxr_studio.exchange.deidentify_radiograph import Deidentification, export_deidentified
from cxr_studio.files import replaced
from cxr_studio.generation.session import Session
from cxr_studio.radiographs.radiograph import Radiograph
from cxr_studio.radiographs.reading import SUFFIXES, read_radiograph
from cxr_studio.settings import DEFAULT_GENERATOR

Inpainted = Literal["", "text", "all"]
"""What of the found regions is filled: none, rows of letters, or markers too."""


@dataclass(frozen=True)
class Wanted:
    """What is done to files.

    Attributes:
        asked: Profile and table.
        inpaint: Which regions that look written are filled.
        patients: Whose files are; by default ``patients.csv`` beside them, else they say it themselves.
        generator: That fills.
    """

    asked: Deidentification
    inpaint: Inpainted = ""
    patients: Patients | None = None
    generator: str = DEFAULT_GENERATOR

    def whose(self, path: Path) -> Patients:
        """The table that says whose a file is.

        Raises:
            ReadError: one lies beside it that cannot be used.
        """
        if self.patients is not None:
            return self.patients
        table = path.parent / TABLE
        return _beside(path.parent, table.stat().st_mtime_ns if table.is_file() else 0)


@dataclass(frozen=True)
class Done:
    """One file.

    Attributes:
        out: The file that was written.
        patient: Pseudonym.
        regions: What looks written in it and is still there.
        filled: Regions that were filled.
        stated: Whether its header says that it has burned-in annotation.
        notes: What else is worth a word.
    """

    out: Path
    patient: str
    regions: tuple[BurnedIn, ...] = ()
    filled: int = 0
    stated: bool = False
    notes: tuple[str, ...] = ()


def files_of(inputs: Sequence[Path], out: Path) -> tuple[list[Path], int]:
    """List what is de-identified: files as they are, folders with all that lies below them.

    Returns:
        DICOM files and pictures in order; and how many other files lie in the folders.

    Raises:
        ReadError: an input does not exist, or there is nothing.
        WriteError: the results would lie among the inputs.
    """
    found: list[Path] = []
    others = 0
    for given in inputs:
        if not given.exists():
            raise ReadError("there is no such file or folder", file=given, remedy="Check its name")
        if not given.is_dir():
            found.append(given)
            continue
        if out.absolute().resolve().is_relative_to(given.absolute().resolve()):
            raise WriteError("the results would lie among the originals", file=out, remedy="Choose another folder")
        below = sorted(path for path in given.rglob("*") if path.is_file() and path.name != TABLE)
        kept = [path for path in below if _counts(path)]
        found, others = found + kept, others + len(below) - len(kept)
    if not found:
        raise ReadError("there are no radiographs and no DICOM files", file=inputs[0], remedy="Choose another folder")
    return list(dict.fromkeys(found)), others


def deidentify_files(paths: Sequence[Path], out: Path, wanted: Wanted) -> Iterator[tuple[Path, Done | StudioError]]:
    """De-identify file after file; one that cannot be is named with its fault, and nothing of it is written.

    Results have pseudonyms for names too: the patient's, and eight characters that follow from the instance.
    """
    taken: dict[Path, Path] = {}
    for path in paths:
        try:
            yield path, _one(path, out, wanted, taken)
        except StudioError as fault:
            yield path, fault if fault.file is not None else type(fault)(fault.what, file=path, remedy=fault.remedy)


@lru_cache(maxsize=4)
def _beside(folder: Path, _changed: int) -> Patients:
    """The table beside files in the state in which it was changed last."""
    return known_patients(folder)


def _counts(path: Path) -> bool:
    if path.name.startswith(".") or path.name.upper() == "DICOMDIR":
        return False
    return path.suffix.lower() in SUFFIXES or is_dicom(path)


def _one(path: Path, out: Path, wanted: Wanted, taken: dict[Path, Path]) -> Done:
    dicom = is_dicom(path) or path.suffix.lower() in (".dcm", ".dicom")
    return _dicom(path, out, wanted, taken) if dicom else _picture(path, out, wanted, taken)


def _dicom(path: Path, out: Path, wanted: Wanted, taken: dict[Path, Path]) -> Done:
    dataset = _read(path)
    clean = deidentified(
        dataset, wanted.asked.profile, wanted.asked.pseudonyms(), patient=wanted.whose(path).listed(path)
    )
    patient, own = str(clean.PatientID), str(clean.get("SOPInstanceUID", ""))
    written = _claimed(path, out / _name(patient, own, ".dcm"), taken)
    radiograph, notes = _image(path) if "PixelData" in clean else (None, ())
    regions = () if radiograph is None else burned_in(radiograph)
    to_fill = _to_fill(regions, wanted.inpaint)
    if radiograph is not None and to_fill:
        export_deidentified(filled(radiograph, to_fill, wanted.generator), written, wanted.asked, patient=patient)
        take_identity(written, clean)
    else:
        _save(clean, written, path)
    left = tuple(region for region in regions if region not in to_fill)
    stated = str(dataset.get("BurnedInAnnotation", "")) == "YES"
    return Done(written, patient, left, len(to_fill), stated, (*notes, *_overlays(dataset)))


def _picture(path: Path, out: Path, wanted: Wanted, taken: dict[Path, Path]) -> Done:
    """A picture or a MetaImage: its pixels are written again, with nothing else that the file held."""
    radiograph = read_radiograph(path)
    pseudonyms = wanted.asked.pseudonyms()
    patient = pseudonyms.of(wanted.whose(path).of(path)).name
    ending = Path(result_name(path, dicom=False)).suffix
    written = _claimed(path, out / _name(patient, pseudonyms.keyed(radiograph.source.sha256), ending), taken)
    regions = burned_in(radiograph)
    to_fill = _to_fill(regions, wanted.inpaint)
    session = filled(radiograph, to_fill, wanted.generator) if to_fill else Session(radiograph)
    export_deidentified(session, written, wanted.asked, patient=patient)
    return Done(written, patient, tuple(region for region in regions if region not in to_fill), len(to_fill))


def _name(patient: str, unique: str, ending: str) -> str:
    return f"{patient}-{sha256(unique.encode()).hexdigest()[:8]}{ending}"


def _claimed(path: Path, written: Path, taken: dict[Path, Path]) -> Path:
    """The file that an input is written to, which no other input of this run may be.

    Raises:
        ReadError: another one is.
    """
    if written in taken:
        raise ReadError(f"it is the same instance as {taken[written].name}", file=path, remedy="Leave one of them out")
    taken[written] = path
    return written


def _to_fill(regions: Sequence[BurnedIn], inpaint: Inpainted) -> tuple[BurnedIn, ...]:
    return tuple(region for region in regions if inpaint == "all" or (inpaint == "text" and region.kind == "text"))


def _read(path: Path) -> Any:
    import pydicom

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            dataset = pydicom.dcmread(path, force=True)
            if "SOPClassUID" not in dataset:
                raise ReadError("it is no DICOM object", file=path, remedy="Leave it out")
            return dataset
        except StudioError:
            raise
        except Exception as fault:  # pydicom raises many kinds on damaged files
            what = f"the DICOM file is damaged ({reason_of(fault)})"
            raise ReadError(what, file=path, remedy="Copy it again") from fault


def _image(path: Path) -> tuple[Radiograph | None, tuple[str, ...]]:
    """The radiograph in a file, or why its pixels cannot be searched."""
    try:
        return read_radiograph(path), ()
    except StudioError as fault:
        return None, (f"not searched for text: {fault.what}",)


def _overlays(dataset: Any) -> tuple[str, ...]:
    """A word on overlays in unused bits of the pixels, which stay as they are."""
    groups = range(0x6000, 0x6020, 2)
    embedded = [g for g in groups if (g << 16 | 0x0102) in dataset and dataset[g << 16 | 0x0102].value not in (0, None)]
    return ("an overlay lies in unused bits of its pixels and stays there",) if embedded else ()


def _save(clean: Any, written: Path, path: Path) -> None:
    with replaced(written) as beside, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            clean.save_as(beside, enforce_file_format=True)
        except OSError:
            raise
        except Exception as fault:  # pydicom raises many kinds on damaged headers
            what = f"its header cannot be written again ({reason_of(fault)})"
            raise WriteError(what, file=path, remedy="Leave it out") from fault
