"""Fills kept on disk by their provenance: the same request is answered once."""

from __future__ import annotations

import json
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path

from cxr_studio.errors import ReadError, WriteError
from cxr_studio.events import CancelToken
from cxr_studio.files import replaced
from cxr_studio.generation.devices import choose_device
from cxr_studio.generation.generators import find
from cxr_studio.generation.packing import pack, unpack
from cxr_studio.generation.request import InpaintRequest, Patch
from cxr_studio.resources import cache_folder
from cxr_studio.restore.fill import fill, provenance

FOLDER = "observer-fills"


class FillCache:
    """Patches on disk; a damaged file counts as none, a full disk only costs time.

    Args:
        folder: Where; the program's cache folder by default.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = (folder or cache_folder()) / FOLDER

    def patches(
        self, request: InpaintRequest, *, device: str = "auto", cancel: CancelToken | None = None
    ) -> tuple[Patch, ...]:
        """Answer a request, or take the answer of before.

        Args:
            request: What to fill.
            device: "auto", "cpu", "cuda" or "mps".
            cancel: Stops the work.

        Raises:
            GeneratorError: the generator fails.
            Cancelled: through ``cancel``.
        """
        path = self._path(request, device)
        kept = _read(path)
        if kept is not None:
            return kept
        patches = fill(request, device=device, cancel=cancel).patches
        _write(path, patches)
        return patches

    def _path(self, request: InpaintRequest, device: str) -> Path:
        facts = find(request.options.generator)
        where = "cpu" if facts.checkpoint is None else choose_device(device)
        stated = json.dumps(asdict(provenance(request, facts, where)), sort_keys=True)
        key = sha256(stated.encode()).hexdigest()
        return self.folder / key[:2] / f"{key}.patches"


def _read(path: Path) -> tuple[Patch, ...] | None:
    try:
        arrays, facts = unpack(path.read_bytes())
        boxes = [tuple(int(v) for v in box) for box in facts["boxes"]]
        return tuple(Patch((b[0], b[1], b[2], b[3]), arrays[f"patch.{k}"]) for k, b in enumerate(boxes))
    except (OSError, ReadError, KeyError, ValueError, TypeError, IndexError):
        return None


def _write(path: Path, patches: tuple[Patch, ...]) -> None:
    arrays = {f"patch.{k}": patch.stored for k, patch in enumerate(patches)}
    try:
        with replaced(path) as beside:
            beside.write_bytes(pack(arrays, {"boxes": [patch.box for patch in patches]}))
    except WriteError:
        return
