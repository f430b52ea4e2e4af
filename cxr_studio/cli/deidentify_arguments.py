"""Arguments of commands that take the patients out of what they write."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cxr_studio.datasets.manifest import Item
    from cxr_studio.exchange.deidentify_radiograph import Deidentification


def add_deidentification(parser: argparse.ArgumentParser, *, optional: bool = False) -> None:
    """``--pseudonyms`` and the profile's options; with ``optional`` they count only beside ``--deidentify``."""
    group = parser.add_argument_group("de-identification (DICOM PS3.15, basic profile)")
    if optional:
        words = "take names, identifiers, dates and the like out of everything that is written"
        group.add_argument("--deidentify", action="store_true", help=words)
    words = (
        "your table of pseudonyms, begun where it does not exist; its key lies beside it (default: among your settings)"
    )
    group.add_argument("--pseudonyms", type=Path, metavar="CSV", help=words)
    words = "move each patient's dates by days of the patient's own instead of removing them"
    group.add_argument("--shift-dates", action="store_true", help=words)
    words = "keep study, series and instance UIDs, by which the originals can be found"
    group.add_argument("--retain-uids", action="store_true", help=words)
    words = "keep sex, age (90 and above as 90), size, weight and the like"
    group.add_argument("--retain-characteristics", action="store_true", help=words)


def deidentification_of(options: argparse.Namespace) -> Deidentification:
    """What is asked for."""
    from cxr_studio.exchange.deidentify_radiograph import Deidentification
    from cxr_studio.exchange.deidentify_table import Profile

    profile = Profile(options.retain_uids, options.shift_dates, options.retain_characteristics)
    return Deidentification(table_of(options), profile)


def table_of(options: argparse.Namespace) -> Path:
    """The owner's table of pseudonyms."""
    from cxr_studio.exchange.deidentify_radiograph import default_table

    table: Path = options.pseudonyms or default_table()
    return table


def items_of(options: argparse.Namespace) -> tuple[Item, ...]:
    """Radiographs of a folder with patients and splits, under other names where that is asked for.

    Raises:
        StudioError: no radiographs, or a table that cannot be used.
    """
    from cxr_studio.augmentation.options import sources_of
    from cxr_studio.exchange.deidentify_pseudonyms import refuse_beside

    items, note = sources_of(options.source, options.patients)
    if note:
        print(note)
    if not options.deidentify:
        warn_of_names(item.path for item in items)
        return items
    asked = deidentification_of(options)
    refuse_beside(asked.table, options.out)
    return tuple(asked.item(item) for item in items)


def warn_of_names(paths: Iterable[Path], *, results: str = "the results") -> None:
    """Say once that results will tell the patients, where a file that does so is found."""
    from cxr_studio.exchange.deidentify_names import first_named

    named = first_named(paths)
    if named is not None:
        words = f"name their patients, and so will {results}; --deidentify keeps that out"
        print(f"Radiographs ({named.name}, for example) {words}.")
