"""Whether a patient's name or number stands where nobody looks for it: in a code's meaning, or a body part."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from cxr_studio.exchange.deidentify_table import words_of
from cxr_studio.exchange.deidentify_values import REMOVED

SEARCHED = frozenset({"AE", "CS", "LO", "LT", "SH", "ST", "UC", "UR", "UT"})

SHORTEST = 3
"""Letters of a name or number that is looked for; shorter ones are found in every text."""


class Residue:
    """What tells the patient, and those who treated him, in a header.

    Args:
        source: The header before anything was removed.
    """

    def __init__(self, source: Any) -> None:
        titles = words_of("titles")
        words = {word for word in _identifying(source) if len(word) >= SHORTEST and word.upper() not in titles}
        longest_first = sorted(words, key=lambda word: (-len(word), word))
        joined = "|".join(re.escape(word) for word in longest_first)
        self._pattern = re.compile(rf"(?<!\w)(?:{joined})(?!\w)", re.IGNORECASE) if words else None

    def remove_from(self, clean: Any) -> None:
        """Replace every text in which one of these words stands."""
        if self._pattern is None:
            return
        for element in clean:
            if element.VR == "SQ":
                for item in element.value:
                    self.remove_from(item)
            elif _searched(element) and self._pattern.search(_text(element.value)):
                element.value = "" if element.VR == "CS" else REMOVED


def _searched(element: Any) -> bool:
    return element.VR in SEARCHED and element.keyword not in words_of("structural")


def _identifying(dataset: Any) -> Iterator[str]:
    for tag in list(dataset.keys()):
        try:
            element = dataset[tag]
        except Exception:  # a damaged element of a kind that goes anyway, a private one say
            continue
        if element.VR == "SQ":
            for item in element.value or ():
                yield from _identifying(item)
        elif element.VR == "PN":
            yield from re.split(r"[\^=\s\\,]+", _text(element.value))
        elif element.keyword in words_of("identifying"):
            yield from (one.strip() for one in _text(element.value).split("\\"))


def _text(value: Any) -> str:
    if value is None:
        return ""
    several = not isinstance(value, str | bytes) and hasattr(value, "__iter__") and not hasattr(value, "components")
    return "\\".join(str(one) for one in value) if several else str(value)
