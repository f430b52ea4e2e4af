"""A table of generators as one self-contained page, with examples pixel for pixel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cxr_studio.files import replaced
from cxr_studio.pages import page_templates, picture_address
from cxr_studio.quality.benchmark.measuring import Benchmark, Grey
from cxr_studio.quality.benchmark.sections import Section
from cxr_studio.quality.comparison.report_pictures import outlined
from cxr_studio.version import program_version


@dataclass(frozen=True)
class Strip:
    """A row of pictures.

    Attributes:
        title: What is seen.
        sources: PNGs as data URIs, one a place.
    """

    title: str
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Page:
    """What stands on a page.

    Attributes:
        title: Of the page.
        subtitle: On what it was measured.
        summary: Sentences in front of the tables.
        sections: The tables.
        methods: Sentences behind them.
        figures: Pictures between them, as data addresses, with a line on each.
    """

    title: str
    subtitle: str
    summary: tuple[str, ...]
    sections: Sequence[Section]
    methods: tuple[str, ...]
    figures: tuple[tuple[str, str], ...] = ()


def write_page(path: Path, page: Page, benchmark: Benchmark | None = None) -> None:
    """Write the page.

    Args:
        path: The file.
        page: Its words and tables.
        benchmark: Whose examples are shown; none by default.

    Raises:
        WriteError: the file cannot be written.
    """
    text = (
        page_templates("qa")
        .get_template("benchmark.html.j2")
        .render(
            title=page.title,
            subtitle=f"{page.subtitle} · CXR Studio {program_version()}",
            summary=page.summary,
            sections=page.sections,
            methods=page.methods,
            figures=page.figures,
            pictures=[] if benchmark is None else _strips(benchmark),
            names=[] if benchmark is None else [example.name for example in benchmark.examples],
        )
    )
    with replaced(path) as beside:
        beside.write_text(text, encoding="utf-8", newline="")


def _strips(benchmark: Benchmark) -> list[Strip]:
    """The originals with the masks outlined, then a row a method."""
    examples = benchmark.examples
    strips = [Strip("Original", tuple(_png(outlined(one.original, one.mask)) for one in examples))]
    for method in benchmark.methods:
        if method.generator and not method.budget:
            drawn = (one.drawn.get(method.key) for one in examples)
            strips.append(Strip(method.title, tuple("" if grey is None else _png(grey) for grey in drawn)))
    return strips


def _png(grey: Grey) -> str:
    from PIL import Image

    return picture_address(Image.fromarray(grey))
