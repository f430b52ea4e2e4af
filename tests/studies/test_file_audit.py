"""The leakage audit of a new study's files."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import numpy as np
from PIL import Image

from cxr_studio.studies.file_audit import file_leaks
from tests.studies.tiny_study import SIDE, tiny_cases, tiny_protocol


def test_changed_images_are_told_by_their_grey_levels_and_not_once_those_are_alike(tmp_path: Path) -> None:
    cases = tiny_cases(tiny_protocol(images={"count": 10}), tmp_path / "images")
    bundle = SimpleNamespace(image=lambda name: tmp_path / "images" / name)
    key = SimpleNamespace(cases={case.case: case for case in cases})
    found = file_leaks(bundle, key)  # type: ignore[arg-type]
    assert "greys" in {leak.question.key for leak in found}
    assert any("most frequent level" in clue.name for leak in found for clue in leak.clues)
    rng = np.random.default_rng(0)
    for case in cases:
        picture = rng.integers(0, 256, (SIDE, SIDE), np.uint8)
        Image.fromarray(picture).save(bundle.image(case.altered), compress_level=0)
    assert file_leaks(bundle, key) == []  # type: ignore[arg-type]


def test_a_few_images_say_nothing(tmp_path: Path) -> None:
    cases = tiny_cases(tiny_protocol(images={"count": 3}), tmp_path / "images")
    bundle = SimpleNamespace(image=lambda name: tmp_path / "images" / name)
    assert file_leaks(bundle, SimpleNamespace(cases={case.case: case for case in cases})) == []  # type: ignore[arg-type]
