"""A radiograph with its nodules as a file, and what the file says of them."""

from __future__ import annotations

from pathlib import Path

from cxr_studio.generation.options import encoded
from cxr_studio.generation.result import Result
from cxr_studio.generation.session import Session
from cxr_studio.masks.boxes import bounding_box
from cxr_studio.nodules.answering import draw_nodule
from cxr_studio.nodules.placement import NoduleRequest, Placement


def request_for(session: Session, placement: Placement, number: int = 1) -> NoduleRequest:
    """Ask for a nodule in the image as it is now."""
    return NoduleRequest(number, session.view(session.composite), placement)


def add_nodule(session: Session, placement: Placement, *, device: str = "auto") -> Result:
    """Draw a nodule and make it an edit of the session.

    Raises:
        GeneratorError: it cannot be drawn there.
    """
    placed = draw_nodule(request_for(session, placement), device=device)
    session.add(placed, nodule_title(placement, session))
    return placed


def nodule_title(placement: Placement, session: Session) -> str:
    """``Nodule 12.0 mm`` where millimetres are known, else ``Nodule 40 px``."""
    spacing = session.radiograph.spacing
    if spacing.y is not None and spacing.x is not None:
        return f"Nodule {placement.diameter * (spacing.y * spacing.x) ** 0.5:.1f} mm"
    return f"Nodule {placement.diameter:.0f} px"


def annotation(placed: Result, placement: Placement, session: Session) -> dict[str, object]:
    """One nodule as JSON values: box, diameters, and how it was made.

    ``box`` is ``[x0, y0, x1, y1]`` of the silhouette in pixels, half-open.
    """
    shape = placed.drawn.whole(session.radiograph.shape)
    y0, x0, y1, x1 = bounding_box(shape) or (0, 0, 0, 0)
    spacing = session.radiograph.spacing
    known = None if spacing.y is None or spacing.x is None else (spacing.y * spacing.x) ** 0.5
    return {
        "box": [x0, y0, x1, y1],
        "diameter_px": round(placed.drawn.diameter, 3),
        "diameter_mm": None if known is None else round(placed.drawn.diameter * known, 3),
        "spacing": spacing.origin.value,
        "placement": encoded(placement),
        "measured": placed.provenance.measured,
    }


def mask_path(out: Path) -> Path:
    """Where the silhouette goes beside an image: ``image-mask.png``."""
    return out.with_name(f"{out.stem}-mask.png")
