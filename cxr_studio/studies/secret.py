"""The secret of a study: names, order and sides follow from it, and from nothing that a reader could know."""

from __future__ import annotations

import json
import os
import secrets
import tempfile
from pathlib import Path

from cxr_studio.errors import ReadError, StudioError, WriteError

BYTES = 24


def study_secret(path: Path, protocol_sha256: str = "") -> str:
    """The secret in a file, which only its owner may read; drawn where there is none. Several may ask at once.

    Args:
        path: The file; one a study.
        protocol_sha256: Of the study's protocol; "" for a file in a folder whose plan says it.

    Returns:
        Hex.

    Raises:
        StudioError: it is another study's.
        ReadError: it is no secret.
        WriteError: it cannot be written.
    """
    if not path.exists():
        _draw(path, protocol_sha256)
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        secret, protocol = str(kept["secret"]), kept["protocol"]
        if len(bytes.fromhex(secret)) < 16:
            raise ValueError("too short")
    except (OSError, ValueError, TypeError, KeyError) as fault:
        raise ReadError("the file is no secret of a study", file=path, remedy="Give a new name") from fault
    if protocol != protocol_sha256:
        what = "it is the secret of a study with another protocol"
        raise StudioError(what, file=path, remedy="Give every study a secret of its own")
    return secret


def _draw(path: Path, protocol_sha256: str) -> None:
    """Write a new secret whole, unless another process has written one meanwhile."""
    text = json.dumps({"secret": secrets.token_hex(BYTES), "protocol": protocol_sha256}) + "\n"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, beside = tempfile.mkstemp(prefix=f".{path.stem}-", suffix=path.suffix, dir=path.parent)
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as stream:
                stream.write(text)
                stream.flush()
                os.fsync(stream.fileno())
            _named(Path(beside), path)
        finally:
            Path(beside).unlink(missing_ok=True)
    except OSError as fault:
        what = f"the file could not be written ({fault.strerror or fault})"
        raise WriteError(what, file=path, remedy="Choose another folder or free some space") from fault


def _named(beside: Path, path: Path) -> None:
    """Give a file its name, the first that asks; on a disk without links the last."""
    try:
        os.link(beside, path)
    except FileExistsError:
        return
    except OSError:
        if not path.exists():
            os.replace(beside, path)
