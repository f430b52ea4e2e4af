"""What is known of a finding beyond its box, as manifests and annotations say it: of this version and of older ones."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cxr_studio.datasets.entries import Finding

OF_MAKING = ("diameter_px", "diameter_mm", "synthetic", "generator")
OF_LOOK = ("contrast", "margin", "density", "subtlety", "conspicuity")
"""Names of a ``Finding``'s attributes."""


def known_of(stated: Mapping[str, Any]) -> dict[str, Any]:
    """Every attribute of ``OF_MAKING`` and ``OF_LOOK`` of a row or annotation, as ``Finding`` takes them.

    Args:
        stated: What it says; other names are passed over.

    Raises:
        ValueError: a number that is none, a subtlety that is no grade, or ``synthetic`` is neither true nor false.
    """
    synthetic = str(stated.get("synthetic") or "0").lower()
    if synthetic not in ("0", "1", "false", "true"):
        raise ValueError(f"synthetic is {synthetic!r}, neither 0 nor 1")
    drawn = synthetic in ("1", "true")
    sizes = {name: _number(stated.get(name)) for name in ("diameter_px", "diameter_mm")}
    made = {"synthetic": drawn, "generator": str(stated.get("generator") or "")}
    return {**sizes, **made, **look_of(stated, drawn=drawn)}


def stated_of(finding: Finding) -> dict[str, Any]:
    """The attributes that a finding has, by the names under which ``known_of`` reads them back."""
    every = {name: getattr(finding, name) for name in OF_MAKING + OF_LOOK}
    return {name: value for name, value in every.items() if value not in (None, "")}


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
