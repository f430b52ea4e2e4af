"""The pool of loaded networks: loaded once, within a budget, the least recently used goes, from any thread."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from pathlib import Path

import pytest
import torch
from torch import nn

from cxr_studio.errors import CheckpointError
from cxr_studio.generation.pool import Pool, bytes_of
from cxr_studio.networks.card import Role
from cxr_studio.networks.checkpoint import Checkpoint
from tests.generation.strangers import CARDS

KIB = 1024


def checkpoint(folder: Path, name: str) -> Checkpoint:
    path = folder / name
    path.write_bytes(name.encode())
    return Checkpoint(path, CARDS[Role.RESTORE])


def loader(log: list[tuple[str, str]]):
    """Loads a module of one KiB and notes it."""

    def load(one: Checkpoint, device: str) -> nn.Module:
        log.append((one.path.name, device))
        return nn.Linear(256, 1, bias=False)

    return load


def test_a_network_is_loaded_once_for_each_device(tmp_path):
    log: list[tuple[str, str]] = []
    pool, load, one = Pool(10 * KIB), loader(log), checkpoint(tmp_path, "a")
    assert pool.take(one, "cpu", load) is pool.take(one, "cpu", load)
    assert pool.take(one, "cuda:0", load) is not pool.take(one, "cpu", load)
    assert log == [("a", "cpu"), ("a", "cuda:0")]
    assert (pool.used("cpu"), pool.used("cuda:0")) == (KIB, KIB)


def test_another_content_is_another_network(tmp_path):
    log: list[tuple[str, str]] = []
    pool, load = Pool(), loader(log)
    first = pool.take(checkpoint(tmp_path, "a"), "cpu", load)
    (tmp_path / "a").write_bytes(b"changed")
    assert pool.take(Checkpoint(tmp_path / "a", CARDS[Role.RESTORE]), "cpu", load) is not first


def test_once_a_file_changed_its_old_network_is_forgotten(tmp_path):
    log: list[tuple[str, str]] = []
    pool, load, other = Pool(), loader(log), checkpoint(tmp_path, "b")
    kept = pool.take(other, "cpu", load)
    for content in (b"first", b"second", b"third"):
        (tmp_path / "a").write_bytes(content)
        for device in ("cpu", "cuda:0"):
            pool.take(Checkpoint(tmp_path / "a", CARDS[Role.RESTORE]), device, load)
    assert (pool.used("cpu"), pool.used("cuda:0")) == (2 * KIB, KIB)
    assert pool.take(other, "cpu", load) is kept


def test_the_least_recently_used_makes_room_on_its_own_device(tmp_path):
    log: list[tuple[str, str]] = []
    pool, load = Pool(2 * KIB), loader(log)
    a, b, c = (checkpoint(tmp_path, name) for name in "abc")
    for one in (a, b, a):
        pool.take(one, "cpu", load)
    pool.take(b, "mps", load)
    pool.take(c, "cpu", load)
    log.clear()
    for one, device in ((a, "cpu"), (c, "cpu"), (b, "mps"), (b, "cpu")):
        pool.take(one, device, load)
    assert log == [("b", "cpu")]
    assert pool.used("cpu") == 2 * KIB


def test_one_that_exceeds_the_budget_is_used_all_the_same(tmp_path):
    log: list[tuple[str, str]] = []
    pool, load = Pool(1), loader(log)
    a, b = checkpoint(tmp_path, "a"), checkpoint(tmp_path, "b")
    pool.take(a, "cpu", load)
    assert pool.used("cpu") == KIB
    pool.take(b, "cpu", load)
    assert pool.used("cpu") == KIB
    pool.take(b, "cpu", load)
    assert log == [("a", "cpu"), ("b", "cpu")]


def test_what_fails_to_load_is_tried_afresh(tmp_path):
    tries = []

    def load(one: Checkpoint, device: str) -> nn.Module:
        tries.append(device)
        if len(tries) == 1:
            raise CheckpointError("the weights do not fit")
        return nn.Linear(1, 1)

    pool, one = Pool(), checkpoint(tmp_path, "a")
    with pytest.raises(CheckpointError):
        pool.take(one, "cpu", load)
    assert pool.used("cpu") == 0
    assert isinstance(pool.take(one, "cpu", load), nn.Linear)


def test_a_device_that_is_lost_is_forgotten(tmp_path):
    log: list[tuple[str, str]] = []
    pool, load, one = Pool(), loader(log), checkpoint(tmp_path, "a")
    for device in ("cuda:0", "cpu"):
        pool.take(one, device, load)
    pool.release("cuda:0")
    assert (pool.used("cuda:0"), pool.used("cpu")) == (0, KIB)


def test_many_threads_load_each_network_once(tmp_path):
    log: list[tuple[str, str]] = []
    pool, load = Pool(), loader(log)
    some = [checkpoint(tmp_path, name) for name in "abc"]
    start, found = threading.Barrier(8), []

    def work(k: int) -> None:
        start.wait()
        found.extend(id(pool.take(some[(k + j) % 3], "cpu", load)) for j in range(30))

    threads = [threading.Thread(target=work, args=(k,)) for k in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(log) == [(name, "cpu") for name in "abc"]
    assert len(set(found)) == 3


def test_a_network_may_need_another_one(tmp_path):
    pool, inner, outer = Pool(), checkpoint(tmp_path, "inner"), checkpoint(tmp_path, "outer")

    @dataclass
    class Pair:
        module: nn.Module
        other: nn.Module

    def small(one: Checkpoint, device: str) -> nn.Module:
        return nn.Linear(256, 1, bias=False)

    def both(one: Checkpoint, device: str) -> Pair:
        return Pair(nn.Linear(512, 1, bias=False), pool.take(inner, device, small))

    pair = pool.take(outer, "cpu", both)
    assert pair.other is pool.take(inner, "cpu", small)
    assert pool.used("cpu") == 3 * KIB


def test_buffers_count_and_half_precision_counts_half():
    module = nn.BatchNorm1d(8).half()
    assert bytes_of(module) == 2 * (8 + 8 + 8 + 8) + 8
    assert bytes_of(nn.Linear(3, 5).to(torch.float64)) == 8 * 20
