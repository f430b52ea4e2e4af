"""An archive that is reached by DICOM's own protocol."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cxr_studio.errors import ArchiveError
from cxr_studio.events import Progress, never
from cxr_studio.exchange.answers import (
    MOST_STUDIES,
    SERIES_KEYS,
    STUDY_KEYS,
    found_series,
    newest_first,
    study_conditions,
    text,
    wanted,
)
from cxr_studio.exchange.archive import Answered, DicomSettings, Found, Query, Sent
from cxr_studio.exchange.cancelling import Connections, cancellable
from cxr_studio.exchange.dicom_association import PLAIN, associated, one_syntax_each
from cxr_studio.exchange.dicom_call import Call, socket_of
from cxr_studio.exchange.dicom_retrieval import GET, MESSAGE, MOVE, DicomRetrieval
from cxr_studio.exchange.dicom_storing import store
from cxr_studio.exchange.dicom_tls import cipher_words
from cxr_studio.exchange.dicom_words import CANCEL, PENDING, SUCCESS, failure, silence
from cxr_studio.exchange.persistence import Patience
from cxr_studio.exchange.retrieving import Arrivals, retrieve
from cxr_studio.exchange.sending import Log, Parcel, Terms, send_all

if TYPE_CHECKING:
    from pynetdicom.association import Association

VERIFICATION = "1.2.840.10008.1.1"
FIND = "1.2.840.10008.5.1.4.1.2.2.1"
"""Search in the study root model (PS3.4 C.6.2)."""


class DicomArchive:
    """C-ECHO, C-FIND, C-GET or C-MOVE, C-STORE; see ``archive.Archive``."""

    def __init__(self, settings: DicomSettings, patience: Patience | None = None) -> None:
        self.settings = settings
        self.patience = patience or Patience()

    def echo(self, *, cancelled: Callable[[], bool] = never) -> Answered:
        """Ask whether it is there, and what it offers."""
        return cancellable(lambda connections: self._echo(self._call(connections)), cancelled)

    def find(self, query: Query, *, cancelled: Callable[[], bool] = never) -> list[Found]:
        """Search studies, then the series of each."""
        return cancellable(lambda connections: self._find(self._call(connections), query), cancelled)

    def held(self, series: Sequence[Found], connections: Connections) -> set[str]:
        """SOP Instance UIDs of these series that the archive holds."""
        return {uid for kinds in self._kinds(self._call(connections), series) for uid in kinds}

    def get(self, found: Found, folder: Path, *, progress: Progress, cancelled: Callable[[], bool]) -> list[Path]:
        """Retrieve a series; see ``archive.Archive``."""
        kinds = cancellable(lambda connections: self._kinds(self._call(connections), [found]), cancelled)[0]
        if not kinds:
            raise ArchiveError(f"{self.settings} lists no images of this series", remedy="Search again")
        arrivals = Arrivals(folder, list(kinds), progress, cancelled)
        way = DicomRetrieval(self.settings, self.patience, found, list(filter(None, kinds.values())))
        return retrieve(way.fetch, arrivals, pauses=self.patience.pauses)

    def send(
        self, paths: Sequence[Path], *, progress: Progress, cancelled: Callable[[], bool], again: bool = False
    ) -> Sent:
        """Store files; see ``archive.Archive``."""
        terms = Terms(progress, cancelled, self.patience.pauses, again=again)
        return send_all(self, paths, terms)

    def deliver(self, parcels: Sequence[Parcel], log: Log, connections: Connections) -> None:
        """Store files; see ``sending.Target``."""
        store(self._call(connections), parcels, log)

    def _call(self, connections: Connections) -> Call:
        return Call(self.settings, self.patience, connections)

    def _echo(self, call: Call) -> Answered:
        offers = {FIND: "search", GET: "retrieve by C-GET", MOVE: "retrieve by C-MOVE"}
        contexts = one_syntax_each([(each, PLAIN[1]) for each in (VERIFICATION, *offers)])
        began = time.perf_counter()
        with associated(call, contexts) as association:
            accepted = {str(each.abstract_syntax) for each in association.accepted_contexts}
            encrypted = cipher_words(socket_of(association))
            if VERIFICATION in accepted:
                self._check(association.send_c_echo(), "answer")
        seconds = time.perf_counter() - began
        offered = ", ".join(words for each, words in offers.items() if each in accepted)
        offered = offered or "neither search nor retrieval"
        words = f"{self.settings} accepts {self.settings.calling} and offers {offered}."
        return Answered(" ".join(filter(None, [words, encrypted])), seconds)

    def _find(self, call: Call, query: Query) -> list[Found]:
        found: dict[tuple[str, str], Found] = {}
        with _searching(call) as asked:
            for study in self._studies(asked, query):
                keys = {"StudyInstanceUID": text(study, "StudyInstanceUID")}
                for series in self._answers(asked, "SERIES", keys, SERIES_KEYS):
                    each = found_series(study, series)
                    if wanted(each, query):
                        found.setdefault((each.study_uid, each.series_uid), each)
        return newest_first(list(found.values()), query.most)

    def _kinds(self, call: Call, series: Sequence[Found]) -> list[dict[str, str]]:
        """SOP Instance UID → SOP Class UID ("" where it is not stated) of each series."""
        found: list[dict[str, str]] = []
        with _searching(call) as association:
            for each in series:
                keys = {"StudyInstanceUID": each.study_uid, "SeriesInstanceUID": each.series_uid}
                images = self._answers(association, "IMAGE", keys, ("SOPInstanceUID", "SOPClassUID"))
                named = {text(image, "SOPInstanceUID"): text(image, "SOPClassUID") for image in images}
                found.append({uid: kind for uid, kind in named.items() if uid})
        return found

    def _studies(self, association: Association, query: Query) -> Iterator[Any]:
        """Answers at the level of studies, each study once, newest first, as many as series are wanted."""
        studies: dict[str, Any] = {}
        for modality in query.modalities or ("",):
            conditions = study_conditions(query, modality)
            for study in self._answers(association, "STUDY", conditions, STUDY_KEYS):
                studies.setdefault(text(study, "StudyInstanceUID"), study)
        ordered = sorted(studies.values(), key=lambda each: text(each, "StudyDate"), reverse=True)
        yield from ordered[: query.most]

    def _answers(
        self, association: Association, level: str, conditions: dict[str, str], keys: Sequence[str]
    ) -> Iterator[Any]:
        """Identifiers that a C-FIND returns."""
        if not association.is_established:
            raise silence(self.settings, "search", self.patience.answer)
        number = 0
        for status, answer in association.send_c_find(_identifier(level, conditions, keys), FIND, MESSAGE):
            if "Status" not in status:
                raise silence(self.settings, "search", self.patience.answer)
            if status.Status in PENDING and answer is not None:
                number += 1
                yield answer
                if number == MOST_STUDIES and level == "STUDY":
                    association.send_c_cancel(MESSAGE, query_model=FIND)
            elif status.Status not in (SUCCESS, CANCEL):
                raise failure(self.settings, "search", status.Status, str(status.get("ErrorComment", "")))

    def _check(self, status: Any, doing: str) -> None:
        if "Status" not in status:
            raise silence(self.settings, doing, self.patience.answer)
        if status.Status != SUCCESS:
            raise failure(self.settings, doing, status.Status, str(status.get("ErrorComment", "")))


def _searching(call: Call) -> AbstractContextManager[Association]:
    return associated(call, one_syntax_each([(FIND, PLAIN[0]), (FIND, PLAIN[1])]))


def _identifier(level: str, conditions: dict[str, str], keys: Sequence[str]) -> Any:
    """A C-FIND request; in UTF-8 where a condition goes beyond ASCII."""
    from pydicom.dataset import Dataset

    asked = Dataset()
    if not all(value.isascii() for value in conditions.values()):
        asked.SpecificCharacterSet = "ISO_IR 192"
    asked.QueryRetrieveLevel = level
    for keyword in keys:
        setattr(asked, keyword, None if keyword.startswith("Number") else "")
    for keyword, value in conditions.items():
        setattr(asked, keyword, value)
    return asked
