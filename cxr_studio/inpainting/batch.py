"""Many radiographs with their masks, filled one after the other exactly as the window would."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cxr_studio.errors import ReadError, StudioError, WriteError
from cxr_studio.inpainting.export import export, refuse_original
from cxr_studio.inpainting.fill import fill
from cxr_studio.inpainting.generators import find
from cxr_studio.inpainting.request import FillOptions
from cxr_studio.inpainting.session import Session
from cxr_studio.masks.files import load_mask
from cxr_studio.radiographs.reading import SUFFIXES, read_radiograph

OTHER_ENDINGS = {".jpg": ".png", ".jpeg": ".png", "": ".dcm", ".dicom": ".dcm", ".bmp": ".png"}
"""Ending of the input → ending of the output in a folder, where it is not the same."""

MASK_SUFFIXES = (".png", ".tif", ".tiff", ".bmp")


@dataclass(frozen=True)
class Pair:
    """A radiograph, its mask, and where the result goes."""

    image: Path
    mask: Path
    out: Path


def pair_up(image: Path, mask: Path, out: Path) -> tuple[list[Pair], list[StudioError]]:
    """Pair radiographs and masks by file name.

    Args:
        image: A radiograph, or a folder of them.
        mask: Its mask, or a folder of masks with the radiographs' names (endings may differ).
        out: The file to write; for a folder of radiographs the folder to write into.

    Returns:
        The pairs in name order, and a fault for every radiograph without a mask.

    Raises:
        StudioError: nothing to do, or one is a folder and the other is not.
    """
    if not image.exists():
        raise ReadError("there is no such file or folder", file=image, remedy="Check its name")
    if image.is_file():
        if mask.is_dir():
            found = _masks(mask).get(image.stem)
            if found is None:
                raise _no_mask(image, mask)
            mask = found
        return [Pair(image, mask, out / image.with_suffix(_ending(image)).name if out.is_dir() else out)], []
    if not mask.is_dir():
        raise ReadError("the radiographs are a folder, so the masks must be one too", file=mask)
    if out.is_file():
        raise WriteError("this is a file, where a folder is needed for the results", file=out)
    images = sorted(path for path in image.iterdir() if path.is_file() and path.suffix.lower() in SUFFIXES)
    if not images:
        raise ReadError("the folder holds no radiographs", file=image, remedy="Choose another folder")
    masks = _masks(mask)
    pairs = [Pair(p, masks[p.stem], out / (p.stem + _ending(p))) for p in images if p.stem in masks]
    return pairs, [_no_mask(path, mask) for path in images if path.stem not in masks]


def run(pairs: list[Pair], options: FillOptions, *, device: str = "auto") -> Iterator[tuple[Pair, StudioError | None]]:
    """Fill pair after pair; a pair that fails gives its fault, and the rest go on."""
    title = find(options.generator).title
    for pair in pairs:
        try:
            _fill_pair(pair, options, title=title, device=device)
        except StudioError as fault:
            yield pair, fault
        else:
            yield pair, None


def _fill_pair(pair: Pair, options: FillOptions, *, title: str, device: str) -> None:
    session = Session(read_radiograph(pair.image))
    refuse_original(session, pair.out)
    if not session.apply_mask(load_mask(pair.mask, session.radiograph.shape), "Mask"):
        raise ReadError("the mask is empty", file=pair.mask, remedy="Paint something in it")
    session.accept(fill(session.request(options), device=device), title)
    export(session, pair.out)


def _masks(folder: Path) -> dict[str, Path]:
    found = sorted(path for path in folder.iterdir() if path.suffix.lower() in MASK_SUFFIXES)
    return {path.stem: path for path in found}


def _ending(path: Path) -> str:
    suffix = path.suffix.lower()
    return OTHER_ENDINGS.get(suffix, suffix)


def _no_mask(image: Path, folder: Path) -> ReadError:
    return ReadError(
        "there is no mask for this radiograph", file=image, remedy=f"Put {image.stem}.png into {folder.name}"
    )
