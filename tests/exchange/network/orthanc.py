"""A real Orthanc with its DICOMweb plug-in, on loopback, with a folder and ports of its own."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import time
from pathlib import Path

import requests

from cxr_studio.exchange.archive import DicomSettings, WebSettings

PROGRAM = shutil.which("Orthanc") or shutil.which("Orthanc", path="/usr/sbin:/usr/local/sbin")
FOLDERS = [Path(root) / "orthanc/plugins" for root in ("/usr/share", "/usr/lib", "/usr/local/share")]
PLUGIN = next((each / "libOrthancDicomWeb.so" for each in FOLDERS if (each / "libOrthancDicomWeb.so").exists()), None)
MISSING = "" if PROGRAM and PLUGIN else "Orthanc with its DICOMweb plug-in is not installed (see .ci/orthanc)"

USER, PASSWORD = "reader", "Röntgen:1895"


def free_port() -> int:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        return int(bound.getsockname()[1])


class Orthanc:
    """A server that can be killed and started again on the same folder and ports; ``more`` configures it further."""

    def __init__(self, folder: Path, more: dict[str, object] | None = None) -> None:
        self.folder, self._more = folder, more or {}
        self.http_port, self.dicom_port, self.receiver_port = free_port(), free_port(), free_port()
        self._process: subprocess.Popen[bytes] | None = None
        folder.mkdir(exist_ok=True)
        (folder / "orthanc.json").write_text(json.dumps(self._configuration()))

    def _configuration(self) -> dict[str, object]:
        return {
            "StorageDirectory": str(self.folder / "store"),
            "IndexDirectory": str(self.folder / "store"),
            "HttpPort": self.http_port,
            "DicomPort": self.dicom_port,
            "DicomAet": "ORTHANC",
            "DicomCheckCalledAet": True,
            "DicomAlwaysAllowEcho": False,
            "DicomAlwaysAllowStore": False,
            "DicomModalities": {
                "studio": {
                    "AET": "CXRSTUDIO",
                    "Host": "127.0.0.1",
                    "Port": self.receiver_port,
                    "UseDicomTls": bool(self._more.get("DicomTlsEnabled")),
                }
            },
            "RemoteAccessAllowed": False,
            "AuthenticationEnabled": True,
            "RegisteredUsers": {USER: PASSWORD},
            "SaveJobs": False,
            "Plugins": [str(PLUGIN)],
            "DicomWeb": {"Enable": True, "Root": "/dicom-web/"},
            **self._more,
        }

    def start(self) -> None:
        log = (self.folder / "log").open("ab")
        with log:
            command = [str(PROGRAM), str(self.folder / "orthanc.json")]
            self._process = subprocess.Popen(command, stdout=log, stderr=log, cwd=self.folder)
        end = time.monotonic() + 30
        while time.monotonic() < end:
            try:
                if (
                    self.rest("GET", "/system").ok
                    and socket.create_connection(("127.0.0.1", self.dicom_port)).close() is None
                ):
                    return
            except OSError:
                time.sleep(0.05)
        raise AssertionError((self.folder / "log").read_text(errors="replace")[-2000:])

    def kill(self) -> None:
        """As if the power had failed."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def rest(self, method: str, path: str, body: bytes | None = None) -> requests.Response:
        """Orthanc's own interface, past everything that is tested."""
        user = (USER.encode(), PASSWORD.encode())
        return requests.request(method, f"http://127.0.0.1:{self.http_port}{path}", data=body, auth=user, timeout=30)

    def fill(self, paths: list[Path]) -> None:
        for path in paths:
            assert self.rest("POST", "/instances", path.read_bytes()).ok

    def empty(self) -> None:
        for patient in self.rest("GET", "/patients").json():
            self.rest("DELETE", f"/patients/{patient}")

    def count(self) -> int:
        return int(self.rest("GET", "/statistics").json()["CountInstances"])

    def dicom(self, **changes: object) -> DicomSettings:
        settings = {"called": "ORTHANC", "port": self.dicom_port, "receiver_port": self.receiver_port, **changes}
        return DicomSettings(**{"host": "127.0.0.1", "receiver_host": "127.0.0.1", **settings})  # type: ignore[arg-type]

    def web(self, **changes: str) -> WebSettings:
        settings = {"authentication": "basic", "user": USER, **changes}
        return WebSettings(f"http://127.0.0.1:{self.http_port}/dicom-web", **settings)  # type: ignore[arg-type]
