"""The role "translate": labels, blind repair, and nothing outside a mask."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
import torch
from PIL import Image

from cxr_studio.cli.main import main
from cxr_studio.errors import GeneratorError
from cxr_studio.generation.request import ImageView
from cxr_studio.generation.session import Session
from cxr_studio.networks.card import Role
from cxr_studio.radiographs.greyscale import linear_greyscale
from cxr_studio.radiographs.reading import read_radiograph
from cxr_studio.resources import user_models
from cxr_studio.roles import answer, request_again
from cxr_studio.translate.options import TranslateOptions, TranslateRequest
from tests.generation.strangers import CARDS, write, write_told

SHAPE = 160, 128
STORED = np.random.default_rng(4).integers(20_000, 40_000, SHAPE).astype(np.uint16)
MASK = np.zeros(SHAPE, bool)
MASK[50:90, 40:80] = True
MASK.setflags(write=False)


@pytest.fixture
def models():
    folder = user_models()
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def asked(mask=None, **more) -> TranslateRequest:
    grey = linear_greyscale(STORED.dtype, 16)
    view = ImageView(STORED, grey, grey.pixel_range(*grey.modality_range))
    return TranslateRequest(1, view, TranslateOptions("stranger-translate", **more), mask)


def drawn(request: TranslateRequest):
    result = answer(request, device="cpu")
    image = request.image.stored.copy()
    for patch in result.patches:
        y0, x0, y1, x1 = patch.box
        image[y0:y1, x0:x1] = patch.stored
    return result, image


def known(monkeypatch, models, network, **card):
    """A translating network of the test's own."""
    write_told(models, monkeypatch, replace(CARDS[Role.TRANSLATE], **card), network)


def test_what_a_network_leaves_as_it_is_keeps_every_bit(models, monkeypatch):
    known(monkeypatch, models, lambda image, given, rng: image)
    result, image = drawn(asked())
    assert np.array_equal(image, STORED), "the change is added, so fine detail stays"
    assert result.written.whole(SHAPE).all()


def test_a_change_is_added_at_full_resolution(models, monkeypatch):
    known(monkeypatch, models, lambda image, given, rng: image + 0.1)
    _, image = drawn(asked())
    difference = image.astype(float) - STORED
    assert difference.mean() == pytest.approx(0.05 * 65_535, rel=0.01)
    assert difference[20:-20, 20:-20].std() < 50


def test_labels_reach_the_network_in_the_cards_order(models, monkeypatch):
    seen = []

    def network(image, given, rng):
        seen.append(given.tolist())
        return image

    known(monkeypatch, models, network, labels=("effusion", "pneumonia", "mass"))
    drawn(asked(labels=("mass", "effusion")))
    drawn(asked())
    assert seen == [[[1.0, 0.0, 1.0]], [[0.0, 0.0, 0.0]]]
    with pytest.raises(GeneratorError, match="cannot draw 'fracture'; it has effusion, pneumonia, mass"):
        drawn(asked(labels=("fracture",)))


def test_a_blind_network_takes_no_labels(models):
    write(models, CARDS[Role.TRANSLATE])
    with pytest.raises(GeneratorError, match="it takes no labels"):
        drawn(asked(labels=("mass",)))


@pytest.mark.parametrize("base", ["", "blank"])
def test_outside_a_mask_nothing_changes(models, base):
    write(models, replace(CARDS[Role.TRANSLATE], base=base))
    result, image = drawn(asked(MASK))
    assert np.array_equal(image[~MASK], STORED[~MASK])
    assert np.mean(image[MASK] != STORED[MASK]) > 0.9
    assert np.array_equal(result.written.whole(SHAPE), MASK)


def test_a_blanked_region_is_hidden_and_nothing_of_it_comes_back(models, monkeypatch):
    seen: list[torch.Tensor] = []

    def network(image, given, rng):
        seen.append(image.clone())
        return torch.zeros_like(image)

    known(monkeypatch, models, network, base="blank")
    _, image = drawn(asked(MASK, feather=0))
    (grey,) = seen
    hidden = grey[0, 0, 20:36, 22:38]
    assert (hidden == -1).all()
    assert image[MASK].mean() == pytest.approx(32_768, rel=0.02)
    assert abs(np.corrcoef(image[MASK], STORED[MASK])[0, 1]) < 0.1, "its grain is that of the surroundings"


