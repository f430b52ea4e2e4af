"""``cxr-studio study COMMAND``: reader studies; one module a command."""

from __future__ import annotations

import argparse
from importlib import import_module

STUDY_COMMANDS: dict[str, str] = {
    "new": "make a study from a folder of radiographs: a bundle for readers, a key for you",
    "simulate": "sit a study as a synthetic reader, for rehearsal",
    "progress": "show how far each reader is, blind to accuracy",
    "verify": "check bundle, schedules and answers against their hashes",
    "export": "write the answers beside the truth as tidy CSV or BIDS",
}
"""Command → what it does; ``cli/study_NAME.py`` has ``add_arguments(parser)`` and ``run(options)``."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """One sub-parser a command."""
    commands = parser.add_subparsers(dest="study_command", required=True, metavar="COMMAND")
    for name, words in STUDY_COMMANDS.items():
        own = commands.add_parser(name, help=words, description=f"{words[:1].upper()}{words[1:]}.")
        import_module(f"cxr_studio.cli.study_{name}").add_arguments(own)


def run(options: argparse.Namespace) -> int:
    """Run the chosen command."""
    return int(import_module(f"cxr_studio.cli.study_{options.study_command}").run(options))
