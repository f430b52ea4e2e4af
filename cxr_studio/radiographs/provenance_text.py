"""Provenance as text in PNG, TIFF and MetaImage files, and the spacing that it carries."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256

from cxr_studio.radiographs.spacing import UNKNOWN_SPACING, Spacing, SpacingOrigin, believable

KEY = "CXRStudio"
"""PNG text keyword and MetaImage header key."""


def provenance_text(provenance: Mapping[str, object] | None, spacing: Spacing) -> str:
    """One line of JSON: what was done, and the spacing with its origin."""
    known = {"y_mm": spacing.y, "x_mm": spacing.x, "origin": spacing.origin.value}
    return json.dumps({"spacing": known, "provenance": dict(provenance or {})}, sort_keys=True)


def limited_text(provenance: Mapping[str, object] | None, spacing: Spacing, limit: int) -> str:
    """Return ``provenance_text`` where it fits ``limit`` characters, else its short facts and the hash of the whole."""
    whole = provenance_text(provenance, spacing)
    short = {key: value for key, value in (provenance or {}).items() if isinstance(value, str | int | float)}
    hashed = {"provenance_sha256": sha256(whole.encode()).hexdigest()}
    text = whole
    while len(text) > limit:
        text = provenance_text({**short, **hashed}, spacing)
        if not short:
            break
        short.pop(max(short, key=lambda key: len(str(short[key]))))
    return text


def spacing_of(text: Mapping[str, str]) -> Spacing | None:
    """Spacing that CXR Studio wrote into a file's text fields, or None where it wrote none that is believable."""
    for key in (KEY, "ImageDescription"):
        try:
            known = json.loads(text.get(key, ""))["spacing"]
            y, x, origin = known["y_mm"], known["x_mm"], SpacingOrigin(known["origin"])
            if y is None or x is None or origin is SpacingOrigin.UNKNOWN:
                return UNKNOWN_SPACING
            if believable(float(y), float(x)):
                return Spacing(float(y), float(x), origin)
        except (ValueError, TypeError, KeyError, OverflowError, RecursionError):
            continue
    return None
