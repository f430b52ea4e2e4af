"""DICOM files whose headers are legal but odd, or wrong in ways that are met, with the values that they must give."""

from __future__ import annotations

import random
import warnings
from dataclasses import dataclass, field
from functools import lru_cache
from io import BytesIO

import numpy as np
import pydicom
from pydicom.dataelem import DataElement
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGLSLossless,
    RLELossless,
)

from tests.radiographs.conftest import make_dicom

ROWS, COLUMNS = 64, 68
PLAIN = (ExplicitVRLittleEndian, ImplicitVRLittleEndian, ExplicitVRBigEndian, DeflatedExplicitVRLittleEndian)
COMPRESSED = (RLELossless, JPEG2000Lossless, JPEGLSLossless)

WORDS = {
    "MONOCHROME2": ["MONOCHROME2"] * 6 + ["MONOCHROME 2", "monochrome2", " MONOCHROME2", "MONOCHROME_2", "Monochrome2"],
    "MONOCHROME1": ["MONOCHROME1"] * 6 + ["MONOCHROME 1", "monochrome1", "MONOCHROME1 ", "MONOCHROME-1"],
    "": [None, "", "RGB", "PALETTE COLOR", "YBR_FULL_422", "MONOCHROME", "MONOCHROME3", "HSV"],
}
NUMBERS = ["0", "1", "-1", "1e-3", "0.5", "2", "100", "4096", "-32768", "65535", "1e9", "1e30", "-1e30", "1e-30", "nan"]
PADDINGS = [0, 1, 7, 255, 4095, 32767, 65535, -1, -1024, -2000, -32768]


@dataclass
class OddDicom:
    """A file and what must come of it.

    Attributes:
        content: The file.
        stored: The values that it must give, or None where it must be refused.
        high_bit: False where the header's High Bit, which pydicom ignores and GDCM obeys, is not as usual.
        sound: False where the header is so wrong that other libraries may give anything.
        overlay: Bits of an overlay that lies in the pixels.
        name_bytes: Patient's name, byte for byte.
    """

    content: bytes
    stored: np.ndarray | None
    high_bit: bool = True
    sound: bool = True
    overlay: np.ndarray | None = None
    name_bytes: bytes = b"P"
    header: pydicom.Dataset = field(default_factory=pydicom.Dataset)


def odd_dicom(seed: int) -> OddDicom:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pydicom frowns at what is made here
        return _odd(random.Random(seed))


def _odd(chance: random.Random) -> OddDicom:
    compressed = chance.random() < 0.25
    if compressed:
        header, odd = _compressed(chance)
    else:
        header, odd = _plain(chance)
    for change in (_photometric, _counts, _windows, _tables, _rescale, _padding, _spacing, _text):
        if chance.random() < 0.4:
            change(header, odd, chance)
    odd.header = header
    if header.file_meta.TransferSyntaxUID == DeflatedExplicitVRLittleEndian:
        odd.name_bytes = b"P"
    odd.content = _bytes(header, odd.name_bytes)
    return odd


def _image(chance: random.Random, bits: int, *, signed: bool) -> np.ndarray:
    """A smooth image over much of the range of so many bits."""
    y, x = np.mgrid[:ROWS, :COLUMNS]
    low = -(1 << (bits - 1)) if signed else 0
    top = (1 << bits) - 1
    share = 0.05 + 0.9 * ((y * chance.uniform(0.2, 1) + x) % 97) / 97
    values = low + np.round(share * top).astype(np.int64)
    return values.astype(np.int16 if signed else np.uint8 if bits <= 8 and chance.random() < 0.5 else np.uint16)


