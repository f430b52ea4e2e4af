"""C-STORE: each file in its own transfer syntax, byte for byte."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from cxr_studio.errors import reason_of
from cxr_studio.exchange.archive import DicomSettings
from cxr_studio.exchange.dicom_association import MOST_CONTEXTS, NothingOffered, associated, one_syntax_each
from cxr_studio.exchange.dicom_call import Call
from cxr_studio.exchange.dicom_words import SUCCESS, failure, silence
from cxr_studio.exchange.persistence import ConnectionLost
from cxr_studio.exchange.sending import Log, Parcel

if TYPE_CHECKING:
    from pynetdicom.association import Association

WARNINGS = range(0xB000, 0xC000)
"""Stored, with a remark of the archive (PS3.4 B.2.3)."""

DOING = "store the image"


def store(call: Call, parcels: Sequence[Parcel], log: Log) -> None:
    """Store files in order, over one association as far as its contexts reach.

    Raises:
        ConnectionLost: nobody answers, it broke off, or is out of storage.
        ArchiveError: it rejects us.
        Cancelled: passed on from ``log``.
    """
    for batch in _batches(parcels):
        pairs = [(each.sop_class, each.syntax) for each in batch]
        try:
            with associated(call, one_syntax_each(pairs)) as association:
                for each in batch:
                    log.begun(each)
                    log.done(each, _stored(call, each, association))
        except NothingOffered:
            for each in batch:
                log.done(each, _unwanted(call.settings, each))


def _batches(parcels: Sequence[Parcel]) -> Iterator[list[Parcel]]:
    """Runs of files whose kinds and syntaxes fit into the contexts of one association."""
    batch: list[Parcel] = []
    pairs: set[tuple[str, str]] = set()
    for each in parcels:
        pair = (each.sop_class, each.syntax)
        if pair not in pairs and len(pairs) == MOST_CONTEXTS:
            yield batch
            batch, pairs = [], set()
        batch.append(each)
        pairs.add(pair)
    if batch:
        yield batch


def _stored(call: Call, parcel: Parcel, association: Association) -> str:
    """Store one file; returns "" or why the archive refused it."""
    settings, seconds = call.settings, call.patience.answer
    accepted = {(str(each.abstract_syntax), str(each.transfer_syntax[0])) for each in association.accepted_contexts}
    if (parcel.sop_class, parcel.syntax) not in accepted:
        return _unwanted(settings, parcel)
    if not association.is_established:
        raise silence(settings, DOING, seconds)
    try:
        status = association.send_c_store(parcel.path)
    except (OSError, ValueError, AttributeError) as fault:  # changed or deleted since its header was read
        return f"{parcel.path.name}: the file could not be read ({reason_of(fault)})."
    except RuntimeError as fault:  # the association has ended meanwhile
        raise silence(settings, DOING, seconds) from fault
    if "Status" not in status:
        raise silence(settings, DOING, seconds)
    if status.Status == SUCCESS or status.Status in WARNINGS:
        return ""
    refusal = failure(settings, DOING, status.Status, str(status.get("ErrorComment", "")))
    if isinstance(refusal, ConnectionLost):
        raise refusal
    return str(refusal)


def _unwanted(settings: DicomSettings, parcel: Parcel) -> str:
    from pydicom.uid import UID

    kind, syntax = UID(parcel.sop_class).name, UID(parcel.syntax).name
    return f"{settings} does not accept {kind} as {syntax}. Ask its administrator to allow it."
