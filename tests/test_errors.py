"""Errors are sentences."""

from __future__ import annotations

import pytest

from cxr_studio.errors import ArchiveError, ReadError, StudioError


@pytest.mark.parametrize(
    ("what", "sentence"),
    [
        ("the file is truncated", "The file is truncated."),
        ("surroundings, not nodules", "Surroundings, not nodules."),
        ("cancelled", "Cancelled."),
        ("été is a word too", "Été is a word too."),
        ("http://pacs.example/dicom-web does not answer", "http://pacs.example/dicom-web does not answer."),
        ("pacs.example:104 does not answer", "pacs.example:104 does not answer."),
        ("a.png has two patients", "a.png has two patients."),
        ("per_image is missing", "per_image is missing."),
        ("'x' is no part", "'x' is no part."),
    ],
)
def test_a_sentence_begins_with_a_capital_letter_unless_it_begins_with_a_name(what: str, sentence: str) -> None:
    assert str(StudioError(what)) == sentence
    assert str(ArchiveError(what, remedy="Try again")) == f"{sentence} Try again."


def test_a_file_comes_first_as_it_is_called() -> None:
    assert str(ReadError("the file is empty", file="/tmp/a.png")) == "a.png: the file is empty."
