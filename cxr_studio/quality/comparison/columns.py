"""The columns of a comparison: checkpoints, snapshots of runs in step order, built-in fills."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from cxr_studio.errors import CheckpointError, StudioError
from cxr_studio.generation.generators import GeneratorFacts
from cxr_studio.networks.card import Card, Role
from cxr_studio.networks.checkpoint import HEADER_LIMIT, SUFFIX, SUFFIXES, files_of, is_checkpoint_name, read_checkpoint
from cxr_studio.quality.comparison.hash_memory import HashMemory
from cxr_studio.roles import look_up

SNAPSHOTS = "snapshots"
"""Folder of a run in which its snapshots are."""

RUN_FILES = ("recipe.toml", "journal.csv", SNAPSHOTS)
"""A folder with one of these is a run."""

STEP = re.compile(r"step-(\d+)")


@dataclass(frozen=True)
class Column:
    """One generator of a comparison.

    Attributes:
        key: SHA-256 of the checkpoint's file; the name of a built-in fill.
        title: To show.
        path: The checkpoint, None for a built-in fill.
        run: Folder of the training run that it is a snapshot of, a full path.
        step: Its step in the run, or the card's steps.
        card: Its card, None for a built-in one.
        built_in: Role of a built-in one.
    """

    key: str
    title: str
    path: Path | None
    run: Path | None = None
    step: int | None = None
    card: Card | None = None
    built_in: Role = Role.RESTORE

    @property
    def generator(self) -> str:
        """What ``inpainting.fill`` knows it by."""
        return self.key if self.path is None else str(self.path)

    @property
    def role(self) -> Role:
        """What it does with a mask."""
        return self.built_in if self.card is None else self.card.role


def columns_of(paths: Sequence[str | Path], *, hashes: HashMemory | None = None) -> tuple[Column, ...]:
    """Make the columns of what a user names.

    Args:
        paths: Run folders (their snapshots in step order), folders of checkpoints, checkpoint files, registry names.
        hashes: Remembers the checkpoints' hashes; on disk by default.

    Returns:
        Columns in the order named, each checkpoint once; none for a run that has no snapshot yet.

    Raises:
        CheckpointError: a file is no checkpoint, or a folder is no run and has none.
        GeneratorError: there is no generator of that name.
    """
    columns, faults = columns_and_faults(paths, hashes=hashes)
    if faults:
        raise faults[0]
    return columns


def columns_and_faults(
    paths: Sequence[str | Path], *, hashes: HashMemory | None = None
) -> tuple[tuple[Column, ...], list[StudioError]]:
    """Like ``columns_of``, but what cannot be compared stops nothing: returns its fault beside the columns."""
    hashes = hashes or HashMemory()
    several = sum(is_run(Path(path)) for path in paths) > 1
    found: dict[str, Column] = {}
    faults: list[StudioError] = []
    for path in paths:
        columns, refused = _named(path, hashes, several=several)
        faults += refused
        for column in columns:
            found.setdefault(column.key, column)
    hashes.save()
    return tuple(found.values()), faults


def is_run(path: Path) -> bool:
    """True for a folder of a training run."""
    return path.is_dir() and any((path / name).exists() for name in RUN_FILES)


def step_of(path: Path) -> int | None:
    """The step in a snapshot's name."""
    found = STEP.search(path.stem)
    return int(found.group(1)) if found else None


def is_whole(path: Path) -> bool:
    """True for a safetensors file that is as long as its header says, and for a model with a card beside it."""
    if path.suffix != SUFFIX:
        return all(file.is_file() for file in files_of(path))
    try:
        with path.open("rb") as stream:
            length = int.from_bytes(stream.read(8), "little")
            if not 2 <= length <= HEADER_LIMIT:
                return False
            header = json.loads(stream.read(length))
        ends = [entry["data_offsets"][1] for name, entry in header.items() if name != "__metadata__"]
        return path.stat().st_size == 8 + length + max(ends, default=0)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, IndexError):
        return False


