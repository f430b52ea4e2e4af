"""Where images arrive that an archive sends on its own connection (C-MOVE)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from cxr_studio.errors import ArchiveError, reason_of
from cxr_studio.exchange.dicom_association import PLAIN, SYNTAXES
from cxr_studio.exchange.dicom_call import Call
from cxr_studio.exchange.dicom_tls import receiving_context
from cxr_studio.exchange.retrieving import Arrivals

if TYPE_CHECKING:
    from pynetdicom.events import Event

TAKEN, REFUSED = 0x0000, 0xA700


def take(arrivals: Arrivals, event: Event) -> int:
    """Hand an image over, byte for byte as it was sent, behind a file header of our own; returns a status."""
    uid = str(event.request.AffectedSOPInstanceUID)
    return TAKEN if arrivals.take(uid, event.encoded_dataset()) else REFUSED


@contextmanager
def receiver(call: Call, arrivals: Arrivals, classes: Sequence[str]) -> Iterator[None]:
    """Listen on the receiver's port while the block runs; only images that were asked for are taken.

    Raises:
        ArchiveError: no receiver is wanted, its port is in use, or it has no certificate for TLS.
    """
    from pynetdicom.events import EVT_C_STORE
    from pynetdicom.presentation import StoragePresentationContexts

    settings = call.settings
    if not settings.receiver_port:
        raise ArchiveError(
            f"{settings} offers no C-GET, and there is no receiver for C-MOVE",
            remedy="Set a receiver port, and have the archive's administrator enter it with your AE title",
        )
    encrypted = receiving_context(settings, call.patience.network)
    entity = call.entity()
    entity.require_called_aet = True
    known = [str(context.abstract_syntax) for context in StoragePresentationContexts]
    for sop_class in dict.fromkeys([*classes, *known]):
        entity.add_supported_context(sop_class, list(SYNTAXES))
    entity.add_supported_context("1.2.840.10008.1.1", list(PLAIN))
    handlers = [*call.handlers(), (EVT_C_STORE, lambda event: take(arrivals, event))]
    try:
        address = (settings.receiver_host, settings.receiver_port)
        server = entity.start_server(address, block=False, evt_handlers=handlers, ssl_context=encrypted)
    except OSError as fault:
        raise ArchiveError(
            f"images cannot be received on port {settings.receiver_port} ({fault.strerror or reason_of(fault)})",
            remedy="Close the program that uses the port, or choose another one",
        ) from fault
    try:
        yield
    finally:
        entity.shutdown()
        del server
