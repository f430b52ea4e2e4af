"""Text of a DICOM header kept byte for byte, also where it does not fit the character set that the file names."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

TEXTS = frozenset({"LO", "LT", "PN", "SH", "ST", "UC", "UT"})
"""Value representations that Specific Character Set is about (PS3.5 6.1.2.3)."""

ASCII = 0x80
ESCAPE = 0x1B

Place = tuple[tuple[int, int], ...]
"""Sequences on the way to an item: (tag, number of the item)."""

Text = tuple[Place, Any]
"""Where an element lies, and the element as it was in the file."""


def foreign_texts(dataset: Any) -> list[Text]:
    """Return every text element beyond ASCII before anything has read it, which could lose bytes."""
    return list(_foreign(dataset, ()))


def restore_texts(texts: list[Text], source: Any, derived: Any) -> None:
    """Put the bytes back into a derived header, where it still says what its source says.

    Args:
        texts: Of ``foreign_texts``.
        source: The header that they were read from.
        derived: Written next, as explicit little endian.
    """
    for place, element in texts:
        before, after = _item(source, place), _item(derived, place)
        if before is None or after is None or element.tag not in before or element.tag not in after:
            continue
        if after[element.tag].value == before[element.tag].value:
            _as_read(after)
            after[element.tag] = element


def _foreign(dataset: Any, place: Place) -> Iterator[Text]:
    from pydicom.datadict import dictionary_VR
    from pydicom.tag import Tag

    for tag in list(dataset.keys()):
        element = dataset.get_item(tag)
        if not element.is_raw:
            continue
        vr = element.VR
        if vr is None:
            try:
                vr = dictionary_VR(Tag(tag))
            except KeyError:
                continue
        if vr in TEXTS and element.value and any(byte >= ASCII or byte == ESCAPE for byte in element.value):
            yield place, element._replace(VR=vr, is_implicit_VR=False, is_little_endian=True)
        elif vr == "SQ":
            for number, item in enumerate(dataset[tag].value or ()):
                yield from _foreign(item, (*place, (int(tag), number)))


def _item(dataset: Any, place: Place) -> Any:
    for tag, number in place:
        if tag not in dataset or dataset[tag].VR != "SQ" or number >= len(dataset[tag].value):
            return None
        dataset = dataset[tag].value[number]
    return dataset


def _as_read(dataset: Any) -> None:
    """Let pydicom write elements as they are: it would read them again to change their encoding."""
    from pydicom.filewriter import correct_ambiguous_vr

    for _ in dataset:  # reads every value
        pass
    if tuple(dataset.original_encoding) != (False, True):
        correct_ambiguous_vr(dataset, True)
        dataset.set_original_encoding(False, True, dataset.original_character_set)
