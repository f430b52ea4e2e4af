"""On which side the right answer is: balanced exactly, without long runs.

Every block, every condition, every condition within a block and the whole have as many on the left as on the right, or
one more or fewer where their number is odd.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Literal

import numpy as np

from cxr_studio.errors import StudioError

Side = Literal["left", "right"]
Cell = tuple[int, str]
"""Block and condition of a trial."""

TRIES = 400
"""Fresh starts before it is given up."""

_Vertex = tuple[str, int | str]
_DUMMY: tuple[_Vertex, _Vertex] = (("no block", -1), ("no condition", -1))


def balanced_sides(cells: Sequence[Cell], rng: np.random.Generator, *, longest_run: int = 3) -> list[Side]:
    """Draw the side of every trial.

    Args:
        cells: Block and condition of each trial, in the order of presentation.
        rng: The only source of chance.
        longest_run: Most trials in a row with the same side.

    Raises:
        StudioError: no such sides exist, or none were found.
    """
    for _ in range(TRIES):
        left = left_counts(Counter(cells), rng)
        drawn = _drawn(cells, left, rng, longest_run=longest_run)
        if drawn is not None:
            return drawn
    raise StudioError(
        f"no sides were found with at most {longest_run} of a kind in a row", remedy="Raise order.longest_run"
    )


def left_counts(sizes: Counter[Cell], rng: np.random.Generator) -> dict[Cell, int]:
    """How many of each cell have the left side; odd cells are rounded so that blocks and conditions balance.

    The odd cells are the edges of a graph between blocks and conditions. With one more vertex on either side every
    degree is even, so its edges form closed walks of even length, along which rounding up and down take turns.
    """
    rounded = {cell: size // 2 for cell, size in sizes.items()}
    for cell, up in _alternated([cell for cell, size in sizes.items() if size % 2], rng).items():
        rounded[cell] += up
    return rounded


def _alternated(odd: list[Cell], rng: np.random.Generator) -> dict[Cell, int]:
    """0 or 1 for every odd cell."""
    edges: list[tuple[_Vertex, _Vertex, Cell | None]] = [(("block", b), ("condition", c), (b, c)) for b, c in odd]
    degrees = Counter(vertex for edge in edges for vertex in edge[:2])
    no_block, no_condition = _DUMMY
    uneven = sorted((v for v, d in degrees.items() if d % 2), key=str)
    edges += [(v, no_condition, None) if v[0] == "block" else (no_block, v, None) for v in uneven]
    if sum(v[0] == "block" for v in uneven) % 2:
        edges.append((no_block, no_condition, None))
    around: dict[_Vertex, list[int]] = defaultdict(list)
    for place in rng.permutation(len(edges)):
        for vertex in edges[place][:2]:
            around[vertex].append(int(place))
    up: dict[Cell, int] = {}
    walked: set[int] = set()
    for first in rng.permutation(len(edges)):
        at, sign = edges[first][0], int(rng.integers(2))
        while True:
            while around[at] and around[at][-1] in walked:
                around[at].pop()
            if not around[at]:
                break
            place = around[at].pop()
            walked.add(place)
            begin, end, cell = edges[place]
            if cell is not None:
                up[cell] = sign
            at, sign = (end if at == begin else begin), 1 - sign
    return up


def _drawn(
    cells: Sequence[Cell], left: dict[Cell, int], rng: np.random.Generator, *, longest_run: int
) -> list[Side] | None:
    """One try, trial after trial; None where a run would become too long."""
    remaining = {cell: {"left": left[cell], "right": size - left[cell]} for cell, size in Counter(cells).items()}
    sides: list[Side] = []
    for cell in cells:
        counts = remaining[cell]
        tail = sides[-longest_run:]
        barred = tail[0] if len(tail) == longest_run and len(set(tail)) == 1 else None
        lefts = 0 if barred == "left" else counts["left"]
        rights = 0 if barred == "right" else counts["right"]
        if not lefts + rights:
            return None
        side: Side = "left" if rng.random() * (lefts + rights) < lefts else "right"
        counts[side] -= 1
        sides.append(side)
    return sides
