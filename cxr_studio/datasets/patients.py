"""Whose radiograph a file is."""

from __future__ import annotations

import csv
import re
import warnings
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from cxr_studio.datasets.listing import is_dicom
from cxr_studio.datasets.naming import stem_of
from cxr_studio.errors import ReadError
from cxr_studio.files import replaced

NIH_NAME = re.compile(r"(000\d{5})_\d{3}(?!\d)")
"""ChestX-ray14: patient (1 to 30,805, eight digits), underscore, number of the study. Eight digits of a date never
begin with three zeros."""

FILE_COLUMNS = ("image", "file", "filename", "file_name", "image index", "image_name", "img_name")
PATIENT_COLUMNS = ("patient", "patient_id", "patientid", "patient id")
"""Columns of a table of patients, small letters, the first found counts; ``Data_Entry_2017.csv`` has such a pair."""

COLUMNS = ("image", "patient")
"""Of a table that is written."""

TABLE = "patients.csv"
"""A table of this name in a folder of radiographs is used without being asked for."""


def patient_of(path: Path, header: object = None) -> str:
    """Whose radiograph it is: the file's Patient ID, the patient in an NIH-shaped name, or else the whole stem.

    Args:
        path: The file.
        header: What its reader found, with ``PatientID`` where it is DICOM.
    """
    known = str(getattr(header, "PatientID", "") or "").strip()
    if known:
        return known
    nih = NIH_NAME.match(path.name)
    return nih[1] if nih else stem_of(path)


def file_patient(path: Path) -> str:
    """Whose radiograph a file that has not been read is; see ``patient_of``. Of DICOM only the header is read."""
    return patient_of(path, _header(path))


@dataclass(frozen=True)
class Patients:
    """Whose radiographs files are, with a table that overrules what the files say.

    Attributes:
        table: File name, or stem, in small letters → patient.
        file: Where the table is from, None without one.
    """

    table: Mapping[str, str] = field(default_factory=dict)
    file: Path | None = None

    def of(self, path: Path, header: object = None) -> str:
        """The patient in the table, or as ``patient_of``."""
        return self.listed(path) or patient_of(path, header)

    def of_file(self, path: Path) -> str:
        """Like ``of`` for a file that has not been read; of DICOM only the header is."""
        return self.listed(path) or file_patient(path)

    def missing(self, paths: Iterable[Path]) -> tuple[Path, ...]:
        """The files that the table does not name; none where there is no table."""
        return tuple(path for path in paths if not self.listed(path)) if self.table else ()

    def note(self, paths: Iterable[Path]) -> str:
        """A sentence on the files that the table does not name, "" where it names all."""
        paths = list(paths)
        missing = self.missing(paths)
        if not missing or self.file is None:
            return ""
        return (
            f"{self.file.name} does not name {len(missing)} of {len(paths)} radiographs ({missing[0].name}, for "
            "example); their patients are taken from file or name."
        )

    def listed(self, path: Path) -> str:
        """The patient in the table, "" where it does not name the file."""
        return self.table.get(path.name.lower()) or self.table.get(stem_of(path).lower(), "")


def read_patients(path: Path) -> Patients:
    """Read a table of patients: a CSV with a column ``image`` or ``file`` and a column ``patient``.

    Commas, semicolons and tabs are understood, and the NIH's and the program's own tables. Names may lack their ending.

    Raises:
        ReadError: unreadable, without these columns, with an empty cell, or with two patients for one file.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as fault:
        raise ReadError(f"the table of patients cannot be read ({fault})", file=path, remedy="Check it") from fault
    first = text.partition("\n")[0]
    rows = list(csv.reader(text.splitlines(), delimiter=max(",;\t", key=first.count)))
    names = [name.strip().lower() for name in rows[0]] if rows else []
    wanted = (next((n for n in known if n in names), None) for known in (FILE_COLUMNS, PATIENT_COLUMNS))
    columns = [names.index(n) for n in wanted if n is not None]
    if len(columns) < 2:
        raise ReadError("the table has no columns image and patient", file=path, remedy="Name them in its first line")
    table: dict[str, str] = {}
    for number, row in enumerate(rows[1:], 2):
        if any(cell.strip() for cell in row):
            _enter(table, [row[k].strip() if k < len(row) else "" for k in columns], number, path)
    return Patients({**_by_stem(table), **table}, path)


def known_patients(folder: Path, table: Path | None = None) -> Patients:
    """The table that was asked for, or ``patients.csv`` in the folder, or none.

    Raises:
        ReadError: the table cannot be used.
    """
    beside = folder / TABLE
    if table is None and not beside.is_file():
        return Patients()
    return read_patients(table or beside)


def write_patients(folder: Path, patients: Mapping[str, str]) -> Path:
    """Write ``patients.csv`` into a folder of radiographs, atomically; files that an earlier one names stay in it.

    Args:
        folder: Of the radiographs.
        patients: File name → patient.

    Raises:
        ReadError: what is there of that name was not written so.
        WriteError: it cannot be written.
    """
    path = folder / TABLE
    kept = {name: patient for name, patient in written_patients(folder).items() if (folder / name).is_file()}
    with replaced(path) as beside, beside.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(COLUMNS)
        writer.writerows(sorted({**kept, **patients}.items()))
    return path


def written_patients(folder: Path) -> dict[str, str]:
    """File name → patient in the table that ``write_patients`` wrote into a folder; {} where there is none.

    Raises:
        ReadError: what is there of that name was not written so.
    """
    path = folder / TABLE
    if not path.is_file():
        return {}
    read_patients(path)
    with path.open(newline="", encoding="utf-8-sig") as stream:
        rows = list(csv.reader(stream))
    if tuple(rows[0]) != COLUMNS:
        remedy = "Move it elsewhere, or choose another folder for the results"
        raise ReadError("another table of patients lies among the results", file=path, remedy=remedy)
    return {row[0]: row[1] for row in rows[1:] if row}


def _enter(table: dict[str, str], cells: list[str], number: int, path: Path) -> None:
    name, patient = Path(cells[0].replace("\\", "/")).name.lower(), cells[1]
    if not name or not patient:
        raise ReadError(f"line {number} lacks a file or a patient", file=path, remedy="Complete it")
    if table.setdefault(name, patient) != patient:
        raise ReadError(f"{cells[0]} has two patients, {table[name]} and {patient}", file=path, remedy="Keep one")


def _by_stem(table: Mapping[str, str]) -> dict[str, str]:
    """Stem → patient, where every file of that stem has the same."""
    found: dict[str, set[str]] = {}
    for name, patient in table.items():
        found.setdefault(stem_of(Path(name)), set()).add(patient)
    return {stem: next(iter(patients)) for stem, patients in found.items() if len(patients) == 1}


def _header(path: Path) -> object:
    """The header's patient where the file is DICOM, None where it is not or cannot be read."""
    if path.suffix.lower() not in (".dcm", ".dicom") and not is_dicom(path):
        return None
    import pydicom

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return pydicom.dcmread(path, specific_tags=["PatientID"], stop_before_pixels=True, force=True)
        except Exception:  # pydicom raises many kinds on damaged files; reading the pixels says what is wrong
            return None
