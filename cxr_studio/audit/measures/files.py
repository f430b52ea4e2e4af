"""What a file says without its pixels: how large it is, its header, its text, its history of compression."""

from __future__ import annotations

import io
import math
import struct
import warnings
from collections.abc import Iterable
from hashlib import sha256
from typing import Any

PNG, JPEG, TIFF = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", (b"II*\x00", b"MM\x00*")

PERSONAL = ("Date", "Time", "UID", "Name", "ID", "Number", "Birth", "Address", "Comments", "Age", "Sex")
"""Parts of DICOM keywords whose values are a patient's or a file's own: only whether they are there counts."""

SHORT = 40
"""Characters from which on a value is no setting but a text."""

Header = dict[str, float | str]


def size_traits(content: bytes, pixels: int) -> Header:
    """Size of a file, in bits a pixel, and in MB."""
    return {"bits a pixel": 8 * len(content) / max(pixels, 1), "file size, MB": len(content) / 1e6}


def header_traits(content: bytes) -> Header:
    """Format, bit depth, text fields, Exif, tables: whatever the header of any format says that is not a patient's."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _header(content)
    except Exception as fault:  # headers are broken in many ways, and each is a trait
        return {"header": f"damaged ({type(fault).__name__})"}


def _header(content: bytes) -> Header:
    if content.startswith(PNG):
        return _png(content)
    if content[128:132] == b"DICM":
        return _dicom(content)
    if content.startswith((JPEG, *TIFF)):
        return _pillow(content)
    return _meta_image(content)


def _png(content: bytes) -> Header:
    found: Header = {"format": "PNG"}
    kinds, words, longest, place = [], [], 0, 8
    while place + 8 <= len(content):
        length, kind = struct.unpack(">I4s", content[place : place + 8])
        body = content[place + 8 : place + 8 + length]
        name = kind.decode("latin-1")
        if name == "IHDR":
            width, height, bits, colour, _, _, interlaced = struct.unpack(">IIBBBBB", body)
            found |= {"size, pixels": f"{width} × {height}", "bits": str(bits), "colour type": str(colour)}
            found["interlaced"] = str(interlaced)
        elif name == "IDAT":
            if not longest:
                found["compression level"] = str(body[1] >> 6) if length > 1 else ""
            longest = max(longest, length)
        elif name in ("tEXt", "iTXt", "zTXt"):
            words.append(body.split(b"\0")[0].decode("latin-1"))
        kinds.append(name)
        place += length + 12
    found["longest IDAT block, bytes"] = str(longest) if longest in (8192, 16384, 32768, 65536) else "other"
    return {"text fields": _listed(words), **found, "chunks": _listed(kinds)}


def _pillow(content: bytes) -> Header:
    from PIL import Image

    with Image.open(io.BytesIO(content)) as image:
        found: Header = {"format": str(image.format), "mode": image.mode}
        found["size, pixels"] = f"{image.width} × {image.height}"
        found["fields"] = _listed(str(key) for key in image.info)
        found["Exif tags"] = _listed(str(key) for key in image.getexif())
        tables: Any = getattr(image, "quantization", None)
        if tables:
            text = repr([list(table) for table in tables.values()]).encode()
            found["JPEG quantisation"] = sha256(text).hexdigest()[:8]
            found["JPEG quantisation, sum"] = float(sum(sum(table) for table in tables.values()))
        tags: Any = getattr(image, "tag_v2", None)
        if tags is not None:
            found["TIFF tags"] = _listed(str(key) for key in tags)
            found["compression"] = str(tags.get(259, ""))
            found["bits"] = str(tags.get(258, ""))
    return found


def _dicom(content: bytes) -> Header:
    import pydicom

    dataset = pydicom.dcmread(io.BytesIO(content), stop_before_pixels=True, force=True)
    found: Header = {"format": "DICOM"}
    for part in (dataset.file_meta, dataset):
        for element in part:
            name = element.keyword or str(element.tag)
            if element.VR in ("SQ", "OB", "OW", "UN") or any(word in name for word in PERSONAL):
                known = name in ("TransferSyntaxUID", "SOPClassUID", "ImplementationClassUID")
                found[name] = str(element.value) if known else "present"
            else:
                found[name] = _value(element.value)
    return found


def _meta_image(content: bytes) -> Header:
    head = content[:32768].split(b"ElementDataFile")[0].decode("latin-1")
    pairs = [line.split("=", 1) for line in head.splitlines() if "=" in line]
    own = {key.strip(): _value(value.strip()) for key, value in pairs}
    return {"format": "MetaImage" if pairs else "unknown", "fields": _listed(own), **own}


def _value(value: object) -> str:
    text = str(value)
    return text if len(text) <= SHORT else "present"


def _listed(names: Iterable[object]) -> str:
    """Different names in order, "none" for none."""
    return " ".join(sorted({str(name) for name in names})) or "none"


def name_traits(stem: str) -> Header:
    """How a file is called: length, digits, words, and its shape ("9_9" for 00001299_000)."""
    digits = [character for character in stem if character.isdigit()]
    number = _last_number(stem)
    return {
        "length of the name": float(len(stem)),
        "digits": float(len(digits)),
        "shape of the name": _shape(stem),
        "words": _words(stem),
        "number in the name": math.log10(1 + number) if number is not None else math.nan,
    }


def _shape(stem: str) -> str:
    kinds = ["9" if c.isdigit() else "a" if c.isalpha() else c for c in stem]
    return "".join(kind for k, kind in enumerate(kinds) if not k or kind != kinds[k - 1])[:SHORT]


def _words(stem: str) -> str:
    letters = "".join(c if c.isalpha() else " " for c in stem).lower().split()
    return _listed(word for word in letters if len(word) > 2)


def _last_number(stem: str) -> int | None:
    parts = "".join(c if c.isdigit() else " " for c in stem).split()
    return int(parts[-1]) if parts else None
