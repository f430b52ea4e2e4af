"""The ``cxr-studio`` command: one module a command, imported when it is asked for."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module

from cxr_studio.cli.interrupt import INTERRUPTED
from cxr_studio.errors import StudioError
from cxr_studio.threads import wait_passively
from cxr_studio.version import program_version

COMMANDS: dict[str, str] = {
    "open": "open the window",
    "inpaint": "fill masks in one radiograph or a folder of them",
    "nodule": "draw a lung nodule of a chosen diameter into a radiograph",
    "augment": "draw nodules into many radiographs, with annotations for a detector",
    "audit": "ask by what synthetic findings could be told from real ones, and what to change",
    "detect": "find nodules with a detector",
    "experiment": "run a paper's experiment with detectors, from start to table",
    "froc": "measure detectors: FROC, NODE21 score, two on the same images",
    "surround": "keep a box of a radiograph and draw everything around it",
    "translate": "turn a radiograph into another finding, or repair it without a mask",
    "objects": "write masks, nodules, edits and boxes as DICOM objects of a radiograph: SEG, GSPS, KO, SR",
    "hem": "draw more nodules like those that a detector missed",
    "merge": "join the parts of a job that were made with --part",
    "node21": "draw nodules into the boxes of a NODE21 generation request",
    "pacs": "image archives: test, search, retrieve, send, by DICOM or DICOMweb",
    "study": "reader studies: make, take, follow, plan, analyse",
    "models": "list the generators, or show the card of one",
    "evaluate": "measure a generator beside the classical fills",
    "highlight": "find abnormalities by what inpainting would change",
    "deidentify": "take the patients out of radiographs and DICOM objects",
    "check": "prove that every shipped checkpoint works and scores as its card says",
    "qa": "compare checkpoints and a run's snapshots, by eye and by number",
    "train": "train a generator from a recipe",
    "bank": "make the bank of donor windows from healthy radiographs",
    "keep": "keep a checkpoint in your models folder, where every command and the window find it",
    "ship": "ship a snapshot into the package if it measures better than the shipped checkpoint",
    "demo": "open the window on a bundled sample",
    "pictures": "make the pictures of README and guides",
}
"""Command → what it does; the module of the same name has ``add_arguments(parser)`` and ``run(options)``."""

ALIASES = {"promote": "ship"}
"""Earlier names of commands, which work on."""


class ShowVersion(argparse.Action):
    """Looks the version up only when it is asked for."""

    def __init__(self, option_strings: Sequence[str], dest: str, help: str = "") -> None:
        super().__init__(option_strings, dest, nargs=0, help=help)

    def __call__(self, parser: argparse.ArgumentParser, *_rest: object) -> None:
        """Print and leave."""
        print(f"CXR Studio {program_version()}")
        parser.exit()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; return the exit code."""
    wait_passively()
    words = list(sys.argv[1:] if arguments is None else arguments)
    chosen = next((word for word in words if not word.startswith("-")), None)
    parser = _parser(chosen)
    if chosen is None and not words:
        words = ["open"]
        parser = _parser("open")
    options = parser.parse_args(words, argparse.Namespace(words=tuple(words)))
    try:
        command = ALIASES.get(options.command, options.command)
        return int(import_module(f"cxr_studio.cli.{command}").run(options))
    except StudioError as fault:
        print(fault, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Stopped. Finished results are kept.", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        return 1
    except Exception as fault:
        print(_unexpected(fault), file=sys.stderr)
        return 1


def _unexpected(fault: Exception) -> str:
    """One sentence on a fault of the program itself; the traceback goes to a log."""
    import traceback

    from cxr_studio.resources import state_folder

    log = state_folder() / "cxr-studio.log"
    words = f"An unexpected error occurred ({type(fault).__name__}: {fault})."
    try:
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("a", encoding="utf-8") as stream:
            traceback.print_exception(fault, file=stream)
    except OSError:
        return words
    return f"{words} Details are in {log}."


def _parser(chosen: str | None) -> argparse.ArgumentParser:
    """A parser that knows every command's name and the arguments of the chosen one."""
    parser = argparse.ArgumentParser(
        prog="cxr-studio", description="Paint on a chest radiograph and watch a trained generator fill it."
    )
    parser.add_argument("--version", action=ShowVersion, help="show the version and exit")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, words in COMMANDS.items():
        earlier = [alias for alias, command in ALIASES.items() if command == name]
        own = commands.add_parser(name, help=words, description=f"{words[:1].upper()}{words[1:]}.", aliases=earlier)
        if name == ALIASES.get(chosen or "", chosen):
            import_module(f"cxr_studio.cli.{name}").add_arguments(own)
    return parser


if __name__ == "__main__":
    sys.exit(main())
