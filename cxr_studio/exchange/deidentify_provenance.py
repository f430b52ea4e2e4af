"""Provenance that is handed out: what made the image stays, what leads back to the radiograph does not."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from cxr_studio.exchange.deidentify_pseudonyms import Pseudonyms
from cxr_studio.radiographs.provenance_text import KEY

Keyed = Callable[[str], str]

KEYED = frozenset({"source_sha256", "input_sha256", "kept_sha256", "provenance_sha256"})
"""Hashes of what only the owner has: they are hashed once more, with the key."""

DROPPED = frozenset({"without", "title"})
"""A patient, and words that a user may have written."""

CHECKPOINT = re.compile(r"checkpoint [0-9a-f, ]*")
"""What the program says of itself as contributing equipment."""


def deidentified_provenance(provenance: Mapping[str, Any] | None, pseudonyms: Pseudonyms) -> dict[str, object] | None:
    """Return provenance without files, folders, patients and hashes by which the radiograph could be found.

    The same radiograph still has the same (keyed) hash; generator, checkpoint, card, options, seed, boxes and version
    stay as they are.
    """
    return None if provenance is None else _cleaned(provenance, pseudonyms.keyed)


def stated_provenance(header: object) -> dict[str, object] | None:
    """The provenance in the text of a picture that the program exported, None in all others."""
    text = header.get(KEY) or header.get("ImageDescription") if isinstance(header, dict) else None
    try:
        stated = json.loads(str(text or ""))["provenance"]
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    return stated if isinstance(stated, dict) and stated else None


def derivation_of(text: str, keyed: Keyed) -> str:
    """The derivation that the program wrote into a DICOM header, cleaned; "" for anybody else's words.

    Args:
        text: Derivation Description.
        keyed: Hashes a hash.
    """
    try:
        stated = json.loads(text)
        ours = isinstance(stated, dict) and set(stated) == {"spacing", "provenance"}
    except (ValueError, RecursionError):
        return ""
    return json.dumps(_cleaned(stated, keyed), sort_keys=True) if ours else ""


def _cleaned(stated: Mapping[str, Any], keyed: Keyed) -> dict[str, object]:
    own_donor = stated.get("source") == "folder"
    hashes = {*KEYED, "sha256"} if own_donor else KEYED
    cleaned: dict[str, object] = {}
    for name, value in stated.items():
        if name in hashes:
            cleaned[name] = keyed(str(value))
        elif (name == "file" and own_donor) or (name == "donors" and isinstance(value, str)):
            cleaned[name] = ""
        elif name not in DROPPED:
            cleaned[name] = _value(value, keyed)
    return cleaned


def _value(value: Any, keyed: Keyed) -> Any:
    if isinstance(value, Mapping):
        return _cleaned(value, keyed)
    if isinstance(value, list | tuple):
        return [_value(one, keyed) for one in value]
    return value
