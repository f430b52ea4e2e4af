"""Folders of labels, a file an image: YOLO's text files and Pascal VOC's XML files."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from xml.etree.ElementTree import Element, ParseError, parse

from cxr_studio.datasets.entries import Entry, Finding, Manifest, named_from
from cxr_studio.datasets.listing import radiograph_folder
from cxr_studio.datasets.looks import known_of
from cxr_studio.datasets.naming import stem_of
from cxr_studio.datasets.patients import known_patients
from cxr_studio.datasets.tables import rectangle
from cxr_studio.errors import ReadError
from cxr_studio.radiographs.reading import read_radiograph

YOLO, VOC = "data.yaml", "Annotations"
NAMED = re.compile(r"^\s*-?\s*(?:(\d+)\s*:)?\s*['\"]?([^'\"#\n]+?)['\"]?\s*(?:#.*)?$")


def read_yolo(folder: Path) -> Manifest:
    """Read ``data.yaml``, ``images/``, ``labels/`` and the lists ``train.txt``, ``val.txt`` and ``test.txt``.

    Images without a label file, or with an empty one, have no finding.

    Raises:
        ReadError: a file is missing or wrong.
    """
    names, splits = _class_names(folder / YOLO), _splits(folder)
    images = folder / "images"
    patients = known_patients(images)
    entries = []
    for path in radiograph_folder(images):
        height, width = read_radiograph(path).shape
        labels = folder / "labels" / f"{stem_of(path)}.txt"
        findings = _yolo_boxes(labels, names, (height, width)) if labels.is_file() else ()
        split = splits.get(stem_of(path), "")
        entries.append(
            Entry(
                f"images/{path.name}",
                patients.of_file(path),
                split,
                width=width,
                height=height,
                findings=findings,
            )
        )
    return Manifest(folder, tuple(entries))


def read_voc(folder: Path) -> Manifest:
    """Read ``Annotations/*.xml``, whose corners count from 1 and are inclusive; images lie in the folder they name.

    ``attributes`` of an object, as ``augment`` writes them, are read back by their names; others are passed over.

    Raises:
        ReadError: there are none, or one is wrong.
    """
    files = sorted((folder / VOC).glob("*.xml"))
    if not files:
        raise ReadError("the folder holds no Annotations/*.xml", file=folder, remedy="Choose a folder of Pascal VOC")
    return Manifest(folder, tuple(_voc_entry(file, folder) for file in files))


def _voc_entry(path: Path, folder: Path) -> Entry:
    try:
        root = parse(path).getroot()
        name = _text(root, "filename")
        image = next(
            (f for f in (folder / _text(root, "folder") / name, folder / "images" / name) if f.is_file()), None
        )
        file = f"images/{name}" if image is None else named_from(image, folder)
        found = []
        for one in root.iter("object"):
            x0, y0, x1, y1 = (float(_text(one, f"bndbox/{end}")) for end in ("xmin", "ymin", "xmax", "ymax"))
            stated = {part.tag: (part.text or "").strip() for part in one.iterfind("attributes/*")}
            box = rectangle(y0 - 1, x0 - 1, y1, x1)
            found.append(Finding(_text(one, "name").lower(), box, **known_of(stated)))
        width, height = (int(_text(root, f"size/{side}")) for side in ("width", "height"))
    except (OSError, ParseError, ValueError) as fault:
        raise ReadError(f"the annotation cannot be read ({fault})", file=path, remedy="Export it again") from fault
    patient = known_patients(folder / "images").of_file(folder / file)
    return Entry(file, patient, width=width, height=height, findings=tuple(found))


def _text(element: Element, path: str) -> str:
    text = element.findtext(path)
    if text is None:
        raise ValueError(f"there is no {path}")
    return text.strip()


def _yolo_boxes(path: Path, names: Mapping[int, str], shape: tuple[int, int]) -> tuple[Finding, ...]:
    height, width = shape
    found = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            kind, x, y, wide, high = line.split()[:5]
            left, top = (float(x) - float(wide) / 2) * width, (float(y) - float(high) / 2) * height
            box = rectangle(top, left, top + float(high) * height, left + float(wide) * width)
            found.append(Finding(names[int(kind)], box))
        except (ValueError, KeyError) as fault:
            remedy = "Give class, x, y, width and height as shares of the image"
            raise ReadError(f"line {number} is no box ({fault})", file=path, remedy=remedy) from fault
    return tuple(found)


def _class_names(path: Path) -> dict[int, str]:
    """Names of the classes in a ``data.yaml``: a list, in brackets or in lines, or numbers with names."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as fault:
        raise ReadError(f"the file cannot be read ({fault})", file=path, remedy="Check it") from fault
    start = next((k for k, line in enumerate(lines) if line.startswith("names:")), None)
    if start is None:
        raise ReadError("the file names no classes", file=path, remedy="Add names:")
    inline = lines[start].partition(":")[2].strip().strip("[]{}")
    own = inline.split(",") if inline else _indented(lines[start + 1 :])
    matches = [NAMED.match(one) for one in own if one.strip()]
    return {int(m[1] or k): m[2].strip().lower() for k, m in enumerate(matches) if m}


def _indented(lines: list[str]) -> list[str]:
    found = []
    for line in lines:
        if line.strip() and not line.startswith((" ", "-", "\t")):
            break
        found.append(line)
    return found


def _splits(folder: Path) -> dict[str, str]:
    found = {}
    for split in ("train", "val", "test"):
        listed = folder / f"{split}.txt"
        if listed.is_file():
            for line in listed.read_text(encoding="utf-8").splitlines():
                found[stem_of(Path(line.strip()))] = split
    return found
