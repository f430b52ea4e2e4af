"""Masks as files: 8-bit PNG, 0 outside and 255 inside."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cxr_studio.errors import ReadError
from cxr_studio.files import replaced
from cxr_studio.masks.boxes import Mask


def load_mask(path: str | Path, shape: tuple[int, int]) -> Mask:
    """Read a mask: every pixel above zero is inside.

    Args:
        path: A single-channel image (PNG, TIFF, BMP); a grey one saved as colour will do,
            and opacity counts for nothing.
        shape: ``(height, width)`` of the radiograph that it belongs to.

    Raises:
        ReadError: no such file, no image, coloured, or of another size.
    """
    path = Path(path)
    values = _values(path)
    if values.shape != shape:
        raise ReadError(
            f"the mask has {values.shape[1]} × {values.shape[0]} pixels, the radiograph {shape[1]} × {shape[0]}",
            file=path,
            remedy="Choose the mask that was drawn on this radiograph",
        )
    return np.asarray(values > 0)


def save_mask(path: str | Path, mask: Mask) -> None:
    """Write a mask as 8-bit PNG, 0 and 255, atomically; a name without that ending gets it.

    Raises:
        WriteError: the file cannot be written.
    """
    from PIL import Image

    path = Path(path)
    named = path if path.suffix.lower() == ".png" else path.with_name(f"{path.name}.png")
    with replaced(named) as beside:
        Image.fromarray(mask.astype(np.uint8) * 255).save(beside, format="PNG")


def _values(path: Path) -> NDArray[np.integer]:
    from PIL import Image

    try:
        with Image.open(path) as image:
            values = np.asarray(image.convert("RGB") if image.mode == "P" else image)
    except FileNotFoundError as fault:
        raise ReadError("there is no such file", file=path, remedy="Choose another mask") from fault
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as fault:
        raise ReadError("the file is not a readable image", file=path, remedy="Choose a PNG mask") from fault
    if values.ndim == 3:
        colours = values[..., :3] if values.shape[2] >= 3 else values[..., :1]
        if (colours != colours[..., :1]).any():
            raise ReadError("the mask is coloured", file=path, remedy="Save it as one grey channel")
        values = values[..., 0]
    return values
