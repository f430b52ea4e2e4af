"""A data set loses its patient, and nothing else."""

from __future__ import annotations

from io import BytesIO

import numpy as np
import pydicom
import pytest
from pydicom.data import get_testdata_file
from pydicom.datadict import DicomDictionary
from pydicom.uid import ExplicitVRBigEndian, ImplicitVRLittleEndian

from cxr_studio.errors import ReadError
from cxr_studio.exchange.deidentify import deidentified
from cxr_studio.exchange.deidentify_pseudonyms import Pseudonyms
from cxr_studio.exchange.deidentify_table import TEXTS, Profile, table
from tests.exchange.named_dicom import WORDS, code, elements, named_dicom, reference

BASIC = Profile()
LOOSEST = Profile(retain_uids=True, shift_dates=True, retain_characteristics=True)
STORED = (np.arange(64 * 64, dtype=np.uint16) * 7).reshape(64, 64)


@pytest.fixture
def pseudonyms() -> Pseudonyms:
    return Pseudonyms(b"a key of 32 bytes, which is long")


def saved(dataset: pydicom.Dataset) -> bytes:
    stream = BytesIO()
    dataset.save_as(stream, enforce_file_format=True)
    return stream.getvalue()


def codes_of(dataset: pydicom.Dataset) -> set[str]:
    return {item.CodeValue for item in dataset.DeidentificationMethodCodeSequence}


@pytest.mark.parametrize("profile", [BASIC, LOOSEST])
@pytest.mark.parametrize("syntax", [None, ImplicitVRLittleEndian, ExplicitVRBigEndian])
def test_no_name_is_in_the_bytes(profile: Profile, syntax: str | None, pseudonyms: Pseudonyms) -> None:
    source = named_dicom(STORED)
    if syntax is not None:
        source.file_meta.TransferSyntaxUID = syntax
    before = saved(source)
    assert all(word.encode() in before for word in WORDS)
    read = pydicom.dcmread(BytesIO(before))
    content = saved(deidentified(read, profile, pseudonyms))
    assert [word for word in WORDS if word.lower().encode() in content.lower()] == []
    again = pydicom.dcmread(BytesIO(content))
    assert again.PixelData == read.PixelData
    assert saved(read) == before


@pytest.mark.parametrize("profile", [BASIC, LOOSEST])
def test_a_name_is_found_in_whatever_text_attribute_it_stands(profile: Profile, pseudonyms: Pseudonyms) -> None:
    item = pydicom.Dataset()
    for tag, (vr, _multiplicity, _name, _retired, _keyword) in DicomDictionary.items():
        if vr in {*TEXTS, "CS"} and tag >> 16 >= 0x0008 and tag != 0x00080005:
            item.add_new(tag, vr, "WYCHBOLD" if vr == "CS" else "http://a.b/Wychbold" if vr == "UR" else "Wychbold")
    source = named_dicom(STORED, PatientName="Wychbold^Ann")
    source.ReferencedSeriesSequence = [item]
    source.update({element.tag: element for element in item if element.tag not in source})
    assert len(item) > 1000
    clean = deidentified(source, profile, pseudonyms)
    left = [each.keyword for each in elements(clean) if "wychbold" in str(each.value).lower() and each.VR != "SQ"]
    fixed = {each.keyword for each in item if each.VR == "CS"}
    assert [keyword for keyword in left if keyword not in fixed] == []
    assert len(left) < 30  # code strings of a fixed set of words, which are not looked at


def test_it_says_what_was_done(pseudonyms: Pseudonyms) -> None:
    clean = deidentified(named_dicom(STORED), BASIC, pseudonyms)
    assert clean.PatientIdentityRemoved == "YES"
    assert clean.LongitudinalTemporalInformationModified == "REMOVED"
    assert codes_of(clean) == {"113100"}
    loose = deidentified(named_dicom(STORED), LOOSEST, pseudonyms)
    assert loose.LongitudinalTemporalInformationModified == "MODIFIED"
    assert codes_of(loose) == {"113100", "113107", "113108", "113110"}
    assert clean.PatientID == str(clean.PatientName) == pseudonyms.of("MRN-774411").name
    assert (clean.BodyPartExamined, clean.Manufacturer, clean.ViewPosition) == ("CHEST", "Acme", "PA")


