"""C-GET where the archive offers it, else C-MOVE to a receiver of our own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from cxr_studio.errors import ArchiveError
from cxr_studio.exchange.archive import DicomSettings, Found, Retrieval
from cxr_studio.exchange.cancelling import Connections
from cxr_studio.exchange.dicom_association import (
    PLAIN,
    NothingOffered,
    associated,
    one_syntax_each,
    storage_contexts,
)
from cxr_studio.exchange.dicom_call import Call
from cxr_studio.exchange.dicom_receiver import receiver, take
from cxr_studio.exchange.dicom_words import NOT_OFFERED, PENDING, SUCCESS, UNKNOWN_DESTINATION, failure, silence
from cxr_studio.exchange.persistence import Patience
from cxr_studio.exchange.retrieving import Arrivals

MOVE = "1.2.840.10008.5.1.4.1.2.2.2"
GET = "1.2.840.10008.5.1.4.1.2.2.3"
"""Retrieval in the study root model (PS3.4 C.6.2)."""

MESSAGE = 1
"""Message ID of a retrieval, of which an association has one at a time."""

AT_ONCE = 100
"""Images that one request names, where only some of a series are missing."""

FAILED = range(0xC000, 0xD000)
"""Statuses of Orthanc and others for an unknown destination, for which 0xA801 is meant."""

DOING = "send the images"


class NoGet(ArchiveError):
    """The archive does not offer C-GET."""


class DicomRetrieval:
    """How one series is fetched.

    Args:
        settings: Of the archive.
        patience: How long is waited.
        found: The series.
        classes: SOP classes of its images, as far as they are known.
    """

    def __init__(self, settings: DicomSettings, patience: Patience, found: Found, classes: Sequence[str]) -> None:
        self._settings, self._patience, self._found = settings, patience, found
        self._classes = tuple(dict.fromkeys(classes))
        self._way: Retrieval = settings.retrieval

    def fetch(self, arrivals: Arrivals, connections: Connections) -> None:
        """Ask for what is missing.

        Raises:
            ConnectionLost: it may be tried again.
            ArchiveError: the archive refuses.
            Cancelled: the call was.
        """
        call = Call(self._settings, self._patience, connections)
        if self._way != "move":
            try:
                self._by_get(call, arrivals)
                return
            except NoGet:
                if self._way == "get":
                    raise
                self._way = "move"
        self._by_move(call, arrivals)

    def _by_get(self, call: Call, arrivals: Arrivals) -> None:
        storage = storage_contexts(self._classes)
        kinds = [str(context.abstract_syntax) for context in storage]
        contexts = [*one_syntax_each([(GET, PLAIN[0]), (GET, PLAIN[1])]), *storage]

        def taking(event: Any) -> int:
            status = take(arrivals, event)
            if arrivals.fault is not None:
                event.assoc.send_c_cancel(MESSAGE, query_model=GET)
            return status

        try:
            with associated(call, contexts, roles=kinds, taking=taking) as association:
                if GET not in {str(each.abstract_syntax) for each in association.accepted_contexts}:
                    raise NoGet(f"{self._settings} does not offer C-GET", remedy="Choose C-MOVE")
                for request in self._requests(arrivals):
                    self._follow(association.send_c_get(request, GET, MESSAGE), arrivals, association)
        except NothingOffered as fault:
            raise NoGet(f"{self._settings} does not offer C-GET", remedy="Choose C-MOVE") from fault

    def _by_move(self, call: Call, arrivals: Arrivals) -> None:
        settings, before = self._settings, len(arrivals.missing)
        with (
            receiver(call, arrivals, self._classes),
            associated(call, one_syntax_each([(MOVE, PLAIN[0]), (MOVE, PLAIN[1])])) as association,
        ):
            for request in self._requests(arrivals):
                responses = association.send_c_move(request, settings.calling, MOVE)
                self._follow(responses, arrivals, association)
        if arrivals.fault is None and len(arrivals.missing) == before:
            raise ArchiveError(
                f"{settings} says that it sent the images, but none arrived on port {settings.receiver_port}",
                remedy=self._entry(),
            )

    def _requests(self, arrivals: Arrivals) -> Iterator[Any]:
        """The whole series where nothing of it is here, else its missing images."""
        from pydicom.dataset import Dataset

        missing = arrivals.missing
        whole = len(missing) == len(arrivals.paths)
        for start in range(0, 1 if whole else len(missing), AT_ONCE):
            asked = Dataset()
            asked.QueryRetrieveLevel = "SERIES" if whole else "IMAGE"
            asked.StudyInstanceUID, asked.SeriesInstanceUID = self._found.study_uid, self._found.series_uid
            if not whole:
                asked.SOPInstanceUID = missing[start : start + AT_ONCE]
            yield asked

    def _follow(self, responses: Iterable[Any], arrivals: Arrivals, association: Any) -> None:
        """Go through the responses of one request; images arrive meanwhile."""
        before = len(arrivals.missing)
        for status, _identifier in responses:
            if arrivals.fault is not None:
                association.abort()
                return
            if "Status" not in status:
                raise silence(self._settings, DOING, self._patience.answer)
            code = int(status.Status)
            if code not in PENDING and code != SUCCESS:
                raise self._failure(code, str(status.get("ErrorComment", "")), nothing=len(arrivals.missing) == before)

    def _failure(self, code: int, comment: str, *, nothing: bool) -> ArchiveError:
        if self._way != "move" and code in NOT_OFFERED:
            return NoGet(f"{self._settings} does not offer C-GET", remedy="Choose C-MOVE")
        if self._way == "move" and nothing and (code == UNKNOWN_DESTINATION or code in FAILED):
            settings = self._settings
            what = f"{settings} does not know where {settings.calling} is, or cannot reach it (0x{code:04X})"
            return ArchiveError(what, remedy=self._entry())
        return failure(self._settings, DOING, code, comment)

    def _entry(self) -> str:
        settings = self._settings
        return (
            f"Ask its administrator to enter {settings.calling} with this machine's address and port "
            f"{settings.receiver_port}{', with TLS' if settings.tls else ''}, and let the firewall pass it"
        )
