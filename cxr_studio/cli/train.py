"""``cxr-studio train RECIPE``: starts ``python -m trainers`` in a process of its own."""

from __future__ import annotations

import argparse
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from types import FrameType

from cxr_studio.cli.train_slurm import slurm_help, write_script

PASSED_ON = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name))
"""Signals that the training gets too: it ends with a snapshot. Ctrl-C reaches it through the terminal."""

SIGNALLED = 128
"""Exit code of a process that a signal ended, less the signal's number, as shells have it."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Everything is handed on to the trainers; with ``--slurm`` into a script."""
    words = "RECIPE… [--out DIR] [--resume] [--dry-run] [--search N] [--slurm …] …"
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = f"All other options: cxr-studio train RECIPE --help\n\non a cluster:\n{slurm_help()}"
    parser.add_argument("arguments", nargs=argparse.REMAINDER, metavar=words)


def run(options: argparse.Namespace) -> int:
    """Train; the exit code is the trainers'."""
    from cxr_studio.errors import StudioError

    if "--slurm" in options.arguments:
        script = write_script(options.arguments)
        print(f"The script is {script}. Start it with: sbatch {script}")
        return 0
    if find_spec("lightning") is None:
        raise StudioError("training needs the extra packages", remedy="Run pip install 'cxr-studio[train]'")
    return supervised([sys.executable, "-m", "trainers", *options.arguments])


def supervised(command: Sequence[str]) -> int:
    """Run a command to its end; signals that would end this process end that one, and are waited for.

    Returns:
        Its exit code, 128 and the signal's number where a signal ended it.
    """
    with _passed_on() as started:
        process = subprocess.Popen(command)
        started(process)
        try:
            code = process.wait()
        except KeyboardInterrupt:
            if process.poll() is None:
                process.send_signal(signal.SIGINT)
            process.wait()
            raise
    return code if code >= 0 else SIGNALLED - code


class _Relay:
    """Passes signals on to a process, also those that came before it was there."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._waiting: list[int] = []

    def __call__(self, process: subprocess.Popen[bytes]) -> None:
        """The process is there."""
        self._process = process
        for number in self._waiting:
            process.send_signal(number)

    def receive(self, number: int, frame: FrameType | None) -> None:  # noqa: ARG002
        """A signal has come."""
        if self._process is None:
            self._waiting.append(number)
        else:
            self._process.send_signal(number)


@contextmanager
def _passed_on() -> Iterator[_Relay]:
    relay = _Relay()
    former = {number: signal.signal(number, relay.receive) for number in PASSED_ON}
    try:
        yield relay
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)
