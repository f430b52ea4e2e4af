"""What an archive's answers say, whatever their character set, and how a query is put to it."""

from __future__ import annotations

import re
import warnings
from dataclasses import replace
from datetime import date, datetime
from fnmatch import fnmatchcase
from typing import Any

from cxr_studio.errors import ArchiveError
from cxr_studio.exchange.archive import Found, Query

MOST_STUDIES = 2_000
"""Studies that an archive may answer with before it is asked to stop: the newest of them are what a search returns."""

STUDY_KEYS = (
    "PatientName",
    "PatientID",
    "StudyDate",
    "AccessionNumber",
    "ModalitiesInStudy",
    "StudyDescription",
    "StudyInstanceUID",
)
"""Attributes of a study that are asked for (PS3.4 C.6.2.1.2)."""

SERIES_KEYS = ("Modality", "SeriesDescription", "SeriesInstanceUID", "NumberOfSeriesRelatedInstances")
"""Attributes of a series that are asked for (PS3.4 C.6.2.1.3)."""


def study_conditions(query: Query, modality: str) -> dict[str, str]:
    """Keyword → value of a search for studies; only what is a condition.

    Raises:
        ArchiveError: a series is asked for without its study.
    """
    if query.series_uid and not query.study_uid:
        raise ArchiveError("a series is found by its study", remedy="Give the Study Instance UID too")
    conditions = {
        "PatientName": _beginning(query.name.strip()),
        "PatientID": query.patient_id.strip(),
        "StudyDate": date_range(query.since, query.until),
        "AccessionNumber": query.accession.strip(),
        "ModalitiesInStudy": modality,
        "StudyInstanceUID": query.study_uid.strip(),
    }
    return {keyword: value for keyword, value in conditions.items() if value}


def without_encoding(query: Query) -> Query:
    """A wider query, with ``*`` for whatever a web address has to encode."""

    def plain(condition: str) -> str:
        return re.sub(r"[^A-Za-z0-9_.~-]+", "*", condition)

    return replace(query, name=plain(_beginning(query.name.strip())), patient_id=plain(query.patient_id.strip()))


def matches(study: Any, query: Query) -> bool:
    """Whether a study fits the conditions on the patient; capitals are as good as small letters."""
    asked = {"PatientName": _beginning(query.name.strip()), "PatientID": query.patient_id.strip()}
    return all(
        not pattern or fnmatchcase(text(study, keyword).casefold(), pattern.casefold().replace("[", "[[]"))
        for keyword, pattern in asked.items()
    )


def date_range(since: date | None, until: date | None) -> str:
    """A range as DICOM writes it: ``20260101-20261231``, open at either end, "" for any date (PS3.4 C.2.2.2.5)."""
    if since is None and until is None:
        return ""
    first, last = (f"{day:%Y%m%d}" if day is not None else "" for day in (since, until))
    return first if first == last else f"{first}-{last}"


def wanted(series: Found, query: Query) -> bool:
    """Whether a series fits the conditions that are asked of series."""
    fits = not query.modalities or series.modality in query.modalities
    return fits and query.series_uid in ("", series.series_uid)


def found_series(study: Any, series: Any) -> Found:
    """A series from the archive's answers on its study and on itself.

    Args:
        study: A pydicom Dataset with what STUDY_KEYS names, as far as the archive knows it.
        series: The same for SERIES_KEYS.

    Returns:
        Texts decoded by the Specific Character Set of the answer they stand in.
    """
    count = text(series, "NumberOfSeriesRelatedInstances")
    return Found(
        study_uid=text(study, "StudyInstanceUID"),
        series_uid=text(series, "SeriesInstanceUID"),
        name=text(study, "PatientName"),
        patient_id=text(study, "PatientID"),
        study_date=_day(text(study, "StudyDate")),
        modality=text(series, "Modality"),
        study=text(study, "StudyDescription"),
        series=text(series, "SeriesDescription"),
        accession=text(study, "AccessionNumber"),
        images=int(count) if count.isdecimal() else None,
    )


def text(answer: Any, keyword: str) -> str:
    """A value of an answer; "" where it is missing or makes no sense; several values with a comma between them."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            value = answer.get(keyword)
            if value is None:
                return ""
            if isinstance(value, list | tuple) or type(value).__name__ == "MultiValue":
                return ", ".join(str(each) for each in value)
            return str(value).strip(" \0")
        except Exception:  # pydicom raises many kinds on damaged values
            return ""


def newest_first(found: list[Found], most: int) -> list[Found]:
    """Series by date, name and identifier; those without a date come last."""
    ordered = sorted(found, key=lambda each: (each.name, each.patient_id, each.study_uid, each.series_uid))
    ordered.sort(key=lambda each: each.study_date or date.min, reverse=True)
    return ordered[:most]


def _beginning(name: str) -> str:
    return name if not name or any(sign in name for sign in "*?") else f"{name}*"


def _day(written: str) -> date | None:
    for form in ("%Y%m%d", "%Y.%m.%d", "%Y-%m-%d"):
        try:
            return datetime.strptime(written, form).date()
        except ValueError:
            continue
    return None
