"""Loading a generator and running it once, so that the first stroke is answered as fast as the next."""

from __future__ import annotations

import numpy as np

from cxr_studio.events import CancelToken
from cxr_studio.generation.devices import choose_device, device_title
from cxr_studio.generation.generators import EXEMPLAR, find
from cxr_studio.restore.exemplar_fill import warm_up_donors
from cxr_studio.restore.trained_fill import load


def rehearse(name: str, device: str) -> str:
    """Load a generator that fills a mask and run one small hole through it; returns the device's title.

    Raises:
        GeneratorError: there is none of that name.
        CheckpointError: its weights do not fit.
    """
    facts = find(name)
    if facts.donors or name == EXEMPLAR:
        warm_up_donors()
    if facts.checkpoint is None:
        return "CPU"
    where = choose_device(device)
    network = load(facts, where)
    side = network.card.input_side
    hole = np.zeros((side, side), bool)
    hole[side // 2 - 4 : side // 2 + 4, side // 2 - 4 : side // 2 + 4] = True
    network.fill(np.full((side, side), 0.5, np.float32), hole, seed=0, cancel=CancelToken())
    return device_title(where)
