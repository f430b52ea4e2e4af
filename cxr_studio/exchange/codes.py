"""Codes of what is segmented and reported: DICOM's own (DCM), SNOMED CT (SCT), UCUM, and a private scheme."""

from __future__ import annotations

from typing import Any

PRIVATE = "99CXRSTUDIO"
"""Our coding scheme, for findings that have no code here (PS3.3 8.2)."""

NODULE = ("27925004", "SCT", "Nodule")
FINDINGS = {"nodule": NODULE, "mass": ("4147007", "SCT", "Mass")}
"""Label, small letters → value, scheme and meaning."""

ABNORMAL = ("49755003", "SCT", "Morphologically Abnormal Structure")
RELATION = ("309825002", "SCT", "Spatial and Relational Concept")
REGION = ("111099", "DCM", "Selected region")
INTELLIGENCE = ("123110", "DCM", "Artificial Intelligence")
DIAMETER = ("81827009", "SCT", "Diameter")
CERTAINTY = ("111012", "DCM", "Certainty of Finding")
CHEST = ("399208008", "SCT", "Plain chest X-ray")
ABSENT = ("2667000", "SCT", "Absent")
REPORT = ("126000", "DCM", "Imaging Measurement Report")
OF_INTEREST = ("113000", "DCM", "Of Interest")
MILLIMETRE = ("mm", "UCUM", "millimeter")
PIXELS = ("{pixels}", "UCUM", "Pixels")
PERCENT = ("%", "UCUM", "Percent")
NO_UNITS = ("1", "UCUM", "no units")


def code(entry: tuple[str, str, str]) -> Any:
    """A code as highdicom takes it."""
    from pydicom.sr.coding import Code

    return Code(*entry)


def finding_code(label: str) -> Any:
    """The code of a finding; a private one where the list has none."""
    plain = label.strip().lower() or "finding"
    private = ("".join(c for c in plain.upper() if c.isalnum())[:16] or "FINDING", PRIVATE, plain.capitalize()[:64])
    return code(FINDINGS.get(plain, private))
