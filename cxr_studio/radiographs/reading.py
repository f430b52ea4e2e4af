"""Opening a radiograph of any supported format, chosen by content."""

from __future__ import annotations

from pathlib import Path

from cxr_studio.errors import ReadError
from cxr_studio.radiographs.radiograph import Radiograph

SUFFIXES = frozenset({".dcm", ".dicom", ".png", ".tif", ".tiff", ".jpg", ".jpeg", ".mha", ".mhd"})
"""File endings that a folder is searched for; an opened file may have any."""

PLAIN_MAGIC = (b"\x89PNG", b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+", b"\xff\xd8\xff")
META_KEYS = (b"ObjectType", b"NDims", b"Comment")
DICOM_GROUPS = (b"\x02\x00", b"\x08\x00", b"\x00\x08")
"""First bytes of a DICOM file without preamble: group 0002 or 0008."""


def read_radiograph(path: str | Path) -> Radiograph:
    """Read one radiograph.

    Args:
        path: DICOM (uncompressed, RLE, JPEG, JPEG-LS, JPEG 2000, HTJ2K), PNG, TIFF, JPEG or MetaImage.

    Returns:
        The radiograph with its stored values at full depth.

    Raises:
        ReadError: missing, unreadable, empty, damaged, or not a single grey-scale image of 64 to 16,384 pixels a side.
    """
    path = Path(path)
    content = _content(path)
    if content[128:132] == b"DICM" or (path.suffix.lower() in (".dcm", ".dicom") and content[:2] in DICOM_GROUPS):
        from cxr_studio.radiographs.dicom_reading import read_dicom

        return read_dicom(content, path)
    if content.startswith(PLAIN_MAGIC):
        from cxr_studio.radiographs.plain_reading import read_plain

        return read_plain(content, path)
    if content.lstrip().startswith(META_KEYS):
        from cxr_studio.radiographs.meta_image import read_meta_image

        return read_meta_image(path, content)
    raise ReadError(
        "the file is not a radiograph that can be read",
        file=path,
        remedy="Choose a DICOM, PNG, TIFF, JPEG or MetaImage file",
    )


def _content(path: Path) -> bytes:
    try:
        content = path.read_bytes()
    except FileNotFoundError as fault:
        raise ReadError("there is no such file", file=path, remedy="Check its name") from fault
    except IsADirectoryError as fault:
        raise ReadError("it is a folder", file=path, remedy="Choose a file in it") from fault
    except OSError as fault:
        raise ReadError(
            f"the file cannot be read ({fault.strerror})", file=path, remedy="Check its permissions"
        ) from fault
    if not content:
        raise ReadError("the file is empty", file=path, remedy="Copy it again")
    return content
