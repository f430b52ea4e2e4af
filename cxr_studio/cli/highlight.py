"""``cxr-studio highlight INPUT --out OUT``; ``--learn`` and ``--table`` for the figures behind it."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from cxr_studio.cli.arguments import add_device, add_patients, add_precision, share, whole
from cxr_studio.cli.job_arguments import add_running, print_part, running_of
from cxr_studio.cli.progress import bar
from cxr_studio.errors import ReadError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cxr_studio.quality.highlighting.export import Wanted
    from cxr_studio.quality.highlighting.highlight import HighlightOptions

KINDS = ("focal", "z", "absolute", "signed")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Files or folders, the generator, and which map."""
    parser.add_argument("input", type=Path, nargs="?", metavar="INPUT", help="radiograph, or a folder of them")
    parser.add_argument("--out", type=Path, metavar="OUT", help="folder for overlay, map, hot spots and provenance")
    parser.add_argument("--generator", default="context-encoder", metavar="NAME", help="see cxr-studio models")
    parser.add_argument(
        "--kind", choices=KINDS, help="which map (default: focal, or absolute where healthy lungs were not learned)"
    )
    parser.add_argument("--threshold", type=share(0, 1000), metavar="T", help="where a hot spot begins, in its units")
    parser.add_argument("--whole-image", action="store_true", help="search beside the lungs too; gives no z")
    parser.add_argument("--picture", type=Path, metavar="PNG", help="radiograph and overlay side by side, of one file")
    add_device(parser)
    add_precision(parser)
    add_running(parser, workers=1)
    behind = parser.add_argument_group("figures behind it")
    behind.add_argument(
        "--learn", type=Path, metavar="DIR", help="learn z from healthy radiographs; --out names a file"
    )
    behind.add_argument("--count", type=whole(1, 100_000), metavar="N", help="from the last N of them (default: all)")
    behind.add_argument(
        "--without", type=Path, metavar="DIR", help="learn from no patient who stands in this folder too"
    )
    behind.add_argument("--table", action="store_true", help="measure separation on --healthy and --boxed")
    behind.add_argument("--healthy", type=Path, metavar="DIR", help="healthy radiographs that nothing learned from")
    behind.add_argument("--boxed", type=Path, metavar="DIR", help="radiographs with a boxes.csv")
    add_patients(behind)
    behind.add_argument("--findings", nargs="+", metavar="NAME", help="only boxes of these findings (default: all)")
    behind.add_argument("--json", type=Path, metavar="FILE", help="write the table's figures as JSON too")


def run(options: argparse.Namespace) -> int:
    """Search, learn or measure; what others compare with is learned in full precision."""
    from cxr_studio.generation.precision import running_in, settled

    if options.learn is not None and not options.table:
        return _asked(options)
    with running_in(settled(options.precision)):
        return _asked(options)


def _asked(options: argparse.Namespace) -> int:
    if options.table:
        from cxr_studio.cli.highlight_table import run_table

        return run_table(options)
    if options.out is None and (options.picture is None or options.learn is not None):
        raise ReadError("no output folder is given", remedy="Give --out")
    if options.learn is not None:
        return _learn(options)
    if options.input is None:
        raise ReadError("no input is given", remedy="Give a radiograph, a folder, --learn or --table")
    return _search(options)


def _search(options: argparse.Namespace) -> int:
    """Search every radiograph; failures are told at the end, one a line."""
    from cxr_studio.networks.card import Role
    from cxr_studio.quality.highlighting.export import Wanted, sources
    from cxr_studio.quality.highlighting.highlight import HighlightOptions
    from cxr_studio.roles import find

    search = HighlightOptions(options.generator, limit_to_lungs=not options.whole_image)
    checkpoint = find(options.generator, Role.RESTORE).checkpoint
    wanted = Wanted(options.kind, options.threshold)
    paths = sources(options.input, options.out)
    if options.input.is_file() and not options.part:
        return _search_one(paths[0], search, options=options, wanted=wanted)
    if options.out is None or options.picture is not None:
        raise ReadError("--picture is of one radiograph", remedy="Name it, or give --out without --picture")
    return _search_all(paths, search, options=options, wanted=wanted, sha256=checkpoint.sha256 if checkpoint else "")


def _search_all(
    paths: Sequence[Path], search: HighlightOptions, *, options: argparse.Namespace, wanted: Wanted, sha256: str
) -> int:
    """Search a folder, or what is missing of it."""
    from cxr_studio.datasets.manifest import manifest_of
    from cxr_studio.generation.precision import settled
    from cxr_studio.jobs.running import run as run_batch
    from cxr_studio.quality.highlighting.job import Highlighting

    precision, running = settled(options.precision), running_of(options)
    job = Highlighting(manifest_of(paths), options.out, search, wanted, sha256, options.device, precision)
    with bar() as progress:
        outcome = run_batch(job, running, progress=progress)
    if running.part is not None:
        print_part(running, options.out, job.noun, made=outcome.made)
    else:
        done = [index for index in range(job.count) if job.done(index)]
        for index in done:
            print(job.sentence(index))
        words = "radiograph" if job.count == 1 else "radiographs"
        print(f"{len(done)} of {job.count} {words} searched; results in {options.out}.")
    for fault in outcome.faults.values():
        print(fault, file=sys.stderr)
    return 1 if outcome.faults else 0


def _search_one(path: Path, search: HighlightOptions, *, options: argparse.Namespace, wanted: Wanted) -> int:
    from cxr_studio.datasets.naming import stem_of
    from cxr_studio.quality.highlighting.export import write_map
    from cxr_studio.quality.highlighting.highlight import highlight
    from cxr_studio.quality.highlighting.job import found_words
    from cxr_studio.quality.highlighting.map import hot_spots
    from cxr_studio.quality.highlighting.picture import grey_picture, overlaid, side_by_side, write_picture
    from cxr_studio.radiographs.reading import read_radiograph

    radiograph = read_radiograph(path)
    with bar() as progress:
        found = highlight(radiograph, search, device=options.device, progress=progress)
    kind, threshold = wanted.settled(found)
    spots = hot_spots(found.layer(kind), found.looked_at, threshold=threshold, spacing=radiograph.spacing)
    if options.out is not None:
        write_map(options.out, radiograph, found, stem=stem_of(path), wanted=wanted)
    if options.picture is not None:
        overlay = overlaid(radiograph, found, kind=kind, threshold=threshold, spots=spots)
        write_picture(options.picture, side_by_side(grey_picture(radiograph), overlay), longest=1600)
    print(found_words(path, {"spots": spots, "map": kind, "threshold": threshold, "notes": found.notes}))
    print(f"1 of 1 radiograph searched; results in {options.out or options.picture}.")
    return 0


def _learn(options: argparse.Namespace) -> int:
    from cxr_studio.cli.highlight_sources import learned_from
    from cxr_studio.quality.highlighting.healthy import save
    from cxr_studio.quality.highlighting.highlight import HighlightOptions
    from cxr_studio.quality.highlighting.learning import learn

    search = HighlightOptions(options.generator, normalise=False)
    with bar() as progress:
        healthy = learn(learned_from(options), search, device=options.device, progress=progress)
    save(options.out, healthy)
    print(f"Healthy differences of {healthy.card.generator} in {healthy.card.images} radiographs: {options.out}")
    return 0
