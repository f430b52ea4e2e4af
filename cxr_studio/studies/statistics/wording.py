"""Numbers as journals print them; no heavy imports."""

from __future__ import annotations

from math import inf, isfinite, isnan
from typing import Protocol

NONE = "–"


class Limits(Protocol):
    """Anything with two limits."""

    @property
    def low(self) -> float:
        """Lower limit."""

    @property
    def high(self) -> float:
        """Upper limit."""


def number(value: float | None, digits: int = 4) -> str:
    """A number, or a dash."""
    if value is None or not isfinite(value):
        return NONE
    return f"{round(value, digits) + 0.0:.{digits}f}".replace("-", "−")


def significant(value: float) -> str:
    """A number with four significant digits, or a dash."""
    return f"{value:.4g}" if isfinite(value) else NONE


def degrees(value: float) -> str:
    """Degrees of freedom."""
    if isnan(value):
        return NONE
    return "∞" if value == inf else f"{value:.2f}"


def probability(value: float | None) -> str:
    """A P value: four digits, or "< 0.0001"."""
    if value is None or not isfinite(value):
        return NONE
    return "< 0.0001" if value < 0.0001 else f"{value:.4f}"


def p_words(value: float | None) -> str:
    """A P value in a sentence: ``P = 0.0416`` or ``P < 0.0001``."""
    text = probability(value)
    return f"P {text}" if text.startswith("<") else f"P = {text}"


def limits(interval: Limits, digits: int = 4) -> str:
    """Both limits, with a comma between; a dash where there are none."""
    if isnan(interval.low) or isnan(interval.high):
        return NONE
    return f"{_limit(interval.low, digits)}, {_limit(interval.high, digits)}"


def percent(value: float | None, digits: int = 1) -> str:
    """A proportion as percent."""
    return NONE if value is None or not isfinite(value) else f"{100 * value:.{digits}f} %".replace("-", "−")


def confidence(value: float) -> str:
    """Confidence of an interval: ``95 %``."""
    return f"{100 * value:.0f} %"


def percent_limits(interval: Limits, digits: int = 1, *, share: bool = False) -> str:
    """Both limits as percent: ``42.1–75.3 %``, with "to" when the lower one is negative; a share is cut at 0 and 1."""
    if isnan(interval.low) or isnan(interval.high):
        return NONE
    limits_found = (interval.low, interval.high)
    if share:
        limits_found = (max(interval.low, 0.0), min(interval.high, 1.0))
    low, high = (f"{100 * value:.{digits}f}".replace("-", "−") for value in limits_found)
    return f"{low}–{high} %" if limits_found[0] >= 0 else f"{low} to {high} %"


def seconds(milliseconds: float | None) -> str:
    """Milliseconds as seconds with one digit."""
    return NONE if milliseconds is None else f"{milliseconds / 1000:.1f} s"


def moment(iso: str) -> str:
    """ISO 8601 to the minute: ``2026-11-20 09:00 +01:00``, or ``UTC``."""
    day, _, clock = iso.partition("T")
    zone = clock[-6:] if clock[-6:-5] in ("+", "-") else ""
    zone = "UTC" if zone == "+00:00" else zone
    return " ".join(part for part in (day, clock[:5], zone) if part)


def _limit(value: float, digits: int) -> str:
    if abs(value) == inf:
        return "∞" if value > 0 else "−∞"
    return number(value, digits)
