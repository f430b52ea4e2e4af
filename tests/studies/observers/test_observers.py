"""Model observers find what is there, guess where nothing is, and sit a study as readers do."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from cxr_studio.errors import StudioError
from cxr_studio.networks.observer import Training
from cxr_studio.studies.ledger import SittingOptions
from cxr_studio.studies.observers.hotelling import CHANNELS, channel_features, channels, hotelling_scores, template
from cxr_studio.studies.observers.images import ObservedImage, observed_images, thresholds_of
from cxr_studio.studies.observers.observing import Machine, observe
from cxr_studio.studies.observers.scanning import scan_scores, window_side, windows_for_training
from cxr_studio.studies.outcomes import EVERY, answers_table
from cxr_studio.studies.sitting import Sitting
from tests.studies.tiny_study import tiny_study

QUICK = Training(folds=2, epochs=6)


def observed(bundle, key, name="cho", **options):
    machine = Machine(name, QUICK)
    sitting = Sitting(
        bundle, f"machine-{name}", SittingOptions(origin="machine", provenance=machine.provenance, **options)
    )
    try:
        return list(observe(sitting, key, machine))
    finally:
        sitting.close()


@pytest.mark.parametrize("name", ["cnn", "cho"])
def test_a_flat_square_is_found_in_pairs(tmp_path, name):
    bundle, key = tiny_study(tmp_path, answer={"confidence": 4})
    given = observed(bundle, key, name)
    found = answers_table(bundle, key, phases=EVERY)
    assert len(given) == len(found) == 20
    assert {each.origin for each in found} == {"machine"}
    assert np.mean([each.correct for each in found]) > 0.9
    assert {each.confidence for each in found} == {1, 2, 3, 4}


@pytest.mark.parametrize("question", ["original", "changed"])
def test_the_question_is_answered(tmp_path, question):
    bundle, key = tiny_study(tmp_path, study={"question": question})
    observed(bundle, key)
    assert all(each.correct for each in answers_table(bundle, key))


def test_images_alone_are_told_apart(tmp_path):
    bundle, key = tiny_study(tmp_path, "real-or-fake")
    observed(bundle, key)
    found = answers_table(bundle, key)
    assert np.mean([each.correct for each in found]) > 0.8
    assert {each.response for each in found} == {"real", "fake"}


@pytest.mark.parametrize("score", [scan_scores, hotelling_scores])
def test_where_nothing_was_changed_it_guesses(tmp_path, score):
    """Both of every pair are noise of their own: what is learnt of some patients says nothing of the others."""
    bundle, key = tiny_study(tmp_path, images={"count": 20})
    rng = np.random.default_rng(1)
    for name in bundle.images:
        path = bundle.image(name)
        Image.fromarray(rng.integers(0, 256, (64, 64), np.uint8)).save(path, compress_level=0)
    images = observed_images(bundle, key)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(type(bundle), "check_image", type(bundle).image)
        scores = score(bundle, images, QUICK).values
    cases = [case for case in key.cases.values() if case.altered]
    right = np.mean([scores[case.altered] > scores[case.original] for case in cases])
    assert 0.25 < right < 0.75  # 3 standard errors of 42 pairs


def test_the_log_says_what_the_machine_is_and_knows(tmp_path):
    bundle, key = tiny_study(tmp_path)
    observed(bundle, key)
    sitting = Sitting(bundle, "machine-cho", SittingOptions(origin="machine"))
    note = next(row for row in sitting.ledger.trail if row.kind == "observer")
    sitting.close()
    body = json.loads(note.body)
    assert "location known" in body["description"]
    assert (body["folds"], body["images"]) == (2, 36)


def test_same_seed_same_answers_and_no_place_twice(tmp_path):
    bundle, key = tiny_study(tmp_path)
    choices = []
    for database in ("a.sqlite", "b.sqlite"):
        observed(bundle, key, "cnn", database=tmp_path / database)
        choices.append([each.response for each in answers_table(bundle, key, databases=[tmp_path / database])])
    assert choices[0] == choices[1]
    assert observed(bundle, key, "cnn", database=tmp_path / "a.sqlite") == []


def test_who_sits_as_a_person_is_refused(tmp_path):
    bundle, key = tiny_study(tmp_path)
    sitting = Sitting(bundle, "anna")
    with pytest.raises(StudioError, match="as a machine"):
        next(observe(sitting, key, Machine("cho", QUICK)))
    sitting.close()


def test_too_few_patients_is_a_sentence(tmp_path):
    bundle, key = tiny_study(tmp_path)
    cases = {name: replace(case, patient="one") for name, case in key.cases.items()}
    with pytest.raises(StudioError, match="cannot be divided"):
        observed(bundle, replace(key, cases=cases))


# --- parts ---

IMAGE = ObservedImage("a.png", "a", "p", True, ((40, 60, 80, 100),), False)


def test_windows_of_a_changed_image_hold_its_change():
    picture = np.zeros((256, 256), np.float32)
    picture[40:80, 60:100] = 1
    patches, labels = windows_for_training(IMAGE, picture, np.random.default_rng(0))
    assert patches.shape[1:] == (64, 64)
    assert (patches[labels].sum((1, 2)) > 0).all()
    assert (patches[~labels] == 0).all()
    assert labels.sum() == 4
    _, before = windows_for_training(replace(IMAGE, changed=False), picture, np.random.default_rng(0))
    assert not before.any()


@pytest.mark.parametrize(("shape", "side"), [((1024, 1024), 64), ((224, 300), 56), ((64, 64), 16), ((20, 20), 16)])
def test_side_of_a_window(shape, side):
    assert window_side(shape) == side


def test_channels_peak_where_the_paper_puts_them():
    found = channels(256)
    assert found.shape == (CHANNELS, 256, 256)
    assert np.allclose(found[:, 0, 0], 0)  # no channel sees the mean
    peaks = np.fft.fftfreq(256)[found[:, 0, :128].argmax(1)]
    sigma = 0.005 * 1.4 ** np.arange(CHANNELS)
    q2 = 1.67**2
    expected = sigma * np.sqrt(2 * q2 * np.log(q2) / (q2 - 1))  # where the derivative of the difference is 0
    assert np.allclose(peaks[2:], expected[2:], atol=1 / 256)


def test_a_blob_answers_in_the_centre_and_smoothing_in_the_energy():
    rng = np.random.default_rng(2)
    picture = rng.normal(0.5, 0.05, (200, 200)).astype(np.float32)
    y, x = np.mgrid[:200, :200]
    box = (80, 80, 112, 112)
    blob = picture + 0.3 * np.exp(-((y - 96) ** 2 + (x - 96) ** 2) / 50).astype(np.float32)
    smooth = picture.copy()
    smooth[80:112, 80:112] = 0.5
    base, with_blob, smoothed = (channel_features(p, box) for p in (picture, blob, smooth))
    assert (with_blob - base)[:CHANNELS].max() > 0.03
    assert ((smoothed - base)[-3:] < -0.5).all()


def test_the_template_is_hotellings():
    rng = np.random.default_rng(4)
    spread = np.array([[2.0, 0.8], [0.8, 1.0]])
    features = rng.multivariate_normal((0, 0), spread, 4000)
    changed = np.arange(4000) % 2 == 1
    features[changed] += (1.0, 0.0)
    found = template(features, changed)
    expected = np.linalg.solve(spread, (1.0, 0.0))
    assert found / np.linalg.norm(found) == pytest.approx(expected / np.linalg.norm(expected), abs=0.06)


def test_thresholds_never_look_at_the_truth_of_their_own_fold():
    images = [replace(IMAGE, name=str(k), changed=k % 4 == 0) for k in range(40)]
    values, parts = np.arange(40.0), np.arange(40) // 20
    found = thresholds_of(images, values, parts)
    assert (values > found)[:20].sum() == (values > found)[20:].sum() == 5
    turned = [
        replace(image, changed=not image.changed) if part == 0 else image
        for image, part in zip(images, parts, strict=True)
    ]
    assert (thresholds_of(turned, values, parts)[:20] == found[:20]).all()


@pytest.mark.parametrize("name", ["cnn", "cho"])
def test_a_study_whose_changes_were_taken_back_is_guessed(tmp_path, name):
    """Negative control through log and statistics: whatever is not in the pixels (names, order, key) tells nothing."""
    bundle, key = tiny_study(tmp_path, images={"count": 24}, order={"repeats": 0})
    for case in key.cases.values():
        bundle.image(case.altered).write_bytes(bundle.image(case.original).read_bytes())
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(type(bundle), "check_image", type(bundle).image)
        observed(bundle, key, name)
    right = sum(bool(each.correct) for each in answers_table(bundle, key))
    assert 12 <= right <= 36  # 48 pairs, 3.5 standard errors
