"""The user's settings: typed rows with a default, a range and words, kept in one JSON file.

Plain dataclasses: a validation library would take a third of the time until the window shows.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any, Literal

from cxr_studio.errors import StudioError
from cxr_studio.files import replaced
from cxr_studio.resources import state_folder

DEFAULT_GENERATOR = "inpainting"
"""What fills a mask where nobody chooses: of the shipped generators, the one that observers tell least."""

RECENT_LIMIT = 12
"""Recent files that are remembered."""

FOLDER_LIMIT = 100
"""Folders in which the radiograph that was open last is remembered."""


FOLDED = ("Detector", "Surroundings", "Whole image")
"""Sections of the window that begin folded."""


@dataclass(frozen=True)
class Row:
    """What the settings dialog says of a setting, and what it may be.

    Attributes:
        words: Its name there; "" for one that has a place of its own in the window.
        choices: The texts it may be; any where empty.
        low: Least number.
        high: Largest number.
        folder: Whether it is the path of a folder, "" for none.
    """

    words: str = ""
    choices: tuple[str, ...] = ()
    low: float = float("-inf")
    high: float = float("inf")
    folder: bool = False


def _row(default: Any, words: str, *choices: str, low: float = float("-inf"), high: float = float("inf")) -> Any:
    return field(default=default, metadata={"row": Row(words, choices, low, high)})


@dataclass
class Settings:
    """Everything that is remembered between two starts; ``rows()`` describes each."""

    theme: Literal["dark", "light"] = _row("dark", "Theme", "dark", "light")
    scheme: Literal["reading", "painting"] = _row("painting", "Mouse scheme", "reading", "painting")
    live: bool = _row(True, "Fill live, when a stroke ends")
    generator: str = _row(DEFAULT_GENERATOR, "")
    surround_generator: str = _row("", "")
    translate_generator: str = _row("", "")
    device: Literal["auto", "cpu", "cuda", "mps"] = _row(
        "auto", "Device of the generators", "auto", "cpu", "cuda", "mps"
    )
    grain: Literal["match", "spectrum", "off"] = _row("match", "Grain of the filled area", "match", "spectrum", "off")
    grow: int = _row(1, "Grow the mask before filling, generator pixels", low=0, high=16)
    feather: int = _row(3, "Fade the fill in over, image pixels", low=0, high=32)
    brush_diameter: float = _row(40.0, "Brush diameter, image pixels", low=2, high=800)
    tolerance: int = _row(12, "Flood tolerance, grey levels", low=0, high=128)
    difference: Literal["signed", "absolute"] = _row("signed", "Difference", "signed", "absolute")
    gain: float = _row(2.0, "Difference gain", low=1, high=16)
    opacity: float = _row(0.22, "Opacity of the mask", low=0, high=1)
    donors: str = field(default="", metadata={"row": Row("Healthy radiographs of your own, as donors", folder=True)})
    sessions: str = field(
        default="", metadata={"row": Row("Folder for your edits (empty: beside the radiographs)", folder=True)}
    )
    highlight_generator: str = _row("", "")
    highlight_opacity: float = _row(0.6, "", low=0.1, high=1)
    detector: str = _row("", "")
    detector_threshold: float = _row(0.3, "")
    crosshair: bool = _row(True, "Crosshair in all panes")
    corners: bool = _row(True, "Patient, date, side, window and zoom in the corners")
    shortcuts: dict[str, list[str]] = field(default_factory=dict, metadata={"row": Row()})
    recent: list[str] = field(default_factory=list, metadata={"row": Row()})
    resumed: dict[str, str] = field(default_factory=dict, metadata={"row": Row()})
    folded: list[str] = field(
        default_factory=lambda: ["Surroundings", "Whole image", "Detector"], metadata={"row": Row()}
    )
    panes: dict[str, Any] = field(default_factory=dict, metadata={"row": Row()})
    augment: dict[str, Any] = field(default_factory=dict, metadata={"row": Row()})
    archives: dict[str, Any] = field(default_factory=dict, metadata={"row": Row()})
    archive: str = _row("", "")
    archive_cache: str = _row("", "")
    archive_cache_gb: float = _row(5.0, "", low=0.1, high=10_000)
    geometry: str = _row("", "")


def rows() -> dict[str, Row]:
    """The row of every setting by its name."""
    return {each.name: each.metadata["row"] for each in fields(Settings)}


def settings_path() -> Path:
    """Where the settings are kept."""
    return state_folder() / "settings.json"


def load_settings() -> tuple[Settings, str]:
    """Read the settings.

    Returns:
        The settings, and a sentence when the file was damaged ("" otherwise). A value that does not fit takes its
        default; a file that cannot be read at all is kept aside.
    """
    path = settings_path()
    if not path.exists():
        return Settings(), ""
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(values, dict):
            raise ValueError("no JSON object")
    except (OSError, ValueError):
        return Settings(), _set_aside(path)
    settings, wrong = Settings(), []
    for name, row in rows().items():
        if name in values and _fits(row, getattr(settings, name), values[name]):
            setattr(settings, name, values[name])
        elif name in values:
            wrong.append(name)
    return settings, f"Settings that made no sense have their defaults: {', '.join(wrong)}." if wrong else ""


def save_settings(settings: Settings) -> str:
    """Write the settings, atomically; returns a sentence when that failed, else ""."""
    try:
        with replaced(settings_path()) as beside:
            beside.write_text(json.dumps(asdict(settings), indent=1), encoding="utf-8")
    except StudioError as fault:
        return str(fault)
    return ""


def remember(settings: Settings, path: Path) -> None:
    """Put a file at the head of the recent ones."""
    name = str(path.absolute())
    settings.recent = [name, *(other for other in settings.recent if other != name)][:RECENT_LIMIT]


def remember_place(settings: Settings, path: Path) -> None:
    """Note that this radiograph of its folder was open last."""
    folder = str(path.absolute().parent)
    others = [(name, last) for name, last in settings.resumed.items() if name != folder]
    settings.resumed = dict([*others[-FOLDER_LIMIT + 1 :], (folder, path.name)])


def _set_aside(path: Path) -> str:
    aside = path.with_suffix(".damaged.json")
    try:
        path.replace(aside)
    except OSError:
        return "The settings could not be read; the defaults are used."
    return f"The settings were damaged; the defaults are used and the old file is {aside.name}."


def _fits(row: Row, default: Any, value: Any) -> bool:
    """Whether a value from the file has the default's type and lies within its row's limits."""
    if isinstance(default, float) and type(value) is int:
        value = float(value)
    if type(value) is not type(default):
        return False
    if isinstance(value, list):
        return all(isinstance(each, str) for each in value)
    if isinstance(value, int | float):
        return row.low <= value <= row.high
    return not row.choices or value in row.choices
