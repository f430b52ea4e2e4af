"""The system's keyring: Secret Service, KWallet, Keychain, Credential Manager."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from cxr_studio.errors import ArchiveError, reason_of

SERVICE = "cxr-studio"
REMEDY = "Untick the keyring, and the password is asked for in each session"


class NoKeyring(ArchiveError):
    """There is none, so nothing can be kept in it."""


class SystemKeyring:
    """Where passwords and tokens of archives stay between two sessions, under the archive's name."""

    def kept(self, name: str) -> str:
        """The secret of a name, "" where none is kept."""
        with _explained():
            import keyring

            return str(keyring.get_password(SERVICE, name) or "")

    def keep(self, name: str, secret: str) -> None:
        """Keep a secret."""
        with _explained():
            import keyring

            keyring.set_password(SERVICE, name, secret)

    def forget(self, name: str) -> None:
        """Take a secret away, if there is one."""
        with _explained():
            import keyring
            from keyring.errors import PasswordDeleteError

            with suppress(PasswordDeleteError):
                keyring.delete_password(SERVICE, name)


@contextmanager
def _explained() -> Iterator[None]:
    """Turn what the keyring raises into one sentence."""
    try:
        yield
    except ImportError as fault:
        raise NoKeyring("the system's keyring needs the package keyring", remedy=REMEDY) from fault
    except Exception as fault:  # every system's keyring raises kinds of its own
        if type(fault).__name__ == "NoKeyringError":
            raise NoKeyring("this computer has no keyring that keeps passwords", remedy=REMEDY) from fault
        what = f"the system's keyring cannot be used ({reason_of(fault)})"
        raise ArchiveError(what, remedy=REMEDY) from fault
