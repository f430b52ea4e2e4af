"""A DICOM data set without its patient: the Basic Application Level Confidentiality Profile of PS3.15, annex E."""

from __future__ import annotations

import warnings
from copy import copy
from dataclasses import dataclass
from typing import Any

from cxr_studio.errors import ReadError, StudioError, reason_of
from cxr_studio.exchange.deidentify_provenance import CHECKPOINT, derivation_of
from cxr_studio.exchange.deidentify_pseudonyms import Pseudonyms
from cxr_studio.exchange.deidentify_residue import Residue
from cxr_studio.exchange.deidentify_table import BYTES, DATES, TEXTS, Action, Profile, action_of, words_of
from cxr_studio.exchange.deidentify_values import clipped_age, dummy, plausible, shifted
from cxr_studio.version import program_version

BASIC = ("113100", "Basic Application Confidentiality Profile")
GRAPHICS = ("113103", "Clean Graphics Option")
CONTENT = ("113104", "Clean Structured Content Option")
SHIFTED = ("113107", "Retain Longitudinal Temporal Information Modified Dates Option")
CHARACTERISTICS = ("113108", "Retain Patient Characteristics Option")
UIDS = ("113110", "Retain UIDs Option")
"""Codes of PS3.16, CID 7050."""

DATED = frozenset({"PR", "SEG", "KO", "SR"})
"""Modalities of objects that need a content date."""

DOCUMENTS = "1.2.840.10008.5.1.4.1.1.104."
"""Root of encapsulated documents, whose text no table of attributes can clean."""


def deidentified(dataset: Any, profile: Profile, pseudonyms: Pseudonyms, *, patient: str = "") -> Any:
    """Return a data set without its patient; the pixels are the same bytes, and the given one stays as it is.

    Names, dates, places, private attributes, text that may hold a name, overlays and the file's own words on its origin
    go; identifiers are replaced by keyed ones, so that objects which point to one another still do. It says what was
    done. A data set that the same key has de-identified comes back as it is, unless the profile asks for more.

    Args:
        dataset: A pydicom Dataset, with ``file_meta`` where it is a file's.
        profile: With its options.
        pseudonyms: The owner's table; a new patient is entered.
        patient: Whose it is, where that is known better than from the data set; "" = as ``patient_in``.

    Raises:
        ReadError: the header is damaged, or holds a whole document.
        WriteError: the table cannot be written.
    """
    if str(dataset.get("SOPClassUID", "")).startswith(DOCUMENTS):
        raise ReadError("it is a document, which cannot be de-identified", remedy="Leave it out")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return _Walk(dataset, profile, pseudonyms, patient).result()
        except StudioError:
            raise
        except Exception as fault:  # pydicom raises many kinds on damaged headers
            what = f"the DICOM header is damaged ({reason_of(fault)})"
            raise ReadError(what, remedy="Copy the file again, or leave it out") from fault


def patient_in(dataset: Any) -> str:
    """Whose a data set is, as it says: identifier, else name and birth date, else study; "" where it says nothing."""
    known = str(dataset.get("PatientID") or "").strip()
    if known:
        return known
    name = str(dataset.get("PatientName") or "").strip()
    if name:
        return f"{name} {dataset.get('PatientBirthDate') or ''}".strip()
    return str(dataset.get("StudyInstanceUID") or "")


@dataclass(frozen=True)
class _Done:
    """What the same key did to a data set before: nothing of it is done twice.

    Attributes:
        name: The patient's pseudonym, "" where nothing was done.
        uids: Whether UIDs were replaced.
        dates: "MODIFIED" or "REMOVED".
    """

    name: str = ""
    uids: bool = False
    dates: str = ""


