"""Drawing everything around a box with a whole-image network (Xing et al.: x + G(x) ⊙ (1 − m)).

The network sees the box on its own square and black around it. Its answer is enlarged to the radiograph's pixels, so
what is drawn is as fine as the network's square, while the box keeps the radiograph's own pixels. The hash of the box's
stored values goes into the provenance: whoever has the result can prove that the box is the patient's.
"""

from __future__ import annotations

import numpy as np

from cxr_studio.errors import CheckpointError, GeneratorError
from cxr_studio.generation.generators import GeneratorFacts
from cxr_studio.generation.hashing import array_sha256
from cxr_studio.generation.request import ImageView
from cxr_studio.generation.result import Patch, area_of
from cxr_studio.generation.roles import Drawing, Run
from cxr_studio.generation.whole_image import BLACK, ask_whole, square_of
from cxr_studio.masks.boxes import Box, Mask, cut
from cxr_studio.networks.checkpoint import Checkpoint
from cxr_studio.surround.options import SurroundRequest

SEEN = 0.5
"""Share of a network's pixel that the box has to cover so that the network sees it."""


def drawn(request: SurroundRequest, generator: GeneratorFacts, run: Run) -> Drawing:
    """Draw the surroundings of a prepared request's box.

    Raises:
        GeneratorError: the box is smaller than a pixel of the network, or its answer is broken.
        CheckpointError: the weights do not fit.
    """
    image, box = request.image, request.box
    checkpoint = _checkpoint(generator)
    square = square_of(image, checkpoint.card.input_side)
    kept = square.covered(_inside(box, image.shape)) >= SEEN
    if not kept.any():
        raise GeneratorError(
            f"the box is smaller than a pixel of the generator, which sees {len(kept)} × {len(kept)}",
            remedy="Draw a larger box",
        )
    run.cancel.raise_if_cancelled()
    seen = np.where(kept, square.grey, np.float32(BLACK))
    answer = ask_whole(checkpoint, run.device, seen, kept.astype(np.float32)[None, None], seed=request.options.seed)
    run.cancel.raise_if_cancelled()
    written = ~_inside(box, image.shape)
    if image.grey.padding is not None:
        written &= ~image.grey.is_padding(image.stored)
    stored = image.stored.copy()
    low, high = image.unit
    pixels = low + (square.back(answer) + 1) * np.float32((high - low) / 2)
    stored[written] = image.grey.encode(pixels[written], stored.dtype)
    whole = Patch((0, 0, *image.shape), stored)
    message = _softness(square.inner, image.shape)
    return Drawing((whole,), area_of(written), kept_sha256=kept_sha256(image, box), message=message)


def kept_sha256(image: ImageView, box: Box) -> str:
    """Hash of the stored values of a box, by which it is proved that they stayed."""
    return array_sha256(np.ascontiguousarray(image.stored[cut(box)]))


def rehearse(generator: GeneratorFacts, device: str) -> None:
    """Load the network and let it draw around nothing once."""
    checkpoint = _checkpoint(generator)
    side = checkpoint.card.input_side
    blank = np.full((side, side), BLACK, np.float32)
    ask_whole(checkpoint, device, blank, np.zeros((1, 1, side, side), np.float32), seed=0)


def _checkpoint(generator: GeneratorFacts) -> Checkpoint:
    if generator.checkpoint is None:
        raise CheckpointError(f"{generator.title} has no checkpoint", remedy="Choose another generator")
    return generator.checkpoint


def _inside(box: Box, shape: tuple[int, int]) -> Mask:
    mask = np.zeros(shape, bool)
    mask[cut(box)] = True
    return mask


def _softness(inner: Box, shape: tuple[int, int]) -> str:
    """What the user has to know of the resolution; "" where nothing was enlarged."""
    rows, columns = inner[2] - inner[0], inner[3] - inner[1]
    if (rows, columns) == shape:
        return ""
    return f"The surroundings were drawn at {columns} × {rows} pixels and enlarged; the box keeps its own."
