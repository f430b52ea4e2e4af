"""Who saw what an object reports: a reader, a detector, or the program."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cxr_studio.exchange.subject import MAKER
from cxr_studio.version import program_version


@dataclass(frozen=True)
class Observer:
    """Who.

    Attributes:
        reader: Name of a person, "" where none looked.
        device: Name of a detector or program.
        version: Of the device: a checkpoint's hash, or the program's version.
    """

    reader: str = ""
    device: str = MAKER
    version: str = ""


def observed_by(observer: Observer) -> tuple[Any, Any]:
    """The person (None where there is none) and the device, as templates TID 1003 and TID 1004 have them."""
    import highdicom as hd
    import pydicom

    person = None
    if observer.reader.strip():
        named = hd.sr.PersonObserverIdentifyingAttributes(_person_name(observer.reader))
        person = hd.sr.ObserverContext(_type("121006", "Person"), named)
    version = observer.version or program_version()
    uid = pydicom.uid.generate_uid(entropy_srcs=[MAKER, observer.device, version])
    device = hd.sr.DeviceObserverIdentifyingAttributes(
        uid=uid, name=observer.device, manufacturer_name=MAKER, model_name=observer.device, serial_number=version
    )
    return person, hd.sr.ObserverContext(_type("121007", "Device"), device)


def _type(value: str, meaning: str) -> Any:
    from pydicom.sr.coding import Code

    return Code(value, "DCM", meaning)


def _person_name(name: str) -> str:
    """A name as DICOM writes it: family, then given names (PS3.5 6.2.1)."""
    plain = " ".join(name.replace("\\", " ").replace("=", " ").split())
    if "^" in plain or " " not in plain:
        return plain if "^" in plain else f"{plain}^"
    given, family = plain.rsplit(" ", 1)
    return f"{family}^{given}"
