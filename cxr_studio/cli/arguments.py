"""Arguments that several commands share."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

WIDE = 120
"""Columns of a table that is not printed on a terminal."""

DEVICES = ("auto", "cpu", "cuda", "mps")


def add_device(parser: argparse.ArgumentParser) -> None:
    """``--device``."""
    parser.add_argument("--device", choices=DEVICES, default="auto", help="where the generator runs (default: auto)")


def add_precision(parser: argparse.ArgumentParser) -> None:
    """``--precision`` of commands that run a network many times."""
    words = "of networks on the processor: bf16 is faster where it has bfloat16; auto finds out (default: full)"
    parser.add_argument("--precision", choices=("auto", "full", "bf16"), default="full", help=words)


def add_patients(parser: argparse._ActionsContainer) -> None:
    """``--patients`` of commands that split or resample by patient."""
    words = "table with columns image and patient (default: patients.csv beside the images, else file or name)"
    parser.add_argument("--patients", type=Path, metavar="CSV", help=words)


def add_nodule_generator(parser: argparse.ArgumentParser) -> None:
    """``--generator`` and ``--background`` of commands that draw nodules."""
    from cxr_studio.nodules.built_in import SUPERPOSITION

    words = f"a generator of role insert, see cxr-studio models (default: {SUPERPOSITION})"
    parser.add_argument("--generator", default=SUPERPOSITION, metavar="NAME", help=words)
    add_background(parser)


def add_background(parser: argparse.ArgumentParser) -> None:
    """``--background`` of commands that draw nodules."""
    parser.add_argument(
        "--background",
        choices=("kept", "drawn"),
        default="kept",
        help="behind a nodule that a network draws: the radiograph's own lung, or redrawn lung",
    )


def add_looks(parser: argparse.ArgumentParser) -> None:
    """``--margin``, ``--density`` and ``--subtlety`` of commands that draw many nodules."""
    table = "or file:TABLE.csv"
    words = f"smooth, lobulated, spiculated, smooth:0.6,spiculated:0.4 {table} (default: any)"
    parser.add_argument("--margin", default="any", metavar="MARGINS", help=words)
    words = f"ground-glass, part-solid, solid, calcified, solid:0.8,calcified:0.2 {table} (default: any)"
    parser.add_argument("--density", default="any", metavar="DENSITIES", help=words)
    words = f"grades from 1 (extremely subtle) to 5 (obvious): 2, 1-5, 1:0.2,2:0.8 {table} (default: any)"
    parser.add_argument("--subtlety", default="any", metavar="GRADES", help=words)
    parser.add_argument("--contrast", default="1", metavar="LOW,HIGH", help="where no subtlety is asked; 1 is physical")


def whole(low: int, high: int) -> Callable[[str], int]:
    """An argument type: a whole number from ``low`` to ``high``."""

    def number(text: str) -> int:
        value = int(text)
        if not low <= value <= high:
            raise argparse.ArgumentTypeError(f"{value} is not between {low} and {high}")
        return value

    number.__name__ = "whole number"
    return number


def share(low: float, high: float) -> Callable[[str], float]:
    """An argument type: a number strictly between ``low`` and ``high``."""

    def number(text: str) -> float:
        value = float(text)
        if not low < value < high:
            raise argparse.ArgumentTypeError(f"{value:g} is not between {low:g} and {high:g}")
        return value

    number.__name__ = "number"
    return number


def whole_list(low: int, high: int) -> Callable[[str], list[int]]:
    """An argument type: whole numbers from ``low`` to ``high`` with commas between them."""
    one = whole(low, high)

    def numbers(text: str) -> list[int]:
        return [one(word) for word in text.split(",")]

    numbers.__name__ = "list of whole numbers"
    return numbers
