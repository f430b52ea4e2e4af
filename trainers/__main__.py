"""Train a generator, or several one after another: ``python -m trainers RECIPE… [--out DIR]``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from cxr_studio.errors import RecipeError, StudioError
from cxr_studio.threads import wait_passively

if TYPE_CHECKING:
    from trainers.recipe import Recipe


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; return the exit code."""
    wait_passively()
    options = _parser().parse_args(arguments)
    try:
        if len(options.recipes) > 1:
            return _train_each(options)
        _train(options, options.recipes[0], options.out)
    except StudioError as fault:
        print(fault, file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m trainers", description="Train a generator from a recipe.")
    words = "recipe, a TOML file; several are trained one after another"
    parser.add_argument("recipes", type=Path, nargs="+", metavar="RECIPE", help=words)
    words = "run folder (default: runs/NAME); of several recipes the folder of their run folders (default: runs)"
    parser.add_argument("--out", type=Path, metavar="DIR", help=words)
    parser.add_argument("--device", default="auto", choices=["auto", "cpu", "cuda", "mps"], help="where it runs")
    parser.add_argument("--steps", type=_positive, help="take at most this many steps now")
    parser.add_argument("--resume", action="store_true", help="resume from the run folder's state")
    parser.add_argument("--dry-run", action="store_true", help="check recipe and images, take two steps, write nothing")
    words = "try values of the recipe's [search] until there are N trials, in a folder of their own"
    parser.add_argument("--search", type=_positive, metavar="N", help=words)
    parser.add_argument("--set", action="append", default=[], metavar="SECTION.KEY=VALUE", help="change a recipe value")
    return parser


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{number} is not 1 or more")
    return number


def _train_each(options: argparse.Namespace) -> int:
    """Every recipe in a run folder of its own name; one that fails stops no other. 1 where one failed.

    With ``--resume``, a training that has not begun begins, and one that has ended is left alone.

    Raises:
        RecipeError: they cannot be trained one after another.
    """
    from trainers.processes import started_here
    from trainers.reading import read_recipe
    from trainers.run_folder import STATE

    if options.search or started_here() > 1:
        raise RecipeError(
            "several recipes cannot be searched or shared by processes", remedy="Name one recipe at a time"
        )
    failed = 0
    for path in options.recipes:
        try:
            recipe, _ = read_recipe(path, tuple(options.set))
            folder = (options.out or Path("runs")) / recipe.name
            print(f"{recipe.title}, in {folder}:", flush=True)
            now = argparse.Namespace(**{**vars(options), "resume": options.resume and (folder / STATE).exists()})
            if not _train(now, path, folder):
                return 1
        except StudioError as fault:
            print(fault, file=sys.stderr)
            failed = 1
    return failed


def _train(options: argparse.Namespace, path: Path, out: Path | None) -> bool:
    """Train one recipe; returns False where a signal ended it."""
    from trainers.data_check import check_data
    from trainers.reading import read_recipe
    from trainers.run_folder import check_resumed

    recipe, text = read_recipe(path, tuple(options.set))
    if options.search and not options.dry_run:
        print(_search(options, recipe))
        return True
    folder = out or Path("runs") / recipe.name
    state = folder / "state.safetensors"
    if state.exists() and not options.resume and not options.dry_run:
        raise RecipeError(f"the run folder {folder} holds a training already", remedy="Add --resume or another --out")
    data = check_data(recipe)
    if not options.dry_run and options.resume:
        check_resumed(folder, recipe, data.files)
    from trainers.start import RunSettings, dry_run, train

    if options.dry_run:
        print(dry_run(recipe, text, device=options.device))
        return True
    settings = RunSettings(folder, options.device, steps=options.steps, resume=options.resume, files=data.files)
    words, stopped = train(recipe, text, settings)
    if words:
        print(words)
    return not stopped


def _search(options: argparse.Namespace, recipe: Recipe) -> str:
    from trainers.data_check import check_data
    from trainers.search import Searching
    from trainers.start import RunSettings

    folder = options.out or Path("runs") / f"{recipe.name}-search"
    settings = RunSettings(folder, options.device, resume=options.resume, files=check_data(recipe).files)
    return Searching(options.recipes[0], tuple(options.set), settings).run(options.search)


if __name__ == "__main__":
    sys.exit(main())
