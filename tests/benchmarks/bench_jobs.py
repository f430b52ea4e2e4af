"""Radiographs a minute of the commands that run as batches, by one and by two processes, their start included.

One and two run in turns, so that what else the machine does weighs on both; medians are told. The seconds of processor
time are what a radiograph costs however busy the machine is.
"""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path
from statistics import median

import pytest

from cxr_studio.cli.main import main
from cxr_studio.resources import resource
from tests.benchmarks.measure import tell

pytestmark = pytest.mark.benchmark

TURNS = 3
CHEST_XRAY14 = 112_120
"""Radiographs of ChestX-ray14."""

COMMANDS: dict[str, tuple[list[str], int]] = {
    "augment, CT superposition": (["augment", "IN", "--count", "48", "--diameter", "uniform:12,60px"], 48),
    "highlight": (["highlight", "IN"], 8),
    "detect": (["detect", "IN"], 8),
}
"""What runs, and how many radiographs it makes."""


@pytest.fixture
def radiographs(tmp_path: Path) -> Path:
    """Eight files of the bundled healthy samples, 1024 × 1024."""
    folder = tmp_path / "in"
    folder.mkdir()
    for number in range(8):
        shutil.copyfile(resource("samples", f"healthy-{1 + number % 2}.png"), folder / f"{number}.png")
    return folder


@pytest.mark.parametrize("title", COMMANDS)
def test_images_a_minute(title: str, radiographs: Path, tmp_path: Path) -> None:
    words, count = COMMANDS[title]
    seconds: dict[int, list[float]] = {1: [], 2: []}
    worked: list[float] = []
    for turn in range(TURNS):
        for workers in seconds:
            out = tmp_path / f"{turn}-{workers}{'.csv' if words[0] == 'detect' else ''}"
            given = [str(radiographs) if word == "IN" else word for word in words]
            started, before = time.perf_counter(), sum(os.times()[:4])
            assert main([*given, "--device", "cpu", "--workers", str(workers), "--out", str(out)]) == 0
            seconds[workers].append(time.perf_counter() - started)
            worked += [sum(os.times()[:4]) - before] if workers == 1 else []
    rates = {workers: 60 * count / median(times) for workers, times in seconds.items()}
    rows = [
        ("1 process", rates[1], "/min"),
        ("2 processes", rates[2], "/min"),
    ]
    tell(f"{title}: radiographs of 1024 × 1024 a minute, on the processor", rows, base="1 process")
    each = median(worked) / count
    hours = CHEST_XRAY14 * each / 3600
    print(f"  one process: {each:.2f} s of processor time a radiograph, {hours:.1f} h for {CHEST_XRAY14:,}")
