"""An archive from its settings."""

from __future__ import annotations

from importlib.util import find_spec

from cxr_studio.errors import ArchiveError
from cxr_studio.exchange.archive import Archive, DicomSettings, Settings
from cxr_studio.exchange.persistence import Patience

INSTALL = "Install it with: pip install 'cxr-studio[dicom-net]'"


def open_archive(settings: Settings, secret: str = "", *, patience: Patience | None = None) -> Archive:
    """The archive that the settings name; nothing is connected yet.

    Args:
        settings: Of either protocol.
        secret: Password or token of a DICOMweb archive, see ``secrets``; "" where none is needed.
        patience: How long is waited, and how often tried again.

    Raises:
        ArchiveError: the extra packages are not installed.
    """
    needed = "pynetdicom" if isinstance(settings, DicomSettings) else "dicomweb_client"
    if find_spec(needed) is None:
        raise ArchiveError("reaching an archive needs the extra packages", remedy=INSTALL)
    if isinstance(settings, DicomSettings):
        from cxr_studio.exchange.dicom_archive import DicomArchive

        return DicomArchive(settings, patience)
    from cxr_studio.exchange.web_archive import WebArchive

    return WebArchive(settings, secret, patience)
