"""Tables I and II of Shen et al.: who takes part, what is drawn, and the paper's rows beside."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from cxr_studio.cli.main import main
from cxr_studio.networks.card import Card, Role
from cxr_studio.networks.checkpoint import save_checkpoint
from cxr_studio.networks.registry import build
from cxr_studio.nodules.background import lung_in_patch
from cxr_studio.quality.benchmark.candidates import candidates_of
from cxr_studio.quality.benchmark.nodules import CELLS, cells_of, methods_of, reference_of
from cxr_studio.quality.benchmark.untrained import untrained_of
from cxr_studio.resources import resource


def texture(folder: Path, *, stages: int, box: bool) -> Path:
    """Write a tiny texture generator of a cell of Table II."""
    parameters = {"width": 4, "stages": stages, "box": box}
    card = Card("tiny-texture", "Tiny", Role.INSERT, "compact-texture", parameters, 192, mm_per_pixel=0.375, steps=7)
    card = Card(**{**card.__dict__, "reference_side": 1024})
    torch.manual_seed(stages)
    path = folder / f"tiny-{stages}-{'box' if box else 'shape'}.safetensors"
    save_checkpoint(path, build(card), card)
    return path


@pytest.fixture(scope="module")
def two_cells(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    folder = tmp_path_factory.mktemp("cells")
    return [str(texture(folder, stages=2, box=False)), str(texture(folder, stages=1, box=True))]


def test_cells_are_told_by_the_card_and_missing_ones_by_how_they_are_trained(two_cells):
    candidates, faults = candidates_of([*two_cells, two_cells[0], "pix2pix-n", "nodule-texture"])
    assert not faults
    methods, left_out = cells_of(candidates)
    assert [method.title for method in methods] == ["box, one stage: tiny-1-box", "shape, two stages: tiny-2-shape"]
    assert [title for title, _ in left_out] == ["Nodule texture, compact", "box, two stages", "shape, one stage"]
    assert "is there already" in left_out[0][1]
    assert left_out[1][1].endswith("--set generator.parameters.stages=2 --set generator.parameters.box=true")
    assert len(CELLS) == 4


def test_who_fills_masks_takes_part_with_a_rounded_body(two_cells):
    candidates, _ = candidates_of([two_cells[0], "context-encoder", "ct-superposition", "pix2pix-n"])
    methods, left_out = methods_of(candidates)
    assert [method.title for method in methods] == ["tiny-2-shape", "Context encoder, smooth + rounded body"]
    assert [title.split(",")[0] for title, _ in left_out] == ["CT superposition", "Pix2Pix-N"]


def test_the_row_that_others_are_compared_with_was_trained_to_draw_nodules(two_cells):
    candidates, _ = candidates_of(["context-encoder", two_cells[0]])
    methods, _ = methods_of(candidates)
    assert reference_of("methods", methods) == "tiny-2-shape"
    assert reference_of("methods", methods[:1]) == ""


def test_comparators_that_are_not_there_are_named_with_how_they_are_trained(two_cells):
    candidates, _ = candidates_of(["context-encoder", two_cells[0]])
    assert [title for title, _ in untrained_of("methods", candidates)] == [
        *("Partial convolution, compact", "EdgeConnect, compact", "CTSDG, compact", "StructureFlow", "MEDFE")
    ]
    trained = replace(candidates[0], card=replace(candidates[0].card, name="edge-connect"))
    found = dict(untrained_of("masks", [trained]))
    assert len(found) == 9
    assert "EdgeConnect, compact" not in found
    assert found["ipA-MedGAN, compact"].endswith("cxr-studio train resources/recipes/ipa-medgan-compact.toml")
    assert "ONNX" in found["MEDFE"]


def test_another_generator_fills_a_patch_and_leaves_the_rest():
    patch = np.random.default_rng(3).uniform(-0.5, 0.5, (96, 96)).astype(np.float32)
    hole = np.zeros(patch.shape, bool)
    hole[40:56, 40:56] = True
    telea, biharmonic = (
        lung_in_patch(patch, hole, seed=1, generator=name, device="cpu") for name in ("telea", "biharmonic")
    )
    assert not np.array_equal(telea[hole], biharmonic[hole])
    assert np.array_equal(telea[~hole], patch[~hole])


def test_the_ablation_is_printed_and_written_beside_the_papers_rows(two_cells, tmp_path, capsys):
    folder = tmp_path / "healthy"
    folder.mkdir()
    (folder / "healthy-1.png").write_bytes(resource("samples", "healthy-1.png").read_bytes())
    figures, page = tmp_path / "table.json", tmp_path / "table.html"
    words = ["evaluate", "--table", "ablation", "--generators", *two_cells, "--images", str(folder), "--pairs", "8"]
    assert main([*words, "--device", "cpu", "--json", str(figures), "--html", str(page)]) == 0
    printed = capsys.readouterr().out
    assert "Shen et al." in printed
    assert "39.7072" in printed  # of the paper's box with one stage
    assert "4.6675" not in printed  # its FID, beside a Fréchet distance of other features
    found = json.loads(figures.read_text())
    assert found["reference"] == "shape, two stages: tiny-2-shape"
    assert [row["method"]["steps"] for row in found["rows"]] == [7, 7]
    assert set(found["rows"][0]["differences"]) == {
        "ssim",
        "psnr",
        "mae_unit",
        "masked_ssim",
        "masked_psnr",
        "masked_mae_unit",
    }
    assert len(found["cases"]) == 8
    assert "box, one stage: tiny-1-box" in page.read_text()
