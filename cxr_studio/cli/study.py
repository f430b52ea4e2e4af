"""``cxr-studio study COMMAND``: reader studies; one module a command."""

from __future__ import annotations

import argparse
from importlib import import_module
from pathlib import Path

STUDY_COMMANDS: dict[str, str] = {
    "new": "make a study from a folder of radiographs: a bundle for readers, a key for you",
    "run": "take a study, in a window for a reader",
    "pack": "make a folder for a reading-room PC that starts a study without Python",
    "simulate": "take a study as a synthetic reader, for rehearsal",
    "observe": "let a model observer take a study, to screen a generator",
    "progress": "show each reader's progress, blind to accuracy",
    "replay": "play back how a reader looked at a trial, for the study's owner",
    "verify": "check bundle, schedules and answers against their hashes",
    "report": "write the report: one HTML page, JSON, tidy CSV",
    "export": "write the answers beside the truth: tidy CSV, traces, BIDS, iMRMC, RJafroc, JAFROC",
    "analyse": "run multi-reader statistics on an .imrmc file, or one reader's percent correct",
    "plan": "find how many trials, readers and cases a study needs",
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


def job_folder(out: Path) -> Path:
    """Where what is made of a study is kept until all is there."""
    from cxr_studio.cli.study_new import job_folder as folder

    return folder(out)
