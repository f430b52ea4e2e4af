"""How an abnormality map is looked at: which one, from which threshold, how opaque; plain values, no Qt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from cxr_studio.quality.highlighting.map import AbnormalityMap, HotSpot, Kind
from cxr_studio.radiographs.radiograph import Radiograph

LIMITS: dict[Kind, tuple[float, float]] = {
    "absolute": (0.01, 0.30),
    "signed": (0.01, 0.30),
    "z": (0.5, 8.0),
    "focal": (1.0, 25.0),
}
"""Least and largest threshold: shares of the window, standard deviations."""

STEPS: dict[Kind, float] = {"absolute": 0.005, "signed": 0.005, "z": 0.25, "focal": 0.5}
"""By which a key moves the threshold."""

OPACITIES = 0.1, 1.0
OPACITY_STEP = 0.1

TITLES: dict[Kind, str] = {
    "absolute": "Absolute",
    "signed": "Signed",
    "z": "Against healthy (z)",
    "focal": "Round spots (z)",
}

NO_STATISTICS = "This generator has not been measured on healthy lungs, so no z-map is available."


@dataclass(frozen=True)
class HighlightLook:
    """One way to look at a map.

    Attributes:
        wish: The kind of map to show where there is one.
        thresholds: By kind, in the map's unit.
        opacity: Of the colours, 0.1 to 1.
        shown: Whether it is over the panes at all.
    """

    wish: Kind = "focal"
    thresholds: Mapping[Kind, float] = field(default_factory=dict)
    opacity: float = 0.6
    shown: bool = True

    def kind(self, found: AbnormalityMap) -> Kind:
        """The kind that is shown of a map: the wished one, or the main one where there is no such."""
        return self.wish if self.wish in found.kinds else found.main_kind

    def next_kind(self, found: AbnormalityMap) -> Kind:
        """The kind after the shown one, among those that there are."""
        return found.kinds[(found.kinds.index(self.kind(found)) + 1) % len(found.kinds)]

    def with_threshold(self, kind: Kind, value: float) -> HighlightLook:
        """Another threshold of a kind, within its limits."""
        low, high = LIMITS[kind]
        return replace(self, thresholds={**self.thresholds, kind: min(max(value, low), high)})

    def with_opacity(self, opacity: float) -> HighlightLook:
        """Another opacity, within its limits."""
        return replace(self, opacity=min(max(opacity, OPACITIES[0]), OPACITIES[1]))


@dataclass(frozen=True, eq=False)
class Found:
    """A map and what it was made of.

    Attributes:
        map: As it came.
        inpainted: Whether the inpainted image was searched, not the original.
        edits: Those the inpainted image had.
        radiograph: With the pixels that were searched.
    """

    map: AbnormalityMap
    inpainted: bool
    edits: object
    radiograph: Radiograph


def same_spot(chosen: HotSpot | None, spots: tuple[HotSpot, ...]) -> int | None:
    """Rank of the spot that holds the peak of the one chosen before."""
    for spot in spots:
        y0, x0, y1, x1 = spot.box
        if chosen is not None and chosen.sign == spot.sign and y0 <= chosen.y < y1 and x0 <= chosen.x < x1:
            return spot.rank
    return None
