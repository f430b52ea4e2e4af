"""From how well synthetic is told from real to a verdict."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from cxr_studio.audit.telling import Told
from cxr_studio.errors import ReadError
from cxr_studio.resources import resource

Area = Annotated[float, Field(ge=0.5, le=1)]

Verdict = Literal["pass", "doubtful", "leak"]


class Limit(BaseModel):
    """Of one question.

    Attributes:
        leak: ROC area; a leak where the whole interval lies above.
        safe: ROC area; passed where the whole interval lies below.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    leak: Area
    safe: Area


class Limits(BaseModel):
    """All limits.

    Attributes:
        level: Chance that any question of the audit calls harmless sets told apart (Holm's procedure).
        usual: Where a question has none of its own.
        question: By key.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    level: Annotated[float, Field(gt=0, lt=1)]
    usual: Limit
    question: Mapping[str, Limit] = {}

    def of(self, key: str) -> Limit:
        """The limit of a question."""
        return self.question.get(key, self.usual)


def read_limits(path: Path | None = None) -> Limits:
    """Read a file of limits, the bundled one by default. What a file leaves out is as in the bundled one.

    Raises:
        ReadError: unreadable or invalid.
    """
    bundled = resource("audit", "limits.toml")
    path = path or bundled
    try:
        content, given = (tomllib.loads(file.read_text(encoding="utf-8")) for file in (bundled, path))
        return Limits.model_validate(content | given)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as fault:
        raise ReadError(f"the limits cannot be read ({fault})", file=path, remedy="Fix the file") from fault
    except ValidationError as fault:
        faults = "; ".join(f"{'.'.join(str(p) for p in one['loc'])}: {one['msg']}" for one in fault.errors())
        raise ReadError(f"the limits are not valid: {faults}", file=path, remedy="Fix the file") from fault


def verdict(told: Told, p: float, limit: Limit, level: float) -> Verdict:
    """Pass, doubtful or leak.

    Args:
        told: How well they are told apart.
        p: Adjusted for all questions.
        limit: Of the question.
        level: Of the audit.
    """
    if p < level:
        return "leak" if told.low >= limit.leak else "doubtful"
    return "pass" if told.high <= limit.safe else "doubtful"
