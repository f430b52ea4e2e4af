"""What an image archive (PACS) answers, whichever protocol it speaks, and the settings of each.

``opening.open_archive(settings, secret)`` makes the archive; nothing here needs a network library.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal, Protocol

from cxr_studio.errors import ArchiveError
from cxr_studio.events import Progress, never

AE_TITLE_LENGTH = 16
"""Characters of an application entity title (PS3.5 6.2, AE)."""

MOST_ANSWERS = 500
"""Series that a search returns unless more are asked for."""

Authentication = Literal["none", "basic", "bearer"]
Retrieval = Literal["auto", "get", "move"]


@dataclass(frozen=True)
class DicomSettings:
    """How an archive is reached by DICOM's own protocol (DIMSE).

    Attributes:
        host: Its name or address.
        called: Its AE title.
        port: Its TCP port; 104 is DICOM's own.
        calling: Our AE title, which the archive may have to know.
        receiver_port: TCP port on which images arrive where the archive only sends (C-MOVE); 0 = never.
        receiver_host: Address on which they arrive; "" = all of this machine's.
        retrieval: C-GET where the archive offers it and else C-MOVE (auto), or one of them alone.
        tls: Whether connections are encrypted (PS3.15, B.9).
        ca_file: PEM file of the authority that signed its certificate; "" = those of the system.
        certificate: PEM file of ours, where the archive asks for one, or sends images over TLS (C-MOVE); "" = none.
        key: PEM file of its private key; "" = it stands in the certificate's file.

    Raises:
        ArchiveError: a title or a port is none, or there is a key without a certificate.
    """

    host: str
    called: str
    port: int = 104
    calling: str = "CXRSTUDIO"
    receiver_port: int = 11112
    receiver_host: str = ""
    retrieval: Retrieval = "auto"
    tls: bool = False
    ca_file: str = ""
    certificate: str = ""
    key: str = ""

    def __post_init__(self) -> None:
        if not self.host.strip():
            raise ArchiveError("the archive's host is missing", remedy="Enter its name or address")
        check_title(self.called, "the archive's AE title")
        check_title(self.calling, "your own AE title")
        check_port(self.port, "port", least=1)
        check_port(self.receiver_port, "receiver port", least=0)
        if self.key and not self.certificate:
            raise ArchiveError("there is a key without its certificate", remedy="Choose the certificate too")

    def __str__(self) -> str:
        return f"{self.called} at {self.host}:{self.port}"


@dataclass(frozen=True)
class WebSettings:
    """How an archive is reached by DICOMweb.

    Attributes:
        url: Where its services begin, for instance ``https://pacs.example/dicom-web``.
        authentication: basic = user and password, bearer = a token; the secret itself is never kept here.
        user: For basic.
        ca_file: PEM file of the authority that signed its certificate; "" = those of the system.

    Raises:
        ArchiveError: the address is none, or the user is missing.
    """

    url: str
    authentication: Authentication = "none"
    user: str = ""
    ca_file: str = ""

    def __post_init__(self) -> None:
        if not self.url.startswith(("http://", "https://")) or len(self.url.split("/", 3)[2]) == 0:
            raise ArchiveError(f"{self.url!r} is no web address", remedy="Enter one that begins with https://")
        if "@" in self.url.split("/", 3)[2]:
            raise ArchiveError(
                "the web address contains a user name", remedy="Enter user and password in their own fields"
            )
        if self.authentication == "basic" and not self.user:
            raise ArchiveError("the user name is missing", remedy="Enter the one that belongs to the password")

    def __str__(self) -> str:
        return f"the archive at {self.url}"


Settings = DicomSettings | WebSettings


@dataclass(frozen=True)
class Query:
    """What is looked for; an empty field is no condition.

    Attributes:
        name: Patient's name as DICOM writes it (``Doe^Jane``); ``*`` and ``?`` stand for anything, and a name
            without them for its beginning.
        patient_id: Patient ID, exact, or with ``*`` and ``?``.
        since: First study date.
        until: Last study date.
        modalities: Of series, for instance ``("DX", "CR")``; any where empty.
        accession: Accession number.
        study_uid: Study Instance UID.
        series_uid: Series Instance UID.
        most: Series that are returned at most.
    """

    name: str = ""
    patient_id: str = ""
    since: date | None = None
    until: date | None = None
    modalities: tuple[str, ...] = ()
    accession: str = ""
    study_uid: str = ""
    series_uid: str = ""
    most: int = MOST_ANSWERS


@dataclass(frozen=True)
class Found:
    """A series of the archive, with what its study says of it; a text is "" where the archive does not state it.

    Attributes:
        study_uid: Study Instance UID.
        series_uid: Series Instance UID.
        name: Patient's name as DICOM writes it.
        patient_id: Patient ID.
        study_date: None where it is not stated.
        modality: Of the series (DX, CR, …).
        study: Study Description.
        series: Series Description.
        accession: Accession number.
        images: Images of the series; None where the archive does not count them.
    """

    study_uid: str
    series_uid: str
    name: str = ""
    patient_id: str = ""
    study_date: date | None = None
    modality: str = ""
    study: str = ""
    series: str = ""
    accession: str = ""
    images: int | None = None


@dataclass(frozen=True)
class Answered:
    """An archive's answer to a test of the connection.

    Attributes:
        words: One sentence for people: who answered whom; what is amiss all the same (a password without encryption).
        seconds: Until it answered.
    """

    words: str
    seconds: float


State = Literal["sent", "present", "failed", "left"]
"""Of a file: stored now; there already; refused or unreadable; not sent, since the user cancelled or it broke off."""


@dataclass(frozen=True)
class Outcome:
    """What became of one file that was to be sent.

    Attributes:
        path: The file.
        state: See ``State``.
        words: Why it failed, one sentence; of what was not sent, whether it may have arrived all the same; else "".
    """

    path: Path
    state: State
    words: str = ""


@dataclass(frozen=True)
class Sent:
    """What became of all of them.

    Attributes:
        outcomes: In the order in which they were given.
        reason: Why the rest was not sent, one sentence; "" where all were tried, or the user cancelled.
    """

    outcomes: tuple[Outcome, ...]
    reason: str = ""

    def count(self, state: State) -> int:
        """Files with this outcome."""
        return sum(each.state == state for each in self.outcomes)

    @property
    def unsent(self) -> tuple[Path, ...]:
        """Files that the archive has not got: what to send again."""
        return tuple(each.path for each in self.outcomes if each.state in ("failed", "left"))


class Archive(Protocol):
    """An image archive; every method may take long and is called off the GUI thread.

    Every fault is an ArchiveError with one sentence; nothing is kept open between two calls. A call that is cancelled
    ends within a second, however silent the archive is: ``cancelled`` is asked all the time, and connections are shut.
    """

    def echo(self, *, cancelled: Callable[[], bool] = never) -> Answered:
        """Test the connection.

        Raises:
            ArchiveError: what failed (closed port, AE title rejected, time-out, certificate, password …).
            Cancelled: the user did.
        """

    def find(self, query: Query, *, cancelled: Callable[[], bool] = never) -> list[Found]:
        """Search series; newest study first, ``query.most`` at most.

        Raises:
            ArchiveError: it could not be reached, or refuses to search.
            Cancelled: the user did.
        """

    def get(self, found: Found, folder: Path, *, progress: Progress, cancelled: Callable[[], bool]) -> list[Path]:
        """Retrieve a series as ``SOP-INSTANCE-UID.dcm`` into a folder, each file as the archive holds it.

        Images that are in the folder already are not asked for again, so a second call completes a broken one. A file
        appears under its name only when it is whole.

        Returns:
            Every image of the series, those that were there before included.

        Raises:
            ArchiveError: not all arrived; what did arrive stays.
            Cancelled: the user did; what arrived stays.
        """

    def send(
        self, paths: Sequence[Path], *, progress: Progress, cancelled: Callable[[], bool], again: bool = False
    ) -> Sent:
        """Store files in the archive, each in its own transfer syntax; those that it has already are not sent again.

        A file that fails never stops the others. What was not sent when the user cancelled or the archive broke off is
        ``left``. ``again`` sends what the archive has already, too.

        Raises:
            ArchiveError: the archive could not be reached at all, so nothing was sent.
        """


def check_title(title: str, words: str) -> None:
    """Refuse what is no AE title: 1 to 16 characters, no backslash, not blank.

    Raises:
        ArchiveError: it is none.
    """
    printable = title.isascii() and title.isprintable() and "\\" not in title
    if not (title.strip() and printable and len(title) <= AE_TITLE_LENGTH):
        raise ArchiveError(
            f"{words} ({title!r}) is not valid", remedy=f"Enter 1 to {AE_TITLE_LENGTH} letters or digits"
        )


def check_port(port: int, words: str, *, least: int) -> None:
    """Refuse what is no TCP port.

    Raises:
        ArchiveError: it is none.
    """
    if not least <= port <= 65_535:
        raise ArchiveError(f"the {words} {port} is not valid", remedy=f"Enter a number from {least} to 65535")
