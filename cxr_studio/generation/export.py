"""What an exported radiograph says about its making, and the export itself."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

from cxr_studio.errors import WriteError
from cxr_studio.generation.session import Session
from cxr_studio.radiographs.writing import write_radiograph
from cxr_studio.version import program_version


def export_provenance(session: Session) -> dict[str, object] | None:
    """Return what was done to the radiograph as JSON values, None when nothing was."""
    shown = [edit for edit in session.edits if edit.enabled]
    if not shown:
        return None
    made = [edit.provenance for edit in shown]
    return {
        "program": "CXR Studio",
        "version": program_version(),
        "source_sha256": session.radiograph.source.sha256,
        "generator": ", ".join(dict.fromkeys(each.generator for each in made)),
        "checkpoint_sha256": ", ".join(
            dict.fromkeys(each.checkpoint_sha256 for each in made if each.checkpoint_sha256)
        ),
        "edits": [{"title": edit.title, "box": list(edit.box), **asdict(edit.provenance)} for edit in shown],
    }


def refuse_original(session: Session, path: Path) -> None:
    """Refuse to write over the radiograph itself.

    Raises:
        WriteError: the path is the original's.
    """
    source = session.radiograph.source.path
    if source is not None and path.absolute().resolve() == source.absolute().resolve():
        raise WriteError("the original cannot be overwritten", file=path, remedy="Choose another name")


def export(session: Session, path: Path, *, dated: bool = True) -> None:
    """Write the radiograph with its enabled edits; outside their masks it is bit-identical to the original.

    Args:
        session: What to write.
        path: Its ending chooses the format.
        dated: Whether a DICOM file says when it was made; without, the same session gives the same file.

    Raises:
        WriteError: the path is the original's, the format cannot hold the values, or the file cannot be written.
    """
    refuse_original(session, path)
    provenance = export_provenance(session)
    write_radiograph(path, session.radiograph, session.composite, provenance=provenance, dated=dated)
