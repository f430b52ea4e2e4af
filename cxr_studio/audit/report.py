"""The audit as one page: verdicts, what gives synthetic away and what to change, with pictures inside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cxr_studio.audit.asking import Answer
from cxr_studio.audit.audit import Audit
from cxr_studio.audit.limits import Limits
from cxr_studio.audit.occlusion import occlusion
from cxr_studio.audit.repeats import short_name
from cxr_studio.audit.report_figures import areas_figure, clue_figure, curve_figure
from cxr_studio.audit.report_pictures import examples, occlusion_picture, spectrum_picture
from cxr_studio.events import Progress, silent
from cxr_studio.files import replaced
from cxr_studio.pages import page_templates
from cxr_studio.version import program_version

LISTED = 20
"""Near-duplicates and divided patients on the page."""


@dataclass(frozen=True)
class Part:
    """One question on the page that did not pass.

    Attributes:
        answer: To it.
        figures: SVG.
        picture: What a network looks at, or the difference of spectra, as data URI; "" for none.
        caption: Of that picture.
        patches: Synthetic and real ones.
    """

    answer: Answer
    figures: tuple[str, ...]
    picture: str
    caption: str
    patches: tuple[list[str], list[str]]


@dataclass(frozen=True)
class Section:
    """One generator on the page.

    Attributes:
        generator: Its name.
        answers: To all questions.
        areas: Their plot.
        parts: What did not pass.
        summary: A sentence.
    """

    generator: str
    answers: Sequence[Answer]
    areas: str
    parts: Sequence[Part]
    summary: str


def write_report(path: Path, audit: Audit, limits: Limits, *, progress: Progress = silent) -> None:
    """Write the page.

    Args:
        path: HTML; replaced.
        audit: What was found.
        limits: By which it was judged.
        progress: Called between the generators.

    Raises:
        WriteError: it cannot be written.
    """
    page = render(audit, limits, progress=progress)
    with replaced(path) as beside:
        beside.write_text(page, encoding="utf-8", newline="")


def render(audit: Audit, limits: Limits, *, progress: Progress = silent) -> str:
    """The page with styles, plots and pictures inside."""
    sections = []
    for number, generator in enumerate(audit.generators):
        progress(number / len(audit.generators), f"pictures of {generator}")
        sections.append(_section(number, generator, audit, limits))
    return (
        page_templates("audit")
        .get_template("report.html.j2")
        .render(
            sections=sections,
            radiographs=len(audit.sights.radiographs),
            synthetic=sum(sight.case.synthetic for sight in audit.sights.radiographs),
            leaks=len(audit.leaks),
            repeats=[one for one in audit.repeats if one.fault],
            short_name=short_name,
            parted=[("Patient", one) for one in audit.patients] + [("Radiograph", one) for one in audit.sources],
            listed=LISTED,
            memory=audit.memory,
            notes=[*audit.notes, *audit.sights.skipped[:LISTED]],
            level=limits.level,
            program=f"CXR Studio {program_version()}",
        )
    )


def _section(number: int, generator: str, audit: Audit, limits: Limits) -> Section:
    answers = [answer for answer in audit.answers if answer.generator == generator]
    parts = [
        _part(f"g{number}-{answer.question.key}", answer)
        for answer in sorted(answers, key=lambda one: (one.verdict != "leak", -one.told.area))
        if answer.verdict == "leak" or (answer.verdict == "doubtful" and answer.sure)
    ]
    titles = [answer.question.title.lower() for answer in answers if answer.verdict == "leak"]
    summary = f"Given away by {_joined(titles)}." if titles else "Nothing gives it away beyond doubt."
    return Section(generator, answers, areas_figure(f"g{number}-areas", answers, limits), parts, summary)


def _part(name: str, answer: Answer) -> Part:
    figures = [clue_figure(f"{name}-clue", answer), curve_figure(f"{name}-curve", answer)]
    picture = caption = ""
    if answer.question.network:
        found = occlusion(answer)
        if found is not None:
            picture = occlusion_picture(found, answer)
            caption = f"Where the network looks (orange), mean of {found.patches} patches"
    elif answer.question.key == "spectrum":
        picture, caption = spectrum_picture(answer), "Synthetic less real: orange more, blue less; the middle is coarse"
    patches = examples(answer) if answer.question.group == "place" else ([], [])
    return Part(answer, tuple(figure for figure in figures if figure), picture, caption, patches)


def _joined(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
