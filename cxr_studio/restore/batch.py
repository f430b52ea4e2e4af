"""Many radiographs with their masks, filled one after the other exactly as the window would."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from cxr_studio.datasets.listing import is_dicom, radiograph_files
from cxr_studio.datasets.naming import result_name, stem_of
from cxr_studio.datasets.outputs import refuse_collisions
from cxr_studio.errors import ReadError, StudioError, WriteError
from cxr_studio.generation.export import export, refuse_original
from cxr_studio.generation.offering import find
from cxr_studio.generation.session import Session
from cxr_studio.masks.files import load_mask
from cxr_studio.radiographs.reading import read_radiograph
from cxr_studio.restore.fill import fill
from cxr_studio.restore.mask_folder import masks_of, no_mask
from cxr_studio.restore.options import FillOptions
from cxr_studio.restore.rules import RESTORE

Also = Callable[[Session, Path], object]
"""What is done with a session after its result was written to a file."""


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
        mask: Its mask, or a folder of masks with the radiographs' names (endings may differ), or of DICOM
            segmentations that refer to them.
        out: The file to write; for a folder of radiographs the folder to write into.

    Returns:
        The pairs in name order, and a fault for every radiograph without a mask.

    Raises:
        StudioError: nothing to do, one is a folder and the other is not, two masks of one radiograph, or a result that
            two radiographs would share or that would lie over an input.
    """
    images = radiograph_files(image)
    single = image.is_file()
    if not single and not mask.is_dir():
        raise ReadError("the radiographs are a folder, so the masks must be one too", file=mask)
    if not single and out.is_file():
        raise WriteError("this is a file, where a folder is needed for the results", file=out)
    masks = masks_of(mask, images) if mask.is_dir() else {stem_of(image): mask}
    whole = single and not out.is_dir()
    pairs = [
        Pair(one, masks[stem_of(one)], out if whole else out / result_name(one, dicom=is_dicom(one)))
        for one in images
        if stem_of(one) in masks
    ]
    refuse_collisions([(pair.image, [pair.out]) for pair in pairs], kept=[*images, *(pair.mask for pair in pairs)])
    faults: list[StudioError] = [no_mask(one, mask) for one in images if stem_of(one) not in masks]
    if single and faults:
        raise faults[0]
    return pairs, faults


def run(
    pairs: list[Pair], options: FillOptions, *, device: str = "auto", also: Also | None = None
) -> Iterator[tuple[Pair, StudioError | None]]:
    """Fill pair after pair; a pair that fails gives its fault, and the rest go on.

    Args:
        pairs: What to fill.
        options: How.
        device: Where.
        also: Called with every session and the file that was written of it.
    """
    title = find(options.generator, RESTORE).title
    for pair in pairs:
        try:
            session = _fill_pair(pair, options, title=title, device=device)
            if also is not None:
                also(session, pair.out)
        except StudioError as fault:
            yield pair, fault
        else:
            yield pair, None


def _fill_pair(pair: Pair, options: FillOptions, *, title: str, device: str) -> Session:
    session = Session(read_radiograph(pair.image))
    refuse_original(session, pair.out)
    radiograph = session.radiograph
    if not session.apply_mask(load_mask(pair.mask, radiograph.shape, instances=radiograph.instances), "Mask"):
        raise ReadError("the mask is empty", file=pair.mask, remedy="Paint an area to fill")
    session.accept(fill(session.request(options, session.mask), device=device), title)
    export(session, pair.out)
    return session
