"""Making studies: identical processing of both sides, restarts, bad files; and that a bundle gives nothing away."""

from __future__ import annotations

import json
import re
import struct
from math import comb
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from cxr_studio.errors import StudioError
from cxr_studio.radiographs.reading import read_radiograph
from cxr_studio.studies import case_job
from cxr_studio.studies.bundle import open_bundle
from cxr_studio.studies.giveaways import giveaways
from cxr_studio.studies.key import open_key
from cxr_studio.studies.ledger import SittingOptions
from cxr_studio.studies.making import Maker
from cxr_studio.studies.rendering import random_crop, rendering_of
from cxr_studio.studies.sitting import Sitting
from tests.studies.tiny_study import Reader, tiny_protocol

HEIGHT, WIDTH = 256, 224


def draw(folder: Path, count: int, **size: int) -> Path:
    """Phantoms that all differ: another grain, brightness and shift each."""
    folder.mkdir(parents=True, exist_ok=True)
    height, width = size.get("height", HEIGHT), size.get("width", WIDTH)
    y, x = np.mgrid[:height, :width]
    for number in range(count):
        rng = np.random.default_rng(number)
        v, u = y / height + rng.normal(0, 0.02), x / width + rng.normal(0, 0.02)
        image = 140 + 60 * np.exp(-(((u - 0.5) / 0.07) ** 2)) + rng.normal(0, 8)
        for centre in (0.31, 0.69):
            image -= 80 / (1 + np.exp(8 * (((u - centre) / 0.15) ** 2 + ((v - 0.45) / 0.32) ** 2 - 1)))
        grain = image + sum(_noise(rng, image.shape, scale) for scale in (0.4, 1.0, 2.0, 4.0))
        Image.fromarray(np.clip(grain, 0, 255).astype(np.uint8)).save(folder / f"{number:03d}_000.png")
    return folder


def _noise(rng: np.random.Generator, shape: tuple[int, int], scale: float) -> np.ndarray:
    """Grey noise of standard deviation 2 and structures of about ``scale`` pixels: a radiograph's has every scale."""
    noise = cv2.GaussianBlur(rng.normal(0, 1, shape), (0, 0), scale)
    return 2 * noise / noise.std()


