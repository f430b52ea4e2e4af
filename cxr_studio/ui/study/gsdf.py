"""The grey-scale standard display function (DICOM PS3.14): luminance and just-noticeable differences."""

from __future__ import annotations

from math import log, log10

TOP = -1.3011877, 8.0242636e-2, 1.3646699e-1, -2.5468404e-2, 1.3635334e-3
"""Coefficients a, c, e, g, m of PS3.14 section 7, of rising powers of ln j."""
BOTTOM = 1.0, -2.5840191e-2, -1.0320229e-1, 2.8745620e-2, -3.1978977e-3, 1.2992634e-4
"""Coefficients 1, b, d, f, h, k."""
INVERSE = 71.498068, 94.593053, 41.912053, 9.8247004, 0.28175407, -1.1878455, -0.18014349, 0.14710899, -0.017046845
"""Coefficients A to I of PS3.14 section 7, of rising powers of log10 L."""

LEAST, MOST = 0.05, 3993.4
"""Luminance that the function is defined for, cd/m²."""

STEPS = 18
"""Patches of the pattern: driving levels 0, 15 … 255."""

SQUARE_JND = 8.0
"""Contrast of the small squares in a patch, just-noticeable differences."""

PLAIN_STEP = 4
"""The same in driving levels while no luminance is known; about right for 1 to 350 cd/m²."""


def luminance(index: float) -> float:
    """Luminance of a JND index (1 to 1023), cd/m²."""
    x = log(index)
    return float(10 ** (_polynomial(TOP, x) / _polynomial(BOTTOM, x)))


def jnd_index(light: float) -> float:
    """JND index of a luminance (0.05 to 3993 cd/m²; what lies beyond counts as the nearer end)."""
    return _polynomial(INVERSE, log10(min(max(light, LEAST), MOST)))


def driving_levels() -> tuple[int, ...]:
    """Grey levels (0 to 255) of the patches, equally far apart."""
    return tuple(round(255 * step / (STEPS - 1)) for step in range(STEPS))


def wanted_luminances(least: float, most: float, *, ambient: float = 0.0) -> tuple[float, ...]:
    """What a photometer on each patch should show: equal steps of JND index between both ends, cd/m².

    Args:
        least: Of black, the room dark.
        most: Of white.
        ambient: What the room adds, part of what the eye sees but not of what a photometer on the screen shows.
    """
    low, high = jnd_index(least + ambient), jnd_index(most + ambient)
    span = high - low
    inner = (luminance(low + span * level / 255) - ambient for level in driving_levels()[1:-1])
    return (least, *inner, most)  # the formula and its inverse agree to 0.03 % only


def square_step(least: float, most: float, *, ambient: float = 0.0) -> int:
    """Driving levels that make ``SQUARE_JND`` just-noticeable differences on a display that follows the function."""
    span = jnd_index(most + ambient) - jnd_index(least + ambient)
    return max(1, round(255 * SQUARE_JND / max(span, 1.0)))


def _polynomial(factors: tuple[float, ...], x: float) -> float:
    value = 0.0
    for factor in reversed(factors):
        value = value * x + factor
    return value
