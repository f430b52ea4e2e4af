"""PNG, TIFF, JPEG and MetaImage as other programs write them, and writing that fails half-way."""

from __future__ import annotations

import errno
import json
import os
from pathlib import Path

import cv2
import numpy as np
import pytest
import SimpleITK as sitk
import tifffile
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from cxr_studio.errors import ReadError, WriteError
from cxr_studio.radiographs.provenance_text import KEY, limited_text, spacing_of
from cxr_studio.radiographs.reading import SUFFIXES, read_radiograph
from cxr_studio.radiographs.spacing import UNKNOWN_SPACING, Spacing, SpacingOrigin
from cxr_studio.radiographs.thumbnail import thumbnail
from cxr_studio.radiographs.writing import WRITABLE, write_radiograph
from tests.radiographs.conftest import make_dicom
from tests.radiographs.test_formats import memory

ROWS, COLUMNS = np.mgrid[:64, :72]
GREY = (ROWS + COLUMNS).astype(np.uint8)
DEEP = (300 * COLUMNS + 7 * ROWS).astype(np.uint16)
TEXTS = (KEY, "ImageDescription")
KNOWN = Spacing(0.143, 0.168, SpacingOrigin.GEOMETRY)


def test_every_ending_that_is_written_is_searched_for():
    assert set(WRITABLE) <= SUFFIXES


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "LA", "P"])
def test_a_grey_image_in_colour_is_grey(tmp_path, mode):
    Image.fromarray(GREY).convert(mode).save(tmp_path / "x.png")
    radiograph = read_radiograph(tmp_path / "x.png")
    assert (radiograph.stored == GREY).all()
    assert bool(radiograph.notes) == (mode in ("RGBA", "LA"))


@pytest.mark.parametrize("suffix", [".png", ".tif"])
def test_colour_channels_of_sixteen_bits_would_lose_depth(tmp_path, suffix):
    path = tmp_path / f"x{suffix}"
    if suffix == ".png":
        cv2.imwrite(str(path), np.stack([DEEP] * 3, axis=-1))
    else:
        tifffile.imwrite(path, np.stack([DEEP] * 3, axis=-1), photometric="rgb")
    with pytest.raises(ReadError, match="16 bits"):
        read_radiograph(path)


@pytest.mark.parametrize(
    "how",
    [
        {"byteorder": ">"},
        {"bigtiff": True},
        {"compression": "zlib", "predictor": True},
        {"rowsperstrip": 5},
        {"tile": (32, 32)},
    ],
)
def test_tiff_of_sixteen_bits_in_every_layout(tmp_path, how):
    tifffile.imwrite(tmp_path / "x.tif", DEEP, **how)
    radiograph = read_radiograph(tmp_path / "x.tif")
    assert radiograph.stored.dtype == np.uint16
    assert (radiograph.stored == DEEP).all()


@pytest.mark.parametrize("values", [GREY, DEEP], ids=["8", "16"])
def test_white_is_zero_is_turned(tmp_path, values):
    tifffile.imwrite(tmp_path / "x.tif", values, photometric="miniswhite")
    assert (read_radiograph(tmp_path / "x.tif").stored == np.iinfo(values.dtype).max - values).all()


def test_whole_numbers_of_more_bits_are_fitted(tmp_path):
    tifffile.imwrite(tmp_path / "u.tif", DEEP.astype(np.uint32))
    assert (read_radiograph(tmp_path / "u.tif").stored == DEEP).all()
    tifffile.imwrite(tmp_path / "s.tif", DEEP.astype(np.int32) - 9000)
    assert (read_radiograph(tmp_path / "s.tif").stored == DEEP.astype(np.int32) - 9000).all()
    tifffile.imwrite(tmp_path / "b.tif", DEEP.astype(np.uint32) * 100)
    with pytest.raises(ReadError, match="16 bits"):
        read_radiograph(tmp_path / "b.tif")


def test_jpeg_round_trip_is_close(tmp_path):
    write_radiograph(tmp_path / "x.jpg", memory(GREY), GREY)
    radiograph = read_radiograph(tmp_path / "x.jpg")
    assert radiograph.source.format == "jpeg"
    assert np.abs(radiograph.stored.astype(int) - GREY).max() <= 4