def whole(stored) -> TranslateRequest:
    grey = linear_greyscale(stored.dtype, 16)
    view = ImageView(stored, grey, grey.pixel_range(*grey.modality_range))
    return TranslateRequest(1, view, TranslateOptions("stranger-translate"))


def inked(image, given, rng):
    """Repairs whatever is black below the upper quarter, where this network takes it for air."""
    answer = torch.where(image < -0.996, torch.full_like(image, 0.2), image)
    answer[:, :, : image.shape[-1] // 4] = image[:, :, : image.shape[-1] // 4]
    return answer


def test_a_blind_repair_has_no_frame_and_leaves_air_black(models, monkeypatch):
    """The region begins and ends in the middle of the network's pixels."""
    known(monkeypatch, models, inked)
    stored = np.full(SHAPE, 30_000, np.uint16)
    stored[83:124, 33:78] = 0
    stored[:21] = 0
    _, image = drawn(whole(stored))
    blank = np.zeros(SHAPE, bool)
    blank[83:124, 33:78] = True
    assert np.array_equal(image[~blank], stored[~blank]), "tissue beside the region and air stay, bit for bit"
    inner = image[88:119, 38:73].astype(int)
    assert np.all(np.abs(inner - round(0.6 * 65_535)) <= 66)
    assert image[blank].min() >= 29_000, "no dark rim"
    assert image[blank].max() <= round(0.6 * 65_535 * 1.06), "no bright rim but for what enlarging overshoots"


def test_what_a_blind_repair_leaves_of_a_region_is_filled_from_around(models, monkeypatch):
    def network(image, given, rng):
        answer = inked(image, given, rng)
        answer[:, :, 36:40, 18:22] = image[:, :, 36:40, 18:22]
        return answer

    known(monkeypatch, models, network)
    stored = np.full(SHAPE, 30_000, np.uint16)
    stored[83:124, 33:78] = 0
    _, image = drawn(whole(stored))
    assert image[83:124, 33:78].min() >= 29_000


@pytest.mark.parametrize(
    ("mask", "words"),
    [(np.zeros(SHAPE, bool), "mask is empty"), (np.ones((3, 3), bool), "differ in size")],
)
def test_a_mask_that_fits_nothing_is_refused(models, mask, words):
    write(models, CARDS[Role.TRANSLATE])
    with pytest.raises(GeneratorError, match=words):
        drawn(asked(mask))


@pytest.mark.parametrize("mask", [None, MASK])
def test_an_edit_is_made_again(models, tmp_path, mask):
    write(models, CARDS[Role.TRANSLATE])
    Image.fromarray(STORED).save(tmp_path / "chest.png")
    session = Session(read_radiograph(tmp_path / "chest.png"))
    edit = session.add(answer(session.request(TranslateOptions("stranger-translate"), mask), device="cpu"), "Stranger")
    request = request_again(session, edit.number)
    assert (request.region is None) == (mask is None)
    again = answer(request, device="cpu")
    assert np.array_equal(again.patches[0].stored, edit.patches[0].stored)


def test_the_command_repairs_without_a_mask_and_says_what_changed(models, tmp_path, capsys):
    write(models, CARDS[Role.TRANSLATE])
    Image.fromarray(STORED).save(tmp_path / "chest.png")
    Image.fromarray(MASK).save(tmp_path / "mask.png")
    words = ["translate", str(tmp_path / "chest.png"), "--out", str(tmp_path / "out.png"), "--device", "cpu"]
    words += ["--generator", "stranger-translate"]
    assert main(words) == 0
    assert json.loads(capsys.readouterr().out)["changed_share"] > 0.5
    assert main([*words, "--mask", str(tmp_path / "mask.png")]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert facts["changed_outside"] == 0
    assert 0 < facts["changed_share"] <= MASK.mean()
    assert np.array_equal(read_radiograph(tmp_path / "out.png").stored[~MASK], STORED[~MASK])
