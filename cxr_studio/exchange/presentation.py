"""How a radiograph is shown, as a presentation state (GSPS, PS3.3 A.33.1): window, polarity and outlines."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cxr_studio.exchange.regions import Region
from cxr_studio.exchange.subject import MAKER, Subject, equipment, issued, save, writing
from cxr_studio.masks.outline import outlines
from cxr_studio.radiographs.window import VoiFunction, Window

SERIES = 9004
LAYER = "CXRSTUDIO"
MOST_POINTS = 8000
"""Points of one line: Graphic Data of 32-bit pairs has to stay below 64 kB (PS3.5 7.1.2)."""

LABEL_BOX = (160.0, 24.0)
"""Width and height in pixels of the box that a label is written in."""

TABLE_TOP = 65_535


def write_presentation(path: Path, subject: Subject, window: Window, regions: Sequence[Region] = ()) -> Path:
    """Write the window as shown, and the outline and the name of every region.

    A presentation state ignores the image's Photometric Interpretation (PS3.4 N.2.1.4), so that of a MONOCHROME1 image
    says INVERSE.

    Raises:
        WriteError: the header does not allow it, or the file cannot be written.
    """
    with writing(path):
        import highdicom as hd

        inverted = str(subject.header.get("PhotometricInterpretation", "")) == "MONOCHROME1"
        shape = hd.PresentationLUTShapeValues("INVERSE" if inverted else "IDENTITY")
        layer = hd.pr.GraphicLayer(LAYER, 1, description="Masks and nodules", display_color=None)
        made = hd.pr.GrayscaleSoftcopyPresentationState(
            [subject.header],
            content_label="CXRSTUDIO",
            content_description="Window, masks and nodules of CXR Studio",
            content_creator_name=f"{MAKER}^",
            graphic_annotations=[_annotation(region, subject, layer) for region in regions] or None,
            graphic_layers=[layer] if regions else None,
            voi_lut_transformations=[_voi(window)],
            presentation_lut_transformation=hd.PresentationLUTTransformation(shape),
            **issued(SERIES, "CXR Studio, presentation"),
            **equipment(),
        )
        if subject.header.get("ModalityLUTSequence"):  # which highdicom leaves out, other than slope and intercept
            made.ModalityLUTSequence = copy.deepcopy(subject.header.ModalityLUTSequence)
        return save(path, made, subject)


def _voi(window: Window) -> Any:
    import highdicom as hd

    if window.function is VoiFunction.TABLE and window.table is not None:
        entries = np.round(window.table * TABLE_TOP).astype(np.uint16)
        table = hd.VOILUT(round(window.first), entries, lut_explanation=window.name[:64] or None)
        return hd.pr.SoftcopyVOILUTTransformation(voi_luts=[table])
    return hd.pr.SoftcopyVOILUTTransformation(
        window_center=window.center,
        window_width=window.width,
        window_explanation=window.name[:64] or None,
        voi_lut_function=hd.VOILUTFunctionValues(window.function.value),
    )


def _annotation(region: Region, subject: Subject, layer: Any) -> Any:
    import highdicom as hd

    units = hd.pr.AnnotationUnitsValues.PIXEL
    lines = [hd.pr.GraphicObject(hd.pr.GraphicTypeValues.POLYLINE, line, units) for line in _lines(region)]
    y0, x0, _y1, _x1 = region.box
    height, width = subject.shape
    left, top = min(float(x0), max(0.0, width - LABEL_BOX[0])), max(0.0, y0 - LABEL_BOX[1] - 1)
    place = (left, top, min(left + LABEL_BOX[0], width), min(top + LABEL_BOX[1], height))
    words = hd.pr.TextObject(region.title[:1024], units, bounding_box=place)
    return hd.pr.GraphicAnnotation([subject.header], layer, graphic_objects=lines, text_objects=[words])


def _lines(region: Region) -> Iterator[NDArray[np.float64]]:
    """Closed outlines as ``[n, 2]`` of (x, y), the centre of the first pixel at 0.5, 0.5 (PS3.3 C.10.5.1.2)."""
    for outline in outlines(region.mask):
        closed = np.concatenate([outline, outline[:1]])[:, ::-1].astype(np.float64) + 0.5
        for first in range(0, len(closed) - 1, MOST_POINTS - 1):
            yield closed[first : first + MOST_POINTS]
