"""Hashes of arrays for provenance; that of a large read-only array is remembered while it lives."""

from __future__ import annotations

import weakref
from hashlib import sha256
from typing import Any

import numpy as np
from numpy.typing import NDArray

_known: dict[int, tuple[weakref.ref[Any], str]] = {}


def array_sha256(array: NDArray[Any]) -> str:
    """Hex SHA-256 of dtype, shape and values; booleans are packed eight to a byte first."""
    remembered = _known.get(id(array))
    if remembered is not None and remembered[0]() is array and not array.flags.writeable:
        return remembered[1]
    values = np.packbits(array) if array.dtype == np.bool_ else np.ascontiguousarray(array)
    digest = sha256(f"{array.dtype.str} {array.shape} ".encode())
    digest.update(values.data)
    if not array.flags.writeable:
        key = id(array)
        _known[key] = weakref.ref(array, lambda _: _known.pop(key, None)), digest.hexdigest()
    return digest.hexdigest()
