"""Boxes listed in the pixels of images of another size: the NIH's list beside smaller copies of its images."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from cxr_studio.datasets.entries import Entry, Finding, Manifest
from cxr_studio.errors import ReadError

NIH_SIDE = 1024
"""Side of the images of ChestX-ray14, in whose pixels the NIH lists its boxes."""


def in_pixels_of_images(
    manifest: Manifest, path: Path, *, listed_side: int = 0, as_published: bool = False
) -> Manifest:
    """The boxes of a list in the pixels of the images that are there.

    Boxes are scaled where it is said what they are in pixels of (``listed_side``), and where it cannot be otherwise: in
    a list as the NIH publishes it, and in one with boxes that reach beyond their images, which are square as the NIH's.

    Args:
        manifest: The list's, with the sizes of the images where they could be read (``sized``).
        path: The list, for the sentence.
        listed_side: Longest side of the images that the list was made on, pixels; 0 where it is not said.
        as_published: Whether the list has the NIH's own header.

    Raises:
        ReadError: a size is needed and cannot be read.
    """
    if listed_side:
        unknown = next((entry.file for entry in manifest.entries if not entry.width), None)
        if unknown is not None:
            raise ReadError(f"the size of {unknown} cannot be read", file=path, remedy="Leave the list's side out")
        return manifest.changed(lambda entry: scaled(entry, max(entry.width, entry.height) / listed_side))
    others = [entry for entry in manifest.entries if entry.width and entry.width == entry.height != NIH_SIDE]
    if not (as_published or any(_reaches_beyond(entry) for entry in others)):
        return manifest
    files = {entry.file for entry in others}
    return manifest.changed(lambda entry: scaled(entry, entry.width / NIH_SIDE) if entry.file in files else entry)


def sized(entry: Entry, folder: Path) -> Entry:
    """An entry with its image's size, where a look at the file's first bytes tells it (PNG, JPEG, TIFF)."""
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(folder / entry.file) as image:
            return replace(entry, width=image.width, height=image.height)
    except (OSError, UnidentifiedImageError, Image.DecompressionBombError):
        return entry


def scaled(entry: Entry, factor: float) -> Entry:
    """An entry whose boxes are so much larger."""
    return replace(entry, findings=tuple(_scaled(finding, factor) for finding in entry.findings))


def _scaled(finding: Finding, factor: float) -> Finding:
    y0, x0, y1, x1 = finding.box
    diameter = None if finding.diameter_px is None else finding.diameter_px * factor
    return replace(finding, box=(y0 * factor, x0 * factor, y1 * factor, x1 * factor), diameter_px=diameter)


def _reaches_beyond(entry: Entry) -> bool:
    return any(box[2] > entry.height + 1 or box[3] > entry.width + 1 for box in (f.box for f in entry.findings))
