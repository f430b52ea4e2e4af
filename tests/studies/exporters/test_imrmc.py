"""A round trip for each trap of the .imrmc format."""

import csv

import pytest

from cxr_studio.errors import ReadError, StatisticsError
from cxr_studio.studies.exporters.imrmc import IMRMC, RJAFROC, binary_as_auc, write_imrmc
from cxr_studio.studies.exporters.imrmc_reading import read_imrmc
from cxr_studio.studies.statistics.mrmc_kernels import auc_kernels
from cxr_studio.studies.statistics.mrmc_ustatistics import difference_statistic
from cxr_studio.studies.statistics.observations import Observation, reading_study


def small(readers=("Dr. Who", "B"), modality="condA", cases=4):
    truth = {f"case {k}": k % 2 for k in range(2 * cases)}
    rows = [Observation(r, c, modality, 0.1 + k / 3) for r in readers for k, c in enumerate(truth)]
    return reading_study(rows, truth, title="A study,\nof two lines")


def names_of(path):
    with path.open(encoding="utf-8", newline="") as stream:
        return {(row["kind"], row["number"]): row["name"] for row in csv.DictReader(stream)}


@pytest.mark.parametrize("dialect", [IMRMC, RJAFROC])
def test_round_trip_keeps_every_score_through_numbers_and_names(example, tmp_path, dialect):
    written = write_imrmc(example, tmp_path / "out", dialect=dialect)
    back, names = read_imrmc(written.data), names_of(written.names)
    assert written.data.suffix == ".imrmc"
    assert back.warnings == ()

    def named(o):
        modality = names["modality", o.modality] if dialect == RJAFROC else o.modality
        return (names["reader", o.reader], names["case", o.case], modality, o.score)

    assert {named(o) for o in back.study.observations} == {
        (o.reader, o.case, o.modality, o.score) for o in example.observations
    }
    assert {names["case", case]: truth for case, truth in back.study.truth.items()} == example.truth
    first, second = (
        difference_statistic(auc_kernels(example), 0, 1),
        difference_statistic(auc_kernels(back.study), 0, 1),
    )
    assert second.variance == pytest.approx(first.variance, rel=1e-12)


@pytest.mark.parametrize(("dialect", "reader"), [(IMRMC, "truth"), (RJAFROC, "-1")])
def test_truth_rows_are_of_the_dialect_and_the_header_has_all_counts(tmp_path, dialect, reader):
    lines = write_imrmc(small(), tmp_path / "x.imrmc", dialect=dialect).data.read_text().splitlines()
    assert lines[0] == "A study, of two lines"
    assert lines[1:6] == ["N0:4", "N1:4", "NR:2", "NM:1", "BEGIN DATA:"]
    rows = [line.split(",") for line in lines[6:]]
    assert all(len(row) == 4 for row in rows)
    assert [row[0] for row in rows].count(reader) == 8
    assert all(row[0].isdecimal() and row[1].isdecimal() for row in rows if row[0] != reader)
    if dialect == RJAFROC:
        assert all(row[2].isdecimal() for row in rows)


def test_no_white_space_that_java_would_strip_and_no_quotes(tmp_path):
    text = write_imrmc(small(), tmp_path / "x").data.read_text()
    data = text.split("BEGIN DATA:\n")[1]
    assert not set(data) & set(" \t\"'")
    with pytest.raises(StatisticsError, match="without spaces"):
        write_imrmc(small(modality="cond A"), tmp_path / "y")
    assert not (tmp_path / "y.imrmc").exists()
    assert write_imrmc(small(modality="cond A"), tmp_path / "y", dialect=RJAFROC).data.exists()


def test_reading_drops_white_space_inside_fields_as_java_does(tmp_path):
    path = tmp_path / "x.imrmc"
    rows = "".join(f"truth,{k},truth,{k % 2}\nreader 1, {k} , cond A , {k}.5\n" for k in range(8))
    path.write_text(f"t\nbegin data:,,,\n{rows}", encoding="utf-8")
    study = read_imrmc(path).study
    assert (study.readers, study.modalities) == (("reader1",), ("condA",))
    assert len(study.observations) == 8


def test_a_missing_cell_is_simply_absent(tmp_path):
    whole = small(cases=5)
    sparse = reading_study(whole.observations[1:], whole.truth)
    back = read_imrmc(write_imrmc(sparse, tmp_path / "x").data).study
    assert len(back.observations) == len(sparse.observations)


def test_a_reader_java_would_drop_is_refused(tmp_path):
    with pytest.raises(StatisticsError, match="drop"):
        write_imrmc(small(cases=2), tmp_path / "x")


def test_header_counts_give_way_to_the_rows(tmp_path):
    path = write_imrmc(small(), tmp_path / "x").data
    path.write_text(path.read_text().replace("NR:2", "NR:7"), encoding="utf-8")
    found = read_imrmc(path)
    assert len(found.study.readers) == 2
    assert found.warnings == ("The header says NR: 7, the rows hold 2; the rows are used.",)


@pytest.mark.parametrize("readers", [2, 3, 4, 7])
def test_the_binary_form_has_its_fake_cases_once_for_each_reader_and_modality(tmp_path, readers):
    truth = {f"pair{k}": 1 for k in range(6)}
    rows = [
        Observation(f"r{r}", c, m, float((k + r) % 3 > 0))
        for r in range(readers)
        for m in ("gan", "compact")
        for k, c in enumerate(truth)
    ]
    study = reading_study(rows, truth)
    trick = binary_as_auc(study)
    assert len(trick.observations) == len(rows) + readers * 2 * 5
    back = auc_kernels(read_imrmc(write_imrmc(trick, tmp_path / "x").data).study)
    assert set(back.modalities) == {"gan", "compact"}
    assert back.means == pytest.approx(
        [sum(o.score for o in rows if o.modality == m) / len(rows) * 2 for m in back.modalities]
    )
    with pytest.raises(StatisticsError, match="not 0"):
        binary_as_auc(reading_study([Observation("r", "pair1", "m", 0.7)], truth))


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ("truth,1,truth,0\ntruth,1,truth,0\n", "two truth rows, the second in line 3"),
        ("truth,1,truth,0\nr,1,m,1\nr,1,m,2\n", "twice"),
        ("truth,1,truth,0\nr,2,m,1\n", "has no truth"),
        ("truth,1,truth,0\nr,1,m\n", "four fields"),
        ("truth,1,truth,0\nr,1,m,high\n", 'score "high" in line 3'),
        ("truth,1,truth,3\n", "neither 0 nor 1"),
        ("", "no observations"),
    ],
)
def test_odd_files_are_refused_in_a_sentence(tmp_path, rows, words):
    path = tmp_path / "odd.imrmc"
    path.write_text(f"BEGIN DATA:\n{rows}", encoding="utf-8")
    with pytest.raises(ReadError, match=words):
        read_imrmc(path)


def test_a_file_without_data_and_a_missing_file(tmp_path):
    (tmp_path / "x.imrmc").write_text("nothing here", encoding="utf-8")
    with pytest.raises(ReadError, match="BEGIN DATA"):
        read_imrmc(tmp_path / "x.imrmc")
    with pytest.raises(ReadError, match="could not be read"):
        read_imrmc(tmp_path / "none.imrmc")
