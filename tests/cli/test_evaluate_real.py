"""``cxr-studio evaluate --real``: real nodules beside drawn ones, from tiny folders."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from scipy.ndimage import gaussian_filter

from cxr_studio.cli.main import main
from cxr_studio.quality import nodule_appearance as appearance
from cxr_studio.quality.nodule_appearance import BLOB, distributions, drawn_nodules, real_nodules
from cxr_studio.quality.nodule_fit import fitted
from cxr_studio.resources import resource

ROWS, COLUMNS = np.mgrid[:512, :512].astype(np.float64)


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    """Six radiographs with a ball each, and one healthy one."""
    healthy, real = tmp_path / "healthy", tmp_path / "real"
    healthy.mkdir(), real.mkdir()
    source = Image.open(resource("samples", "healthy-1.png")).resize((512, 512))
    for k in range(6):
        source.save(healthy / f"h{k}.png")
    plain, rows = np.asarray(source, np.float64), ["image,finding,x,y,width,height,source,seen,other_nodules_likely"]
    for k in range(6):
        y, x, radius = 210 + 12 * k, 130 + 3 * k, 9 + 2 * k
        ball = np.sqrt(np.maximum(1 - ((ROWS - y) ** 2 + (COLUMNS - x) ** 2) / radius**2, 0))
        image = np.clip(plain + 30 * gaussian_filter(ball, 0.2 * radius), 0, 255).astype(np.uint8)
        Image.fromarray(image).save(real / f"p{k}_0.png")
        half = round(1.6 * radius)
        rows.append(f"p{k}_0.png,Nodule,{x - half},{y - half},{2 * half},{2 * half},NIH,clear,")
    rows.append("p0_0.png,Nodule,10,10,20,20,NIH,doubtful,")
    (real / "boxes.csv").write_text("\n".join(rows) + "\n")
    return healthy, real


def test_drawn_nodules_are_measured_like_real_ones(folders) -> None:
    healthy, real = folders
    found = real_nodules(real)
    assert [one.patient for one in found] == [f"p{k}_0" for k in range(6)]
    ratios = [512 * one.appearance.diameter / true for one, true in zip(found, [18, 22, 26, 30, 34, 38], strict=True)]
    assert np.median(ratios) == pytest.approx(1, abs=0.2)
    assert min(ratios) > 0.6
    assert max(ratios) < 1.4
    blobs = drawn_nodules(BLOB, found, sorted(healthy.iterdir()))
    assert len(blobs) >= 5
    rows = distributions(BLOB, blobs, found)
    assert {row.quantity for row in rows} == set(appearance.QUANTITIES)
    assert all(0 <= row.distance_low <= row.distance_high <= 1 for row in rows)
    assert {row.distance for row in distributions("Real", found, found)} == {0.0}


def test_a_factor_is_needed_only_where_the_interval_leaves_one_out(folders) -> None:
    _, real = folders
    found = real_nodules(real)
    same = fitted("same", found, found)
    assert same.contrast.value == 1.0
    assert not same.contrast.needed
    fainter = [
        appearance.replace(one, appearance=appearance.replace(one.appearance, contrast=one.appearance.contrast / 3))
        for one in found
    ]
    assert fitted("fainter", fainter, found).contrast.value == pytest.approx(3.0)
    assert fitted("fainter", fainter, found).contrast.needed


def test_the_command_prints_tables_and_writes_figures_and_a_sheet(folders, tmp_path: Path, capsys, monkeypatch) -> None:
    healthy, real = folders
    only = {"CT superposition": appearance.sources()["CT superposition"]}
    monkeypatch.setattr(appearance, "sources", lambda: only)
    words = ["--generator", "nodule-texture", "--images", str(healthy), "--real", str(real), "--device", "cpu"]
    words += ["--json", str(tmp_path / "a.json"), "--sheet", str(tmp_path / "a.png")]
    assert main(["evaluate", *words]) == 0
    printed = capsys.readouterr().out
    assert "KS distance" in printed
    assert "ROC area by shape alone" in printed
    figures = json.loads((tmp_path / "a.json").read_text())
    assert [one["title"] for one in figures["fits"]] == ["CT superposition"]
    against = {(one["title"], one["against"]) for one in figures["shape_observer"]}
    assert (BLOB, "Real") in against
    assert (BLOB, "CT superposition") in against
    with Image.open(tmp_path / "a.png") as sheet:
        assert sheet.size[1] == 3 * 114
    (real / "p2_0.png").unlink()
    assert main(["evaluate", *words]) == 1
    assert "p2_0.png" in capsys.readouterr().err
