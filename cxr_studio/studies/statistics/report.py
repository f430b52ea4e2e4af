"""Write a study's report: one HTML page that needs nothing else, JSON, tidy CSV and its dictionary."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from cxr_studio.files import replaced
from cxr_studio.pages import page_templates
from cxr_studio.studies.statistics import outcome as o
from cxr_studio.studies.statistics import wording
from cxr_studio.studies.statistics.methods_text import checklist, methods
from cxr_studio.studies.statistics.mrmc_analysis import plain
from cxr_studio.studies.statistics.mrmc_kernels import AUC
from cxr_studio.studies.statistics.mrmc_obuchowski_rockette import MODELS
from cxr_studio.studies.statistics.mrmc_ustatistics import UNKNOWN
from cxr_studio.studies.statistics.report_figures import figures
from cxr_studio.studies.statistics.study_results import Group, ReaderResult, StudyResults, results_of
from cxr_studio.studies.statistics.tidy_table import answers_csv, dictionary_csv
from cxr_studio.version import program_version

HTML, JSON, CSV, DICTIONARY = "report.html", "report.json", "answers.csv", "answers-dictionary.csv"

FILTERS = (
    "number",
    "degrees",
    "probability",
    "p_words",
    "limits",
    "percent",
    "percent_limits",
    "seconds",
    "moment",
)
"""Functions of ``wording`` that the template uses."""

KIND_TITLES = {
    o.HUMAN: "Readers",
    o.MACHINE: "Machine observers",
    o.SIMULATED: "Simulated readers",
}
KIND_NOTES = {
    o.MACHINE: "Computer programs took the same trials. They are not readers and never count in figures for people.",
    o.SIMULATED: "These answers were drawn at random for rehearsal or planning. They say nothing about the images.",
}


@dataclass(frozen=True)
class WrittenReport:
    """Paths of the four files."""

    html: Path
    json: Path
    answers: Path
    dictionary: Path


def write_report(outcome: o.StudyOutcome, out_dir: str | Path) -> WrittenReport:
    """Compute and write everything into ``out_dir``, which is made if missing.

    Raises:
        StatisticsError: no main trial was answered.
        WriteError: a file cannot be written.
    """
    folder = Path(out_dir)
    results = results_of(outcome)
    page = render(outcome, results)
    content = json.dumps(as_json(outcome, results), indent=2, ensure_ascii=False, allow_nan=False) + "\n"
    written = WrittenReport(folder / HTML, folder / JSON, folder / CSV, folder / DICTIONARY)
    for path, text in (
        (written.html, page),
        (written.json, content),
        (written.answers, answers_csv(outcome)),
        (written.dictionary, dictionary_csv()),
    ):
        with replaced(path) as beside:
            beside.write_text(text, encoding="utf-8", newline="")
    return written


def render(outcome: o.StudyOutcome, results: StudyResults) -> str:
    """The page, with styles and figures inside."""
    pages = page_templates("studies")
    for name in FILTERS:
        pages.filters[name] = getattr(wording, name)
    return pages.get_template("report.html.j2").render(
        outcome=outcome,
        protocol=outcome.protocol,
        results=results,
        two_afc=outcome.protocol.paradigm == o.TWO_AFC,
        figures=figures(outcome, results),
        methods=methods(outcome, results),
        checklist=checklist(outcome, results),
        titles=KIND_TITLES,
        notes=KIND_NOTES,
        models=MODELS,
        program=f"CXR Studio {program_version()}",
        only_simulated=all(g.kind == o.SIMULATED for g in results.groups),
        summary=summary(outcome, results),
    )


def as_json(outcome: o.StudyOutcome, results: StudyResults) -> dict[str, object]:
    """All figures and facts, without the answers, which are in the CSV."""
    return {
        "program": f"CXR Studio {program_version()}",
        "protocol": plain(outcome.protocol),
        "generators": plain(outcome.generators),
        "versions": dict(outcome.versions),
        "hashes": dict(outcome.hashes),
        "first_answer": outcome.first_answer,
        "last_answer": outcome.last_answer,
        "remarks": list(outcome.remarks),
        "results": plain(results),
        "methods": methods(outcome, results),
        "checklist": [list(row) for row in checklist(outcome, results)],
    }


def summary(outcome: o.StudyOutcome, results: StudyResults) -> list[str]:
    """A few sentences on what came out, people first."""
    said = []
    for group in results.groups:
        said += _means(group) if group.analysis is not None else [_alone(r) for r in group.readers]
        for mean in group.mean_equivalence:
            verdict = "is shown" if mean.shown else "is not shown"
            margin = outcome.protocol.margin
            said.append(f"Equivalence of the mean to guessing within ±{margin:g} {verdict} for {mean.label}.")
    return said


def _means(group: Group) -> list[str]:
    """One sentence a condition, one a difference."""
    analysis = group.analysis
    assert analysis is not None
    area = analysis.endpoint == AUC
    who = f"{len(group.readers)} {KIND_TITLES[group.kind].lower()}"
    said = []
    for k, s in enumerate(analysis.u_statistics):
        confidence = f"{wording.confidence(s.interval.confidence)} interval for random readers and cases"
        single = k < len(analysis.modalities)
        shown = wording.limits(s.interval, 3) if area else wording.percent_limits(s.interval, share=single)
        value = wording.number(s.estimate, 3) if area else wording.percent(s.estimate)
        what = (
            f"Mean {analysis.endpoint} of {who}, {s.label}"
            if single
            else f"Difference {s.label.replace(' - ', ' − ')}, {who}"
        )
        if s.estimator == UNKNOWN:
            said.append(f"{what}: {value} (no interval and no test, as no variance can be estimated).")
            continue
        against = ("0.5" if area else "50 %") if single else "no difference"
        said.append(f"{what}: {value} ({confidence} {shown}; {wording.p_words(s.p_value)} against {against}).")
    return said


def _alone(reader: ReaderResult) -> str:
    """One reader. "Against 50 %" would be wrong of real or fake where not half of the images are fake."""
    found, yes_no = reader.overall, reader.detection
    if yes_no is not None:
        test = f"; {wording.p_words(yes_no.p_value)}, Fisher's exact test of answers against truth"
    else:
        test = "" if reader.forced_choice is None else f"; {wording.p_words(found.p_value)} against 50 %"
    return (
        f"{reader.facts.name} ({reader.facts.kind}): {found.correct} of {found.trials} correct, "
        f"{wording.percent(found.value)} ({wording.confidence(found.exact.confidence)} exact interval "
        f"{wording.percent_limits(found.exact)}{test})."
    )
