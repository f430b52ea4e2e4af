"""Archives that do what Orthanc does not: other character sets, no C-GET, answers that end too early, TLS."""

from __future__ import annotations

import datetime
import ipaddress
import json
import select
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from pydicom.dataset import Dataset
from pydicom.uid import DigitalXRayImageStorageForPresentation
from pynetdicom import AE, evt

FIND = "1.2.840.10008.5.1.4.1.2.2.1"
GET = "1.2.840.10008.5.1.4.1.2.2.3"
MOVE = "1.2.840.10008.5.1.4.1.2.2.2"


@contextmanager
def dicom_server(services: dict[str, tuple[object, Callable]], port: int = 0) -> Iterator[int]:
    """A DICOM archive: SOP class → (event, what answers it); yields its port."""
    entity = AE(ae_title="ODD")
    for sop_class in services:
        entity.add_supported_context(sop_class)
    handlers = [(event, answering) for event, answering in services.values()]
    server = entity.start_server(("127.0.0.1", port), block=False, evt_handlers=handlers)
    try:
        yield server.server_address[1]
    finally:
        entity.shutdown()


def searching(studies: list[Dataset], images: int = 2) -> dict[str, tuple[object, Callable]]:
    """C-FIND over these studies, each with one series of so many images."""

    def answer(event):
        level = event.identifier.QueryRetrieveLevel
        if level == "STUDY":
            yield from ((0xFF00, study) for study in studies)
        elif level == "SERIES":
            made = Dataset()
            made.SeriesInstanceUID, made.Modality, made.NumberOfSeriesRelatedInstances = "1.2.4", "DX", images
            yield 0xFF00, made
        else:
            for number in range(images):
                made = Dataset()
                made.SOPInstanceUID, made.SOPClassUID = f"1.2.4.{number}", DigitalXRayImageStorageForPresentation
                yield 0xFF00, made

    return {FIND: (evt.EVT_C_FIND, answer)}


Page = tuple[int, str, bytes, int]
"""Status, content type, body, stated length."""


@contextmanager
def web_server(answer: Callable[[str, dict[str, str]], Page], certificate: Path | None = None) -> Iterator[str]:
    """A web server: (path, headers) → page; yields its address."""

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, kind, body, length = answer(self.path, dict(self.headers))
            self.send_response(status)
            self.send_header("Content-Type", kind)
            if length >= 0:
                self.send_header("Content-Length", str(length))
            self.end_headers()
            self.wfile.write(body)
            self.close_connection = True

        def log_message(self, *words: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    server.handle_error = lambda *_: None  # a client that refuses the certificate
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    running = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    running.start()
    try:
        yield f"http{'s' if certificate else ''}://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        running.join()
        server.server_close()


def certificate(folder: Path, *, name: str = "127.0.0.1", days: int = 2) -> Path:
    """A self-signed certificate with its key, which is its own authority."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    owner = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "PACS")])
    now = datetime.datetime.now(datetime.UTC)
    alternative = x509.IPAddress(ipaddress.ip_address(name)) if name[0].isdigit() else x509.DNSName(name)
    made = (
        x509.CertificateBuilder()
        .subject_name(owner)
        .issuer_name(owner)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=9))
        .not_valid_after(now + datetime.timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName([alternative]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    plain = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path = folder / f"{name}{days}.pem"
    path.write_bytes(plain + made.public_bytes(pem))
    return path


class Silence:
    """What became of a way that falls silent.

    Attributes:
        port: Where it begins.
        fallen: Set when nothing passes any more.
        at: The time of it, monotonic.
    """

    def __init__(self, port: int) -> None:
        self.port, self.fallen, self.at = port, threading.Event(), 0.0

    def seconds(self) -> float:
        assert self.fallen.is_set(), "nothing fell silent"
        return time.monotonic() - self.at


@contextmanager
def falling_silent(port: int, after: int, then: Callable[[], None] = lambda: None) -> Iterator[Silence]:
    """A way to a server on which, after so many bytes, nothing passes or is read any more; connections stay open."""
    listening = socket.create_server(("127.0.0.1", 0))
    silence, stop = Silence(listening.getsockname()[1]), threading.Event()
    peers: dict[socket.socket, socket.socket] = {}

    def pass_on() -> None:
        passed = 0
        while not stop.is_set():
            for ready in select.select([listening, *peers], [], [], 0.02)[0]:
                if ready is listening:
                    one, other = listening.accept()[0], socket.create_connection(("127.0.0.1", port))
                    peers.update({one: other, other: one})
                elif ready in peers:
                    content = ready.recv(4096)
                    passed += len(content)
                    if passed > after:
                        silence.at = time.monotonic()
                        silence.fallen.set()
                        then()
                        return
                    if content:
                        peers[ready].sendall(content)
                    else:
                        for end in (ready, peers.pop(ready)):
                            peers.pop(end, None)
                            end.close()

    running = threading.Thread(target=pass_on)
    running.start()
    try:
        yield silence
    finally:
        stop.set()
        running.join()
        for each in (listening, *peers):
            each.close()


def study_page() -> bytes:
    return json.dumps(
        [{"0020000D": {"vr": "UI", "Value": ["1.2.3"]}, "00100010": {"vr": "PN", "Value": [{"Alphabetic": "Doe^Jo"}]}}]
    ).encode()
