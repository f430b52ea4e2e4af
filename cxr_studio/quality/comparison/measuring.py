"""The figures of a filled crop."""

from __future__ import annotations

from cxr_studio.arrays import Plane
from cxr_studio.masks.boxes import Mask
from cxr_studio.metrics.fidelity import mae, psnr, ssim_map
from cxr_studio.metrics.grain import grain_ratio
from cxr_studio.metrics.seam import seam_ratio
from cxr_studio.networks.card import Role
from cxr_studio.quality.comparison.cell import CellScores
from cxr_studio.quality.comparison.loading import LoadedCase
from cxr_studio.quality.comparison.observed import picked
from cxr_studio.quality.evaluation import RANGE


def scores_of(case: LoadedCase, filled: Plane, *, mask: Mask, role: Role, milliseconds: float) -> CellScores:
    """Compare a filled crop with its original.

    Fidelity needs a healthy truth, so only a fill of a healthy place has it. A nodule has none, only grain and seam.

    Args:
        case: The case.
        filled: Its crop after filling, unit values.
        mask: What was drawn, on the crop.
        role: Of the generator.
        milliseconds: That it took.
    """
    drawn, true = filled * RANGE, case.original * RANGE
    seam = seam_ratio(drawn, mask)
    grain = grain_ratio(drawn, true, mask)
    if role is not Role.RESTORE or not case.case.healthy:
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
