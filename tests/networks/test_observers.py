"""Observers pick the real crop where a fill shows, guess where nothing was changed, and come back from disk alike."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from scipy.ndimage import gaussian_filter

from cxr_studio.errors import Cancelled, CheckpointError
from cxr_studio.networks.observer import ObserverError
from cxr_studio.networks.observers.network import KINDS, Kind, log_mean_odds, network_of
from cxr_studio.networks.observers.observer import Eye, Observer, percent_correct
from cxr_studio.networks.observers.pairs import Pairs, central_holes, centred, crop_side, is_known, joined
from cxr_studio.networks.observers.saving import load_observer, save_observer
from cxr_studio.networks.observers.training import PairTraining, train_observer

QUICK = PairTraining(steps=30, pairs=8, seeds=(0, 1))
SIDE = 32


def textures(count: int, seed: int) -> np.ndarray:
    """Unit crops [N, S, S] of a cloudy texture with grain."""
    rng = np.random.default_rng(seed)
    clouds = gaussian_filter(rng.normal(0, 1, (count, SIDE, SIDE)), (0, 3, 3))
    return (0.5 + clouds + 0.05 * rng.normal(0, 1, clouds.shape)).astype(np.float32)


def pairs(count: int, *, seed: int, smooth: float) -> Pairs:
    """Real textures, and the same with the central square smoothed; with ``smooth`` 0 other textures, all real."""
    real = textures(count, seed)
    fake = gaussian_filter(real, (0, smooth, smooth)) if smooth else textures(count, seed + 1000)
    fake = np.where(central_holes(real.shape), fake, real) if smooth else fake
    return Pairs(real, fake.astype(np.float32), tuple(f"{seed}-{k // 2}" for k in range(count)))


@pytest.mark.parametrize("kind", KINDS)
def test_a_smooth_fill_is_found(kind: Kind) -> None:
    observer = train_observer(pairs(48, seed=1, smooth=3), kind, training=QUICK)
    assert percent_correct(observer, pairs(60, seed=2, smooth=3)).value > 0.9


@pytest.mark.parametrize("kind", KINDS)
def test_where_both_are_real_it_guesses(kind: Kind) -> None:
    observer = train_observer(pairs(48, seed=1, smooth=0), kind, training=QUICK)
    rate = percent_correct(observer, pairs(120, seed=2, smooth=0))
    assert rate.low - 0.05 <= 0.5 <= rate.high + 0.05
    assert (rate.pairs, rate.patients) == (120, 60)


def test_alike_crops_are_a_tie() -> None:
    observer = train_observer(pairs(16, seed=1, smooth=3), training=PairTraining(steps=2, pairs=4))
    real = textures(10, 5)
    assert percent_correct(observer, Pairs(real, real.copy(), tuple("abcdefghij"))).value == 0.5


def test_the_eye_hides_what_lies_below_its_noise() -> None:
    """Grain of a hundredth of the window beside noise of a tenth: nothing is left to see but what chance gives."""
    rng = np.random.default_rng(3)
    flat = (0.5 + 0.01 * rng.normal(0, 1, (160, SIDE, SIDE))).astype(np.float32)
    fake = np.where(central_holes(flat.shape), np.float32(0.5), flat)
    grain = Pairs(flat, fake, tuple(str(k) for k in range(160)))
    tested = grain.only(np.arange(80, 160))
    for eye, low, high in ((Eye(), 0.9, 1.0), (Eye(blur=1.0, noise=25.0), 0.35, 0.65)):
        observer = train_observer(grain.only(np.arange(80)), training=replace(QUICK, eye=eye))
        assert low <= percent_correct(observer, tested).value <= high


def test_brightness_and_contrast_do_not_matter() -> None:
    observer = train_observer(pairs(16, seed=1, smooth=3), training=PairTraining(steps=5, pairs=4))
    crops = textures(6, 9)
    np.testing.assert_allclose(observer.scores(crops), observer.scores(2 * crops - 0.3), atol=0.05)


def test_the_same_seeds_give_the_same_observer_and_leave_chance_alone() -> None:
    torch.manual_seed(0)
    expected = torch.rand(1)
    torch.manual_seed(0)
    training = PairTraining(steps=3, pairs=4)
    first, second = (train_observer(pairs(16, seed=1, smooth=2), "human-like", training=training) for _ in range(2))
    assert torch.rand(1) == expected
    crops = textures(6, 9)
    np.testing.assert_array_equal(first.scores(crops), second.scores(crops))
    assert not np.array_equal(first.scores(crops), first.scores(crops, look=1))


def test_training_ends_early_when_nothing_is_left_to_learn() -> None:
    steps = []
    real = textures(24, 1)
    fake = np.where(central_holes(real.shape), np.float32(0.5), real)
    easy = Pairs(real, fake, tuple(str(k) for k in range(24)))
    training = PairTraining(steps=400, pairs=8, seeds=(0,))
    train_observer(easy, training=training, progress=lambda fraction, words: steps.append(fraction))
    assert 40 <= len(steps) < 400


def test_training_stops_when_it_is_cancelled() -> None:
    def cancel(fraction: float, words: str) -> None:
        raise Cancelled()

    with pytest.raises(Cancelled):
        train_observer(pairs(16, seed=1, smooth=2), training=QUICK, progress=cancel)


@pytest.mark.parametrize("kind", KINDS)
def test_an_observer_comes_back_from_disk(tmp_path: Path, kind: Kind) -> None:
    trained = train_observer(pairs(16, seed=1, smooth=2), kind, training=PairTraining(steps=3, pairs=4))
    save_observer(tmp_path / "one.safetensors", trained)
    loaded = load_observer(tmp_path / "one.safetensors")
    assert (loaded.kind, loaded.eye, loaded.card) == (kind, trained.eye, {**trained.card, "seeds": [0, 1]})
    crops = textures(6, 9)
    np.testing.assert_allclose(loaded.scores(crops), trained.scores(crops), atol=0.05)


def test_no_observer_is_refused_in_words(tmp_path: Path) -> None:
    path = tmp_path / "none.safetensors"
    path.write_bytes(b"not a file of weights")
    with pytest.raises(CheckpointError, match="not an observer"):
        load_observer(path)


def test_pairs_are_checked_and_parted() -> None:
    good = pairs(8, seed=1, smooth=2)
    assert len(good.without(["1-0"])) == 6
    assert joined([good, good]).groups == good.groups * 2
    with pytest.raises(ObserverError, match="multiple of 16"):
        Pairs(good.real[:, :20, :20], good.fake[:, :20, :20], good.groups)
    with pytest.raises(ObserverError, match="names"):
        Pairs(good.real, good.fake, good.groups[1:])
    with pytest.raises(ObserverError, match="finite"):
        Pairs(good.real, good.fake * np.float32(np.nan), good.groups)
    with pytest.raises(ObserverError, match="too few"):
        train_observer(good.only(np.arange(4)))


def test_all_places_count_alike_and_weights_are_few() -> None:
    odds = torch.tensor([[[0.0, 2.0], [1.0, -1.0]]])
    assert float(log_mean_odds(odds)) == pytest.approx(float(torch.exp(odds).mean().log()))
    for kind in KINDS:
        assert sum(p.numel() for p in network_of(kind).parameters()) < 210_000


def test_an_observer_adds_its_members_up() -> None:
    trained = train_observer(pairs(16, seed=1, smooth=2), training=PairTraining(steps=3, pairs=4))
    crops = textures(4, 9)
    alone = [Observer(trained.kind, (member,)).scores(crops) for member in trained.members]
    np.testing.assert_allclose(trained.scores(crops), alone[0] + alone[1], atol=1e-6)


def test_it_knows_whom_it_saw_without_naming_them(tmp_path: Path) -> None:
    trained = train_observer(pairs(16, seed=1, smooth=2), training=PairTraining(steps=2, pairs=4))
    save_observer(tmp_path / "one.safetensors", trained)
    loaded = load_observer(tmp_path / "one.safetensors")
    assert [loaded.saw(name) for name in ("1-0", "1-7", "1-8", "2-0")] == [True, True, False, False]
    assert b"1-7" not in (tmp_path / "one.safetensors").read_bytes()[:4000]


def test_crops_are_twice_the_hole_and_centred_on_it() -> None:
    image = np.arange(64 * 64, dtype=np.float32).reshape(64, 64)
    box = (0, 30, 20, 46)
    side = crop_side([box, (0, 0, 10, 10)])
    assert side == 48
    crop = centred(image, box, side)
    np.testing.assert_array_equal(crop[14:34, 16:32], image[0:20, 30:46])
    np.testing.assert_array_equal(crop[13], crop[14])
    assert not centred(image < 0, box, side).any()
    assert [is_known((0, 0, s, 8)) for s in (31, 32, 128, 129)] == [False, True, True, False]
