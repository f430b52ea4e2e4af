"""Keeps the program alive on PySide6 6.12 with Python 3.11, where Qt calls use up None, True and False.

Measured with PySide6 6.12.0: every call that returns nothing or a truth value lowers that constant's reference count by
one (``QLabel.update()``, ``QLabel.isVisible()``), and after some thousand calls the interpreter aborts with "none_dealloc:
deallocating None" or "bool_dealloc: deallocating True or False". From Python 3.12 on these constants are immortal; here
they are given as many references as a program never uses up.
"""

from __future__ import annotations

import ctypes
import sys

PLENTY = 1 << 40
"""References added: a hundred thousand calls a second use them up in four months."""

CONSTANTS = (None, True, False, NotImplemented, Ellipsis)

_done: list[bool] = []


def keep_constants_alive() -> None:
    """Give the constants so many references that they are never deallocated; a second call does nothing."""
    if sys.version_info < (3, 12) and sys.implementation.name == "cpython" and not _done:
        _done.append(True)
        for constant in CONSTANTS:
            ctypes.c_ssize_t.from_address(id(constant)).value += PLENTY
