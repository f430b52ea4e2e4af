"""The adversarial inpainting network in use: any hole, any seed, with and without donors."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from cxr_studio.errors import Cancelled
from cxr_studio.events import CancelToken
from cxr_studio.generation.generators import varied_by
from cxr_studio.generation.request import ImageView
from cxr_studio.masks.boxes import cut
from cxr_studio.networks.card import Role
from cxr_studio.networks.checkpoint import read_checkpoint, save_checkpoint
from cxr_studio.networks.inpainter import Inpainter
from cxr_studio.radiographs.greyscale import linear_greyscale
from cxr_studio.resources import resource, user_models
from cxr_studio.restore.drawn_fill import LoadedInpainter, met_at_border
from cxr_studio.restore.fill import fill
from cxr_studio.restore.options import FillOptions, FillRequest
from cxr_studio.restore.trained_fill import load
from cxr_studio.roles import find, known, offered
from tests.conftest import draw_phantom

PHANTOM = draw_phantom(480, 448)
PHANTOM.setflags(write=False)


def asked(mask: np.ndarray, **options: object) -> FillRequest:
    grey = linear_greyscale(PHANTOM.dtype, 8 * PHANTOM.dtype.itemsize)
    chosen = FillOptions(**{"generator": "inpainting", "feather": 0, "grow": 0, **options})
    return FillRequest(1, ImageView(PHANTOM, grey, grey.modality_range), chosen, mask)


def answered(mask: np.ndarray, *, cancel: CancelToken | None = None, **options: object) -> np.ndarray:
    image = PHANTOM.copy()
    for patch in fill(asked(mask, **options), cancel=cancel).patches:
        image[cut(patch.box)] = patch.stored
    return image


def square(y: int, x: int, side: int) -> np.ndarray:
    mask = np.zeros(PHANTOM.shape, bool)
    mask[max(y, 0) : y + side, max(x, 0) : x + side] = True
    return mask


@pytest.mark.parametrize(
    ("y", "x", "side"), [(200, 200, 64), (200, 200, 3), (-8, 100, 40), (440, 410, 60), (120, 90, 150)]
)
def test_any_hole_is_filled_and_nothing_else_changes(y, x, side):
    mask = square(y, x, side)
    image = answered(mask)
    assert (image[~mask] == PHANTOM[~mask]).all()
    assert np.count_nonzero(image[mask] != PHANTOM[mask]) > 0.5 * np.count_nonzero(mask)


@pytest.mark.parametrize("side", [48, 130])
def test_another_seed_draws_something_else_and_the_same_one_the_same(side):
    mask = square(160, 150, side)
    first, again, other = answered(mask, seed=4), answered(mask, seed=4), answered(mask, seed=5)
    assert (first == again).all()
    assert np.mean(first[mask] != other[mask]) > 0.3


def test_it_draws_into_the_smooth_fill_of_the_network_that_its_card_names():
    card = find("inpainting", Role.RESTORE).card
    assert card is not None
    assert find(card.base, Role.RESTORE).role is Role.RESTORE
    loaded = load(find("inpainting", Role.RESTORE), "cpu")
    assert isinstance(loaded, LoadedInpainter)
    assert loaded.smooth.card.name == card.base


def test_provenance_names_the_checkpoint_that_it_draws_into():
    base = find("context-encoder", Role.RESTORE).checkpoint
    stated = fill(asked(square(200, 200, 20), generator="inpainting"), device="cpu").provenance
    assert base is not None
    assert stated.card["base_sha256"] == base.sha256
    assert "base_sha256" not in fill(asked(square(200, 200, 20), generator="context-encoder")).provenance.card


def test_a_donor_in_the_hole_changes_what_is_drawn():
    mask = square(200, 180, 50)
    assert np.mean(answered(mask)[mask] != answered(mask, generator="inpainting-donors")[mask]) > 0.3


def test_a_checkpoint_that_repairs_donors_is_offered_with_and_without():
    shipped = read_checkpoint(resource("checkpoints") / "inpainting.safetensors")
    small = {"widths": [8, 8, 8, 8], "blocks": [1, 1, 1]}
    card = replace(shipped.card, name="own-inpainting", title="Own", parameters=small)
    user_models().mkdir(parents=True, exist_ok=True)
    save_checkpoint(user_models() / "own.safetensors", Inpainter(widths=(8, 8, 8, 8), blocks=(1, 1, 1)), card)
    names = [facts.name for facts in known()]
    assert {"own-inpainting", "own-inpainting-donors"} <= set(names)
    mask = square(200, 180, 20)
    assert np.isfinite(answered(mask, generator="own-inpainting")[mask].astype(float)).all()


def test_variations_of_a_network_that_repairs_donors_come_from_other_donors():
    fillers = offered(Role.RESTORE)
    assert fillers[0].name == "inpainting"
    assert varied_by(find("inpainting", Role.RESTORE), fillers).name == "inpainting-donors"
    assert varied_by(find("exemplar", Role.RESTORE), fillers).name == "exemplar"
    assert varied_by(find("context-encoder", Role.RESTORE), fillers).name == "context-encoder"


def test_a_large_hole_can_be_cancelled():
    token = CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        answered(square(100, 100, 200), cancel=token)


def test_a_step_along_the_border_is_taken_out_and_a_surface_that_meets_it_is_left():
    y, x = np.mgrid[:80, :90].astype(np.float32)
    surface = 0.3 + 0.002 * y + 0.001 * x
    hole = np.zeros(surface.shape, bool)
    hole[20:60, 25:70] = True
    stepped = np.where(hole, surface + np.float32(0.2), surface)
    met = met_at_border(stepped, hole)
    assert (met[~hole] == surface[~hole]).all()
    assert np.abs(met - surface)[hole].max() < 0.02
    assert np.abs(met_at_border(surface, hole) - surface).max() < 0.01
