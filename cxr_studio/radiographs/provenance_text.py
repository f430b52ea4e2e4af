"""Provenance as text in PNG, TIFF and MetaImage files, and the spacing that it carries."""

from __future__ import annotations

import json
from collections.abc import Mapping

from cxr_studio.radiographs.spacing import Spacing, SpacingOrigin

KEY = "CXRStudio"
"""PNG text keyword and MetaImage header key."""


def provenance_text(provenance: Mapping[str, object] | None, spacing: Spacing) -> str:
    """One line of JSON: what was done, and the spacing with its origin."""
    known = {"y_mm": spacing.y, "x_mm": spacing.x, "origin": spacing.origin.value}
    return json.dumps({"spacing": known, "provenance": dict(provenance or {})}, sort_keys=True)


def spacing_of(text: Mapping[str, str]) -> Spacing | None:
    """Spacing that CXR Studio wrote into a file's text fields, or None."""
    for key in (KEY, "ImageDescription"):
        try:
            known = json.loads(text.get(key, ""))["spacing"]
            y, x = known["y_mm"], known["x_mm"]
            origin = SpacingOrigin(known["origin"])
            return Spacing(None if y is None else float(y), None if x is None else float(x), origin)
        except (ValueError, TypeError, KeyError):
            continue
    return None
