"""Masks through a DICOM segmentation and back, pixel for pixel."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import highdicom as hd
import numpy as np
import pydicom
import pytest

from cxr_studio.errors import ReadError, WriteError
from cxr_studio.exchange.regions import Region
from cxr_studio.exchange.segmentation import write_segmentation
from cxr_studio.exchange.subject import subject_of
from cxr_studio.masks.dicom_segmentation import read_segments
from cxr_studio.masks.files import load_mask
from cxr_studio.radiographs.radiograph import Radiograph
from cxr_studio.radiographs.reading import read_radiograph
from tests.exchange.conftest import blob, faults_of

SHAPE = (131, 203)
KINDS = {
    "square": {"PixelSpacing": [0.2, 0.2]},
    "oblong": {"PixelSpacing": [0.4, 0.5], "PixelSpacingCalibrationType": "GEOMETRY"},
    "at detector": {"ImagerPixelSpacing": [0.143, 0.143]},
    "none": {},
    "zero": {"PixelSpacing": [0, 0]},
    "monochrome1": {"PhotometricInterpretation": "MONOCHROME1", "PixelSpacing": [0.2, 0.2]},
}


def two_regions() -> tuple[Region, ...]:
    """Two that overlap."""
    return Region("First", blob(SHAPE)), Region("Ένα οζίδιο", blob(SHAPE, 4), nodule=True, generator="superposition")


def read(path: Path, radiograph: Radiograph) -> list[np.ndarray]:
    return [one.mask for one in read_segments(path.read_bytes(), path, radiograph.instances)]


@pytest.mark.parametrize("tags", KINDS.values(), ids=KINDS)
def test_masks_come_back_pixel_for_pixel(odd: Callable[..., Path], tmp_path: Path, tags: dict[str, object]) -> None:
    radiograph = read_radiograph(odd(**tags))
    out = write_segmentation(tmp_path / "seg.dcm", subject_of(radiograph), two_regions())
    for mask, region in zip(read(out, radiograph), two_regions(), strict=True):
        np.testing.assert_array_equal(mask, region.mask)
    whole = load_mask(out, SHAPE, instances=radiograph.instances)
    np.testing.assert_array_equal(whole, blob(SHAPE) | blob(SHAPE, 4))
    assert faults_of(out) == []
    header = pydicom.dcmread(out)
    assert str(header.PatientName) == "山田^太郎"
    assert [each.SegmentLabel for each in header.SegmentSequence] == ["First", "Ένα οζίδιο"]
    shared = header.SharedFunctionalGroupsSequence[0]
    known = shared.get("PixelMeasuresSequence")
    spacing = radiograph.spacing
    assert (known is not None) == spacing.known
    if known is not None:
        assert [float(value) for value in known[0].PixelSpacing] == [spacing.y, spacing.x]
        theirs = hd.seg.segread(out).get_pixels_by_source_instance([radiograph.instances[0]])
        np.testing.assert_array_equal(theirs[0].astype(bool), np.stack([r.mask for r in two_regions()], -1))


def test_a_segmentation_of_another_radiograph_or_size_is_refused(odd: Callable[..., Path], tmp_path: Path) -> None:
    out = write_segmentation(tmp_path / "seg.dcm", subject_of(read_radiograph(odd())), two_regions())
    other = read_radiograph(odd())
    with pytest.raises(ReadError, match="was drawn on another radiograph"):
        load_mask(out, SHAPE, instances=other.instances)
    with pytest.raises(ReadError, match="the mask has 203 × 131 pixels, the radiograph 64 × 64"):
        load_mask(out, (64, 64))


def test_what_is_no_segmentation_is_refused(odd: Callable[..., Path], tmp_path: Path) -> None:
    path = odd()
    with pytest.raises(ReadError, match="is no segmentation"):
        load_mask(path, SHAPE)
    out = write_segmentation(tmp_path / "seg.dcm", subject_of(read_radiograph(path)), two_regions())
    (tmp_path / "cut.dcm").write_bytes(out.read_bytes()[:-2000])
    with pytest.raises(ReadError, match="the segmentation is damaged"):
        load_mask(tmp_path / "cut.dcm", SHAPE)


def test_nothing_can_be_written_without_a_mask_or_identifiers(odd: Callable[..., Path], tmp_path: Path) -> None:
    subject = subject_of(read_radiograph(odd()))
    for regions in ((), (Region("Empty", np.zeros(SHAPE, bool)),)):
        with pytest.raises(WriteError, match="there is no mask"):
            write_segmentation(tmp_path / "seg.dcm", subject, regions)
    with pytest.raises(ReadError, match="has no StudyInstanceUID"):
        subject_of(read_radiograph(odd(StudyInstanceUID="")))
    assert not (tmp_path / "seg.dcm").exists()


@pytest.mark.parametrize("kind", ["FRACTIONAL", "LABELMAP"])
def test_segmentations_of_other_programs_are_read(odd: Callable[..., Path], tmp_path: Path, kind: str) -> None:
    radiograph = read_radiograph(odd())
    subject = subject_of(radiograph)
    mask = blob(SHAPE)
    values = np.where(mask, 0.75, 0.25).astype(np.float32) if kind == "FRACTIONAL" else 2 * mask.astype(np.uint8)
    codes = [hd.sr.CodedConcept("111099", "DCM", "Selected region")] * 2
    described = [
        hd.seg.SegmentDescription(k, f"S{k}", *codes, hd.seg.SegmentAlgorithmTypeValues.MANUAL)
        for k in ((1,) if kind == "FRACTIONAL" else (1, 2))
    ]
    made = hd.seg.Segmentation(
        [subject.header], values, kind, described, pydicom.uid.generate_uid(), 7, pydicom.uid.generate_uid(), 1,
        "Another", "Program", "1", "1",
    )  # fmt: skip
    made.save_as(tmp_path / "theirs.dcm")
    np.testing.assert_array_equal(load_mask(tmp_path / "theirs.dcm", SHAPE, instances=radiograph.instances), mask)


def test_only_the_frames_of_the_radiograph_count(odd: Callable[..., Path], tmp_path: Path) -> None:
    first, second = read_radiograph(odd()), read_radiograph(odd())
    out = write_segmentation(tmp_path / "seg.dcm", subject_of(first), two_regions())
    file = pydicom.dcmread(out)
    source = file.PerFrameFunctionalGroupsSequence[1].DerivationImageSequence[0].SourceImageSequence[0]
    source.ReferencedSOPInstanceUID = second.instances[0]
    file.save_as(out)
    np.testing.assert_array_equal(load_mask(out, SHAPE, instances=first.instances), blob(SHAPE))
    np.testing.assert_array_equal(load_mask(out, SHAPE, instances=second.instances), blob(SHAPE, 4))