def test_objects_still_point_to_their_image(pseudonyms: Pseudonyms) -> None:
    image = named_dicom(STORED)
    other = named_dicom(STORED, StudyInstanceUID=image.StudyInstanceUID)
    other.ReferencedSeriesSequence = [pydicom.Dataset()]
    other.ReferencedSeriesSequence[0].SeriesInstanceUID = image.SeriesInstanceUID
    other.ReferencedSeriesSequence[0].ReferencedInstanceSequence = [reference(image)]
    first, second = (deidentified(one, BASIC, pseudonyms) for one in (image, other))
    series = second.ReferencedSeriesSequence[0]
    assert first.StudyInstanceUID == second.StudyInstanceUID != image.StudyInstanceUID
    assert series.SeriesInstanceUID == first.SeriesInstanceUID
    assert series.ReferencedInstanceSequence[0].ReferencedSOPInstanceUID == first.SOPInstanceUID
    assert series.ReferencedInstanceSequence[0].ReferencedSOPClassUID == image.SOPClassUID
    assert first.file_meta.MediaStorageSOPInstanceUID == first.SOPInstanceUID != second.SOPInstanceUID
    assert len(first.SOPInstanceUID) <= 64
    assert deidentified(image, BASIC, Pseudonyms(b"another key")).StudyInstanceUID != first.StudyInstanceUID
    assert deidentified(image, LOOSEST, pseudonyms).SOPInstanceUID == image.SOPInstanceUID


def test_intervals_between_dates_stay(pseudonyms: Pseudonyms) -> None:
    one = deidentified(named_dicom(STORED, StudyDate="20240228"), LOOSEST, pseudonyms)
    two = deidentified(named_dicom(STORED, StudyDate="20240301"), LOOSEST, pseudonyms)
    assert one.StudyDate != "20240228"
    assert np.datetime64(_iso(two.StudyDate)) - np.datetime64(_iso(one.StudyDate)) == np.timedelta64(2, "D")
    assert two.AcquisitionDateTime == f"{two.StudyDate}101530.25+0100"
    assert two.StudyTime == "101500"
    assert not two.PatientBirthDate
    other = deidentified(named_dicom(STORED, PatientID="other", StudyDate="20240301"), LOOSEST, pseudonyms)
    assert other.StudyDate != two.StudyDate


def _iso(date: str) -> str:
    return f"{date[:4]}-{date[4:6]}-{date[6:]}"


def test_what_is_no_date_is_emptied(pseudonyms: Pseudonyms) -> None:
    source = named_dicom(STORED, AcquisitionDateTime="2024")
    source.get_item("StudyDate")
    clean = deidentified(source, LOOSEST, pseudonyms)
    assert not clean.AcquisitionDateTime


@pytest.mark.parametrize(("age", "kept"), [("045Y", "045Y"), ("093Y", "090Y"), ("011M", "011M")])
def test_ages_of_the_very_old_are_cut(age: str, kept: str, pseudonyms: Pseudonyms) -> None:
    clean = deidentified(named_dicom(STORED, PatientAge=age), LOOSEST, pseudonyms)
    assert (clean.PatientAge, clean.PatientSex) == (kept, "F")
    basic = deidentified(named_dicom(STORED, PatientAge=age), BASIC, pseudonyms)
    assert "PatientAge" not in basic
    assert not basic.PatientSex


@pytest.mark.parametrize("profile", [BASIC, LOOSEST, Profile(shift_dates=True)])
def test_twice_is_once(profile: Profile, pseudonyms: Pseudonyms) -> None:
    once = deidentified(named_dicom(STORED), profile, pseudonyms)
    assert saved(deidentified(once, profile, pseudonyms)) == saved(once)


