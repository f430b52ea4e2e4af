"""A set written again so that no file says which radiographs are synthetic: one format, no text, mixed names."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cxr_studio.audit.sights import unit_image
from cxr_studio.datasets.entries import Manifest
from cxr_studio.datasets.manifest_csv import write_manifest
from cxr_studio.events import Progress, silent
from cxr_studio.files import file_sha256, folder_replaced
from cxr_studio.radiographs.radiograph import EIGHT_BITS, Radiograph
from cxr_studio.radiographs.reading import read_radiograph

IMAGES, CONTENTS = "images", "rewritten.json"

DEEP = 65_535


def rewritten(manifest: Manifest, folder: Path, *, seed: int = 0, progress: Progress = silent) -> Manifest:
    """Write every radiograph of a manifest as a PNG, and the manifest with the same findings.

    Where all have more than 8 bits the unit range becomes 16 bits, else 8; 8-bit values stay as they are. Names are
    drawn by chance, and the manifest is in their order.

    Args:
        manifest: Real and synthetic radiographs.
        folder: A new or empty folder, or one of an earlier call, which is replaced.
        seed: Of the names.
        progress: Called after every radiograph; what it raises leaves nothing behind.

    Raises:
        StudioError: a radiograph cannot be read, or the folder holds other files.
    """
    deep = all(_deep(read_radiograph(manifest.path(entry))) for entry in manifest.entries)
    entries = []
    with folder_replaced(folder, contents=CONTENTS) as build:
        (build / IMAGES).mkdir()
        for number, entry in enumerate(manifest.entries, 1):
            radiograph = read_radiograph(manifest.path(entry))
            name = f"{sha256(f'{seed} {entry.file}'.encode()).hexdigest()[:12]}.png"
            path = build / IMAGES / name
            _write(path, _pixels(radiograph, deep=deep))
            height, width = radiograph.shape
            made = replace(entry, width=width, height=height, sha256=file_sha256(path), number=0)
            entries.append(replace(made, file=f"{IMAGES}/{name}"))
            progress(number / len(manifest.entries), f"writing {number} of {len(manifest.entries)}")
        mixed = tuple(sorted(entries, key=lambda entry: entry.file))
        write_manifest(Manifest(build, mixed), build / "manifest.csv")
    return Manifest(folder, mixed)


def _deep(radiograph: Radiograph) -> bool:
    return bool(radiograph.grey.high - radiograph.grey.low >= EIGHT_BITS)


def _pixels(radiograph: Radiograph, *, deep: bool) -> NDArray[np.uint8] | NDArray[np.uint16]:
    if not deep:
        return radiograph.unit_bytes()
    return np.clip(np.round(unit_image(radiograph) * DEEP), 0, DEEP).astype(np.uint16)


def _write(path: Path, pixels: NDArray[np.uint8] | NDArray[np.uint16]) -> None:
    from PIL import Image

    Image.fromarray(pixels).save(path, format="PNG")
