"""The header as rows: found by tag, name or value; and what stands in the corners of a pane."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from cxr_studio.radiographs.greyscale import linear_greyscale
from cxr_studio.radiographs.header_rows import CornerFacts, corner_facts, header_rows
from cxr_studio.radiographs.radiograph import Radiograph, Source


@pytest.fixture
def radiograph():
    header = Dataset()
    header.PatientName, header.PatientID, header.StudyDate = "Doe^Jane", "0042", "20240301"
    header.ViewPosition, header.ImageLaterality = "PA", "L"
    header.ImagerPixelSpacing = [0.143, 0.143]
    item = Dataset()
    item.CodeMeaning = "Chest"
    header.ViewCodeSequence = Sequence([item])
    header.add_new(0x00091001, "OB", b"\x01\x02\x03")
    stored = np.zeros((8, 6), np.uint16)
    source = Source(Path("/data/a.dcm"), "dicom", "abc", 12)
    return Radiograph(stored, linear_greyscale(stored.dtype, 12), source=source, header=header)


def test_rows_say_what_the_file_says(radiograph):
    rows = {row.name: row for row in header_rows(radiograph)}
    assert (rows["Patient's Name"].tag, rows["Patient's Name"].value) == ("(0010,0010)", "Doe^Jane")
    assert rows["Size"].value == "6 × 8 pixels"
    assert rows["Imager Pixel Spacing"].value == "0.143 \\ 0.143"
    assert rows["> Code Meaning"].value == "Chest"
    assert any(row.value == "3 bytes" for row in rows.values())


@pytest.mark.parametrize("words", ["jane", "0010,0010", "00100010", "patient's name", "NAME doe", "PN"])
def test_a_row_is_found_by_tag_name_and_value(radiograph, words):
    assert "Patient's Name" in [row.name for row in header_rows(radiograph) if row.holds(words)]
    assert not [row for row in header_rows(radiograph) if row.holds("zebra")]


def test_corners_have_patient_date_and_side(radiograph):
    assert corner_facts(radiograph) == CornerFacts("Doe Jane  0042", "2024-03-01", "PA  L")
    assert corner_facts(replace(radiograph, header=Dataset())) == CornerFacts()
    assert corner_facts(replace(radiograph, header={"a": "b"}, source=Source(None, "png", "", 8))) == CornerFacts()


def test_fields_of_other_files_are_rows_too(radiograph):
    plain = replace(radiograph, header={"Software": "scanner"}, source=Source(None, "png", "", 8))
    assert ("Software", "scanner") in [(row.name, row.value) for row in header_rows(plain)]
