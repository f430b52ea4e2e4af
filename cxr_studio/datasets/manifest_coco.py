"""The manifest as COCO: one JSON with images, categories and boxes, and our columns beside them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cxr_studio.datasets.entries import Entry, Finding, Manifest
from cxr_studio.datasets.looks import known_of, stated_of
from cxr_studio.datasets.patients import Patients
from cxr_studio.datasets.tables import rectangle
from cxr_studio.errors import ReadError
from cxr_studio.files import write_json

OF_IMAGE = ("patient", "split", "source", "sha256")
"""Keys of ours, which COCO's own readers ignore; those of a box are ``looks.OF_MAKING`` and ``looks.OF_LOOK``."""


def read_coco(path: Path, patients: Patients | None = None) -> Manifest:
    """Read images with their boxes; crowds are left out.

    Args:
        path: The JSON.
        patients: Whose images are that do not say it.

    Raises:
        ReadError: it is no such file, or an annotation names no image or category.
    """
    known = patients or Patients()
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        _refuse_others(content, path)
        labels = {int(one["id"]): str(one["name"]).lower() for one in content["categories"]}
        images = {int(one["id"]): one for one in content["images"]}
        boxes: dict[int, list[Finding]] = {number: [] for number in images}
        for one in content.get("annotations", []):
            if not one.get("iscrowd"):
                boxes[int(one["image_id"])].append(_finding(one, labels))
        entries = (_entry(one, tuple(boxes[number]), path, known) for number, one in images.items())
        return Manifest(path.parent, tuple(entries))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as fault:
        why = f"{type(fault).__name__}: {fault}"
        raise ReadError(f"the COCO file cannot be read ({why})", file=path, remedy="Export it again") from fault


def _refuse_others(content: object, path: Path) -> None:
    if isinstance(content, list):
        what = "the file holds COCO results, a detector's answers, and not the images that they are about"
        raise ReadError(what, file=path, remedy="Give the COCO file with images, categories and annotations")
    if not isinstance(content, dict) or not {"images", "categories"} <= content.keys():
        what = "the file has no images and categories, so it is no COCO file"
        raise ReadError(what, file=path, remedy="Give a manifest, a COCO file or a list of boxes")


def write_coco(manifest: Manifest, path: Path) -> None:
    """Write a manifest whose folder is that of ``path``, atomically.

    Raises:
        WriteError: it cannot be written.
    """
    numbered = manifest.numbered()
    labels = sorted({finding.label for entry in manifest.entries for finding in entry.findings} or {"nodule"})
    images: list[dict[str, object]] = []
    annotations: list[dict[str, object]] = []
    for entry in numbered.entries:
        own = {name: getattr(entry, name) for name in OF_IMAGE if getattr(entry, name)}
        size = {"width": entry.width, "height": entry.height}
        images.append({"id": entry.number, "file_name": entry.file, **size, **own})
        for finding in entry.findings:
            annotations.append(_annotation(len(annotations) + 1, entry, finding, labels.index(finding.label) + 1))
    categories = [{"id": k, "name": label, "supercategory": "finding"} for k, label in enumerate(labels, 1)]
    content = {"info": {"description": "CXR Studio, manifest"}, "licenses": [], "images": images}
    write_json(path, {**content, "categories": categories, "annotations": annotations})


def _entry(image: Mapping[str, Any], findings: tuple[Finding, ...], path: Path, patients: Patients) -> Entry:
    file = str(image["file_name"])
    patient, split, source, sha256 = (str(image.get(name) or "") for name in OF_IMAGE)
    return Entry(
        file,
        patient or patients.of_file(path.parent / file),
        split,
        source,
        sha256,
        int(image.get("width") or 0),
        int(image.get("height") or 0),
        findings,
        int(image["id"]),
    )


def _finding(annotation: Mapping[str, Any], labels: Mapping[int, str]) -> Finding:
    x, y, width, height = (float(value) for value in annotation["bbox"])
    box = rectangle(y, x, y + height, x + width)
    return Finding(labels[int(annotation["category_id"])], box, **known_of(annotation))


def _annotation(number: int, entry: Entry, finding: Finding, category: int) -> dict[str, object]:
    y0, x0, y1, x1 = finding.box
    return {
        "id": number,
        "image_id": entry.number,
        "category_id": category,
        "bbox": [x0, y0, x1 - x0, y1 - y0],
        "area": (y1 - y0) * (x1 - x0),
        "iscrowd": 0,
        **stated_of(finding),
    }
