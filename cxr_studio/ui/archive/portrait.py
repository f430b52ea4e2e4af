"""The archive's dialogs for the guide's picture: an archive that is not there, of patients whom nobody is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from PySide6.QtCore import QEventLoop, QPoint, QRect, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap

from cxr_studio.events import Progress, never
from cxr_studio.exchange.archive import Answered, DicomSettings, Found, Outcome, Query, Sent
from cxr_studio.exchange.named import Named, encoded
from cxr_studio.settings import Settings
from cxr_studio.ui.archive.archives import Archives
from cxr_studio.ui.archive.search_dialog import SearchDialog
from cxr_studio.ui.archive.send_dialog import SendDialog
from cxr_studio.ui.archive.vault import Vault
from cxr_studio.ui.jobs.job_dialog import JobDialog
from cxr_studio.ui.shell.background import Background
from cxr_studio.ui.shell.workspace import Workspace
from cxr_studio.ui.theme.tokens import current

PATIENTS = (
    ("Nobody^Anna", "CXR-0142", date(2026, 11, 24), "DX", "Chest PA", 1),
    ("Nobody^Ben", "CXR-0141", date(2026, 11, 24), "DX", "Chest PA and lateral", 2),
    ("Nobody^Clara", "CXR-0139", date(2026, 11, 23), "CR", "Chest AP, portable", 1),
    ("Nobody^David", "CXR-0136", date(2026, 11, 21), "DX", "Chest PA", 1),
    ("Nobody^Emil", "CXR-0133", date(2026, 11, 20), "DX", "Chest PA and lateral", 2),
)
SEARCH, SEND = QSize(820, 316), QSize(700, 340)
TITLE = 26
"""Logical pixels of a dialog's title."""

EDGE = 28
"""Logical pixels between a dialog and the window's corner."""


class InventedArchive:
    """Answers what a picture needs; see ``exchange.archive.Archive``."""

    def echo(self, *, cancelled: Callable[[], bool] = never) -> Answered:
        """Answer at once."""
        del cancelled
        return Answered("RESEARCH at pacs.example:4242 accepts CXRSTUDIO.", 0.03)

    def find(self, query: Query, *, cancelled: Callable[[], bool] = never) -> list[Found]:
        """Name the patients."""
        del cancelled
        found = [
            Found(f"1.2.{k}", f"1.2.{k}.1", name, own, day, modality, study, images=images)
            for k, (name, own, day, modality, study, images) in enumerate(PATIENTS)
        ]
        return found[: query.most]

    def get(self, found: Found, folder: Path, *, progress: Progress, cancelled: Callable[[], bool]) -> list[Path]:
        """Hold no images."""
        del found, folder, progress, cancelled
        return []

    def send(
        self, paths: Sequence[Path], *, progress: Progress, cancelled: Callable[[], bool], again: bool = False
    ) -> Sent:
        """Take everything."""
        del progress, cancelled, again
        return Sent(tuple(Outcome(path, "sent") for path in paths))


def lay_dialogs(picture: QPixmap, background: Background, workspace: Workspace) -> bool:
    """Draw a search and what was sent over a picture of the window; False where one of them did not end."""
    named = Named("Research", DicomSettings("pacs.example", "RESEARCH", 4242))
    vault = Vault(lambda *_asked: None, _NoKeyring())
    archives = Archives(Settings(archives=encoded([named])), vault, opened=lambda _settings, _secret: InventedArchive())
    search = SearchDialog(background, archives, lambda *_asked: [])
    search.resize(SEARCH)
    send = SendDialog(background, archives, workspace)
    send.resize(SEND)
    search.show()
    send.show()
    search.search()
    send.send()
    done = _ended(search) and _ended(send)
    across, down = picture.width() / picture.devicePixelRatio(), picture.height() / picture.devicePixelRatio()
    painter = QPainter(picture)
    _lay(painter, search, QPoint(EDGE, 3 * EDGE))
    _lay(painter, send, QPoint(round(across) - send.width() - EDGE, round(down) - send.height() - TITLE - 2 * EDGE))
    painter.end()
    for dialog in (search, send):
        dialog.close()
    return done


class _NoKeyring:
    """Keeps nothing; see ``vault.Keyring``."""

    def kept(self, name: str) -> str:
        del name
        return ""

    def keep(self, name: str, secret: str) -> None:
        del name, secret

    def forget(self, name: str) -> None:
        del name


def _ended(dialog: SearchDialog | SendDialog) -> bool:
    """Wait until its job has ended."""
    for _ in range(600):
        if not dialog.controller.job.running:
            return True
        loop = QEventLoop()
        QTimer.singleShot(100, loop, loop.quit)
        loop.exec()
    return False


def _lay(painter: QPainter, dialog: JobDialog, corner: QPoint) -> None:
    """Draw a dialog with its title above it and a line around both."""
    now, drawn = current(), dialog.grab()
    whole = QRect(corner, dialog.size() + QSize(0, TITLE))
    painter.fillRect(whole, QColor(now.raised))
    painter.setPen(QColor(now.text))
    painter.drawText(QRect(corner, QSize(dialog.width(), TITLE)), Qt.AlignmentFlag.AlignCenter, dialog.windowTitle())
    painter.drawPixmap(corner + QPoint(0, TITLE), drawn)
    painter.setPen(QPen(QColor(now.faint), 1))
    painter.drawRect(whole)
