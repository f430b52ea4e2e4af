"""The figures of a filled crop."""

from __future__ import annotations

from cxr_studio.metrics.fidelity import mae, psnr, ssim_map
from cxr_studio.metrics.grain import grain_ratio
from cxr_studio.metrics.seam import seam_ratio
from cxr_studio.quality.comparison.cell import CellScores
from cxr_studio.quality.comparison.loading import LoadedCase
from cxr_studio.quality.comparison.observed import picked
from cxr_studio.quality.evaluation import RANGE
from cxr_studio.quality.judging import Drawn


def scores_of(case: LoadedCase, answer: Drawn) -> CellScores:
    """Compare a drawn crop with its original.

    Fidelity needs a truth, which a fill of a healthy place has. A nodule has none, only grain and seam.

    Args:
        case: The case.
        answer: It as the generator draws it.
    """
    filled, mask, milliseconds = case.unit_values(answer.stored), answer.mask, 1000 * answer.seconds
    drawn, true = filled * RANGE, case.original * RANGE
    seam = seam_ratio(drawn, mask)
    grain = grain_ratio(drawn, true, mask)
    if not answer.truth or not case.case.healthy:
        grain = grain if case.case.healthy else float("nan")
        return CellScores(grain=grain, seam=seam, milliseconds=milliseconds)
    return CellScores(
        psnr_db=psnr(drawn[mask], true[mask], value_range=RANGE),
        mae=mae(drawn[mask], true[mask]),
        ssim=float(ssim_map(drawn, true, value_range=RANGE)[mask].mean()),
        grain=grain,
        seam=seam,
        known=picked(case.original, filled, mask, "location-known"),
        human=picked(case.original, filled, mask, "human-like"),
        milliseconds=milliseconds,
    )
