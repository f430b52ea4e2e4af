"""A study's answers for multi-reader programs: .imrmc, its RJafroc dialect, JAFROC workbooks; a file a kind of reader.

People, machines and simulations are never put into one file, since such programs would treat them as one population.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from cxr_studio.errors import StatisticsError
from cxr_studio.studies.exporters.imrmc import binary_as_auc, write_imrmc
from cxr_studio.studies.exporters.jafroc import as_marks, write_jafroc
from cxr_studio.studies.statistics import outcome as o
from cxr_studio.studies.statistics.observations import ReadingStudy
from cxr_studio.studies.statistics.outcome_observations import as_ratings, as_successes

JAFROC = "jafroc-xlsx"


def write_readings(outcome: o.StudyOutcome, folder: Path, form: str) -> list[Path]:
    """Write ``FORM-KIND`` files: ratings of real or fake, and 2AFC in the binary form whose AUC is percent correct.

    Args:
        outcome: The study.
        folder: Where to.
        form: ``imrmc``, ``imrmc-rjafroc`` or ``jafroc-xlsx`` (ROC; every reader must have answered every case).

    Returns:
        Paths of the files, each followed by that of its table of names.

    Raises:
        StatisticsError: nobody answered a main trial, or the form cannot hold the answers.
        WriteError: a file cannot be written.
    """
    paths: list[Path] = []
    for kind in o.KINDS:
        readers = outcome.of_kind(kind)
        if not readers:
            continue
        study = _plainly_named(_readings(outcome.main_answers(readers), outcome.protocol.paradigm))
        path = folder / f"{form.removesuffix('-xlsx').removeprefix('imrmc-')}-{kind}"
        if form == JAFROC:
            paths += write_jafroc(as_marks(study), path)
        else:
            written = write_imrmc(study, path, dialect=form, title=f"{outcome.protocol.title} ({kind})")
            paths += [written.data, written.names]
    if not paths:
        raise StatisticsError("no reader has answered a trial yet, so there is nothing to export")
    return paths


def _readings(answers: list[o.Answer], paradigm: str) -> ReadingStudy:
    return binary_as_auc(as_successes(answers)) if paradigm == o.TWO_AFC else as_ratings(answers)


def _plainly_named(study: ReadingStudy) -> ReadingStudy:
    """With names of modalities that an .imrmc file can hold: "context-encoder, 64 px" becomes context-encoder_64_px."""
    plain = {name: re.sub(r"[\s,\"']+", "_", name).strip("_") or "condition" for name in study.modalities}
    taken = list(plain.values())
    names = {
        name: f"{own}_{k}" if taken.count(own) > 1 or own.lower() == "truth" else own
        for k, (name, own) in enumerate(plain.items(), 1)
    }
    rows = tuple(replace(each, modality=names[each.modality]) for each in study.observations)
    return replace(study, observations=rows)
