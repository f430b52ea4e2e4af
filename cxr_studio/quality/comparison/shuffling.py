"""Blind mode: columns in an order that says nothing, called A, B, C…"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from cxr_studio.quality.comparison.columns import Column


def blind_order(columns: Sequence[Column], seed: int, *, kept: Sequence[Column] = ()) -> tuple[Column, ...]:
    """Shuffle columns and take away title, run and step; keys stay, so that verdicts are told apart afterwards.

    Args:
        columns: The true columns.
        seed: Of the order.
        kept: What an earlier call gave: those columns keep place and letter, and new ones come after them.
    """
    shown = {column.key for column in kept}
    new = sorted((column for column in columns if column.key not in shown), key=lambda column: column.key)
    order = np.random.default_rng([seed, len(kept)]).permutation(len(new))
    letters = (letter(number) for number in range(len(kept), len(kept) + len(new)))
    return (*kept, *(replace(new[k], title=name, run=None, step=None) for k, name in zip(order, letters, strict=True)))


def letter(number: int) -> str:
    """0 → A, 25 → Z, 26 → AA."""
    name = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(ord("A") + rest) + name
    return name
