"""The tag Orientation means the same in PNG, JPEG and TIFF, for radiographs and for masks; and other odd pictures."""

from __future__ import annotations

from io import BytesIO

import cv2
import numpy as np
import pytest
import SimpleITK as sitk
import tifffile
from PIL import Image

from cxr_studio.errors import ReadError
from cxr_studio.masks.files import load_mask
from cxr_studio.radiographs.reading import read_radiograph
from cxr_studio.radiographs.spacing import Spacing, SpacingOrigin
from cxr_studio.radiographs.writing import write_radiograph
from tests.radiographs.odd_plain import exif, upright
from tests.radiographs.test_formats import memory

ROWS, COLUMNS = np.mgrid[:64, :72]
GREY = (2 * ROWS + COLUMNS // 2).astype(np.uint8)
DEEP = (300 * COLUMNS + 7 * ROWS).astype(np.uint16)
STROKE = (np.hypot(ROWS - 20, COLUMNS - 50) < 9).astype(np.uint8) * 255


def saved(path, values, orientation, **how):
    tag = {"tiffinfo": {274: orientation}} if path.suffix == ".tif" else {"exif": exif(orientation)}
    Image.fromarray(values).save(path, **tag, **how)
    return path


@pytest.mark.parametrize("orientation", range(10))
@pytest.mark.parametrize("name", ["x.png", "x.jpg", "x.tif"])
def test_a_picture_is_shown_as_it_asks(tmp_path, name, orientation):
    path = saved(tmp_path / name, GREY, orientation, **({"quality": 100} if name == "x.jpg" else {}))
    wanted = upright(GREY, orientation)
    radiograph = read_radiograph(path)
    assert radiograph.shape == wanted.shape
    assert np.abs(radiograph.stored.astype(int) - wanted).max() <= (3 if name == "x.jpg" else 0)
    assert bool(radiograph.notes) == (2 <= orientation <= 8)
    mask = load_mask(saved(tmp_path / f"m{path.suffix}", STROKE, orientation), wanted.shape)
    assert (mask != (upright(STROKE, orientation) > 0)).mean() < 0.01


@pytest.mark.parametrize("compression", ["tiff_lzw", "packbits", "tiff_adobe_deflate"])
@pytest.mark.parametrize("orientation", [3, 5, 6, 7, 8])
def test_a_compressed_tiff_is_turned_once(tmp_path, compression, orientation):
    for values in (GREY, DEEP):
        path = saved(tmp_path / "x.tif", values, orientation, compression=compression)
        assert (read_radiograph(path).stored == upright(values, orientation)).all()


def test_a_spacing_is_turned_with_its_picture(tmp_path):
    known = Spacing(0.143, 0.168, SpacingOrigin.CALIBRATED)
    write_radiograph(tmp_path / "x.png", memory(GREY, known), GREY)
    with Image.open(tmp_path / "x.png") as image:
        text = image.text
        from PIL.PngImagePlugin import PngInfo

        chunks = PngInfo()
        for key, value in text.items():
            chunks.add_itxt(key, value)
        image.save(tmp_path / "y.png", exif=exif(6), pnginfo=chunks)
    turned = read_radiograph(tmp_path / "y.png")
    assert turned.shape == GREY.T.shape
    assert (turned.spacing.y, turned.spacing.x) == (0.168, 0.143)


def picture(**planes: np.ndarray) -> Image.Image:
    return Image.merge("LA" if len(planes) == 2 else "RGBA", [Image.fromarray(plane) for plane in planes.values()])


WHITE, BLACK = np.full_like(STROKE, 255), np.zeros_like(STROKE)


@pytest.mark.parametrize(
    "made",
    [
        picture(grey=STROKE, alpha=WHITE),
        picture(grey=WHITE, alpha=STROKE),
        picture(grey=BLACK, alpha=STROKE),
        picture(grey=255 - STROKE, alpha=STROKE),
        picture(r=WHITE, g=WHITE, b=WHITE, alpha=STROKE),
        picture(r=STROKE, g=STROKE, b=STROKE, alpha=BLACK),
        picture(r=STROKE, g=255 - STROKE, b=STROKE, alpha=STROKE).convert("LA"),
    ],
    ids=["opaque", "white", "black", "black on white", "colour", "all clear", "mixed"],
)
@pytest.mark.parametrize("suffix", [".png", ".tif"])
def test_a_mask_in_the_opacity(tmp_path, made, suffix):
    made.save(tmp_path / f"m{suffix}")
    assert (load_mask(tmp_path / f"m{suffix}", STROKE.shape) == (STROKE > 0)).all()


def test_an_erased_stroke_is_outside(tmp_path):
    alpha = STROKE.copy()
    alpha[:, 55:] = 0
    picture(grey=STROKE, alpha=alpha).save(tmp_path / "m.png")
    assert (load_mask(tmp_path / "m.png", STROKE.shape) == (alpha > 0)).all()


def test_a_mask_of_one_clear_grey(tmp_path):
    Image.fromarray(STROKE // 2 + 9).save(tmp_path / "m.png", transparency=9)
    assert (load_mask(tmp_path / "m.png", STROKE.shape) == (STROKE > 0)).all()


@pytest.mark.parametrize("quality", [30, 75, 95])
def test_a_mask_in_jpeg(tmp_path, quality):
    Image.fromarray(STROKE).save(tmp_path / "m.jpg", quality=quality)
    wrong = load_mask(tmp_path / "m.jpg", STROKE.shape) != (STROKE > 0)
    assert wrong.sum() <= 0.05 * (STROKE > 0).sum()


@pytest.mark.parametrize("order", "<>")
@pytest.mark.parametrize("dtype", ["u1", "u2", "i1", "i2"])
@pytest.mark.parametrize("layout", [{}, {"tile": (32, 32)}, {"compression": "zlib", "predictor": True}])
def test_tiff_of_every_depth_and_polarity(tmp_path, order, dtype, layout):
    values = (np.iinfo(dtype).min + (np.iinfo(dtype).max // 100) * (ROWS + COLUMNS) // 2).astype(dtype)
    for photometric, wanted in (("minisblack", values), ("miniswhite", ~values)):
        tifffile.imwrite(tmp_path / "x.tif", values, photometric=photometric, byteorder=order, **layout)
        radiograph = read_radiograph(tmp_path / "x.tif")
        assert (radiograph.stored == wanted).all()
        assert radiograph.grey.low == np.iinfo(dtype).min
        assert radiograph.source.bits == 8 * values.itemsize


@pytest.mark.parametrize("planar", ["contig", "separate"])
@pytest.mark.parametrize("values", [GREY, DEEP], ids=["8", "16"])
def test_tiff_of_grey_with_opacity(tmp_path, planar, values):
    both = np.stack([values, np.zeros_like(values)], axis=-1 if planar == "contig" else 0)
    tifffile.imwrite(
        tmp_path / "x.tif", both, photometric="minisblack", planarconfig=planar, extrasamples=["unassalpha"]
    )
    radiograph = read_radiograph(tmp_path / "x.tif")
    assert (radiograph.stored == values).all()
    assert any("transparency" in note for note in radiograph.notes)


def test_a_png_of_deep_grey_with_opacity(tmp_path):
    from tests.radiographs.odd_plain import png

    planes = np.stack([DEEP, np.full_like(DEEP, 9)], axis=-1)
    (tmp_path / "x.png").write_bytes(png(planes, 16, 4, interlaced=True, extra=[]))
    assert (read_radiograph(tmp_path / "x.png").stored == DEEP).all()


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ({"data": np.stack([DEEP, DEEP])}, "holds 2 images"),
        ({"data": np.stack([DEEP] * 3, axis=-1), "photometric": "rgb"}, "16 bits"),
        ({"data": DEEP.astype(np.complex64)}, "not supported"),
        ({"data": np.stack([GREY] * 4, axis=-1), "photometric": "minisblack", "planarconfig": "contig"}, "4 channels"),
        ({"data": DEEP.astype(np.float32)}, "floating-point"),
    ],
)
def test_tiffs_that_are_refused_in_words(tmp_path, how, words):
    tifffile.imwrite(tmp_path / "x.tif", **how)
    with pytest.raises(ReadError, match=words):
        read_radiograph(tmp_path / "x.tif")


def test_a_tiff_without_its_polarity_or_its_pixels(tmp_path):
    stream = BytesIO()
    tifffile.imwrite(stream, DEEP, photometric="minisblack")
    content = stream.getvalue()
    (tmp_path / "x.tif").write_bytes(content.replace(b"\x06\x01\x03\x00", b"\x0f\x01\x03\x00", 1))
    with pytest.raises(ReadError):
        read_radiograph(tmp_path / "x.tif")
    (tmp_path / "y.tif").write_bytes(content[: len(content) // 2])
    with pytest.raises(ReadError, match="missing"):
        read_radiograph(tmp_path / "y.tif")


def test_a_metaimage_keeps_its_place(tmp_path):
    image = sitk.GetImageFromArray(DEEP[None])
    image.SetOrigin((10.5, -20, 30))
    image.SetSpacing((0.2, 0.3, 2))
    image.SetDirection((0, 1, 0, -1, 0, 0, 0, 0, 1))
    sitk.WriteImage(image, str(tmp_path / "x.mha"))
    for name in ("y.mha", "y.mhd"):
        write_radiograph(tmp_path / name, read_radiograph(tmp_path / "x.mha"), DEEP)
        again = sitk.ReadImage(str(tmp_path / name))
        assert again.GetSize() == (72, 64, 1)
        assert again.GetOrigin() == image.GetOrigin()
        assert again.GetDirection() == image.GetDirection()
        assert again.GetSpacing() == image.GetSpacing()
        assert (sitk.GetArrayFromImage(again)[0] == DEEP).all()


def test_a_mask_beside_its_radiograph_in_other_libraries(tmp_path):
    """OpenCV shows the same picture of a turned JPEG."""
    path = saved(tmp_path / "x.jpg", GREY, 6, quality=95)
    theirs = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
    assert np.abs(theirs.astype(int) - read_radiograph(path).stored).max() <= 2
