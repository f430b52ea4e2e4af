"""One table of all generators: the same masks, every role's own request, what is left out, what is kept."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from cxr_studio.cli.main import main
from cxr_studio.errors import GeneratorError, StudioError
from cxr_studio.jobs.running import run as run_batch
from cxr_studio.masks.files import save_mask
from cxr_studio.metrics.fidelity import psnr
from cxr_studio.networks.card import Card, Role
from cxr_studio.networks.checkpoint import save_checkpoint
from cxr_studio.networks.registry import build
from cxr_studio.quality.benchmark import job
from cxr_studio.quality.benchmark.answering import request_of
from cxr_studio.quality.benchmark.candidates import Budgets
from cxr_studio.quality.benchmark.figures import Instruments, measured
from cxr_studio.quality.benchmark.measuring import joined
from cxr_studio.quality.benchmark.methods import Method, roster_of
from cxr_studio.quality.benchmark.places import MaskPlan, Places, radiographs_of
from cxr_studio.quality.benchmark.seen_file import packed_seen
from cxr_studio.quality.judging import Run
from cxr_studio.quality.observers import kept_fills
from cxr_studio.quality.observers.kept import kept
from cxr_studio.quality.observers.kept_fills import FillCache

CARD = Card(
    "tiny", "Tiny", Role.TRANSLATE, "pix2pix", {"width": 4, "depth": 4}, 64, base="blank", steps=9, seconds=60.0
)


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    torch.manual_seed(2)
    path = tmp_path_factory.mktemp("tiny") / "tiny.safetensors"
    save_checkpoint(path, build(CARD), CARD)
    return path


def first(images: Path, plan: MaskPlan) -> tuple:
    return tuple(Places(radiographs_of(images), plan))


def test_squares_lie_in_the_image_at_the_compared_size(images):
    (place, other) = first(images, MaskPlan("square", hole=32, side=128))
    assert place.shape == (128, 128)
    assert place.compared_mask.sum() == 32 * 32
    assert place.mask.sum() == 64 * 64
    assert (place.damaged[place.mask] == 0).all()
    assert (place.damaged[~place.mask] == place.radiograph.stored[~place.mask]).all()
    assert not np.array_equal(place.mask, other.mask)
    assert [
        np.array_equal(a.mask, b.mask)
        for a, b in zip((place, other), first(images, MaskPlan("square", hole=32, side=128)), strict=True)
    ] == [True, True]


def test_arbitrary_masks_have_the_papers_areas_and_go_round_the_bank(images):
    places = first(images, MaskPlan("arbitrary", each=3))
    assert len(places) == 6
    assert all(0.016 <= place.share <= 0.046 for place in places)
    assert len({place.mask.tobytes() for place in places}) == 6


def test_masks_of_a_folder_are_paired_by_name_and_a_missing_one_is_named(images, tmp_path):
    mask = np.zeros((256, 256), bool)
    mask[100:150, 60:90] = True
    save_mask(tmp_path / "healthy-1.png", mask)
    with pytest.raises(StudioError, match="no mask for this radiograph"):
        Places(radiographs_of(images), MaskPlan(str(tmp_path)))
    save_mask(tmp_path / "healthy-2.png", mask)
    places = Places(radiographs_of(images), MaskPlan(str(tmp_path), side=0))
    assert len(places) == 2
    assert all(np.array_equal(place.mask, mask) and place.shape == (256, 256) for place in places)
    with pytest.raises(StudioError, match="no such folder of masks"):
        Places(radiographs_of(images), MaskPlan("squares"))


def test_findings_of_a_manifest_split_and_add_radiographs(images, tmp_path):
    (tmp_path / "boxes.csv").write_text("image,finding,x,y,width,height\nill.png,Nodule,10,10,20,20\n")
    Image.new("L", (256, 256), 90).save(tmp_path / "ill.png")
    found = radiographs_of(images, tmp_path)
    assert [path.name for path in found.paths] == ["healthy-1.png", "healthy-2.png", "ill.png"]
    assert found.healthy == {"healthy-1": True, "healthy-2": True, "ill": False}


def test_a_blind_generator_has_two_rows_and_others_are_left_out_with_a_reason(tiny):
    roster = roster_of(["pix2pix-n", "nodule-texture", "lungs", str(tiny), "context-encoder"], grains=("off", "match"))
    titles = [method.title for method in roster.methods]
    assert titles[:2] == ["Damaged, as it was given", "Telea (classical)"]
    assert titles[4:6] == ["tiny, whole answer", "tiny, pasted in the mask"]
    assert titles[6:] == ["Context encoder, smooth", "Context encoder, smooth, grain matched"]
    assert (roster.methods[4].steps, roster.methods[4].minutes) == (9, 1)
    assert [title.split(",")[0] for title, _ in roster.left_out] == ["Pix2Pix-N", "Nodule texture", "Lungs"]
    assert "no truth" in roster.left_out[0][1]


def test_what_cannot_be_found_stops_nothing_unless_it_is_all(tiny):
    roster = roster_of(["nobody", str(tiny)])
    assert [str(fault)[:30] for fault in roster.faults] == ["There is no generator 'nobody'"]
    with pytest.raises(GeneratorError, match="nobody"):
        roster_of(["nobody"])


def test_snapshots_of_a_run_are_the_last_and_those_nearest_to_a_budget(tiny, tmp_path):
    run = tmp_path / "tiny-run"
    (run / "snapshots").mkdir(parents=True)
    for step in (10, 20, 40):
        torch.manual_seed(step)
        card = Card(
            "tiny", "Tiny", Role.TRANSLATE, "pix2pix", {"width": 4, "depth": 4}, 64, steps=step, seconds=60.0 * step
        )
        save_checkpoint(run / "snapshots" / f"step-{step:07}.safetensors", build(card), card)
    roster = roster_of([str(run)], budgets=Budgets(steps=(21, 900), minutes=(9.0,)))
    blind = [m for m in roster.methods if m.extent == "whole"]
    assert [(m.steps, m.budget) for m in blind] == [(40, ""), (20, "21 steps"), (10, "9 minutes")]
    assert blind[0].title == "tiny-run, step 40, whole answer"


def test_generators_are_shown_the_damage_and_told_what_their_role_may_know(images):
    (place, _) = first(images, MaskPlan("square"))
    fill = request_of(Method("a", "A", "biharmonic"), place)
    blind, pasted = (request_of(Method("b", "B", "b", Role.TRANSLATE, extent), place) for extent in ("whole", "pasted"))
    for request in (fill, blind, pasted):
        assert request.image.stored is place.damaged
        assert request.image.unit == place.radiograph.unit_range
    assert blind.region is None
    assert fill.region is place.mask
    assert pasted.region is place.mask
    assert (fill.options.grow, fill.options.feather, fill.options.grain) == (0, 0, "off")


def test_figures_of_an_answer_that_is_perfect_but_for_one_grey_under_the_mask(images):
    (place, _) = first(images, MaskPlan("square", side=0))
    stored = place.radiograph.stored.copy()
    stored[place.mask] += 1
    found = measured(place, stored).figures
    grey = 255 / (place.radiograph.unit_range[1] - place.radiograph.unit_range[0])
    assert found["masked_mae"] == pytest.approx(grey, rel=1e-3)
    assert found["masked_mse"] == pytest.approx(grey**2, rel=1e-3)
    assert found["mse"] == pytest.approx(grey**2 * place.share, rel=1e-3)
    assert found["masked_psnr"] == pytest.approx(20 * np.log10(255 / grey), abs=1e-3)
    assert found["psnr"] == pytest.approx(found["masked_psnr"] - 10 * np.log10(place.share), abs=1e-3)
    assert found["grain"] == pytest.approx(1, abs=1e-3)
    assert np.isnan(found["known"])
    perfect = measured(place, place.radiograph.stored).figures
    assert (perfect["ssim"], perfect["uqi"], perfect["masked_uqi"]) == (
        pytest.approx(1),
        pytest.approx(1),
        pytest.approx(1),
    )


def test_a_generator_that_fails_is_named_and_the_others_are_measured(images, tmp_path, monkeypatch):
    places = Places(radiographs_of(images), MaskPlan("square", side=128, hole=16))
    methods = roster_of(["telea"]).methods
    answered = job.answered

    def broken(method, place, run, cache):
        if method.generator == "biharmonic" and place.name == "healthy-2.png":
            raise GeneratorError("it gave up")
        return answered(method, place, run, cache)

    monkeypatch.setattr(job, "answered", broken)
    benchmark = job.BenchmarkJob(places, methods, tmp_path)
    assert run_batch(benchmark).made == 2
    found = joined(methods, benchmark.seen())
    assert found.faults == {"Biharmonic (classical)": "It gave up."}
    assert [method.title for method in found.methods] == [
        "Damaged, as it was given",
        "Telea (classical)",
        "Navier–Stokes (classical)",
    ]
    assert all(len(one) == 2 for one in found.found.values())
    assert all(set(one.drawn) == set(found.found) for one in found.examples)


def test_what_is_measured_is_kept_exactly(images, tmp_path):
    places = Places(radiographs_of(images), MaskPlan("square", side=128, hole=16))
    methods = roster_of(["telea"]).methods
    benchmark = job.BenchmarkJob(places, methods, tmp_path, job.Asked("shipped", ("human-like",)))
    run_batch(benchmark)
    seen = next(benchmark.seen())
    assert packed_seen(seen) == (tmp_path / benchmark.mark(0)).read_bytes()
    place = next(iter(places))
    fresh = job.answered(methods[1], place, Run("cpu"), FillCache())
    expected = measured(place, fresh, Instruments(observers=kept("shipped")))
    once = seen.found[methods[1].key][0]
    same = [name for name, value in expected.figures.items() if name not in ("known", "search")]
    assert [once.figures[name] for name in same] == [expected.figures[name] for name in same]
    assert np.array_equal(once.moments.scatter, expected.moments.scatter)
    (tmp_path / benchmark.mark(1)).write_bytes(b"torn")
    with pytest.raises(StudioError, match="damaged"):
        list(benchmark.seen())


def test_answers_are_kept_so_that_a_stopped_run_goes_on(images, tiny, tmp_path, monkeypatch):
    places = Places(radiographs_of(images), MaskPlan("square", side=128, hole=16))
    benchmark = job.BenchmarkJob(places, roster_of([str(tiny)]).methods, tmp_path)

    def stop(_fraction: float, _words: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_batch(benchmark, progress=stop)
    asked = []
    answer = kept_fills.answer
    monkeypatch.setattr(kept_fills, "answer", lambda request, **k: asked.append(request) or answer(request, **k))
    assert run_batch(benchmark).made == 1
    assert len(asked) == 5  # of the second radiograph; the given image is no answer


def test_the_command_prints_tables_and_writes_a_page_and_every_figure_of_it(images, tiny, tmp_path, capsys):
    page, figures = tmp_path / "table.html", tmp_path / "table.json"
    words = [
        "evaluate",
        "--generators",
        "biharmonic",
        "pix2pix-n",
        str(tiny),
        "--images",
        str(images),
        "--masks",
        "arbitrary",
    ]
    assert main([*words, "--side", "128", "--html", str(page), "--json", str(figures), "--device", "cpu"]) == 0
    printed = capsys.readouterr().out
    assert "Whole image, mean ± SD" in printed
    assert "ipA-MedGAN" in printed
    assert "2 places of 2 patients" in printed
    found = json.loads(figures.read_text())
    assert found["reference"] == "Biharmonic (classical)"
    text = page.read_text()
    assert "http" not in text.replace("http://www.w3.org", "")
    assert text.count('<img src="data:image/png;base64,') == 2 * 6  # original, three classical, two of the blind one
    best = next(row for row in found["rows"] if row["method"]["title"] == "Biharmonic (classical)")["figures"][
        "masked_psnr"
    ]
    assert f"{best['mean']:.2f} ± {best['sd']:.2f}" in text
    assert f"{best['low']:.2f} to {best['high']:.2f}" in text
    assert found["left_out"][0]["title"].startswith("Pix2Pix-N")
    case = found["cases"][0]["figures"]
    assert {row["method"]["key"] for row in found["rows"]} == set(case)
    words_of_it = re.sub(r'src="[^"]*"', "", text)
    assert words_of_it.count("FID") == words_of_it.count("They are no FID") == 1


def test_the_given_image_is_black_under_the_mask_and_scored_so(images):
    (place, _) = first(images, MaskPlan("square", side=0))
    found = measured(place, place.damaged).figures
    true = place.original[place.mask] * 255
    assert found["masked_psnr"] == pytest.approx(psnr(np.zeros_like(true), true, value_range=255), abs=1e-3)


def test_observers_are_asked_where_they_know_the_size_and_not_the_patient(images):
    observers = kept("shipped")
    (place, _) = first(images, MaskPlan("square", side=0))
    damaged = measured(place, place.damaged, Instruments(observers=observers)).figures
    assert damaged["search"] == 1  # a black square is no radiograph
    assert 0 <= damaged["human"] <= 1
    same = measured(place, place.radiograph.stored, Instruments(observers=observers)).figures
    assert (same["known"], same["search"]) == (0.5, 0.5)  # nothing to choose
    (large, _) = first(images, MaskPlan("square", side=0, hole=20))
    assert np.isnan(measured(large, large.damaged, Instruments(observers=observers)).figures["known"])


def test_observers_that_are_to_be_trained_are_refused_here(images, capsys):
    words = ["evaluate", "--generators", "telea", "--images", str(images), "--observers", "fresh"]
    assert main(words) == 1
    assert "shipped" in capsys.readouterr().err
    assert main(["evaluate", "--generators", "telea"]) == 1
    assert "no images are given" in capsys.readouterr().err.lower()
