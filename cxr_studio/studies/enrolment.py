"""Study, images, readers and their schedules in the database, written down before the first trial."""

from __future__ import annotations

import json
from typing import Any

import sqlalchemy as sa

from cxr_studio.studies import tables
from cxr_studio.studies.bundle import Bundle, ShownTrial
from cxr_studio.studies.canonical import canonical_json
from cxr_studio.studies.clock import utc_now
from cxr_studio.studies.database import LogError


def enter_study(connection: sa.Connection, bundle: Bundle) -> None:
    """Write the study and its images down, if they are not."""
    table = tables.study
    if connection.execute(sa.select(table.c.study_id).where(table.c.study_id == bundle.study_id)).first():
        return
    values = {
        "study_id": bundle.study_id,
        "name": bundle.rules.name,
        "protocol_sha256": bundle.protocol_sha256,
        "bundle_sha256": bundle.sha256,
        "rules": canonical_json(bundle.rules.model_dump(mode="json")),
        "utc": utc_now(),
    }
    connection.execute(sa.insert(table), values)
    images = [{"study_id": bundle.study_id, "image": n, "sha256": h} for n, h in sorted(bundle.images.items())]
    connection.execute(sa.insert(tables.case_item), images)


def places(connection: sa.Connection, bundle: Bundle) -> dict[str, int]:
    """Readers of the study and their places."""
    table = tables.reader
    wanted = sa.select(table.c.reader_id, table.c.place).where(table.c.study_id == bundle.study_id)
    return {str(row[0]): int(row[1]) for row in connection.execute(wanted.order_by(table.c.place))}


def enrolled(connection: sa.Connection, bundle: Bundle, reader: str, place: int | None) -> int:
    """The place of a reader; a new reader gets one, and the schedule of that place is written down.

    Args:
        connection: A writing transaction.
        bundle: The study.
        reader: Pseudonym.
        place: A certain place; the lowest free one for None.

    Raises:
        LogError: the study is full, the place is not free, or the name differs from another's in case only.
    """
    known = places(connection, bundle)
    if reader in known:
        if place not in (None, known[reader]):
            raise LogError(f"reader {reader} already has place {known[reader] + 1}", remedy="Omit the place")
        return known[reader]
    other = next((name for name in known if name.casefold() == reader.casefold()), None)
    if other is not None:
        raise LogError(
            f"reader {reader} differs from {other}, who is in the study, in upper and lower case only",
            remedy=f"Enter {other}, or a name of your own",
        )
    count = len(bundle.schedules)
    free = [k for k in range(count) if k not in known.values()]
    if not free:
        raise LogError(f"all {count} places of the study are taken", remedy="Ask the study's owner for more")
    if place is not None and place not in free:
        raise LogError(f"place {place + 1} is taken or does not exist", remedy=f"Choose one of 1 to {count}")
    given = free[0] if place is None else place
    _enter_reader(connection, bundle, reader, given)
    return given


def study_fault(connection: sa.Connection, bundle: Bundle) -> str:
    """What of the kept study differs from the bundle, a clause; "" for nothing."""
    table = tables.study
    wanted = sa.select(table.c.bundle_sha256).where(table.c.study_id == bundle.study_id)
    kept = connection.execute(wanted).scalar_one_or_none()
    if kept is None:
        return "the database does not hold this study"
    if kept != bundle.sha256:
        return "these answers belong to another bundle of the study"
    images = tables.case_item
    rows = connection.execute(sa.select(images.c.image, images.c.sha256).where(images.c.study_id == bundle.study_id))
    return "" if {row[0]: row[1] for row in rows} == dict(bundle.images) else "the kept list of images has been changed"


def schedule_fault(connection: sa.Connection, bundle: Bundle, reader: str, place: int) -> str:
    """What of a reader's kept schedule differs from the bundle, a clause; "" for nothing."""
    table = tables.schedule
    wanted = sa.select(table).where(table.c.study_id == bundle.study_id, table.c.reader_id == reader)
    found = connection.execute(wanted.order_by(table.c.schedule_index)).mappings().all()
    kept = [{k: v for k, v in row.items() if k not in ("study_id", "reader_id")} for row in found]
    if kept == [_schedule_row(trial) for trial in bundle.schedules[place]]:
        return ""
    return f"the kept schedule of reader {reader} differs from the bundle"


def _enter_reader(connection: sa.Connection, bundle: Bundle, reader: str, place: int) -> None:
    values = {
        "study_id": bundle.study_id,
        "reader_id": reader,
        "place": place,
        "schedule_sha256": bundle.schedule_sha256(place),
        "utc": utc_now(),
    }
    connection.execute(sa.insert(tables.reader), values)
    rows = [
        {"study_id": bundle.study_id, "reader_id": reader, **_schedule_row(trial)} for trial in bundle.schedules[place]
    ]
    connection.execute(sa.insert(tables.schedule), rows)


def _schedule_row(trial: ShownTrial) -> dict[str, Any]:
    return {
        "schedule_index": trial.index,
        "trial_uid": trial.uid,
        "block": trial.block,
        "phase": trial.phase,
        "images": json.dumps(list(trial.images)),
        "repeat_of": trial.repeat_of,
    }
