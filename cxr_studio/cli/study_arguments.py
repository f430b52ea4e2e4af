"""Arguments that the commands on a bundle share."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cxr_studio.studies.bundle import Bundle
    from cxr_studio.studies.key import Key


def add_bundle(parser: argparse.ArgumentParser) -> None:
    """``BUNDLE``."""
    parser.add_argument("bundle", type=Path, metavar="BUNDLE", help="the folder that readers get")


def add_database(parser: argparse.ArgumentParser, *, several: bool = False) -> None:
    """``--database``."""
    words = "file, or postgresql+psycopg://… (default: answers.sqlite in the bundle)"
    if several:
        parser.add_argument(
            "--database", action="append", default=[], metavar="DB", help=f"{words}; may be given several times"
        )
    else:
        parser.add_argument("--database", metavar="DB", help=words)


def add_key(parser: argparse.ArgumentParser, *, required: bool = True) -> None:
    """``--key``."""
    parser.add_argument("--key", type=Path, required=required, metavar="KEY", help="key.json of the study's owner")


def opened(options: argparse.Namespace) -> tuple[Bundle, Key | None]:
    """The bundle and the key that the options name; None where they name no key.

    Raises:
        StudioError: one cannot be opened, or they do not belong together.
    """
    from cxr_studio.studies.bundle import open_bundle
    from cxr_studio.studies.key import open_key

    bundle = open_bundle(options.bundle)
    return bundle, None if options.key is None else open_key(options.key, study_id=bundle.study_id)
