"""What a report says, and to whom it gives each figure."""

import csv
import io
import json
import re
from dataclasses import fields, replace
from html.parser import HTMLParser
from statistics import NormalDist

import numpy as np
import pytest

from cxr_studio.errors import StatisticsError
from cxr_studio.studies.statistics import outcome as o
from cxr_studio.studies.statistics.methods_text import checklist
from cxr_studio.studies.statistics.mrmc_kernels import PERCENT_CORRECT
from cxr_studio.studies.statistics.outcome_observations import as_ratings, as_successes, kernels_of
from cxr_studio.studies.statistics.proportions import Interval
from cxr_studio.studies.statistics.report import as_json, render, summary, write_report
from cxr_studio.studies.statistics.report_figures import _log_ticks
from cxr_studio.studies.statistics.study_results import results_of
from cxr_studio.studies.statistics.tidy_table import DICTIONARY, answers_csv
from cxr_studio.studies.statistics.wording import percent_limits
from tests.studies.statistics.simulated_outcomes import outcome, real_or_fake, two_afc

VOID = {"meta", "br", "link", "img"}


class Balance(HTMLParser):
    """Checks that tags close in order, and collects identifiers and outside references."""

    def __init__(self):
        super().__init__()
        self.open, self.ids, self.outside, self.text = [], [], [], []

    def handle_starttag(self, tag, attributes):
        if tag not in VOID:
            self.open.append(tag)
        for name, value in attributes:
            if name == "id":
                self.ids.append(value)
            if name in ("src", "href") and not value.startswith("#"):
                self.outside.append(value)

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, text):
        self.text.append(text)


def parsed(page):
    found = Balance()
    found.feed(page)
    assert not found.open
    return found, " ".join(" ".join(found.text).split())


@pytest.fixture(scope="module")
def people_and_a_machine():
    answers, facts = two_afc(conditions=("tiramisu",))
    more, machine = two_afc(1, 40, accuracy=0.85, kind=o.MACHINE, conditions=("tiramisu",), seed=8)
    practice = [replace(a, phase=o.PRACTICE, correct=True, case=f"practice{k}") for k, a in enumerate(answers[:10])]
    again = [replace(a, phase=o.REPEAT, trial_index=100 + k) for k, a in enumerate(answers[:6])]
    return outcome([*practice, *answers, *again, *more], facts + machine)


def test_the_files_are_whole_and_say_the_same(people_and_a_machine, tmp_path):
    written = write_report(people_and_a_machine, tmp_path / "report")
    page = written.html.read_text(encoding="utf-8")
    found, text = parsed(page)
    assert not found.outside
    assert len(found.ids) == len(set(found.ids))
    assert "Healthy patches, <context> encoder & tiramisu" in text
    content = json.loads(written.json.read_text(encoding="utf-8"))
    people, machines = content["results"]["groups"]
    assert [people["kind"], machines["kind"]] == ["human", "machine"]
    reader = people["readers"][0]["overall"]
    assert f"{reader['correct']} of {reader['trials']}" in text
    for words in ("Clopper–Pearson", "Machine observers", "STARD 12a", "CLAIM 14, 15", "ab" * 32, "ef" * 32):
        assert words in text
    rows = list(csv.DictReader(io.StringIO(written.answers.read_text(encoding="utf-8"))))
    assert len(rows) == len(people_and_a_machine.answers)
    assert {row["reader_kind"] for row in rows} == {"human", "machine"}


def test_practice_and_repeats_do_not_count(people_and_a_machine):
    people = results_of(people_and_a_machine).groups[0]
    assert [r.overall.trials for r in people.readers] == [40, 40, 40]
    assert people.readers[0].repeats == (6, 6)
    assert people.readers[1].repeats == (0, 0)
    assert people.readers[0].missing == 0


def test_machines_change_no_figure_of_people(people_and_a_machine):
    alone = replace(people_and_a_machine, answers=tuple(a for a in people_and_a_machine.answers if a.reader != "M1"))
    assert results_of(alone).groups[0] == results_of(people_and_a_machine).groups[0]


def test_the_mean_over_readers_is_not_pooled(people_and_a_machine):
    group = results_of(people_and_a_machine).groups[0]
    assert group.analysis.endpoint == PERCENT_CORRECT
    assert group.analysis.means["tiramisu"] == pytest.approx(np.mean([r.overall.value for r in group.readers]))
    assert group.analysis.obuchowski_rockette
    assert results_of(people_and_a_machine).groups[1].refused.startswith("Machine observers are no sample")


