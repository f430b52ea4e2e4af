"""An archive that is reached by DICOMweb."""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cxr_studio.errors import ArchiveError, reason_of
from cxr_studio.events import Progress, never
from cxr_studio.exchange.answers import (
    MOST_STUDIES,
    SERIES_KEYS,
    STUDY_KEYS,
    found_series,
    matches,
    newest_first,
    study_conditions,
    text,
    wanted,
    without_encoding,
)
from cxr_studio.exchange.archive import Answered, Found, Query, Sent, WebSettings
from cxr_studio.exchange.cancelling import Connections, cancellable
from cxr_studio.exchange.persistence import ConnectionLost, Patience
from cxr_studio.exchange.retrieving import Arrivals, retrieve
from cxr_studio.exchange.sending import Log, Parcel, Terms, send_all
from cxr_studio.exchange.web_session import explained, open_client, open_session
from cxr_studio.exchange.web_storing import store

if TYPE_CHECKING:
    from dicomweb_client.api import DICOMwebClient

MOST_IMAGES = 100_000
"""Images of one series that are listed at most."""

UNDEFINED_LENGTH = 0xFFFFFFFF
PIXELS = ("PixelData", "FloatPixelData", "DoubleFloatPixelData")

NOT_ENCRYPTED = "The connection is not encrypted: others on the network can read what is sent, the secret included."


class WebArchive:
    """QIDO-RS, WADO-RS, STOW-RS; see ``archive.Archive``."""

    def __init__(self, settings: WebSettings, secret: str, patience: Patience | None = None) -> None:
        self.settings = settings
        self.patience = patience or Patience()
        self._secret = secret

    def echo(self, *, cancelled: Callable[[], bool] = never) -> Answered:
        """Search for one study: there is no lighter question in DICOMweb."""
        began = time.perf_counter()
        cancellable(self._ask, cancelled)
        seconds = time.perf_counter() - began
        settings = self.settings
        who = {"none": "without a password", "basic": f"as {settings.user}", "bearer": "with the token"}
        words = f"The archive at {settings.url} answers searches {who[settings.authentication]}."
        if settings.authentication != "none" and settings.url.startswith("http://"):
            words += f" {NOT_ENCRYPTED}"
        return Answered(words, seconds)

    def find(self, query: Query, *, cancelled: Callable[[], bool] = never) -> list[Found]:
        """Search studies, then the series of each."""
        return cancellable(lambda connections: self._find(query, connections), cancelled)

    def held(self, series: Sequence[Found], connections: Connections) -> set[str]:
        """SOP Instance UIDs of these series that the archive holds."""
        with self._client("list the images of a series", connections) as client:
            return {uid for each in series for uid in _images(client, each)}

    def get(self, found: Found, folder: Path, *, progress: Progress, cancelled: Callable[[], bool]) -> list[Path]:
        """Retrieve a series, image by image; see ``archive.Archive``."""
        uids = cancellable(lambda connections: self._listed(found, connections), cancelled)
        if not uids:
            raise ArchiveError(f"{self.settings} lists no images of this series", remedy="Search again")
        arrivals = Arrivals(folder, uids, progress, cancelled)
        return retrieve(lambda *here: self._fetch(found, *here), arrivals, pauses=self.patience.pauses)

    def send(
        self, paths: Sequence[Path], *, progress: Progress, cancelled: Callable[[], bool], again: bool = False
    ) -> Sent:
        """Store files; see ``archive.Archive``."""
        return send_all(self, paths, Terms(progress, cancelled, self.patience.pauses, again=again))

    def deliver(self, parcels: Sequence[Parcel], log: Log, connections: Connections) -> None:
        """Store files; see ``sending.Target``."""
        with (
            explained(self.settings, "store an image"),
            open_session(self.settings, self._secret, connections) as session,
        ):
            store(self.settings, self.patience, parcels, session=session, log=log)

    def _ask(self, connections: Connections) -> None:
        with self._client("answer a search", connections) as client:
            client.search_for_studies(limit=1)

    def _find(self, query: Query, connections: Connections) -> list[Found]:
        found: dict[tuple[str, str], Found] = {}
        with self._client("search", connections) as client:
            for study in self._studies(client, query):
                search = partial(client.search_for_series, text(study, "StudyInstanceUID"), fields=list(SERIES_KEYS))
                for series in _all(search, "SeriesInstanceUID", query.most):
                    each = found_series(study, series)
                    if wanted(each, query):
                        found.setdefault((each.study_uid, each.series_uid), each)
        return newest_first(list(found.values()), query.most)

    def _listed(self, found: Found, connections: Connections) -> list[str]:
        with self._client("list the images of a series", connections) as client:
            return _images(client, found)

    def _fetch(self, found: Found, arrivals: Arrivals, connections: Connections) -> None:
        with self._client("send an image", connections) as client:
            refusal: ArchiveError | None = None
            for uid in arrivals.missing:
                arrivals.check()
                try:
                    with explained(self.settings, "send an image"):
                        content = _image(client, found, uid)
                except ConnectionLost:
                    raise
                except ArchiveError as fault:  # the others may be had all the same
                    refusal = refusal or fault
                    continue
                arrivals.take(uid, content)
            if refusal is not None:
                raise refusal

    def _studies(self, client: DICOMwebClient, query: Query) -> list[Any]:
        """Answers at the level of studies, each study once, newest first.

        Where there are none, they are looked for with ``*`` for what an address has to encode, and sorted out here:
        Orthanc 1.10 does not decode it.
        """
        studies = self._matching(client, query)
        plain = without_encoding(query)
        if not studies and plain != query:
            wider = self._matching(client, plain)
            studies = {uid: study for uid, study in wider.items() if matches(study, query)}
        return sorted(studies.values(), key=lambda each: text(each, "StudyDate"), reverse=True)[: query.most]

    def _matching(self, client: DICOMwebClient, query: Query) -> dict[str, Any]:
        studies: dict[str, Any] = {}
        for modality in query.modalities or ("",):
            conditions = study_conditions(query, modality)
            search = partial(client.search_for_studies, fields=list(STUDY_KEYS), search_filters=conditions)
            for study in _all(search, "StudyInstanceUID", MOST_STUDIES):
                studies.setdefault(text(study, "StudyInstanceUID"), study)
        return studies

    @contextmanager
    def _client(self, doing: str, connections: Connections) -> Iterator[DICOMwebClient]:
        with explained(self.settings, doing), open_session(self.settings, self._secret, connections) as session:
            yield open_client(self.settings, session, self.patience)


