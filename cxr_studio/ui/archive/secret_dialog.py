"""The question for a password or a token."""

from __future__ import annotations

from PySide6.QtWidgets import QInputDialog, QLineEdit, QWidget


def ask_secret(parent: QWidget, name: str, words: str) -> str | None:
    """Ask for the secret of an archive; None where the user gives none.

    Args:
        parent: Window in front of which it is asked.
        name: Of the archive.
        words: What it is ("password of anna").
    """
    words = f"{words[:1].upper()}{words[1:]}"
    secret, given = QInputDialog.getText(parent, name, f"{words} for {name}:", QLineEdit.EchoMode.Password)
    return secret if given and secret else None
