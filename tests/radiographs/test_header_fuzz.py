"""Headers that are legal but odd: the values are right, and those of pydicom, GDCM, SimpleITK and Pillow.

The slow tests try 20,000 files; ``HEADER_CASES`` sets another number.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.radiographs.checked_dicom import check_dicom
from tests.radiographs.checked_plain import check_picture
from tests.radiographs.odd_dicom import odd_dicom
from tests.radiographs.odd_plain import odd_picture

QUICK = 60
MANY = int(os.environ.get("HEADER_CASES", "20000")) // 2
SLOW = 4 * 3600
"""Seconds that the slow tests may take."""


def tried(check: Callable[[int], str], cases: range) -> Counter[str]:
    """Check every case; the failures are named by their seeds, all at once."""
    compared: Counter[str] = Counter()
    failed = {}
    for seed in cases:
        try:
            compared[check(seed)] += 1
        except (AssertionError, Exception) as fault:
            failed[seed] = " ".join(str(fault).split())[:160] or type(fault).__name__
    assert not failed, f"{len(failed)} of {len(cases)}: {dict(list(failed.items())[:12])}"
    return compared


def dicom(folder: Path) -> Callable[[int], str]:
    return lambda seed: check_dicom(odd_dicom(seed), folder)


def picture(folder: Path) -> Callable[[int], str]:
    return lambda seed: check_picture(odd_picture(seed), folder)


KINDS = pytest.mark.parametrize(
    ("kind", "others"),
    [(dicom, {"pydicom", "gdcm", "itk"}), (picture, {"pillow", "itk"})],
    ids=["dicom", "picture"],
)


@KINDS
def test_a_sample_of_odd_headers(tmp_path, capfd, kind, others):
    compared = tried(kind(tmp_path), range(QUICK))
    assert compared["refused"] < 0.5 * QUICK
    assert others <= set(" ".join(compared).split())


@pytest.mark.slow
@pytest.mark.timeout(SLOW)
@KINDS
def test_many_odd_headers(tmp_path, kind, others):
    compared = tried(kind(tmp_path), range(1000, 1000 + MANY))
    print(f"{MANY} files: {dict(compared)}")
    assert others <= set(" ".join(compared).split())
