"""A manifest: what is known of a set's radiographs and of the findings boxed in them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from math import ceil, floor
from pathlib import Path, PurePosixPath

from cxr_studio.datasets.naming import stem_of
from cxr_studio.masks.boxes import Box, clip, is_empty

Rectangle = tuple[float, float, float, float]
"""``y0, x0, y1, x1`` in pixels of the radiograph, half-open; fractions occur."""

NODULE = "nodule"
"""Name of the finding that detectors here look for."""


@dataclass(frozen=True)
class Finding:
    """One boxed finding.

    Attributes:
        label: What it is, small letters ("nodule").
        box: Its extent.
        diameter_px: Diameter in pixels; None where only the box is known.
        diameter_mm: In millimetres; None where it is unknown.
        synthetic: Whether it was drawn.
        generator: What drew it, "" for a real one.
        contrast: Over the physical one, of a drawn nodule; None where it is unknown.
        margin: "smooth", "lobulated" or "spiculated"; "" where it is unknown or lies between.
        density: "ground-glass", "part-solid", "solid" or "calcified"; "" where it is unknown.
        subtlety: Grade from 1 (extremely subtle) to 5 (obvious); None where it is unknown.
        conspicuity: What the grade of a drawn nodule was told from (``nodules.conspicuity``).
    """

    label: str
    box: Rectangle
    diameter_px: float | None = None
    diameter_mm: float | None = None
    synthetic: bool = False
    generator: str = ""
    contrast: float | None = None
    margin: str = ""
    density: str = ""
    subtlety: int | None = None
    conspicuity: float | None = None

    def pixels(self, shape: tuple[int, int]) -> Box | None:
        """The pixels that the box touches in an image of this ``(height, width)``; None where it lies outside."""
        y0, x0, y1, x1 = self.box
        box = clip((floor(y0), floor(x0), ceil(y1), ceil(x1)), shape)
        return None if is_empty(box) else box

    @property
    def size_px(self) -> float:
        """The diameter, or where it is unknown the mean of the box's sides; pixels."""
        y0, x0, y1, x1 = self.box
        return (y1 - y0 + x1 - x0) / 2 if self.diameter_px is None else self.diameter_px


@dataclass(frozen=True)
class Entry:
    """One radiograph.

    Attributes:
        file: Where it is, from the manifest's folder, with forward slashes; or an absolute path.
        patient: Whose it is.
        split: "train", "val", "test" or "" where it is not decided.
        source: Data set, or the radiograph that it was made from.
        sha256: Of the file, "" where it was not computed.
        width: Pixels, 0 where unknown.
        height: Pixels, 0 where unknown.
        findings: Boxed in it; () for a radiograph without.
        number: Its image id in COCO files, 0 for none.
    """

    file: str
    patient: str
    split: str = ""
    source: str = ""
    sha256: str = ""
    width: int = 0
    height: int = 0
    findings: tuple[Finding, ...] = ()
    number: int = 0


@dataclass(frozen=True)
class Manifest:
    """A set of radiographs.

    Attributes:
        folder: What the files are named from.
        entries: No two of one file.
    """

    folder: Path
    entries: tuple[Entry, ...]

    def path(self, entry: Entry) -> Path:
        """Where a radiograph is."""
        return self.folder / entry.file

    @property
    def patients(self) -> tuple[str, ...]:
        """Names in order."""
        return tuple(sorted({entry.patient for entry in self.entries}))

    @property
    def findings(self) -> int:
        """Number of boxes."""
        return sum(len(entry.findings) for entry in self.entries)

    def of_label(self, *labels: str) -> Manifest:
        """The same radiographs with the findings of these labels only."""
        wanted = {label.lower() for label in labels}
        return self.changed(lambda e: replace(e, findings=tuple(f for f in e.findings if f.label in wanted)))

    def where(self, keep: Callable[[Entry], bool]) -> Manifest:
        """Those radiographs of which ``keep`` is true."""
        return Manifest(self.folder, tuple(entry for entry in self.entries if keep(entry)))

    def changed(self, change: Callable[[Entry], Entry]) -> Manifest:
        """Every entry changed."""
        return Manifest(self.folder, tuple(change(entry) for entry in self.entries))

    def numbered(self) -> Manifest:
        """With image ids: kept where all have one of their own, else counted from 1."""
        numbers = {entry.number for entry in self.entries}
        if 0 not in numbers and len(numbers) == len(self.entries):
            return self
        return Manifest(self.folder, tuple(replace(e, number=k) for k, e in enumerate(self.entries, 1)))


class Names:
    """Finds a radiograph by how another program calls it: its path, else its name, else its name without ending.

    Args:
        files: Those of a manifest. A name or stem that two share finds neither.
    """

    def __init__(self, files: Iterable[str]) -> None:
        whole = list(files)
        keys = (lambda file: file, _name, lambda file: stem_of(Path(_name(file))))
        self._tables = [_unique((key(file), file) for file in whole) for key in keys]

    def find(self, name: str) -> str | None:
        """The manifest's file of this name, or None."""
        plain = name.replace("\\", "/")
        for table, key in zip(self._tables, (plain, _name(plain), stem_of(Path(_name(plain)))), strict=True):
            if key in table:
                return table[key]
        return None


def joined(first: Manifest, second: Manifest, folder: Path) -> Manifest:
    """Both sets, named from ``folder``, ids counted anew; of one file in both the first entry counts."""
    found: dict[str, Entry] = {}
    for manifest in (first, second):
        for entry in manifest.entries:
            file = named_from(manifest.path(entry), folder)
            found.setdefault(file, replace(entry, file=file, number=0))
    return Manifest(folder, tuple(found.values())).numbered()


def named_from(path: Path, folder: Path) -> str:
    """A path from a folder where it lies in it, absolute elsewhere; forward slashes."""
    whole, base = path.absolute().resolve(), folder.absolute().resolve()
    return whole.relative_to(base).as_posix() if whole.is_relative_to(base) else whole.as_posix()


def grouped(rows: Iterable[tuple[Entry, Finding | None]]) -> tuple[Entry, ...]:
    """One entry a file, in the order of the first row of each, with the findings of all its rows."""
    entries: dict[str, Entry] = {}
    findings: dict[str, list[Finding]] = {}
    for entry, finding in rows:
        entries.setdefault(entry.file, entry)
        findings.setdefault(entry.file, []).extend([] if finding is None else [finding])
    return tuple(replace(entry, findings=tuple(findings[file])) for file, entry in entries.items())


def _name(file: str) -> str:
    return PurePosixPath(file).name


def _unique(pairs: Iterable[tuple[str, str]]) -> Mapping[str, str]:
    found: dict[str, set[str]] = {}
    for key, file in pairs:
        found.setdefault(key, set()).add(file)
    return {key: next(iter(files)) for key, files in found.items() if len(files) == 1}
