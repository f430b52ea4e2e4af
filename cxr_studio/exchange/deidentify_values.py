"""Single values of a de-identified header: dates moved, ages cut, dummies."""

from __future__ import annotations

import re
from collections.abc import MutableSequence
from datetime import date, timedelta
from typing import Any

REMOVED = "REMOVED"
"""Dummy of a text that may not be empty."""

OLDEST = 90
"""Years; ages from here on are all given as this one, since the very old can be recognised by their age."""

WRITTEN = {
    "CS": re.compile(r"[A-Z0-9 _]{0,16}"),
    "DA": re.compile(r"[0-9.\-]{0,18}"),
    "TM": re.compile(r"[0-9.:\-]{0,28}"),
    "UI": re.compile(r"[0-9.]{0,64}\0?"),
    "DS": re.compile(r"[0-9eE+\-. ]*"),
    "IS": re.compile(r"[0-9+\- ]*"),
}
"""Characters of a value (PS3.5 6.2); what is written otherwise may be a name."""

TIME_OF_DAY = re.compile(r"[0-9.+\-]*")

DUMMIES: dict[str, object] = {
    "AS": "000Y",
    "DA": "19000101",
    "DT": "19000101000000",
    "TM": "000000",
    "DS": "0",
    "IS": "0",
    "UR": "http://removed.invalid",
    **dict.fromkeys(("FD", "FL"), 0.0),
    **dict.fromkeys(("SL", "SS", "SV", "UL", "US", "UV"), 0),
    **dict.fromkeys(("OB", "OW", "UN"), b"\0\0"),
}


def dummy(vr: str) -> object:
    """A value of this representation that says nothing."""
    return DUMMIES.get(vr, REMOVED)


def plausible(vr: str, value: Any) -> bool:
    """Whether a value is written as its representation asks, so that it can hold no name."""
    pattern = WRITTEN.get(vr)
    if pattern is None or value is None:
        return True
    several = value if isinstance(value, MutableSequence | tuple) else (value,)
    return all(pattern.fullmatch(str(one)) for one in several)


def shifted(value: Any, days: int) -> Any:
    """A date or a time with a date, moved by whole days; "" for what is no complete date.

    Args:
        value: ``YYYYMMDD``, ``YYYYMMDDHHMMSS.FFFFFF&ZZXX``, or several of them.
        days: Negative into the past.
    """
    if isinstance(value, MutableSequence | tuple):
        return [shifted(one, days) for one in value]
    text = str(value or "").strip()
    plain = text.replace(".", "") if text[4:5] == "." else text  # 2024.03.01, as files of before 1993 have it
    try:
        day = date(int(plain[:4]), int(plain[4:6]), int(plain[6:8])) + timedelta(days=days)
    except (ValueError, OverflowError):
        return ""
    if not TIME_OF_DAY.fullmatch(plain[8:]):
        return ""
    return f"{day:%Y%m%d}".rjust(8, "0") + plain[8:]


def clipped_age(value: Any) -> str:
    """An age, ``045Y``, with all ages of 90 years and above as ``090Y``; "" for what is no age."""
    text = str(value or "").strip().upper()
    if len(text) != 4 or not text[:3].isdigit() or text[3] not in "DWMY":
        return ""
    return f"{OLDEST:03d}Y" if text[3] == "Y" and int(text[:3]) >= OLDEST else text
