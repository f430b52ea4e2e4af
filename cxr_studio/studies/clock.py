"""Wall-clock time as the log writes it."""

from __future__ import annotations

from datetime import UTC, datetime


def utc_now() -> str:
    """Time now, ISO 8601 with milliseconds, UTC."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def utc_offset_min() -> int:
    """Minutes by which this workstation's clock is ahead of UTC."""
    offset = datetime.now().astimezone().utcoffset()
    return 0 if offset is None else round(offset.total_seconds() / 60)
