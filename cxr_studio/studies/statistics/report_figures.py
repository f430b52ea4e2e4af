"""The report's figures as SVG to stand inside HTML: light, sparing, legible in print."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING

import numpy as np

from cxr_studio.pages import FAINT, drawing
from cxr_studio.studies.statistics import outcome as o
from cxr_studio.studies.statistics import wording
from cxr_studio.studies.statistics.detection import roc_points, signed_confidence
from cxr_studio.studies.statistics.study_results import Group, ReaderResult, StudyResults

if TYPE_CHECKING:
    from matplotlib.axes import Axes

BAND = "#e8eef4"
COLOURS = {o.HUMAN: "#1f5a94", o.MACHINE: "#b35900", o.SIMULATED: "#6b7280"}
MARKERS = {o.HUMAN: "o", o.MACHINE: "s", o.SIMULATED: "^"}
LINES = ("-", "--", ":", "-.")
"""Strokes that tell readers of one kind apart, in grey print too."""

WIDTH = 7.2
"""Inches; the page's text is as wide."""

WINDOW = 15
"""Trials in the moving percentage."""


@dataclass(frozen=True)
class Drawing:
    """A figure: its SVG, and a caption that says what it shows."""

    svg: str
    caption: str


def figures(outcome: o.StudyOutcome, results: StudyResults) -> dict[str, Drawing]:
    """Name → figure; those without anything to show are left out."""
    found = {"forest": forest(outcome, results)}
    if any(r.times for g in results.groups for r in g.readers):
        found["times"] = times(outcome, results)
    found["drift"] = drift(outcome, results)
    if outcome.protocol.paradigm == o.REAL_OR_FAKE:
        found["roc"] = roc(outcome, results)
    return found


def forest(outcome: o.StudyOutcome, results: StudyResults) -> Drawing:
    """Percent correct of every reader with its exact interval; means over readers as diamonds.

    The line of guessing and the margin around it are drawn for 2AFC alone: in real or fake a reader who prefers one
    answer is right with one source and wrong with the other, without seeing anything.
    """
    rows = list(_forest_rows(results))
    with drawing("forest", (WIDTH, 0.9 + 0.27 * len(rows))) as (figure, svg):
        axes = figure.subplots()
        choice = outcome.protocol.paradigm == o.TWO_AFC
        margin = outcome.protocol.margin if choice else None
        if margin is not None:
            axes.axvspan(50 - 100 * margin, 50 + 100 * margin, color=BAND, lw=0, zorder=0)
        if choice:
            axes.axvline(50, color=FAINT, lw=1, ls="--", zorder=1)
        for k, (_, kind, value, low, high) in enumerate(rows):
            mean = kind.endswith("mean")
            colour = COLOURS[kind.removesuffix(" mean")]
            marker = "D" if mean else MARKERS[kind]
            axes.plot([100 * low, 100 * high], [k, k], color=colour, lw=2 if mean else 1.3, zorder=2)
            axes.plot([100 * value], [k], marker, color=colour, ms=6 if mean else 5, zorder=3)
        axes.set_yticks(range(len(rows)), [row[0] for row in rows])
        axes.set_ylim(len(rows) - 0.4, -0.6)
        low_edge = min(0.3, *(row[3] for row in rows))
        axes.set_xlim(max(0, 100 * low_edge - 4), min(101, 100 * max(0.75, *(row[4] for row in rows)) + 4))
        axes.set_xlabel("Percent correct")
        axes.tick_params(axis="y", length=0)
    band = (
        ""
        if margin is None
        else f" The band is the equivalence margin, {50 - 100 * margin:g} to {50 + 100 * margin:g} %."
    )
    confidence = wording.confidence(outcome.protocol.confidence)
    means = f" Diamonds: means over readers, {confidence} intervals for random readers and cases."
    means = means if any(row[1].endswith("mean") for row in rows) else ""
    line = " Dashed: guessing." if choice else ""
    return Drawing(
        svg[0],
        f"Percent correct with {confidence} Clopper–Pearson intervals by reader.{means}{line}{band}{_legend(results)}",
    )


