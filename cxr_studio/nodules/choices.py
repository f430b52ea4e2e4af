"""Attributes to draw from, as a user writes them: margins, densities and grades of subtlety."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from pathlib import Path

import numpy as np

from cxr_studio.errors import ReadError, StudioError
from cxr_studio.nodules.ct_library import Profile
from cxr_studio.nodules.margin import Margin
from cxr_studio.nodules.sizes import read_column
from cxr_studio.nodules.subtlety import GRADES
from cxr_studio.nodules.zones import ZONES

ANY = "any"
"""Stands for: whatever comes."""

MOST_ROWS = 10_000
"""Rows of a table whose shares are written as whole numbers."""


@dataclass(frozen=True)
class Choices:
    """A distribution of one attribute.

    Attributes:
        values: Names; "any" leaves it open.
        weights: Their shares, which add up to 1.
    """

    values: tuple[str, ...]
    weights: tuple[float, ...]

    def draw(self, rng: np.random.Generator) -> str:
        """One of the values."""
        return str(self.values[int(rng.choice(len(self.values), p=self.weights))])


OPEN = Choices((ANY,), (1.0,))
"""Nothing is asked for."""


def read_margins(text: str) -> Choices:
    """Read ``spiculated``, ``smooth:0.6,lobulated:0.3,spiculated:0.1`` or ``file:TABLE.csv`` (column ``margin``).

    Raises:
        StudioError: none of these.
    """
    return _read(text, "margin", [str(margin) for margin in Margin])


def read_densities(text: str) -> Choices:
    """Read ``ground-glass``, ``solid:0.8,part-solid:0.2`` or ``file:TABLE.csv`` (column ``density``).

    Raises:
        StudioError: none of these.
    """
    return _read(text, "density", [str(profile) for profile in Profile])


def read_grades(text: str) -> Choices:
    """Read ``2``, ``1-5``, ``1:0.2,2:0.8`` or ``file:TABLE.csv`` (column ``subtlety``).

    Raises:
        StudioError: none of these.
    """
    names = [str(grade) for grade in GRADES]
    span = re.fullmatch(r"([1-5])-([1-5])", text.strip())
    if span and int(span[1]) <= int(span[2]):
        return _even(names[int(span[1]) - 1 : int(span[2])])
    return _read(text, "subtlety", names)


def read_zones(text: str) -> Choices:
    """Read ``left-upper`` (of the image), ``left-lower,right-lower`` or ``file:TABLE.csv`` (column ``position``).

    Raises:
        StudioError: none of these.
    """
    return _read(text, "position", list(ZONES))


def as_text(choices: Choices) -> str:
    """What is written for a distribution; read again, it is the same one.

    Shares are written as short as that allows: ``solid:0.8, part-solid:0.2``, or ``solid:2, part-solid:1``.
    """
    values, weights = choices.values, choices.weights
    if choices == _even(values):
        return ", ".join(values)
    fractions = [Fraction(weight).limit_denominator(MOST_ROWS) for weight in weights]
    common = lcm(*(each.denominator for each in fractions))
    ways = [
        [f"{weight:.6f}".rstrip("0").rstrip(".") for weight in weights],
        [str(int(each * common)) for each in fractions],
        [f"{weight:.17f}" for weight in weights],
    ]
    same = (way for way in ways if _of_one([float(number) for number in way]) == weights)
    return ", ".join(f"{value}:{number}" for value, number in zip(values, next(same, ways[-1]), strict=True))


def margin_named(name: str) -> Margin | None:
    """What a placement holds for a drawn value."""
    return None if name == ANY else Margin(name)


def density_named(name: str) -> Profile | None:
    """The same of a density."""
    return None if name == ANY else Profile(name)


def grade_named(name: str) -> int | None:
    """The same of a grade of subtlety."""
    return None if name == ANY else int(name)


def _read(text: str, what: str, names: Sequence[str]) -> Choices:
    if text.startswith("file:"):
        return _from_table(Path(text[5:]), what, names)
    known, values, weights = {*names, ANY}, [], []
    for part in text.lower().split(","):
        name, _, weight = part.strip().partition(":")
        if name not in known or name in values or not re.fullmatch(r"(\d+(\.\d+)?)?", weight):
            raise _not_understood(text, what, names)
        values.append(name)
        weights.append(float(weight) if weight else -1.0)
    if all(weight < 0 for weight in weights):
        return _even(values)
    if min(weights) < 0 or not sum(weights) > 0:
        raise _not_understood(text, what, names)
    return Choices(tuple(values), _of_one(weights))


def _of_one(weights: Sequence[float]) -> tuple[float, ...]:
    """The same shares, which add up to 1; () where all are 0."""
    return tuple(weight / sum(weights) for weight in weights) if sum(weights) else ()


def _even(values: Sequence[str]) -> Choices:
    return Choices(tuple(values), (1 / len(values),) * len(values))


def _from_table(path: Path, what: str, names: Sequence[str]) -> Choices:
    """Rows with equal chance; an empty cell leaves the attribute open."""
    cells = [cell.lower() or ANY for cell in read_column(path, what)]
    wrong = sorted({cell for cell in cells if cell not in {*names, ANY}})
    if wrong or not cells:
        found = f"holds {wrong[0]!r}" if wrong else "is empty"
        remedy = f"Write {', '.join(names)}, or nothing for any"
        raise ReadError(f"the column {what} {found}", file=path, remedy=remedy)
    values = sorted(set(cells))
    return Choices(tuple(values), tuple(cells.count(value) / len(cells) for value in values))


def _not_understood(text: str, what: str, names: Sequence[str]) -> StudioError:
    example = f"{names[0]}:0.7,{names[1]}:0.3"
    remedy = f"Write one of {', '.join(names)}, shares like {example}, or file:TABLE.csv"
    if what == "subtlety":
        remedy += "; the contrast is --contrast"
    return StudioError(f"the {what} {text!r} is not understood", remedy=remedy)
