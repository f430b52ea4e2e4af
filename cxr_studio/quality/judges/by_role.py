"""The judge of each role: the one place that knows which there are."""

from __future__ import annotations

from cxr_studio.networks.card import Role
from cxr_studio.quality.judges.detect import DetectJudge
from cxr_studio.quality.judges.insert import InsertJudge
from cxr_studio.quality.judges.restore import RestoreJudge
from cxr_studio.quality.judges.segment import SegmentJudge
from cxr_studio.quality.judges.shape import ShapeJudge
from cxr_studio.quality.judges.surround import SurroundJudge
from cxr_studio.quality.judges.translate import TranslateJudge
from cxr_studio.quality.judging import Judge

JUDGES: dict[Role, Judge] = {
    Role.RESTORE: RestoreJudge(),
    Role.INSERT: InsertJudge(),
    Role.SURROUND: SurroundJudge(),
    Role.TRANSLATE: TranslateJudge(),
    Role.SEGMENT: SegmentJudge(),
    Role.SHAPE: ShapeJudge(),
    Role.DETECT: DetectJudge(),
}


def judge_of(role: Role) -> Judge:
    """The judge of a role."""
    return JUDGES[role]
