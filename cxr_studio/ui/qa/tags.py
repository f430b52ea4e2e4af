"""The judge's tags and the actions that give them."""

from __future__ import annotations

from cxr_studio.quality.comparison.verdicts import TAGS

TAG_COMMANDS: dict[str, str] = {f"judge.tag-{number}": tag for number, tag in enumerate(TAGS, 1)}
"""Action id → tag."""
