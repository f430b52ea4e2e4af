"""A radiograph in memory, and what is exported of it, without its patient."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

from cxr_studio.exchange.deidentify import deidentified
from cxr_studio.exchange.deidentify_provenance import deidentified_provenance, stated_provenance
from cxr_studio.exchange.deidentify_pseudonyms import Pseudonyms, open_pseudonyms
from cxr_studio.exchange.deidentify_table import Profile
from cxr_studio.generation.export import export_provenance, refuse_original
from cxr_studio.generation.session import Session
from cxr_studio.radiographs.radiograph import Radiograph
from cxr_studio.radiographs.writing import write_radiograph
from cxr_studio.resources import state_folder


@dataclass(frozen=True)
class Deidentification:
    """What is asked for; small enough to be given to another process.

    Attributes:
        table: The owner's table of pseudonyms.
        profile: With its options.
    """

    table: Path
    profile: Profile = field(default_factory=Profile)

    def pseudonyms(self) -> Pseudonyms:
        """The table, opened once in every process.

        Raises:
            StudioError: table or key cannot be read or written.
        """
        return _opened(self.table)


def default_table() -> Path:
    """Where the owner's table lies unless another is named: among the program's own files, beside no output."""
    return state_folder() / "pseudonyms" / "pseudonyms.csv"


def deidentified_radiograph(radiograph: Radiograph, asked: Deidentification, *, patient: str = "") -> Radiograph:
    """Return the radiograph as it may be handed out: same pixels; header, name and hash say nothing of whose it is.

    Args:
        radiograph: Of any format.
        asked: Profile and table.
        patient: Whose it is, where that is known better than from the header.

    Raises:
        StudioError: a damaged header, or a table that cannot be written.
    """
    pseudonyms, source, header = asked.pseudonyms(), radiograph.source, radiograph.header
    if source.format == "dicom":
        header = deidentified(header, asked.profile, pseudonyms, patient=patient)
    elif source.format != "mha":  # whose header is what its reader kept: numbers
        header = None
    return replace(radiograph, header=header, source=replace(source, path=None, sha256=pseudonyms.keyed(source.sha256)))


def export_deidentified(session: Session, path: Path, asked: Deidentification, *, patient: str = "") -> None:
    """Export a session's radiograph, with its enabled edits, without its patient; undated, as dates would be clues.

    Raises:
        WriteError: the path is the original's, or the file or the table cannot be written.
        ReadError: the header is damaged.
    """
    refuse_original(session, path)
    made = export_provenance(session) or stated_provenance(session.radiograph.header)
    provenance = deidentified_provenance(made, asked.pseudonyms())
    radiograph = deidentified_radiograph(session.radiograph, asked, patient=patient)
    write_radiograph(path, radiograph, session.composite, provenance=provenance, dated=False)


@lru_cache(maxsize=4)
def _opened(table: Path) -> Pseudonyms:
    return open_pseudonyms(table)