class _Walk:
    """One data set on its way through the table."""

    def __init__(self, dataset: Any, profile: Profile, pseudonyms: Pseudonyms, patient: str) -> None:
        self._source, self._profile, self._pseudonyms = dataset, profile, pseudonyms
        self._done = _done(dataset, pseudonyms)
        self._pseudonym = pseudonyms.of(self._done.name or patient or patient_in(dataset))
        self._keyed = str if self._done.name else pseudonyms.keyed
        self._dated = str(dataset.get("Modality", "")) in DATED
        self._content = self._graphics = False

    def result(self) -> Any:
        """The new data set."""
        clean = self._items(self._source)
        Residue(self._source).remove_from(clean)
        clean.PatientID = clean.PatientName = self._pseudonym.name
        clean.preamble = b"\0" * 128
        clean.file_meta = self._meta(clean)
        self._state(clean)
        encoding = self._source.original_encoding
        if None not in encoding:
            clean.set_original_encoding(*encoding, self._source.original_character_set)
        return clean

    def _items(self, dataset: Any) -> Any:
        """One level, and those below it."""
        import pydicom

        clean = pydicom.Dataset()
        ours = str(dataset.get("Manufacturer", "")) == "CXR Studio"
        for tag in sorted(dataset.keys()):
            keyword, vr = _known(dataset, tag)
            kept = self._ours(dataset, keyword, ours=ours)
            if kept:
                clean.add_new(tag, vr, kept)
                continue
            action = action_of(int(tag), keyword, vr, self._profile)
            if action is not Action.REMOVE:
                _check(dataset, tag, vr)
                clean[tag] = self._element(dataset[tag], action, vr)
        return clean

    def _ours(self, dataset: Any, keyword: str, *, ours: bool) -> str:
        """The program's own words, which stay; "" for all others."""
        if keyword == "DerivationDescription":
            return derivation_of(str(dataset.get(keyword) or ""), self._keyed)
        if keyword == "ContributionDescription" and ours:
            words = str(dataset.get(keyword) or "")
            return words if CHECKPOINT.fullmatch(words) else ""
        return ""

    def _element(self, element: Any, action: Action, vr: str) -> Any:
        made = copy(element)
        if action is Action.CLEAN:
            self._content |= element.keyword == "ContentSequence"
            self._graphics |= element.keyword == "GraphicAnnotationSequence"
            made.value = [self._items(item) for item in element.value or ()]
        elif action is Action.UID and not self._done.uids:
            made.value = _each(element.value, self._pseudonyms.uid)
        elif action is Action.SHIFT and not self._done.dates:
            made.value = shifted(element.value, self._pseudonym.days)
        elif action is Action.EMPTY or (action is Action.DUMMY and self._may_be_empty(element)):
            made.value = [] if element.VR == "SQ" else None
        elif action is Action.DUMMY:
            made.value = dummy(element.VR)
        elif element.VR == "AS":
            made.value = clipped_age(element.value)
        elif not plausible(vr, element.value) and element.keyword not in words_of("structural"):
            made.value = None
        return made

    def _may_be_empty(self, element: Any) -> bool:
        """Whether a date that some objects need may be left out of this one: a dummy would be taken for a date."""
        return element.VR in DATES and element.keyword.startswith("Content") and not self._dated

    def _meta(self, clean: Any) -> Any:
        """File meta information that says nothing of where the file was."""
        import pydicom

        meta = pydicom.dataset.FileMetaDataset()
        before = getattr(self._source, "file_meta", None) or {}
        meta.TransferSyntaxUID = before.get("TransferSyntaxUID") or pydicom.uid.ExplicitVRLittleEndian
        meta.MediaStorageSOPClassUID = clean.get("SOPClassUID") or before.get("MediaStorageSOPClassUID") or ""
        meta.MediaStorageSOPInstanceUID = clean.get("SOPInstanceUID") or ""
        meta.ImplementationVersionName = "CXR_STUDIO"
        return meta

    def _state(self, clean: Any) -> None:
        """Say what was done."""
        profile = self._profile
        dates = "MODIFIED" if profile.shift_dates and self._done.dates != "REMOVED" else "REMOVED"
        options = (
            (BASIC, True),
            (GRAPHICS, self._graphics),
            (CONTENT, self._content),
            (SHIFTED, dates == "MODIFIED"),
            (CHARACTERISTICS, profile.retain_characteristics),
            (UIDS, profile.retain_uids and not self._done.uids),
        )
        clean.PatientIdentityRemoved = "YES"
        clean.DeidentificationMethod = [
            "DICOM PS3.15 2026c Table E.1-1",
            f"CXR Studio {program_version()}"[:64],
            f"key {self._pseudonyms.mark}",
        ]
        clean.DeidentificationMethodCodeSequence = [_code(*code) for code, used in options if used]
        clean.LongitudinalTemporalInformationModified = dates


def _done(dataset: Any, pseudonyms: Pseudonyms) -> _Done:
    """What this key did before, as the data set states it."""
    methods = dataset.get("DeidentificationMethod") or ()
    methods = [methods] if isinstance(methods, str) else methods
    name = str(dataset.get("PatientID") or "")
    if f"key {pseudonyms.mark}" not in methods or not pseudonyms.issued(name):
        return _Done()
    codes = {str(item.get("CodeValue", "")) for item in dataset.get("DeidentificationMethodCodeSequence") or ()}
    return _Done(name, UIDS[0] not in codes, str(dataset.get("LongitudinalTemporalInformationModified", "REMOVED")))


def _known(dataset: Any, tag: Any) -> tuple[str, str]:
    """Keyword and value representation of an element that nobody has read yet, as the dictionary has them."""
    from pydicom.datadict import dictionary_VR, keyword_for_tag

    keyword, stated = str(keyword_for_tag(tag)), str(dataset.get_item(tag).VR or "")
    if not keyword:
        return "", stated
    known = str(dictionary_VR(tag))
    return keyword, stated if stated in known.split(" or ") else known


def _check(dataset: Any, tag: Any, vr: str) -> None:
    """Refuse an element whose value would be read as what it is not.

    Raises:
        ValueError: the file states quite another representation than the standard.
    """
    stated = str(dataset.get_item(tag).VR or "UN")
    if stated != "UN" and _kind(stated) != _kind(vr):
        raise ValueError(f"{tag} is stated as {stated}, not {vr}")


def _kind(vr: str) -> str:
    """Text, a date, bytes, a number: representations of one kind are often confused."""
    for kind in (TEXTS | {"CS"}, DATES, BYTES | {"US or OW", "US or SS or OW"}, {"UI"}, {"SQ"}, {"AS"}):
        if vr in kind:
            return min(kind)
    return "number"


def _each(value: Any, change: Any) -> Any:
    """A value, or each of several."""
    if value is None or isinstance(value, str):
        return change(str(value or ""))
    return [change(str(one)) for one in value]


def _code(value: str, meaning: str) -> Any:
    import pydicom

    item = pydicom.Dataset()
    item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = value, "DCM", meaning
    return item
