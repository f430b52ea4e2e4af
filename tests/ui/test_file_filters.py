"""Dialogs that open a file list every ending that is read, and leave a way to files of any other name."""

from __future__ import annotations

import pytest

from cxr_studio.networks.checkpoint import SUFFIXES as CHECKPOINTS
from cxr_studio.radiographs.reading import SUFFIXES
from cxr_studio.ui.detect.sources import ANSWERS
from cxr_studio.ui.detect.sources import FILTERS as DETECTORS
from cxr_studio.ui.document.controller import READ_FILTERS
from cxr_studio.ui.paint.mask_files import LOADED
from cxr_studio.ui.whole.listed_boxes import FILTERS as BOXES

DICOM = {".dcm", ".dicom"}
META = {".mha", ".mhd"}


@pytest.mark.parametrize(
    ("filters", "endings"),
    [
        (READ_FILTERS, SUFFIXES | {".cxrs"}),
        (LOADED, (SUFFIXES - META) | {".bmp"}),
        (BOXES, {".csv", ".json", ".xml", ".yaml"} | DICOM),
        (DETECTORS, {*CHECKPOINTS, *ANSWERS} | DICOM),
    ],
)
def test_a_filter_lists_what_the_reader_reads(filters: tuple[str, ...], endings: set[str]) -> None:
    listed = filters[0].partition("(")[2].strip(")").split()
    assert {pattern.removeprefix("*") for pattern in listed} == endings
    assert filters[-1] == "All files (*)"
