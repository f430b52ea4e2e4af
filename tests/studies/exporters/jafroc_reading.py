"""Read JAFROC .xlsx files of the new format, with the checks that RJafroc makes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from cxr_studio.errors import ReadError, StatisticsError
from cxr_studio.studies.exporters.jafroc import COLUMNS, DESIGN, FP, FROC, ROC, TP, TRUTH, Mark, MarkedStudy, check

OTHER_NAMES = {"LL": TP, "NL": FP}
"""Sheet names that RJafroc takes as well."""

DESIGNS = (DESIGN, "CROSSED")

Row = tuple[object, ...]


def read_jafroc(path: str | Path) -> MarkedStudy:
    """Read the marks; names of readers and modalities are the identifiers in the file.

    Raises:
        ReadError: the file is no .xlsx, has other sheets or columns, or its rows contradict each other.
    """
    path = Path(path)
    sheets = _sheets(path)
    truth = sheets[TRUTH]
    lesions = _lesions(truth, path)
    kinds = [str(row[5]).upper() for row in truth if row[5] not in (None, "")]
    if len(kinds) < 2 or kinds[0] not in (ROC, FROC) or kinds[1] not in DESIGNS:
        raise _refused(path, 'the Paradigm column does not begin with "ROC" or "FROC" and then "FCTRL"')
    marks = [Mark(str(r), str(m), str(c), _whole(k, path), _number(v, path)) for r, m, c, k, v in sheets[TP]]
    marks += [Mark(str(r), str(m), str(c), 0, _number(v, path)) for r, m, c, v in sheets[FP]]
    for mark in marks:
        if kinds[0] == ROC and not mark.lesion and lesions.get(mark.case):
            raise _refused(path, f"the ROC rating of abnormal case {mark.case} stands in the sheet of false positives")
    study = MarkedStudy(kinds[0], lesions, tuple(marks))
    try:
        check(study)
    except StatisticsError as fault:
        raise _refused(path, fault.what) from fault
    return study


def _sheets(path: Path) -> dict[str, list[Row]]:
    from openpyxl import load_workbook

    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except Exception as fault:
        raise ReadError(f"the file is no .xlsx workbook ({fault})", file=path, remedy="Choose another file") from fault
    try:
        names = {OTHER_NAMES.get(page.title, page.title): page for page in book.worksheets}
        if sorted(names) != sorted(COLUMNS) or len(book.worksheets) != len(COLUMNS):
            raise _refused(path, "the sheets are not exactly TRUTH, TP and FP")
        found: dict[str, list[Row]] = {}
        for sheet, page in names.items():
            head, *rows = [tuple(row) for row in page.iter_rows(values_only=True)] or [()]
            width = len(COLUMNS[sheet])
            if len(head) != width:
                raise _refused(path, f"sheet {sheet} has {len(head)} columns and not {width}")
            kept = [row for row in rows if any(cell is not None for cell in row)]
            if any(cell is None for row in kept for cell in row[: min(width, 5)]):
                raise _refused(path, f"sheet {sheet} has an empty cell")
            found[sheet] = kept
        return found
    finally:
        book.close()


def _lesions(rows: Sequence[Row], path: Path) -> dict[str, tuple[float, ...]]:
    found: dict[str, tuple[float, ...]] = {}
    for row in rows:
        case, lesion, weight = str(_whole(row[0], path)), _whole(row[1], path), _number(row[2], path)
        known = found.get(case, ())
        if lesion != (len(known) + 1 if lesion else 0) or (case in found and not known):
            raise _refused(
                path, f"the lesions of case {case} are not numbered 1, 2, 3 in order, or 0 for a normal case"
            )
        found[case] = (*known, weight) if lesion else ()
    return found


def _whole(value: object, path: Path) -> int:
    number = _number(value, path)
    if number != int(number):
        raise _refused(path, f'"{value}" is not a whole number')
    return int(number)


def _number(value: object, path: Path) -> float:
    try:
        return float(str(value))
    except ValueError:
        raise _refused(path, f'"{value}" is not a number') from None


def _refused(path: Path, what: str) -> ReadError:
    return ReadError(what, file=path, remedy="Compare it with RJafroc's toy file rocCr.xlsx")
