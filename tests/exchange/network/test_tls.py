"""DICOM over TLS, with a real Orthanc that asks for a certificate, and servers whose certificate does not fit."""

from __future__ import annotations

import shutil
import ssl
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from pynetdicom import AE, evt

from cxr_studio.cli.main import main
from cxr_studio.errors import ArchiveError, Cancelled
from cxr_studio.exchange.archive import DicomSettings, Query
from cxr_studio.exchange.opening import open_archive
from tests.exchange.network.authority import Authority
from tests.exchange.network.conftest import SHORT, never, quietly
from tests.exchange.network.drawn_dicom import body, series_of
from tests.exchange.network.odd_servers import certificate, falling_silent, web_server
from tests.exchange.network.orthanc import MISSING, Orthanc


@dataclass(frozen=True)
class Secured:
    """An Orthanc that speaks TLS alone, and what is needed to speak with it."""

    orthanc: Orthanc
    authority: Authority
    certificate: Path
    key: Path

    def settings(self, **changes: object) -> DicomSettings:
        files = {"ca_file": str(self.authority.path), "certificate": str(self.certificate), "key": str(self.key)}
        return self.orthanc.dicom(**{"tls": True, **files, **changes})


@pytest.fixture(scope="module")
def secured() -> Iterator[Secured]:
    if MISSING:
        pytest.skip(MISSING)
    folder = Path(tempfile.mkdtemp(prefix="cxr-orthanc-tls-"))
    authority = Authority(folder)
    theirs, ours = authority.signed("pacs"), authority.signed("studio")
    more = {
        "DicomTlsEnabled": True,
        "DicomTlsCertificate": str(theirs[0]),
        "DicomTlsPrivateKey": str(theirs[1]),
        "DicomTlsTrustedCertificates": str(authority.path),
        "DicomTlsRemoteCertificateRequired": True,
    }
    server = Orthanc(folder / "orthanc", more)
    try:
        server.start()
        yield Secured(server, authority, *ours)
    finally:
        server.kill()
        shutil.rmtree(folder, ignore_errors=True)


def refusal(settings: DicomSettings) -> str:
    with pytest.raises(ArchiveError) as fault:
        open_archive(settings, patience=SHORT).echo()
    return str(fault.value)


@pytest.mark.parametrize("retrieval", ["get", "move"])
def test_there_and_back(secured: Secured, retrieval: str, tmp_path: Path) -> None:
    secured.orthanc.empty()
    archive = open_archive(secured.settings(retrieval=retrieval), patience=SHORT)
    assert "retrieve by C-MOVE. The connection is encrypted (TLS 1." in archive.echo().words
    paths = series_of(3, tmp_path / "own")
    assert archive.send(paths, progress=quietly, cancelled=never).count("sent") == 3
    (found,) = archive.find(Query())
    back = archive.get(found, tmp_path / "back", progress=quietly, cancelled=never)
    assert len(back) == 3
    assert all(body(path) == body(tmp_path / "own" / path.name) for path in back)


def test_what_is_said_of_certificates(secured: Secured, tmp_path: Path) -> None:
    stranger = Authority(tmp_path, "Stranger")
    others = stranger.signed("stranger")
    where = f"ORTHANC at 127.0.0.1:{secured.orthanc.dicom_port}"
    unsigned = f"The certificate of {where} is not signed by a known authority. Choose the file of the authority"
    assert refusal(secured.settings(ca_file=str(stranger.path))).startswith(unsigned)
    assert refusal(secured.settings(ca_file="")).startswith(unsigned)
    other = refusal(secured.settings(host="localhost"))
    assert "is made out to another name. Use the name that its certificate is made out to." in other
    nobody = refusal(secured.settings(certificate="", key=""))
    assert nobody.startswith(f"{where} asks for a certificate of yours. Choose a certificate and its key")
    unknown = refusal(secured.settings(certificate=str(others[0]), key=str(others[1])))
    assert unknown == f"{where} does not accept your certificate. Ask its administrator which authority has to sign it."
    plain = refusal(secured.settings(tls=False))
    assert "whether it wants TLS" in plain


