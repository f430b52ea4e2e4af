"""A command in a process of its own, to which signals are passed on."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from types import FrameType
from typing import IO

from cxr_studio.errors import StudioError

PASSED_ON = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name))
"""Signals that the process gets too. Ctrl-C reaches it through the terminal."""

SIGNALLED = 128
"""Exit code of a process that a signal ended, less the signal's number, as shells have it."""

TICK_SECONDS = 0.5
"""Between two looks at a process whose output goes into a file."""


def training_command(arguments: Sequence[str]) -> list[str]:
    """The command that trains: ``python -m trainers``.

    Raises:
        StudioError: its packages are not installed.
    """
    if find_spec("lightning") is None:
        raise StudioError("training needs the extra packages", remedy="Run pip install 'cxr-studio[train]'")
    return [sys.executable, "-m", "trainers", *arguments]


def supervised(
    command: Sequence[str], *, output: IO[bytes] | None = None, tick: Callable[[], bool] | None = None
) -> int:
    """Run a command to its end; signals that would end this process end that one, and are waited for.

    Args:
        command: Program and arguments.
        output: Where both of its streams go; this process's own by default.
        tick: Called twice a second while it runs; False asks the process to end.

    Returns:
        Its exit code, 128 and the signal's number where a signal ended it.
    """
    with _passed_on() as started:
        process = subprocess.Popen(command, stdout=output, stderr=None if output is None else subprocess.STDOUT)
        started(process)
        try:
            code = process.wait() if tick is None else _watched(process, tick)
        except KeyboardInterrupt:
            if process.poll() is None:
                process.send_signal(signal.SIGINT)
            process.wait()
            raise
    return code if code >= 0 else SIGNALLED - code


def _watched(process: subprocess.Popen[bytes], tick: Callable[[], bool]) -> int:
    asked = False
    while True:
        try:
            return process.wait(TICK_SECONDS)
        except subprocess.TimeoutExpired:
            if not tick() and not asked:
                asked = True
                process.terminate()


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