def test_conditions_given_in_turn_are_compared_through_shared_sources():
    answers, facts = two_afc()
    group = results_of(outcome(answers, facts)).groups[0]
    assert set(group.readers[0].by_condition) == {"context-encoder", "tiramisu"}
    assert [s.label for s in group.analysis.u_statistics][-1] == "context-encoder - tiramisu"
    assert len(as_successes(answers).cases(1)) == 40
    assert "fully crossed" in group.analysis.refused


def test_sources_shown_twice_fall_back_to_pairs():
    answers, _ = two_afc(conditions=("tiramisu",))
    doubled = [replace(a, source_image=f"source{int(a.case[4:]) // 2}") for a in answers]
    assert len(as_successes(doubled).cases(1)) == 40


def test_real_or_fake_has_its_own_tables():
    answers, facts = real_or_fake()
    study = outcome(answers, facts, paradigm=o.REAL_OR_FAKE, margin=None)
    results = results_of(study)
    reader = results.groups[0].readers[0]
    own = [a for a in answers if a.reader == "R1"]
    assert reader.detection.sensitivity.count == sum(a.correct for a in own if a.truth == o.FAKE)
    assert reader.forced_choice is None
    assert {(c.pathology, c.source) for c in results.groups[0].cells} == {
        (p, s) for p in ("effusion", "normal") for s in ("real", "gan", "diffusion")
    }
    assert sum(c.rate.total for c in results.groups[0].cells) == len(answers)
    kernels = kernels_of(answers, o.REAL_OR_FAKE)
    assert kernels.modalities == ("diffusion", "gan")
    assert kernels.fully_crossed
    assert kernels.means[1] > kernels.means[0]
    assert len(as_ratings(answers).cases(0)) == 20
    _, text = parsed(render(study, results))
    for words in ("Correct answers by pathology and source", "Sensitivity", "Empirical ROC curves"):
        assert words in text
    assert "Equivalence to guessing" not in text


def test_a_study_of_findings_has_one_row_of_each_in_its_order():
    """Other findings of a radiograph part no rows; one with two of those asked for stands in both, once in all."""
    answers, facts = real_or_fake(readers=2, images=60)
    found = ("Pneumonia, Nodule", "Effusion", "Mass, Effusion", "Pneumothorax, Pneumonia", "Pneumonia, Effusion")
    own = [replace(a, pathology=found[int(a.source_image[6:]) % 5]) for a in answers]
    study = outcome(own, facts, paradigm=o.REAL_OR_FAKE, margin=None)
    asked = ("Pneumonia", "Effusion", "Cardiomegaly")
    results = results_of(replace(study, protocol=replace(study.protocol, findings=asked)))
    group = results.groups[0]
    assert [*dict.fromkeys(cell.pathology for cell in group.cells)] == ["Pneumonia", "Effusion"]
    rows = dict(group.called_real.rows)
    assert [*rows] == [*asked, "total"]
    counts = {name: sum(total for column in columns for _, total in column) for name, columns in rows.items()}
    assert counts == {"Pneumonia": 72, "Effusion": 72, "Cardiomegaly": 0, "total": 120}
    _, text = parsed(render(study, results))
    assert "Nodule" not in text
    assert text.index("Pneumonia") < text.index("Effusion") < text.index("Cardiomegaly")


def test_real_or_fake_is_not_tested_against_one_half():
    """Two fakes to each real image: always "fake" is right two times in three, and sees nothing."""
    answers, facts = real_or_fake(1)
    blind = [replace(a, response=o.FAKE, correct=a.truth == o.FAKE) for a in answers]
    study = outcome(blind, facts, paradigm=o.REAL_OR_FAKE)
    results = results_of(study)
    (reader,) = results.groups[0].readers
    assert reader.overall.p_value < 0.02  # what the binomial test would have said
    assert (reader.detection.p_value, reader.equivalence) == (1.0, None)
    (sentence,) = summary(study, results)
    assert sentence.endswith("P = 1.0000, Fisher's exact test of answers against truth).")
    _, text = parsed(render(study, results))
    for words in ("against 50 %)", "against 0.5", "Dashed: guessing", "P, exact"):
        assert words not in text
    assert "Not tested: not half of the images are fake" in text


