"""Who has begun a study in this database, and how far each is; free of Qt, run in a thread."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from cxr_studio.studies.bundle import Bundle


@dataclass(frozen=True)
class KnownReader:
    """A reader with a place in the study.

    Attributes:
        name: Pseudonym.
        answered: Trials of the study answered.
        total: Trials of the study.
    """

    name: str
    answered: int
    total: int


def known_readers(bundle: Bundle, database: str | Path | None) -> tuple[KnownReader, ...]:
    """Look up the people among them, not machines and simulations; none where there are no answers yet.

    Raises:
        LogError: the database cannot be read.
    """
    from cxr_studio.studies.agenda import counted_answers, schedule_totals
    from cxr_studio.studies.log import DATABASE, AnswerLog

    named = str(database or bundle.folder / DATABASE)
    if "://" not in named and not Path(named).exists():
        return ()
    log = AnswerLog(bundle, database, create=False)
    try:
        found = []
        for name, place in log.places().items():
            sessions = log.sessions(name)
            if sessions and sessions[-1]["origin"] != "person":
                continue
            _, total = schedule_totals(bundle.schedules[place])
            found.append(KnownReader(name, len(counted_answers(log.answers(name))), total))
        return tuple(found)
    finally:
        log.close()
