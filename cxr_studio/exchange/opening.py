"""An archive from its settings."""

from __future__ import annotations

from cxr_studio.errors import ArchiveError
from cxr_studio.exchange.archive import Archive, Settings

INSTALL = "Install it with: pip install 'cxr-studio[dicom-net]'"


def open_archive(settings: Settings, secret: str = "") -> Archive:
    """The archive that the settings name; nothing is connected yet.

    Args:
        settings: Of either protocol.
        secret: Password or token, see ``secrets``; "" where none is needed.

    Raises:
        ArchiveError: the extra packages are not installed.
    """
    del secret
    raise ArchiveError(f"{settings} cannot be opened yet", remedy=INSTALL)
