"""Train a generator: ``python -m trainers RECIPE [--out DIR]``."""

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
        _train(options)
    except StudioError as fault:
        print(fault, file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m trainers", description="Train a generator from a recipe.")
    parser.add_argument("recipe", type=Path, help="recipe, a TOML file")
    parser.add_argument("--out", type=Path, help="run folder (default: runs/NAME)")
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


def _train(options: argparse.Namespace) -> None:
    from trainers.data_check import check_data
    from trainers.reading import read_recipe
    from trainers.run_folder import check_resumed

    recipe, text = read_recipe(options.recipe, tuple(options.set))
    if options.search and not options.dry_run:
        print(_search(options, recipe))
        return
    folder = options.out or Path("runs") / recipe.name
    state = folder / "state.safetensors"
    if state.exists() and not options.resume and not options.dry_run:
        raise RecipeError(f"the run folder {folder} holds a training already", remedy="Add --resume or another --out")
    data = check_data(recipe)
    if not options.dry_run and options.resume:
        check_resumed(folder, recipe, data.files)
    from trainers.start import RunSettings, dry_run, train

    if options.dry_run:
        print(dry_run(recipe, text, device=options.device))
        return
    settings = RunSettings(folder, options.device, steps=options.steps, resume=options.resume, files=data.files)
    words = train(recipe, text, settings)
    if words:
        print(words)


def _search(options: argparse.Namespace, recipe: Recipe) -> str:
    from trainers.data_check import check_data
    from trainers.search import Searching
    from trainers.start import RunSettings

    folder = options.out or Path("runs") / f"{recipe.name}-search"
    settings = RunSettings(folder, options.device, resume=options.resume, files=check_data(recipe).files)
    return Searching(options.recipe, tuple(options.set), settings).run(options.search)


if __name__ == "__main__":
    sys.exit(main())
