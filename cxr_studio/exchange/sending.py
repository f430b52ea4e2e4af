"""Files on their way to an archive: each once, retried, and none stopped by another."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from cxr_studio.errors import ArchiveError, Cancelled, ReadError, reason_of
from cxr_studio.events import Progress
from cxr_studio.exchange.archive import Found, Outcome, Sent
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


class Target(Protocol):
    """What a protocol does of sending."""

    def held(self, series: Sequence[Found]) -> set[str]:
        """SOP Instance UIDs of these series that the archive holds.

        Raises:
            ConnectionLost: nobody answers.
            ArchiveError: it answers no such searches.
        """

    def deliver(self, parcels: Sequence[Parcel], done: Callable[[Parcel, str], None]) -> None:
        """Store files, in order; call ``done`` after each with "" or why it was refused.

        Raises:
            ConnectionLost: the rest may be tried again.
            Cancelled: passed on from ``done``.
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


def send_all(
    target: Target,
    paths: Sequence[Path],
    *,
    progress: Progress,
    cancelled: Callable[[], bool],
    pauses: tuple[float, ...],
) -> Sent:
    """Send files; see ``Archive.send``.

    Raises:
        ArchiveError: the archive could not be reached at all.
    """
    sending = _Sending(target, paths, progress, cancelled)
    words = "cancelled"
    try:
        persist(sending.attempt, left=lambda: len(sending.left), pauses=pauses, cancelled=cancelled)
    except Cancelled:
        return sending.result("left", words)
    except ArchiveError as fault:
        if not sending.stored:
            raise
        return sending.result("failed", str(fault))
    return sending.result("failed", "The archive did not say what became of it.")


class _Sending:
    """The files of one call, and what became of each so far."""

    def __init__(
        self, target: Target, paths: Sequence[Path], progress: Progress, cancelled: Callable[[], bool]
    ) -> None:
        self._target, self._paths = target, tuple(dict.fromkeys(paths))
        self._progress, self._cancelled = progress, cancelled
        self._outcomes: dict[Path, Outcome] = {}
        self.left: list[Parcel] = []
        self.stored = 0
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

    def attempt(self) -> None:
        """Leave out what the archive has, and send the rest."""
        self._look()
        if self.left:
            self._target.deliver(tuple(self.left), self._done)

    def result(self, state: str, words: str) -> Sent:
        """All outcomes in the order of the paths; files without one get this."""
        for each in self.left:
            self._outcomes[each.path] = Outcome(each.path, "left" if state == "left" else "failed", words)
        return Sent(tuple(self._outcomes[path] for path in self._paths))

    def _look(self) -> None:
        """Ask which images of these series the archive has; one that does not answer searches is sent everything."""
        series = dict.fromkeys((each.study_uid, each.series_uid) for each in self.left)
        try:
            held = self._target.held([Found(*uids) for uids in series if all(uids)])
        except ConnectionLost:
            raise
        except ArchiveError:
            return
        if self._cancelled():
            raise Cancelled()
        for each in [each for each in self.left if each.uid in held]:
            self._note(each, Outcome(each.path, "present", "The archive has it already."))

    def _done(self, sent: Parcel, fault: str) -> None:
        self._note(sent, Outcome(sent.path, "failed", fault) if fault else Outcome(sent.path, "sent"))
        self.stored += not fault
        if self._cancelled() and self.left:
            raise Cancelled()

    def _note(self, what: Parcel, outcome: Outcome) -> None:
        self.left.remove(what)
        self._outcomes[what.path] = outcome
        count = len(self._outcomes)
        self._progress(count / len(self._paths), f"Sent {count} of {len(self._paths)} files")
