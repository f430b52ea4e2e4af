"""Pack training radiographs into few megabytes, to take them to a machine with a GPU: ``python -m trainers.pack OUT``.

What fields of the inpainting network can reach of some radiographs at full size, lossless; others at half their size;
all at a quarter; held-out ones like the first. The recipe's ``images`` then name the four folders.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from cxr_studio.errors import RecipeError, StudioError
from trainers.image_store import PACKED, Image, image_files, read_image

LOSSLESS = 101
"""WebP quality above 100: without loss."""

JPEG_QUALITY = 97
"""Of the shrunk radiographs, whose grain the shrinking has taken already."""


@dataclass(frozen=True)
class Packing:
    """What is packed.

    Attributes:
        train: Folder of training radiographs.
        val: Folder of held-out radiographs of other patients.
        full: How many training radiographs are kept at full size.
        half: How many others are kept at half their size.
        held_out: How many held-out ones are kept, evenly spread in name order.
        area: ``y0, x0, y1, x1`` as fractions of the image, where holes are centred; what lies more than ``margin``
            pixels beyond is black.
        margin: Pixels around the area that a field or a donor reaches.
        seed: Which radiographs are taken.
    """

    train: Path
    val: Path
    full: int
    half: int
    held_out: int
    area: tuple[float, float, float, float]
    margin: int
    seed: int


def pack(out: Path, packing: Packing) -> str:
    """Write the folders ``train``, ``val``, ``half`` and ``coarse`` under ``out``; return a sentence.

    The same radiographs, numbers and seed give the same files.

    Raises:
        RecipeError: ``out`` exists, too few radiographs, or not all of one size; nothing is left behind.
        ReadError: a file cannot be read.
    """
    if out.exists():
        raise RecipeError(f"{out} exists already", remedy="Name a new folder")
    train, val = image_files(packing.train), image_files(packing.val)
    if packing.full + packing.half > len(train) or packing.held_out > len(val):
        raise RecipeError(
            f"there are {len(train)} training and {len(val)} held-out radiographs, fewer than asked for",
            remedy="Lower --full, --half or --held-out",
        )
    beside = out.with_name(f"{out.name}.partial")
    shutil.rmtree(beside, ignore_errors=True)
    try:
        _write(beside, packing, train, val)
        beside.rename(out)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    size = sum(path.stat().st_size for path in out.rglob("*") if path.is_file()) / 2**20
    return (
        f"{out} holds {size:.1f} MB: {packing.full} whole, {packing.half} halved, {len(train)} quartered radiographs."
    )


def _write(out: Path, packing: Packing, train: list[Path], val: list[Path]) -> None:
    order = np.random.default_rng(packing.seed).permutation(len(train))
    full, half = set(order[: packing.full]), set(order[len(order) - packing.half :])
    shape = read_image(train[0]).shape
    for number, path in enumerate(train):
        image = _read(path, shape)
        if number in full:
            _save(out / "train" / f"{path.name}{PACKED}", _reached(image, packing))
        if number in half:
            _save(out / "half" / f"{path.name}.jpg", _shrunk(image, 2))
        _save(out / "coarse" / f"{path.name}.jpg", _shrunk(image, 4))
    for place in np.linspace(0, len(val) - 1, packing.held_out).round().astype(int):
        path = val[place]
        _save(out / "val" / f"{path.name}{PACKED}", _reached(_read(path, shape), packing))


def _read(path: Path, shape: tuple[int, ...]) -> Image:
    image = read_image(path)
    if image.shape != shape:
        raise RecipeError(
            f"the radiograph is {image.shape[1]} × {image.shape[0]} pixels, the first one {shape[1]} × {shape[0]}",
            file=path,
            remedy="Pack radiographs of one size",
        )
    return image


def _reached(image: Image, packing: Packing) -> Image:
    """The image, black where neither a field nor a donor ever looks."""
    y0, x0, y1, x1 = packing.area
    (height, width), margin = image.shape, packing.margin
    rows = slice(max(0, int(y0 * height) - margin), int(y1 * height) + margin)
    columns = slice(max(0, int(x0 * width) - margin), int(x1 * width) + margin)
    kept = np.zeros_like(image)
    kept[rows, columns] = image[rows, columns]
    return kept


def _shrunk(image: Image, times: int) -> Image:
    size = (image.shape[1] // times, image.shape[0] // times)
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8)


def _save(path: Path, image: Image) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(path), image, [cv2.IMWRITE_WEBP_QUALITY, LOSSLESS, cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; return the exit code."""
    options = _parser().parse_args(arguments)
    try:
        print(pack(options.out, _packing(options)))
    except StudioError as fault:
        print(fault, file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m trainers.pack", description="Pack radiographs for a training.")
    parser.add_argument("out", type=Path, help="new folder")
    parser.add_argument("--train", type=Path, required=True, help="folder of training radiographs")
    parser.add_argument("--val", type=Path, required=True, help="folder of held-out radiographs of other patients")
    parser.add_argument(
        "--full", type=_positive, required=True, help="how many training radiographs at full size, lossless"
    )
    parser.add_argument("--half", type=_positive, required=True, help="how many others at half their size")
    parser.add_argument("--held-out", type=_positive, default=6, help="how many held-out ones (default: %(default)s)")
    parser.add_argument("--field", type=_positive, default=192, help="side of a field, pixels (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=7, help="which are taken (default: %(default)s)")
    return parser


def _positive(text: str) -> int:
    value = int(text)
    if value < 1:
        raise ValueError(text)
    return value


def _packing(options: argparse.Namespace) -> Packing:
    from trainers.inpainter_batches import DONOR_REACH, Radiographs
    from trainers.inpainter_fields import FULL

    return Packing(
        train=options.train,
        val=options.val,
        full=options.full,
        half=options.half,
        held_out=options.held_out,
        area=Radiographs.model_fields["area"].default,
        margin=max(options.field // 2, FULL // 2 + DONOR_REACH),
        seed=options.seed,
    )


if __name__ == "__main__":
    sys.exit(main())
