"""A connection to a DICOMweb archive, and in words what failed."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from requests import Session, exceptions
from requests.adapters import HTTPAdapter
from requests.auth import HTTPBasicAuth
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from cxr_studio.errors import ArchiveError, SecretRefused, reason_of
from cxr_studio.exchange.archive import WebSettings
from cxr_studio.exchange.cancelling import Connections
from cxr_studio.exchange.certificates import certificate_fault, check_authority
from cxr_studio.exchange.persistence import ConnectionLost, Patience

if TYPE_CHECKING:
    from dicomweb_client.api import DICOMwebClient

BUSY = (408, 425, 429, 502, 503, 504)
"""HTTP statuses that may pass."""

WHOLE_BODY = 1 << 40
"""Chunk size of the client in bytes: larger than any file, so that a body has a stated length."""


class ArchiveSession(Session):
    """Sends ``*`` and ``?`` of a query as they are, and a space as ``%20``.

    An address need not encode the wildcards (RFC 3986 3.4), and Orthanc 1.10 does not decode them.
    """

    def send(self, request: Any, **options: Any) -> Any:
        """Send a prepared request."""
        head, mark, query = str(request.url).partition("?")
        for encoded, plain in (("%2A", "*"), ("%3F", "?"), ("+", "%20")):
            query = query.replace(encoded, plain)
        request.url = head + mark + query
        return super().send(request, **options)

    def merge_environment_settings(self, *request: Any, **options: Any) -> Any:
        """Keep the chosen authority where REQUESTS_CA_BUNDLE or CURL_CA_BUNDLE names another one."""
        merged = super().merge_environment_settings(*request, **options)
        if isinstance(self.verify, str):
            merged["verify"] = self.verify
        return merged


class NotingAdapter(HTTPAdapter):
    """Notes every connection as soon as it is made, so that one on which nothing arrives can be shut."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections
        super().__init__()

    def init_poolmanager(self, *words: Any, **options: Any) -> None:
        """Let the pools make connections of our kind."""
        super().init_poolmanager(*words, **options)
        noting = self._connections.opened

        class Plain(HTTPConnection):
            def _new_conn(self) -> socket.socket:
                made = super()._new_conn()
                noting(lambda: self.sock or made)
                return made

        class Secure(HTTPSConnection):
            def _new_conn(self) -> socket.socket:
                made = super()._new_conn()
                noting(lambda: self.sock or made)
                return made

        class PlainPool(HTTPConnectionPool):
            ConnectionCls = Plain

        class SecurePool(HTTPSConnectionPool):
            ConnectionCls = Secure

        self.poolmanager.pool_classes_by_scheme = {"http": PlainPool, "https": SecurePool}