def test_a_jpeg_of_several_pictures(tmp_path):
    picture = Image.fromarray(GREY)
    picture.save(tmp_path / "two.jpg", format="MPO", save_all=True, append_images=[picture])
    with pytest.raises(ReadError, match="2 images"):
        read_radiograph(tmp_path / "two.jpg")
    picture.save(tmp_path / "one.jpg", format="MPO")
    assert read_radiograph(tmp_path / "one.jpg").source.format == "jpeg"


@pytest.mark.parametrize("side", [20_000, 24_000])
def test_an_image_too_large_is_refused_by_its_side(tmp_path, side):
    """Pillow's own alarm for large pictures does not speak first."""
    Image.new("1", (side, side)).save(tmp_path / "x.png")
    with pytest.raises(ReadError, match="16,384"):
        read_radiograph(tmp_path / "x.png")


@pytest.mark.parametrize("shape", [(63, 64), (64, 63), (16_385, 64)])
def test_the_smallest_and_largest_side(tmp_path, shape):
    for suffix in (".png", ".mha"):
        values = np.zeros(shape, np.uint8)
        write_radiograph(tmp_path / f"x{suffix}", memory(values), values)
        with pytest.raises(ReadError, match="a side"):
            read_radiograph(tmp_path / f"x{suffix}")
    values = np.zeros((64, 16_384), np.uint8)
    write_radiograph(tmp_path / "y.png", memory(values), values)
    assert read_radiograph(tmp_path / "y.png").shape == (64, 16_384)


