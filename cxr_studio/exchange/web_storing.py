"""STOW-RS: one file a request, byte for byte, and what the archive says of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from cxr_studio.exchange.archive import WebSettings
from cxr_studio.exchange.dicom_words import clause
from cxr_studio.exchange.persistence import Patience
from cxr_studio.exchange.sending import Log, Parcel

if TYPE_CHECKING:
    from requests import Session

FAILED_SOP, REASON = "00081198", "00081197"
"""Failed SOP Sequence and Failure Reason in DICOM JSON (PS3.18 10.5.3)."""

REFUSED = {400: "it finds the file damaged", 413: "the file is too large for it", 415: "it does not take its kind"}
"""HTTP statuses about the one file."""

CONFLICT = 409
"""Refused, with reasons in the body; 202 = some of it stored."""


def store(
    settings: WebSettings,
    patience: Patience,
    parcels: Sequence[Parcel],
    *,
    session: Session,
    log: Log,
) -> None:
    """Store files in order.

    Raises:
        ConnectionLost, ArchiveError: through ``explained``, where the archive refuses all of them.
        Cancelled: passed on from ``log``.
    """
    for each in parcels:
        try:
            content = each.path.read_bytes()
        except OSError as fault:
            log.done(each, f"{each.path.name}: the file could not be read ({fault.strerror or fault}).")
            continue
        log.begun(each)
        log.done(each, _posted(settings, patience, content, session))


def _posted(settings: WebSettings, patience: Patience, content: bytes, session: Session) -> str:
    """Store one file; returns "" or why the archive refused it."""
    boundary = uuid4().hex
    head = f"--{boundary}\r\nContent-Type: application/dicom\r\n\r\n".encode()
    response = session.post(
        f"{settings.url.rstrip('/')}/studies",
        data=head + content + f"\r\n--{boundary}--\r\n".encode(),
        headers={
            "Content-Type": f'multipart/related; type="application/dicom"; boundary={boundary}',
            "Accept": "application/dicom+json",
        },
        timeout=(patience.connection, patience.answer),
    )
    refused = _reasons(response)
    if response.status_code == CONFLICT or refused:
        return f"{settings} did not store the image: {refused or 'it gives no reason'}."
    if response.status_code in REFUSED:
        return f"{settings} did not store the image: {REFUSED[response.status_code]} ({response.status_code})."
    response.raise_for_status()
    return ""


def _reasons(response: Any) -> str:
    """What the answer says of files that were not stored."""
    try:
        answer = response.json()
        answer = answer[0] if isinstance(answer, list) else answer
        failed = answer.get(FAILED_SOP, {}).get("Value", [])
        codes = [each.get(REASON, {}).get("Value", [0])[0] for each in failed]
        return ", ".join(clause(int(code)) for code in dict.fromkeys(codes))
    except (ValueError, AttributeError, TypeError, IndexError):
        return ""
