"""Figures of a training by step: a CSV file and TensorBoard events."""

from __future__ import annotations

import csv
from pathlib import Path
from types import TracebackType

COLUMNS = ("step", "epoch", "stage", "seconds", "name", "value")


class Journal:
    """Appends figures, one row each (long form), and mirrors them to TensorBoard where it is installed.

    Args:
        folder: Run folder; ``journal.csv`` and ``tensorboard/`` are made in it.
        step: Steps done; rows from later steps, left by a run that was killed, are dropped.
    """

    def __init__(self, folder: Path, *, step: int) -> None:
        path = folder / "journal.csv"
        kept = _rows_until(path, step)
        self._stream = path.open("w", newline="", encoding="utf-8")
        self._rows = csv.writer(self._stream)
        self._rows.writerow(COLUMNS)
        self._rows.writerows(kept)
        self._board = _board(folder / "tensorboard", step)

    def __enter__(self) -> Journal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stream.close()
        if self._board is not None:
            self._board.close()

    def write(self, place: tuple[int, float, int, float], figures: dict[str, float]) -> None:
        """Append figures at a place: step, epoch, stage, seconds."""
        for name, value in figures.items():
            self._rows.writerow([place[0], f"{place[1]:.3f}", place[2], f"{place[3]:.1f}", name, f"{value:.8g}"])
            if self._board is not None:
                self._board.add_scalar(name, value, place[0])
        self._stream.flush()


def _rows_until(path: Path, step: int) -> list[list[str]]:
    if not path.exists():
        return []
    with path.open(newline="", encoding="utf-8") as stream:
        rows = list(csv.reader(stream))[1:]
    return [row for row in rows if len(row) == len(COLUMNS) and int(row[0]) <= step]


def _board(folder: Path, step: int):  # type: ignore[no-untyped-def]
    try:
        from torch.utils.tensorboard import SummaryWriter
    except ImportError:
        return None
    return SummaryWriter(str(folder), purge_step=step + 1 if step else None)
