"""Archives that do what Orthanc does not: other character sets, no C-GET, answers that end too early, TLS."""

from __future__ import annotations

import datetime
import ipaddress
import json
import ssl
import threading
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


def study_page() -> bytes:
    return json.dumps(
        [{"0020000D": {"vr": "UI", "Value": ["1.2.3"]}, "00100010": {"vr": "PN", "Value": [{"Alphabetic": "Doe^Jo"}]}}]
    ).encode()
