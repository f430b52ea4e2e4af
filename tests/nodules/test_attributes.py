"""Densities and grades of subtlety: what they do to a drawn nodule, and that old sessions are read."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from cxr_studio.errors import StudioError
from cxr_studio.generation.options import decoded, encoded
from cxr_studio.generation.session import Session
from cxr_studio.nodules.choices import ANY, as_text, read_densities, read_grades, read_margins, read_zones
from cxr_studio.nodules.ct_library import Profile
from cxr_studio.nodules.ct_superposition import projection_of
from cxr_studio.nodules.densities import wanted_thickness
from cxr_studio.nodules.drawing_again import add_findable
from cxr_studio.nodules.edits import placement_of
from cxr_studio.nodules.export import add_nodule, annotation
from cxr_studio.nodules.margin import Margin
from cxr_studio.nodules.placement import Placement
from cxr_studio.nodules.subtlety import GRADES, LIMITS, aim_of, grade_of
from cxr_studio.radiographs.greyscale import linear_greyscale
from cxr_studio.radiographs.radiograph import Radiograph, Source

PLACED = Placement(150.0, 90.0, 40.0, seed=1)


@pytest.fixture
def session(phantom):
    phantom.setflags(write=False)
    return Session(Radiograph(phantom, linear_greyscale(phantom.dtype, 16), source=Source(None, "", "png", 16)))


def thickness(profile: Profile) -> np.ndarray:
    return np.stack([projection_of(replace(PLACED, seed=s, profile=profile), 0.4).thickness.max() for s in range(6)])


def test_denser_classes_are_thicker() -> None:
    means = [float(np.mean(thickness(profile))) for profile in Profile]
    assert list(Profile) == [Profile.GROUND_GLASS, Profile.PART_SOLID, Profile.SOLID, Profile.CALCIFIED]
    assert means == sorted(means)
    assert means[0] < 0.5 * means[2]


def test_a_part_solid_nodule_has_a_core_in_a_haze() -> None:
    hazy, cored = (projection_of(replace(PLACED, profile=p), 0.4) for p in (Profile.GROUND_GLASS, Profile.PART_SOLID))
    assert hazy.mask.sum() == cored.mask.sum()
    assert cored.thickness.max() > 1.5 * hazy.thickness.max()
    assert (cored.thickness > 1.05 * hazy.thickness.max()).sum() < 0.5 * cored.mask.sum()
    hole = np.hypot(*(np.mgrid[:61, :61] - 30)) <= 25
    body, core = (wanted_thickness(hole, p, 1) for p in (Profile.GROUND_GLASS, Profile.PART_SOLID))
    assert core[30, 30] > 2 * body[30, 30]
    assert core[30, 8] == pytest.approx(body[30, 8])


def test_only_a_calcified_nodule_is_brighter_than_bone(session) -> None:
    def brightest(profile):
        other = Session(session.radiograph)
        placed = add_nodule(other, replace(PLACED, profile=profile, contrast=4.0))
        return float(np.percentile(other.composite[placed.drawn.whole(other.radiograph.shape)], 90))

    assert brightest(Profile.CALCIFIED) > brightest(Profile.SOLID) + 2000


def test_figures_travel_in_provenance_and_labels(session) -> None:
    placed = add_nodule(session, replace(PLACED, margin=Margin.SPICULATED, profile=Profile.SOLID))
    measured = session.edits[0].provenance.measured
    assert (measured["margin"], measured["density"]) == ("spiculated", "solid")
    assert measured["subtlety"] == grade_of(float(str(measured["conspicuity"])))
    facts = annotation(placed, PLACED, session)
    assert facts["measured"] == measured
    assert placement_of(session.edits[0]).margin is Margin.SPICULATED


@pytest.mark.parametrize("grade", [1, 2, 3])
def test_the_contrast_follows_a_grade_of_subtlety(session, grade: int) -> None:
    placed, placement = add_findable(session, replace(PLACED, subtlety=grade), seeds=(2, 3, 4))
    assert placed.provenance.measured["subtlety"] == grade
    assert placed.provenance.measured["conspicuity"] == pytest.approx(aim_of(grade), rel=0.25)
    assert (placement.subtlety, placed.message) == (grade, "")
    assert placement_of(session.edits[0]) == placement


def test_a_grade_out_of_reach_is_said(session) -> None:
    placed, placement = add_findable(session, replace(PLACED, subtlety=5), seeds=(2,))
    got = placed.provenance.measured["subtlety"]
    assert got < 5
    words = f"A subtlety of 5 cannot be reached here; the nearest that was drawn is of {got} (its conspicuity is "
    assert placed.message.startswith(words)
    assert placement.subtlety == 5
    assert len(session.edits) == 1


def test_grades_are_bands_of_conspicuity() -> None:
    assert [grade_of(value) for value in (-1.0, 1.29, 1.3, 2.2, 2.5, 9.0)] == [1, 1, 2, 3, 4, 5]
    assert grade_of(float("nan")) is None
    assert [grade_of(aim_of(grade)) for grade in GRADES] == list(GRADES)
    assert list(LIMITS) == sorted(LIMITS)


def test_options_of_older_sessions_are_read() -> None:
    old = {"y": 1.0, "x": 2.0, "diameter": 30.0, "seed": 4, "subtlety": 0.5, "profile": "part-solid"}
    assert decoded(Placement, old) == Placement(1.0, 2.0, 30.0, seed=4, contrast=0.5, profile=Profile.PART_SOLID)
    now = Placement(1.0, 2.0, 30.0, contrast=1.2, subtlety=3, margin=Margin.SMOOTH)
    assert decoded(Placement, encoded(now)) == now


def test_distributions_as_they_are_written(tmp_path) -> None:
    table = tmp_path / "looks.csv"
    table.write_text("subtlety,margin\n2,smooth\n2,\n5,spiculated\n")
    assert read_margins("smooth:3, lobulated:1").weights == (0.75, 0.25)
    assert read_densities("ground-glass").values == ("ground-glass",)
    assert read_grades("2-4").values == ("2", "3", "4")
    assert dict(zip(*_pairs(read_grades(f"file:{table}")), strict=True)) == {"2": pytest.approx(2 / 3), "5": 1 / 3}
    assert read_margins(f"file:{table}").values == (ANY, "smooth", "spiculated")
    assert read_zones("left-lower").values == ("left-lower",)
    rng = np.random.default_rng(0)
    drawn = [read_margins("smooth:0.6,lobulated:0.3,spiculated:0.1").draw(rng) for _ in range(2000)]
    assert drawn.count("smooth") == pytest.approx(1200, abs=100)


def _pairs(choices):
    return choices.values, choices.weights


@pytest.mark.parametrize("text", ["", "fuzzy", "smooth:0.5,lobulated", "smooth,smooth", "smooth:-1"])
def test_what_is_no_distribution_is_refused(text: str) -> None:
    with pytest.raises(StudioError, match="margin"):
        read_margins(text)


def test_a_contrast_in_place_of_a_grade_is_refused_with_the_way_out() -> None:
    with pytest.raises(StudioError, match="--contrast"):
        read_grades("0.6,1.4")


@pytest.mark.parametrize(
    ("written", "shortest"),
    [
        ("any", "any"),
        ("spiculated", "spiculated"),
        ("smooth,spiculated", "smooth, spiculated"),
        ("smooth:0.6,lobulated:0.3,spiculated:0.1", "smooth:0.6, lobulated:0.3, spiculated:0.1"),
        ("smooth:2,any:1", "smooth:2, any:1"),
        ("smooth:48,lobulated:51,spiculated:7", "smooth:48, lobulated:51, spiculated:7"),
    ],
)
def test_shares_are_written_so_that_they_are_read_as_they_were(written: str, shortest: str) -> None:
    choices = read_margins(written)
    assert as_text(choices) == shortest
    assert read_margins(shortest) == choices


def test_shares_of_a_table_are_written_too(tmp_path: Path) -> None:
    cells = ["1"] * 3 + ["2"] * 4 + [""] * 6
    (tmp_path / "t.csv").write_text("subtlety,x\n" + "".join(f"{cell},0\n" for cell in cells))
    choices = read_grades(f"file:{tmp_path / 't.csv'}")
    assert as_text(choices) == "1:3, 2:4, any:6"
    assert read_grades(as_text(choices)) == choices
