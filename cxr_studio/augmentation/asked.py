"""What was asked for of a set's nodules, what was drawn, and what a detector selected of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from cxr_studio.augmentation.record import Record

ASKED = (("margin", "margin"), ("subtlety", "subtlety"))
"""Attributes that are measured, by their names in a placement and among the figures; a density is always as asked."""


def asked_and_drawn(records: Sequence[Record]) -> list[str]:
    """A sentence for every value that was asked for: how often, and how often the drawn nodule has it."""
    asked: Counter[tuple[str, str]] = Counter()
    drawn: Counter[tuple[str, str]] = Counter()
    for nodule in (nodule for record in records for nodule in record.nodules):
        for name, figure in ASKED:
            wanted = nodule.placement.get(name)
            if wanted is not None and "contrast" in nodule.placement:
                asked[name, str(wanted)] += 1
                drawn[name, str(wanted)] += str(nodule.measured.get(figure)) == str(wanted)
    return [
        f"{name.capitalize()} {value}: {drawn[name, value]} of {count} nodules have it."
        for (name, value), count in sorted(asked.items())
    ]


def selected_words(records: Sequence[Record]) -> str:
    """How many draws the detector looked at, and how many lie in its band; "" where none looked."""
    told = [record.selected for record in records if record.selected]
    if not told:
        return ""
    drawn, inside = sum(int(str(one["drawn"])) for one in told), sum(bool(one["inside"]) for one in told)
    return f"The detector looked at {drawn} draws; {inside} of the {len(told)} images kept lie in its band."
