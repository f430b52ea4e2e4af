"""COCO: one JSON, boxes as x, y, width, height in pixels, silhouettes as uncompressed run lengths."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from cxr_studio.augmentation.exporters.tables import finding_of
from cxr_studio.augmentation.record import MASKS, Kept, Nodule, Record, labels_of
from cxr_studio.datasets.looks import stated_of
from cxr_studio.files import replaced
from cxr_studio.masks.boxes import Box, Mask
from cxr_studio.masks.files import load_mask
from cxr_studio.masks.regions import Region, regions

NAME = "coco.json"


def write(records: Sequence[Record], folder: Path) -> Path:
    """Write ``coco.json``; extra keys (attributes, seed, split) are ignored by COCO's own readers."""
    labels = labels_of(records)
    images: list[dict[str, object]] = []
    annotations: list[dict[str, object]] = []
    for record in records:
        images.append(
            {
                "id": record.index + 1,
                "file_name": f"images/{record.file}",
                "width": record.width,
                "height": record.height,
                "patient": record.patient,
                "split": record.split,
            }
        )
        for finding, outline in zip(record.findings, _outlines(record, folder), strict=True):
            numbers = len(annotations) + 1, labels.index(finding.label) + 1
            annotations.append({**_annotation(numbers, record, finding), "segmentation": outline})
    content = {
        "info": {"description": "CXR Studio, synthetic images", "version": "1"},
        "licenses": [],
        "images": images,
        "categories": [{"id": k, "name": name, "supercategory": "finding"} for k, name in enumerate(labels, 1)],
        "annotations": annotations,
    }
    path = folder / NAME
    with replaced(path) as beside:
        beside.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    return path


def _outlines(record: Record, folder: Path) -> list[object]:
    """The silhouette of every finding; none, COCO's empty list, of a box."""
    if not record.nodules:
        return [[] for _ in record.findings]
    whole = load_mask(folder / MASKS / Path(record.file).with_suffix(".png"), (record.height, record.width))
    parts = {region.box: region for region in regions(whole)}
    size = [record.height, record.width]
    owns = (own_silhouette(nodule, whole, parts) for nodule in record.nodules)
    return [*({"size": size, "counts": run_lengths(own)} for own in owns), *([] for _ in record.kept)]


def own_silhouette(nodule: Nodule, whole: Mask, parts: Mapping[Box, Region]) -> Mask:
    """The silhouette of one nodule, ``bool`` of the image's shape, without neighbours that reach into its box.

    Args:
        nodule: The nodule.
        whole: Silhouettes of all nodules of the image.
        parts: Its connected regions by their boxes. A nodule that touches another keeps everything in its box.
    """
    x0, y0, x1, y1 = nodule.box
    part = parts.get((y0, x0, y1, x1))
    own = np.zeros_like(whole)
    own[y0:y1, x0:x1] = whole[y0:y1, x0:x1] if part is None else part.mask
    return own


def _annotation(numbers: tuple[int, int], record: Record, finding: Nodule | Kept) -> dict[str, object]:
    """Everything but the segmentation; ``numbers`` are its own and its category's."""
    x0, y0, x1, y1 = finding.box
    return {
        "id": numbers[0],
        "image_id": record.index + 1,
        "category_id": numbers[1],
        "bbox": [x0, y0, x1 - x0, y1 - y0],
        "area": finding.area,
        "iscrowd": 0,
        "seed": finding.placement["seed"],
        **stated_of(finding_of(finding)),
    }


def run_lengths(mask: Mask) -> list[int]:
    """COCO's uncompressed run lengths: column by column, zeros first."""
    flat = np.concatenate([[False], mask.ravel(order="F"), [False]])
    edges = np.flatnonzero(flat[1:] != flat[:-1])
    ends = edges if edges.size and edges[-1] == mask.size else np.append(edges, mask.size)
    lengths = np.diff(np.concatenate([[0], ends]))
    return [int(n) for n in lengths]
