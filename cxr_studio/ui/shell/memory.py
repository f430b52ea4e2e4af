"""Giving freed memory back to the system after a file was decoded."""

from __future__ import annotations

import ctypes
import sys


def give_back() -> None:
    """Return what is free: glibc keeps the decoder's buffers (about 35 MB for 3000 × 3000 × 16 bits) otherwise."""
    if sys.platform.startswith("linux"):
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim is not None:
            trim(0)
