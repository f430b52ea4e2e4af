"""From finished cases to bundle and key: schedules are drawn, the truth is parted from what readers get."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from cxr_studio.errors import StudioError
from cxr_studio.files import file_sha256, replaced
from cxr_studio.studies.bundle import IMAGES, STUDY_FILE, Bundle, PracticeTruth, ShownTrial, bundle_text
from cxr_studio.studies.canonical import text_digest
from cxr_studio.studies.key import REAL, Key, KeyCase, KeyTrial, write_key
from cxr_studio.studies.protocol import Protocol
from cxr_studio.studies.schedule import Case, Planned, make_schedule
from cxr_studio.version import program_version

BUNDLE, KEY_FILE = "bundle", "key.json"
"""What ``study new`` leaves in its folder."""

TIME = 946_684_800
"""Modification time of everything in a bundle: 2000-01-01, UTC."""


def study_id_of(secret: str) -> str:
    """Identifier of a study."""
    return text_digest(f"study {secret}")[:32]


def study_seed_of(seed: int, secret: str) -> int:
    """Seed of the schedules: the protocol's, mixed with a secret, since order and sides follow from it."""
    return int(text_digest(f"seed {seed} {secret}")[:32], 16)


def image_name(secret: str, case: str, role: str) -> str:
    """Random name of an image of a case and radiograph; ``role`` is "original" or "altered"."""
    return f"{text_digest(f'image {secret} {case} {role}')[:16]}.png"


@dataclass(frozen=True)
class Draft:
    """A study whose images are made.

    Attributes:
        protocol: The frozen protocol.
        cases: All cases, practice and catches too.
        secret: Hex, 128 bits at least.
        skipped: Sentences on radiographs that could not be used.
    """

    protocol: Protocol
    cases: tuple[KeyCase, ...]
    secret: str
    skipped: tuple[str, ...] = ()


def seal(draft: Draft, images: Path, out: Path) -> tuple[Bundle, Key]:
    """Write ``out/key.json`` and ``out/bundle``.

    Args:
        draft: The study.
        images: Folder ``images`` of the finished images, on the same disk; its parent is removed.
        out: Folder to write to; the bundle appears in it whole.

    Raises:
        StudioError: there is a study already, or no schedule can be made.
        WriteError: it cannot be written.
    """
    protocol, cases, secret = draft.protocol, draft.cases, draft.secret
    place = out / BUNDLE
    if place.exists():
        raise StudioError("this folder already holds a study", file=out, remedy="Choose another folder")
    trials, schedules, practice = _scheduled(protocol, cases, secret)
    names = sorted(name for case in cases for name in (case.original, case.altered) if name)
    hashes = {name: file_sha256(images / name) for name in names}
    bundle = Bundle(place, study_id_of(secret), protocol.sha256, protocol.rules(), schedules, hashes, practice)
    text, sha256 = bundle_text(bundle)
    key = Key(
        bundle.study_id,
        protocol,
        secret,
        sha256,
        {case.case: case for case in cases},
        trials,
        program_version(),
        datetime.now(UTC).isoformat(timespec="seconds"),
        draft.skipped,
    )
    write_key(out / KEY_FILE, key)
    sealed = _copied_by_name(images, names)
    with replaced(sealed / STUDY_FILE) as beside:
        beside.write_text(text, encoding="utf-8")
    _same_times(sealed)
    os.replace(sealed, place)
    os.utime(place, (TIME, TIME))
    shutil.rmtree(images.parent, ignore_errors=True)
    return replace(bundle, sha256=sha256), key


def _scheduled(
    protocol: Protocol, cases: Sequence[KeyCase], secret: str
) -> tuple[dict[str, KeyTrial], tuple[tuple[ShownTrial, ...], ...], dict[str, PracticeTruth]]:
    """The truth of all trials, the schedules as readers get them, the truth of practice."""
    known = {case.case: case for case in cases}
    simple = [Case(c.case, c.condition, c.source_sha256 or c.source, c.practice, c.catch) for c in cases]
    seed = study_seed_of(protocol.study.seed, secret)
    truths: dict[str, KeyTrial] = {}
    schedules, practice = [], {}
    for reader in range(protocol.study.readers):
        planned = make_schedule(protocol, simple, study_seed=seed, reader=reader)
        schedules.append(tuple(_shown(protocol, trial, known) for trial in planned))
        for trial in planned:
            truth = KeyTrial(trial.uid, reader, trial.phase, trial.case.case, trial.target, trial.repeat_of)
            truths[trial.uid] = truth
            if trial.phase == "practice":
                practice[trial.uid] = _practice_truth(truth, known[trial.case.case])
    return truths, tuple(schedules), practice


def _shown(protocol: Protocol, trial: Planned, cases: Mapping[str, KeyCase]) -> ShownTrial:
    case = cases[trial.case.case]
    images: tuple[str, ...] = (case.original or case.altered,)
    if trial.target is not None:
        right, wrong = case.original, case.altered
        if protocol.question != "original":
            right, wrong = wrong, right
        images = (right, wrong) if trial.target == "left" else (wrong, right)
    return ShownTrial(trial.uid, trial.index, trial.block, trial.phase, images, trial.repeat_of)


def _practice_truth(trial: KeyTrial, case: KeyCase) -> PracticeTruth:
    answer = trial.target or ("real" if case.condition == REAL else "fake")
    return PracticeTruth(answer, case.boxes)


def _copied_by_name(images: Path, names: Sequence[str]) -> Path:
    """Write the images anew in the order of their random names, into a folder beside; return that folder.

    An original is made before its altered copy: birth times and file numbers (inodes) of the files as they were made
    would tell, where a bundle is read on the disk on which it was made.
    """
    sealed = images.with_name("sealed")
    shutil.rmtree(sealed, ignore_errors=True)
    for name in names:
        with replaced(sealed / IMAGES / name) as beside:
            shutil.copyfile(images / name, beside)
    return sealed


def _same_times(folder: Path) -> None:
    """Give everything the same modification time: the order in which files were made is no cue."""
    for path in sorted(folder.rglob("*"), reverse=True):
        os.utime(path, (TIME, TIME))
    os.utime(folder / IMAGES, (TIME, TIME))
