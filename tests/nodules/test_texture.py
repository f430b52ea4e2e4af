"""The texture generator in a radiograph: silhouettes, thickness, the patch and what is put back."""

import shutil
from dataclasses import replace

import numpy as np
import pytest
import torch

from cxr_studio.errors import GeneratorError
from cxr_studio.generation.request import view_of
from cxr_studio.masks.boxes import cut
from cxr_studio.masks.shapes import fill_ellipse
from cxr_studio.networks import registry
from cxr_studio.networks.card import Card, Role
from cxr_studio.networks.checkpoint import read_checkpoint, save_checkpoint
from cxr_studio.networks.registry import build
from cxr_studio.nodules.answering import draw_nodule
from cxr_studio.nodules.background import RESTORE, lung_behind
from cxr_studio.nodules.ct_library import Profile, bundled_library, held_out
from cxr_studio.nodules.patch_window import PatchWindow
from cxr_studio.nodules.placement import NoduleRequest, Placement
from cxr_studio.nodules.projection import project, random_rotation, view
from cxr_studio.nodules.simulation import Simulator, views
from cxr_studio.nodules.thickness import USUAL_DENSITY, density_of, drawn_density, inflated
from cxr_studio.radiographs.reading import read_radiograph
from cxr_studio.resources import resource
from cxr_studio.roles import find

HEALTHY = read_radiograph(resource("samples", "healthy-1.png"))
NAME = "nodule-texture"


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory):
    """A network that has learned nothing: the harmonic fill plus the contrast."""
    torch.manual_seed(1)
    card = Card(NAME, "Tiny", Role.INSERT, "compact-texture", {"width": 4}, 64, mm_per_pixel=0.375, reference_side=1024)
    path = tmp_path_factory.mktemp("texture") / "tiny.safetensors"
    save_checkpoint(path, build(card), card)
    return read_checkpoint(path)


def request(stored=HEALTHY.stored, **placement) -> NoduleRequest:
    wanted = Placement(**{"y": 420, "x": 290, "diameter": 40, "generator": NAME} | placement)
    return NoduleRequest(1, view_of(HEALTHY, stored), wanted)


def drawn(asked: NoduleRequest, checkpoint) -> tuple[np.ndarray, object]:
    asked = replace(asked, options=replace(asked.options, generator=str(checkpoint.path)))
    placed = draw_nodule(asked, device="cpu")
    image = asked.image.stored.copy()
    for patch in placed.patches:
        image[cut(patch.box)] = patch.stored
    return image, placed


@pytest.mark.parametrize("background", ["kept", "drawn"])
def test_a_nodule_is_drawn_at_its_place_and_nowhere_else(checkpoint, background):
    image, placed = drawn(request(background=background), checkpoint)
    silhouette = placed.drawn.whole(HEALTHY.shape)
    y, x = np.nonzero(silhouette)
    assert (y.mean(), x.mean()) == pytest.approx((420, 290), abs=1)
    assert placed.drawn.diameter == pytest.approx(40, abs=0.5)
    changed = image != HEALTHY.stored
    assert np.array_equal(changed, placed.written.whole(HEALTHY.shape))
    assert changed[silhouette].mean() > 0.8
    assert not changed[:370].any()
    assert not changed[470:].any()
    again, _ = drawn(request(background=background), checkpoint)
    assert np.array_equal(image, again)


def test_a_kept_background_keeps_every_line_of_it(checkpoint):
    image, placed = drawn(request(), checkpoint)
    core = placed.drawn.whole(HEALTHY.shape)
    difference = image.astype(float) - HEALTHY.stored
    assert difference[core].min() >= 0
    assert difference[core].mean() > 3
    rough = np.abs(np.diff(difference, 2, axis=0))[400:440, 280:300].mean()
    assert rough < 1.0, "what is added is smooth, so the noise stays the patient's"


def test_contrast_is_obeyed_and_density_follows_the_profile(checkpoint):
    def contrast(**placement):
        image, placed = drawn(request(seed=3, **placement), checkpoint)
        return float((image.astype(float) - HEALTHY.stored)[placed.drawn.whole(HEALTHY.shape)].mean())

    plain = contrast()
    assert contrast(contrast=2.0) == pytest.approx(2 * plain, rel=0.1)
    assert contrast(contrast=0.5) == pytest.approx(plain / 2, rel=0.15)
    assert drawn_density(Profile.PART_SOLID, 3) < drawn_density(Profile.SOLID, 3) < drawn_density(Profile.CALCIFIED, 3)


@pytest.mark.parametrize("diameter", [150, 250])
def test_a_nodule_larger_than_the_network_draws_is_drawn_coarser(checkpoint, diameter):
    image, placed = drawn(request(y=500, x=400, diameter=diameter), checkpoint)
    assert placed.drawn.diameter == pytest.approx(diameter, abs=1)
    assert (image != HEALTHY.stored)[placed.drawn.whole(HEALTHY.shape)].mean() > 0.8


def test_at_the_edge_the_nodule_is_cut_off(checkpoint):
    image, placed = drawn(request(y=3, x=1020), checkpoint)
    assert image.shape == HEALTHY.shape
    assert placed.drawn.whole(HEALTHY.shape).any()


