"""What a path is when it is opened or dropped."""

from __future__ import annotations

from enum import Enum, auto
from pathlib import Path

from cxr_studio.generation.session_file import SUFFIX


class Kind(Enum):
    """What to do with a path."""

    SESSION = auto()
    FOLDER = auto()
    RADIOGRAPH = auto()


def kind_of(path: Path) -> Kind:
    """Tell by suffix and file system; anything else is tried as a radiograph, whose reader explains a refusal."""
    if path.is_dir():
        return Kind.FOLDER
    return Kind.SESSION if path.suffix.lower() == SUFFIX else Kind.RADIOGRAPH
