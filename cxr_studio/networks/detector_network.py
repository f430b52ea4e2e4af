"""What every network that finds boxes answers to: role "detect"."""

from __future__ import annotations

from abc import abstractmethod

from torch import Tensor, nn


class DetectorNetwork(nn.Module):
    """A network from a whole radiograph to boxes with scores.

    Attributes:
        input_side: Side of the square in pixels, ``S``; see ``networks.square``.
    """

    def __init__(self, *, input_side: int) -> None:
        super().__init__()
        self.input_side = input_side

    @abstractmethod
    def found(self, image: Tensor, *, least: float, most: int) -> list[tuple[Tensor, Tensor]]:
        """Find boxes.

        Args:
            image: ``float32 [N, 1, S, S]``, grey -1 to 1, black beside the radiograph.
            least: Smallest score that is answered, 0 to 1.
            most: Boxes an image at most.

        Returns:
            For every image boxes ``float32 [k, 4]`` as ``y0, x0, y1, x1`` in pixels of the square, and their scores
            ``float32 [k]``, 0 to 1, falling. Boxes of one finding may overlap: the program keeps the best.
        """
