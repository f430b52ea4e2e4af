"""Which millimetre: calibrated, by geometry, at the detector, or unknown."""

import pytest

from cxr_studio.errors import SpacingUnknown
from cxr_studio.radiographs.reading import read_radiograph
from tests.radiographs.conftest import make_dicom


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ({}, (None, None, "unknown")),
        ({"PixelSpacing": [0, 0]}, (None, None, "unknown")),
        ({"PixelSpacing": [0.2, 0.3]}, (0.2, 0.3, "at detector")),
        ({"ImagerPixelSpacing": [0.2, 0.2]}, (0.2, 0.2, "at detector")),
        ({"PixelSpacing": [0.2, 0.2], "ImagerPixelSpacing": [0.2, 0.2]}, (0.2, 0.2, "at detector")),
        ({"PixelSpacing": [0.16, 0.16], "ImagerPixelSpacing": [0.2, 0.2]}, (0.16, 0.16, "calibrated")),
        ({"PixelSpacing": [0.16, 0.16], "PixelSpacingCalibrationType": "FIDUCIAL"}, (0.16, 0.16, "calibrated")),
        ({"PixelSpacing": [0.16, 0.16], "PixelSpacingCalibrationType": "GEOMETRY"}, (0.16, 0.16, "geometry")),
        (
            {"ImagerPixelSpacing": [0.2, 0.2], "EstimatedRadiographicMagnificationFactor": 1.25},
            (0.16, 0.16, "geometry"),
        ),
        (
            {"ImagerPixelSpacing": [0.2, 0.2], "DistanceSourceToDetector": 1800, "DistanceSourceToPatient": 1500},
            (0.2 / 1.2, 0.2 / 1.2, "geometry"),
        ),
        ({"ImagerPixelSpacing": [0.2, 0.2], "EstimatedRadiographicMagnificationFactor": 0}, (0.2, 0.2, "at detector")),
        ({"PixelSpacing": [0.2, 7.0]}, (None, None, "unknown")),
    ],
)
def test_the_rule(save, chest, tags, expected):
    spacing = read_radiograph(save(make_dicom(chest, bits=12, **tags))).spacing
    y, x, origin = expected
    assert (spacing.y, spacing.x) == ((None, None) if y is None else pytest.approx((y, x)))
    assert spacing.origin.value == origin
    assert spacing.known == (y is not None)


def test_an_impossible_spacing_is_told(save, chest):
    notes = read_radiograph(save(make_dicom(chest, bits=12, PixelSpacing=[0, 0]))).notes
    assert any("PixelSpacing" in note and "ignored" in note for note in notes)


def test_millimetres_are_refused_where_they_are_unknown(save, chest):
    radiograph = read_radiograph(save(make_dicom(chest, bits=12)))
    with pytest.raises(SpacingUnknown, match="millimetres"):
        radiograph.spacing.require()
