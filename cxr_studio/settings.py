"""The user's settings: typed rows with a default, a range and words, kept in one JSON file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from cxr_studio.errors import StudioError
from cxr_studio.files import replaced
from cxr_studio.resources import state_folder


class Settings(BaseModel):
    """Everything that is remembered between two starts; ``description`` is what the settings dialog says."""

    model_config = ConfigDict(extra="ignore", validate_assignment=True)

    theme: Literal["dark", "light"] = Field(default="dark", description="Theme")
    scheme: Literal["reading", "painting"] = Field(default="painting", description="Mouse scheme")
    live: bool = Field(default=True, description="Fill live, when a stroke ends")
    generator: str = Field(default="context-encoder", description="Generator")
    device: Literal["auto", "cpu", "cuda", "mps"] = Field(default="auto", description="Device of the generators")
    grain: Literal["match", "off"] = Field(default="match", description="Grain of the filled area")
    grow: int = Field(default=1, ge=0, le=16, description="Grow the mask before filling, generator pixels")
    feather: int = Field(default=3, ge=0, le=32, description="Fade the fill in over, image pixels")
    brush: float = Field(default=20.0, ge=1, le=400, description="Brush radius, image pixels")
    tolerance: int = Field(default=12, ge=0, le=255, description="Flood tolerance, grey levels")
    difference: Literal["signed", "absolute"] = Field(default="signed", description="Difference")
    gain: float = Field(default=2.0, ge=1, le=16, description="Difference gain")
    opacity: float = Field(default=0.22, ge=0, le=1, description="Opacity of the mask")
    crosshair: bool = Field(default=True, description="Crosshair in all panes")
    shortcuts: dict[str, list[str]] = Field(default_factory=dict)
    recent: list[str] = Field(default_factory=list)
    panes: dict[str, Any] = Field(default_factory=dict)
    geometry: str = ""


RECENT_LIMIT = 12
"""Recent files that are remembered."""

HIDDEN = frozenset({"shortcuts", "recent", "panes", "geometry", "generator"})
"""Fields that have a place of their own in the window, not in the settings dialog."""


def settings_path() -> Path:
    """Where the settings are kept."""
    return state_folder() / "settings.json"


def load_settings() -> tuple[Settings, str]:
    """Read the settings.

    Returns:
        The settings, and a sentence when the file was damaged ("" otherwise): it is kept aside and defaults are used.
    """
    path = settings_path()
    if not path.exists():
        return Settings(), ""
    try:
        return Settings.model_validate(json.loads(path.read_text(encoding="utf-8"))), ""
    except (OSError, ValueError, ValidationError):
        aside = path.with_suffix(".damaged.json")
        try:
            path.replace(aside)
        except OSError:
            return Settings(), "The settings could not be read; the defaults are used."
        return Settings(), f"The settings were damaged; the defaults are used and the old file is {aside.name}."


def save_settings(settings: Settings) -> str:
    """Write the settings, atomically; returns a sentence when that failed, else ""."""
    try:
        with replaced(settings_path()) as beside:
            beside.write_text(settings.model_dump_json(indent=1), encoding="utf-8")
    except StudioError as fault:
        return str(fault)
    return ""


def remember(settings: Settings, path: Path) -> None:
    """Put a file at the head of the recent ones."""
    name = str(path.absolute())
    settings.recent = [name, *(other for other in settings.recent if other != name)][:RECENT_LIMIT]
