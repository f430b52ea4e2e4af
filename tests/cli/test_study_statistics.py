"""``study analyse`` and ``study plan``: what is printed and what is written."""

import json
from pathlib import Path

import pytest

from cxr_studio.cli.main import main

EXAMPLE = Path(__file__).parents[1] / "studies" / "fixtures" / "imrmc_input.imrmc"


def test_a_file_is_analysed_three_ways(tmp_path, capsys):
    assert main(["study", "analyse", str(EXAMPLE), "--json", str(tmp_path / "out.json"), "--bootstraps", "100"]) == 0
    printed = capsys.readouterr().out
    for words in ("U-statistics", "Obuchowski-Rockette", "Bootstrap", "testA - testB", "0.4686"):
        assert words in printed
    found = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))
    analysis = found["analyses"]["auc"]
    assert analysis["per_reader"]["testA"]["reader1"] == pytest.approx(0.631875)
    assert analysis["means"] == pytest.approx({"testA": 0.704375, "testB": 0.7585})
    first = analysis["u_statistics"][0]
    assert first["variance"] == pytest.approx(0.0063139302, abs=5e-11)
    assert [m["covariance"] for m in analysis["obuchowski_rockette"]] == ["jackknife", "DeLong", "unbiased"]
    assert analysis["obuchowski_rockette"][0]["generalisations"][1]["df2"] is None
    assert found["sha256"].startswith("ac922163")


def test_a_threshold_turns_scores_into_right_and_wrong(tmp_path, capsys):
    words = ["study", "analyse", str(EXAMPLE), "--binary-threshold", "0.5", "--json", str(tmp_path / "out.json")]
    assert main([*words, "--bootstraps", "100"]) == 0
    capsys.readouterr()
    found = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))["analyses"]
    assert list(found) == ["percent_correct", "sensitivity", "specificity"]
    mean = (found["sensitivity"]["means"]["testA"] + found["specificity"]["means"]["testA"]) / 2
    assert found["percent_correct"]["means"]["testA"] == pytest.approx(mean)


def test_the_published_single_reader_result_can_be_entered(tmp_path, capsys):
    out = tmp_path / "one.json"
    words = ["study", "analyse", "--percent", "59.45", "--trials", "37", "--margin", "0.1", "--json", str(out)]
    assert main(words) == 0
    assert "22 of 37" in capsys.readouterr().out
    found = json.loads(out.read_text(encoding="utf-8"))
    assert found["proportion"]["exact"] == pytest.approx(
        {"low": 0.4209972, "high": 0.7524576, "confidence": 0.95}, abs=5e-8
    )
    assert found["forced_choice"]["d_prime"] == pytest.approx(0.33848, abs=1e-4)
    assert not found["equivalence"]["shown"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "No input is given"),
        (["--trials", "10"], "No input is given"),
        (["--trials", "40", "--percent", "59.45"], "No whole number"),
        (["--trials", "10", "--correct", "11"], "11 correct of 10"),
        (["nowhere.imrmc"], "nowhere.imrmc: the file could not be read"),
        ([str(EXAMPLE), "--trials", "10"], "given together"),
    ],
)
def test_odd_requests_are_answered_in_a_sentence(words, said, capsys):
    assert main(["study", "analyse", *words]) == 1
    printed = capsys.readouterr()
    assert said in printed.err
    assert len(printed.err.strip().splitlines()) == 1


def test_one_reader_in_a_file_is_a_sentence(tmp_path, capsys):
    lines = EXAMPLE.read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if not line.startswith(("reader2", "reader3", "reader4", "reader5"))]
    (tmp_path / "one.imrmc").write_text("\n".join(kept), encoding="utf-8")
    assert main(["study", "analyse", str(tmp_path / "one.imrmc")]) == 1
    assert "one.imrmc: a multi-reader analysis needs at least two readers" in capsys.readouterr().err


def test_plans_for_one_reader(tmp_path, capsys):
    assert main(["study", "plan", "--json", str(tmp_path / "plan.json")]) == 0
    printed = capsys.readouterr().out
    assert "never pooled" in printed
    found = json.loads((tmp_path / "plan.json").read_text(encoding="utf-8"))
    assert {r["accuracy"]: r["two_sided"]["stable"] for r in found["trials_needed"]} == {
        0.6: 210,
        0.65: 97,
        0.7: 54,
        0.75: 35,
        0.8: 23,
    }


def test_plans_from_a_pilot(tmp_path, capsys):
    words = ["study", "plan", "--pilot", str(EXAMPLE), "--effect", "0.15", "--readers", "3,10", "--cases", "100,200"]
    assert main([*words, "--json", str(tmp_path / "plan.json")]) == 0
    assert "never" in capsys.readouterr().out
    found = json.loads((tmp_path / "plan.json").read_text(encoding="utf-8"))
    assert found["cases_needed"]["3"] is None
    assert 100 < found["cases_needed"]["10"] < 200
    assert main(["study", "plan", "--pilot", str(EXAMPLE)]) == 1
    assert "--effect" in capsys.readouterr().err