def _plain(chance: random.Random) -> tuple[pydicom.Dataset, OddDicom]:
    """Uncompressed: any bits, High Bit at the top or wrong, garbage or an overlay beside the values."""
    signed = chance.random() < 0.3
    bits = chance.choice([2, 3, 5, 7, 8, 10, 12, 12, 12, 14, 15, 16, 16])
    values = _image(chance, bits, signed=signed)
    odd = OddDicom(b"", values)
    allocated = 8 * values.itemsize
    raw = values.view(f"u{values.itemsize}") & np.array((1 << bits) - 1, f"u{values.itemsize}")
    spare = allocated - bits
    high, shift = bits - 1, 0
    kind = chance.choice(["usual", "usual", "shifted", "impossible", "garbage", "overlay"]) if spare else "usual"
    if kind == "shifted":
        shift = chance.randint(1, spare)
        raw, high = raw << shift, bits - 1 + shift
    elif kind == "impossible":
        high, odd.sound = chance.choice([*range(bits - 1), allocated, 99]), False
    elif kind == "garbage":
        noise = np.random.default_rng(chance.randrange(2**32)).integers(0, 1 << spare, raw.shape)
        raw = raw | (noise << bits).astype(raw.dtype)
    odd.high_bit = kind in ("usual", "overlay", "garbage")
    if kind == "overlay":
        place = chance.randint(bits, allocated - 1)
        plane = (np.random.default_rng(chance.randrange(2**32)).random(raw.shape) < 0.1).astype(raw.dtype)
        raw, odd.overlay = raw | (plane << place), plane
    if kind == "usual" and signed and chance.random() < 0.5:
        raw = values.view(raw.dtype)
    header = make_dicom(raw.view(values.dtype), bits=bits, HighBit=high)
    if kind == "overlay":
        group = chance.choice([0x6000, 0x6002, 0x601E])
        for element, vr, value in (
            (0x10, "US", ROWS),
            (0x11, "US", COLUMNS),
            (0x100, "US", allocated),
            (0x102, "US", place),
        ):
            header.add_new((group, element), vr, value)
        header.add_new((group, 0x40), "CS", "G")
        header.add_new((group, 0x50), "SS", [1, 1])
    elif chance.random() < 0.1 and not shift:
        del header.HighBit
        odd.sound = False
    header.file_meta.TransferSyntaxUID = chance.choice(PLAIN)
    if header.file_meta.TransferSyntaxUID == ExplicitVRBigEndian and values.itemsize == 2:
        header.PixelData = np.frombuffer(header.PixelData, np.uint16).byteswap().tobytes()
    return header, odd


@lru_cache(maxsize=64)
def _encoded(syntax: str, bits: int, signed: bool) -> tuple[pydicom.Dataset, np.ndarray]:
    values = _image(random.Random(bits), bits, signed=signed)
    header = make_dicom(values, bits=bits)
    header.compress(syntax, generate_instance_uid=False)
    return header, values


def _compressed(chance: random.Random) -> tuple[pydicom.Dataset, OddDicom]:
    """A codestream deeper or shallower than the header, a wrong offset table, fragments."""
    syntax, bits = chance.choice(COMPRESSED), chance.choice([10, 11, 12, 14, 16])
    signed = syntax != JPEGLSLossless and chance.random() < 0.2
    made, values = _encoded(syntax, bits, signed)
    header, odd = pydicom.dcmread(BytesIO(_bytes(made, b"P"))), OddDicom(b"", values)
    kind = chance.choice(["usual", "usual", "deeper", "high", "offset", "fragments", "extended"])
    if kind == "deeper" and syntax != RLELossless and values.itemsize == 2 and bits > 8:
        header.BitsStored = chance.randint(8, bits - 1)
        header.HighBit, odd.sound = header.BitsStored - 1, False
    elif kind == "high":
        header.HighBit, odd.high_bit = chance.choice([0, bits, 40]), False
        odd.sound = False
    content = bytes(header.PixelData)
    table = 8 + int.from_bytes(content[4:8], "little")
    wrong = chance.choice([b"", b"\0\0\0\0\x10\0\0\0", b"\xff\xff\xff\xff", b"\x34\x12\0\0", b"\0\0\0\0\0\0\0\0"])
    if kind == "offset":
        content = b"\xfe\xff\x00\xe0" + len(wrong).to_bytes(4, "little") + wrong + content[table:]
        odd.sound = False
    elif kind == "fragments" and syntax != RLELossless:
        content, odd.sound = _cut(content, table, chance), False
    elif kind == "extended":
        header.add_new("ExtendedOffsetTable", "OV", (chance.randrange(10**6)).to_bytes(8, "little"))
        header.add_new("ExtendedOffsetTableLengths", "OV", (chance.randrange(10**6)).to_bytes(8, "little"))
        odd.sound = False
    header.PixelData = content
    return header, odd


def _cut(content: bytes, table: int, chance: random.Random) -> bytes:
    """The one fragment as several of even length."""
    length = int.from_bytes(content[table + 4 : table + 8], "little")
    frame = content[table + 8 : table + 8 + length]
    step = 2 * chance.randint(100, 2000)
    parts = [frame[k : k + step] for k in range(0, len(frame), step)]
    items = b"".join(b"\xfe\xff\x00\xe0" + len(part).to_bytes(4, "little") + part for part in parts)
    return b"\xfe\xff\x00\xe0\0\0\0\0" + items + content[table + 8 + length :]


def _photometric(header: pydicom.Dataset, odd: OddDicom, chance: random.Random) -> None:
    meant = chance.choice(["MONOCHROME2", "MONOCHROME1", ""])
    word = chance.choice(WORDS[meant])
    header.PhotometricInterpretation = word
    if word is None and chance.random() < 0.5:
        del header.PhotometricInterpretation
    odd.sound &= word == meant and bool(meant)
    if not meant:
        odd.stored = None


