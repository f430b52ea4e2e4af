"""An association with an archive, and in words why there is none."""

from __future__ import annotations

import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from cxr_studio.errors import ArchiveError
from cxr_studio.exchange.archive import DicomSettings
from cxr_studio.exchange.cancelling import shut_down
from cxr_studio.exchange.dicom_call import Call, socket_of
from cxr_studio.exchange.dicom_reactor import reactor_held
from cxr_studio.exchange.dicom_tls import calling_context, insecure
from cxr_studio.exchange.dicom_words import rejection
from cxr_studio.exchange.persistence import ConnectionLost, Patience

if TYPE_CHECKING:
    from pynetdicom.association import Association
    from pynetdicom.presentation import PresentationContext

MOST_CONTEXTS = 128
"""Presentation contexts of one association: odd numbers up to 255 (PS3.8 9.3.2.2)."""

SYNTAXES = (
    "1.2.840.10008.1.2.1",  # explicit little endian
    "1.2.840.10008.1.2",  # implicit little endian
    "1.2.840.10008.1.2.2",  # explicit big endian
    "1.2.840.10008.1.2.1.99",  # deflated
    "1.2.840.10008.1.2.4.50",  # JPEG baseline
    "1.2.840.10008.1.2.4.51",  # JPEG extended
    "1.2.840.10008.1.2.4.57",  # JPEG lossless
    "1.2.840.10008.1.2.4.70",  # JPEG lossless, first order
    "1.2.840.10008.1.2.4.80",  # JPEG-LS lossless
    "1.2.840.10008.1.2.4.81",  # JPEG-LS near lossless
    "1.2.840.10008.1.2.4.90",  # JPEG 2000 lossless
    "1.2.840.10008.1.2.4.91",  # JPEG 2000
    "1.2.840.10008.1.2.4.201",  # HTJ2K lossless
    "1.2.840.10008.1.2.4.202",  # HTJ2K lossless RPCL
    "1.2.840.10008.1.2.4.203",  # HTJ2K
    "1.2.840.10008.1.2.5",  # RLE lossless
)
"""Transfer syntaxes in which images are taken: all that a radiograph is read from."""

PLAIN = SYNTAXES[:2]
"""Of objects without pixels, and of what is asked and answered."""

IMAGE_CLASSES = (
    "1.2.840.10008.5.1.4.1.1.1",  # computed radiography
    "1.2.840.10008.5.1.4.1.1.1.1",  # digital X-ray, for presentation
    "1.2.840.10008.5.1.4.1.1.1.1.1",  # digital X-ray, for processing
    "1.2.840.10008.5.1.4.1.1.7",  # secondary capture
    "1.2.840.10008.5.1.4.1.1.7.2",  # multi-frame grayscale byte secondary capture
    "1.2.840.10008.5.1.4.1.1.7.3",  # multi-frame grayscale word secondary capture
)
OBJECT_CLASSES = (
    "1.2.840.10008.5.1.4.1.1.66.4",  # segmentation
    "1.2.840.10008.5.1.4.1.1.11.1",  # grayscale softcopy presentation state
    "1.2.840.10008.5.1.4.1.1.88.22",  # enhanced structured report
    "1.2.840.10008.5.1.4.1.1.88.33",  # comprehensive structured report
    "1.2.840.10008.5.1.4.1.1.88.34",  # comprehensive 3D structured report
    "1.2.840.10008.5.1.4.1.1.88.59",  # key object selection
)
"""Kinds that are retrieved where the archive does not say which kinds a series holds."""


class NothingOffered(ArchiveError):
    """The archive accepted the association, but none of the services or kinds of images that were proposed."""


def one_syntax_each(pairs: Sequence[tuple[str, str]]) -> list[PresentationContext]:
    """One presentation context for each pair of SOP class and transfer syntax.

    With all syntaxes in one context an archive may accept one that the file is not in, and then cannot send it
    (Orthanc: JPEG 2000, 0xC000). 128 contexts at most.
    """
    from pynetdicom.presentation import build_context

    return [build_context(sop_class, syntax) for sop_class, syntax in dict.fromkeys(pairs)]


