"""``cxr-studio pacs echo|find|get|send``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from cxr_studio.cli.pacs_arguments import add_connection, add_query, opened, query

if TYPE_CHECKING:
    from collections.abc import Callable

    from cxr_studio.events import Progress
    from cxr_studio.exchange.archive import Archive, Found, Sent

PACS_COMMANDS = {
    "echo": "test the connection to an archive",
    "find": "search an archive for series",
    "get": "retrieve series, as files or into the cache",
    "send": "store DICOM files in an archive",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """One sub-parser a command."""
    commands = parser.add_subparsers(dest="pacs_command", required=True, metavar="COMMAND")
    for name, words in PACS_COMMANDS.items():
        own = commands.add_parser(name, help=words, description=f"{words[:1].upper()}{words[1:]}.")
        if name == "send":
            words = "DICOM file, or folder that is searched for them"
            own.add_argument("input", type=Path, nargs="+", metavar="FILE", help=words)
            own.add_argument("--again", action="store_true", help="send what the archive has already, too")
        if name in ("find", "get"):
            add_query(own)
        if name == "find":
            form = own.add_mutually_exclusive_group()
            form.add_argument("--json", action="store_true", help="print JSON, with all identifiers")
            form.add_argument("--csv", action="store_true", help="print CSV, with all identifiers")
        if name == "get":
            words = "folder for the files (default: the cache, and their paths are printed)"
            own.add_argument("--out", type=Path, metavar="DIR", help=words)
        add_connection(own)


def run(options: argparse.Namespace) -> int:
    """Run the chosen command; Ctrl-C ends it within a second, with a word on what was done."""
    from cxr_studio.cli.interrupt import INTERRUPTED, interruptible
    from cxr_studio.errors import Cancelled

    archive = opened(options)
    command = {"echo": _echo, "find": _find, "get": _get, "send": _send}[options.pacs_command]
    with interruptible() as stop:
        try:
            return command(options, archive, lambda: stop.cancelled)
        except Cancelled as fault:
            print(fault, file=sys.stderr)
            return INTERRUPTED


def _echo(_options: argparse.Namespace, archive: Archive, cancelled: Callable[[], bool]) -> int:
    answered = archive.echo(cancelled=cancelled)
    print(f"{answered.words} Answered in {answered.seconds:.2f} s.")
    return 0


def _find(options: argparse.Namespace, archive: Archive, cancelled: Callable[[], bool]) -> int:
    from cxr_studio.cli.pacs_table import print_csv, print_json, print_table

    asked = query(options)
    found = archive.find(asked, cancelled=cancelled)
    if options.json:
        print_json(found)
    elif options.csv:
        print_csv(found)
    elif found:
        print_table(found)
    if not found:
        print("No series fits.", file=sys.stderr)
    elif len(found) == asked.most:
        print(f"Only the newest {asked.most} series are shown; --most shows more.", file=sys.stderr)
    return 0


def _get(options: argparse.Namespace, archive: Archive, cancelled: Callable[[], bool]) -> int:
    """Retrieve one series after another; one that fails stops no other."""
    from cxr_studio.cli.progress import bar
    from cxr_studio.errors import ArchiveError, SecretRefused

    asked = query(options)
    if not any((asked.name, asked.patient_id, asked.since, asked.until, asked.accession, asked.study_uid)):
        raise ArchiveError("nothing says what to retrieve", remedy="Give a condition, --study for instance")
    paths: list[Path] = []
    failed, found = 0, archive.find(asked, cancelled=cancelled)
    if not found:
        print("No series fits.", file=sys.stderr)
        return 1
    with bar() as progress:
        for number, series in enumerate(found):
            try:
                paths += _retrieved(options.out, archive, series, _share(progress, number, len(found)), cancelled)
            except SecretRefused:
                raise
            except ArchiveError as fault:
                failed += 1
                print(f"{series.name or series.series_uid}: {fault}", file=sys.stderr)
    if options.out is None:
        print(*paths, sep="\n", end="\n" if paths else "")
    where = f" in {options.out}" if options.out is not None else ""
    images = "1 image" if len(paths) == 1 else f"{len(paths)} images"
    print(f"{images} of {len(found) - failed} series{where}", file=sys.stderr)
    return 1 if failed else 0


def _retrieved(
    out: Path | None, archive: Archive, series: Found, progress: Progress, cancelled: Callable[[], bool]
) -> list[Path]:
    """The files of a series, in a folder or in the cache of the settings."""
    if out is not None:
        return archive.get(series, out, progress=progress, cancelled=cancelled)
    from cxr_studio.exchange.cache import open_cache
    from cxr_studio.settings import load_settings

    settings, _ = load_settings()
    cache = open_cache(settings.archive_cache, settings.archive_cache_gb)
    return cache.get(archive, series, progress=progress, cancelled=cancelled)


def _share(progress: Progress, number: int, of: int) -> Progress:
    """The progress of one series as a part of all."""
    return lambda done, words: progress((number + done) / of, f"Series {number + 1} of {of}: {words}")


def _send(options: argparse.Namespace, archive: Archive, cancelled: Callable[[], bool]) -> int:
    """Send files; where not all of them went, say of each what became of it."""
    from cxr_studio.cli.interrupt import INTERRUPTED
    from cxr_studio.cli.progress import bar

    paths = _listed(options.input)
    with bar() as progress:
        sent = archive.send(paths, progress=progress, cancelled=cancelled, again=options.again)
    if sent.unsent:
        _print_outcomes(sent)
    present = f", {sent.count('present')} were there already" if sent.count("present") else ""
    failed = f", {sent.count('failed')} failed" if sent.count("failed") else ""
    left = f", {sent.count('left')} not sent" if sent.count("left") else ""
    print(f"{sent.count('sent')} of {len(paths)} files sent{present}{failed}{left}")
    if sent.reason:
        print(sent.reason, file=sys.stderr)
    if sent.unsent:
        print("The same command sends only what is missing; with --again it sends all.", file=sys.stderr)
    if sent.count("left") and cancelled():
        return INTERRUPTED
    return 1 if sent.unsent else 0


def _print_outcomes(sent: Sent) -> None:
    """A line a file: its state, its path, and why it is not there."""
    words = {"sent": "stored", "present": "there already", "failed": "failed", "left": "not sent"}
    for each in sent.outcomes:
        said = each.words.removeprefix(f"{each.path.name}: ") if each.state in ("failed", "left") else ""
        print(f"{words[each.state]:<14}{each.path}{': ' if said else ''}{said}", file=sys.stderr)


def _listed(given: list[Path]) -> list[Path]:
    """The given files, and the DICOM files of the given folders."""
    from pydicom.misc import is_dicom

    from cxr_studio.errors import ReadError

    paths: list[Path] = []
    for each in given:
        if not each.is_dir():
            paths.append(each)
            continue
        inside = sorted(path for path in each.rglob("*") if path.is_file() and not path.name.startswith("."))
        within = [path for path in inside if is_dicom(path)]
        if not within:
            raise ReadError("the folder holds no DICOM files", file=each, remedy="Choose another folder")
        paths += within
    return paths
