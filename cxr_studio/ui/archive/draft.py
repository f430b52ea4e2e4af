"""An archive as its user types it: any text, valid or not yet."""

from __future__ import annotations

from dataclasses import dataclass

from cxr_studio.errors import ArchiveError
from cxr_studio.exchange.archive import Authentication, DicomSettings, Retrieval, Settings, WebSettings
from cxr_studio.exchange.named import Named

NEW = "PACS"
"""Name of the first archive unless another is typed."""


@dataclass(frozen=True)
class Draft:
    """The fields of the form; see DicomSettings and WebSettings.

    Attributes:
        name: What its user calls it.
        web: Whether it speaks DICOMweb.
        secret: Password or token as typed, "" where it was not typed now.
        kept: Whether the secret goes into the system's keyring.
    """

    name: str = NEW
    web: bool = False
    host: str = ""
    port: int = 104
    called: str = ""
    calling: str = "CXRSTUDIO"
    receiver_port: int = 11112
    receiver_host: str = ""
    retrieval: Retrieval = "auto"
    tls: bool = False
    certificate: str = ""
    key: str = ""
    url: str = ""
    authentication: Authentication = "none"
    user: str = ""
    ca_file: str = ""
    secret: str = ""
    kept: bool = False

    def named(self) -> Named:
        """The archive.

        Raises:
            ArchiveError: a field is missing or wrong.
        """
        if not self.name.strip():
            raise ArchiveError("the archive has no name", remedy="Give it one by which you will know it")
        return Named(self.name.strip(), self._settings(), self.kept and self.has_secret)

    @property
    def begun(self) -> bool:
        """Whether anything but the name was typed."""
        return self != Draft(self.name)

    @property
    def has_secret(self) -> bool:
        """Whether there is a password or a token at all."""
        return self.web and self.authentication != "none"

    def _settings(self) -> Settings:
        if self.web:
            user = self.user.strip() if self.authentication == "basic" else ""
            return WebSettings(self.url.strip(), self.authentication, user, self.ca_file.strip())
        return DicomSettings(
            self.host.strip(),
            self.called.strip(),
            self.port,
            self.calling.strip(),
            receiver_port=self.receiver_port,
            receiver_host=self.receiver_host,
            retrieval=self.retrieval,
            tls=self.tls,
            **(self._certificates if self.tls else {}),
        )

    @property
    def _certificates(self) -> dict[str, str]:
        return {
            "ca_file": self.ca_file.strip(),
            "certificate": self.certificate.strip(),
            "key": self.key.strip(),
        }


def draft_of(archive: Named) -> Draft:
    """The fields that show an archive."""
    now = archive.settings
    if isinstance(now, WebSettings):
        return Draft(
            archive.name,
            web=True,
            url=now.url,
            authentication=now.authentication,
            user=now.user,
            ca_file=now.ca_file,
            kept=archive.kept,
        )
    return Draft(
        archive.name,
        host=now.host,
        port=now.port,
        called=now.called,
        calling=now.calling,
        receiver_port=now.receiver_port,
        receiver_host=now.receiver_host,
        retrieval=now.retrieval,
        tls=now.tls,
        ca_file=now.ca_file,
        certificate=now.certificate,
        key=now.key,
    )
