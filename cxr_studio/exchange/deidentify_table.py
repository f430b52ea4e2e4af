"""Table E.1-1 of DICOM PS3.15: what becomes of an attribute that can tell who a patient is.

Where the table leaves a choice that depends on the kind of object ("X/Z/D"), the one is taken that is valid in every
object: an empty value instead of none, a dummy instead of an empty one. Dates and sequences are the exception: those
attributes are optional in radiographs, and a made-up date would be read as one.
"""

from __future__ import annotations

import csv
import tomllib
from dataclasses import dataclass
from enum import Enum
from functools import cache

from cxr_studio.resources import resource

DATES = frozenset({"DA", "DT", "TM"})
TEXTS = frozenset({"AE", "LO", "LT", "PN", "SH", "ST", "UC", "UR", "UT"})
"""Value representations that can hold a name."""

BYTES = frozenset({"OB", "OD", "OF", "OL", "OV", "OW", "UN", "OB or OW"})
SAFE_BYTES = (0x0028, 0x7FE0)
"""Groups of tables of grey and of pixels: the only bytes that are kept."""

CURVES_AND_OVERLAYS = range(0x5000, 0x501F), range(0x6000, 0x601F)

NEEDED_DATES = (0x00700082, 0x00700083)
"""Date and time of a presentation state: the table removes them, its module asks for them (PS3.3 C.11.10)."""


class Action(Enum):
    """What becomes of an attribute."""

    KEEP = "keep"
    REMOVE = "remove"
    EMPTY = "empty"
    DUMMY = "dummy"
    UID = "uid"
    SHIFT = "shift"
    CLEAN = "clean"


@dataclass(frozen=True)
class Profile:
    """The Basic Application Level Confidentiality Profile, with its options; without any it is the strictest.

    Attributes:
        retain_uids: Studies, series and instances keep their UIDs, by which whoever has the originals can find them.
        shift_dates: Dates are moved by a number of days of the patient's own instead of removed: intervals stay true.
        retain_characteristics: Sex, age (90 and above as 90), size and weight of the patient and the like stay.
    """

    retain_uids: bool = False
    shift_dates: bool = False
    retain_characteristics: bool = False


@dataclass(frozen=True)
class Row:
    """A row of the table: the action of the basic profile, and of the options where they differ ("" where not)."""

    basic: str
    retain_uids: str
    modified_dates: str
    patient_characteristics: str


@cache
def table() -> dict[int, Row]:
    """Tag → row; curves and overlays (50xx, 60xx), which are removed as a whole, are left out."""
    text = resource("deidentification", "basic_profile.csv").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    return {int(tag, 16): Row(*actions) for tag, _keyword, *actions in list(csv.reader(lines))[1:] if "x" not in tag}


@cache
def words_of(name: str) -> frozenset[str]:
    """A list of words from ``beyond_the_table.toml``, which says what they are for."""
    with resource("deidentification", "beyond_the_table.toml").open("rb") as stream:
        return frozenset(tomllib.load(stream)[name])


def action_of(tag: int, keyword: str, vr: str, profile: Profile) -> Action:
    """What becomes of an attribute.

    Args:
        tag: Group and element, ``0x00100010``.
        keyword: Of the dictionary, "" where it has none.
        vr: Value representation.
        profile: With its options.
    """
    group, row = tag >> 16, table().get(tag)
    if group % 2 or group < 0x0008 or any(group in groups for groups in CURVES_AND_OVERLAYS):
        return Action.REMOVE
    if row is None:
        return _unnamed(group, keyword, vr, profile)
    if (profile.retain_uids and row.retain_uids == "K") or (
        profile.retain_characteristics and row.patient_characteristics == "K"
    ):
        return Action.CLEAN if vr == "SQ" else Action.KEEP
    if profile.shift_dates and row.modified_dates == "C" and vr in {*DATES, "SH"}:
        return Action.SHIFT if vr in ("DA", "DT") else Action.KEEP
    return Action.DUMMY if tag in NEEDED_DATES else _named(row.basic, vr)


def _named(code: str, vr: str) -> Action:
    """What the basic profile does, with a choice made where it leaves one."""
    optional = vr in DATES or vr == "SQ"
    if code == "X" or (optional and code in ("X/D", "X/Z/D")):
        return Action.REMOVE
    if code == "U" or (vr == "UI" and "D" in code):
        return Action.UID
    if code in ("Z", "X/Z"):
        return Action.EMPTY
    if vr == "SQ":
        return Action.CLEAN
    return Action.DUMMY


def _unnamed(group: int, keyword: str, vr: str, profile: Profile) -> Action:
    """An attribute that the table does not name."""
    if not keyword or (vr in BYTES and group not in SAFE_BYTES):
        return Action.REMOVE
    if keyword in words_of("needed_text"):
        return Action.DUMMY
    if vr in TEXTS or vr == "AS":
        return Action.KEEP if keyword in words_of("kept_text") else Action.EMPTY
    if vr in DATES:
        return Action.EMPTY if not profile.shift_dates else Action.KEEP if vr == "TM" else Action.SHIFT
    if vr == "UI":
        return Action.KEEP if profile.retain_uids or keyword in words_of("class_uids") else Action.UID
    return Action.CLEAN if vr == "SQ" else Action.KEEP
