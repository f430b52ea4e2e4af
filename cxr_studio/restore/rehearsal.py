"""Loading a generator and running it once, so that the first stroke is answered as fast as the next."""

from __future__ import annotations

import numpy as np

from cxr_studio.events import CancelToken
from cxr_studio.generation.generators import GeneratorFacts
from cxr_studio.restore.built_in import EXEMPLAR
from cxr_studio.restore.exemplar_fill import warm_up_donors
from cxr_studio.restore.trained_fill import load


def rehearse(generator: GeneratorFacts, device: str) -> None:
    """Load a generator that fills a mask and run one small hole through it.

    Raises:
        CheckpointError: its weights do not fit.
    """
    if generator.donors or generator.name == EXEMPLAR:
        warm_up_donors()
    if generator.checkpoint is None:
        return
    network = load(generator, device)
    side = network.card.input_side
    hole = np.zeros((side, side), bool)
    hole[side // 2 - 4 : side // 2 + 4, side // 2 - 4 : side // 2 + 4] = True
    network.fill(np.full((side, side), 0.5, np.float32), hole, seed=0, cancel=CancelToken())
