"""Passwords and tokens of archives: in the system's keyring, or asked for once in each session; never in a file."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Protocol

from cxr_studio.errors import ArchiveError
from cxr_studio.exchange.archive import WebSettings
from cxr_studio.exchange.named import Named
from cxr_studio.exchange.system_keyring import NoKeyring

Ask = Callable[[str, str, str], str | None]
"""Asks for the secret of an archive: (its name, "password of anna" or "token", why it is not in the keyring or "");
None where the user gives none."""


class Keyring(Protocol):
    """Where secrets stay between two sessions; every method may raise an ArchiveError."""

    def kept(self, name: str) -> str:
        """The secret of a name, "" where none is kept."""

    def keep(self, name: str, secret: str) -> None:
        """Keep a secret."""

    def forget(self, name: str) -> None:
        """Take a secret away, if there is one."""


class Vault:
    """Knows the secrets of this session.

    Args:
        ask: Asks for a secret.
        keyring: The system's.
    """

    def __init__(self, ask: Ask, keyring: Keyring) -> None:
        self._ask = ask
        self._keyring = keyring
        self._session: dict[str, str] = {}
        self._doubted: set[str] = set()

    def secret(self, archive: Named) -> str | None:
        """The secret of an archive: known, kept, or asked for; "" where it needs none, None where none is given.

        Where the keyring cannot be used it is asked for, with the reason, and known in this session.
        """
        words, remark = secret_words(archive), ""
        if not words:
            return ""
        known = self._session.get(archive.name, "")
        try:
            if not known and archive.kept and archive.name not in self._doubted:
                known = self._keyring.kept(archive.name)
        except ArchiveError as fault:
            remark = f"{fault.what[:1].upper()}{fault.what[1:]}."
        if not known:
            known = self._ask(archive.name, words, remark) or ""
            if known and archive.kept and not remark:
                with suppress(ArchiveError):  # the next session asks again, and says why
                    self._keyring.keep(archive.name, known)
        if not known:
            return None
        self._session[archive.name] = known
        return known

    def take(self, archive: Named, secret: str) -> None:
        """Take a secret that was typed into the settings, "" for none, and keep it where it belongs.

        Raises:
            ArchiveError: the keyring cannot be written.
        """
        known = secret or self._session.get(archive.name, "")
        if not secret_words(archive) or not known:
            return
        self._session[archive.name] = known
        if archive.kept:
            self._keyring.keep(archive.name, known)

    def forget(self, archive: Named) -> str:
        """Take the secret of an archive out of the keyring; returns a sentence where it may still be in it."""
        self._session.pop(archive.name, None)
        try:
            self._keyring.forget(archive.name)
        except NoKeyring:
            return ""
        except ArchiveError as fault:
            return f"The {secret_words(archive)} for {archive.name} may still be in the keyring: {fault.what}."
        return ""

    def doubt(self, archive: Named) -> None:
        """Ask for the secret the next time: the archive does not accept the one that is known. From any thread."""
        self._session.pop(archive.name, None)
        self._doubted.add(archive.name)


def secret_words(archive: Named) -> str:
    """What the secret of an archive is; "" where it needs none."""
    now = archive.settings
    if not isinstance(now, WebSettings) or now.authentication == "none":
        return ""
    return f"password of {now.user}" if now.authentication == "basic" else "token"
