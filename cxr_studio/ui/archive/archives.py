"""The configured archives of the window, and the secrets that they need."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Signal

from cxr_studio.exchange.archive import Archive, Settings
from cxr_studio.exchange.named import Named, decoded, encoded
from cxr_studio.exchange.opening import open_archive
from cxr_studio.settings import Settings as Remembered
from cxr_studio.settings import save_settings
from cxr_studio.ui.archive.signed import Signed
from cxr_studio.ui.archive.vault import Vault

Opened = Callable[[Settings, str], Archive]
"""An archive from its settings and its secret."""


class Archives(QObject):
    """Knows every archive by its name, and which was used last.

    Signals:
        changed: Others are configured.

    Args:
        settings: Where they are remembered; changed in place.
        vault: Their secrets.
        opened: Makes an archive.

    Attributes:
        vault: Their secrets.
        faults: Sentences on archives of the settings file that make no sense.
    """

    changed = Signal()

    def __init__(
        self, settings: Remembered, vault: Vault, *, opened: Opened = open_archive, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._settings = settings
        self._opened = opened
        self.vault = vault
        found, self.faults = decoded(settings.archives)
        self._named = {each.name: each for each in found}

    @property
    def all(self) -> list[Named]:
        """In the order in which they were added."""
        return list(self._named.values())

    @property
    def last(self) -> str:
        """Name of the one that was used last, else of the first; "" without any."""
        return self._settings.archive if self._settings.archive in self._named else next(iter(self._named), "")

    @property
    def cache(self) -> tuple[str, float]:
        """Folder of what was retrieved, "" for the program's own, and its limit in gigabytes."""
        return self._settings.archive_cache, self._settings.archive_cache_gb

    @cache.setter
    def cache(self, place: tuple[str, float]) -> None:
        self._settings.archive_cache, self._settings.archive_cache_gb = place

    def use(self, name: str) -> None:
        """Note which is used."""
        self._settings.archive = name

    def open(self, name: str) -> Archive | None:
        """The archive of a name; may ask for its secret, None where the user gives none.

        Raises:
            ArchiveError: a package is missing.
        """
        return self.tried(self._named[name], "")

    def tried(self, archive: Named, secret: str) -> Archive | None:
        """An archive, whether it is configured or being edited; ``secret`` as typed, "" for the one that is known.

        Raises:
            ArchiveError: a package is missing.
        """
        known = secret or self.vault.secret(archive)
        if known is None:
            return None
        return Signed(self._opened(archive.settings, known), lambda: self.vault.doubt(archive))

    def replace(self, archives: Sequence[Named]) -> str:
        """Take other archives, and write the settings; returns a sentence when that failed."""
        kept = {each.name for each in archives if each.kept}
        gone = [each for each in self._named.values() if each.kept and each.name not in kept]
        left = [sentence for each in gone if (sentence := self.vault.forget(each))]
        self._named = {each.name: each for each in archives}
        self._settings.archives = encoded(archives)
        self.changed.emit()
        return save_settings(self._settings) or " ".join(left)
