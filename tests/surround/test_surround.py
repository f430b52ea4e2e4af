"""The role "surround": the box stays, bit for bit, and everything around it is drawn."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
import torch
from PIL import Image

from cxr_studio.cli.main import main
from cxr_studio.errors import GeneratorError
from cxr_studio.generation.hashing import array_sha256
from cxr_studio.generation.request import ImageView
from cxr_studio.generation.session import Session
from cxr_studio.generation.session_file import load_session, save_session
from cxr_studio.networks.card import Role
from cxr_studio.radiographs.greyscale import linear_greyscale
from cxr_studio.radiographs.reading import read_radiograph
from cxr_studio.resources import user_models
from cxr_studio.roles import answer, request_again
from cxr_studio.surround.options import SurroundOptions, SurroundRequest
from tests.generation.strangers import CARDS, write, write_told

SHAPE = 150, 200
BOX = (40, 60, 90, 140)
STORED = np.random.default_rng(3).integers(8_000, 50_000, SHAPE).astype(np.uint16)


@pytest.fixture
def models():
    folder = user_models()
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def asked(box=BOX, generator="stranger-surround", **more) -> SurroundRequest:
    grey = linear_greyscale(STORED.dtype, 16)
    view = ImageView(STORED, grey, grey.pixel_range(*grey.modality_range))
    return SurroundRequest(1, view, SurroundOptions(generator, **more), box)


def drawn(request: SurroundRequest):
    result = answer(request, device="cpu")
    image = request.image.stored.copy()
    for patch in result.patches:
        y0, x0, y1, x1 = patch.box
        image[y0:y1, x0:x1] = patch.stored
    return result, image


def inside(box=BOX) -> np.ndarray:
    mask = np.zeros(SHAPE, bool)
    mask[box[0] : box[2], box[1] : box[3]] = True
    return mask


def test_the_box_stays_and_all_else_is_drawn(models):
    write(models, CARDS[Role.SURROUND])
    result, image = drawn(asked())
    box = inside()
    assert np.array_equal(image[box], STORED[box])
    assert np.mean(image[~box] != STORED[~box]) > 0.99
    assert np.array_equal(result.written.whole(SHAPE), ~box)
    kept = array_sha256(np.ascontiguousarray(image[BOX[0] : BOX[2], BOX[1] : BOX[3]]))
    assert (result.provenance.kept_sha256, result.provenance.box) == (kept, BOX)
    assert result.provenance.role == "surround"
    assert "64 × 48 pixels and enlarged" in result.message


def test_the_same_seed_draws_the_same(models):
    write(models, CARDS[Role.SURROUND])
    first, again, other = (drawn(asked(seed=seed))[1] for seed in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_the_network_sees_the_box_and_black_around_it(models, monkeypatch):
    seen: list[tuple[torch.Tensor, torch.Tensor]] = []

    def network(image, given, rng):
        seen.append((image.clone(), given.clone()))
        return torch.zeros_like(image)

    write_told(models, monkeypatch, CARDS[Role.SURROUND], network)
    _, image = drawn(asked())
    ((grey, kept),) = seen
    assert grey.shape == kept.shape == (1, 1, 64, 64)
    assert set(kept.unique().tolist()) == {0.0, 1.0}
    assert (grey[kept == 0] == -1).all()
    assert float(kept.sum()) == pytest.approx(50 * 80 * (64 / 200) ** 2, rel=0.1)
    rows = torch.nonzero(kept[0, 0].amax(1)).flatten()
    assert (int(rows[0]), int(rows[-1])) == pytest.approx((8 + 40 * 0.32, 8 + 90 * 0.32 - 1), abs=1)
    assert np.all(np.abs(image[~inside()].astype(int) - 32_768) <= 1), "0 is the middle of the range"


@pytest.mark.parametrize(
    ("box", "words"),
    [
        ((0, 0, *SHAPE), "covers the whole image"),
        ((-20, -20, 500, 500), "covers the whole image"),
        ((300, 300, 320, 320), "outside the image"),
        ((10, 10, 11, 11), "smaller than a pixel of the generator"),
        (None, "needs a box"),
    ],
)
def test_a_box_that_cannot_be_kept_is_refused(models, box, words):
    write(models, CARDS[Role.SURROUND])
    with pytest.raises(GeneratorError, match=words):
        answer(asked(box), device="cpu")


def test_padding_stays(models):
    write(models, CARDS[Role.SURROUND])
    stored = STORED.copy()
    stored[:, :9] = 0
    request = asked()
    grey = replace(request.image.grey, padding=(0, 0))
    result, image = drawn(replace(request, image=replace(request.image, stored=stored, grey=grey)))
    assert (image[:, :9] == 0).all()
    assert not result.written.whole(SHAPE)[:, :9].any()


def test_an_edit_is_saved_and_made_again(models, tmp_path):
    write(models, CARDS[Role.SURROUND])
    Image.fromarray(STORED).save(tmp_path / "chest.png")
    session = Session(read_radiograph(tmp_path / "chest.png"))
    result = answer(session.request(SurroundOptions("stranger-surround", seed=3), BOX), device="cpu")
    edit = session.add(result, "Stranger")
    save_session(tmp_path / "work.cxrs", session)
    back = load_session(tmp_path / "work.cxrs")
    assert np.array_equal(back.composite, session.composite)
    assert back.edits[0].provenance == result.provenance
    request = request_again(back, edit.number)
    assert (request.region, request.options) == (BOX, SurroundOptions("stranger-surround", seed=3))
    again = answer(request, device="cpu")
    assert np.array_equal(again.patches[0].stored, result.patches[0].stored)


def test_the_command_writes_the_image_and_the_proof(models, tmp_path, capsys):
    write(models, CARDS[Role.SURROUND])
    Image.fromarray(STORED).save(tmp_path / "chest.png")
    out = tmp_path / "out.png"
    words = ["surround", str(tmp_path / "chest.png"), "--box", "60,40,140,90", "--out", str(out), "--device", "cpu"]
    assert main(words) == 0
    facts = json.loads(capsys.readouterr().out)
    written = read_radiograph(out).stored
    assert np.array_equal(written[inside()], STORED[inside()])
    assert facts["kept"]
    assert facts["kept_sha256"] == array_sha256(np.ascontiguousarray(written[40:90, 60:140]))
    assert facts["box"] == [60, 40, 140, 90]


def test_without_a_generator_the_command_says_so(tmp_path, capsys):
    Image.fromarray(STORED).save(tmp_path / "chest.png")
    words = ["surround", str(tmp_path / "chest.png"), "--box", "60,40,140,90", "--out", str(tmp_path / "out.png")]
    assert main([*words, "--generator", "nodule-texture"]) == 1
    assert "'nodule-texture' is of role insert, and here one of role surround is needed" in capsys.readouterr().err
