"""Whose a run folder is: a training is resumed with its own recipe and its own data, or not at all."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from safetensors import SafetensorError, safe_open

from cxr_studio.datasets.manifest import differences
from cxr_studio.errors import ReadError, RecipeError
from cxr_studio.files import write_json
from trainers.data_check import Files
from trainers.reading import OVERRIDE, recipe_from
from trainers.recipe import Recipe

STATE, DATA, RESUMES = "state.safetensors", "data.json", "resumes.csv"

SEARCH = "search"
"""Section that a training does not look at."""

FREE = frozenset(
    {
        *("title", "credit", "changes"),
        *(f"run.{name}" for name in ("devices", "workers", "threads", "snapshot_minutes", "sheet")),
    }
)
"""Values that may differ on resuming: they change neither what is learned nor how it is judged."""


def begin(folder: Path, files: Mapping[str, Files]) -> None:
    """Note the hashes of a training's data in its folder.

    Raises:
        WriteError: it cannot be written.
    """
    write_json(folder / DATA, dict(files))


def check_resumed(folder: Path, recipe: Recipe, files: Mapping[str, Files]) -> None:
    """Refuse to resume with another recipe or other data; free values that differ are noted in ``resumes.csv``.

    Args:
        folder: Run folder. Without a state in it there is nothing to compare, and loading it will say so.
        recipe: Of the run that is to be resumed.
        files: Its data.

    Raises:
        RecipeError: the sentence names what differs.
        ReadError: the folder's own notes are damaged.
    """
    text = _recorded(folder / STATE)
    if text is None:
        return
    former = recipe_from(text, folder / "recipe.toml", tuple(_overrides(text)))
    changed = _changed(former, recipe)
    hashed = _noted(folder / DATA)
    if hashed is not None:
        _same_data(folder, hashed, files)
    same = set() if hashed is None else set(files)
    fixed = [key for key in changed if key.split(".")[0] != SEARCH and key not in FREE and key not in same]
    if fixed:
        before, now = changed[fixed[0]]
        more = f", and {', '.join(fixed[1:])}" if fixed[1:] else ""
        raise _refused(folder, f"its {fixed[0]} was {before!r}, not {now!r}{more}")
    if hashed is None:
        begin(folder, files)
    if changed:
        _note(folder / RESUMES, changed)


def _same_data(folder: Path, before: Mapping[str, Files], now: Mapping[str, Files]) -> None:
    for key in sorted({*before, *now}):
        what = differences(list(before.get(key, {}).items()), list(now.get(key, {}).items()))
        if what:
            raise _refused(folder, f"its {key} was other data ({what})")


def _refused(folder: Path, what: str) -> RecipeError:
    return RecipeError(
        f"the training in {folder.name} is another one: {what}",
        remedy="Resume it as it was started, or start another with another --out",
    )


def _recorded(state: Path) -> str | None:
    """Text of the recipe in a saved state, None where it cannot be read."""
    try:
        with safe_open(state, framework="numpy") as archive:
            return str(json.loads(archive.metadata()["position"])["recipe"])
    except (OSError, SafetensorError, KeyError, TypeError, ValueError):
        return None


def _overrides(text: str) -> list[str]:
    return [line.removeprefix(OVERRIDE) for line in text.splitlines() if line.startswith(OVERRIDE)]


def _changed(former: Recipe, now: Recipe) -> dict[str, tuple[Any, Any]]:
    """Values that differ, by their dotted names."""
    before, after = (dict(_flat(each.model_dump(mode="json"))) for each in (former, now))
    return {
        key: (before.get(key), after.get(key)) for key in sorted({*before, *after}) if before.get(key) != after.get(key)
    }


def _flat(values: dict[str, Any], prefix: str = "") -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    for key, value in values.items():
        name = f"{prefix}{key}"
        found += _flat(value, f"{name}.") if isinstance(value, dict) else [(name, value)]
    return found


def _noted(path: Path) -> dict[str, Files] | None:
    """Hashes of the data at the start; None for a training that began before they were noted."""
    if not path.exists():
        return None
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        return {str(key): {str(k): str(v) for k, v in files.items()} for key, files in found.items()}
    except (OSError, ValueError, AttributeError) as fault:
        raise ReadError(
            "the hashes of the training data are damaged", file=path, remedy="Start in another folder"
        ) from fault


def _note(path: Path, changed: dict[str, tuple[Any, Any]]) -> None:
    new = not path.exists()
    with path.open("a", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        if new:
            writer.writerow(("utc", "value", "before", "now"))
        now = datetime.now(UTC).isoformat(timespec="seconds")
        writer.writerows((now, key, json.dumps(before), json.dumps(after)) for key, (before, after) in changed.items())
