"""Limits of the checks: what a measured figure may be; one TOML file, bundled or the user's."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from cxr_studio.errors import ReadError
from cxr_studio.resources import resource

Positive = Annotated[float, Field(gt=0)]


class Part(BaseModel):
    """A section of the file; unknown keys are faults."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Span(BaseModel):
    """Least and largest value allowed; ``[low, high]`` in the file."""

    model_config = ConfigDict(frozen=True)

    low: float
    high: float

    @model_validator(mode="before")
    @classmethod
    def _from_pair(cls, value: object) -> object:
        if isinstance(value, list) and len(value) == 2:
            if not all(isinstance(end, int | float) for end in value) or value[0] > value[1]:
                raise ValueError("the first number must be the smaller")
            return {"low": value[0], "high": value[1]}
        return value

    def holds(self, value: float) -> bool:
        """Whether a value lies within; not a number never does."""
        return self.low <= value <= self.high

    def __str__(self) -> str:
        return f"{self.low:g} to {self.high:g}"


class CostLimits(Part):
    """What one request may cost: wall time, ms, and memory, MB, above what was taken before it."""

    milliseconds: Positive
    megabytes: Positive


class FillLimits(CostLimits):
    """Generators that fill a mask; grey is a share of the unit range.

    Attributes:
        score_db: Measured PSNR from the card's, dB.
        beyond: How far a fill may leave 0 to 1.
        seam: Seam ratio on healthy samples.
        grain: Grain ratio on healthy samples, with grain matched.
        uniform: How far the fill of an image of one grey may be from it.
        mirrored: Mean difference of the fill of a negative from the negative of the fill.
        one_pixel: How far the fill of one pixel may be from the mean of its neighbours.
        odd_seam: Largest seam ratio of a hole over half of the image, or at its edges.
        visible: Largest share of sample holes in which the shipped human-like observer picks the original.
    """

    score_db: Positive
    beyond: Positive
    seam: Span
    grain: Span
    uniform: Positive
    mirrored: Positive
    one_pixel: Positive
    odd_seam: Positive
    visible: Positive = 1.0


class NoduleLimits(CostLimits):
    """Texture generators.

    Attributes:
        score_db: Measured masked PSNR from the card's, dB.
        diameter_px: Largest error of a silhouette's diameter, pixels.
        reach_px: Pixels beyond the silhouette in which something may change.
        beyond: How far a drawn pixel may leave 0 to 1 of the window.
    """

    score_db: Positive
    diameter_px: Positive
    reach_px: Positive
    beyond: Positive


class LungLimits(CostLimits):
    """Lung networks.

    Attributes:
        share: Of a healthy radiograph that one lung takes.
        covered: Least share of the two usual lung boxes that healthy lungs cover.
        odd_found: In how many of three images without lungs (black, white, noise) some may be found.
    """

    share: Span
    covered: Positive
    odd_found: Annotated[int, Field(ge=0, le=3)]


class ShapeLimits(CostLimits):
    """Shape generators.

    Attributes:
        one_region: Least share of draws that are one connected region.
        distance: Measured Kolmogorov–Smirnov distances from the card's.
        beyond: How far a field may leave -1 to 1.
    """

    one_region: Positive
    distance: Positive
    beyond: Positive


class SurroundLimits(CostLimits):
    """Generators that keep a box and draw the rest; grey is a share of the unit range.

    Attributes:
        score: Measured difference around the box from the card's.
        beyond: How far a drawn pixel may leave 0 to 1.
        seam: Seam ratio along the box on a bundled sample.
    """

    score: Positive
    beyond: Positive
    seam: Span


class TranslateLimits(CostLimits):
    """Generators that see the whole radiograph; grey is a share of the unit range.

    Attributes:
        score_db: Measured PSNR from the card's, dB.
        beyond: How far a pixel may leave 0 to 1.
        psnr_db: Least PSNR of a blind repair in the damaged place of a bundled sample, dB.
        changed: Largest share of what was not damaged that a blind repair changes visibly.
    """

    score_db: Positive
    beyond: Positive
    psnr_db: Positive
    changed: Positive


class Limits(Part):
    """All limits, by what a network does."""

    fill: FillLimits
    nodule: NoduleLimits
    surround: SurroundLimits
    translate: TranslateLimits
    lungs: LungLimits
    shape: ShapeLimits


def read_limits(path: Path | None = None) -> Limits:
    """Read a file of limits; the bundled one by default. What a file leaves out is as in the bundled one.

    Raises:
        ReadError: unreadable, no TOML, or invalid; names every fault.
    """
    bundled = resource("qa", "limits.toml")
    path = path or bundled
    try:
        content, given = (tomllib.loads(file.read_text(encoding="utf-8")) for file in (bundled, path))
        return Limits.model_validate(content | given)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as fault:
        raise ReadError(f"the limits cannot be read ({fault})", file=path, remedy="Fix the file") from fault
    except ValidationError as fault:
        faults = "; ".join(f"{'.'.join(str(p) for p in each['loc'])}: {each['msg']}" for each in fault.errors())
        raise ReadError(f"the limits are not valid: {faults}", file=path, remedy="Fix the file") from fault
