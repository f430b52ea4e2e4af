"""The fixed panel that checkpoints are compared on: radiographs with a hole and a seed each, in a small file."""

from __future__ import annotations

import json
import tomllib
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from cxr_studio.datasets.listing import radiograph_files
from cxr_studio.datasets.naming import stem_of
from cxr_studio.datasets.outputs import shared_names
from cxr_studio.errors import ReadError
from cxr_studio.files import replaced
from cxr_studio.quality.comparison.hole_shapes import SHAPES, HoleShape, shape_from
from cxr_studio.resources import resource
from cxr_studio.restore.options import Grain

SAMPLE = "sample:"
"""An image named so is one of the bundled samples."""

FOLDER_CASES = 24
"""Cases of a panel that is drawn from a folder."""


@dataclass(frozen=True)
class Case:
    """One row: a hole in a radiograph.

    Attributes:
        name: Unique in the panel.
        image: A file, or "sample:" and the name of a bundled sample.
        hole: What is to be filled.
        seed: Of everything random in a fill.
        healthy: True where the original under the hole is healthy, so that it is the truth to compare with.
    """

    name: str
    image: str
    hole: HoleShape
    seed: int = 0
    healthy: bool = True

    @property
    def path(self) -> Path:
        """The image's file.

        Raises:
            StudioError: there is no such sample in this installation.
        """
        if self.image.startswith(SAMPLE):
            return resource("samples", self.image.removeprefix(SAMPLE))
        return Path(self.image)


@dataclass(frozen=True)
class Panel:
    """The rows of a comparison.

    Attributes:
        name: To show, and for a card's scores.
        cases: In order, names unique.
        grain: "off" shows and measures what the networks draw themselves; "match" what the program pastes.
    """

    name: str
    cases: tuple[Case, ...]
    grain: Grain = "off"

    @property
    def key(self) -> str:
        """Hex SHA-256 of everything the panel says; equal panels have equal keys."""
        return sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()

    def case(self, name: str) -> Case:
        """The case of that name.

        Raises:
            KeyError: there is none.
        """
        return {case.name: case for case in self.cases}[name]


def default_panel() -> Panel:
    """The panel on the bundled samples: healthy places with holes of many shapes, and some abnormal ones."""
    return read_panel(resource("qa", "panel.toml"))


def read_panel(path: str | Path) -> Panel:
    """Read a panel; images and masks without a full path lie beside the file.

    Raises:
        ReadError: no such file, no TOML, or an entry that is missing or not understood.
    """
    path = Path(path)
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        cases = tuple(_case(entry, path.parent) for entry in content["case"])
        panel = Panel(str(content.get("name", path.stem)), cases, _grain(content.get("grain", "off")))
        _check(panel)
    except OSError as fault:
        raise ReadError(f"the panel cannot be read ({fault.strerror})", file=path, remedy="Check its name") from fault
    except KeyError as fault:
        raise _unreadable(path, f"{fault.args[0]!r} is missing") from fault
    except (ValueError, TypeError, AttributeError) as fault:
        raise _unreadable(path, str(fault)) from fault
    return panel


def write_panel(panel: Panel, path: str | Path) -> None:
    """Write a panel as TOML, atomically.

    Raises:
        WriteError: the file cannot be written.
    """
    lines = [f"name = {_quoted(panel.name)}", f"grain = {_quoted(panel.grain)}"]
    for case in panel.cases:
        lines += ["", "[[case]]", f"name = {_quoted(case.name)}", f"image = {_quoted(case.image)}"]
        lines += [case.hole.as_toml(), f"seed = {case.seed}", f"healthy = {str(case.healthy).lower()}"]
    with replaced(path) as beside:
        beside.write_text("\n".join(lines) + "\n", encoding="utf-8")


def panel_from_folder(images: Path, count: int = FOLDER_CASES, *, seed: int) -> Panel:
    """Draw square holes in the lungs of a folder's radiographs, taken as healthy; the same seed gives the same panel.

    Args:
        images: A folder of radiographs, or one of them.
        count: Cases in all, at least one; the radiographs are taken in name order, in turn.
        seed: Of the places.

    Raises:
        StudioError: there are no radiographs, or one cannot be read or is too small.
    """
    from cxr_studio.quality.holes import draw_holes
    from cxr_studio.radiographs.reading import read_radiograph

    paths = radiograph_files(images)
    names = _names(paths)
    chosen = paths if len(paths) <= count else [paths[k * len(paths) // count] for k in range(count)]
    rounds = -(-count // len(chosen))
    drawn = {path: draw_holes(read_radiograph(path), path, count=rounds, seed=seed) for path in chosen}
    cases = []
    for number in range(rounds):
        for path in chosen:
            y0, x0, y1, x1 = drawn[path][number].box
            shape = HoleShape("box", ((float(y0), float(x0)), (float(y1), float(x1))))
            cases.append(Case(f"{names[path]}, hole {number + 1}", str(path.resolve()), shape, seed=number))
    return Panel(f"{images.resolve().name}, seed {seed}", tuple(cases[:count]))


def _names(paths: list[Path]) -> dict[Path, str]:
    """Stems, or whole file names where two radiographs have one stem."""
    stems = {path: stem_of(path) for path in paths}
    return stems if shared_names((p, s) for p, s in stems.items()) is None else {path: path.name for path in paths}


def _case(entry: dict[str, Any], beside: Path) -> Case:
    unknown = set(entry) - {"name", "image", "seed", "healthy", *SHAPES}
    if unknown:
        raise ValueError(f"a case has unknown entries: {', '.join(sorted(unknown))}")
    image, seed, healthy = str(entry["image"]), entry.get("seed", 0), entry.get("healthy", True)
    if not image.startswith(SAMPLE):
        image = str((beside / image).resolve())
    if not isinstance(seed, int) or isinstance(seed, bool) or seed < 0 or not isinstance(healthy, bool):
        raise ValueError("a case's seed is not a whole number from 0 up, or its healthy is neither true nor false")
    return Case(str(entry["name"]), image, shape_from(entry, beside), seed, healthy)


def _grain(word: object) -> Grain:
    if word not in ("off", "match"):
        raise ValueError(f'grain is "off" or "match", not {word!r}')
    return word


def _check(panel: Panel) -> None:
    names = [case.name for case in panel.cases]
    if not names:
        raise ValueError("it has no cases")
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ValueError(f"several cases are called {', '.join(twice)}")


def _unreadable(path: Path, why: str) -> ReadError:
    remedy = "Write each [[case]] with name, image and one of box, circle, stroke or mask"
    return ReadError(f"the panel is not understood: {why}", file=path, remedy=remedy)


def _quoted(text: str) -> str:
    """A TOML basic string: JSON's escapes are valid in it."""
    return json.dumps(text, ensure_ascii=True)
