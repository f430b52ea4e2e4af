"""A comparison window under test: a run with tiny snapshots, a small panel, and the hands of a judge."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from cxr_studio.quality.comparison.hole_shapes import HoleShape
from cxr_studio.quality.comparison.panel import Case, Panel
from cxr_studio.quality.comparison.verdicts import Verdict
from cxr_studio.ui.qa.assembling import comparison_window
from cxr_studio.ui.qa.comparison import ComparisonOptions
from cxr_studio.ui.qa.comparison_window import ComparisonWindow

STEPS = (100, 200, 300)


class Run:
    """A training run on disk whose snapshots are small networks with weights of their own."""

    def __init__(self, folder: Path, made: Path) -> None:
        self.folder, self._made = folder, made
        (folder / "snapshots").mkdir(parents=True)
        (folder / "recipe.toml").write_text("# a run\n", encoding="utf-8")
        rows = ["step,epoch,stage,seconds,name,value"]
        for step in range(50, 350, 50):
            rows += [f"{step},0,0,1.0,d_real,{0.5 + step / 1000}", f"{step},0,0,1.0,d_fake,{0.5 - step / 1000}"]
            rows += [f"{step},0,0,1.0,val_psnr_db,{30 + step / 100}"]
        (folder / "journal.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")

    def snapshot(self, step: int) -> Path:
        """Write a snapshot; it appears whole."""
        ready = self._made / f"{step}.safetensors"
        if not ready.exists():
            write_network(ready, seed=step)
        beside = self.folder / f"{step}.safetensors"
        shutil.copy(ready, beside)
        beside = self.folder / f"{step}.safetensors"
        return beside.rename(self.folder / "snapshots" / f"step-{step:07d}.safetensors")


def write_network(path: Path, *, seed: int) -> None:
    import torch

    from cxr_studio.networks.checkpoint import save_checkpoint
    from cxr_studio.networks.registry import build
    from tests.restore.tiny_network import CARD

    torch.manual_seed(seed)
    network = build(CARD)
    for parameter in network.parameters():
        torch.nn.init.normal_(parameter, std=0.05)
    save_checkpoint(path, network, CARD)


class Answers:
    """Stands in for the dialogs."""

    def __init__(self, folder: Path) -> None:
        self.name: str | None = "anna"
        self.text: str | None = "a word"
        self.model: str | None = "kept"
        self.replace = False
        self.where: Path | None = folder
        self.chosen: tuple[str, ...] = ()
        self.asked: list[str] = []

    def judge(self, before: str) -> str | None:
        self.asked.append("judge")
        return self.name

    def note(self, before: str) -> str | None:
        self.asked.append(f"note {before}")
        return self.text

    def words(self, before: str) -> str | None:
        self.asked.append(f"words {before}")
        return self.text

    def name_for(self, proposal: str) -> str | None:
        self.asked.append(f"name {proposal}")
        return self.model

    def may_replace(self, sentence: str) -> bool:
        self.asked.append(sentence)
        return self.replace

    def folder(self, title: str) -> Path | None:
        self.asked.append(title)
        return self.where

    def columns(self) -> tuple[str, ...]:
        return self.chosen


class Desk:
    """A judge before the window."""

    def __init__(self, qtbot: QtBot, window: ComparisonWindow, answers: Answers) -> None:
        self.qtbot, self.window, self.answers = qtbot, window, answers
        self.comparison = window.comparison
        self.lineup, self.look = self.comparison.lineup, self.comparison.look
        self.board, self.store = self.comparison.board, self.comparison.store

    def key(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        self.qtbot.keyClick(self.window.grid, key, modifiers)

    def do(self, name: str) -> None:
        self.window.registry.action(name).trigger()

    def wait(self, done: Callable[[], Any], timeout: int = 20_000) -> None:
        self.qtbot.waitUntil(lambda: bool(done()), timeout=timeout)

    def wait_cells(self) -> None:
        """Until everything in the grid is there."""
        self.wait(lambda: self.lineup.shown and all(self.seen(row) for row in range(len(self.lineup.panel.cases))))

    def seen(self, row: int) -> bool:
        case = self.lineup.panel.cases[row].name
        return all(self.store.cell(case, column.key) is not None for column in self.lineup.shown)

    def verdicts(self) -> list[Verdict]:
        return list(self.comparison.judging.log.all())

    def said(self) -> dict[tuple[str, str], tuple[str, ...]]:
        return {place: verdict.tags for place, verdict in self.comparison.judging.log.latest().items()}


@pytest.fixture(scope="session")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Snapshots and cells that several tests use: made once."""
    return tmp_path_factory.mktemp("kept")


@pytest.fixture
def run(tmp_path: Path, kept: Path) -> Run:
    made = Run(tmp_path / "run-of-secrets", kept)
    for step in STEPS:
        made.snapshot(step)
    return made


@pytest.fixture
def panel(tmp_path: Path, phantom: np.ndarray) -> Panel:
    Image.fromarray(phantom).save(tmp_path / "chest.png")
    image = str(tmp_path / "chest.png")
    return Panel(
        "Phantom",
        (
            Case("box in the lung", image, HoleShape("box", ((100.0, 70.0), (132.0, 102.0))), 1),
            Case("disc below", image, HoleShape("box", ((170.0, 180.0), (190.0, 200.0))), 2),
            Case("abnormal", image, HoleShape("box", ((60.0, 60.0), (84.0, 84.0))), 3, healthy=False),
        ),
    )


@pytest.fixture
def desk(qtbot: QtBot, panel: Panel, tmp_path: Path, kept: Path) -> Iterator[Callable[..., Desk]]:
    """Opens a window on what is named."""
    made: list[ComparisonWindow] = []

    def sit(*paths: Path | str, judge: str = "anna", cache: Path = kept) -> Desk:
        answers = Answers(tmp_path / "out")
        window = comparison_window(panel, ComparisonOptions("cpu", judge, cache), asking=answers)
        made.append(window)
        window.resize(1200, 900)
        with qtbot.waitSignal(window.painted):
            window.show()
        window.comparison.start(list(paths))
        return Desk(qtbot, window, answers)

    yield sit
    for window in made:
        window.close()
        window.deleteLater()
    shutil.rmtree(tmp_path / "out", ignore_errors=True)
