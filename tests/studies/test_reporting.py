"""From the log to the report and to other programs' files: what counts, who is what, and every answer read back."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from cxr_studio.cli.main import main
from cxr_studio.errors import StatisticsError
from cxr_studio.studies.exporters.imrmc_reading import read_imrmc
from cxr_studio.studies.exporters.readings import write_readings
from cxr_studio.studies.ledger import SittingOptions
from cxr_studio.studies.outcomes import answers_table
from cxr_studio.studies.reporting import study_outcome
from cxr_studio.studies.simulation import Observer, simulate
from cxr_studio.studies.sitting import Sitting
from cxr_studio.studies.statistics import outcome as o
from cxr_studio.studies.statistics.report import write_report
from tests.studies.exporters.jafroc_reading import read_jafroc
from tests.studies.tiny_study import Reader, tiny_study

ONE = [{"generator": "telea"}]
KINDS = {"anna": "person", "ben": "person", "sim": "simulated", "net": "machine"}


def sat(bundle, key, reader: str, accuracy: float, **options) -> None:
    chosen = SittingOptions(origin=KINDS[reader], provenance={"description": f"what {reader} is"}, **options)
    sitting = Sitting(bundle, reader, chosen)
    for _ in simulate(sitting, key, Observer(accuracy, seed=len(reader))):
        pass
    sitting.close()


def told(folder: Path, bundle, key, **options) -> o.StudyOutcome:
    return study_outcome(bundle, key, key_path=folder / "key.json", **options)


def made(folder: Path, paradigm: str = "2afc", **sections):
    bundle, key = tiny_study(folder, paradigm, **sections)
    for k, reader in enumerate(KINDS):
        sat(bundle, key, reader, 0.6 + 0.1 * k)
    return bundle, key


def test_kinds_planned_trials_and_what_a_machine_is(tmp_path):
    bundle, key = made(tmp_path, order={"repeats": 2})
    found = told(tmp_path, bundle, key)
    assert [(r.name, r.kind, r.planned_trials) for r in found.readers] == [
        ("anna", "human", 16),
        ("ben", "human", 16),
        ("sim", "simulated", 16),
        ("net", "machine", 16),
    ]
    assert found.readers[3].experience == "what net is"
    assert sum(a.phase == o.REPEAT for a in found.answers) == 8
    assert {a.phase for a in found.answers} == {"main", "repeat"}
    assert all(a.response_time_ms is None for a in found.answers if a.reader == "net")
    assert all(a.side == a.truth for a in found.answers)
    assert {a.condition for a in found.answers} == {c.title for c in key.protocol.conditions}
    assert [g.name for g in found.generators] == [c.title for c in key.protocol.conditions]
    assert found.protocol.margin == 0.1
    assert found.hashes["Bundle"] == bundle.sha256
    assert len([name for name in found.hashes if name.startswith("Answer log")]) == 4


def test_taken_back_missed_and_unfinished(tmp_path):
    bundle, key = tiny_study(tmp_path, answer={"time_limit_s": 5}, practice={"trials": 0}, order={"repeats": 0})
    sitting = Sitting(bundle, "anna")
    reader = Reader(sitting)
    first = reader.show()
    reader.give("left")
    assert sitting.undo()
    reader.show()
    reader.give("right")
    reader.show()
    reader.give(None)
    sitting.close()
    found = told(tmp_path, bundle, key)
    assert [(a.case, a.response) for a in found.answers] == [(key.trials[first.uid].case, "right")]
    assert found.protocol.time_limit_s == 5
    assert found.remarks == ("anna: 1 trials ended by the time limit; 14 trials not answered.",)


def test_catches_count_nowhere_but_are_told(tmp_path):
    bundle, key = made(tmp_path)
    catch = next(iter(key.cases))
    cases = {
        name: case if name != catch else type(case)(**{**vars(case), "catch": True}) for name, case in key.cases.items()
    }
    key = type(key)(**{**vars(key), "cases": cases})
    found = told(tmp_path, bundle, key)
    assert catch not in {a.case for a in found.answers}
    assert [r.planned_trials for r in found.readers] == [15] * 4
    assert sum("catch trials right" in remark for remark in found.remarks) == 4


def test_the_report_counts_what_the_log_holds(tmp_path, capsys):
    bundle, key = made(tmp_path)
    words = ("study", "report", str(bundle.folder), "--key", str(tmp_path / "key.json"))
    assert main(list(words)) == 0
    printed = capsys.readouterr().out
    content = json.loads((tmp_path / "report" / "report.json").read_text(encoding="utf-8"))
    groups = {group["kind"]: group for group in content["results"]["groups"]}
    assert list(groups) == ["human", "machine", "simulated"]
    own = [each for each in answers_table(bundle, key) if each.reader == "anna"]
    counted = groups["human"]["readers"][0]["overall"]
    assert (counted["correct"], counted["trials"]) == (sum(each.correct for each in own), 16)
    assert groups["human"]["analysis"] is not None
    assert groups["machine"]["analysis"] is None
    assert "Mean percent correct of 2 readers" in printed
    page = (tmp_path / "report" / "report.html").read_text(encoding="utf-8")
    assert "net: what net is" in page
    with (tmp_path / "report" / "answers.csv").open(newline="", encoding="utf-8") as stream:
        assert len(list(csv.DictReader(stream))) == len(told(tmp_path, bundle, key).answers)
    assert main([*words, "--out", str(bundle.folder / "report")]) == 1
    assert "would lie in the bundle" in capsys.readouterr().err


def test_the_gallery_shows_what_fooled_people_and_what_did_not(tmp_path):
    bundle, key = made(tmp_path)
    outcome = told(tmp_path, bundle, key)
    people = {reader.name for reader in outcome.readers if reader.kind == "human"}
    given = [each for each in outcome.answers if each.reader in people and each.phase == "main"]
    wrong = {case: sum(not a.correct for a in given if a.case == case) for case in {a.case for a in given}}
    fooled, seen = outcome.gallery.fooled, outcome.gallery.seen
    assert len(fooled) == min(6, sum(count > 0 for count in wrong.values()))
    assert len(seen) == min(6, sum(count == 0 for count in wrong.values()))
    assert [case.wrong for case in fooled] == sorted(wrong.values(), reverse=True)[: len(fooled)]
    assert all(case.wrong == 0 for case in seen)
    for case in (*fooled, *seen):
        assert [title for title, _ in case.pictures] == ["original", "changed"]
        first, second = (picture for _, picture in case.pictures)
        assert first.startswith("data:image/png;base64,")
        assert first != second
    page = write_report(outcome, tmp_path / "report").html.read_text(encoding="utf-8")
    assert page.count("<figcaption>original, changed") == len(fooled) + len(seen)


@pytest.mark.parametrize("paradigm", ["2afc", "real-or-fake"])
def test_machines_alone_have_a_report(tmp_path, paradigm):
    bundle, key = tiny_study(tmp_path, paradigm)
    sat(bundle, key, "net", 0.8)
    written = write_report(told(tmp_path, bundle, key), tmp_path / "report")
    page = written.html.read_text(encoding="utf-8")
    assert "nothing is averaged over them" not in page.split("<h2>Machine observers</h2>")[0]
    assert "<h3>Response times</h3>" not in page


def test_a_study_without_answers(tmp_path, capsys):
    bundle, key = tiny_study(tmp_path)
    Sitting(bundle, "anna").close()
    assert main(["study", "report", str(bundle.folder), "--key", str(tmp_path / "key.json")]) == 1
    assert "nothing to report" in capsys.readouterr().err
    with pytest.raises(StatisticsError, match="nothing to export"):
        write_readings(told(tmp_path, bundle, key), tmp_path, "imrmc")


# --- files for other programs ---


def names_of(path: Path) -> dict[tuple[str, str], str]:
    with path.open(newline="", encoding="utf-8") as stream:
        return {(row["kind"], row["number"]): row["name"] for row in csv.DictReader(stream)}


@pytest.mark.parametrize("form", ["imrmc", "imrmc-rjafroc"])
def test_2afc_reads_back_as_right_and_wrong(tmp_path, form):
    bundle, key = made(tmp_path)
    found = told(tmp_path, bundle, key)
    paths = write_readings(found, tmp_path / "out", form)
    stem = form.removeprefix("imrmc-")
    assert [p.name for p in paths[::2]] == [f"{stem}-{kind}.imrmc" for kind in ("human", "machine", "simulated")]
    names = names_of(paths[1])
    back = {
        (names["reader", each.reader], names["case", each.case]): each.score
        for each in read_imrmc(paths[0]).study.observations
        if not names["case", each.case].startswith("absent")
    }
    humans = found.main_answers(found.of_kind("human"))
    assert back == {(a.reader, a.source_image): float(a.correct) for a in humans}
    assert not any(" " in line for line in paths[0].read_text(encoding="utf-8").splitlines()[1:] if "BEGIN" not in line)


@pytest.mark.parametrize("form", ["imrmc", "jafroc-xlsx"])
def test_real_or_fake_reads_back_as_signed_confidence(tmp_path, form):
    bundle, key = made(tmp_path, "real-or-fake", conditions=ONE, answer={"confidence": 4})
    found = told(tmp_path, bundle, key)
    paths = write_readings(found, tmp_path / "out", form)
    names = names_of(paths[1])
    if form == "imrmc":
        rated = [(each.reader, each.case, each.score) for each in read_imrmc(paths[0]).study.observations]
    else:
        rated = [(mark.reader, mark.case, mark.rating) for mark in read_jafroc(paths[0]).marks]
    scores = sorted((names["reader", reader], score) for reader, _, score in rated)
    expected = [
        (a.reader, (1 if a.response == "fake" else -1) * (a.confidence or 0))
        for a in found.main_answers(found.of_kind("human"))
    ]
    assert [(r, s > 0) for r, s in scores] == sorted((r, s > 0) for r, s in expected)
    assert len(rated) == len(expected) == 32


def test_2afc_as_a_workbook(tmp_path):
    bundle, key = made(tmp_path, conditions=ONE)
    found = told(tmp_path, bundle, key)
    path, table, *_ = write_readings(found, tmp_path / "out", "jafroc-xlsx")
    names = names_of(table)
    back = {
        (names["reader", m.reader], names["case", str(m.case)]): m.rating for m in read_jafroc(path).marks if m.lesion
    }
    assert back == {(a.reader, a.source_image): float(a.correct) for a in found.main_answers(found.of_kind("human"))}


def test_every_format_at_once(tmp_path, capsys):
    bundle, _ = made(tmp_path, conditions=ONE)
    words = ["study", "export", str(bundle.folder), "--key", str(tmp_path / "key.json"), "--out", str(tmp_path / "out")]
    assert main([*words, "--format", "csv,bids,imrmc,imrmc-rjafroc,jafroc-xlsx"]) == 0
    paths = [Path(line) for line in capsys.readouterr().out.splitlines()]
    assert len(paths) == len(set(paths)) == 2 + 5 + 6 + 6 + 6
    assert all(path.exists() for path in paths)
    assert main([*words, "--format", "xml"]) == 1
    assert "jafroc-xlsx" in capsys.readouterr().err


def test_observe_from_the_command_line(tmp_path, capsys):
    bundle, _ = tiny_study(tmp_path)
    words = ["study", "observe", str(bundle.folder), "--key", str(tmp_path / "key.json"), "--observer", "cho"]
    assert main([*words, "--folds", "3"]) == 0
    assert "machine-cho: 20 answers" in capsys.readouterr().out
    assert main([*words, "--reader", "other", "--folds", "99"]) == 1
    assert "cannot be divided into 99 folds" in capsys.readouterr().err
    assert main(["study", "progress", str(bundle.folder)]) == 0
    assert "1 of 4 planned readers" in capsys.readouterr().out
