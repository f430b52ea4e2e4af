"""An archive that answers from memory, and views that remember what they were shown."""

from __future__ import annotations

import threading
import time
from datetime import date

import pytest

from cxr_studio.errors import Cancelled
from cxr_studio.events import never
from cxr_studio.exchange.archive import Answered, Found, Outcome, Sent
from cxr_studio.ui.shell.background import Background

PATIENCE = 60_000


class MemoryArchive:
    """Holds series in memory; ``fault`` is raised by every call, and after ``silent_after`` files it says nothing."""

    def __init__(self, *found: Found) -> None:
        self.found = list(found)
        self.fault: Exception | None = None
        self.queries, self.sent, self.refuses, self.asked = [], [], {}, []
        self.silent_after, self.silent = -1, threading.Event()

    def echo(self, *, cancelled=never):
        self._fail()
        if self.silent_after == 0:
            self._wait(cancelled)
        return Answered("ORTHANC at pacs:104 accepts CXRSTUDIO.", 0.034)

    def find(self, query, *, cancelled=never):
        self._fail()
        self.queries.append(query)
        if self.silent_after == 0:
            self._wait(cancelled)
        return self.found[: query.most]

    def get(self, found, folder, *, progress, cancelled):
        self._fail()
        folder.mkdir(parents=True, exist_ok=True)
        paths = []
        for number in range(found.images or 0):
            if cancelled():
                raise Cancelled()
            progress((number + 1) / found.images, f"Retrieved {number + 1} of {found.images} images")
            paths.append(folder / f"{found.series_uid}.{number + 1}.dcm")
            paths[-1].write_bytes(b"image")
        return paths

    def send(self, paths, *, progress, cancelled, again=False):
        self._fail()
        self.asked.append(([path.name for path in paths], again))
        outcomes = []
        for path in paths:
            if len(outcomes) == self.silent_after:
                self.silent.set()
                while not cancelled():
                    time.sleep(0.01)
                rest = [Outcome(each, "left") for each in paths[len(outcomes) + 1 :]]
                on_its_way = Outcome(path, "left", "It was on its way: the archive may have it.")
                return Sent((*outcomes, on_its_way, *rest))
            words = self.refuses.get(path.name, "")
            known = path.read_bytes() in [each for each, _name in self.sent]
            if not words and not known:
                self.sent.append((path.read_bytes(), path.name))
            outcomes.append(Outcome(path, "failed" if words else "present" if known else "sent", words))
            progress(len(outcomes) / len(paths), f"Sent {len(outcomes)} of {len(paths)} files")
        return Sent(tuple(outcomes))

    def _wait(self, cancelled):
        self.silent.set()
        while not cancelled():
            time.sleep(0.01)
        raise Cancelled()

    def _fail(self):
        if self.fault is not None:
            raise self.fault


def made_series(number: int = 1, **changes: object) -> Found:
    values = {
        "name": "Doe^Jane",
        "patient_id": f"P{number}",
        "study_date": date(2026, 3, number),
        "modality": "DX",
        "study": "Chest PA",
        "images": 2,
        **changes,
    }
    return Found(f"1.2.{number}", f"1.2.{number}.1", **values)


@pytest.fixture
def archive() -> MemoryArchive:
    return MemoryArchive(made_series(1), made_series(2, name="Roe^Richard", images=None))


@pytest.fixture
def background(qapp):
    made = Background()
    yield made
    made.close()


@pytest.fixture
def series():
    return made_series