def _log_ticks(low: float, high: float) -> list[float]:
    """Round values between two limits: of 1, 2, 5 a decade, or more of them where these are fewer than three."""
    for steps in ((1, 2, 5), (1, 1.5, 2, 3, 5, 7), tuple(k / 10 for k in range(10, 100))):
        ticks = [step * 10.0**power for power in range(-2, 5) for step in steps]
        found = [tick for tick in ticks if low <= tick <= high]
        if len(found) >= 3:
            return found[:: len(found) // 8 + 1]
    return found or [low, high]


def times(outcome: o.StudyOutcome, results: StudyResults) -> Drawing:
    """Response times by reader, correct and wrong answers."""
    readers = [(g.kind, r) for g in results.groups for r in g.readers if r.times]
    with drawing("times", (WIDTH, 0.9 + 0.42 * len(readers))) as (figure, svg):
        axes = figure.subplots()
        for k, (kind, result) in enumerate(readers):
            answers = outcome.main_answers([result.facts])
            for shift, right in ((-0.17, True), (0.17, False)):
                own = [a.response_time_ms / 1000 for a in answers if a.correct == right and a.response_time_ms]
                if own:
                    _box(axes, own, k + shift, COLOURS[kind], filled=right)
        axes.set_xscale("log")
        axes.set_yticks(range(len(readers)), [r.facts.name for _, r in readers])
        axes.set_ylim(len(readers) - 0.4, -0.6)
        low, high = axes.get_xlim()
        ticks = _log_ticks(low, high)
        axes.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
        axes.set_xticks([], minor=True)
        axes.set_xlim(low, high)
        axes.set_xlabel("Response time, s (logarithmic)")
        axes.tick_params(axis="y", length=0)
    return Drawing(
        svg[0],
        "Response times, painted image to key: filled boxes correct answers, open boxes wrong ones. Boxes are "
        "quartiles, bars medians, whiskers the 5th to the 95th percentile. Answers beyond are not drawn, but count in "
        "every number.",
    )


def drift(outcome: o.StudyOutcome, results: StudyResults) -> Drawing:
    """Moving accuracy and response time over the order of the trials."""
    with drawing("drift", (WIDTH, 2.7)) as (figure, svg):
        left, right = figure.subplots(1, 2)
        if outcome.protocol.paradigm == o.TWO_AFC:
            left.axhline(50, color=FAINT, lw=1, ls="--")
        for group in results.groups:
            for k, result in enumerate(group.readers):
                answers = outcome.main_answers([result.facts])
                stroke = {"color": COLOURS[group.kind], "ls": LINES[k % len(LINES)], "lw": 1.3}
                place, share = _moving([100.0 * a.correct for a in answers])
                left.plot(place, share, label=result.facts.name, **stroke)
                timed = [a.response_time_ms / 1000 for a in answers if a.response_time_ms]
                if timed:
                    right.plot(*_moving(timed), **stroke)
        left.set(xlabel="Trial", ylabel=f"Percent correct, {WINDOW} trials", ylim=(-3, 103))
        right.set(xlabel="Trial", ylabel=f"Response time, s, {WINDOW} trials")
        right.set_ylim(bottom=0)
        if sum(len(g.readers) for g in results.groups) <= 8:
            left.legend(fontsize=8, ncols=2, loc="lower left", handlelength=2.4)
    return Drawing(svg[0], f"Accuracy and response time over the study, means of {WINDOW} neighbouring trials.")


def roc(outcome: o.StudyOutcome, results: StudyResults) -> Drawing:
    """Empirical ROC curves of real against fake."""
    with drawing("roc", (3.6, 3.5)) as (figure, svg):
        axes = figure.subplots()
        axes.plot([0, 1], [0, 1], color=FAINT, lw=1, ls="--")
        for group in results.groups:
            for k, result in enumerate(group.readers):
                answers = outcome.main_answers([result.facts])
                fake = [a.truth == o.FAKE for a in answers]
                if all(fake) or not any(fake):
                    continue
                points = roc_points([signed_confidence(a.response == o.FAKE, a.confidence) for a in answers], fake)
                label = f"{result.facts.name}, {result.auc:.3f}"
                axes.plot(*zip(*points, strict=True), color=COLOURS[group.kind], ls=LINES[k % 4], lw=1.3, label=label)
        axes.set(
            xlabel="Real images called fake", ylabel="Fake images called fake", xlim=(-0.02, 1.02), ylim=(-0.02, 1.02)
        )
        axes.set_aspect("equal")
        axes.legend(fontsize=8, loc="lower right")
    return Drawing(svg[0], "Empirical ROC curves from the decision and its confidence, with the area under each.")


def _forest_rows(results: StudyResults) -> Iterator[tuple[str, str, float, float, float]]:
    """(label, kind, value, low, high), readers first and means after them."""
    several = len(results.conditions) > 1
    for group in results.groups:
        for reader in group.readers:
            yield from _reader_rows(reader, group.kind, several)
        yield from _mean_rows(group)


def _reader_rows(reader: ReaderResult, kind: str, several: bool) -> Iterator[tuple[str, str, float, float, float]]:
    if several:
        for name, found in reader.by_condition.items():
            yield f"{reader.facts.name}, {name}", kind, found.value, found.exact.low, found.exact.high
    else:
        found = reader.overall
        yield reader.facts.name, kind, found.value, found.exact.low, found.exact.high


def _mean_rows(group: Group) -> Iterator[tuple[str, str, float, float, float]]:
    if group.analysis is None or group.analysis.endpoint == "AUC":
        return
    for s in group.analysis.u_statistics[: len(group.analysis.modalities)]:
        known = isfinite(s.interval.low)
        low, high = (max(s.interval.low, 0.0), min(s.interval.high, 1.0)) if known else (s.estimate, s.estimate)
        yield f"Mean, {s.label}", f"{group.kind} mean", s.estimate, low, high


def _box(axes: Axes, own: Sequence[float], place: float, colour: str, *, filled: bool) -> None:
    axes.boxplot(
        [own],
        positions=[place],
        orientation="horizontal",
        widths=0.26,
        whis=(5, 95),
        showfliers=False,
        patch_artist=True,
        manage_ticks=False,
        boxprops={"facecolor": colour if filled else "white", "edgecolor": colour, "alpha": 0.9},
        medianprops={"color": "white" if filled else colour, "lw": 1.6},
        whiskerprops={"color": colour},
        capprops={"color": colour},
    )


def _moving(values: Sequence[float]) -> tuple[np.ndarray, np.ndarray]:
    """Means of ``WINDOW`` neighbours at their middle trial, counted from 1."""
    width = min(WINDOW, len(values))
    means = np.convolve(values, np.full(width, 1 / width), "valid")
    return np.arange(len(means)) + (width + 1) / 2, means


def _legend(results: StudyResults) -> str:
    kinds = [g.kind for g in results.groups]
    words = {
        o.HUMAN: "Blue circles: people.",
        o.MACHINE: "Orange squares: machines.",
        o.SIMULATED: "Grey triangles: simulations.",
    }
    return " " + " ".join(words[kind] for kind in kinds) if kinds != [o.HUMAN] else ""
