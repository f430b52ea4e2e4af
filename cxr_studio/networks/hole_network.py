"""What every network that fills the central square of a crop has in common."""

from __future__ import annotations

from abc import abstractmethod

from torch import Tensor, nn


class HoleNetwork(nn.Module):
    """A network that fills the central square of a square crop.

    Attributes:
        input_side: Side of the crop in pixels.
        hole_side: Side of the central square in pixels.
    """

    def __init__(self, *, input_side: int, hole_side: int) -> None:
        super().__init__()
        self.input_side = input_side
        self.hole_side = hole_side

    @abstractmethod
    def forward(self, image: Tensor, hole: Tensor) -> Tensor:
        """Fill the hole.

        Args:
            image: ``float32 [N, 1, S, S]`` in -1 to 1, the card's base fill standing in the hole.
            hole: ``float32 [N, 1, S, S]``, 1 where the value is unknown, 0 elsewhere; inside the
                central square.

        Returns:
            ``float32 [N, 1, h, h]``: the central square, -1 to 1 (slightly beyond is possible without a
            tanh).
        """