def protocol_of(paradigm: str = "2afc", **sections):
    values = {
        "images": {"count": 20, **sections.pop("images", {})},
        "conditions": sections.pop("conditions", [{"generator": "telea", "hole": 24}]),
        "practice": {"trials": 2},
        "order": {"repeats": 0, "break_every": 0, **sections.pop("order", {})},
    }
    return tiny_protocol(paradigm, **values, **sections)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A study of 40 pairs in two conditions."""
    folder = tmp_path_factory.mktemp("made")
    conditions = [{"generator": "telea", "hole": 24}, {"generator": "navier-stokes", "hole": 40}]
    protocol = protocol_of(images={"count": 20}, conditions=conditions, order={"repeats": 3, "catches": 2})
    with pytest.MonkeyPatch.context() as patch:  # the bounds are of chance: the same draw every time
        patch.setattr("secrets.token_hex", lambda count: "5eed" * (count // 2))
        done = Maker(protocol, draw(folder / "in", 46), out=folder / "out").make()
    return folder / "out", done.bundle, done.key


def pixels(bundle, name: str) -> np.ndarray:
    return np.asarray(Image.open(bundle.image(name)))


def test_a_made_study_opens(made):
    out, bundle, key = made
    assert open_bundle(out / "bundle") == bundle
    assert open_key(out / "key.json", study_id=bundle.study_id) == key
    assert sorted(path.name for path in out.iterdir()) == ["bundle", "key.json"]
    main = [case for case in key.cases.values() if not case.practice and not case.catch]
    assert len(main) == 40
    assert len({case.source for case in key.cases.values()}) == len(key.cases)  # each radiograph once


def test_outside_the_change_both_sides_are_the_same_bits(made):
    _, bundle, key = made
    for case in key.cases.values():
        original, altered = pixels(bundle, case.original), pixels(bundle, case.altered)
        ((y0, x0, y1, x1),) = case.boxes
        outside = np.ones(original.shape, bool)
        outside[y0:y1, x0:x1] = False
        assert original.shape == altered.shape == case.shape
        assert (original[outside] == altered[outside]).all()
        assert (original[~outside] != altered[~outside]).any()
        size = 64 if case.catch else {"telea": 24, "navier-stokes": 40}[case.generator]
        assert case.catch or (y1 - y0, x1 - x0) == (size, size)


def test_the_original_is_the_radiograph(made, tmp_path):
    out, bundle, key = made
    case = next(case for case in key.cases.values() if not case.practice and not case.catch)
    source = read_radiograph(out.parent / "in" / case.source)
    assert (pixels(bundle, case.original) == source.stored).all()
    assert case.source_sha256 == source.source.sha256
    assert case.facts["provenance"]["generator"] == case.generator


# --- nothing in the bundle predicts the truth ---


def chance_bound(total: int, level: float = 1e-3) -> int:
    """Most right guesses of ``total`` that chance gives with a probability above ``level``."""
    tail, k = 0.0, total
    while tail + comb(total, k) / 2**total < level:
        tail += comb(total, k) / 2**total
        k -= 1
    return k


def cues(bundle, key, name: str) -> list[float]:
    """Everything about a file but what lies inside the change."""
    path = bundle.image(name)
    case = next(case for case in key.cases.values() if name in (case.original, case.altered))
    values = pixels(bundle, name).astype(float)
    ((y0, x0, y1, x1),) = case.boxes
    outside = np.ones(values.shape, bool)
    outside[y0:y1, x0:x1] = False
    content, stat = path.read_bytes(), path.stat()
    chunks = re.findall(rb"IHDR|IDAT|tEXt|iTXt|zTXt|tIME|eXIf|pHYs|gAMA|IEND", content)
    places = sorted(bundle.images)
    return [
        int(name[:8], 16),
        int(name[8:16], 16),
        places.index(name),
        stat.st_size,
        stat.st_mtime_ns % 10**12,
        stat.st_mode,
        len(chunks),
        int(bundle.images[name][:8], 16),
        values[outside].mean(),
        values[outside].std(),
        values[outside].max(),
        float(np.abs(np.diff(values * outside, axis=0)).mean()),
        stat.st_ino % 2**32,  # the order in which the files were written
    ]


def test_no_cue_of_a_file_tells_original_from_changed(made):
    """A rule "the larger one is the original" or its reverse, on each cue, is right no more often than by chance."""
    _, bundle, key = made
    cases = [case for case in key.cases.values() if not case.practice]
    differences = np.array(
        [np.subtract(cues(bundle, key, case.original), cues(bundle, key, case.altered)) for case in cases]
    )
    for column in differences.T:
        up, down = int((column > 0).sum()), int((column < 0).sum())
        assert max(up, down) <= chance_bound(max(up + down, 12)), column
    constant = [3, 4, 5, 6, 8, 9, 10, 11]  # size, time, mode, chunks, pixels outside: not only no cue, but the same
    assert (differences[:, constant] == 0).all()


def test_no_learnt_rule_tells_original_from_changed(made):
    """Logistic regression on all cues together, ten-fold cross-validated by pair, against chance."""
    _, bundle, key = made
    cases = [case for case in key.cases.values() if not case.practice]
    rng = np.random.default_rng(0)
    flips = rng.integers(0, 2, len(cases)) * 2 - 1
    features = np.array(
        [np.subtract(cues(bundle, key, case.original), cues(bundle, key, case.altered)) for case in cases]
    )
    features = features / np.maximum(np.abs(features).max(axis=0), 1e-12) * flips[:, None]
    right = 0
    for fold in range(10):
        test = np.arange(len(cases)) % 10 == fold
        weights = np.zeros(features.shape[1])
        for _ in range(500):
            margin = np.clip(features[~test] @ weights * flips[~test], -30, 30)
            weights += 0.05 * ((flips[~test] / (1 + np.exp(margin))) @ features[~test] - 0.01 * weights)
        right += int((np.sign(features[test] @ weights) == flips[test]).sum())
    assert right <= chance_bound(len(cases))


def test_sides_and_places_in_the_schedule_tell_nothing(made):
    """The right side is left as often as right, and follows from no rule on place, last side or names."""
    _, bundle, key = made
    rules: dict[str, list[bool]] = {}
    for trials in bundle.schedules:
        last = True
        for trial in trials:
            left = key.right_answer(key.trials[trial.uid]) == "left"
            first, second = trial.images
            for rule, says in {
                "always left": True,
                "even place": trial.index % 2 == 0,
                "as before": last,
                "smaller name": first < second,
                "smaller hash": bundle.images[first] < bundle.images[second],
                "uid": int(trial.uid, 16) % 2 == 0,
            }.items():
                rules.setdefault(rule, []).append(says == left)
            last = left
    names = list(key.cases.values())
    for rule, hits in rules.items():
        if rule.startswith("smaller"):  # the same pairs in every schedule: count each pair once
            own = [c.original < c.altered for c in names]
            if rule == "smaller hash":
                own = [bundle.images[c.original] < bundle.images[c.altered] for c in names]
            assert len(names) - chance_bound(len(names)) <= sum(own) <= chance_bound(len(names)), rule
        elif rule != "as before":  # runs are limited to three, so that sides alternate a little more than by chance
            assert len(hits) - chance_bound(len(hits)) <= sum(hits) <= chance_bound(len(hits)), rule


def test_neither_compressed_size_nor_grey_levels_tell(made):
    """Of the whole pixels, the change included: counts of the larger image stay within chance.

    How many levels a change has follows from how well a generator continues an image: telea on phantoms does not.
    """
    _, bundle, key = made
    size, inside, around, new = giveaways(bundle, key)
    assert inside.pairs == around.equal == 40
    for measure in (size, new):
        assert max(measure.larger, measure.smaller) <= chance_bound(max(measure.larger + measure.smaller, 12)), measure
        assert not measure.tells


def test_a_smooth_fill_is_told_by_its_compressed_size(tmp_path):
    conditions = [{"generator": "telea", "hole": 40, "grain": "off"}]
    done = Maker(protocol_of(conditions=conditions), draw(tmp_path / "in", 22), out=tmp_path / "out").make()
    size = giveaways(done.bundle, done.key)[0]
    assert (size.name, size.larger, size.smaller) == ("compressed size", 0, 20)
    assert size.tells
    assert size.p_value == pytest.approx(2**-19)


def test_the_right_answer_is_no_image_that_comes_on_one_side_only(made):
    """Over the readers each image of a pair is seen on both sides."""
    _, bundle, key = made
    lefts: dict[str, int] = {}
    for trials in bundle.schedules:
        for trial in trials:
            lefts[trial.images[0]] = lefts.get(trial.images[0], 0) + 1
    originals = sum(lefts.get(case.original, 0) for case in key.cases.values())
    altered = sum(lefts.get(case.altered, 0) for case in key.cases.values())
    assert abs(originals - altered) <= len(bundle.schedules)


def test_files_are_alike_and_carry_nothing_but_pixels(made):
    _, bundle, _ = made
    sizes, times = set(), set()
    for path in (bundle.folder, *bundle.folder.rglob("*")):
        times.add(path.stat().st_mtime_ns)
        if path.suffix == ".png":
            content = path.read_bytes()
            sizes.add(len(content))
            kinds, place = [], 8
            while place < len(content):
                (length,) = struct.unpack(">I", content[place : place + 4])
                kinds.append(content[place + 4 : place + 8])
                place += 12 + length
            assert set(kinds) == {b"IHDR", b"IDAT", b"IEND"}
    assert len(sizes) == len(times) == 1
    assert len(set(bundle.images.values())) == len(bundle.images)  # no two files are the same


def test_no_byte_of_the_bundle_names_generators_sources_or_truth(made):
    _, bundle, key = made
    words = {"telea", "navier", "original", "altered", "fake", "condition", "catch", "target", "truth", "key", "secret"}
    words |= {case.source for case in key.cases.values()} | {case.source_sha256 for case in key.cases.values()}
    words |= {key.secret, *key.cases, *(case.patient + "_" for case in key.cases.values())}
    (study,) = [path for path in bundle.folder.rglob("*") if path.is_file() and path.suffix != ".png"]
    text = study.read_text(encoding="utf-8").lower()
    question = json.loads(text)["rules"]
    text = text.replace(question["words"], "").replace('"question":"original"', "")
    assert not [word for word in words if word.lower() in text]
    for name in bundle.images:
        content = bundle.image(name).read_bytes().lower()
        assert not [word for word in ("telea", "navier", "cxr", "original") if word.encode() in content]


def test_the_answers_in_the_bundle_name_no_truth_either(made):
    _, bundle, key = made
    sitting = Sitting(bundle, "anna", SittingOptions(bundle.folder.parent / "answers.sqlite"))
    Reader(sitting).answer_many(10)
    content = (bundle.folder.parent / "answers.sqlite").read_bytes()
    content += (bundle.folder.parent / "answers.sqlite-wal").read_bytes()
    sitting.close()
    (bundle.folder.parent / "answers.sqlite").unlink()
    words = ["telea", "navier", "altered", "fake", "catch", "correct", *key.cases]
    words += [case.source for case in key.cases.values()]
    assert b"anna" in content
    assert not [word for word in words if word.encode() in content.lower()]


def test_the_seed_alone_does_not_give_the_sides(tmp_path):
    """The secret of the key takes part: the same protocol made again has other names and sides."""
    folder, protocol = draw(tmp_path / "in", 6), protocol_of(images={"count": 3}, study={"readers": 30})
    one, again = (Maker(protocol, folder, out=tmp_path / name).make() for name in ("one", "again"))
    assert not set(again.bundle.images) & set(one.bundle.images)
    assert again.bundle.study_id != one.bundle.study_id
    assert [t.target for t in again.key.trials.values()] != [t.target for t in one.key.trials.values()]


# --- making ---


def test_bad_radiographs_are_left_out_with_a_line(tmp_path):
    folder = draw(tmp_path / "in", 22)
    (folder / "003_000.png").write_bytes(b"\x89PNG broken")
    (folder / "005_000.png").write_bytes(b"")
    done = Maker(protocol_of(), folder, out=tmp_path / "out").make()
    assert len([case for case in done.key.cases.values() if not case.practice]) == 20
    assert len(done.skipped) == 2
    assert any("003_000.png" in line for line in done.skipped)


def test_too_few_radiographs_are_used_again_cropped_otherwise(tmp_path):
    done = Maker(protocol_of(), draw(tmp_path / "in", 5), out=tmp_path / "out").make()
    assert done.reused == 5
    assert len(set(done.bundle.images.values())) == len(done.bundle.images)
    originals = [case for case in done.key.cases.values() if not case.practice]
    assert len({bytes(pixels(done.bundle, case.original)) for case in originals}) == 20


def test_without_reuse_too_few_radiographs_are_one_sentence(tmp_path):
    protocol = protocol_of(images={"reuse": False})
    with pytest.raises(StudioError, match="used up"):
        Maker(protocol, draw(tmp_path / "in", 5), out=tmp_path / "out").make()
    assert not (tmp_path / "out" / "bundle").exists()
    assert not (tmp_path / "out" / "key.json").exists()


def test_a_stopped_run_goes_on(tmp_path, monkeypatch):
    folder, out, made_now = draw(tmp_path / "in", 24), tmp_path / "out", []
    real = case_job.changed

    def stopping(*words):
        made_now.append(1)
        if len(made_now) == 9:
            raise KeyboardInterrupt
        return real(*words)

    monkeypatch.setattr(case_job, "changed", stopping)
    with pytest.raises(KeyboardInterrupt):
        Maker(protocol_of(), folder, out=out).make()
    assert not (out / "bundle").exists()
    with pytest.raises(StudioError, match="another study that is not finished"):
        Maker(protocol_of(images={"count": 3}), folder, out=out).make()
    done = Maker(protocol_of(), folder, out=out).make()
    assert len(made_now) == 9 + 22 - 8  # what was finished is not made again
    assert len(done.key.cases) == 22
    with pytest.raises(StudioError, match="already"):
        Maker(protocol_of(), folder, out=out)


def test_real_or_fake_from_several_sources(tmp_path):
    conditions = [
        {"generator": "biharmonic", "hole": 40},
        {"generator": "ct-superposition", "diameter": "uniform:20,30px"},
        {"generator": "folder", "folder": "theirs", "name": "elsewhere"},
    ]
    draw(tmp_path / "theirs", 6)
    (tmp_path / "labels.csv").write_text(
        "image,label\n" + "".join(f"{k:03d}_000.png,{'Mass|Nodule' if k % 2 else 'No Finding'}\n" for k in range(20))
    )
    sections = {"conditions": conditions, "pathology": {"csv": "labels.csv"}, "images": {"count": 3, "size": 96}}
    protocol = protocol_of("real-or-fake", **sections)
    done = Maker(protocol, draw(tmp_path / "in", 20), out=tmp_path / "out", base=tmp_path).make()
    titles = [case.condition for case in done.key.cases.values() if not case.practice]
    assert {title: titles.count(title) for title in titles} == dict.fromkeys(
        ["real", "biharmonic, 40 px", "ct-superposition, uniform:20,30px", "elsewhere"], 3
    )
    for case in done.key.cases.values():
        (name,) = [name for name in (case.original, case.altered) if name]
        assert pixels(done.bundle, name).shape == (96, 96)
        assert bool(case.altered) == (case.condition != "real")
        assert len(case.boxes) == (0 if case.condition in ("real", "elsewhere") else 1)
        assert case.pathology in {("Mass", "Nodule"), ("No Finding",)}


@pytest.mark.parametrize("assignment", ["crossed", "rotated"])
def test_conditions_on_the_same_radiographs(tmp_path, assignment):
    conditions = [{"generator": "telea", "hole": 24}, {"generator": "biharmonic", "hole": 24}]
    protocol = protocol_of(conditions=conditions, images={"count": 6}, order={"assignment": assignment})
    done = Maker(protocol, draw(tmp_path / "in", 12), out=tmp_path / "out").make()
    main = [case for case in done.key.cases.values() if not case.practice]
    by_source: dict[str, set[str]] = {}
    for case in main:
        by_source.setdefault(case.source, set()).add(case.generator)
    assert list(by_source.values()) == [{"telea", "biharmonic"}] * 6
    assert len([t for t in done.bundle.schedules[0] if t.block >= 0]) == (12 if assignment == "crossed" else 6)


def test_a_nodule_study_asks_for_the_nodule(tmp_path):
    protocol = protocol_of(conditions=[{"generator": "ct-superposition", "diameter": "30px"}], images={"count": 3})
    done = Maker(protocol, draw(tmp_path / "in", 8), out=tmp_path / "out").make()
    assert done.bundle.rules.question == "nodule"
    case = next(iter(done.key.cases.values()))
    ((y0, x0, y1, x1),) = case.boxes
    assert case.mask  # a nodule is no box
    assert case.marked((x0 + x1) / 2, (y0 + y1) / 2)
    assert not case.marked(x0, y0)


@pytest.mark.parametrize(("size", "bits"), [("native", 16), (100, 8), (300, 8)])
def test_shown_by_the_radiographs_own_window(tmp_path, size, bits):
    source = read_radiograph(sorted(draw(tmp_path / "in", 1).iterdir())[0])
    protocol = protocol_of(images={"size": size, "bits": bits})
    shown = rendering_of(source, protocol.images, (0, 0, HEIGHT, WIDTH)).grey(source, source.stored)
    assert shown.dtype == (np.uint16 if bits == 16 else np.uint8)
    assert shown.shape == ((HEIGHT, WIDTH) if size == "native" else (size, size))
    if size == "native":
        assert (shown == source.stored.astype(np.uint16) * 257).all()
    else:  # in the middle, in its own proportions
        blank = (size - round(size * WIDTH / HEIGHT)) // 2
        assert not shown[:, :blank].any()
        assert shown[:, blank + 2 : size - blank - 2].all(axis=0).any()


def test_a_crop_keeps_the_change():
    inside = np.zeros((100, 100), bool)
    inside[1:20, 80:99] = True
    for seed in range(50):
        y0, x0, y1, x1 = random_crop((100, 100), inside, 0.1, rng=np.random.default_rng(seed))
        assert y0 <= 1
        assert x1 >= 99
        assert x0 <= 5
        assert y1 >= 95


def test_unknown_generators_and_empty_folders_are_told_before_anything_is_made(tmp_path):
    folder = draw(tmp_path / "in", 1)
    with pytest.raises(StudioError, match="no generator 'nobody'"):
        Maker(protocol_of(conditions=[{"generator": "nobody"}]), folder, out=tmp_path / "out")
    (tmp_path / "empty").mkdir()
    for wrong, words in ((tmp_path / "empty", "no radiographs"), (tmp_path / "none", "no such folder")):
        with pytest.raises(StudioError, match=words):
            Maker(protocol_of(), wrong, out=tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_labels_that_are_not_there(tmp_path):
    (tmp_path / "labels.csv").write_text("file,label\na.png,Mass\n")
    protocol = protocol_of(pathology={"csv": "labels.csv"})
    with pytest.raises(StudioError, match="no column image"):
        Maker(protocol, draw(tmp_path / "in", 1), out=tmp_path / "out", base=tmp_path)