class RunWatch:
    """Follows runs that are still training, and folders of checkpoints.

    Args:
        paths: As for ``columns_of``; names and single files are looked at once.
        hashes: See ``columns_of``.

    Attributes:
        faults: What the last look found that cannot be compared.
    """

    def __init__(self, paths: Sequence[str | Path], *, hashes: HashMemory | None = None) -> None:
        self._paths = tuple(paths)
        self._hashes = hashes or HashMemory()
        self._several = sum(is_run(Path(path)) for path in paths) > 1
        self._seen: set[tuple[str, int, int]] = set()
        self._keys: set[str] = set()
        self._first = True
        self.faults: list[StudioError] = []

    def new(self) -> tuple[Column, ...]:
        """Return the columns that were not there at the last call: all of them at the first.

        Cheap: lists folders, and reads only files that are new or have changed. A file that is not whole, or that
        vanishes meanwhile, is left for a later call.

        Raises:
            StudioError: at the first call only, where nothing that is named can be compared; see ``faults`` otherwise.
        """
        found: list[Column] = []
        self.faults = []
        for path in self._paths:
            if self._first or Path(path).is_dir():
                found += self._fresh(path)
        first, self._first = self._first, False
        if found:
            self._hashes.save()
        if first and len(self.faults) == len(self._paths):
            raise self.faults[0]
        return tuple(found)

    def _fresh(self, path: str | Path) -> list[Column]:
        folder = Path(path)
        if not folder.is_dir():
            columns, faults = _named(path, self._hashes, several=self._several)
            self.faults += faults
            return [column for column in columns if self._unknown(column)]
        if self._first and (fault := _no_columns_in(folder)):
            self.faults.append(fault)
            return []
        files = [file for file in _files(folder) if self._changed(file)]
        made = []
        for file in files:
            try:
                made.append(_snapshot(file, folder, self._hashes, several=self._several))
            except (CheckpointError, OSError):
                self._seen.discard(_state(file))
        return [column for column in made if self._unknown(column)]

    def _changed(self, file: Path) -> bool:
        state = _state(file)
        if state in self._seen or state[1] < 0 or not is_whole(file):
            return False
        self._seen.add(state)
        return True

    def _unknown(self, column: Column) -> bool:
        new = column.key not in self._keys
        self._keys.add(column.key)
        return new


def _state(file: Path) -> tuple[str, int, int]:
    try:
        facts = file.stat()
    except OSError:
        return str(file), -1, -1
    return str(file), facts.st_size, facts.st_mtime_ns


def _named(path: str | Path, hashes: HashMemory, *, several: bool) -> tuple[list[Column], list[StudioError]]:
    """The columns of what is named, and what is wrong with the rest of it."""
    folder = Path(path)
    if not folder.is_dir():
        try:
            return [_column(path, hashes)], []
        except StudioError as fault:
            return [], [fault]
    if refused := _no_columns_in(folder):
        return [], [refused]
    columns, faults = list[Column](), list[StudioError]()
    for file in _files(folder):
        if is_whole(file):
            try:
                columns.append(_snapshot(file, folder, hashes, several=several))
            except StudioError as fault:
                faults.append(fault)
    return columns, faults


def _column(path: str | Path, hashes: HashMemory) -> Column:
    if is_checkpoint_name(path):
        return _single(Path(path), hashes)
    if len(Path(path).parts) > 1:
        raise CheckpointError(
            "there is no such run or checkpoint", file=path, remedy="Check the path; cxr-studio models lists names"
        )
    return _known(look_up(str(path)), hashes)


def _files(folder: Path) -> list[Path]:
    own = folder / SNAPSHOTS if is_run(folder) else folder
    files = (path for suffix in SUFFIXES for path in own.glob(f"*{suffix}"))
    found = [path for path in files if not path.name.startswith(".")]
    return sorted(found, key=lambda path: (step_of(path) or 0, path.name))


def _no_columns_in(folder: Path) -> CheckpointError | None:
    if is_run(folder) or _files(folder):
        return None
    return CheckpointError(
        f"the folder {folder.name} is no training run and holds no checkpoints",
        remedy="Give the folder that cxr-studio train wrote, or .safetensors or .onnx files",
    )


def _snapshot(file: Path, folder: Path, hashes: HashMemory, *, several: bool) -> Column:
    single = _single(file, hashes)
    if not is_run(folder):
        return single
    step = single.step if step_of(file) is None else step_of(file)
    words = f"step {step:,}" if step is not None else file.stem
    title = f"{folder.resolve().name}, {words}" if several else words
    return replace(single, title=title, run=folder.resolve(), step=step)


def _single(file: Path, hashes: HashMemory) -> Column:
    card = read_checkpoint(file).card
    parent = file.resolve().parent
    run = parent.parent if parent.name == SNAPSHOTS else None
    title = f"{run.name}, {file.stem}" if run else file.stem
    step = card.steps if step_of(file) is None else step_of(file)
    return Column(hashes.sha256(file), title, file, run, step or None, card)


def _known(facts: GeneratorFacts, hashes: HashMemory) -> Column:
    if facts.checkpoint is None:
        return Column(facts.name, facts.title, None, built_in=facts.role)
    key = hashes.sha256(facts.checkpoint.path)
    return Column(key, facts.title, facts.checkpoint.path, None, facts.checkpoint.card.steps or None, facts.card)
