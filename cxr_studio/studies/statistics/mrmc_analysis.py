"""All multi-reader analyses of one endpoint, side by side, ready for a table or for JSON."""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass
from itertools import combinations
from math import isfinite

from cxr_studio.errors import StatisticsError
from cxr_studio.studies.statistics.mrmc_bootstrap import REPLICATES, SEED, Bootstrap, two_way_bootstrap
from cxr_studio.studies.statistics.mrmc_covariance import JACKKNIFE, METHODS, case_covariance
from cxr_studio.studies.statistics.mrmc_kernels import AUC, Kernels
from cxr_studio.studies.statistics.mrmc_moments import NEGLIGIBLE
from cxr_studio.studies.statistics.mrmc_obuchowski_rockette import Input, ObuchowskiRockette, obuchowski_rockette
from cxr_studio.studies.statistics.mrmc_ustatistics import (
    MLE,
    UNKNOWN,
    UStatistic,
    difference_statistic,
    modality_statistic,
)
from cxr_studio.studies.statistics.proportions import CONFIDENCE


@dataclass(frozen=True)
class Settings:
    """Choices of an analysis."""

    confidence: float = CONFIDENCE
    replicates: int = REPLICATES
    seed: int = SEED


@dataclass(frozen=True)
class Analysis:
    """One endpoint of a study of several readers.

    Attributes:
        per_reader: Modality → reader → figure of merit; None where a reader has no usable case.
        means: Modality → mean.
        u_statistics: Modalities, then differences.
        obuchowski_rockette: One for each covariance method, jackknife first; empty when ``refused`` says why.
        refused: Why Obuchowski–Rockette could not be done, or "".
        notes: Plain sentences on what a reader of the figures must know.
    """

    endpoint: str
    readers: tuple[str, ...]
    modalities: tuple[str, ...]
    sizes: dict[str, int]
    fully_crossed: bool
    per_reader: dict[str, dict[str, float | None]]
    means: dict[str, float]
    u_statistics: tuple[UStatistic, ...]
    obuchowski_rockette: tuple[ObuchowskiRockette, ...]
    refused: str
    bootstrap: Bootstrap
    notes: tuple[str, ...]


def analyse(kernels: Kernels, settings: Settings | None = None) -> Analysis:
    """U-statistics, Obuchowski–Rockette and bootstrap.

    Raises:
        StatisticsError: fewer than two readers or cases of a class.
    """
    chosen = settings or Settings()
    if len(kernels.readers) < 2:
        raise StatisticsError(
            "a multi-reader analysis needs at least two readers",
            remedy="With one reader, report its own percentage and interval",
        )
    count = len(kernels.modalities)
    statistics = [modality_statistic(kernels, k, confidence=chosen.confidence) for k in range(count)]
    statistics += [
        difference_statistic(kernels, a, b, confidence=chosen.confidence) for a, b in combinations(range(count), 2)
    ]
    classic, refused = _classic(kernels, chosen)
    table = kernels.per_reader
    return Analysis(
        endpoint=kernels.endpoint,
        readers=kernels.readers,
        modalities=kernels.modalities,
        sizes=kernels.sizes,
        fully_crossed=kernels.fully_crossed,
        per_reader={
            modality: {name: _finite(float(value)) for name, value in zip(kernels.readers, row, strict=True)}
            for modality, row in zip(kernels.modalities, table, strict=True)
        },
        means={modality: float(mean) for modality, mean in zip(kernels.modalities, kernels.means, strict=True)},
        u_statistics=tuple(statistics),
        obuchowski_rockette=classic,
        refused=refused,
        bootstrap=two_way_bootstrap(
            kernels, replicates=chosen.replicates, seed=chosen.seed, confidence=chosen.confidence
        ),
        notes=_notes(kernels, statistics),
    )


def plain(value: object) -> object:
    """Dataclasses as dictionaries, numbers that are not finite as None: what JSON can hold."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, float):
        return _finite(value)
    return value


def _classic(kernels: Kernels, chosen: Settings) -> tuple[tuple[ObuchowskiRockette, ...], str]:
    methods = METHODS if kernels.endpoint == AUC else (JACKKNIFE,)
    try:
        return tuple(
            obuchowski_rockette(
                Input(
                    merit=kernels.per_reader,
                    covariance=case_covariance(kernels, method),
                    modalities=kernels.modalities,
                    method=method,
                    chance=kernels.chance,
                    confidence=chosen.confidence,
                )
            )
            for method in methods
        ), ""
    except StatisticsError as fault:
        return (), str(fault)


def _notes(kernels: Kernels, statistics: list[UStatistic]) -> tuple[str, ...]:
    notes = list(kernels.lacking)
    for s in statistics:
        if s.estimator == MLE:
            notes.append(
                f"{s.label}: the unbiased variance is not positive ({s.variance_unbiased:.3g}), so the MLE is used."
            )
        elif s.estimator == UNKNOWN:
            notes.append(
                f"{s.label}: there is no test and no interval, as no variance can be estimated (U-statistic "
                f"{_rounded(s.variance_unbiased)}, MLE {_rounded(s.variance_mle)})."
            )
    if not kernels.fully_crossed:
        notes.append(
            "Not every reader read every case; each observed cell has the same weight, and the bootstrap overstates "
            "the variance."
        )
    if len(kernels.readers) < 4:
        notes.append(f"{len(kernels.readers)} readers are few: the variance between readers is poorly known.")
    if len(kernels.modalities) > 2:
        notes.append("P values of the differences are not adjusted for their number.")
    return tuple(notes)


def _rounded(variance: float) -> str:
    return f"{variance:.3g}" if abs(variance) > NEGLIGIBLE else "0"


def _finite(value: float) -> float | None:
    return value if isfinite(value) else None
