"""Files that ship with the program, found through importlib.resources."""

from __future__ import annotations

import os
from importlib.resources import as_file, files
from pathlib import Path

from platformdirs import user_cache_path, user_data_path

from cxr_studio.errors import StudioError


def resource(*parts: str) -> Path:
    """Path of a bundled file or folder, e.g. ``resource("samples", "healthy.png")``.

    Raises:
        StudioError: the file is not in this installation.
    """
    with as_file(files("resources")) as root:
        path = Path(root).joinpath(*parts)
    if not path.exists():
        raise StudioError(
            f"the bundled file {'/'.join(parts)} is missing from this installation",
            remedy="Reinstall CXR Studio",
        )
    return path


def user_models() -> Path:
    """Folder in which a user's own checkpoints are looked for; CXR_STUDIO_MODELS overrides it."""
    override = os.environ.get("CXR_STUDIO_MODELS")
    return Path(override) if override else user_data_path("cxr-studio", appauthor=False) / "models"


def state_folder() -> Path:
    """Folder of journals, settings and recent files; CXR_STUDIO_STATE overrides it (tests do)."""
    override = os.environ.get("CXR_STUDIO_STATE")
    return Path(override) if override else user_data_path("cxr-studio", appauthor=False)


def cache_folder() -> Path:
    """Folder of what can be computed again; CXR_STUDIO_CACHE overrides it (tests do)."""
    override = os.environ.get("CXR_STUDIO_CACHE")
    return Path(override) if override else user_cache_path("cxr-studio", appauthor=False)
