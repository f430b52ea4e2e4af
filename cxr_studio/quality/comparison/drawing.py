"""A case drawn by a column's generator, whatever its role; the part of a cell that needs torch."""

from __future__ import annotations

from cxr_studio.errors import CheckpointError, GeneratorError, StudioError, reason_of
from cxr_studio.networks.registry import checkpoint_at
from cxr_studio.quality.comparison.columns import Column
from cxr_studio.quality.comparison.loading import LoadedCase
from cxr_studio.quality.judges.by_role import judge_of
from cxr_studio.quality.judging import Drawn, Run


def drawn_case(case: LoadedCase, column: Column, run: Run) -> Drawn:
    """Draw a case as the column's role does.

    Raises:
        GeneratorError: the role draws into no hole, or the network fails.
        CheckpointError: the weights do not fit, or the file has changed or gone.
        Cancelled: through ``run``.
    """
    _check_unchanged(column)
    try:
        return judge_of(column.role).cell(case, column, run)
    except StudioError:
        raise
    except Exception as fault:
        raise GeneratorError(
            f"{column.title} fails ({reason_of(fault)})", remedy="Check it with cxr-studio check"
        ) from fault


def _check_unchanged(column: Column) -> None:
    """Refuse a file that is no longer the one of the column's key: its fills would stand under a wrong name."""
    if column.path is None:
        return
    try:
        same = checkpoint_at(column.path).sha256 == column.key
    except OSError as fault:
        raise CheckpointError(f"the file cannot be read ({fault.strerror})", file=column.path) from fault
    if not same:
        raise CheckpointError(
            "the file has changed since it was listed", file=column.path, remedy="Open the comparison again"
        )
