"""What one check of a checkpoint came to."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """One check.

    Attributes:
        name: What was checked.
        passed: Whether it holds.
        words: The figure, or what is wrong.
    """

    name: str
    passed: bool
    words: str
