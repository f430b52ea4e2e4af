"""What cannot be used is refused in one sentence; damaged files give an error of ours or an image, nothing else."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import numpy as np
import pydicom
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image
from pydicom.uid import JPEG2000Lossless, JPEGLSLossless, RLELossless

from cxr_studio.errors import ReadError, StudioError
from cxr_studio.radiographs.radiograph import Radiograph
from cxr_studio.radiographs.reading import read_radiograph
from cxr_studio.radiographs.writing import write_radiograph
from tests.conftest import draw_phantom
from tests.radiographs.conftest import make_dicom
from tests.radiographs.test_formats import memory

SMALL = draw_phantom(72, 80)


def refused(path: Path, *words: str) -> None:
    with pytest.raises(ReadError) as caught:
        read_radiograph(path)
    sentence = str(caught.value)
    assert sentence.startswith(f"{path.name}: ")
    assert "\n" not in sentence
    for word in words:
        assert word in sentence


def dicom_bytes(header: pydicom.Dataset) -> bytes:
    stream = BytesIO()
    header.save_as(stream, enforce_file_format=True)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("tags", "word"),
    [
        ({"SamplesPerPixel": 3, "PhotometricInterpretation": "RGB", "PlanarConfiguration": 0}, "colour"),
        ({"PhotometricInterpretation": "PALETTE COLOR"}, "colour"),
        ({"NumberOfFrames": 4}, "4 frames"),
        ({"BitsAllocated": 1, "BitsStored": 1, "HighBit": 0}, "one bit"),
        ({"BitsAllocated": 32, "BitsStored": 32}, "bits"),
        ({"Rows": 20}, "20"),
        ({"Columns": 20_000}, "20000"),
    ],
)
def test_dicom_files_that_cannot_be_used(save, chest, tags, word):
    refused(save(make_dicom(chest, bits=12, **tags)), word)


def test_floating_point_dicom(save, chest):
    header = make_dicom(chest, bits=12)
    del header.PixelData
    header.FloatPixelData = chest.astype("<f4").tobytes()
    refused(save(header), "floating-point")


def test_a_dicom_without_an_image(save, chest):
    header = make_dicom(chest, bits=12)
    del header.PixelData
    refused(save(header), "no image")


def test_plain_files_that_cannot_be_used(tmp_path, phantom):
    colour = np.stack([phantom >> 8, phantom >> 9, phantom >> 8], axis=-1).astype(np.uint8)
    Image.fromarray(colour).save(tmp_path / "colour.png")
    refused(tmp_path / "colour.png", "colour")
    Image.fromarray(phantom > 30_000).save(tmp_path / "bit.png")
    refused(tmp_path / "bit.png")
    Image.fromarray(phantom.astype(np.float32)).save(tmp_path / "float.tif")
    refused(tmp_path / "float.tif")
    page = Image.fromarray(phantom)
    page.save(tmp_path / "pages.tif", save_all=True, append_images=[page])
    refused(tmp_path / "pages.tif", "2 images")
    Image.fromarray(phantom[:40]).save(tmp_path / "small.png")
    refused(tmp_path / "small.png", "40")


def test_files_that_are_no_images(tmp_path):
    (tmp_path / "empty.dcm").write_bytes(b"")
    refused(tmp_path / "empty.dcm", "empty")
    (tmp_path / "text.png").write_text("not an image")
    refused(tmp_path / "text.png", "not a radiograph")
    refused(tmp_path / "missing.png", "no such file")
    (tmp_path / "folder.png").mkdir()
    refused(tmp_path / "folder.png", "folder")


def test_a_truncated_file_of_every_kind(tmp_path, chest):
    for path in written_files(tmp_path, chest):
        content = path.read_bytes()
        path.write_bytes(content[: len(content) // 2])
        refused(path)


def test_the_pixel_file_of_a_damaged_metaimage_has_no_name_that_a_disk_could_hold(tmp_path, chest):
    write_radiograph(tmp_path / "x.mha", memory(chest), chest)
    content = (tmp_path / "x.mha").read_bytes()
    (tmp_path / "x.mha").write_bytes(content.replace(b"LOCAL\n", b"LOCAL" + 3000 * b"x" + b"\n"))
    refused(tmp_path / "x.mha", "not beside it")
    with pytest.raises(ReadError) as caught:
        read_radiograph(tmp_path / "x.mha")
    assert len(str(caught.value)) < 200


def test_a_metaimage_may_not_point_elsewhere(tmp_path):
    header = (
        "ObjectType = Image\nNDims = 2\nDimSize = 80 72\nElementType = MET_USHORT\nElementDataFile = ../secret.raw\n"
    )
    (tmp_path / "x.mhd").write_text(header)
    refused(tmp_path / "x.mhd", "not beside it")


def written_files(folder: Path, stored: np.ndarray) -> list[Path]:
    paths = []
    for suffix in (".png", ".tif", ".mha"):
        write_radiograph(folder / f"x{suffix}", memory(stored), stored)
        paths.append(folder / f"x{suffix}")
    eight = (stored >> 4).astype(np.uint8)
    write_radiograph(folder / "x.jpg", memory(eight), eight)
    for name, syntax in (("plain", None), ("rle", RLELossless), ("j2k", JPEG2000Lossless), ("jls", JPEGLSLossless)):
        header = make_dicom(stored, bits=12, WindowCenter=2000, WindowWidth=3000, PixelSpacing=[0.2, 0.2])
        if syntax is not None:
            header.compress(syntax)
        (folder / f"{name}.dcm").write_bytes(dicom_bytes(header))
        paths.append(folder / f"{name}.dcm")
    return [folder / "x.jpg", *paths]


@pytest.fixture(scope="module")
def originals(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return written_files(tmp_path_factory.mktemp("originals"), (SMALL >> 4).astype(np.uint16))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_damage_gives_a_radiograph_or_an_error_of_ours(originals, data):
    path = data.draw(st.sampled_from(originals))
    content = bytearray(path.read_bytes())
    head = min(len(content), 1200)
    for _ in range(data.draw(st.integers(1, 6))):
        where = data.draw(st.one_of(st.integers(0, head - 1), st.integers(0, len(content) - 1)))
        content[where] = data.draw(st.integers(0, 255))
    if data.draw(st.booleans()):
        content = content[: data.draw(st.integers(0, len(content)))]
    damaged = path.with_name(f"damaged{path.suffix}")
    damaged.write_bytes(bytes(content))
    try:
        radiograph = read_radiograph(damaged)
    except StudioError as fault:
        sentence = str(fault)
    else:
        assert isinstance(radiograph, Radiograph)
        radiograph.grey.display_table(None)
        sentence = ""
    assert "\n" not in sentence
