"""What is audited: the radiographs of a manifest, real or synthetic, each with the places that are looked at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from cxr_studio.datasets.entries import Entry, Finding, Manifest, Rectangle, joined
from cxr_studio.datasets.listing import radiograph_folder
from cxr_studio.datasets.opening import IN_FOLDER, open_manifest
from cxr_studio.datasets.patients import known_patients
from cxr_studio.errors import StudioError

LEAST = 8
"""Radiographs of either kind below which nothing can be said."""

ENOUGH_FINDINGS = 10
"""Real findings from which on synthetic ones are compared with them; else with the same places in real radiographs."""


@dataclass(frozen=True)
class Case:
    """One radiograph.

    Attributes:
        path: The file.
        patient: Whose it is.
        synthetic: Whether a finding in it was drawn.
        generator: What drew it, "" for a real one.
        boxes: Findings: the drawn ones of a synthetic radiograph, all of a real one. ``y0, x0, y1, x1``, pixels.
        borrowed: Findings of a partner of the other kind, in pixels of ``frame``.
        frame: The partner's height and width; (0, 0) where unknown, which is taken for this radiograph's own.
        size: Height and width; (0, 0) where the manifest does not say.
        split: "train", "val", "test" or "".
        source: What it was made from, or its data set.
    """

    path: Path
    patient: str
    synthetic: bool
    generator: str = ""
    boxes: tuple[Rectangle, ...] = ()
    borrowed: tuple[Rectangle, ...] = ()
    frame: tuple[int, int] = (0, 0)
    size: tuple[int, int] = (0, 0)
    split: str = ""
    source: str = ""

    def borrowed_in(self, shape: tuple[int, int]) -> list[Rectangle]:
        """The partner's findings at the same relative places of this radiograph."""
        down, across = (own / other if other else 1.0 for own, other in zip(shape, self.frame, strict=True))
        return [(y0 * down, x0 * across, y1 * down, x1 * across) for y0, x0, y1, x1 in self.borrowed]


def with_real(manifest: Manifest, real: Path, *, patients: Path | None = None) -> Manifest:
    """The manifest with more radiographs: those of another manifest, or all of a folder, which have no findings.

    Args:
        manifest: The first ones; of one file in both its entry counts.
        real: The others.
        patients: Table of a folder's patients; by default ``patients.csv`` in it, else file or name.

    Raises:
        StudioError: there are none.
    """
    if real.is_dir() and not any((real / name).is_file() for name in IN_FOLDER):
        known = known_patients(real, patients)
        entries = tuple(Entry(path.name, known.of_file(path)) for path in radiograph_folder(real))
        return joined(manifest, Manifest(real, entries), manifest.folder)
    return joined(manifest, open_manifest(real), manifest.folder)


def cases_of(manifest: Manifest) -> tuple[Case, ...]:
    """Every radiograph of a manifest."""
    return tuple(_case(manifest, entry) for entry in manifest.entries)


def chosen_of(cases: Sequence[Case], *, most: int, file: Path, seed: int = 0) -> tuple[Case, ...]:
    """At most ``most`` of each kind, half of the real ones with findings, each with a partner of the other kind.

    Raises:
        StudioError: too few of a kind, or of too few patients.
    """
    chosen: list[Case] = []
    for synthetic, kind, remedy in (
        (True, "synthetic", "Mark them in the column synthetic of the manifest"),
        (False, "real", "Give real radiographs with --real"),
    ):
        own = [case for case in cases if case.synthetic == synthetic]
        if len(own) < LEAST:
            what = f"at least {LEAST} {kind} radiographs are needed, not {len(own)}"
            raise StudioError(what, file=file, remedy=remedy)
        if len({case.patient for case in own}) < 2:
            what = f"all {kind} radiographs are of one patient ({own[0].patient})"
            raise StudioError(what, file=file, remedy="Check the column patient")
        with_findings = [case for case in own if case.boxes]
        others = [case for case in own if not case.boxes]
        kept = _spread(with_findings, max(most - len(others), most // 2))
        chosen += [*kept, *_spread(others, most - len(kept))]
    return _paired(chosen, seed)


def compared_with_findings(cases: Sequence[Case]) -> bool:
    """Whether there are enough real findings to compare synthetic ones with."""
    return sum(len(case.boxes) for case in cases if not case.synthetic) >= ENOUGH_FINDINGS


def _case(manifest: Manifest, entry: Entry) -> Case:
    drawn = [finding for finding in entry.findings if finding.synthetic]
    shown: Sequence[Finding] = drawn or entry.findings
    return Case(
        manifest.path(entry),
        entry.patient,
        bool(drawn),
        ", ".join(dict.fromkeys(finding.generator or "unnamed" for finding in drawn)),
        tuple(finding.box for finding in shown),
        size=(entry.height, entry.width),
        split=entry.split,
        source=entry.source,
    )


def _paired(cases: Sequence[Case], seed: int) -> tuple[Case, ...]:
    """Every radiograph with the findings of one of the other kind, drawn by chance, all of them about as often."""
    rng = np.random.default_rng([seed, 0xCA5E])
    groups = [[case for case in cases if case.synthetic == kind and case.boxes] for kind in (True, False)]
    plain = [case for case in cases if not case.synthetic]
    found = []
    for case in cases:
        others = groups[1 if case.synthetic else 0]
        if case.synthetic and rng.random() >= len(others) / max(len(plain), 1):
            others = []
        if others:
            partner = others[int(rng.integers(len(others)))]
            case = replace(case, borrowed=partner.boxes, frame=partner.size)
        found.append(case)
    return tuple(found)


def _spread(cases: Sequence[Case], most: int) -> list[Case]:
    if len(cases) <= most:
        return list(cases)
    return [cases[int(k)] for k in np.linspace(0, len(cases) - 1, most).round()]