def test_a_stricter_profile_does_what_was_left(pseudonyms: Pseudonyms) -> None:
    loose = deidentified(named_dicom(STORED), LOOSEST, pseudonyms)
    strict = deidentified(loose, BASIC, pseudonyms)
    assert strict.SOPInstanceUID == pseudonyms.uid(loose.SOPInstanceUID)
    assert strict.PatientID == loose.PatientID
    assert not strict.StudyDate
    assert codes_of(strict) == {"113100"}


def test_private_attributes_overlays_and_unknown_ones_go(pseudonyms: Pseudonyms) -> None:
    source = named_dicom(STORED)
    source.add_new(0x00089999, "OB", b"what is this")
    clean = deidentified(source, BASIC, pseudonyms)
    found = list(elements(clean))
    assert [
        each for each in found if each.tag.is_private or (each.tag.group >= 0x6000 and each.tag.group < 0x7000)
    ] == []
    assert 0x00089999 not in clean
    assert clean.preamble == b"\0" * 128
    assert "SourceApplicationEntityTitle" not in clean.file_meta


def test_a_report_keeps_its_structure_and_loses_its_words(pseudonyms: Pseudonyms) -> None:
    text, person = pydicom.Dataset(), pydicom.Dataset()
    text.ValueType, text.TextValue = "TEXT", "Opacity, said Mrs Featherstonehaugh"
    text.ConceptNameCodeSequence = [code("121071", "DCM", "Finding")]
    person.ValueType, person.PersonName = "PNAME", "Quackenbush^Ignatius"
    person.ObservationDateTime = "20240301101500"
    source = named_dicom(STORED, Modality="SR", ContentSequence=[text, person], TextValue="x")
    clean = deidentified(source, BASIC, pseudonyms)
    first, second = clean.ContentSequence
    assert (first.TextValue, first.ConceptNameCodeSequence[0].CodeMeaning) == ("REMOVED", "Finding")
    assert str(second.PersonName) == "REMOVED"
    assert "113104" in codes_of(clean)
    assert clean.ContentDate == "19000101"  # which a report must have


@pytest.mark.parametrize("name", ["693_J2KI.dcm", "JPGExtended.dcm", "MR_small_RLE.dcm", "ExplVR_BigEnd.dcm"])
def test_pixels_stay_bit_for_bit(name: str, pseudonyms: Pseudonyms) -> None:
    source = pydicom.dcmread(get_testdata_file(name))
    source.PhotometricInterpretation = "MONOCHROME1"
    again = pydicom.dcmread(BytesIO(saved(deidentified(source, BASIC, pseudonyms))))
    assert again.PixelData == source.PixelData
    assert again.file_meta.TransferSyntaxUID == source.file_meta.TransferSyntaxUID
    assert again.PhotometricInterpretation == "MONOCHROME1"


def test_a_damaged_header_is_a_sentence(pseudonyms: Pseudonyms) -> None:
    content = saved(named_dicom(STORED))
    damaged = content.replace(b"\x20\x00\x0d\x00UI", b"\x20\x00\x0d\x00SL")
    assert damaged != content
    with pytest.raises(ReadError, match="header is damaged"):
        deidentified(pydicom.dcmread(BytesIO(damaged)), BASIC, pseudonyms)


def test_documents_are_refused(pseudonyms: Pseudonyms) -> None:
    source = named_dicom(STORED, SOPClassUID="1.2.840.10008.5.1.4.1.1.104.1")
    with pytest.raises(ReadError, match="It is a document"):
        deidentified(source, BASIC, pseudonyms)


def test_the_table_is_whole() -> None:
    rows = table()
    assert len(rows) == 652  # 655 of the standard without private attributes, less curves and overlays
    assert {row.basic for row in rows.values()} == {"D", "Z", "X", "U", "Z/D", "X/Z", "X/D", "X/Z/D", "X/Z/U*"}
    assert (rows[0x00100010].basic, rows[0x00080018].basic, rows[0x00104000].basic) == ("Z", "U", "X")
