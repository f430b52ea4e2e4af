"""The question for a password or a token."""

from __future__ import annotations

from PySide6.QtWidgets import QInputDialog, QLineEdit, QWidget


def ask_secret(parent: QWidget, name: str, words: str, remark: str = "") -> str | None:
    """Ask for the secret of an archive; None where the user gives none.

    Args:
        parent: Window in front of which it is asked.
        name: Of the archive.
        words: What it is ("password of anna").
        remark: Why it is asked for although it should be in the keyring; "" for nothing of the kind.
    """
    question = f"{words[:1].upper()}{words[1:]} for {name}:"
    if remark:
        question = f"{remark} You are asked in each session.\n\n{question}"
    secret, given = QInputDialog.getText(parent, name, question, QLineEdit.EchoMode.Password)
    return secret if given and secret else None
