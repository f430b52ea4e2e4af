"""Keeps the program alive on PySide6 6.12 with Python 3.11, where Qt calls that return nothing use up None.

Measured with PySide6 6.12.0: ``QLabel.update()`` lowers ``sys.getrefcount(None)`` by one a call, and after some
thousand calls the interpreter aborts with "none_dealloc: deallocating None". From Python 3.12 on None is immortal.
"""

from __future__ import annotations

import ctypes
import sys

PLENTY = 1 << 40
"""References added: a hundred thousand calls a second use them up in four months."""

_done: list[bool] = []


def keep_none_alive() -> None:
    """Give None so many references that it is never deallocated; a second call does nothing."""
    if sys.version_info < (3, 12) and sys.implementation.name == "cpython" and not _done:
        _done.append(True)
        ctypes.c_ssize_t.from_address(id(None)).value += PLENTY
