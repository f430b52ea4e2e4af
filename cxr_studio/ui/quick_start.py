"""What lets the window show sooner: plain imports, and no garbage collection before the first paint."""

from __future__ import annotations

import builtins
import gc
from collections.abc import Iterator
from contextlib import contextmanager

import PySide6.QtCore  # noqa: F401  what plain_imports undoes comes with it


def plain_imports() -> None:
    """Take out PySide's own ``__import__``, for the whole process.

    It reads the source of every module that is imported, whether "PySide6" stands in it, so that ``__feature__`` can
    rename methods there. Nothing here uses that, and it costs a third of the time until the window shows.
    """
    original = getattr(builtins, "__orig_import__", None)
    if original is not None:
        builtins.__import__ = original


@contextmanager
def uncollected() -> Iterator[None]:
    """No garbage collection inside; what is alive afterwards is never looked through again."""
    before = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if before:
            gc.enable()
