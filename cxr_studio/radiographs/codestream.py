"""What a compressed frame states itself, looked at before a decoder is trusted with it.

A single damaged byte of the size makes decoders reserve gigabytes and run for minutes before they give up, and GDCM
ends the whole program where a JPEG header makes it warn.
"""

from __future__ import annotations

from collections.abc import Iterator

J2K_START = b"\xff\x4f\xff\x51"
"""SOC and SIZ, the first two markers of a JPEG 2000 or HTJ2K codestream (ISO/IEC 15444-1 A.5.1)."""

J2K_SEARCHED = 512
"""Bytes in which the codestream starts, where somebody left the boxes of a JP2 file around it."""

JPEG_FRAMES = frozenset({*range(0xC0, 0xD0), 0xF7}) - {0xC4, 0xC8, 0xCC}
"""Markers of a JPEG frame header (ISO/IEC 10918-1 B.2.2), and that of JPEG-LS."""

JPEG_SCAN = 0xDA
JPEG_TABLES = frozenset({0xC4, 0xDB, 0xDD})
"""Markers of Huffman and quantization tables and of the restart interval."""

JPEG_REMARKS = frozenset({*range(0xE0, 0xF0), 0xFE})
"""Markers of application segments and comments, which say nothing about one grey component."""

JPEG_SEQUENTIAL = frozenset({0xC0, 0xC1, 0xC3})
"""Frame headers of baseline, extended and lossless JPEG, coded by Huffman's method."""


def codestream_size(frame: bytes) -> tuple[int, int] | None:
    """Rows and columns that a JPEG, JPEG-LS, JPEG 2000 or HTJ2K frame states, or None where it states none."""
    start = frame.find(J2K_START, 0, J2K_SEARCHED)
    if start >= 0:
        fields = frame[start + 8 : start + 24]
        x1, y1, x0, y0 = (int.from_bytes(fields[k : k + 4]) for k in (0, 4, 8, 12))
        return y1 - y0, x1 - x0
    for marker, start, _ in _segments(frame):
        if marker in JPEG_FRAMES:
            return int.from_bytes(frame[start + 5 : start + 7]), int.from_bytes(frame[start + 7 : start + 9])
    return None


def plain_jpeg(frame: bytes) -> bytes:
    """Return a sequential JPEG frame without its remarks.

    Raises:
        ValueError: its header is no unbroken chain of tables, one frame header and a scan.
    """
    markers, kept, rest = [], [b"\xff\xd8"], 2
    for marker, start, end in _segments(frame):
        if marker not in JPEG_REMARKS:
            markers.append(marker)
            kept.append(frame[start:end])
        rest = end
    others = [marker for marker in markers if marker not in JPEG_TABLES]
    if len(others) != 2 or others[0] not in JPEG_SEQUENTIAL or others[1] != JPEG_SCAN:
        raise ValueError("the header of the compressed pixels is broken")
    return b"".join(kept) + frame[rest:]


def _segments(frame: bytes) -> Iterator[tuple[int, int, int]]:
    """Marker, start and end of every segment of a JPEG header, up to the scan or where the chain breaks."""
    place = 2 if frame.startswith(b"\xff\xd8") else len(frame)
    marker = 0
    while marker != JPEG_SCAN and frame[place : place + 1] == b"\xff":
        while frame[place + 1 : place + 2] == b"\xff":
            place += 1
        length = int.from_bytes(frame[place + 2 : place + 4])
        end = place + 2 + length
        if length < 2 or end > len(frame):
            return
        marker = frame[place + 1]
        yield marker, place, end
        place = end
