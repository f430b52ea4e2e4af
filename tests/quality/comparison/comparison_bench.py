"""A small panel on a phantom, and a run with three snapshots of a tiny network."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from cxr_studio.networks.checkpoint import save_checkpoint
from cxr_studio.networks.registry import build
from cxr_studio.quality.comparison.panel import Panel, read_panel
from tests.restore.tiny_network import CARD

PANEL = """
name = "Phantom"
[[case]]
name = "square"
image = "chest.png"
box = [120, 70, 136, 86]
seed = 3
[[case]]
name = "disc"
image = "chest.png"
circle = [150, 200, 9]
[[case]]
name = "abnormal"
image = "chest.png"
stroke = { points = [[100, 90], [110, 95]], radius = 5 }
healthy = false
"""

JOURNAL = """step,epoch,stage,seconds,name,value
10,0.1,0,1.0,d_real,0.8
20,0.2,0,2.0,d_real,0.7
20,0.2,0,2.0,val_psnr_db,31.5
"""


@dataclass(frozen=True)
class Bench:
    """Where things are."""

    folder: Path
    panel: Panel
    run: Path


def write_snapshot(run: Path, step: int, *, scale: float | None = None) -> Path:
    """A tiny network with random weights, other ones at every step."""
    torch.manual_seed(step)
    network = build(CARD)
    for parameter in network.parameters():
        torch.nn.init.normal_(parameter, std=0.05 if scale is None else scale)
    path = run / "snapshots" / f"step-{step:07d}.safetensors"
    save_checkpoint(path, network, replace(CARD, steps=step))
    return path


def lay_out(folder: Path, phantom: np.ndarray) -> Bench:
    """Write the radiograph, the panel and the run."""
    Image.fromarray(phantom).save(folder / "chest.png")
    (folder / "panel.toml").write_text(PANEL, encoding="utf-8")
    run = folder / "run"
    for step in (10, 20, 30):
        write_snapshot(run, step)
    (run / "journal.csv").write_text(JOURNAL, encoding="utf-8")
    return Bench(folder, read_panel(folder / "panel.toml"), run)