def test_it_is_chosen_by_name_and_refused_in_words(checkpoint, tmp_path, monkeypatch):
    monkeypatch.setattr(registry, "user_models", lambda: tmp_path)
    shutil.copy(checkpoint.path, tmp_path / "nodule-texture.safetensors")
    assert draw_nodule(request(), device="cpu").provenance.checkpoint_sha256 == checkpoint.sha256
    assert draw_nodule(request(generator="ct-superposition")).provenance.generator == "ct-superposition"
    with pytest.raises(GeneratorError, match="no generator 'oracle' of role insert"):
        draw_nodule(request(generator="oracle"))
    lungs = str(resource("checkpoints", "lungs.safetensors"))
    with pytest.raises(GeneratorError, match=r"lungs\.safetensors' is of role segment, and here one of role insert"):
        draw_nodule(request(generator=lungs))


@pytest.mark.parametrize("scale", [1.0, 2.3, 0.5])
def test_a_patch_goes_back_where_it_came_from(scale):
    y, x = np.mgrid[:200, :180].astype(np.float32)
    image = np.sin(y / 30) + np.cos(x / 25)
    window = PatchWindow.around(101.3, 88.8, scale=scale, side=48)
    around = window.box(image.shape)
    patch = window.sees(image[cut(around)], around)
    box = (95, 80, 108, 99)
    assert np.abs(window.back(patch, box) - image[cut(box)]).max() < 0.02
    beyond = PatchWindow.around(0, 0, scale=scale, side=48)
    part = image[cut(beyond.box(image.shape))]
    assert np.isfinite(beyond.sees(part, beyond.box(image.shape))).all()


def test_a_disc_is_inflated_to_a_sphere():
    disc = np.zeros((120, 120), bool)
    fill_ellipse(disc, (20, 20), (99, 99))
    volume = inflated(disc).sum()
    assert volume == pytest.approx(4 / 3 * np.pi * 40**3, rel=0.04)
    assert inflated(disc).max() == pytest.approx(80, abs=2.5)
    assert density_of(0.25 * inflated(disc), disc, 0.5) == pytest.approx(0.5)
    assert not inflated(np.zeros((9, 9), bool)).any()


@pytest.mark.parametrize("profile", [None, *Profile])
def test_the_usual_densities_are_those_of_the_bundled_nodules(profile):
    found = []
    for nodule in bundled_library():
        if profile is None or nodule.profile is profile:
            seen = project(view(nodule, random_rotation(np.random.default_rng([nodule.number, 1]))), 30, mm_per_pixel=1)
            found.append(np.log(density_of(seen.thickness, seen.mask, 1.0)))
        if len(found) == 60:
            break
    mean, spread = USUAL_DENSITY[profile]
    assert np.exp(np.mean(found)) == pytest.approx(mean, rel=0.15)
    assert np.std(found) == pytest.approx(spread, abs=0.12)


def test_held_out_series_are_not_bundled():
    assert not any(held_out(nodule.series) for nodule in bundled_library())
    assert sum(held_out(f"series {k}") for k in range(1000)) == pytest.approx(200, abs=45)


def test_a_simulated_pair_differs_by_the_nodule_alone():
    rng = np.random.default_rng(4)
    image = np.clip(rng.normal(90, 12, (400, 380)), 0, 255).astype(np.uint8)
    simulator = Simulator([image], views(bundled_library()[:4], each=1, seed=1), side=96, mm_per_pixel=0.4)
    pair = simulator.pair(np.random.default_rng(1), diameter=30, subtlety=1.0)
    added = pair.real - pair.healthy
    assert added.min() >= -1e-6
    assert added[pair.mask].mean() > 5 * added[~pair.mask].mean()
    assert pair.contrast(pair.density).sum() == pytest.approx(added[pair.mask].sum(), rel=0.15)
    none = simulator.pair(np.random.default_rng(1), diameter=30, subtlety=0.0)
    assert np.array_equal(none.real, none.healthy)
    assert none.density == 0
    assert np.array_equal(none.mask, pair.mask)


def test_all_drawn_takes_the_lung_behind_from_the_restore_generator(checkpoint):
    kept, placed = drawn(request(), checkpoint)
    image, other = drawn(request(background="drawn"), checkpoint)
    core = placed.drawn.whole(HEALTHY.shape)
    behind = lung_behind(request(background="drawn"), core, device="cpu").stored
    added = kept.astype(float) - HEALTHY.stored
    assert (behind != HEALTHY.stored)[core].mean() > 0.5
    assert np.array_equal(behind[~core], HEALTHY.stored[~core])
    under = image.astype(float) - added
    assert np.abs(under - HEALTHY.stored)[core].mean() > 1.0
    assert abs((under - HEALTHY.stored)[core].mean()) < 12
    named = other.provenance.card["lung_behind"]
    assert named == {"generator": RESTORE, "checkpoint_sha256": find(RESTORE, Role.RESTORE).checkpoint.sha256}
    assert "lung_behind" not in placed.provenance.card
