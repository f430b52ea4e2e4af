"""DICOM's own protocol over TLS (PS3.15, B.9): contexts that remember why a connection failed."""

from __future__ import annotations

import ssl
from contextlib import suppress
from typing import Any

from cxr_studio.errors import ArchiveError
from cxr_studio.exchange.archive import DicomSettings
from cxr_studio.exchange.certificates import certificate_fault, identify, trust

WITHOUT = "does not speak TLS", "Untick TLS, or use the port on which it does"
"""What is said of a server that speaks none, and what to do."""


class Noting(ssl.SSLContext):
    """A context that remembers what its connections raised, which pynetdicom only logs.

    Attributes:
        fault: What was raised last, None where nothing was.
    """

    fault: OSError | None = None


class _Calling(ssl.SSLSocket):
    """A socket of such a context."""

    def do_handshake(self, block: bool = False) -> None:
        """See ``ssl.SSLSocket``."""
        try:
            super().do_handshake(block)
        except OSError as fault:
            _note(self.context, fault)
            raise

    def recv(self, *words: Any) -> bytes:
        """See ``ssl.SSLSocket``; under TLS 1.3 a refusal of our certificate arrives only here."""
        try:
            return super().recv(*words)
        except ssl.SSLError as fault:
            if "ALERT" in str(fault):
                _note(self.context, fault)
            raise

    def shutdown(self, how: int) -> None:
        """See ``ssl.SSLSocket``; one that has ended already may be closed, which pynetdicom else leaves undone."""
        with suppress(OSError):
            super().shutdown(how)


class _Receiving(ssl.SSLContext):
    """Lets the handshake wait for the first bytes, so that whoever calls and says nothing holds up nobody else."""

    seconds = 60.0

    def wrap_socket(self, *words: Any, **options: Any) -> ssl.SSLSocket:
        """See ``ssl.SSLContext``."""
        options["do_handshake_on_connect"] = False
        made = super().wrap_socket(*words, **options)
        made.settimeout(self.seconds)
        return made


def calling_context(settings: DicomSettings) -> Noting | None:
    """For connections that we make, where they are encrypted; whoever answers has to be the host that was called.

    Raises:
        ArchiveError: a file of the settings makes no sense.
    """
    if not settings.tls:
        return None
    made = Noting(ssl.PROTOCOL_TLS_CLIENT)
    made.sslsocket_class = _Calling
    trust(made, settings.ca_file)
    identify(made, settings.certificate, settings.key)
    return made


def receiving_context(settings: DicomSettings, seconds: float) -> ssl.SSLContext | None:
    """For connections that the archive makes (C-MOVE); a certificate that it shows has to be of the chosen authority.

    Args:
        settings: Of the archive.
        seconds: After which a silent peer is given up.

    Raises:
        ArchiveError: there is no certificate of ours, without which nobody can encrypt what is for us.
    """
    if not settings.tls:
        return None
    if not settings.certificate:
        what = f"{settings} can send images by C-MOVE over TLS only to a receiver with a certificate"
        raise ArchiveError(what, remedy="Choose a certificate and its key, or C-GET")
    made = _Receiving(ssl.PROTOCOL_TLS_SERVER)
    made.seconds = seconds
    if settings.ca_file:
        made.verify_mode = ssl.CERT_OPTIONAL
        trust(made, settings.ca_file)
    identify(made, settings.certificate, settings.key)
    return made


def insecure(settings: DicomSettings, fault: BaseException) -> ArchiveError:
    """Why there is no encrypted connection, in words."""
    return certificate_fault(str(settings), fault, without=WITHOUT, shown=bool(settings.certificate))


def cipher_words(connection: object) -> str:
    """What a connection is encrypted with, "" where it is not."""
    version = connection.version() if isinstance(connection, ssl.SSLSocket) else None
    return f"The connection is encrypted ({version.replace('v', ' ')})." if version else ""


def _note(context: ssl.SSLContext, fault: OSError) -> None:
    if isinstance(context, Noting):
        context.fault = fault
