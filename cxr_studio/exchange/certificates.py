"""Certificates of archives and our own: which are trusted, which we show, and in words why one is refused."""

from __future__ import annotations

import ssl
from pathlib import Path

from cxr_studio.errors import ArchiveError, reason_of

PEM = "Choose a PEM file"
BOTH_WAYS = ("handshake failure", "certificate required", "bad certificate", "unknown ca", "unsupported certificate")
"""Alerts of a peer that is not content with our certificate, or with having none (RFC 8446, 6.2)."""

NO_TLS = (
    "wrong_version_number",
    "record layer",
    "record_layer",
    "unexpected_eof",
    "eof occurred",
    "timed out",
    "reset",
)
"""What a server that speaks no TLS is said to have done."""


def check_authority(ca_file: str) -> None:
    """Refuse an authority whose file is not there; "" is the system's.

    Raises:
        ArchiveError: it is not.
    """
    if ca_file and not Path(ca_file).is_file():
        raise ArchiveError("the authority's file is not there", file=ca_file, remedy=PEM)


def trust(context: ssl.SSLContext, ca_file: str) -> None:
    """Trust the authority in a PEM file, or those of the system where it is "".

    Raises:
        ArchiveError: there is none in it.
    """
    if not ca_file:
        context.load_default_certs()
        return
    check_authority(ca_file)
    try:
        context.load_verify_locations(ca_file)
    except (ssl.SSLError, OSError) as fault:
        raise ArchiveError("the authority's file holds no certificate", file=ca_file, remedy=PEM) from fault


def identify(context: ssl.SSLContext, certificate: str, key: str) -> None:
    """Show a certificate of ours to whoever asks.

    Args:
        context: Of the connections.
        certificate: PEM file; "" for none.
        key: PEM file of its private key; "" where the certificate's file holds it.

    Raises:
        ArchiveError: one is not there, makes no sense, or is protected by a password.
    """
    if not certificate:
        return
    for path, what in ((certificate, "certificate"), (key, "key")):
        if path and not Path(path).is_file():
            raise ArchiveError(f"the {what}'s file is not there", file=path, remedy=PEM)

    def locked() -> str:
        remedy = "Choose one without, which only you can read"
        raise ArchiveError("the key is protected by a password", file=key or certificate, remedy=remedy)

    try:
        context.load_cert_chain(certificate, key or None, password=locked)
    except ssl.SSLError as fault:
        if "KEY_VALUES_MISMATCH" in str(fault):
            what = f"the key does not belong to the certificate {Path(certificate).name}"
            raise ArchiveError(what, file=key or certificate, remedy="Choose the one that does") from fault
        what = "the files hold no certificate with its private key"
        raise ArchiveError(what, file=certificate, remedy="Choose PEM files of both") from fault


def certificate_fault(who: str, fault: BaseException, *, without: tuple[str, str], shown: bool = False) -> ArchiveError:
    """Why there is no secure connection, in words.

    Args:
        who: The archive.
        fault: What was raised.
        without: Where it does not speak TLS at all: a clause, and what to do.
        shown: Whether we showed a certificate.
    """
    said = str(fault).lower()
    if "hostname mismatch" in said or "doesn't match" in said or "ip address mismatch" in said:
        remedy = "Use the name that its certificate is made out to"
        return ArchiveError(f"the certificate of {who} is made out to another name", remedy=remedy)
    if "has expired" in said:
        return ArchiveError(f"the certificate of {who} has expired", remedy="Ask its administrator to renew it")
    if "certificate_verify_failed" in said:
        remedy = "Choose the file of the authority that signed it (CA file, PEM)"
        return ArchiveError(f"the certificate of {who} is not signed by a known authority", remedy=remedy)
    if "alert" in said and any(words in said.replace("_", " ") for words in BOTH_WAYS):
        if shown:
            remedy = "Ask its administrator which authority has to sign it"
            return ArchiveError(f"{who} does not accept your certificate", remedy=remedy)
        remedy = "Choose a certificate and its key; the archive's administrator says who signs it"
        return ArchiveError(f"{who} asks for a certificate of yours", remedy=remedy)
    if any(words in said for words in NO_TLS):
        return ArchiveError(f"{who} {without[0]}", remedy=without[1])
    return ArchiveError(f"no secure connection to {who} ({reason_of(fault)[:120]})")
