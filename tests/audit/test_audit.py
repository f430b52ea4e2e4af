"""A planted leak of each kind is found and named; without one, nothing is."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from cxr_studio.audit.asking import Answer
from cxr_studio.audit.audit import Audit, audit
from cxr_studio.audit.cases import Case, chosen_of
from cxr_studio.audit.limits import read_limits
from cxr_studio.audit.questions import BY_KEY, QUESTIONS
from cxr_studio.audit.sights import sights_of
from cxr_studio.audit.telling import Effort
from tests.audit.conftest import COUNT, Maker, Pixels

QUICK = Effort(repeats=2, controls=6)
PLAIN = [question for question in QUESTIONS if not question.network]


def ask(cases: list[Case], *keys: str, effort: Effort = QUICK) -> Audit:
    chosen = chosen_of(cases, most=100, file=Path())
    asked = [BY_KEY[key] for key in keys] or PLAIN
    files_only = all(question.group == "file" for question in asked)
    return audit(sights_of(chosen, files_only=files_only), read_limits(), questions=asked, effort=effort)


def leaks(found: Audit) -> dict[str, Answer]:
    return {answer.question.key: answer for answer in found.leaks}


def test_nothing_is_found_where_nothing_was_planted(maker: Maker) -> None:
    found = ask(maker.make())
    assert [answer.question.key for answer in found.answers] == [question.key for question in PLAIN]
    assert leaks(found) == {}
    assert all(abs(answer.told.control - 0.5) < 0.1 for answer in found.answers)


def text_field(pixels: NDArray[np.uint8], path: Path) -> None:
    words = PngInfo()
    words.add_text("Software", "made up")
    Image.fromarray(pixels).save(path, pnginfo=words)


def stored_plain(pixels: NDArray[np.uint8], path: Path) -> None:
    Image.fromarray(pixels).save(path, compress_level=0)


def sixteen_bits(pixels: NDArray[np.uint8], path: Path) -> None:
    Image.fromarray(pixels.astype(np.uint16) * 257).save(path)


@pytest.mark.parametrize(
    ("write", "key", "named"),
    [
        (text_field, "header", "text fields = Software: 100% of synthetic, 0% of real"),
        (stored_plain, "size", "bits a pixel"),
        (sixteen_bits, "header", "bits = 16: 100% of synthetic"),
    ],
)
def test_a_file_that_is_written_otherwise_is_named(maker: Maker, write: object, key: str, named: str) -> None:
    maker.write = write  # type: ignore[assignment]
    answer = leaks(ask(maker.make(), key))[key]
    assert any(named.lower() in clue.words.lower() for clue in answer.clues)
    assert "--rewrite" in answer.words


def test_a_name_of_another_shape_is_named(maker: Maker) -> None:
    maker.name = lambda k: f"synthetic_{k:03d}"
    answer = leaks(ask(maker.make(), "name"))["name"]
    assert answer.told.low > 0.95
    assert any("name" in clue.name or "words" in clue.name for clue in answer.clues)


def test_names_of_one_shape_leak_by_their_order(maker: Maker) -> None:
    maker.name = lambda k: f"{20_000 + k:05d}"
    answer = leaks(ask(maker.make(), "name"))["name"]
    assert {"place in the order of names", "number in the name"} & {clue.name for clue in answer.clues}


def fewer_levels(pixels: Pixels, _box: object) -> Pixels:
    return np.round(pixels / 3) * 3


def compressed(pixels: Pixels, _box: object) -> Pixels:
    import cv2

    _, content = cv2.imencode(".jpg", np.clip(pixels, 0, 255).astype(np.uint8), [cv2.IMWRITE_JPEG_QUALITY, 60])
    return np.asarray(cv2.imdecode(content, cv2.IMREAD_UNCHANGED), float)


def brighter(pixels: Pixels, box: tuple[int, int, int, int]) -> Pixels:
    found = 0.7 * pixels
    found[box[0] : box[2], box[1] : box[3]] = pixels[box[0] : box[2], box[1] : box[3]]
    return found


def smooth_inside(pixels: Pixels, box: tuple[int, int, int, int]) -> Pixels:
    import cv2

    y0, x0, y1, x1 = box
    found = pixels.copy()
    found[y0:y1, x0:x1] = cv2.GaussianBlur(pixels, (0, 0), 1.5)[y0:y1, x0:x1]
    return found


def smooth_around(pixels: Pixels, box: tuple[int, int, int, int]) -> Pixels:
    y0, x0, y1, x1 = box
    return smooth_inside(pixels, (max(0, y0 - 20), max(0, x0 - 20), y1 + 20, x1 + 20))


def pasted(pixels: Pixels, box: tuple[int, int, int, int]) -> Pixels:
    y0, x0, y1, x1 = box
    found = pixels.copy()
    found[y0 - 3 : y1 + 3, x0 - 3 : x1 + 3] += 14
    return found


@pytest.mark.parametrize(
    ("change", "key", "named"),
    [
        (fewer_levels, "greys", "unused levels between, share"),
        (compressed, "jpeg", "eighth|coefficients"),
        (brighter, "whole", "grey that|grain of"),
        (smooth_inside, "grain", "grain of 1–2 px|of neighbours"),
        (smooth_around, "spectrum", "power at 0"),
        (pasted, "seam", "straight border|steps at|sharpest ring"),
    ],
)
def test_pixels_that_are_changed_are_named(maker: Maker, change: object, key: str, named: str) -> None:
    maker.change = change  # type: ignore[assignment]
    answer = leaks(ask(maker.make(), key))[key]
    assert any(words in clue.name for clue in answer.clues for words in named.split("|"))


def test_a_network_finds_a_paste_in_patches_and_not_in_their_surroundings(maker: Maker) -> None:
    maker.change = smooth_inside
    found = ask(maker.make(), "patch", "surround", effort=Effort(repeats=1, controls=0))
    assert set(leaks(found)) == {"patch"}


def test_without_real_findings_places_are_compared_and_the_rest_is_not_asked(maker: Maker) -> None:
    from dataclasses import replace

    maker.change = smooth_inside
    cases = [case if case.synthetic else replace(case, boxes=()) for case in maker.make()]
    found = ask(cases, "grain", "spectrum")
    assert set(leaks(found)) == {"grain"}
    assert all(sight.pretend for sight in found.answers[0].real)
    assert not any("2–4 px" in clue.name for clue in found.answers[0].clues)
    assert found.notes == [
        "planted, spectrum of the patch: not asked, the set has too few real findings to compare with."
    ]


def test_each_generator_is_asked_for_itself(maker: Maker) -> None:
    from dataclasses import replace

    maker.write = lambda pixels, path: (text_field if int(path.stem) % 2 else Maker.write)(pixels, path)
    cases = [
        replace(case, generator="marked" if int(case.path.stem) % 2 else "plain") if case.synthetic else case
        for case in maker.make(COUNT)
    ]
    assert {(answer.generator, answer.verdict) for answer in ask(cases, "header").answers} == {
        ("marked", "leak"),
        ("plain", "pass"),
    }
