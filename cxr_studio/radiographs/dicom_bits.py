"""Where the bits of a DICOM pixel lie: Bits Stored, High Bit, what a codestream states, overlays beside them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

OVERLAY_GROUPS = range(0x6000, 0x6020, 2)
ROWS, COLUMNS, FRAMES, BITS, POSITION, DATA = 0x0010, 0x0011, 0x0015, 0x0100, 0x0102, 0x3000
"""Elements of an overlay group (PS3.3 C.9.2)."""


@dataclass(frozen=True, eq=False)
class Stored:
    """Pixels as the header means them.

    Attributes:
        values: uint8, uint16 or int16 ``[H, W]``.
        bits: Bits that carry values.
        shift: Bits of a raw pixel below the values.
        raw: The pixels as decoded, with what lies beside the values.
        notes: Sentences on what the header says wrongly.
    """

    values: NDArray[Any]
    bits: int
    shift: int
    raw: NDArray[Any]
    notes: tuple[str, ...] = ()

    def value_of(self, raw: int) -> int:
        """The value that a raw pixel stands for."""
        pixel = np.array([raw % (1 << (8 * self.raw.itemsize))]).astype(f"u{self.raw.itemsize}")
        return int(_extracted(pixel.view(self.raw.dtype), self.bits, self.shift)[0])


def stored_values(decoded: NDArray[Any], header: Any, *, precision: int | None) -> Stored:
    """Take the values out of decoded pixels.

    Args:
        decoded: As in the file, uint8, uint16 or int16; what lies beyond Bits Stored may be anything.
        header: States Bits Stored and High Bit.
        precision: Bits that the codestream states, or None where there is none (uncompressed, RLE).
    """
    bits = int(header.BitsStored)
    shift, notes = _shift(decoded, header, precision)
    if precision is not None and precision > bits and not shift and not _fits(decoded, bits):
        notes.append(f"The compressed pixels have {precision} bits, not {bits} as the header says; all are used.")
        bits = precision
    return Stored(_extracted(decoded, bits, shift), bits, shift, decoded, tuple(notes))


def _shift(decoded: NDArray[Any], header: Any, precision: int | None) -> tuple[int, list[str]]:
    """How far above bit 0 the values begin; a High Bit that cannot be right is told and ignored."""
    bits, allocated = int(header.BitsStored), 8 * decoded.itemsize
    try:
        high = int(header.get("HighBit", bits - 1))
    except (TypeError, ValueError):
        high = bits - 1
    shift = high + 1 - bits
    if shift == 0 or (precision is not None and precision <= bits):
        return 0, []
    ignored = f"The file's High Bit {high} is implausible and ignored."
    if not 0 < shift <= allocated - bits:
        return 0, [ignored]
    below = decoded & ((1 << shift) - 1)
    return (0, [ignored]) if below.any() and _fits(decoded, bits) else (shift, [])


def _fits(values: NDArray[Any], bits: int) -> bool:
    """Tell whether values lie within so many bits as they are."""
    if values.dtype.kind == "i":
        return bool(values.min() >= -(1 << (bits - 1)) and values.max() < 1 << (bits - 1))
    return bool(values.max() < 1 << bits)


def _extracted(values: NDArray[Any], bits: int, shift: int) -> NDArray[Any]:
    """Values of ``bits`` bits that begin at bit ``shift``, with the sign carried up where the dtype has one."""
    if shift == 0 and (bits == 8 * values.itemsize or _fits(values, bits)):
        return np.ascontiguousarray(values)
    above = 8 * values.itemsize - bits - shift
    return np.ascontiguousarray((values << above) >> (above + shift))


def move_overlays(header: Any, stored: Stored, *, compressed: bool) -> None:
    """Move overlays out of spare bits of the pixels into Overlay Data, as derived files have no spare bits.

    A group that names bits in which there can be no overlay is removed.
    """
    for group in OVERLAY_GROUPS:
        if (group, POSITION) not in header or (group, DATA) in header:
            continue
        plane = None if compressed else _plane(header, group, stored)
        if plane is None:
            for element in list(header.group_dataset(group)):
                del header[element.tag]
            continue
        packed = np.packbits(plane.ravel(), bitorder="little").tobytes()
        header.add_new((group, BITS), "US", 1)
        header.add_new((group, POSITION), "US", 0)
        header.add_new((group, DATA), "OW", packed + b"\0" * (len(packed) % 2))


def _plane(header: Any, group: int, stored: Stored) -> NDArray[np.uint8] | None:
    """One overlay's bits ``[H, W]``, or None where the header is not believable."""
    try:
        position = int(header[group, POSITION].value)
        shape = int(header[group, ROWS].value), int(header[group, COLUMNS].value)
        frames = int(header[group, FRAMES].value or 1) if (group, FRAMES) in header else 1
    except (KeyError, TypeError, ValueError):
        return None
    spare = 0 <= position < 8 * stored.raw.itemsize and not 0 <= position - stored.shift < stored.bits
    if not spare or frames != 1 or shape != stored.raw.shape:
        return None
    unsigned = stored.raw.view(f"u{stored.raw.itemsize}")
    return np.asarray((unsigned >> position) & 1).astype(np.uint8)
