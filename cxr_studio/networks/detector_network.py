"""What every network that finds boxes answers to: role "detect"."""

from __future__ import annotations

from abc import abstractmethod
from typing import NamedTuple

from torch import Tensor, nn

from cxr_studio.datasets.entries import NODULE


class Found(NamedTuple):
    """What a network finds in one image.

    Attributes:
        boxes: ``y0, x0, y1, x1`` in pixels of the square, ``float32 [k, 4]``.
        scores: 0 to 1, falling, ``float32 [k]``.
        kinds: Places in the network's ``labels``, ``int64 [k]``.
    """

    boxes: Tensor
    scores: Tensor
    kinds: Tensor


class DetectorNetwork(nn.Module):
    """A network from a whole radiograph to boxes with scores.

    Attributes:
        input_side: Side of the square in pixels, ``S``; see ``networks.square``.
        labels: What it finds, small letters.
    """

    def __init__(self, *, input_side: int, labels: tuple[str, ...] = (NODULE,)) -> None:
        super().__init__()
        self.input_side = input_side
        self.labels = tuple(labels)

    @abstractmethod
    def found(self, image: Tensor, *, least: float, most: int) -> list[Found]:
        """Find boxes.

        Args:
            image: ``float32 [N, 1, S, S]``, grey -1 to 1, black beside the radiograph.
            least: Smallest score that is answered, 0 to 1.
            most: Boxes an image at most.

        Returns:
            Of every image. Boxes of one finding may overlap: the program keeps the best.
        """
