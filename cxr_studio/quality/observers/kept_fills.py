"""Answers kept on disk by their provenance: the same request, of any role, is answered once."""

from __future__ import annotations

import json
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path

from cxr_studio.errors import ReadError, WriteError
from cxr_studio.events import CancelToken
from cxr_studio.files import replaced
from cxr_studio.generation.answering import device_of
from cxr_studio.generation.generators import GeneratorFacts
from cxr_studio.generation.packing import pack, unpack
from cxr_studio.generation.provenance import provenance_of, with_parts
from cxr_studio.generation.request import AnyRequest
from cxr_studio.generation.result import Patch
from cxr_studio.networks.card import Role
from cxr_studio.networks.checkpoint import Checkpoint
from cxr_studio.quality.limited_folder import LimitedFolder
from cxr_studio.resources import cache_folder
from cxr_studio.restore.base import base_of
from cxr_studio.roles import answer, find, rules_of

FOLDER = "observer-fills"

LIMIT = 2 << 30
"""Bytes that the answers may take: about 2,000 whole radiographs of 1024 × 1024, or 300,000 fills of 64 × 64."""


class FillCache:
    """Patches on disk; a damaged file counts as none, a full disk only costs time, the least recently used go first.

    Args:
        folder: Where; the program's cache folder by default.
        limit: Bytes that they may take.
    """

    def __init__(self, folder: Path | None = None, *, limit: int = LIMIT) -> None:
        self.folder = (folder or cache_folder()) / FOLDER
        self._room = LimitedFolder(self.folder, limit)

    def patches(
        self, request: AnyRequest, *, device: str = "auto", cancel: CancelToken | None = None
    ) -> tuple[Patch, ...]:
        """Answer a request, or take the answer of before.

        Args:
            request: What to draw.
            device: "auto", "cpu", "cuda" or "mps".
            cancel: Stops the work.

        Raises:
            GeneratorError: the generator fails.
            Cancelled: through ``cancel``.
        """
        path = self._path(request, device)
        kept = _read(path)
        if kept is not None:
            self._room.used(path)
            return kept
        patches = answer(request, device=device, cancel=cancel).patches
        if _write(path, patches):
            self._room.written(path)
        return patches

    def _path(self, request: AnyRequest, device: str) -> Path:
        role = rules_of(request).role
        facts = find(request.generator, role)
        stated, base = provenance_of(request, facts, device_of(facts, device)), _base_of(facts, role)
        whole = with_parts(stated, parts={"base_sha256": base.sha256} if base else {})
        key = sha256(json.dumps(asdict(whole), sort_keys=True).encode()).hexdigest()
        return self.folder / key[:2] / f"{key}.patches"


def _base_of(facts: GeneratorFacts, role: Role) -> Checkpoint | None:
    return base_of(facts) if role is Role.RESTORE else None


def _read(path: Path) -> tuple[Patch, ...] | None:
    try:
        arrays, facts = unpack(path.read_bytes())
        boxes = [tuple(int(v) for v in box) for box in facts["boxes"]]
        return tuple(Patch((b[0], b[1], b[2], b[3]), arrays[f"patch.{k}"]) for k, b in enumerate(boxes))
    except (OSError, ReadError, KeyError, ValueError, TypeError, IndexError):
        return None


def _write(path: Path, patches: tuple[Patch, ...]) -> bool:
    arrays = {f"patch.{k}": patch.stored for k, patch in enumerate(patches)}
    try:
        with replaced(path) as beside:
            beside.write_bytes(pack(arrays, {"boxes": [patch.box for patch in patches]}))
    except WriteError:
        return False
    return True
