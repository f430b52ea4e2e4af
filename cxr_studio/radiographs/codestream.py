"""The size that a compressed frame states itself, looked at before a decoder makes room for it.

A single damaged byte of that size makes decoders reserve gigabytes and run for minutes before they give up.
"""

from __future__ import annotations

J2K_START = b"\xff\x4f\xff\x51"
"""SOC and SIZ, the first two markers of a JPEG 2000 or HTJ2K codestream (ISO/IEC 15444-1 A.5.1)."""

J2K_SEARCHED = 512
"""Bytes in which the codestream starts, where somebody left the boxes of a JP2 file around it."""

JPEG_FRAMES = frozenset({*range(0xC0, 0xD0), 0xF7}) - {0xC4, 0xC8, 0xCC}
"""Markers of a JPEG frame header (ISO/IEC 10918-1 B.2.2), and that of JPEG-LS."""


def codestream_size(frame: bytes) -> tuple[int, int] | None:
    """Rows and columns that a JPEG, JPEG-LS, JPEG 2000 or HTJ2K frame states, or None where it states none."""
    start = frame.find(J2K_START, 0, J2K_SEARCHED)
    if start >= 0:
        fields = frame[start + 8 : start + 24]
        x1, y1, x0, y0 = (int.from_bytes(fields[k : k + 4]) for k in (0, 4, 8, 12))
        return y1 - y0, x1 - x0
    return _jpeg_size(frame)


def _jpeg_size(frame: bytes) -> tuple[int, int] | None:
    place = 2
    while frame[place : place + 1] == b"\xff":
        marker = frame[place + 1 : place + 2]
        if marker == b"\xff":
            place += 1
            continue
        if marker and marker[0] in JPEG_FRAMES:
            return int.from_bytes(frame[place + 5 : place + 7]), int.from_bytes(frame[place + 7 : place + 9])
        place += 2 + int.from_bytes(frame[place + 2 : place + 4])
    return None
