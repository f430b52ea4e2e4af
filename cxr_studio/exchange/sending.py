"""Files on their way to an archive: each once, retried, and none stopped by another."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Protocol

from cxr_studio.errors import ArchiveError, Cancelled, ReadError, reason_of
from cxr_studio.events import Progress
from cxr_studio.exchange.archive import Found, Outcome, Sent
from cxr_studio.exchange.cancelling import Connections, cancellable
from cxr_studio.exchange.persistence import ConnectionLost, persist


@dataclass(frozen=True)
class Parcel:
    """A DICOM file that is to be sent, and what its header says.

    Attributes:
        path: The file.
        sop_class: SOP Class UID.
        uid: SOP Instance UID.
        study_uid: Study Instance UID, "" where there is none.
        series_uid: Series Instance UID, "" where there is none.
        syntax: Transfer Syntax UID.
    """

    path: Path
    sop_class: str
    uid: str
    study_uid: str
    series_uid: str
    syntax: str


@dataclass(frozen=True)
class Terms:
    """How files are sent; see ``Archive.send``.

    Attributes:
        progress: Called after each file.
        cancelled: True to stop.
        pauses: See ``Patience``.
        again: Whether what the archive has already is sent too.
    """

    progress: Progress
    cancelled: Callable[[], bool]
    pauses: tuple[float, ...]
    again: bool = False


class Log(Protocol):
    """Where a protocol says what becomes of each file; both may raise Cancelled."""

    def begun(self, parcel: Parcel) -> None:
        """It is on its way from now on."""

    def done(self, parcel: Parcel, fault: str) -> None:
        """It is stored, or was refused for this reason."""


class Target(Protocol):
    """What a protocol does of sending."""

    def held(self, series: Sequence[Found], connections: Connections) -> set[str]:
        """SOP Instance UIDs of these series that the archive holds.

        Raises:
            ConnectionLost: nobody answers.
            ArchiveError: it answers no such searches.
        """

    def deliver(self, parcels: Sequence[Parcel], log: Log, connections: Connections) -> None:
        """Store files, in order, and log each.

        Raises:
            ConnectionLost: the rest may be tried again.
            Cancelled: passed on from ``log``.
        """


def parcel(path: Path) -> Parcel:
    """Read what must be known to send a file.

    Raises:
        ReadError: it is no DICOM file, or lacks an identifier.
    """
    import pydicom
    from pydicom.errors import InvalidDicomError

    wanted = ["SOPClassUID", "SOPInstanceUID", "StudyInstanceUID", "SeriesInstanceUID"]
    try:
        header = pydicom.dcmread(path, stop_before_pixels=True, specific_tags=wanted)
    except OSError as fault:
        raise ReadError(f"it could not be read ({fault.strerror or fault})", file=path) from fault
    except InvalidDicomError as fault:
        remedy = "Export it as DICOM and send that file"
        raise ReadError("it is not a DICOM file", file=path, remedy=remedy) from fault
    except Exception as fault:  # pydicom raises many kinds on damaged files
        raise ReadError(f"the DICOM file is damaged ({reason_of(fault)})", file=path) from fault
    texts = [str(header.get(keyword, "") or "") for keyword in wanted]
    syntax = str(header.file_meta.get("TransferSyntaxUID", "") or "")
    if not (texts[0] and texts[1] and syntax):
        raise ReadError("the DICOM file lacks its identifiers or its transfer syntax", file=path)
    sop_class, uid, study, series = texts
    return Parcel(path, sop_class, uid, study, series, syntax)


def send_all(target: Target, paths: Sequence[Path], terms: Terms) -> Sent:
    """Send files; see ``Archive.send``.

    Raises:
        ArchiveError: the archive could not be reached at all.
    """
    sending = _Sending(target, paths, terms)
    try:
        cancellable(sending.whole, terms.cancelled)
    except Cancelled:
        return sending.result()
    except ArchiveError as fault:
        if not sending.answered:
            raise
        return sending.result(str(fault))
    return sending.result("The archive did not say what became of it.")


ON_ITS_WAY = "It was on its way: the archive may have it."


class _Sending:
    """The files of one call, and what became of each so far.

    Attributes:
        left: What is still to be sent.
        answered: Files of which the archive has said something.
    """

    def __init__(self, target: Target, paths: Sequence[Path], terms: Terms) -> None:
        self._target, self._paths, self._terms = target, tuple(dict.fromkeys(paths)), terms
        self._outcomes: dict[Path, Outcome] = {}
        self._on_its_way: Parcel | None = None
        self._lock, self._closed = Lock(), False
        self.left: list[Parcel] = []
        self.answered = 0
        first: dict[str, Path] = {}
        for path in self._paths:
            try:
                found = parcel(path)
            except ReadError as fault:
                self._outcomes[path] = Outcome(path, "failed", str(fault))
                continue
            if found.uid in first:
                words = f"It holds the same image as {first[found.uid].name}."
                self._outcomes[path] = Outcome(path, "present", words)
                continue
            first[found.uid] = path
            self.left.append(found)

    def whole(self, connections: Connections) -> None:
        """Send until nothing is left; a connection that is lost is made again.

        Raises:
            ConnectionLost: too often.
            Cancelled: the user did.
        """

        def attempt() -> None:
            if not self._terms.again:
                self._look(connections)
            if self.left:
                self._target.deliver(tuple(self.left), self, connections)

        terms = self._terms
        persist(attempt, left=lambda: len(self.left), pauses=terms.pauses, cancelled=terms.cancelled)

    def result(self, reason: str = "") -> Sent:
        """All outcomes in the order of the paths; files without one were not sent, for this reason."""
        with self._lock:
            self._closed = True
            for each in self.left:
                words = ON_ITS_WAY if each is self._on_its_way else ""
                self._outcomes[each.path] = Outcome(each.path, "left", words)
            return Sent(tuple(self._outcomes[path] for path in self._paths), reason if self.left else "")

    def begun(self, parcel: Parcel) -> None:
        """See ``Log``."""
        self._on_its_way = parcel

    def done(self, parcel: Parcel, fault: str) -> None:
        """See ``Log``."""
        self._on_its_way = None
        self._note(parcel, Outcome(parcel.path, "failed", fault) if fault else Outcome(parcel.path, "sent"))
        if self._terms.cancelled() and self.left:
            raise Cancelled()

    def _look(self, connections: Connections) -> None:
        """Ask which images of these series the archive has; one that does not answer searches is sent everything."""
        series = dict.fromkeys((each.study_uid, each.series_uid) for each in self.left)
        try:
            held = self._target.held([Found(*uids) for uids in series if all(uids)], connections)
        except ConnectionLost:
            raise
        except ArchiveError:
            return
        if self._terms.cancelled():
            raise Cancelled()
        for each in [each for each in self.left if each.uid in held]:
            self._note(each, Outcome(each.path, "present", "The archive has it already."))

    def _note(self, what: Parcel, outcome: Outcome) -> None:
        with self._lock:
            if self._closed:  # a call that was cancelled and left to itself
                raise Cancelled()
            self.left.remove(what)
            self._outcomes[what.path] = outcome
            self.answered += 1
            count = len(self._outcomes)
        self._terms.progress(count / len(self._paths), f"Sent {count} of {len(self._paths)} files")
