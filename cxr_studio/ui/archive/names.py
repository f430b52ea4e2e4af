"""Names of patients as people type and read them, and as DICOM writes them (PS3.5, 6.2, PN)."""

from __future__ import annotations


def dicom_name(typed: str) -> str:
    """A name as DICOM writes it: ``Doe, Jane`` is ``Doe^Jane``."""
    return "^".join(part.strip() for part in typed.split(",")).strip("^ ")


def shown_name(name: str) -> str:
    """A name as people read it: ``Doe^Jane^^Dr`` is ``Doe, Jane``; of several scripts the first."""
    parts = [part.strip() for part in name.split("=")[0].split("^")[:2]]
    return ", ".join(part for part in parts if part)
