"""Checkpoint QA: cells a second beside the bare network, from the cache, and from a new snapshot to its column."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

import numpy as np
import pytest
import torch

from cxr_studio.networks.card import Role
from cxr_studio.quality.comparison.cells import CellCache, CellMaker
from cxr_studio.quality.comparison.columns import RunWatch, columns_of
from cxr_studio.quality.comparison.features import moments_of
from cxr_studio.quality.comparison.panel import panel_from_folder
from cxr_studio.resources import resource
from cxr_studio.restore.trained_fill import load
from cxr_studio.roles import find

pytestmark = pytest.mark.benchmark

CASES = 24
SNAPSHOTS = 200
REPEATS = 3


def clock(step) -> float:
    started = time.perf_counter()
    step()
    return time.perf_counter() - started


def test_cells_a_second(tmp_path: Path) -> None:
    panel = panel_from_folder(resource("samples", "healthy-1.png"), CASES, seed=1)
    (column,) = columns_of(["context-encoder"])
    maker = CellMaker(panel, cache=CellCache(tmp_path), device="cpu")
    for case in panel.cases:
        maker.loaded(case)
    network = load(find("context-encoder", Role.RESTORE), "cpu")
    moments_of(maker.loaded(panel.cases[0]).original, maker.loaded(panel.cases[0]).crop_mask)
    side = network.card.input_side
    crops = np.random.default_rng(1).random((1, side, side), np.float32)
    holes = np.zeros((1, side, side), bool)
    holes[:, 32:96, 32:96] = True

    def bare() -> None:
        for _ in range(CASES):
            network.predict(crops, holes)

    def make() -> None:
        shutil.rmtree(tmp_path / "cells", ignore_errors=True)
        for case in panel.cases:
            maker.make(case, column)

    bare()
    alone = CASES / min(clock(bare) for _ in range(REPEATS))
    made = CASES / min(clock(make) for _ in range(REPEATS))
    kept = CASES / min(clock(lambda: [maker.cached(case, column) for case in panel.cases]) for _ in range(REPEATS))
    fills = np.mean([maker.cached(case, column).scores.milliseconds for case in panel.cases])
    print(f"\n{CASES} holes of 64 x 64, {torch.get_num_threads()} threads")
    print(f"  the bare network                        {alone:8.1f} a second")
    print(f"  cells, scored and kept                  {made:8.1f} a second   ratio {made / alone:.2f}")
    print(f"    of which the fill itself              {1000 / fills:8.1f} a second")
    print(f"  cells from the cache                    {kept:8.1f} a second   ratio {kept / alone:.2f}")


def test_many_columns_are_summed_up_from_the_cache(tmp_path: Path) -> None:
    panel = panel_from_folder(resource("samples", "healthy-1.png"), CASES, seed=1)
    columns = columns_of(["telea"])
    maker = CellMaker(panel, cache=CellCache(tmp_path), device="cpu")
    for case in panel.cases:
        maker.make(case, columns[0])
    again = CellMaker(panel, cache=CellCache(tmp_path), device="cpu")
    for case in panel.cases:
        again.loaded(case)
    first = clock(lambda: again.column_scores(columns[0]))
    one = min(clock(lambda: again.column_scores(columns[0])) for _ in range(REPEATS))
    row = min(clock(lambda: again.cached(panel.cases[0], columns[0])) for _ in range(REPEATS))
    print(f"\n{SNAPSHOTS} columns x {CASES} cases, all made before")
    print(f"  figures of every column, first look     {SNAPSHOTS * first:8.2f} s   one column {1000 * first:.1f} ms")
    print(f"  figures of every column, later          {SNAPSHOTS * one:8.2f} s   one column {1000 * one:.1f} ms")
    print(f"  one cell to show                        {1000 * row:8.2f} ms")


def test_from_a_new_snapshot_to_its_column(tmp_path: Path) -> None:
    run, panel = tmp_path / "run", panel_from_folder(resource("samples", "healthy-1.png"), CASES, seed=1)
    (run / "snapshots").mkdir(parents=True)
    shipped = resource("checkpoints", "context-encoder.safetensors")
    maker = CellMaker(panel, cache=CellCache(tmp_path / "cache"), device="cpu")
    shutil.copy(shipped, run / "snapshots" / "step-0000001.safetensors")
    watch = RunWatch([run])
    (first,) = watch.new()
    for case in panel.cases:
        maker.make(case, first)
    content = bytearray(shipped.read_bytes())
    content[-1] ^= 1
    started = time.perf_counter()
    (run / "snapshots" / "step-0000002.safetensors").write_bytes(content)
    (new,) = watch.new()
    known = time.perf_counter() - started
    maker.make(panel.cases[0], new)
    shown = time.perf_counter() - started
    for case in panel.cases[1:]:
        maker.make(case, new)
    whole = time.perf_counter() - started
    idle = min(clock(watch.new) for _ in range(20))
    print(f"\nA new snapshot of {len(content) / 1e6:.1f} MB, {CASES} cases")
    print(f"  on disk to known (hashed, card read)    {1000 * known:8.1f} ms")
    print(f"  on disk to its first cell               {1000 * shown:8.1f} ms")
    print(f"  on disk to its whole column             {1000 * whole:8.1f} ms")
    print(f"  looking when nothing is new             {1000 * idle:8.2f} ms")
