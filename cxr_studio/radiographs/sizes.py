"""Which image sizes are accepted; looked at before anything is decoded."""

from __future__ import annotations

from pathlib import Path

from cxr_studio.errors import ReadError

MIN_SIDE, MAX_SIDE = 64, 16_384
"""Smallest and largest side in pixels."""


def check_size(height: int, width: int, path: Path) -> None:
    """Refuse images that are too small or too large.

    Raises:
        ReadError: a side is under 64 or over 16,384 pixels.
    """
    if min(height, width) < MIN_SIDE:
        raise ReadError(
            f"the image has {width} × {height} pixels, and a side must have at least {MIN_SIDE}",
            file=path,
            remedy="Choose the radiograph itself, not its icon",
        )
    if max(height, width) > MAX_SIDE:
        raise ReadError(
            f"the image has {width} × {height} pixels, and a side may have at most {MAX_SIDE:,}",
            file=path,
            remedy="Make it smaller first",
        )