def storage_contexts(classes: Sequence[str], room: int = MOST_CONTEXTS - 2) -> list[PresentationContext]:
    """Contexts in which a series may arrive: of these classes, or of all that are known where it is empty."""
    images = [each for each in classes or IMAGE_CLASSES if each not in OBJECT_CLASSES]
    objects = [each for each in classes or OBJECT_CLASSES if each in OBJECT_CLASSES]
    pairs = [(each, syntax) for each in images for syntax in SYNTAXES]
    pairs += [(each, syntax) for each in objects for syntax in PLAIN]
    return one_syntax_each(pairs[:room])


@contextmanager
def associated(
    call: Call, contexts: Sequence[PresentationContext], *, roles: Sequence[str] = (), taking: Any = None
) -> Iterator[Association]:
    """An association while the block runs.

    Args:
        call: Whom to call, and how long is waited.
        contexts: What is proposed, 128 at most.
        roles: SOP classes that we take as well (C-GET).
        taking: Called with each image that arrives on the association; returns a status.

    Raises:
        ConnectionLost: nobody answers, or it broke off.
        ArchiveError: it was rejected.
        Cancelled: the call was.
    """
    from pynetdicom import build_role
    from pynetdicom.events import EVT_C_STORE

    call.connections.check()
    settings, entity, handlers = call.settings, call.entity(), call.handlers()
    tls = calling_context(settings)
    entity.requested_contexts = list(contexts)
    if taking is not None:
        handlers.append((EVT_C_STORE, taking))
    negotiated: list[Any] = [build_role(each, scp_role=True) for each in dict.fromkeys(roles)]
    try:
        association = entity.associate(
            settings.host,
            settings.port,
            ae_title=settings.called,
            ext_neg=negotiated,
            evt_handlers=handlers,
            tls_args=(tls, settings.host) if tls is not None else None,
        )
    except OSError as fault:
        raise unreachable(settings.host, settings.port, fault, call.patience) from fault
    if not association.is_established:
        call.connections.check()
        if tls is not None and tls.fault is not None:
            raise insecure(settings, tls.fault)
        raise _refused(association, settings, call.patience)
    with reactor_held(association):
        try:
            yield association
        except BaseException as fault:
            _left(association, silent=isinstance(fault, ConnectionLost))
            raise
        if association.is_established:
            association.release()


def _left(association: Association, *, silent: bool) -> None:
    """End an association before its time; nothing is said to a peer that is silent, which may read nothing either."""
    if silent:
        shut_down(lambda: socket_of(association))
    if association.is_established:
        association.abort()


def unreachable(host: str, port: int, fault: OSError, patience: Patience) -> ConnectionLost:
    """Why no TCP connection was made."""
    where = f"{host}:{port}"
    if isinstance(fault, socket.gaierror):
        return ConnectionLost(f"no machine called {host!r} is known", remedy="Check the host's name and the network")
    if isinstance(fault, ConnectionRefusedError):
        remedy = "Check host and port, and whether the archive is running"
        return ConnectionLost(f"nothing answers at {where} (the port is closed)", remedy=remedy)
    if isinstance(fault, TimeoutError):
        remedy = "Check host and port; a firewall may be in between"
        return ConnectionLost(f"{where} did not answer within {patience.connection:g} s", remedy=remedy)
    reason = fault.strerror or str(fault) or type(fault).__name__
    return ConnectionLost(f"{where} cannot be reached ({reason})", remedy="Check host and port, and the network")


def _refused(association: Association, settings: DicomSettings, patience: Patience) -> ArchiveError:
    """Why there is no association: rejected, nothing offered, or no DICOM at all."""
    answer = association.acceptor.primitive
    if association.is_rejected and answer is not None:
        return rejection(settings, int(answer.result_source or 0), int(answer.diagnostic or 0))
    if association.rejected_contexts:
        return NothingOffered(
            f"{settings} accepted {settings.calling}, but offers it nothing of what is needed here",
            remedy=f"Ask its administrator to allow {settings.calling} to search, retrieve and store",
        )
    try:
        socket.create_connection((settings.host, settings.port), patience.connection).close()
    except OSError as fault:
        return unreachable(settings.host, settings.port, fault, patience)
    return ConnectionLost(
        f"{settings.host}:{settings.port} is open, but did not answer as a DICOM archive does within "
        f"{patience.association:g} s",
        remedy=f"Check the port{'' if settings.tls else ', whether it wants TLS'}, and that {settings.called} accepts "
        f"{settings.calling} from this machine",
    )
