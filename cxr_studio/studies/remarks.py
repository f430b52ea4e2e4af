"""What the owner of a new study must know, a sentence each."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from cxr_studio.studies.file_audit import file_leaks
from cxr_studio.studies.giveaways import giveaways
from cxr_studio.studies.grey_levels import few_levels
from cxr_studio.studies.making import Made
from cxr_studio.studies.observers.preview import previews
from cxr_studio.studies.sealing import BUNDLE, KEY_FILE


def remarks(made: Made, out: Path) -> Iterator[str]:
    """Cases, files, and what could tell the truth without looking at the images.

    Args:
        made: The study.
        out: Its folder.
    """
    cases = made.key.cases.values()
    main = sum(not (case.practice or case.catch) for case in cases)
    practice, catches = sum(case.practice for case in cases), sum(case.catch for case in cases)
    readers = len(made.bundle.schedules)
    yield f"{main} cases, {practice} for practice, {catches} catches; schedules for {readers} readers."
    patients = {case.patient for case in cases}
    if len(patients) == 1:
        yield (
            f"All radiographs are of one patient ({patients.pop()}). If they are not, give --patients, or a table "
            "patients.csv beside them."
        )
    yield f"For readers: {out / BUNDLE}"
    yield f"For you alone, keep it apart: {out / KEY_FILE}"
    if made.reused:
        yield (
            f"{made.reused} radiographs are shown more than once (each time cropped differently). Somebody who "
            "compares the files of the bundle could tell which are original; provide more radiographs to avoid this."
        )
    yield f"Protocol SHA-256: {made.bundle.protocol_sha256}"
    for image in few_levels(made.bundle, made.key):
        yield (
            f"Warning: {image.source} has only {image.levels} grey levels, and readers will see the steps; "
            "omit it, or provide it with more levels."
        )
    for leak in file_leaks(made.bundle, made.key):
        by = f" ({leak.clues[0].words})" if leak.clues else ""
        yield (
            f"Warning: the files of changed images are told from originals by {leak.question.title.lower()}{by}; ROC "
            f"area {leak.told.area:.2f}."
        )
    if made.key.protocol.study.paradigm == "2afc":
        yield from _giveaways(made)
        yield from (preview.words for preview in previews(made.bundle, made.key))


def _giveaways(made: Made) -> Iterator[str]:
    """Every measure of the files that tells which image of a pair was changed."""
    for measure in giveaways(made.bundle, made.key):
        counts = f"{measure.name}: the changed image has more in {measure.larger} of {measure.pairs} pairs, less in "
        counts += f"{measure.smaller}"
        if measure.tells:
            yield (
                f"Warning: {counts}. Somebody who measures the files can identify the changed "
                'image; choose grain = "spectrum" or another generator.'
            )
        elif measure.name == "compressed size":
            yield f"File statistics reveal nothing ({counts})."
