"""Margins: measured on outlines whose class is plain, and shapes drawn until one has the margin asked for."""

from __future__ import annotations

import numpy as np
import pytest

from cxr_studio.nodules.ct_superposition import projection_of, template_of
from cxr_studio.nodules.margin import Margin, Outline, outlined
from cxr_studio.nodules.placement import Placement
from cxr_studio.nodules.shapes import shape_with
from cxr_studio.nodules.spiculated import parted, shape_with_spicules
from cxr_studio.nodules.wanted_margin import TRIES, found_margin


def drawn(radius, side: int = 161) -> np.ndarray:
    """A silhouette by its radius at an angle."""
    rows, columns = np.mgrid[:side, :side] - (side - 1) / 2
    return np.hypot(rows, columns) <= radius(np.arctan2(rows, columns))


def disc(size: float = 50.0) -> np.ndarray:
    return drawn(lambda angle: np.full_like(angle, size))


def lobes(count: int, depth: float = 0.22) -> np.ndarray:
    return drawn(lambda angle: 45 * (1 + depth * np.cos(count * angle)))


def star(count: int) -> np.ndarray:
    return drawn(lambda angle: np.where(np.abs(np.sin(count * angle / 2)) < 0.06 * count / 4, 74.0, 42.0))


@pytest.mark.parametrize(
    ("silhouette", "margin"),
    [
        (disc(), Margin.SMOOTH),
        (disc(12.0), Margin.SMOOTH),
        (lobes(3, 0.3), Margin.LOBULATED),
        (lobes(5), Margin.LOBULATED),
        (star(8), Margin.SPICULATED),
        (star(2), None),
    ],
)
def test_plain_outlines_have_the_margin_that_one_sees(silhouette: np.ndarray, margin: Margin | None) -> None:
    assert outlined(silhouette).margin is margin


def test_figures_of_a_disc_and_of_lobes() -> None:
    round_one, lobed = outlined(disc()), outlined(lobes(4))
    assert round_one.solidity == pytest.approx(1, abs=0.02)
    assert round_one.roughness < 0.01
    assert (lobed.concavities, lobed.spicules) == (4, 0)
    assert lobed.roughness > 0.03
    assert lobed.solidity < 0.95
    assert outlined(star(6)).spicules == 6


def test_drawing_ends_with_the_first_that_has_it_and_else_with_the_nearest() -> None:
    outlines = {0: Outline(0.9, 0.1, 1, 0), 1: Outline(0.9, 0.1, 2, 0), 2: Outline(0.9, 0.1, 3, 0)}
    asked: list[int] = []

    def draw(seed: int) -> int:
        asked.append(seed)
        return len(asked) - 1

    found = found_margin(draw, lambda k: outlines.get(k, Outline(0.9, 0.1, 9, 0)), Margin.LOBULATED, seed=7)
    assert (found.shape, found.missed, asked[0]) == (1, "", 7)
    asked.clear()
    nearest = found_margin(draw, lambda k: Outline(0.9, 0.1, 0, 2 if k == 4 else 0), Margin.SPICULATED, seed=7)
    assert nearest.shape == 4
    assert len(asked) == len(set(asked)) == TRIES
    assert "None of 24 shapes is spiculated" in nearest.missed
    asked.clear()
    assert found_margin(draw, lambda _: outlines[0], None, seed=7).shape == 0
    assert asked == [7]


@pytest.mark.parametrize("margin", list(Margin))
def test_ct_templates_and_generated_shapes_have_the_margin_asked_for(margin: Margin) -> None:
    placement = Placement(0, 0, 48.0, seed=11, margin=margin)
    found = template_of(placement, 0.4)
    assert found.outline.margin is margin
    placed = projection_of(placement, 0.4)
    assert placed.diameter == pytest.approx(48, abs=0.5)
    assert outlined(placed.mask).lacks(margin) <= 1
    shape = shape_with(margin, seed=11)
    assert shape.outline.margin is margin
    assert outlined(shape.shape).margin is margin


def test_without_a_margin_the_seed_draws_what_it_drew_before() -> None:
    with_any = projection_of(Placement(0, 0, 48.0, seed=3), 0.4)
    assert np.array_equal(with_any.mask, projection_of(Placement(0, 0, 48.0, seed=3, margin=None), 0.4).mask)
    wanted = template_of(Placement(0, 0, 48.0, seed=3), 0.4).outline.margin
    if wanted in (Margin.SMOOTH, Margin.LOBULATED):
        assert np.array_equal(with_any.mask, projection_of(Placement(0, 0, 48.0, seed=3, margin=wanted), 0.4).mask)


def test_spicules_are_parted_from_the_body_they_stand_on() -> None:
    whole = shape_with_spicules(disc(), seed=5)
    body, strands = parted(whole)
    assert outlined(body).spicules == 0
    assert body.sum() == pytest.approx(disc().sum(), rel=0.1)
    assert strands[whole & ~body].mean() > 5 * strands[body].mean()
    assert np.array_equal(whole, shape_with_spicules(disc(), seed=5))
    assert not np.array_equal(whole, shape_with_spicules(disc(), seed=6))
