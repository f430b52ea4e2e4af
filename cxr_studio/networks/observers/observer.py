"""A trained observer: several networks behind one eye, whose scores add up."""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import sha256

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from cxr_studio.metrics.forced_choice import Rate, rate_by_patient
from cxr_studio.networks.observers.network import Kind, ObserverModule, blurred
from cxr_studio.networks.observers.pairs import Crops, Holes, Pairs, central_holes

SCORING_BATCH = 64
GREY = 1 / 255
"""One grey level of unit values."""

LOOKS = 4
"""Times that a noisy observer looks at every test pair, each with noise of its own; the share of right answers
counts."""

Device = str | torch.device


@dataclass(frozen=True)
class Eye:
    """What stands before an observer's networks.

    Attributes:
        blur: Standard deviation in pixels of the optics' Gaussian; 0 for none.
        noise: Standard deviation in grey levels (1/255 of the window) of the internal noise, drawn anew at each look.
    """

    blur: float = 0.0
    noise: float = 0.0

    def sees(self, crops: Tensor, rng: torch.Generator) -> Tensor:
        """``[N, 1, S, S]`` as the networks get it; the noise is drawn on the CPU, the same for every device."""
        if self.blur > 0:
            crops = blurred(crops, self.blur)
        if self.noise > 0:
            drawn = torch.randn(crops.shape, generator=rng)
            crops = crops + (self.noise * GREY) * drawn.to(crops.device)
        return crops


PLAIN_EYE = Eye()


@dataclass(frozen=True, eq=False)
class Observer:
    """Trained networks behind an eye.

    Attributes:
        kind: What it knows.
        members: Networks of different seeds, in evaluation; their scores add up.
        eye: What stands before them.
        card: What it was trained on and how, plain values; goes into its file.
    """

    kind: Kind
    members: tuple[ObserverModule, ...]
    eye: Eye = PLAIN_EYE
    card: dict[str, object] = field(default_factory=dict)

    def saw(self, patient: str) -> bool:
        """Whether it was trained on a patient."""
        known = self.card.get("patients_sha256")
        return isinstance(known, list) and disguised(patient) in known

    def knows(self, generator: str) -> bool:
        """Whether it was trained on a generator's fills, by its registry name; where it was not, it may see less."""
        fills = self.card.get("fills")
        return isinstance(fills, list) and any(str(title).split(",")[0] == generator for title in fills)

    def scores(
        self, crops: Crops, holes: Holes | None = None, *, device: Device = "cpu", look: int = 0
    ) -> NDArray[np.float64]:
        """How real each crop looks, the higher the more.

        Args:
            crops: ``float32 [N, S, S]`` unit values.
            holes: ``bool [N, S, S]``; None for the central square of half the side. A search observer ignores them.
            device: Where the networks run.
            look: Number of the look; decides the internal noise.

        Returns:
            ``float64 [N]``; the same on the same device.
        """
        places = central_holes(crops.shape) if holes is None else holes
        rng = torch.Generator().manual_seed(1_000_003 * look + 17)
        found = [np.zeros(0)]
        members = [member.to(device) for member in self.members]
        with torch.inference_mode():
            for start in range(0, len(crops), SCORING_BATCH):
                part = slice(start, start + SCORING_BATCH)
                seen = self.eye.sees(tensor_of(crops[part], device), rng)
                where = tensor_of(places[part], device)
                total = sum(member(seen, where).double() for member in members)
                assert isinstance(total, Tensor)
                found.append(total.cpu().numpy())
        return np.concatenate(found)


def disguised(patient: str) -> str:
    """A patient's name as an observer's card keeps it: recognised again, not read."""
    return sha256(f"patient {patient}".encode()).hexdigest()[:16]


def right_answers(observer: Observer, pairs: Pairs, *, device: Device = "cpu") -> NDArray[np.float64]:
    """Share of looks at each pair in which the real crop gets the higher score; a tie counts half. ``[N]``, 0 to 1."""
    looks = LOOKS if observer.eye.noise > 0 else 1
    total = np.zeros(len(pairs))
    for look in range(looks):
        real = observer.scores(pairs.real, pairs.holes, device=device, look=2 * look)
        fake = observer.scores(pairs.fake, pairs.holes, device=device, look=2 * look + 1)
        total += (real > fake) + 0.5 * (real == fake)
    return total / looks


def percent_correct(observer: Observer, pairs: Pairs, *, device: Device = "cpu") -> Rate:
    """How often the observer picks the real crop of a pair, with a 95 % interval by patient.

    The pairs must be of patients that it was not trained on.
    """
    return rate_by_patient(right_answers(observer, pairs, device=device), pairs.groups)


def tensor_of(values: Crops | Holes, device: Device) -> Tensor:
    """``[N, S, S]`` to ``float32 [N, 1, S, S]`` on a device."""
    return torch.from_numpy(np.ascontiguousarray(values, np.float32))[:, None].to(device)
