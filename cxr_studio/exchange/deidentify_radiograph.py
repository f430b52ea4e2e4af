"""A radiograph in memory, and what is exported of it, without its patient."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from functools import lru_cache
from pathlib import Path

from cxr_studio.datasets.manifest import Item
from cxr_studio.exchange.deidentify import deidentified
from cxr_studio.exchange.deidentify_provenance import deidentified_provenance, stated_provenance
from cxr_studio.exchange.deidentify_pseudonyms import Pseudonyms, open_pseudonyms
from cxr_studio.exchange.deidentify_table import Profile
from cxr_studio.generation.export import export, export_provenance, refuse_original
from cxr_studio.generation.session import Session
from cxr_studio.radiographs.radiograph import Radiograph, Stored
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

    def item(self, item: Item) -> Item:
        """A radiograph of a set as results may name it: patient, file name and hash by the key; its split stays.

        Raises:
            StudioError: the table cannot be used.
        """
        pseudonyms = self.pseudonyms()
        patient, hashed = pseudonyms.of(item.patient).name, pseudonyms.keyed(item.sha256)
        return replace(item, sha256=hashed, patient=patient, alias=f"{patient}-{hashed[:8]}{item.path.suffix.lower()}")

    def stated(self) -> dict[str, object]:
        """What was asked for, for plans: the options, and the mark of the key."""
        return {**asdict(self.profile), "key": self.pseudonyms().mark}


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


def export_as_asked(session: Session, path: Path, asked: Deidentification | None, *, patient: str) -> None:
    """Export a session undated, without its patient where that is asked for."""
    if asked is None:
        export(session, path, dated=False)
    else:
        export_deidentified(session, path, asked, patient=patient)


@dataclass(frozen=True, eq=False)
class Exported:
    """A session's result at one moment, which another thread may write.

    Attributes:
        radiograph: The original.
        stored: With the enabled edits.
        made: Provenance, None for an unchanged radiograph.
    """

    radiograph: Radiograph
    stored: Stored
    made: dict[str, object] | None


def exported(session: Session) -> Exported:
    """The result as it is now."""
    made = export_provenance(session) or stated_provenance(session.radiograph.header)
    return Exported(session.radiograph, session.composite, made)


def write_deidentified(path: Path, result: Exported, asked: Deidentification, *, patient: str = "") -> None:
    """Write a result without its patient; undated, as dates would be clues.

    Raises:
        WriteError: the file or the table cannot be written.
        ReadError: the header is damaged.
    """
    provenance = deidentified_provenance(result.made, asked.pseudonyms())
    radiograph = deidentified_radiograph(result.radiograph, asked, patient=patient)
    write_radiograph(path, radiograph, result.stored, provenance=provenance, dated=False)


def export_deidentified(session: Session, path: Path, asked: Deidentification, *, patient: str = "") -> None:
    """Export a session's radiograph, with its enabled edits, without its patient; see ``write_deidentified``.

    Raises:
        WriteError: the path is the original's, or the file or the table cannot be written.
        ReadError: the header is damaged.
    """
    refuse_original(session, path)
    write_deidentified(path, exported(session), asked, patient=patient)


@lru_cache(maxsize=4)
def _opened(table: Path) -> Pseudonyms:
    return open_pseudonyms(table)
