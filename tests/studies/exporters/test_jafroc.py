"""A round trip for each trap of the JAFROC workbook."""

import pytest
from openpyxl import Workbook, load_workbook

from cxr_studio.errors import ReadError, StatisticsError
from cxr_studio.studies.exporters.jafroc import FROC, Mark, MarkedStudy, as_marks, write_jafroc
from cxr_studio.studies.statistics.observations import reading_study
from tests.studies.exporters.jafroc_reading import read_jafroc


def rows_of(path):
    book = load_workbook(path)
    found = {page.title: [tuple(row) for row in page.iter_rows(values_only=True)] for page in book.worksheets}
    book.close()
    return found


@pytest.fixture
def froc():
    marks = [
        Mark("Ann", "gan", "sick", 1, 3.5),
        Mark("Ann", "gan", "sick", 3, 1.0),
        Mark("Ann", "gan", "well", 0, 0.5),
        Mark("Ann", "gan", "well", 0, 0.7),
        Mark("Bob", "real", "sick", 2, 2.0),
    ]
    return MarkedStudy(FROC, {"sick": (0.5, 0.25, 0.25), "well": (), "quiet": ()}, tuple(marks))


def test_sheets_and_columns_are_those_of_the_toy_file(example, tmp_path):
    path, _ = write_jafroc(as_marks(example), tmp_path / "roc.xlsx")
    sheets = rows_of(path)
    assert set(sheets) == {"TRUTH", "TP", "FP"}
    assert sheets["TRUTH"][0] == ("CaseID", "LesionID", "Weight", "ReaderID", "ModalityID", "Paradigm")
    assert sheets["TRUTH"][1] == (1, 0, 0, "0,1,2,3,4", "0,1", "ROC")
    assert sheets["TRUTH"][2] == (2, 0, 0, "0,1,2,3,4", "0,1", "FCTRL")
    assert sheets["TRUTH"][41] == (41, 1, 1, "0,1,2,3,4", "0,1", None)
    assert all(row[5] is None for row in sheets["TRUTH"][3:])
    assert all(cell is not None for row in sheets["TRUTH"] for cell in row[:5])
    assert sheets["FP"][0] == ("ReaderID", "ModalityID", "CaseID", "FP_Rating")
    assert sheets["TP"][0] == ("ReaderID", "ModalityID", "CaseID", "LesionID", "TP_Rating")
    assert sheets["FP"][1][:3] == ("0", "0", 1)
    assert sheets["TP"][1][:4] == ("0", "0", 41, 1)
    assert (len(sheets["FP"]), len(sheets["TP"])) == (401, 401)


def test_roc_ratings_come_back(example, tmp_path):
    path, names = write_jafroc(as_marks(example), tmp_path / "roc")
    table = dict(tuple(line.rsplit(",", 1)) for line in names.read_text().splitlines()[1:])
    back = {
        (table[f"reader,{m.reader}"], table[f"case,{m.case}"], table[f"modality,{m.modality}"]): m.rating
        for m in read_jafroc(path).marks
    }
    assert back == {(o.reader, o.case, o.modality): o.score for o in example.observations}


def test_several_lesions_unmarked_cases_and_two_false_marks_on_one_case(froc, tmp_path):
    path, _ = write_jafroc(froc, tmp_path / "froc.xlsx")
    sheets = rows_of(path)
    assert sheets["TRUTH"][1:] == [
        (1, 0, 0, "0,1", "0,1", "FROC"),
        (2, 0, 0, "0,1", "0,1", "FCTRL"),
        (3, 1, 0.5, "0,1", "0,1", None),
        (3, 2, 0.25, "0,1", "0,1", None),
        (3, 3, 0.25, "0,1", "0,1", None),
    ]
    assert sheets["FP"][1:] == [("0", "0", 2, 0.5), ("0", "0", 2, 0.7)]
    back = read_jafroc(path)
    assert back.lesions == {"1": (), "2": (), "3": (0.5, 0.25, 0.25)}
    assert sorted(m.rating for m in back.marks) == sorted(m.rating for m in froc.marks)


@pytest.mark.parametrize(
    ("mark", "words"),
    [
        (Mark("Ann", "gan", "well", 1, 1.0), "it has none"),
        (Mark("Ann", "gan", "sick", 4, 1.0), "it has none"),
        (Mark("Ann", "gan", "elsewhere", 0, 1.0), "has no truth"),
        (Mark("Ann", "gan", "sick", 1, 9.0), "twice"),
        (Mark("Bob", "gan", "sick", 1, float("nan")), "not a number"),
    ],
)
def test_marks_that_rjafroc_would_refuse_are_refused_before_writing(froc, tmp_path, mark, words):
    with pytest.raises(StatisticsError, match=words):
        write_jafroc(MarkedStudy(FROC, froc.lesions, (*froc.marks, mark)), tmp_path / "x.xlsx")
    assert not list(tmp_path.iterdir())


def test_weights_must_add_up_unless_all_are_zero(froc, tmp_path):
    with pytest.raises(StatisticsError, match="add up"):
        write_jafroc(MarkedStudy(FROC, {**froc.lesions, "sick": (0.5, 0.2, 0.2)}, froc.marks), tmp_path / "x.xlsx")
    path, _ = write_jafroc(
        MarkedStudy(FROC, {**froc.lesions, "sick": (0.0, 0.0, 0.0)}, froc.marks), tmp_path / "y.xlsx"
    )
    assert read_jafroc(path).lesions["3"] == (0, 0, 0)


def test_missing_ratings_cannot_pass_for_unmarked_cases(example):
    with pytest.raises(StatisticsError, match="every reader"):
        as_marks(reading_study(example.observations[1:], example.truth))


def spoiled(path, change):
    book = load_workbook(path)
    change(book)
    book.save(path)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda b: b.create_sheet("more"), "exactly TRUTH"),
        (lambda b: b["TRUTH"].delete_cols(6), "5 columns and not 6"),
        (lambda b: b["TRUTH"].__setitem__("C3", None), "empty cell"),
        (lambda b: b["TRUTH"].__setitem__("F2", "LROC"), "Paradigm"),
        (lambda b: b["TRUTH"].__setitem__("B5", 3), "numbered"),
        (lambda b: b["TRUTH"].__setitem__("A2", "one"), "not a number"),
        (lambda b: b["TP"].append(("0", "0", 2, 1, 5)), "it has none"),
    ],
)
def test_workbooks_that_break_a_rule_are_refused(froc, tmp_path, change, words):
    path, _ = write_jafroc(froc, tmp_path / "x.xlsx")
    spoiled(path, change)
    with pytest.raises(ReadError, match=words):
        read_jafroc(path)


def test_the_layout_of_rjafrocs_own_writer_is_refused(tmp_path):
    book = Workbook()
    book.worksheets[0].title = "TRUTH"
    book["TRUTH"].append(("CaseID", "LesionID", "Weight"))
    book.create_sheet("LL").append(("ReaderID", "ModalityID", "CaseID", "LesionID", "LLRating"))
    book.create_sheet("NL").append(("ReaderID", "ModalityID", "CaseID", "NLRating"))
    book.save(tmp_path / "own.xlsx")
    with pytest.raises(ReadError, match="3 columns and not 6"):
        read_jafroc(tmp_path / "own.xlsx")
    (tmp_path / "no.xlsx").write_text("no workbook")
    with pytest.raises(ReadError, match="workbook"):
        read_jafroc(tmp_path / "no.xlsx")
