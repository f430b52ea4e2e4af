"""Write JAFROC .xlsx files as RJafroc's toy files are (``newExcelFileFormat = TRUE``): ROC or FROC, crossed."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from pathlib import Path

from cxr_studio.errors import StatisticsError
from cxr_studio.extras import needed
from cxr_studio.files import replaced
from cxr_studio.studies.statistics.observations import Observation, ReadingStudy, natural

ROC, FROC = "ROC", "FROC"
DESIGN = "FCTRL"
TRUTH, TP, FP = "TRUTH", "TP", "FP"
COLUMNS: dict[str, tuple[str, ...]] = {
    TRUTH: ("CaseID", "LesionID", "Weight", "ReaderID", "ModalityID", "Paradigm"),
    TP: ("ReaderID", "ModalityID", "CaseID", "LesionID", "TP_Rating"),
    FP: ("ReaderID", "ModalityID", "CaseID", "FP_Rating"),
}
"""Sheet → its columns."""

NAMES_SUFFIX = "-names.csv"


@dataclass(frozen=True)
class Mark:
    """A rated mark: on lesion 1, 2, … of an abnormal case, or 0 for a mark that hits none."""

    reader: str
    modality: str
    case: str
    lesion: int
    rating: float


@dataclass(frozen=True)
class MarkedStudy:
    """Marks of several readers.

    Attributes:
        paradigm: ``ROC`` (one rating a case) or ``FROC`` (any number of marks).
        lesions: Case → weights of its lesions in order; () for a normal case. Weights add up to 1.
        marks: Higher rating means more suspicious. Unmarked cases have none.
    """

    paradigm: str
    lesions: Mapping[str, tuple[float, ...]]
    marks: tuple[Mark, ...]

    @property
    def readers(self) -> tuple[str, ...]:
        """Names in natural order."""
        return tuple(sorted({m.reader for m in self.marks}, key=natural))

    @property
    def modalities(self) -> tuple[str, ...]:
        """Names in natural order."""
        return tuple(sorted({m.modality for m in self.marks}, key=natural))

    @property
    def cases(self) -> tuple[str, ...]:
        """Normal cases first, then abnormal ones, each in natural order."""
        return tuple(sorted(self.lesions, key=lambda case: (bool(self.lesions[case]), natural(case))))


def as_marks(study: ReadingStudy) -> MarkedStudy:
    """Ratings as ROC marks: lesion 1 of every abnormal case.

    Raises:
        StatisticsError: a reader did not rate a case, which RJafroc would read as an unmarked case.
    """
    expected = len(study.readers) * len(study.modalities) * len(study.truth)
    if len(study.observations) != expected:
        raise StatisticsError(
            "a JAFROC file of ROC ratings needs every reader to rate every case in every modality",
            remedy="Write .imrmc instead, which allows missing cells",
        )
    lesions = {case: (1.0,) if present else () for case, present in study.truth.items()}
    return MarkedStudy(ROC, lesions, tuple(_as_mark(o, study.truth[o.case]) for o in study.observations))


def write_jafroc(study: MarkedStudy, path: str | Path) -> tuple[Path, Path]:
    """Write the three sheets, and ``NAME-names.csv`` with the names behind the whole numbers.

    Cases are counted from 1, readers and modalities from 0, as in the toy files; ReaderID and ModalityID
    are text. RJafroc reads the file with ``DfReadDataFile(f, newExcelFileFormat = TRUE)``.

    Returns:
        Paths of the .xlsx and of the names.

    Raises:
        StatisticsError: a mark names no case or lesion or is there twice, or weights do not add up to 1.
        WriteError: a file cannot be written.
        StudioError: openpyxl is not installed.
    """
    check(study)
    path = Path(path).with_suffix(".xlsx")
    numbers = _Numbers(study)
    book = needed("openpyxl", "xlsx", "workbooks (.xlsx)").Workbook()
    book.remove(book.worksheets[0])
    for sheet, rows in ((TRUTH, _truth(study, numbers)), (TP, _hits(study, numbers)), (FP, _misses(study, numbers))):
        page = book.create_sheet(sheet)
        page.append(COLUMNS[sheet])
        for row in rows:
            page.append(row)
    with replaced(path) as beside:
        book.save(beside)
    names = path.with_name(path.stem + NAMES_SUFFIX)
    with replaced(names) as beside:
        beside.write_text(numbers.table(), encoding="utf-8")
    return path, names


def check(study: MarkedStudy) -> None:
    """Refuse what RJafroc would refuse, or would read as something else.

    Raises:
        StatisticsError: with the case or the mark at fault.
    """
    if study.paradigm not in (ROC, FROC):
        raise StatisticsError(f'there is no paradigm "{study.paradigm}"', remedy="Choose ROC or FROC")
    if not study.marks:
        raise StatisticsError("there are no marks to write")
    for case, weights in study.lesions.items():
        if weights and abs(sum(weights) - 1) > 1e-9 and any(weights):
            raise StatisticsError(f"the lesion weights of case {case} do not add up to 1")
        if study.paradigm == ROC and len(weights) > 1:
            raise StatisticsError(f"case {case} has several lesions, which a ROC file cannot hold")
    seen: set[tuple[str, str, str, int]] = set()
    for mark in study.marks:
        key = (mark.reader, mark.modality, mark.case, mark.lesion)
        if mark.case not in study.lesions:
            raise StatisticsError(f"reader {mark.reader} marked case {mark.case}, which has no truth")
        if not 0 <= mark.lesion <= len(study.lesions[mark.case]):
            raise StatisticsError(f"reader {mark.reader} marked lesion {mark.lesion} of case {mark.case}: it has none")
        if key in seen and (mark.lesion or study.paradigm == ROC):
            raise StatisticsError(f"reader {mark.reader} rated case {mark.case} twice in {mark.modality}")
        if not isfinite(mark.rating):
            raise StatisticsError(f"the rating of reader {mark.reader} on case {mark.case} is not a number")
        seen.add(key)


class _Numbers:
    """Whole numbers for names."""

    def __init__(self, study: MarkedStudy) -> None:
        self.readers = {name: str(k) for k, name in enumerate(study.readers)}
        self.modalities = {name: str(k) for k, name in enumerate(study.modalities)}
        self.cases = {name: k for k, name in enumerate(study.cases, 1)}

    def table(self) -> str:
        """CSV of kind, number and name."""
        stream = io.StringIO(newline="")
        rows = csv.writer(stream, lineterminator="\n")
        rows.writerow(("kind", "number", "name"))
        rows.writerows(("reader", number, name) for name, number in self.readers.items())
        rows.writerows(("modality", number, name) for name, number in self.modalities.items())
        rows.writerows(("case", number, name) for name, number in self.cases.items())
        return stream.getvalue()


def _truth(study: MarkedStudy, numbers: _Numbers) -> list[Sequence[object]]:
    readers, modalities = ",".join(numbers.readers.values()), ",".join(numbers.modalities.values())
    rows: list[list[object]] = []
    for case, number in numbers.cases.items():
        weights = study.lesions[case]
        lesions = list(enumerate(weights, 1)) if weights else [(0, 0.0)]
        rows += [[number, lesion, weight, readers, modalities, None] for lesion, weight in lesions]
    if len(rows) < 2:
        raise StatisticsError("a JAFROC file needs at least two cases")
    rows[0][5], rows[1][5] = study.paradigm, DESIGN
    return [tuple(row) for row in rows]


def _hits(study: MarkedStudy, numbers: _Numbers) -> list[Sequence[object]]:
    return [
        (numbers.readers[m.reader], numbers.modalities[m.modality], numbers.cases[m.case], m.lesion, m.rating)
        for m in _sorted(study, numbers)
        if m.lesion
    ]


def _misses(study: MarkedStudy, numbers: _Numbers) -> list[Sequence[object]]:
    return [
        (numbers.readers[m.reader], numbers.modalities[m.modality], numbers.cases[m.case], m.rating)
        for m in _sorted(study, numbers)
        if not m.lesion
    ]


def _sorted(study: MarkedStudy, numbers: _Numbers) -> list[Mark]:
    return sorted(
        study.marks,
        key=lambda m: (int(numbers.readers[m.reader]), int(numbers.modalities[m.modality]), numbers.cases[m.case]),
    )


def _as_mark(o: Observation, present: int) -> Mark:
    return Mark(o.reader, o.modality, o.case, 1 if present else 0, o.score)
