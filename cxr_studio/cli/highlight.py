"""``cxr-studio highlight INPUT --out OUT``; ``--learn`` and ``--table`` for the figures behind it."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from cxr_studio.cli.arguments import add_device, add_patients, add_precision, share, whole
from cxr_studio.cli.progress import bar, tracked
from cxr_studio.errors import ReadError, StudioError

if TYPE_CHECKING:
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
    find(options.generator, Role.RESTORE)
    paths, faults = sources(options.input, options.out), []
    wanted = Wanted(options.kind, options.threshold)
    for path in tracked(paths, len(paths), "Searching"):
        try:
            _search_one(path, search, options=options, wanted=wanted)
        except StudioError as fault:
            faults.append(fault)
    words = "radiograph" if len(paths) == 1 else "radiographs"
    print(f"{len(paths) - len(faults)} of {len(paths)} {words} searched; results in {options.out or options.picture}.")
    for one in faults:
        print(one, file=sys.stderr)
    return 1 if faults else 0


def _search_one(path: Path, search: HighlightOptions, *, options: argparse.Namespace, wanted: Wanted) -> None:
    from cxr_studio.datasets.naming import stem_of
    from cxr_studio.quality.highlighting.export import write_map
    from cxr_studio.quality.highlighting.highlight import highlight
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
    print(f"{path.name}: {len(spots)} hot spots in the {kind} map above {threshold:g}. {' '.join(found.notes)}")


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
