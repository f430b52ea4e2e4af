"""Pascal VOC: an XML file an image, boxes 1-based and inclusive as in the original challenge.

What else is known of a finding stands in ``attributes`` of its object, which other readers pass over.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from xml.etree.ElementTree import Element, ElementTree, SubElement, indent

from cxr_studio.augmentation.exporters.tables import finding_of
from cxr_studio.augmentation.record import Record
from cxr_studio.datasets.looks import stated_of
from cxr_studio.files import replaced


def write(records: Sequence[Record], folder: Path) -> Path:
    """Write ``Annotations/*.xml``; returns the folder."""
    for record in records:
        tree = ElementTree(_image(record))
        indent(tree)
        with replaced(folder / "Annotations" / Path(record.file).with_suffix(".xml")) as beside:
            tree.write(beside, encoding="utf-8", xml_declaration=True)
    return folder / "Annotations"


def _image(record: Record) -> Element:
    root = Element("annotation")
    _text(root, "folder", "images")
    _text(root, "filename", record.file)
    _text(SubElement(root, "source"), "database", "CXR Studio, synthetic images")
    size = SubElement(root, "size")
    for name, value in (("width", record.width), ("height", record.height), ("depth", 1)):
        _text(size, name, str(value))
    _text(root, "segmented", "0")
    for finding in record.findings:
        x0, y0, x1, y1 = finding.box
        found = SubElement(root, "object")
        for name, words in (("name", finding.label), ("pose", "Unspecified"), ("truncated", "0"), ("difficult", "0")):
            _text(found, name, words)
        box = SubElement(found, "bndbox")
        for name, value in (("xmin", x0 + 1), ("ymin", y0 + 1), ("xmax", x1), ("ymax", y1)):
            _text(box, name, str(value))
        own = SubElement(found, "attributes")
        for name, known in stated_of(finding_of(finding)).items():
            _text(own, name, str(int(known) if isinstance(known, bool) else known))
    return root


def _text(parent: Element, name: str, text: str) -> None:
    SubElement(parent, name).text = text
