"""One way to write a value down, so that its hash is the same everywhere."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any


def canonical_json(value: Any) -> str:
    """JSON with sorted keys, no spaces and no NaN."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def digest(value: Any) -> str:
    """Hex SHA-256 of a value's canonical JSON (UTF-8)."""
    return text_digest(canonical_json(value))


def text_digest(text: str) -> str:
    """Hex SHA-256 of a text (UTF-8)."""
    return sha256(text.encode()).hexdigest()
