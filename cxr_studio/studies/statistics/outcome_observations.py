"""From answers to multi-reader observations: conditions are the modalities."""

from __future__ import annotations

from collections.abc import Sequence

from cxr_studio.errors import StatisticsError
from cxr_studio.studies.statistics.detection import signed_confidence
from cxr_studio.studies.statistics.mrmc_kernels import PERCENT_CORRECT, Kernels, auc_kernels, score_kernels
from cxr_studio.studies.statistics.observations import Observation, ReadingStudy, reading_study
from cxr_studio.studies.statistics.outcome import FAKE, TWO_AFC, Answer


def kernels_of(answers: Sequence[Answer], paradigm: str) -> Kernels:
    """Percent correct by generator in 2AFC, AUC by generator against the real images otherwise.

    Raises:
        StatisticsError: too few cases, or an answer is there twice.
    """
    if paradigm == TWO_AFC:
        return score_kernels(as_successes(answers), truth=1, endpoint=PERCENT_CORRECT, chance=0.5)
    return auc_kernels(as_ratings(answers))


def as_successes(answers: Sequence[Answer]) -> ReadingStudy:
    """2AFC: 1 for a correct answer, 0 otherwise; every case counts as signal-present.

    The source image is the case, which pairs generators through the radiograph, unless a reader saw a
    source twice with one generator; then the shown pair is the case.

    Raises:
        StatisticsError: there are no answers, or one is there twice.
    """
    by_source = {(a.reader, a.condition, a.source_image) for a in answers}
    paired = len(by_source) == len(answers)
    rows = [Observation(a.reader, a.source_image if paired else a.case, a.condition, float(a.correct)) for a in answers]
    return reading_study(rows, {row.case: 1 for row in rows})


def as_ratings(answers: Sequence[Answer]) -> ReadingStudy:
    """Real or fake: confidence with the sign of the decision; the real images belong to every generator.

    Fakes that generators made from the same source image are one case, unless a reader saw two from the
    same source and generator.

    Raises:
        StatisticsError: there are no fakes, or an answer is there twice.
    """
    fakes = [a for a in answers if a.truth == FAKE]
    generators = sorted({a.condition for a in fakes})
    if not generators:
        raise StatisticsError("there are no fake images among the answers")
    paired = len({(a.reader, a.condition, a.source_image) for a in fakes}) == len(fakes)
    rows, truth = [], {}
    for a in answers:
        fake = a.truth == FAKE
        case = f"fake of {a.source_image}" if fake and paired else a.case
        truth[case] = int(fake)
        score = signed_confidence(a.response == FAKE, a.confidence)
        rows += [Observation(a.reader, case, g, score) for g in ([a.condition] if fake else generators)]
    return reading_study(rows, truth)