def _counts(header: pydicom.Dataset, odd: OddDicom, chance: random.Random) -> None:
    keyword, value, refused = chance.choice(
        [
            ("NumberOfFrames", 1, False),
            ("NumberOfFrames", None, False),
            ("NumberOfFrames", 2, True),
            ("SamplesPerPixel", None, False),
            ("SamplesPerPixel", 3, True),
            ("PixelAspectRatio", [1, 2], False),
            ("PlanarConfiguration", 0, False),
            ("SmallestImagePixelValue", 12, False),
            ("LossyImageCompression", "01", False),
            ("BitsStored", None, True),
            ("Rows", None, True),
        ]
    )
    header.add(DataElement(keyword, pydicom.datadict.dictionary_VR(keyword).split()[0], value))
    odd.sound = False
    if refused:
        odd.stored = None


def _windows(header: pydicom.Dataset, odd: OddDicom, chance: random.Random) -> None:
    count = chance.randint(0, 3)
    for keyword in ("WindowCenter", "WindowWidth"):
        several = [chance.choice(NUMBERS) for _ in range(max(0, count + chance.choice([0, 0, 0, 1, -1])))]
        header.add(DataElement(keyword, "DS", "\\".join(several)))
    header.VOILUTFunction = chance.choice(["LINEAR", "LINEAR_EXACT", "SIGMOID", "", "OTHER"])
    header.WindowCenterWidthExplanation = chance.choice(["A", ["A", "B"], ""])


def _tables(header: pydicom.Dataset, odd: OddDicom, chance: random.Random) -> None:
    item = pydicom.Dataset()
    count = chance.choice([2, 256, 4096, 65536])
    first, bits = chance.choice([0, 1, 100, 65000]), chance.choice([8, 10, 12, 14, 16, 17, 3])
    table = np.round(np.linspace(0, (1 << chance.choice([8, bits])) - 1, count)).astype(np.int64).clip(0, 65535)
    item.add(DataElement("LUTDescriptor", "US", [count % 65536, first, bits]))
    item.add(DataElement("LUTData", "OW", table.astype("<u2").tobytes()))
    item.LUTExplanation = chance.choice(["", "NORMAL", "x" * 64])
    header.add(DataElement(chance.choice(["VOILUTSequence", "VOILUTSequence", "ModalityLUTSequence"]), "SQ", [item]))


def _rescale(header: pydicom.Dataset, odd: OddDicom, chance: random.Random) -> None:
    for keyword in ("RescaleSlope", "RescaleIntercept"):
        header.add(DataElement(keyword, "DS", chance.choice([*NUMBERS, ""])))
    header.RescaleType = chance.choice(["US", "HU", ""])


def _padding(header: pydicom.Dataset, odd: OddDicom, chance: random.Random) -> None:
    for keyword in ("PixelPaddingValue", "PixelPaddingRangeLimit")[: chance.randint(1, 2)]:
        value = chance.choice(PADDINGS)
        header.add(DataElement(keyword, "SS" if value < 0 else "US", value))


def _spacing(header: pydicom.Dataset, odd: OddDicom, chance: random.Random) -> None:
    for keyword in ("PixelSpacing", "ImagerPixelSpacing", "EstimatedRadiographicMagnificationFactor"):
        count = 1 if keyword.startswith("Est") else 2
        header.add(DataElement(keyword, "DS", "\\".join(chance.choice([*NUMBERS, "0.143"]) for _ in range(count))))
    header.PixelSpacingCalibrationType = chance.choice(["GEOMETRY", "FIDUCIAL", "", "OTHER"])


def _text(header: pydicom.Dataset, odd: OddDicom, chance: random.Random) -> None:
    header.SpecificCharacterSet = chance.choice(
        ["ISO_IR 100", "ISO_IR 192", "ISO_IR 6", "", "ISO_IR 999", ["", "ISO 2022 IR 87"], "GB18030", "ISO_IR 13"]
    )
    odd.name_bytes = chance.choice(
        [b"M\xfcller^J", "Müller^J".encode(), b"\xb1\xf5\xbb\xfd", b"\x1b$B;3ED\x1b(B^x ", b"a\xff\xfe\x80", b"\xc3("]
    )
    odd.name_bytes += b" " * (len(odd.name_bytes) % 2)


def _bytes(header: pydicom.Dataset, name: bytes) -> bytes:
    """The file, with the patient's name put in as bytes."""
    header.PatientName = "P" if name == b"P" else "Q" * len(name)
    stream = BytesIO()
    header.save_as(stream, enforce_file_format=True)
    content = stream.getvalue()
    return content if header.PatientName == "P" else content.replace(b"Q" * len(name), name, 1)
