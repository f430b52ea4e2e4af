"""Archives under the names that their user gave them, as the settings file holds them; secrets never stand there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from cxr_studio.errors import ArchiveError
from cxr_studio.exchange.archive import DicomSettings, Settings, WebSettings

KINDS: dict[str, type[DicomSettings] | type[WebSettings]] = {"dicom": DicomSettings, "web": WebSettings}
"""Protocol in the settings file → its settings."""


@dataclass(frozen=True)
class Named:
    """A configured archive.

    Attributes:
        name: What its user calls it.
        settings: How it is reached.
        kept: Whether its password or token is in the system's keyring; else it is asked for in each session.
    """

    name: str
    settings: Settings
    kept: bool = False


def encoded(archives: Iterable[Named]) -> dict[str, Any]:
    """Archives as JSON values, by name."""
    kinds = {kind: name for name, kind in KINDS.items()}
    return {
        each.name: {"kind": kinds[type(each.settings)], "kept": each.kept, **asdict(each.settings)} for each in archives
    }


def decoded(values: Mapping[str, Any]) -> tuple[list[Named], list[str]]:
    """Archives of the settings file, and a sentence on each that makes no sense and is left out."""
    found, faults = [], []
    for name, value in values.items():
        try:
            rest = dict(value)
            kind, kept = KINDS[rest.pop("kind")], bool(rest.pop("kept", False))
            found.append(Named(name, kind(**rest), kept))
        except ArchiveError as fault:
            faults.append(f"Archive {name} is left out: {fault}")
        except (TypeError, ValueError, KeyError, AttributeError, IndexError):
            faults.append(f"Archive {name} is left out: its settings are damaged.")
    return found, faults
