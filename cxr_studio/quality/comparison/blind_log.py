"""Which order a blind judging had: its seed and the columns behind the letters, on disk before the first verdict."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path

from cxr_studio.errors import WriteError
from cxr_studio.quality.comparison.columns import Column
from cxr_studio.quality.comparison.verdicts import utc_now

LOG_NAME = "blind-orders.jsonl"


def log_order(folder: Path, judge: str, seed: int, columns: Sequence[Column]) -> None:
    """Append a line: when, who, the seed, and the column key behind every letter.

    Args:
        folder: Where the verdicts are; made where missing.
        judge: Who judges; "" where not known yet.
        seed: Of the order.
        columns: From ``shuffling.blind_order``.

    Raises:
        WriteError: it is not on disk.
    """
    line = {"time": utc_now(), "judge": judge, "seed": seed, "letters": {c.title: c.key for c in columns}}
    path = folder / LOG_NAME
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as stream:
            stream.write(json.dumps(line) + "\n")
            stream.flush()
            os.fsync(stream.fileno())
    except OSError as fault:
        raise WriteError(
            f"the blind order could not be written ({fault.strerror or fault})", file=path, remedy="Free some space"
        ) from fault
