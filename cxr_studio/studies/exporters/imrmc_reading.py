"""Read .imrmc files of any dialect: truth rows by "truth" or "-1", header counts or none."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from cxr_studio.errors import ReadError, StatisticsError
from cxr_studio.studies.statistics.observations import Observation, ReadingStudy, reading_study

BEGIN = "BEGIN DATA:"
TRUTH_READERS = ("truth", "-1")
COUNTS = ("N0", "N1", "NR", "NM")


@dataclass(frozen=True)
class ImrmcFile:
    """What stands in a file.

    Attributes:
        study: Observations and truth.
        warnings: Sentences on what the file says of itself and its rows do not bear out.
    """

    study: ReadingStudy
    warnings: tuple[str, ...]


def read_imrmc(path: str | Path) -> ImrmcFile:
    """Read observations and truth.

    As in iMRMC, "BEGIN DATA:" may be in small letters, white space inside a field is dropped, a spread-sheet's
    empty trailing fields are ignored, and the rows overrule the header's counts.

    Raises:
        ReadError: the file cannot be read or is not an .imrmc file; the sentence names the line.
    """
    path = Path(path)
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as fault:
        raise ReadError(
            f"the file could not be read ({fault})", file=path, remedy="Check its place and kind"
        ) from fault
    start = next((k for k, line in enumerate(lines) if line.strip(" ,\t").upper() == BEGIN), None)
    if start is None:
        raise ReadError(f'there is no line "{BEGIN}"', file=path, remedy="Choose a file in the format of iMRMC")
    truth: dict[str, int] = {}
    observations: list[Observation] = []
    for number, line in enumerate(lines[start + 1 :], start + 2):
        if line.strip(" ,\t"):
            _take(_fields(line, number, path), (truth, observations), f"line {number}", path)
    title = lines[0].strip(" ,\t") if start else ""
    try:
        study = reading_study(observations, truth, title=title)
    except StatisticsError as fault:
        raise ReadError(fault.what, file=path, remedy="Correct the rows") from fault
    return ImrmcFile(study, _disagreements(lines[:start], study))


def _fields(line: str, number: int, path: Path) -> list[str]:
    fields = ["".join(field.split()) for field in line.split(",")]
    while len(fields) > 4 and not fields[-1]:
        fields.pop()
    if len(fields) != 4 or not all(fields):
        raise ReadError(
            f"line {number} does not have four fields (reader, case, modality, score)",
            file=path,
            remedy="Names must be free of commas and quotation marks",
        )
    return fields


def _take(fields: list[str], into: tuple[dict[str, int], list[Observation]], place: str, path: Path) -> None:
    """Put one row where it belongs."""
    truth, observations = into
    reader, case, modality, text = fields
    try:
        score = float(text)
    except ValueError:
        raise ReadError(f'the score "{text}" in {place} is not a number', file=path, remedy="Correct it") from None
    if reader.lower() not in TRUTH_READERS:
        observations.append(Observation(reader, case, modality, score))
        return
    if case in truth:
        raise ReadError(f"case {case} has two truth rows, the second in {place}", file=path, remedy="Keep one")
    if score not in (0, 1):
        raise ReadError(f"the truth of case {case} in {place} is neither 0 nor 1", file=path, remedy="Correct it")
    truth[case] = int(score)


def _disagreements(header: Iterable[str], study: ReadingStudy) -> tuple[str, ...]:
    counted = dict(
        zip(COUNTS, (len(study.cases(0)), len(study.cases(1)), len(study.readers), len(study.modalities)), strict=True)
    )
    found = []
    for line in header:
        name, colon, text = line.strip(" ,\t").partition(":")
        name, text = name.strip().upper(), text.strip()
        if colon and name in counted and text != str(counted[name]):
            found.append(f"The header says {name}: {text}, the rows hold {counted[name]}; the rows are used.")
    return tuple(found)
