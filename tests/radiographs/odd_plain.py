"""PNG, TIFF, JPEG and MetaImage files with odd but legal fields, with the values that they must give."""

from __future__ import annotations

import random
import struct
import zlib
from dataclasses import dataclass
from io import BytesIO

import numpy as np
import tifffile
from PIL import Image

ROWS, COLUMNS = 66, 71
ADAM7 = ((0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4), (2, 0, 4, 2), (0, 1, 2, 2), (1, 0, 2, 1))
"""First row and column, and their steps, of the passes of an interlaced PNG."""

META_TYPES = {
    "MET_UCHAR": "u1",
    "MET_CHAR": "i1",
    "MET_USHORT": "u2",
    "MET_SHORT": "i2",
    "MET_UINT": "u4",
    "MET_INT": "i4",
    "MET_FLOAT": "f4",
    "MET_DOUBLE": "f8",
}


@dataclass
class OddPicture:
    """A file and what must come of it.

    Attributes:
        content: The file.
        suffix: Its ending.
        stored: The values that it must give the right way up, or None where it must be refused.
        pillow: Whether Pillow reads it at full depth.
        itk: Whether ITK does, and leaves it as it is stored.
        orientation: Of the tag, 1 where there is none.
    """

    content: bytes
    suffix: str
    stored: np.ndarray | None
    pillow: bool = True
    itk: bool = True
    orientation: int = 1


def odd_picture(seed: int) -> OddPicture:
    chance = random.Random(seed)
    return chance.choice([odd_png, odd_tiff, odd_tiff, odd_jpeg, odd_meta])(chance)


def image(chance: random.Random, dtype: str, *, top: int | None = None) -> np.ndarray:
    """A smooth image over the range of a dtype, or up to ``top``."""
    y, x = np.mgrid[:ROWS, :COLUMNS]
    share = ((y * chance.uniform(0.1, 1) + x * chance.uniform(0.5, 1)) % 89) / 89
    limits = np.iinfo(dtype) if np.dtype(dtype).kind in "iu" else np.iinfo(np.int16)
    low, high = max(limits.min, -32768), min(limits.max, 65535 if limits.min == 0 else 32767)
    return np.round((0 if top else low) + share * (top or high - low)).astype(dtype)


def upright(values: np.ndarray, orientation: int) -> np.ndarray:
    """By Pillow's own words for the same tag."""
    turn = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_270,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_90,
    }.get(orientation)
    if turn is None:
        return values
    whole = np.asarray(Image.fromarray(values.astype(np.int32)).transpose(turn))
    return whole.astype(values.dtype)


def exif(orientation: int) -> bytes:
    block = Image.Exif()
    block[0x0112] = orientation
    return block.tobytes()