class Bearer:
    """Puts a token into every request; a redirect to another host goes without it, as ``requests`` does it."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: Any) -> Any:
        """Sign a request."""
        request.headers["Authorization"] = f"Bearer {self._token}".encode()
        return request


def open_session(settings: WebSettings, secret: str, connections: Connections) -> Session:
    """A session with the archive's authentication and authority; its connections are noted.

    Raises:
        ArchiveError: a secret is missing, or the authority's file is not there.
        Cancelled: the call was.
    """
    connections.check()
    session = ArchiveSession()
    for scheme in ("http://", "https://"):
        session.mount(scheme, NotingAdapter(connections))
    if settings.authentication != "none" and not secret:
        what = "the password" if settings.authentication == "basic" else "the token"
        raise SecretRefused(f"{what} for {settings} is missing", remedy="Enter it")
    if settings.authentication == "basic":
        session.auth = HTTPBasicAuth(settings.user.encode("utf-8"), secret.encode("utf-8"))
    elif settings.authentication == "bearer":
        session.auth = Bearer(secret)
    if settings.ca_file:
        check_authority(settings.ca_file)
        session.verify = settings.ca_file
    session.hooks["response"].append(_whole)
    return session


def open_client(settings: WebSettings, session: Session, patience: Patience) -> DICOMwebClient:
    """QIDO and WADO on a session; trying again is left to us."""
    from dicomweb_client.api import DICOMwebClient

    client = DICOMwebClient(
        settings.url.rstrip("/"),
        session=session,
        chunk_size=WHOLE_BODY,
        permissive_uid=True,
        timeout=(patience.connection, patience.answer),
    )
    client.set_http_retry_params(retry=False)
    return client


@contextmanager
def explained(settings: WebSettings, doing: str) -> Iterator[None]:
    """Turn what the network libraries raise into one sentence.

    Raises:
        ConnectionLost: it may work in a moment.
        ArchiveError: it will not.
    """
    try:
        yield
    except ArchiveError:
        raise
    except exceptions.HTTPError as fault:
        raise _by_status(settings, doing, fault.response) from fault
    except exceptions.SSLError as fault:
        without = "does not speak https", "Use http:// or another port"
        raise certificate_fault(str(settings), fault, without=without) from fault
    except exceptions.ConnectTimeout as fault:
        what = f"{settings} did not answer in time"
        raise ConnectionLost(what, remedy="Check the address; a firewall may be in between") from fault
    except exceptions.Timeout as fault:
        raise ConnectionLost(f"{settings} did not answer in time when asked to {doing}", remedy="Try again") from fault
    except exceptions.ChunkedEncodingError as fault:
        raise ConnectionLost(f"{settings} broke off in the middle of an answer", remedy="Try again") from fault
    except exceptions.ConnectionError as fault:
        raise _unreachable(settings, fault) from fault
    except exceptions.JSONDecodeError as fault:
        what = f"{settings} did not answer as a DICOMweb archive does"
        raise ArchiveError(what, remedy="Check that the address is that of its DICOMweb services") from fault
    except exceptions.RequestException as fault:
        raise ArchiveError(f"{settings} could not be asked to {doing} ({reason_of(fault)})") from fault


def _whole(response: Any, *_rest: Any, **_more: Any) -> None:
    """Refuse an answer in parts that ends before its last boundary: without a stated length nothing else shows it."""
    kind = response.headers.get("Content-Type", "")
    if response.ok and kind.lower().startswith("multipart/") and not response.content.rstrip().endswith(b"--"):
        raise ConnectionLost("the archive broke off in the middle of an image", remedy="Try again")


def _by_status(settings: WebSettings, doing: str, response: Any) -> ArchiveError:
    status = int(response.status_code)
    if status == 401:
        if settings.authentication == "none":
            return ArchiveError(f"{settings} asks for a password or a token (401)", remedy="Choose an authentication")
        what = f"the password of {settings.user}" if settings.authentication == "basic" else "the token"
        return SecretRefused(f"{settings} does not accept {what} (401)", remedy="Enter it again")
    if status == 403:
        who = settings.user or "you"
        return ArchiveError(f"{settings} does not allow {who} to {doing} (403)", remedy="Ask its administrator")
    if status == 404:
        remedy = "Check that the address is that of its DICOMweb services, and that the study is still there"
        return ArchiveError(f"{settings} has no such thing when asked to {doing} (404)", remedy=remedy)
    kind = ConnectionLost if status in BUSY else ArchiveError
    return kind(f"{settings} could not {doing} (HTTP {status} {response.reason or ''}".rstrip() + ")")


def _unreachable(settings: WebSettings, fault: Exception) -> ConnectionLost:
    said = str(fault)
    if "NameResolutionError" in said or "getaddrinfo" in said or "Name or service not known" in said:
        return ConnectionLost(f"the machine of {settings.url} is not known", remedy="Check the address and the network")
    if "refused" in said:
        remedy = "Check the address, and whether the archive is running"
        return ConnectionLost(f"nothing answers at {settings.url} (the port is closed)", remedy=remedy)
    return ConnectionLost(f"the connection to {settings} broke off", remedy="Try again")