def _all(search: Callable[..., list[dict[str, Any]]], keyword: str, most: int) -> list[Any]:
    """Page through answers until none is new, as pydicom Datasets; a server may give fewer than it is asked for."""
    from pydicom.dataset import Dataset

    found: dict[str, Any] = {}
    while len(found) < most:
        before = len(found)
        try:
            answers = [Dataset.from_json(each) for each in search(limit=most - before, offset=before)]
        except (KeyError, TypeError, AttributeError, ValueError) as fault:
            if type(fault).__module__.startswith("requests"):
                raise
            raise ArchiveError(f"the archive's answer is not valid DICOM JSON ({reason_of(fault)})") from fault
        for each in answers:
            if uid := text(each, keyword):
                found.setdefault(uid, each)
        if len(found) == before:
            break
    return list(found.values())


def _is_cut(dataset: Any) -> bool:
    """Whether a value is shorter than its element says, or pixels are missing: the transfer ended too early."""
    short = any(
        element.is_raw and element.length != UNDEFINED_LENGTH and len(element.value or b"") < element.length
        for element in dataset.elements()
    )
    return short or ("Rows" in dataset and not any(keyword in dataset for keyword in PIXELS))


def _images(client: DICOMwebClient, found: Found) -> list[str]:
    """SOP Instance UIDs of a series."""
    search = partial(client.search_for_instances, found.study_uid, found.series_uid)
    return [text(each, "SOPInstanceUID") for each in _all(search, "SOPInstanceUID", MOST_IMAGES)]


def _image(client: DICOMwebClient, found: Found, uid: str) -> bytes:
    """A DICOM file as the archive sent it, in whatever transfer syntax it has there.

    Raises:
        ArchiveError: it is another image, or none.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # an answer that is not in parts
        try:
            dataset = client.retrieve_instance(
                found.study_uid, found.series_uid, uid, media_types=(("application/dicom", "*"),)
            )
        except (IndexError, KeyError, ValueError, AttributeError) as fault:
            if type(fault).__module__.startswith("requests"):
                raise
            raise ArchiveError(f"the archive's answer holds no DICOM file ({reason_of(fault)})") from fault
        except Exception as fault:
            if type(fault).__module__.startswith("pydicom"):
                raise ArchiveError(f"the archive's answer holds no DICOM file ({reason_of(fault)})") from fault
            raise
        if text(dataset, "SOPInstanceUID") != uid:
            raise ArchiveError(f"the archive sent another image than {uid}")
        if _is_cut(dataset):
            raise ConnectionLost("the archive broke off in the middle of an image", remedy="Try again")
    return bytes(dataset.buffer.getvalue())