def odd_png(chance: random.Random) -> OddPicture:
    depth, kind = chance.choice(
        [(16, 0), (16, 0), (8, 0), (8, 0), (4, 0), (2, 0), (1, 0), (16, 4), (8, 4), (8, 2), (8, 6), (16, 2)]
    )
    values = image(chance, "u2" if depth == 16 else "u1", top=(1 << depth) - 1)
    channels = {0: 1, 2: 3, 4: 2, 6: 4}[kind]
    planes = np.repeat(values[..., None], channels, axis=2)
    if kind in (4, 6):
        planes[..., -1] = np.random.default_rng(chance.randrange(2**32)).integers(0, 1 << depth, values.shape)
    tinted = kind in (2, 6) and chance.random() < 0.2
    if tinted:
        planes[3, 5, 1] ^= 1
    interlaced, orientation = chance.random() < 0.3, chance.choice([1, 1, 1, 2, 3, 4, 5, 6, 7, 8, 0, 9])
    extra = [(b"eXIf", exif(orientation).removeprefix(b"Exif\0\0"))] if orientation != 1 else []
    for chunk in (
        (b"gAMA", struct.pack(">I", chance.choice([1, 45455, 100000]))),
        (b"sBIT", bytes([chance.randint(1, depth)] * channels)),
        (b"pHYs", struct.pack(">IIB", chance.randrange(1 << 31), chance.randrange(1 << 31), chance.randint(0, 1))),
        (b"tEXt", b"Comment\0odd"),
        (b"bKGD", b"\0\1" * (3 if kind in (2, 6) else 1)),
        (b"sRGB", b"\0"),
    ):
        if chance.random() < 0.25:
            extra.append(chunk)
    clear = kind == 0 and depth in (8, 16) and chance.random() < 0.15
    if clear:
        extra.append((b"tRNS", struct.pack(">H", int(values[7, 7]))))
    content = png(planes, depth, kind, interlaced=interlaced, extra=extra)
    wanted = values if depth >= 8 else (values * (255 // ((1 << depth) - 1))).astype(np.uint8)
    refused = tinted or depth == 1 or (depth == 16 and kind == 2)
    return OddPicture(
        content,
        ".png",
        None if refused else upright(wanted, orientation),
        pillow=not (depth == 16 and kind == 4),
        itk=kind == 0 and not clear and depth >= 8 and all(name != b"sBIT" for name, _ in extra),  # it shifts by it
        orientation=orientation,
    )


def png(planes: np.ndarray, depth: int, kind: int, *, interlaced: bool, extra: list[tuple[bytes, bytes]]) -> bytes:
    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    passes = [planes[y::down, x::across] for y, x, down, across in ADAM7] if interlaced else [planes]
    rows = b"".join(b"".join(b"\0" + _packed(row, depth) for row in part) for part in passes if part.size)
    head = struct.pack(">IIBBBBB", planes.shape[1], planes.shape[0], depth, kind, 0, 0, int(interlaced))
    parts = [chunk(b"IHDR", head), *(chunk(*one) for one in extra), chunk(b"IDAT", zlib.compress(rows, 1))]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts) + chunk(b"IEND", b"")


def _packed(row: np.ndarray, depth: int) -> bytes:
    if depth == 16:
        return row.astype(">u2").tobytes()
    if depth == 8:
        return row.astype(np.uint8).tobytes()
    bits = (row.ravel()[:, None] >> np.arange(depth - 1, -1, -1)) & 1
    return np.packbits(bits.ravel()).tobytes()


def odd_tiff(chance: random.Random) -> OddPicture:
    dtype = chance.choice(["u1", "u1", "u2", "u2", "u2", "i1", "i2", "u4", "i4", "f4"])
    values = image(chance, dtype)
    how: dict[str, object] = {
        "photometric": chance.choice(["minisblack", "minisblack", "miniswhite"]),
        "byteorder": chance.choice("<>"),
        "bigtiff": chance.random() < 0.2,
        "compression": chance.choice([None, None, "zlib", "packbits" if dtype == "u1" else None]),
        "metadata": None,
        "description": chance.choice(["", "odd", '{"spacing": 1}']),
    }
    if how["compression"] == "packbits":
        return _by_pillow(chance, values, "packbits")
    if dtype in ("u1", "u2") and chance.random() < 0.15:
        return _by_pillow(chance, values, "tiff_lzw")
    if chance.random() < 0.3:
        how["tile"] = chance.choice([(16, 16), (64, 32), (128, 128)])
    else:
        how["rowsperstrip"] = chance.choice([1, 7, ROWS, 1000])
    if how["compression"] == "zlib" and dtype != "f4" and chance.random() < 0.5:
        how["predictor"] = True
    orientation = chance.choice([1, 1, 1, 2, 3, 4, 5, 6, 7, 8, 0, 9])
    tags = [(274, 3, 1, orientation, True)] if orientation != 1 else []
    tags += [tag for tag in ((282, 5, 1, (1, 0), True), (305, 2, None, "x", True)) if chance.random() < 0.2]
    written, wanted, refused = values, values, dtype == "f4"
    if how["photometric"] == "miniswhite" and values.dtype.kind in "iu":
        wanted = ~values if dtype not in ("u4", "i4") else values
        refused |= dtype in ("u4", "i4")  # turned round, they need 32 bits
        if dtype == "i4":
            wanted, refused = ~values, False
    if chance.random() < 0.2 and how["photometric"] == "minisblack":
        planar = chance.choice(["contig", "separate"])
        opacity = np.zeros_like(values)
        written = np.stack([values, opacity], axis=-1 if planar == "contig" else 0)
        how |= {"planarconfig": planar, "extrasamples": [chance.choice(["unassalpha", "assocalpha", "unspecified"])]}
    elif chance.random() < 0.1:
        written, refused = np.stack([values, values]), True
    stream = BytesIO()
    tifffile.imwrite(stream, written, extratags=tags, **how)
    simple = written is values and not refused and dtype in ("u1", "u2")
    pillow = simple and how.get("tile") != (128, 128) and (how["photometric"] == "minisblack" or dtype == "u1")
    itk = simple and how["photometric"] == "minisblack" and "tile" not in how and orientation == 1
    return OddPicture(
        stream.getvalue(), ".tif", None if refused else upright(wanted, orientation), pillow, itk, orientation
    )


def _by_pillow(chance: random.Random, values: np.ndarray, compression: str) -> OddPicture:
    orientation = chance.choice([1, 3, 6, 8])
    stream = BytesIO()
    Image.fromarray(values).save(stream, "TIFF", compression=compression, tiffinfo={274: orientation})
    return OddPicture(stream.getvalue(), ".tif", upright(values, orientation), orientation=orientation, itk=False)


def odd_jpeg(chance: random.Random) -> OddPicture:
    values = image(chance, "u1")
    grey = Image.fromarray(values)
    mode = chance.choice(["L", "L", "RGB"])
    orientation = chance.choice([1, 1, 2, 3, 4, 5, 6, 7, 8, 0, 9])
    how = {"quality": chance.choice([1, 50, 95, 100]), "progressive": chance.random() < 0.3}
    how |= {
        "optimize": chance.random() < 0.3,
        "restart_marker_rows": chance.choice([0, 1]),
        "dpi": (chance.randint(1, 9999),) * 2,
    }
    if orientation != 1:
        how["exif"] = exif(orientation)
    if mode == "RGB":
        how["subsampling"] = chance.choice([0, 1, 2])
    stream = BytesIO()
    grey.convert(mode).save(stream, "JPEG", **how)
    decoded = np.asarray(Image.open(BytesIO(stream.getvalue())).convert("L"))
    return OddPicture(stream.getvalue(), ".jpg", upright(decoded, orientation), itk=False, orientation=orientation)


def odd_meta(chance: random.Random) -> OddPicture:
    kind = chance.choice([*META_TYPES])
    dtype = np.dtype(META_TYPES[kind])
    values = image(chance, META_TYPES[kind])
    big, packed, slices = chance.random() < 0.3, chance.random() < 0.3, chance.choice([1, 1, 1, 1, 2])
    count = chance.choice([2, 3]) if slices == 1 else 3
    body = np.stack([values] * slices).astype(dtype.newbyteorder(">" if big else "<")).tobytes()
    body = zlib.compress(body) if packed else body
    spacing = " ".join(chance.choice(["1", "0.2", "0.143", "7"]) for _ in range(count))
    lines = ["ObjectType = Image", f"NDims = {count}", "BinaryData = True"]
    lines.append(f"{chance.choice(['BinaryDataByteOrderMSB', 'ElementByteOrderMSB'])} = {big}")
    lines.append(f"CompressedData = {packed}")
    if packed:
        lines.append(f"CompressedDataSize = {len(body)}")
    if chance.random() < 0.6:
        turned = ("0 1 -1 0" if count == 2 else "0 1 0 -1 0 0 0 0 1") if chance.random() < 0.5 else None
        usual = " ".join(str(int(y == x)) for y in range(count) for x in range(count))
        lines.append(f"{chance.choice(['TransformMatrix', 'Orientation', 'Rotation'])} = {turned or usual}")
    if chance.random() < 0.6:
        place = " ".join(chance.choice(["0", "-12.5", "1e3", "4"]) for _ in range(count))
        lines.append(f"{chance.choice(['Offset', 'Origin', 'Position'])} = {place}")
    if chance.random() < 0.3:
        lines.append(f"Comment = {chance.choice(['', 'x', 'ä'])}")
    lines += [f"ElementSpacing = {spacing}", f"DimSize = {COLUMNS} {ROWS}" + f" {slices}" * (count == 3)]
    lines += [f"ElementType = {kind}", "ElementDataFile = LOCAL", ""]
    content = "\n".join(lines).encode("latin-1") + body
    return OddPicture(content, ".mha", None if slices > 1 else values, pillow=False)
