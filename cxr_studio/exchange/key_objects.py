"""A key object note (KO, PS3.3 A.35.4) that points at the radiograph with its accepted edits and lists them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from cxr_studio.errors import WriteError
from cxr_studio.exchange.codes import OF_INTEREST, code
from cxr_studio.exchange.observers import Observer, observed_by
from cxr_studio.exchange.regions import Region
from cxr_studio.exchange.subject import Subject, issued, save, writing

SERIES = 9003


def write_key_objects(path: Path, subject: Subject, regions: Sequence[Region], *, observer: Observer) -> Path:
    """Write a note on the accepted edits.

    Args:
        path: The file.
        subject: The radiograph with its edits.
        regions: What was accepted; at least one.
        observer: Who accepted it.

    Raises:
        WriteError: there is no edit, the header does not allow it, or the file cannot be written.
    """
    if not regions:
        raise WriteError("there is no accepted edit to note", file=path, remedy="Accept an edit")
    with writing(path):
        import highdicom as hd

        person, device = observed_by(observer)
        content = hd.ko.KeyObjectSelection(
            code(OF_INTEREST),
            [subject.header],
            observer_person_context=person,
            observer_device_context=device,
            description=note(regions),
        )
        made = hd.ko.KeyObjectSelectionDocument([subject.header], content, **issued(SERIES, "CXR Studio, key objects"))
        return save(path, made, subject)


def note(regions: Sequence[Region]) -> str:
    """The edits in words, one a line."""
    count = f"{len(regions)} accepted edit{'s' if len(regions) > 1 else ''} of CXR Studio:"
    return "\n".join([count, *(f"{k}. {_words(region)}" for k, region in enumerate(regions, 1))])


def _words(region: Region) -> str:
    checkpoint = f", checkpoint {region.version}" if region.version else ""
    y0, x0, y1, x1 = region.box
    where = f"rows {y0} to {y1}, columns {x0} to {x1}"
    return f"{region.title}: {where}" + (f", drawn by {region.generator}{checkpoint}" if region.generator else "")
