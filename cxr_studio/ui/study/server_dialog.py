"""Asks for the server of a packed study's answers, and connects to it before the study opens."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from cxr_studio.studies.bundle import Bundle
from cxr_studio.studies.pack.server import Server, reach, server_of
from cxr_studio.ui.shell.background import Background

WIDTH = 460
"""Of the dialog, logical pixels."""


class ServerDialog(QDialog):
    """Fields for a server's address, and a sentence below.

    Args:
        server: What is known of it.

    Signals:
        wanted: (Server) the reader wants to connect.
    """

    wanted = Signal(object)

    def __init__(self, server: Server, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Connect to the server of the answers")
        self.setMinimumWidth(WIDTH)
        self.host, self.database = QLineEdit(server.host), QLineEdit(server.database)
        self.user, self.password = QLineEdit(server.user), QLineEdit(server.password)
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.port = QSpinBox()
        self.port.setRange(1, 65_535)
        self.port.setValue(server.port)
        self.words = QLabel()
        self.words.setWordWrap(True)
        self._lay_out()
        for field in (self.host, self.database, self.user):
            field.textChanged.connect(self._changed)
        self._changed()
        (self.password if server.complete else self.host).setFocus()

    @property
    def server(self) -> Server:
        """What the fields say."""
        host, database, user = (field.text().strip() for field in (self.host, self.database, self.user))
        return Server(host, self.port.value(), database, user, self.password.text())

    def say(self, sentence: str, *, connecting: bool = False) -> None:
        """Show a sentence; while connecting nothing can be changed."""
        self.words.setText(sentence)
        self.fields.setEnabled(not connecting)
        self.connect_button.setEnabled(not connecting and self.server.complete)
        if not connecting:
            self.password.setFocus()

    def _ask(self) -> None:
        self.wanted.emit(self.server)

    def _changed(self) -> None:
        self.connect_button.setEnabled(self.server.complete)

    def _lay_out(self) -> None:
        self.fields = QWidget()
        form = QFormLayout(self.fields)
        form.setContentsMargins(0, 0, 0, 0)
        rows = {
            "Server": self.host,
            "Port": self.port,
            "Database": self.database,
            "User": self.user,
            "Password": self.password,
        }
        for label, field in rows.items():
            form.addRow(label, field)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        buttons.button(QDialogButtonBox.StandardButton.Cancel).setAutoDefault(False)
        self.connect_button = buttons.addButton("Connect", QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.accepted.connect(self._ask)
        buttons.rejected.connect(self.reject)
        asked = QLabel("Answers are saved on a PostgreSQL server. The study's owner knows user and password.")
        asked.setWordWrap(True)
        column = QVBoxLayout(self)
        column.addWidget(asked)
        column.addWidget(self.fields)
        column.addWidget(self.words)
        column.addWidget(buttons)
        self.connect_button.setDefault(True)


class Connecting(QObject):
    """Connects off the GUI thread; the dialog closes once the server has answered.

    Args:
        bundle: Whose answers.
        dialog: Asks.

    Attributes:
        address: Of the server that has answered, None before.
    """

    def __init__(self, bundle: Bundle, dialog: ServerDialog) -> None:
        super().__init__(dialog)
        self.address: str | None = None
        self._bundle, self._dialog = bundle, dialog
        self._background = Background(self)
        dialog.wanted.connect(self.connect_to)
        dialog.finished.connect(lambda _code: self._background.close())

    @Slot(object)
    def connect_to(self, server: Server) -> None:
        """Try it."""
        self._dialog.say("Connecting…", connecting=True)
        self._background.run(
            "Connecting",
            lambda _progress, _token: reach(self._bundle, server),
            done=self._reached,
            failed=lambda fault: self._dialog.say(str(fault)),
        )

    def _reached(self, address: str) -> None:
        self.address = address
        self._dialog.accept()


def connected(bundle: Bundle, address: str) -> str | None:
    """Let the reader connect to the server; tried at once where its address is known.

    Args:
        bundle: Whose answers.
        address: A server's, or "ask".

    Returns:
        The address that can be reached, with its password; None where the reader gives up.

    Raises:
        StudioError: the address names no server.
    """
    server = server_of(address)
    dialog = ServerDialog(server)
    connecting = Connecting(bundle, dialog)
    if server.complete:
        connecting.connect_to(server)
    dialog.exec()
    found = connecting.address
    dialog.deleteLater()
    return found
