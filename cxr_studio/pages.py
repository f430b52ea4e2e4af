"""What self-contained HTML pages share: the template's surroundings, and figures as SVG in one style."""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from cxr_studio.resources import resource

if TYPE_CHECKING:
    from jinja2 import Environment
    from matplotlib.figure import Figure
    from PIL import Image

INK, FAINT = "#22303c", "#9aa5b1"

STYLE: dict[str, Any] = {
    "font.family": "sans-serif",
    "font.sans-serif": ["Helvetica", "Arial", "Liberation Sans", "DejaVu Sans"],
    "figure.facecolor": "white",
    "font.size": 9,
    "axes.edgecolor": FAINT,
    "axes.labelcolor": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "svg.fonttype": "path",
    "legend.frameon": False,
}
"""Of every figure: light, sparing, legible in print."""


def page_templates(folder: str) -> Environment:
    """Templates of a bundled folder; a name that a page does not give is an error."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(
        loader=FileSystemLoader(resource(folder)),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def picture_address(image: Image.Image) -> str:
    """A picture as a data address, which a self-contained page shows: PNG."""
    stream = io.BytesIO()
    image.save(stream, format="PNG", optimize=True)
    return f"data:image/png;base64,{base64.b64encode(stream.getvalue()).decode()}"


@contextmanager
def drawing(name: str, size: tuple[float, float], **style: object) -> Iterator[tuple[Figure, list[str]]]:
    """A figure of its own, without the global state of pyplot; its SVG is in the list when the block ends.

    Args:
        name: Unique on the page; the same name and content give the same bytes.
        size: Width and height in inches.
        style: Further matplotlib settings, dots written as underscores ("font_size").
    """
    import matplotlib as mpl
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    found: list[str] = []
    further = {key.replace("_", "."): value for key, value in style.items()}
    settings: Any = {**STYLE, **further, "svg.hashsalt": name}
    with mpl.rc_context(settings):
        figure = Figure(figsize=size, layout="constrained")
        FigureCanvasSVG(figure)
        yield figure, found
        stream = io.StringIO()
        figure.savefig(stream, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    found.append(_inline(stream.getvalue(), prefix=f"{name}-"))


def _inline(text: str, *, prefix: str) -> str:
    """Without the XML head, as wide as the page allows, identifiers unique on the page."""
    svg = text[text.index("<svg") :]
    svg = re.sub(r'\bid="', f'id="{prefix}', svg)
    svg = re.sub(r'(href="#|url\(#)', rf"\g<1>{prefix}", svg)
    return svg.replace("<svg ", '<svg style="max-width:100%" ', 1)
