"""Write .imrmc files for iMRMC (truth rows by "truth") and for RJafroc (by "-1", whole numbers only)."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from cxr_studio.errors import StatisticsError
from cxr_studio.files import replaced
from cxr_studio.studies.statistics.observations import Observation, ReadingStudy, reading_study

IMRMC, RJAFROC = "imrmc", "imrmc-rjafroc"
DIALECTS = MappingProxyType({IMRMC: "truth", RJAFROC: "-1"})
"""Dialect → reader id of the truth rows."""

FEWEST_IN_CLASS = 3
"""Cases of each class below which the Java program silently drops a reader × modality."""

FAKE_CASES = 5
"""Signal-absent cases added to binary answers; iMRMC's own number."""

TIE = 0.5


@dataclass(frozen=True)
class Numbers:
    """Whole numbers that stand for names in a file, counted from 1."""

    readers: dict[str, int]
    cases: dict[str, int]
    modalities: dict[str, int]


@dataclass(frozen=True)
class Written:
    """Files written: the data and the table of numbers and names."""

    data: Path
    names: Path


def write_imrmc(study: ReadingStudy, path: str | Path, *, dialect: str = IMRMC, title: str = "") -> Written:
    """Write ``study`` and, beside it, ``NAME-names.csv`` with what each number stands for.

    Readers and cases are whole numbers in both dialects, modalities in that of RJafroc. The header has all
    four counts, which RJafroc needs.

    Raises:
        StatisticsError: the dialect is unknown, a modality's name has white space, commas or quotation
            marks, or a reader has fewer than three cases of a class in a modality, which the Java program
            would drop.
        WriteError: a file cannot be written.
    """
    if dialect not in DIALECTS:
        raise StatisticsError(f'there is no dialect "{dialect}"', remedy=f"Choose {' or '.join(DIALECTS)}")
    _refuse_small_cells(study)
    numbers = numbered(study)
    path = Path(path).with_suffix(".imrmc")
    names = path.with_name(f"{path.stem}-names.csv")
    with replaced(path) as beside:
        beside.write_text(_content(study, numbers, dialect, title or study.title), encoding="utf-8", newline="\n")
    with replaced(names) as beside:
        beside.write_text(_names(numbers), encoding="utf-8", newline="")
    return Written(path, names)


def binary_as_auc(study: ReadingStudy, *, fakes: int = FAKE_CASES) -> ReadingStudy:
    """A study whose AUC is the percent correct of ``study``, and whose AUC variance is its variance.

    Every pair is a signal-present case with score 1, ½ or 0; ``fakes`` signal-absent cases get ½ from every
    reader in every modality in which that reader answered.

    Raises:
        StatisticsError: a score is not 0, ½ or 1, or there are fewer than three fakes.
    """
    if fakes < FEWEST_IN_CLASS:
        raise StatisticsError(f"the binary form needs at least {FEWEST_IN_CLASS} signal-absent cases")
    odd = next((o for o in study.observations if o.score not in (0, TIE, 1)), None)
    if odd is not None:
        raise StatisticsError(f"the score {odd.score:g} of reader {odd.reader} is not 0, 0.5 or 1")
    taken = {o.case for o in study.observations}
    names = [name for k in range(1, fakes + len(taken) + 1) if (name := f"absent{k}") not in taken][:fakes]
    cells = dict.fromkeys((o.reader, o.modality) for o in study.observations)
    added = [Observation(reader, name, modality, TIE) for reader, modality in cells for name in names]
    truth = dict.fromkeys(names, 0) | dict.fromkeys(sorted(taken), 1)
    return reading_study([*study.observations, *added], truth, title=study.title)


def numbered(study: ReadingStudy) -> Numbers:
    """Numbers in natural order of the names; signal-absent cases come first."""
    return Numbers(
        readers={name: k for k, name in enumerate(study.readers, 1)},
        cases={name: k for k, name in enumerate(study.cases(0) + study.cases(1), 1)},
        modalities={name: k for k, name in enumerate(study.modalities, 1)},
    )


def _content(study: ReadingStudy, numbers: Numbers, dialect: str, title: str) -> str:
    modality = {name: str(k) if dialect == RJAFROC else _plain_name(name) for name, k in numbers.modalities.items()}
    head = [
        " ".join(title.split()) or "CXR Studio reader study",
        f"N0:{len(study.cases(0))}",
        f"N1:{len(study.cases(1))}",
        f"NR:{len(study.readers)}",
        f"NM:{len(study.modalities)}",
        "BEGIN DATA:",
    ]
    truth_reader = DIALECTS[dialect]
    none = "0" if dialect == RJAFROC else "truth"
    rows = [f"{truth_reader},{k},{none},{study.truth[case]}" for case, k in numbers.cases.items()]
    ordered = sorted(
        study.observations,
        key=lambda o: (numbers.readers[o.reader], numbers.modalities[o.modality], numbers.cases[o.case]),
    )
    rows += [f"{numbers.readers[o.reader]},{numbers.cases[o.case]},{modality[o.modality]},{o.score!r}" for o in ordered]
    return "\n".join([*head, *rows]) + "\n"


def _plain_name(name: str) -> str:
    if not name or any(letter.isspace() or letter in ",\"'" for letter in name) or name.lower() == "truth":
        raise StatisticsError(
            f'the modality "{name}" cannot stand in an .imrmc file',
            remedy="Use a name without spaces, commas and quotation marks",
        )
    return name


def _names(numbers: Numbers) -> str:
    stream = io.StringIO(newline="")
    rows = csv.writer(stream)
    rows.writerow(("kind", "number", "name"))
    for kind, table in (("reader", numbers.readers), ("case", numbers.cases), ("modality", numbers.modalities)):
        rows.writerows((kind, number, name) for name, number in table.items())
    return stream.getvalue()


def _refuse_small_cells(study: ReadingStudy) -> None:
    counts: dict[tuple[str, str], list[int]] = {}
    for o in study.observations:
        counts.setdefault((o.reader, o.modality), [0, 0])[study.truth[o.case]] += 1
    for (reader, modality), pair in counts.items():
        if min(pair) < FEWEST_IN_CLASS:
            raise StatisticsError(
                f"reader {reader} has fewer than {FEWEST_IN_CLASS} cases of a class in {modality}, "
                "and iMRMC would drop this reader without a word",
                remedy="For answers that are right or wrong, write the binary form",
            )
