"""Features that distances between answers and originals are taken of: the shipped context encoder's, or Inception's."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from cxr_studio.arrays import Plane
from cxr_studio.errors import CheckpointError, reason_of
from cxr_studio.files import file_sha256
from cxr_studio.masks.boxes import Box, Mask, bounding_box, cut, padded
from cxr_studio.networks.onnx_session import opened_session
from cxr_studio.quality.comparison.loading import SURROUNDINGS
from cxr_studio.quality.observers.features import hole_features

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

CONTEXT, INCEPTION = "context-encoder", "inception:"
"""Words for them: the shipped ones, and what a file's name stands behind."""

SIDE = 299
"""Of the square that Inception is given, pixels."""

LENGTH = 2048
"""Numbers of its last pooled layer, on which FID is defined (Heusel et al. 2017)."""

WEIGHTS = "pt_inception-2015-12-05-6726825d.pth"
SHA256 = "6726825d0af5f729cebd5821db510b11b1cfad8faad88a03f1befd49fb9129b2"
"""The weights that FID is computed with: TensorFlow's of 2015 as pytorch-fid keeps them."""

EXPORT = f"Export {WEIGHTS} (SHA-256 {SHA256}) to ONNX as docs/results.md says"


class Features(Protocol):
    """Makes vectors of an image.

    Attributes:
        title: What a Fréchet distance of them is called.
        words: A sentence: what they are, of what.
    """

    @property
    def title(self) -> str:
        """See Features."""

    @property
    def words(self) -> str:
        """See Features."""

    def of(self, image: Plane, mask: Mask) -> Plane:
        """Vectors ``[n, D]``, n at least 1.

        Args:
            image: The whole image, unit values ``float32 [H, W]``.
            mask: What was to be filled, ``bool [H, W]``.
        """


class ContextFeatures:
    """The shipped context encoder's, of what stands under the mask; see ``Features``."""

    title = "Fréchet"
    words = (
        "Features: third level of the shipped context encoder's encoder, a vector for every 8 × 8 of the radiograph's "
        "own pixels under a mask (Fréchet), their mean of each mask (kernel). They are no FID: those are of "
        "Inception's features, and comparable with nothing here."
    )

    def of(self, image: Plane, mask: Mask) -> Plane:
        """See Features."""
        around = cut(surroundings(mask))
        return hole_features(image[around], mask[around])


SHIPPED = ContextFeatures()


class InceptionFeatures:
    """Inception v3's, of the whole image, from a file that the user gives; see ``Features``.

    Args:
        path: An ONNX model: one input ``float32 [N, 3, H, W]`` of grey 0 to 1, one answer of 2,048 numbers an image.

    Raises:
        CheckpointError: there is no such file, or it is another model; the sentence says how to make it.
    """

    title = "FID"

    def __init__(self, path: Path) -> None:
        if not path.is_file():
            raise CheckpointError("there is no such file of Inception's features", file=path, remedy=EXPORT)
        if path.suffix != ".onnx":
            raise CheckpointError("Inception's features are read from an ONNX file alone", file=path, remedy=EXPORT)
        self.path = path
        self._session: InferenceSession = opened_session(path)
        shapes = [each.shape for each in self._session.get_inputs()]
        fits = len(shapes) == 1 and len(shapes[0]) == 4 and shapes[0][1] == 3
        if not fits or self._answer(np.zeros((SIDE, SIDE), np.float32)).size != LENGTH:
            what = f"it does not make {LENGTH:,} numbers of a colour image of {SIDE} × {SIDE} pixels"
            raise CheckpointError(what, file=path, remedy=EXPORT)

    @cached_property
    def words(self) -> str:
        """See Features."""
        return (
            f"Features: {LENGTH:,} numbers of each whole image at {SIDE} × {SIDE} pixels by the model {self.path.name} "
            f"(SHA-256 {file_sha256(self.path)}), given as Inception v3. FID is biased upwards where images are few, "
            "and published ones are of thousands: compare rows with each other."
        )

    def of(self, image: Plane, mask: Mask) -> Plane:  # noqa: ARG002
        """See Features."""
        import cv2

        small = cv2.resize(
            image, (SIDE, SIDE), interpolation=cv2.INTER_AREA if min(image.shape) > SIDE else cv2.INTER_LINEAR
        )
        return np.asarray(self._answer(small).reshape(1, LENGTH), np.float32)

    def _answer(self, square: Plane) -> Plane:
        (port,) = self._session.get_inputs()
        given = np.repeat(np.clip(square, 0, 1, dtype=np.float32)[None, None], 3, axis=1)
        try:
            answer: Any = self._session.run(None, {port.name: given})[0]
        except Exception as fault:
            what = f"the model fails on an image of {SIDE} × {SIDE} pixels ({reason_of(fault)})"
            raise CheckpointError(what, file=self.path, remedy=EXPORT) from fault
        return np.asarray(answer, np.float32)


def features_of(word: str) -> Features:
    """Find features by what ``--features`` says.

    Args:
        word: "context-encoder", or "inception:" and a file.

    Raises:
        CheckpointError: there are no such features, or their file cannot be used.
    """
    if word == CONTEXT:
        return SHIPPED
    if not word.startswith(INCEPTION):
        raise CheckpointError(f"there are no features {word!r}", remedy=f"Choose {CONTEXT}, or {INCEPTION}FILE.onnx")
    return InceptionFeatures(Path(word.removeprefix(INCEPTION)).expanduser())


def stated_file(word: str) -> str:
    """What of ``--features`` decides the figures: its file's hash, "" where there is none."""
    path = Path(word.removeprefix(INCEPTION)).expanduser()
    return file_sha256(path) if path.is_file() else ""


def surroundings(mask: Mask) -> Box:
    """The crop around a mask in which its texture is measured."""
    inner = bounding_box(mask)
    assert inner is not None
    return padded(inner, SURROUNDINGS, (mask.shape[0], mask.shape[1]))
