"""From the answer log and the key to what the statistics take: the unblinded outcome of a study."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from cxr_studio.files import file_sha256
from cxr_studio.studies.bundle import Bundle
from cxr_studio.studies.gallery import gallery
from cxr_studio.studies.integrity import standings
from cxr_studio.studies.key import REAL, Key
from cxr_studio.studies.log import AnswerLog
from cxr_studio.studies.outcomes import COUNTED, Outcome, answers_table
from cxr_studio.studies.statistics import outcome as o
from cxr_studio.version import program_version

KINDS = {"person": o.HUMAN, "machine": o.MACHINE, "simulated": o.SIMULATED}
"""Who answers in the log → kind of reader in the statistics."""

LIBRARIES = ("numpy", "scipy", "SQLAlchemy", "torch")

DESCRIPTION = "description"
"""Entry of a session's provenance that says what a machine observer is and knows."""


@dataclass(frozen=True)
class _Sat:
    """What the log says of readers, besides their answers."""

    readers: tuple[o.ReaderFacts, ...]
    heads: dict[str, str]
    remarks: tuple[str, ...]


def study_outcome(bundle: Bundle, key: Key, *, key_path: Path, databases: Sequence[str | Path] = ()) -> o.StudyOutcome:
    """Join answers, truth, protocol and versions.

    Answers in force of main and repeated trials; catch trials and trials that ran out of time are left out and told in
    the remarks. Machines have no response times. The condition is the title of the protocol's condition, or "real".

    Args:
        bundle: The study.
        key: Its key.
        key_path: The key's file, to be hashed.
        databases: Files or addresses; the bundle's own file by default.

    Raises:
        StudioError: the answers cannot be read or have been changed.
    """
    found = answers_table(bundle, key, databases=databases, phases=COUNTED)
    kept = [each for each in found if not each.catch and each.response is not None]
    sat = _sat(bundle, key, databases)
    times = sorted(each.utc for each in kept if each.phase == o.MAIN)
    answers = tuple(_answer(each) for each in kept)
    return o.StudyOutcome(
        protocol=_protocol(bundle, key),
        answers=answers,
        readers=sat.readers,
        generators=_generators(key),
        versions=_versions(key),
        hashes={"Bundle": bundle.sha256, "Key": file_sha256(key_path), **sat.heads},
        first_answer=times[0] if times else "",
        last_answer=times[-1] if times else "",
        remarks=(*sat.remarks, *_catches(found), *_left_out(key)),
        gallery=gallery(bundle, key, answers, sat.readers),
    )


def _answer(each: Outcome) -> o.Answer:
    assert each.response is not None
    return o.Answer(
        reader=each.reader,
        case=each.case,
        source_image=each.source,
        condition=each.condition,
        truth=each.truth,
        response=each.response,
        correct=bool(each.correct),
        trial_index=each.index,
        confidence=each.confidence,
        response_time_ms=None if each.origin == "machine" else each.rt_ms,
        side=each.side or "",
        phase=each.phase,
        patient=each.patient,
        pathology=o.BETWEEN.join(each.pathology),
        mark_hit=each.mark_hit,
    )


def _sat(bundle: Bundle, key: Key, databases: Sequence[str | Path]) -> _Sat:
    readers, heads, remarks = [], {}, []
    for database in databases or (None,):
        log = AnswerLog(bundle, database, create=False)
        try:
            for one in standings(bundle, log):
                place = log.places()[one.reader]
                rows = log.answers(one.reader)
                if not rows:
                    continue
                words = _description(log, one.reader)
                readers.append(o.ReaderFacts(one.reader, KINDS[one.origin], words, _planned(key, place)))
                heads[f"Answer log, last row of {one.reader}"] = rows[-1].row_hash
                told = [] if one.origin == "machine" else list(one.flags)
                told += [f"{one.missed} trials ended by the time limit"] * bool(one.missed)
                told += [f"{one.total - one.answered} trials not answered"] * (not one.finished)
                if told:
                    remarks.append(f"{one.reader}: {'; '.join(told)}.")
        finally:
            log.close()
    return _Sat(tuple(readers), heads, tuple(remarks))


def _description(log: AnswerLog, reader: str) -> str:
    sessions = log.sessions(reader)
    return str(json.loads(sessions[0]["provenance"]).get(DESCRIPTION, "")) if sessions else ""


def _planned(key: Key, place: int) -> int:
    """Main trials of a place, without catches."""
    own = [trial for trial in key.trials.values() if trial.reader == place and trial.phase == o.MAIN]
    return sum(not key.cases[trial.case].catch for trial in own)


def _protocol(bundle: Bundle, key: Key) -> o.ProtocolFacts:
    protocol, rules = key.protocol, bundle.rules
    count, steps = protocol.images.count, rules.answer.confidence
    what = "pairs" if rules.paradigm == o.TWO_AFC else "images"
    return o.ProtocolFacts(
        title=rules.title,
        paradigm=rules.paradigm,
        question=rules.words,
        sha256=bundle.protocol_sha256,
        margin=protocol.study.margin,
        time_limit_s=rules.answer.time_limit_s or None,
        confidence_scale=f"1 to {steps}" if steps else "",
        sample_size=f"{count} {what} of each condition, fixed in the protocol before the first answer",
        findings=protocol.pathology.labels if protocol.pathology is not None else (),
    )


def _generators(key: Key) -> tuple[o.Generator, ...]:
    """One a condition, with the checkpoint that its cases name."""
    found: dict[str, o.Generator] = {}
    for case in key.cases.values():
        if case.condition == REAL or case.catch or case.condition in found:
            continue
        made = case.facts.get("provenance", {})
        title = str(made.get("card", {}).get("title", "")) or case.generator
        used = str(made.get("version", key.version))
        found[case.condition] = o.Generator(case.condition, title, used, str(made.get("checkpoint_sha256", "")))
    return tuple(found.values())


def _versions(key: Key) -> dict[str, str]:
    versions = {"CXR Studio, when the study was made": key.version, "CXR Studio, report": program_version()}
    for name in LIBRARIES:
        try:
            versions[name] = version(name)
        except PackageNotFoundError:
            continue
    return versions


def _catches(found: Sequence[Outcome]) -> list[str]:
    """How each reader did on the trials that cannot be missed."""
    said = []
    for reader in dict.fromkeys(each.reader for each in found):
        own = [each for each in found if each.reader == reader and each.catch]
        if own:
            right = sum(bool(each.correct) for each in own)
            said.append(f"{reader}: {right} of {len(own)} catch trials right; they count nowhere else.")
    return said


def _left_out(key: Key) -> list[str]:
    count = len(key.skipped)
    if not count:
        return []
    return [f"{count} radiograph{'s' * (count > 1)} could not be used: {' '.join(key.skipped)}"]
