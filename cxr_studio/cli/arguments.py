"""Arguments that several commands share."""

from __future__ import annotations

import argparse
from collections.abc import Callable

WIDE = 120
"""Columns of a table that is not printed on a terminal."""

NODULE_GENERATORS = ("ct-superposition", "nodule-texture")
DEVICES = ("auto", "cpu", "cuda", "mps")


def add_device(parser: argparse.ArgumentParser) -> None:
    """``--device``."""
    parser.add_argument("--device", choices=DEVICES, default="auto", help="where the generator runs (default: auto)")


def add_nodule_generator(parser: argparse.ArgumentParser) -> None:
    """``--generator`` and ``--background`` of commands that draw nodules."""
    parser.add_argument("--generator", choices=NODULE_GENERATORS, default=NODULE_GENERATORS[0], help="what draws them")
    parser.add_argument(
        "--background",
        choices=("kept", "drawn"),
        default="kept",
        help="behind a nodule of nodule-texture: the radiograph's own lung, or lung that is drawn too",
    )


def whole(low: int, high: int) -> Callable[[str], int]:
    """An argument type: a whole number from ``low`` to ``high``."""

    def number(text: str) -> int:
        value = int(text)
        if not low <= value <= high:
            raise argparse.ArgumentTypeError(f"{value} is not between {low} and {high}")
        return value

    number.__name__ = "whole number"
    return number
