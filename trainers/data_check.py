"""What a recipe says of its data, checked before any work: folders, patients, batch; and what the data are, by hash."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from cxr_studio.datasets.manifest import content_sha256
from cxr_studio.datasets.naming import stem_of
from cxr_studio.datasets.patients import Patients, known_patients
from cxr_studio.datasets.splits import in_both
from cxr_studio.errors import ReadError, RecipeError, StudioError
from cxr_studio.nodules.ct_library import bundled_library, held_out, read_library
from trainers.image_store import image_files
from trainers.recipe import Part, Recipe
from trainers.silhouette_batches import Silhouettes

FOLDERS = ("train", "val", "half", "coarse", "images", "masks")
"""Names of the values that are folders of images."""

FILES = ("nodules", "library", "features", "smooth", "boxes", "weights")
"""Names of the values that may be files."""

Files = dict[str, str]
"""File name → SHA-256 of its content."""


@dataclass
class Data:
    """What a recipe is trained on.

    Attributes:
        files: Value of the recipe ("images.train") → its files.
        paths: Value → the files' paths, in name order.
        faults: Sentences on what is wrong.
    """

    files: dict[str, Files] = field(default_factory=dict)
    paths: dict[str, list[Path]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)


def check_data(recipe: Recipe) -> Data:
    """List and hash everything that a recipe reads, and refuse what cannot be trained on.

    Raises:
        RecipeError: names every fault: a folder without radiographs, patients in train and val, a batch larger than an
            epoch, masks that are missing.
    """
    found = Data()
    for key, value in _named(recipe, FOLDERS):
        _list(found, key, value)
    for key, value in _named(recipe, FILES):
        if Path(value).is_file():
            found.files.setdefault(key, {})[Path(value).name] = content_sha256(Path(value))
    for name, section in _sections(recipe):
        _parted(found, name)
        _enough(found, name, section, recipe.run.batch)
        _masked(found, name, section, recipe.run.batch)
        if isinstance(section, Silhouettes):
            _nodules(found, section, recipe.run.batch)
    if found.faults:
        count = "a fault" if len(found.faults) == 1 else f"{len(found.faults)} faults"
        raise RecipeError(f"the recipe has {count}: {'; '.join(found.faults)}", remedy="Fix it and start again")
    return found


def _sections(recipe: Recipe) -> Iterator[tuple[str, Part]]:
    for name, section in recipe:
        if isinstance(section, Part):
            yield name, section


def _named(recipe: Recipe, names: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Values of the recipe's sections that go by one of these names and are not empty."""
    for name, section in _sections(recipe):
        for key, value in section:
            several = (value,) if isinstance(value, str) else value if isinstance(value, tuple) else ()
            if key in names:
                yield from ((f"{name}.{key}", one) for one in several if isinstance(one, str) and one)


def _list(found: Data, key: str, folder: str) -> None:
    try:
        paths = image_files(folder)
        found.files[key] = {path.name: content_sha256(path) for path in paths}
        found.paths[key] = paths
    except StudioError as fault:
        found.faults.append(f"{key}: {fault.what}")


def _parted(found: Data, section: str) -> None:
    """No patient, and no picture, in both train and val."""
    train, val = (found.paths.get(f"{section}.{side}") for side in ("train", "val"))
    if not train or not val:
        return
    sides = []
    for paths, key in ((train, "train"), (val, "val")):
        known = _table(found, f"{section}.{key}", paths[0].parent)
        files = found.files[f"{section}.{key}"]
        sides.append({_whose(path, known, files) for path in paths})
    both = in_both(*map(sorted, sides))
    if both:
        words = f"patient {both[0][2:]}" if both[0].startswith("P ") else "a picture"
        more = f" and {len(both) - 1} more" if len(both) > 1 else ""
        found.faults.append(f"{section}.train and {section}.val are not of other patients: {words}{more} in both")


def _whose(path: Path, known: Patients, files: Files) -> str:
    """The patient where he is known; the picture itself where its name says nothing."""
    patient = known.of_file(path)
    return f"# {files[path.name]}" if patient == stem_of(path) else f"P {patient}"


def _table(found: Data, key: str, folder: Path) -> Patients:
    try:
        return known_patients(folder)
    except ReadError as fault:
        found.faults.append(f"{key}: {fault.file.name if fault.file else ''}: {fault.what}")
        return Patients()


def _enough(found: Data, name: str, section: Part, batch: int) -> None:
    """An epoch holds a batch at least, and something is left to learn from."""
    train, each = found.paths.get(f"{name}.train"), getattr(section, "patches_per_image", None)
    if not train or each is None:
        return
    count, kept_back = len(train), int(getattr(section, "keep_back", 0))
    if kept_back >= count:
        found.faults.append(f"{name}.keep_back: {kept_back} of {count} radiographs leave none to learn from")
        return
    whole = getattr(section, "mode", "") == "whole"
    _holds(found, (count - kept_back) * (1 if whole else int(each)), batch)


def _holds(found: Data, samples: int, batch: int) -> None:
    if batch > samples:
        found.faults.append(f"run.batch: {batch} is larger than an epoch of {samples} samples")


def _nodules(found: Data, section: Silhouettes, batch: int) -> None:
    """A library has as many nodules to learn from as a batch takes."""
    try:
        library = read_library(Path(section.library)) if section.library else bundled_library()
    except StudioError as fault:
        found.faults.append(f"silhouettes.library: {fault.what}")
        return
    _holds(found, sum(not held_out(nodule.series) for nodule in library), batch)


def _masked(found: Data, name: str, section: Part, batch: int) -> None:
    """Every radiograph has its mask, and held-out names are there and learned from by nobody."""
    paths, masks = found.paths.get(f"{name}.images"), found.files.get(f"{name}.masks")
    if not paths or masks is None:
        return
    kept, left_out = (set(getattr(section, key, ())) for key in ("held_out", "left_out"))
    used = [path for path in paths if path.stem not in left_out]
    missing = [path.name for path in used if path.name not in masks]
    if missing:
        more = f" and {len(missing) - 1} more" if len(missing) > 1 else ""
        found.faults.append(f"{name}.masks: no mask of {missing[0]}{more}")
    known = _table(found, f"{name}.images", paths[0].parent)
    learned = {known.of_file(path) for path in used if path.stem not in kept}
    both = in_both(sorted(learned), sorted(known.of_file(path) for path in used if path.stem in kept))
    if both:
        found.faults.append(f"{name}.held_out: other radiographs of patient {both[0]} are learned from")
    _holds(found, sum(path.stem not in kept for path in used), batch)