@pytest.mark.parametrize("compressed", [False, True])
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.int16, np.float32, np.int32, np.int8])
def test_metaimage_as_itk_writes_it(tmp_path, dtype, compressed):
    values = (GREY // 2).astype(dtype)
    for name in ("x.mha", "x.mhd"):
        image = sitk.GetImageFromArray(values)
        image.SetSpacing((0.2, 0.3))
        sitk.WriteImage(image, str(tmp_path / name), compressed)
        radiograph = read_radiograph(tmp_path / name)
        assert (radiograph.stored == values).all()
        assert bool(radiograph.notes) == (dtype in (np.float32, np.int32, np.int8))
        assert (radiograph.spacing.y, radiograph.spacing.x) == pytest.approx((0.3, 0.2))
        assert radiograph.spacing.origin is SpacingOrigin.AT_DETECTOR


@pytest.mark.parametrize(
    ("values", "words"),
    [
        (GREY + 0.5, "not 16-bit whole numbers"),
        (GREY * 1000.0, "not 16-bit whole numbers"),
        (np.full((64, 72), np.nan), "not 16-bit whole numbers"),
        (np.zeros((3, 64, 72), np.uint8), "3 slices"),
    ],
)
def test_metaimages_that_cannot_be_used(tmp_path, values, words):
    sitk.WriteImage(sitk.GetImageFromArray(values), str(tmp_path / "x.mha"))
    with pytest.raises(ReadError, match=words):
        read_radiograph(tmp_path / "x.mha")


def test_a_colour_metaimage(tmp_path):
    image = sitk.GetImageFromArray(np.stack([GREY] * 3, axis=-1), isVector=True)
    sitk.WriteImage(image, str(tmp_path / "x.mha"))
    with pytest.raises(ReadError, match="colour"):
        read_radiograph(tmp_path / "x.mha")


@pytest.mark.parametrize("line", ["", "ElementDataFile = LIST", "ElementDataFile = s%02d.raw 1 3 1", "NDims = 0"])
def test_headers_of_metaimages_that_mean_no_single_image(tmp_path, line):
    head = f"ObjectType = Image\nNDims = 2\nDimSize = 80 72\nElementType = MET_USHORT\n{line}\n"
    (tmp_path / "x.mhd").write_text(head + "ElementDataFile = x.raw\n" * line.startswith("NDims"))
    (tmp_path / "x.raw").write_bytes(bytes(80 * 72 * 2))
    with pytest.raises(ReadError):
        read_radiograph(tmp_path / "x.mhd")


def test_names_beyond_ascii(tmp_path):
    write_radiograph(tmp_path / "thórax ünd 肺.mhd", memory(DEEP, KNOWN), DEEP)
    radiograph = read_radiograph(tmp_path / "thórax ünd 肺.mhd")
    assert (radiograph.stored == DEEP).all()
    assert radiograph.spacing == KNOWN


@pytest.mark.parametrize("suffix", [".png", ".tif", ".mha"])
def test_a_provenance_longer_than_the_format_holds(tmp_path, suffix):
    provenance = {"card": ["x" * 70_000], "seed": 3, "note": "y" * 40_000}
    path = tmp_path / f"x{suffix}"
    write_radiograph(path, memory(DEEP, KNOWN), DEEP, provenance=provenance)
    radiograph = read_radiograph(path)
    assert (radiograph.stored == DEEP).all()
    assert radiograph.spacing == KNOWN
    told = [json.loads(text)["provenance"] for key, text in radiograph.header.items() if key in TEXTS and text]
    assert told[0]["seed"] == 3


def test_a_limited_text_is_always_json():
    whole = limited_text({"a": 1}, KNOWN, 1000)
    assert json.loads(whole)["provenance"] == {"a": 1}
    for limit in (0, 100, 200, 400):
        kept = json.loads(limited_text({"long": "x" * 500, "seed": 3, "card": {"z": 1}}, KNOWN, limit))["provenance"]
        assert len(kept.pop("provenance_sha256")) == 64
        assert kept in ({}, {"seed": 3})


@pytest.mark.parametrize(
    "said",
    [
        '{"spacing": {"y_mm": -1, "x_mm": 0.2, "origin": "calibrated"}}',
        '{"spacing": {"y_mm": NaN, "x_mm": NaN, "origin": "calibrated"}}',
        '{"spacing": {"y_mm": 1' + "0" * 400 + ', "x_mm": 1, "origin": "calibrated"}}',
        '{"spacing": {"y_mm": 0.2, "x_mm": 0.2, "origin": "nonsense"}}',
        '{"spacing": [1, 2]}',
        '{"spacing": null}',
        "[]",
        "[" * 100_000,
        "",
    ],
)
def test_a_spacing_text_that_cannot_be_believed(tmp_path, said):
    assert spacing_of({KEY: said}) is None
    chunks = PngInfo()
    chunks.add_itxt(KEY, said)
    Image.fromarray(GREY).save(tmp_path / "x.png", pnginfo=chunks)
    assert read_radiograph(tmp_path / "x.png").spacing == UNKNOWN_SPACING


def test_an_unknown_spacing_stays_unknown(tmp_path):
    for suffix in (".png", ".tif", ".mha", ".mhd", ".dcm"):
        write_radiograph(tmp_path / f"x{suffix}", memory(DEEP), DEEP)
        assert read_radiograph(tmp_path / f"x{suffix}").spacing == UNKNOWN_SPACING


def full_disk(*_: object, **__: object) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.parametrize("suffix", [".png", ".tif", ".jpg", ".mha", ".mhd", ".dcm"])
@pytest.mark.parametrize("moment", ["written", "flushed", "moved"])
def test_a_full_disk_keeps_the_old_file(tmp_path, monkeypatch, suffix, moment):
    path = tmp_path / f"x{suffix}"
    path.write_text("old")
    if moment == "written":
        monkeypatch.setattr(Image.Image, "save", full_disk)
        monkeypatch.setattr(Path, "write_bytes", full_disk)
        monkeypatch.setattr("pydicom.Dataset.save_as", full_disk)
    else:
        monkeypatch.setattr(os, "fsync" if moment == "flushed" else "replace", full_disk)
    with pytest.raises(WriteError, match="No space left") as fault:
        write_radiograph(path, memory(GREY), GREY)
    assert fault.value.file in (path, path.with_suffix(".raw"))
    assert [p.name for p in tmp_path.iterdir()] == [path.name]
    assert path.read_text() == "old"


def test_pixels_of_another_size_or_depth_are_not_written(tmp_path):
    for values in (GREY[:64, :70], GREY.astype(np.uint16)):
        with pytest.raises(WriteError, match="size and depth"):
            write_radiograph(tmp_path / "x.png", memory(GREY), values)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(("shape", "expected"), [((64, 640), (8, 80)), ((640, 64), (80, 8)), ((70, 70), (80, 80))])
def test_thumbnails_of_every_proportion(tmp_path, shape, expected):
    values = np.resize(DEEP, shape)
    write_radiograph(tmp_path / "x.png", memory(values), values)
    assert thumbnail(tmp_path / "x.png", 80).shape == expected


def test_a_thumbnail_shows_dense_as_bright(save, chest):
    plain = thumbnail(save(make_dicom(chest, bits=12)), 64)
    turned = make_dicom((4095 - chest).astype(np.uint16), bits=12, PhotometricInterpretation="MONOCHROME1")
    assert np.abs(plain.astype(int) - thumbnail(save(turned), 64)).max() <= 2
    with pytest.raises(ReadError, match=r"none\.png"):
        thumbnail("none.png", 64)
