"""One call of an archive by DICOM: whom we call, how long we wait, and what is open meanwhile."""

from __future__ import annotations

import socket
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pynetdicom import _config
from pynetdicom.ae import ApplicationEntity
from pynetdicom.events import EVT_CONN_OPEN, EVT_DATA_SENT

from cxr_studio.exchange.archive import DicomSettings
from cxr_studio.exchange.cancelling import Connections
from cxr_studio.exchange.persistence import Patience

if TYPE_CHECKING:
    from pynetdicom.association import Association
    from pynetdicom.transport import AssociationSocket


@dataclass(frozen=True)
class Call:
    """What every association of a call shares.

    Attributes:
        settings: Whom to call, and as whom.
        patience: How long is waited.
        connections: What is open; whoever cancels the call shuts it.
    """

    settings: DicomSettings
    patience: Patience
    connections: Connections = field(default_factory=Connections)

    def entity(self) -> ApplicationEntity:
        """Us, as pynetdicom's application entity, with times after which a silent peer is given up."""
        patience = self.patience
        _config.STORE_SEND_CHUNKED_DATASET = True  # a file goes out byte for byte
        _config.LOG_HANDLER_LEVEL = "none"
        entity = _Entity(self.settings.calling, self.connections)
        entity.connection_timeout = patience.connection
        entity.acse_timeout = patience.association
        entity.dimse_timeout = patience.answer
        entity.network_timeout = patience.network
        return entity

    def handlers(self) -> list[Any]:
        """Event handlers that note connections, send small messages at once and, where possible, acknowledge at once.

        DCMTK sends an answer in two pieces and waits for the acknowledgement of the first, which TCP delays by 40 ms:
        60 files took 3.0 s, and take 0.5 s so.
        """

        def opened(event: Any) -> None:
            self.connections.opened(lambda: socket_of(event.assoc))
            event.assoc.dul.socket.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

        def sent(event: Any) -> None:
            if hasattr(socket, "TCP_QUICKACK") and (current := socket_of(event.assoc)) is not None:
                current.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)

        return [(EVT_CONN_OPEN, opened), (EVT_DATA_SENT, sent)]


def socket_of(association: Association) -> socket.socket | None:
    """The socket of an association, None where it has ended."""
    current = association.dul.socket
    return None if current is None else current.socket


class _Entity(ApplicationEntity):  # type: ignore[misc]  # pynetdicom states no types
    """Notes its connections from the beginning, so that one that is still being made can be shut."""

    def __init__(self, title: str, connections: Connections) -> None:
        super().__init__(ae_title=title)
        self._connections = connections

    def _create_socket(self, *words: Any) -> AssociationSocket:
        made = super()._create_socket(*words)
        if made.socket is not None:
            made.socket = _Closable(fileno=made.socket.detach())
        self._connections.opened(lambda: made.socket)
        return made


class _Closable(socket.socket):
    """A socket that pynetdicom closes also where the peer has ended the connection, or there never was one."""

    def shutdown(self, how: int) -> None:
        """See ``socket.socket``; an end that has come already is no fault, after which ``close`` would be left out."""
        with suppress(OSError):
            super().shutdown(how)
