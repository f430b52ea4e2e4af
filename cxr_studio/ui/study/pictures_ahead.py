"""Images of the trials, read and decoded in a thread before they are wanted."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Sequence
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject

from cxr_studio.studies.bundle import Bundle, BundleError
from cxr_studio.ui.canvas.sampling import opencv
from cxr_studio.ui.shell.background import Background

Picture = NDArray[np.uint8] | NDArray[np.uint16]
"""Grey values ``[H, W]`` as the bundle holds them."""

Paths = tuple[Path, ...]
KEPT = 8
"""Images that stay decoded: those shown, those to come, and those of the answer that may be taken back."""


def decoded(path: Path, sha256: str) -> Picture:
    """Read an image of a bundle.

    Raises:
        BundleError: it is missing, has been changed, or is no grey image.
    """
    from PIL import Image

    remedy = "Copy the bundle again"
    try:
        content = path.read_bytes()
    except OSError as fault:
        what = f"an image of the study cannot be read ({fault.strerror})"
        raise BundleError(what, file=path, remedy=remedy) from fault
    if hashlib.sha256(content).hexdigest() != sha256:
        raise BundleError("an image of the study has been changed", file=path, remedy=remedy)
    try:
        values = np.asarray(Image.open(BytesIO(content)))
    except (OSError, ValueError) as fault:
        raise BundleError("an image of the study is damaged", file=path, remedy=remedy) from fault
    if values.ndim != 2 or values.dtype.kind not in "iu":
        raise BundleError("an image of the study is not grey", file=path, remedy="Ask the study's owner")
    return values if values.dtype == np.uint8 else values.astype(np.uint16)


class PicturesAhead(QObject):
    """Keeps the images of a few trials decoded.

    Args:
        bundle: Whose images.
        parent: Qt owner.
    """

    def __init__(self, bundle: Bundle, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bundle = bundle
        self._background = Background(self)
        self._kept: OrderedDict[Path, Picture] = OrderedDict()
        self._running: set[Paths] = set()
        self._wanted: tuple[Paths, Callable[[list[Picture]], None], Callable[[Exception], None]] | None = None

    def prefetch(self, paths: Sequence[Path]) -> None:
        """Decode these, if they are not; faults are told when the images are wanted."""
        wanted = tuple(paths)
        if wanted and wanted not in self._running and not self.ready(wanted):
            self._running.add(wanted)
            self._background.run(
                "Reading images",
                lambda _progress, _token: self._read(wanted),
                done=partial(self._came, wanted),
                failed=partial(self._failed, wanted),
            )

    def ready(self, paths: Sequence[Path]) -> bool:
        """True when all of these are decoded."""
        return all(path in self._kept for path in paths)

    def want(
        self, paths: Sequence[Path], *, done: Callable[[list[Picture]], None], failed: Callable[[Exception], None]
    ) -> None:
        """Give these images to ``done`` as soon as they are there; only the newest wish counts."""
        self._wanted = tuple(paths), done, failed
        if self.ready(paths):
            self._give()
        else:
            self.prefetch(paths)

    def close(self) -> None:
        """Wait for the threads."""
        self._wanted = None
        self._background.close()

    def _read(self, paths: Paths) -> list[Picture]:
        opencv()  # loaded here, in the thread, before the first image is painted
        return [decoded(path, self._bundle.images.get(path.name, "")) for path in paths]

    def _came(self, paths: Paths, pictures: Any) -> None:
        self._running.discard(paths)
        self._kept.update(zip(paths, pictures, strict=True))
        for path in paths:
            self._kept.move_to_end(path)
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        self._give()

    def _failed(self, paths: Paths, fault: Exception) -> None:
        self._running.discard(paths)
        if self._wanted is not None and self._wanted[0] == paths:
            failed, self._wanted = self._wanted[2], None
            failed(fault)

    def _give(self) -> None:
        if self._wanted is not None and self.ready(self._wanted[0]):
            (paths, done, _), self._wanted = self._wanted, None
            done([self._kept[path] for path in paths])
