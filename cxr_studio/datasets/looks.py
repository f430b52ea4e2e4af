"""How a finding looks, as manifests say it: of this version and of older ones."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def look_of(stated: Mapping[str, Any], *, drawn: bool) -> dict[str, Any]:
    """Contrast, margin, density, subtlety and conspicuity of a row or annotation, as ``Finding`` takes them.

    Before version 0.2 the contrast of a drawn nodule was called subtlety; such files have no contrast.

    Raises:
        ValueError: a number that is none, or a subtlety that is no grade from 1 to 5.
    """
    contrast, grade = (_number(stated.get(name)) for name in ("contrast", "subtlety"))
    if drawn and "contrast" not in stated:
        contrast, grade = grade, None
    if grade is not None and grade not in (1, 2, 3, 4, 5):
        raise ValueError(f"subtlety is {grade:g}, not a grade from 1 to 5")
    return {
        "contrast": contrast,
        "margin": str(stated.get("margin") or "").lower(),
        "density": str(stated.get("density") or "").lower(),
        "subtlety": None if grade is None else int(grade),
        "conspicuity": _number(stated.get("conspicuity")),
    }


def _number(value: object) -> float | None:
    return None if value in (None, "") else float(str(value))