def test_what_is_said_of_files(secured: Secured, tmp_path: Path) -> None:
    text = tmp_path / "notes.txt"
    text.write_text("No certificate in here.")
    locked = secured.authority.signed("locked", password="secret")
    gone = str(tmp_path / "gone.pem")
    assert refusal(secured.settings(ca_file=str(text))).startswith("notes.txt: the authority's file holds no certifica")
    assert refusal(secured.settings(ca_file=gone)) == "gone.pem: the authority's file is not there. Choose a PEM file."
    assert refusal(secured.settings(key=gone)) == "gone.pem: the key's file is not there. Choose a PEM file."
    assert refusal(secured.settings(certificate=str(text))).startswith("notes.txt: the files hold no certificate")
    other = refusal(secured.settings(certificate=str(locked[0])))
    assert other.startswith("studio.key: the key does not belong to the certificate locked.crt.")
    password = refusal(secured.settings(certificate=str(locked[0]), key=str(locked[1])))
    assert password.startswith("locked.key: the key is protected by a password. Choose one without")
    with pytest.raises(ArchiveError, match="There is a key without its certificate"):
        secured.settings(certificate="")


def test_without_a_certificate_nothing_is_received_unencrypted(secured: Secured, tmp_path: Path) -> None:
    """An archive that asks for none may still be asked to send to us; it could do so only in the clear."""
    made = AE(ae_title="OPEN")
    for sop_class in ("1.2.840.10008.5.1.4.1.2.2.1", "1.2.840.10008.5.1.4.1.2.2.2"):
        made.add_supported_context(sop_class)
    theirs = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    theirs.load_cert_chain(*secured.authority.signed("open"))

    def found(event):
        if event.identifier.QueryRetrieveLevel == "IMAGE":
            event.identifier.SOPInstanceUID = "1.2.3.4"
        event.identifier.StudyInstanceUID, event.identifier.SeriesInstanceUID = "1.2", "1.2.3"
        yield 0xFF00, event.identifier

    handlers = [(evt.EVT_C_FIND, found)]
    server = made.start_server(("127.0.0.1", 0), block=False, evt_handlers=handlers, ssl_context=theirs)
    try:
        settings = secured.settings(port=server.server_address[1], called="OPEN", certificate="", key="")
        archive = open_archive(settings, patience=SHORT)
        (series,) = archive.find(Query())
        with pytest.raises(ArchiveError, match="over TLS only to a receiver with a certificate"):
            archive.get(series, tmp_path / "back", progress=quietly, cancelled=never)
    finally:
        made.shutdown()


def test_an_expired_certificate_and_a_server_without_tls(orthanc: Orthanc, tmp_path: Path) -> None:
    pem = certificate(tmp_path, days=-1)
    with web_server(lambda path, headers: (200, "text/plain", b"", 0), pem) as url:
        port = int(url.rsplit(":", 1)[1])
        said = refusal(DicomSettings("127.0.0.1", "OLD", port, tls=True, ca_file=str(pem)))
    assert said == f"The certificate of OLD at 127.0.0.1:{port} has expired. Ask its administrator to renew it."
    said = refusal(orthanc.dicom(tls=True))
    assert said.endswith("does not speak TLS. Untick TLS, or use the port on which it does.")


def test_a_cancel_while_the_handshake_is_not_answered(secured: Secured) -> None:
    for after in (0, 6_000):
        with falling_silent(secured.orthanc.dicom_port, after) as silence:
            archive = open_archive(secured.settings(port=silence.port), patience=SHORT)
            with pytest.raises(Cancelled):
                archive.find(Query(), cancelled=silence.fallen.is_set)
            assert silence.seconds() < 2


def test_on_the_command_line(secured: Secured, capsys: pytest.CaptureFixture[str]) -> None:
    where = ["--host", "127.0.0.1", "--port", str(secured.orthanc.dicom_port), "--called", "ORTHANC"]
    files = ["--ca", str(secured.authority.path), "--certificate", str(secured.certificate), "--key", str(secured.key)]
    assert main(["pacs", "echo", *where, "--tls", *files]) == 0
    assert "The connection is encrypted (TLS 1." in capsys.readouterr().out
    assert main(["pacs", "echo", *where, *files]) == 1
    assert capsys.readouterr().err == "Certificates are for encrypted connections. Add --tls.\n"
