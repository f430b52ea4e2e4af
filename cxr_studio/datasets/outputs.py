"""Two inputs never become one output: one check, made before any work."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path

from cxr_studio.errors import WriteError

Written = tuple[Path, Sequence[Path]]
"""An input, and the files that are written for it."""


def refuse_collisions(written: Iterable[Written], *, kept: Iterable[Path] = ()) -> None:
    """Refuse outputs that two inputs share, or that lie over an input.

    Names count as the same where a file system of any of the three systems may take them for the same: whatever their
    case, and however their accents are encoded.

    Args:
        written: Every input with its outputs.
        kept: More files that must not be written over (masks, tables).

    Raises:
        WriteError: names both inputs and the output they share.
    """
    pairs = [(source, out) for source, outputs in written for out in outputs]
    inputs = {_key(path): path for path in (*kept, *(source for source, _ in pairs))}
    taken: dict[str, Path] = {}
    for source, out in pairs:
        key = _key(out)
        if key in inputs:
            over = inputs[key]
            what = "the original cannot be overwritten" if over == source else f"it would overwrite {over.name}"
            raise WriteError(what, file=source, remedy="Choose another folder")
        if key in taken and taken[key] != source:
            raise WriteError(
                f"two inputs would be written to {out.name}: {taken[key].name} and {source.name}",
                remedy="Rename one of them",
            )
        taken[key] = source


def refuse_among(out: Path, source: Path, *, parts: Iterable[str] = ()) -> None:
    """Refuse a folder of results, or a part of it, that is the folder of the inputs: their tables would be replaced.

    Raises:
        WriteError: names the folder.
    """
    for folder in (out, *(out / part for part in parts)):
        if _key(folder) == _key(source):
            raise WriteError(
                "the results would be written among the radiographs", file=folder, remedy="Choose another folder"
            )


def shared_names(names: Iterable[tuple[Path, str]]) -> tuple[Path, Path] | None:
    """Return the first two files that go by one name, or None; see ``refuse_collisions`` for what one name is."""
    taken: dict[str, Path] = {}
    for path, name in names:
        other = taken.setdefault(_folded(name), path)
        if other != path:
            return other, path
    return None


def _key(path: Path) -> str:
    return _folded(str(path.absolute().resolve()))


def _folded(text: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())
