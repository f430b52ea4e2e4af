"""Columns: runs, files, names; runs that are still writing."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from cxr_studio.errors import CheckpointError, GeneratorError
from cxr_studio.files import file_sha256
from cxr_studio.networks.card import Role
from cxr_studio.quality.comparison import hash_memory
from cxr_studio.quality.comparison.columns import RunWatch, columns_and_faults, columns_of, is_whole
from cxr_studio.quality.comparison.hash_memory import HashMemory
from cxr_studio.quality.comparison.shuffling import blind_order, letter
from tests.quality.comparison.comparison_bench import write_snapshot


def test_a_run_gives_its_snapshots_in_step_order(bench):
    write_snapshot(bench.run, 10_000_000)
    columns = columns_of([bench.run])
    assert [column.step for column in columns] == [10, 20, 30, 10_000_000]
    assert [column.title for column in columns][:2] == ["step 10", "step 20"]
    assert all(column.run == bench.run.resolve() and column.card.name == "tiny" for column in columns)
    assert columns[0].key == file_sha256(columns[0].path)


def test_several_runs_are_told_apart_and_a_checkpoint_stands_once(bench):
    other = bench.folder / "other"
    shutil.copytree(bench.run / "snapshots", other / "snapshots")
    write_snapshot(other, 40)
    columns = columns_of(
        [bench.run, other, "biharmonic", "context-encoder", bench.run / "snapshots/step-0000010.safetensors"]
    )
    assert [c.title for c in columns] == [
        "run, step 10",
        "run, step 20",
        "run, step 30",
        "other, step 40",
        "Biharmonic (classical)",
        "Context encoder, smooth",
    ]
    assert columns[4].path is None
    assert columns[4].generator == columns[4].key == "biharmonic"
    assert columns[4].role is Role.RESTORE


def test_what_is_no_checkpoint_is_refused_in_a_sentence(bench, tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(CheckpointError, match="no training run"):
        columns_of([tmp_path / "empty"])
    with pytest.raises(GeneratorError, match="no generator"):
        columns_of(["nonsense"])
    with pytest.raises(CheckpointError, match="no such run"):
        columns_of([tmp_path / "misspelt"])
    (tmp_path / "x.safetensors").write_bytes(b"nothing")
    with pytest.raises(CheckpointError, match="not a checkpoint"):
        columns_of([tmp_path / "x.safetensors"])


def test_a_bad_file_stops_none_of_the_others(bench):
    (bench.run / "snapshots" / "step-0000020.onnx").write_bytes(b"no model")
    (bench.run / "snapshots" / "step-0000020.card.toml").write_text("name = 3")
    columns, faults = columns_and_faults([bench.run, "nonsense", bench.folder / "none.safetensors", "telea"])
    assert [column.title for column in columns] == ["step 10", "step 20", "step 30", "Telea (classical)"]
    assert ["card.toml" in str(faults[0]), "nonsense" in str(faults[1]), "none" in str(faults[2])] == [True] * 3
    watch = RunWatch([bench.folder / "none.safetensors", "telea"])
    assert [column.title for column in watch.new()] == ["Telea (classical)"]
    assert "none.safetensors" in str(watch.faults[0])
    with pytest.raises(CheckpointError, match=r"none\.safetensors"):
        RunWatch([bench.folder / "none.safetensors"]).new()


def test_a_run_without_a_snapshot_gives_no_columns(tmp_path):
    (tmp_path / "recipe.toml").write_text("", encoding="utf-8")
    assert columns_of([tmp_path]) == ()


def test_a_watch_gives_every_snapshot_once_and_never_a_torn_one(bench):
    watch = RunWatch([bench.run, "biharmonic"])
    assert [column.title for column in watch.new()] == ["step 10", "step 20", "step 30", "Biharmonic (classical)"]
    assert watch.new() == ()
    whole = write_snapshot(bench.folder / "elsewhere", 40).read_bytes()
    growing = bench.run / "snapshots" / "step-0000040.safetensors"
    for length in (0, 4, 100, len(whole) // 2, len(whole) - 1):
        growing.write_bytes(whole[:length])
        assert watch.new() == (), f"{length} bytes"
        assert not is_whole(growing)
    (bench.run / "snapshots" / ".step-0000050-x.safetensors").write_bytes(whole)
    growing.write_bytes(whole)
    assert [column.step for column in watch.new()] == [40]
    assert watch.new() == ()


def test_a_watch_takes_a_snapshot_written_anew_and_survives_one_taken_away(bench):
    watch = RunWatch([bench.run])
    watch.new()
    (bench.run / "snapshots" / "step-0000010.safetensors").unlink()
    assert watch.new() == ()
    again = write_snapshot(bench.run, 20, scale=0.01)
    os.utime(again, ns=(1, 1))
    (column,) = watch.new()
    assert column.step == 20
    shutil.rmtree(bench.run)
    assert watch.new() == ()


def test_a_watch_waits_for_the_first_snapshot(tmp_path):
    run = tmp_path / "run"
    run.mkdir()
    (run / "recipe.toml").write_text("", encoding="utf-8")
    watch = RunWatch([run])
    assert watch.new() == ()
    write_snapshot(run, 5)
    assert [column.step for column in watch.new()] == [5]


def test_hashes_are_computed_once_for_every_state_of_a_file(bench, monkeypatch):
    asked: list[Path] = []
    monkeypatch.setattr(hash_memory, "checkpoint_sha256", lambda path: asked.append(path) or file_sha256(path))
    folder = bench.folder / "memory"
    first = columns_of([bench.run], hashes=HashMemory(folder))
    assert len(asked) == 3
    assert columns_of([bench.run], hashes=HashMemory(folder)) == first
    assert len(asked) == 3
    write_snapshot(bench.run, 20, scale=0.01)
    changed = columns_of([bench.run], hashes=HashMemory(folder))
    assert len(asked) == 4
    assert changed[1].key != first[1].key
    for damage in (b"", b"{", b"[]", b'{"a": 3}'):
        (folder / "hashes.json").write_bytes(damage)
        assert columns_of([bench.run], hashes=HashMemory(folder)) == changed


def test_blind_columns_say_nothing_but_keep_their_keys(bench):
    columns = columns_of([bench.run, "biharmonic"])
    blind = blind_order(columns, seed=1)
    assert sorted(column.key for column in blind) == sorted(column.key for column in columns)
    assert [column.title for column in blind] == ["A", "B", "C", "D"]
    assert all(column.run is None and column.step is None for column in blind)
    assert blind == blind_order(columns[::-1], seed=1)
    assert len({tuple(c.key for c in blind_order(columns, seed)) for seed in range(20)}) > 5


def test_blind_columns_keep_their_letters_when_snapshots_arrive(bench):
    columns = columns_of([bench.run])
    blind = blind_order(columns, seed=1)
    write_snapshot(bench.run, 40)
    write_snapshot(bench.run, 50)
    more = blind_order(columns_of([bench.run]), seed=1, kept=blind)
    assert more[:3] == blind
    assert [column.title for column in more[3:]] == ["D", "E"]


def test_letters_go_on_after_z():
    assert [letter(number) for number in (0, 25, 26, 51, 52, 701, 702)] == ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]
