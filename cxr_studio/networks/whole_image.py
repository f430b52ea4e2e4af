"""What every network that draws a whole radiograph at once answers to: of role "surround" and of role "translate"."""

from __future__ import annotations

from abc import abstractmethod

import torch
from torch import Tensor, nn


class WholeImageNetwork(nn.Module):
    """A network from a square image to a square image; the role on its card says what else it is given.

    Attributes:
        input_side: Side of the square in pixels, ``S``. The program shrinks a radiograph to it, the whole of it,
            with its longer side along the square and the rest black, and enlarges the answer again.
    """

    def __init__(self, *, input_side: int) -> None:
        super().__init__()
        self.input_side = input_side

    @abstractmethod
    def forward(self, image: Tensor, given: Tensor | None = None, rng: torch.Generator | None = None) -> Tensor:
        """Draw.

        Args:
            image: ``float32 [N, 1, S, S]``, grey -1 to 1. Of role "surround": what lies outside the box is -1. Of role
                "translate": the whole radiograph, or, where the card says "blanked", -1 in the region to repair.
            given: Of role "surround" the box ``float32 [N, 1, S, S]``, 1 inside, where the image is kept. Of role
                "translate" the wanted labels ``float32 [N, c]``, 0 or 1 in the order of the card's labels; None for a
                network without labels, which repairs blindly.
            rng: Where noise is drawn from (dropout that stays on, say), so that a seed gives the same image; always on
                the CPU. None, as in training, draws from torch's own state.

        Returns:
            ``float32 [N, 1, S, S]``, -1 to 1, the whole image. What a role keeps (the box, what lies outside a mask) is
            put back by the program, not by the network.
        """
