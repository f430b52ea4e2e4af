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

J2K_DEPTH = 42
"""Bytes from SOC to Ssiz, which holds the sign and the bits less one of the first component (A.5.1)."""

JPEG_FRAMES = frozenset({*range(0xC0, 0xD0), 0xF7}) - {0xC4, 0xC8, 0xCC}
"""Markers of a JPEG frame header (ISO/IEC 10918-1 B.2.2), and that of JPEG-LS."""

JPEG_SCAN = 0xDA
JPEG_TABLES = frozenset({0xC4, 0xDB, 0xDD})
"""Markers of Huffman and quantization tables and of the restart interval."""

JPEG_REMARKS = frozenset({*range(0xE0, 0xF0), 0xFE})
"""Markers of application segments and comments, which say nothing about one grey component."""

JPEG_DEPTHS = {0xC0: {8}, 0xC1: {8, 12, 16}, 0xC3: {*range(2, 17)}}
"""Bits that a sample may have under the frame headers of baseline, extended (GDCM writes 16) and lossless JPEG."""

FRAME_BYTES, SCAN_BYTES = 13, 10
"""Bytes of the headers of a frame and of a scan, marker included, that describe one component."""


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


def codestream_bits(frame: bytes) -> int | None:
    """Bits of a sample that a JPEG, JPEG-LS, JPEG 2000 or HTJ2K frame states, or None where it states none."""
    start = frame.find(J2K_START, 0, J2K_SEARCHED)
    if start >= 0:
        place = start + J2K_DEPTH
        return (frame[place] & 0x7F) + 1 if place < len(frame) else None
    return next((frame[start + 4] for marker, start, _ in _segments(frame) if marker in JPEG_FRAMES), None)


def plain_jpeg(frame: bytes) -> bytes:
    """Return a sequential JPEG frame without its remarks.

    Raises:
        ValueError: its header is no unbroken chain of tables, one frame and one scan of one component.
    """
    kept = [(marker, frame[start:end]) for marker, start, end in _segments(frame) if marker not in JPEG_REMARKS]
    headers = [part for part in kept if part[0] not in JPEG_TABLES]
    if len(headers) != 2 or not _one_component(*headers):
        raise ValueError("the header of the compressed pixels is broken")
    rest = max(end for _, _, end in _segments(frame))
    return b"".join((b"\xff\xd8", *(segment for _, segment in kept), frame[rest:]))


def _one_component(frame: tuple[int, bytes], scan: tuple[int, bytes]) -> bool:
    """Tell whether a frame header and a scan header are legal, and both of the same single component."""
    head, body = frame[1], scan[1]
    return (
        (len(head), scan[0], len(body)) == (FRAME_BYTES, JPEG_SCAN, SCAN_BYTES)
        and head[4] in JPEG_DEPTHS.get(frame[0], ())
        and head[9] == body[4] == 1
        and head[10] == body[5]
    )


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