def test_real_or_fake_with_half_fakes_can_be_equivalent_to_guessing():
    answers, facts = real_or_fake(1)
    half = [a for a in answers if a.condition != "gan"]
    (reader,) = results_of(outcome(half, facts, paradigm=o.REAL_OR_FAKE)).groups[0].readers
    assert reader.equivalence is not None


def test_the_checklist_claims_nothing_that_was_not_done():
    answers, facts = two_afc(1, 40, conditions=("tiramisu",))
    study = outcome(answers, facts)
    said = {item: says for item, _, says in checklist(study, results_of(study))}
    assert said["STARD 17"] == "between readers and cases: not estimated; within readers: no trial was repeated"
    assert said["CLAIM 16"].startswith("1 person; ")
    assert said["CLAIM 18"] == "needs two readers"


def test_a_rehearsal_says_so():
    answers, facts = two_afc(1, 37, kind=o.SIMULATED, conditions=("tiramisu",))
    study = outcome(answers, facts, remarks=("The answer log of S1 does not verify.",))
    _, text = parsed(render(study, results_of(study)))
    assert "Rehearsal." in text
    assert "The answer log of S1 does not verify." in text
    assert "Simulated readers" in text


def test_the_published_single_reader_result_comes_out_right():
    """59.45 % correct; 22 of 37 is the smallest count that prints so, cut after the second digit."""
    answers, facts = two_afc(1, 37, conditions=("context-encoder",))
    answers = [
        replace(a, correct=k < 22, response=a.truth if k < 22 else {"left": "right", "right": "left"}[a.truth])
        for k, a in enumerate(answers)
    ]
    study = outcome(answers, facts)
    results = results_of(study)
    (reader,) = results.groups[0].readers
    assert (reader.overall.exact.low, reader.overall.exact.high) == pytest.approx((0.4209972, 0.7524576), abs=5e-8)
    assert reader.forced_choice.d_prime == pytest.approx(2**0.5 * NormalDist().inv_cdf(22 / 37), abs=1e-12)
    assert (
        "22 of 37 correct, 59.5 % (95 % exact interval 42.1–75.2 %; P = 0.3240 against 50 %)"
        in summary(study, results)[0]
    )


def test_few_answers_leave_gaps_and_not_faults():
    answers, facts = two_afc(2, 3, conditions=("tiramisu",))
    bare = [replace(a, response_time_ms=None, confidence=None, side=o.LEFT, truth=o.LEFT) for a in answers]
    study = outcome(bare, [replace(f, planned_trials=None) for f in facts], margin=None)
    results = results_of(study)
    reader = results.groups[0].readers[0]
    assert (reader.times, reader.drift, reader.side, reader.missing) == (None, None, None, None)
    parsed(render(study, results))
    json.dumps(as_json(study, results), allow_nan=False)


def test_nobody_answered():
    with pytest.raises(StatisticsError, match="nothing to report"):
        results_of(outcome([], [o.ReaderFacts("A")]))


def test_the_dictionary_names_every_column_and_quoting_survives():
    answers, facts = two_afc(1, 4)
    odd = [replace(answers[0], pathology='a "quoted", word\nof two lines', patient="")]
    rows = list(csv.reader(io.StringIO(answers_csv(outcome(odd, facts)), newline="")))
    assert rows[0] == list(DICTIONARY)
    assert set(DICTIONARY) - {"reader_kind"} == {f.name for f in fields(o.Answer)}
    assert rows[1][rows[0].index("pathology")] == 'a "quoted", word\nof two lines'
    assert re.fullmatch(r"[01]", rows[1][rows[0].index("correct")])


def test_limits_of_a_share_are_cut_and_those_of_a_difference_are_not():
    wide = Interval(-0.1, 1.2, 0.95)
    assert percent_limits(wide) == "−10.0 to 120.0 %"
    assert percent_limits(wide, share=True) == "0.0–100.0 %"


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [(0.5, 30, [0.5, 1, 2, 5, 10, 20]), (0.55, 2.1, [0.7, 1, 1.5, 2]), (0.9, 1.04, [0.9, 0.92, 0.94, 0.96, 0.98, 1.0])],
)
def test_a_logarithmic_axis_has_several_numbers(low, high, expected):
    assert _log_ticks(low, high)[:6] == pytest.approx(expected)
