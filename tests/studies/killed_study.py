"""Simulated readers in processes of their own, to be killed at any moment.

Run as a program it stays warm and forks: for each line "READER" on its input it starts a sitting and tells "pid PID",
"open" when the first trial comes, and "ended STATUS" (below 0: the signal that ended it).
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

from cxr_studio.studies.bundle import Bundle, open_bundle
from cxr_studio.studies.key import Key, open_key
from cxr_studio.studies.ledger import SittingOptions
from cxr_studio.studies.simulation import Observer, simulate
from cxr_studio.studies.sitting import Sitting

OBSERVER = Observer(accuracy=0.7, side_bias=0.1, seed=5)


def sit(folder: Path, reader: str, bundle: Bundle, key: Key) -> None:
    """Sit until killed or finished; every acknowledged answer is a line in ``folder/acknowledged-READER``."""
    lines = os.open(folder / f"acknowledged-{reader}", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    sitting = Sitting(bundle, reader, SittingOptions(copy_to=folder / "copy", origin="simulated"))
    print("open", flush=True)
    for done in simulate(sitting, key, OBSERVER):
        os.write(lines, f"{done.sequence} {done.uid} {done.row_hash}\n".encode())
    sitting.close()
    os.close(lines)


def rehearse(folder: Path, bundle: Bundle, key: Key) -> float:
    """Warm everything up on a database of its own; returns seconds a trial."""
    sitting = Sitting(bundle, "warm", SittingOptions(folder / "rehearsal.sqlite", folder / "rehearsal"))
    started = time.perf_counter()
    trials = sum(1 for _ in simulate(sitting, key, OBSERVER, limit=40))
    seconds = time.perf_counter() - started
    sitting.close()
    return seconds / trials


def serve(folder: Path) -> None:
    """Tell "ready SECONDS", then fork a sitting for every line."""
    bundle, key = open_bundle(folder / "bundle"), open_key(folder / "key.json")
    print(f"ready {rehearse(folder, bundle, key)}", flush=True)
    for line in sys.stdin:
        process = os.fork()
        if not process:
            try:
                print(f"pid {os.getpid()}", flush=True)
                sit(folder, line.strip(), bundle, key)
            except BaseException as fault:
                print(f"fault {fault}", flush=True)
                os._exit(3)
            os._exit(0)
        print(f"ended {os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])}", flush=True)


if __name__ == "__main__":
    serve(Path(sys.argv[1]))
