"""Names of files where there is little room: the middle goes, what tells them apart stays."""

from __future__ import annotations

LONGEST = 44
"""Letters of a name in a menu or on a button."""


def short_name(name: str, longest: int = LONGEST) -> str:
    """A name of at most so many letters, ``00012345_0…frontal.dcm``; ampersands mark no shortcut."""
    if len(name) > longest:
        tail = (longest - 1) // 2
        name = f"{name[: longest - 1 - tail]}…{name[-tail:]}"
    return name.replace("&", "&&")
