"""Lists and folders as other people publish them become manifests."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cxr_studio.augmentation.exporters.formats import write_all
from cxr_studio.augmentation.record import Kept, Nodule, Record
from cxr_studio.datasets.entries import Finding
from cxr_studio.datasets.opening import open_manifest
from cxr_studio.datasets.published import agreed
from cxr_studio.errors import ReadError
from cxr_studio.masks.files import save_mask


@pytest.fixture
def images(tmp_path: Path) -> Path:
    folder = tmp_path / "images"
    folder.mkdir()
    for name in ("00000001_000.png", "00000001_001.png", "00000002_000.png"):
        Image.fromarray(np.zeros((64, 80), np.uint8)).save(folder / name)
    return folder


def test_the_nihs_list(images: Path) -> None:
    text = "Image Index,Finding Label,Bbox [x,y,w,h],,,\n"
    text += "00000001_000.png,Nodule,10.5,20,5,6,,,\n00000001_000.png,Mass,1,2,3,4,,,\n99.png,Mass,1,2,3,4,,,\n"
    (images.parent / "list.csv").write_text(text)
    manifest = open_manifest(images.parent / "list.csv")
    (entry,) = manifest.entries
    assert manifest.path(entry) == images / "00000001_000.png"
    assert (entry.patient, entry.source) == ("00000001", "ChestX-ray14")
    assert entry.findings == (Finding("nodule", (20, 10.5, 26, 15.5)), Finding("mass", (2, 1, 6, 4)))


PUBLISHED = "Image Index,Finding Label,Bbox [x,y,w,h],,,\n"
NAMED = "image,finding,x,y,width,height\n"


def copies(folder: Path, side: int) -> Path:
    """Square copies of two of the NIH's images."""
    images = folder / f"copies_{side}"
    images.mkdir()
    for name in ("00000001_000.png", "00000002_000.jpg"):
        Image.fromarray(np.zeros((side, side), np.uint8)).save(images / name)
    return images


@pytest.mark.parametrize("side", [256, 1024])
def test_the_published_list_fits_copies_of_any_size(tmp_path: Path, side: int) -> None:
    """The list is in pixels of 1024, whether or not a box of it would fit the smaller copy as it stands."""
    (tmp_path / "list.csv").write_text(PUBLISHED + "00000001_000.png,Nodule,100,20,40,60,,,\n")
    (entry,) = open_manifest(tmp_path / "list.csv", copies(tmp_path, side)).entries
    factor = side / 1024
    assert entry.findings[0].box == (20 * factor, 100 * factor, 80 * factor, 140 * factor)
    assert (entry.width, entry.height) == (side, side)


def test_a_list_with_names_fits_copies_where_a_box_reaches_beyond_them(tmp_path: Path) -> None:
    lines = "00000001_000.png,Nodule,100,20,40,60\n00000002_000.png,Mass,600,700,100,200\n"
    (tmp_path / "list.csv").write_text(NAMED + lines)
    first, second = open_manifest(tmp_path / "list.csv", copies(tmp_path, 256)).entries
    assert first.findings[0].box == (5, 25, 20, 35)
    assert second.findings == (Finding("mass", (175, 150, 225, 175)),)


def test_a_list_in_pixels_of_its_images_stays_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text(NAMED + "00000001_000.png,Nodule,100,20,40,60\n")
    images = copies(tmp_path, 256)
    (entry,) = open_manifest(tmp_path / "list.csv", images).entries
    assert entry.findings[0].box == (20, 100, 80, 140)
    (entry,) = open_manifest(tmp_path / "list.csv", images, listed_side=512).entries
    assert entry.findings[0].box == (10, 50, 40, 70)


def test_node21s_table(images: Path) -> None:
    text = ",height,img_name,label,width,x,y\n0,6,00000001_000.mha,1,5,10,20\n1,0,00000002_000.mha,0,0,0,0\n"
    (images.parent / "metadata.csv").write_text(text)
    first, second = open_manifest(images.parent).entries
    assert first.findings == (Finding("nodule", (20, 10, 26, 15)),)
    assert (second.file, second.findings, second.source) == ("00000002_000.png", (), "NODE21")


def test_vindrs_readers_are_averaged(images: Path) -> None:
    head = "image_id,rad_id,class_name,x_min,y_min,x_max,y_max\n"
    lines = ["00000001_000,R1,Nodule/Mass,10,10,20,20", "00000001_000,R2,Nodule/Mass,12,10,22,20"]
    lines += ["00000001_000,R3,No finding,,,,", "00000002_000,R1,No finding,,,,"]
    (images.parent / "train.csv").write_text(head + "\n".join(lines) + "\n")
    first, second = open_manifest(images.parent / "train.csv").entries
    assert first.findings == (Finding("nodule/mass", (10, 11, 20, 21)),)
    assert second.findings == ()


def test_only_boxes_of_other_readers_that_overlap_are_one() -> None:
    one, moved, far = (Finding("mass", (0, x, 10, x + 10)) for x in (0, 2, 20))
    assert len(agreed([("R1", one), ("R2", moved)])) == 1
    assert len(agreed([("R1", one), ("R1", moved)])) == 2
    assert len(agreed([("R1", one), ("R2", far)])) == 2
    assert len(agreed([("R1", one), ("R2", Finding("nodule", moved.box))])) == 2


@pytest.fixture
def exported(images: Path) -> Path:
    look = {"margin": "smooth", "density": "solid", "conspicuity": 2.5, "subtlety": 4}
    made = {"seed": 1, "contrast": 0.5, "generator": "ct"}
    nodule = Nodule((10, 20, 15, 26), 30, 5.5, None, "", made, measured=look)
    name = "00000001_000.png"
    records = [
        Record(0, name, 80, 64, name, "", "P", "train", "unknown", (nodule,), "f" * 64),
        Record(1, "00000002_000.png", 80, 64, "x.png", "", "Q", "val", "unknown", ()),
    ]
    mask = np.zeros((64, 80), bool)
    mask[20:26, 10:15] = True
    for record in records:
        save_mask(images.parent / "masks" / record.file, mask)
    (images / "00000001_001.png").unlink()
    write_all(records, images.parent, ("node21", "coco", "yolo", "voc"))
    return images.parent


def test_augments_own_output_in_every_format(exported: Path) -> None:
    box = (20, 10, 26, 15)
    first, second = open_manifest(exported).entries
    assert first.findings == (Finding("nodule", box, 5.5, None, True, "ct", 0.5, "smooth", "solid", 4, 2.5),)
    assert (first.file, first.patient, first.split, first.sha256) == ("images/00000001_000.png", "P", "train", "f" * 64)
    assert (second.findings, second.patient, second.split) == ((), "Q", "val")
    coco = open_manifest(exported / "coco.json").entries
    assert coco[0].findings[0].box == box
    assert coco[0].findings[0].synthetic
    assert (coco[0].findings[0].contrast, coco[0].findings[0].subtlety) == (0.5, 4)
    voc_file = (exported / "Annotations" / "00000001_000.xml").read_text()
    assert "<margin>smooth</margin>" in voc_file
    assert [e.split for e in coco] == ["train", "val"]
    for name in ("manifest.csv", "coco.json"):
        (exported / name).unlink()
    assert [e.findings[0].box for e in open_manifest(exported).entries if e.findings] == [box]
    (exported / "metadata.csv").unlink()
    yolo = open_manifest(exported).entries
    assert np.allclose(yolo[0].findings[0].box, box, atol=1e-4)
    assert [(e.split, len(e.findings)) for e in yolo] == [("train", 1), ("val", 0)]
    (exported / "data.yaml").unlink()
    voc = open_manifest(exported).entries
    assert voc[0].findings == first.findings
    assert (exported / voc[0].file).is_file()


@pytest.mark.parametrize("kept", ["manifest.csv", "coco.json", "Annotations"])
def test_attributes_are_read_back_from_every_format_that_has_them(images: Path, kept: str) -> None:
    folder, name = images.parent, "00000001_000.png"
    made = {"seed": 1, "contrast": 0.75, "generator": "ct"}
    look = {"margin": "spiculated", "density": "part-solid", "conspicuity": 1.5, "subtlety": 2}
    drawn = [
        Nodule((10, 20, 15, 26), 30, 5.5, 2.25, "", made, measured=look),
        Nodule((40, 30, 48, 38), 50, 8.0, None, "", made, measured={"margin": "", "density": "solid"}),
    ]
    listed = Kept((1, 2, 30, 40), "mass", (1.0, 2.0, 30.0, 40.0), "", {"seed": 3, "generator": "pix2pix-n"})
    record = Record(0, name, 80, 64, name, "", "P", "train", "unknown", tuple(drawn), kept=(listed,))
    save_mask(folder / "masks" / name, np.zeros((64, 80), bool))
    write_all([record], folder, ("coco", "voc"))
    for other in {"manifest.csv", "coco.json"} - {kept}:
        (folder / other).unlink()
    by_file = {Path(entry.file).name: entry for entry in open_manifest(folder).entries}
    assert by_file[name].findings == (
        Finding("nodule", (20, 10, 26, 15), 5.5, 2.25, True, "ct", 0.75, "spiculated", "part-solid", 2, 1.5),
        Finding("nodule", (30, 40, 38, 48), 8.0, None, True, "ct", 0.75, "", "solid"),
        Finding("mass", (2, 1, 40, 30)),
    )


def test_voc_of_others_is_read_without_its_attributes_and_a_wrong_one_is_named(exported: Path) -> None:
    for name in ("manifest.csv", "coco.json", "metadata.csv", "data.yaml"):
        (exported / name).unlink()
    file = exported / "Annotations" / "00000001_000.xml"
    whole = file.read_text()
    ours = whole[whole.index("<attributes>") : whole.index("</attributes>")]
    cvat = "<attributes><attribute><name>rotation</name><value>0.0</value></attribute>"
    file.write_text(whole.replace(ours, cvat))
    assert open_manifest(exported).entries[0].findings == (Finding("nodule", (20, 10, 26, 15)),)
    file.write_text(whole.replace("<subtlety>4<", "<subtlety>9<"))
    with pytest.raises(ReadError, match="subtlety is 9, not a grade from 1 to 5"):
        open_manifest(exported)


def test_classes_of_yolo_in_brackets(exported: Path) -> None:
    (exported / "data.yaml").write_text("names: ['Nodule', \"Mass\"]\n")
    (exported / "labels" / "00000002_000.txt").write_text("1 0.5 0.5 0.1 0.1\n")
    for name in ("manifest.csv", "coco.json", "metadata.csv"):
        (exported / name).unlink()
    assert [e.findings[0].label for e in open_manifest(exported).entries] == ["nodule", "mass"]
    (exported / "labels" / "00000002_000.txt").write_text("7 0.5 0.5 0.1 0.1\n")
    with pytest.raises(ReadError, match="line 1 is no box"):
        open_manifest(exported)


def test_what_cannot_be_opened_is_named(images: Path) -> None:
    with pytest.raises(ReadError, match="no such file"):
        open_manifest(images / "no.csv")
    with pytest.raises(ReadError, match=r"none of manifest\.csv"):
        open_manifest(images)
    (images.parent / "list.csv").write_text("image,x,y,width,height\na.png,1,2,3,4\n")
    with pytest.raises(ReadError, match="the list of boxes has no column finding"):
        open_manifest(images.parent / "list.csv")
    (images.parent / "list.csv").write_text("image,finding,x,y,width,height\nother.png,Mass,1,2,3,4\n")
    with pytest.raises(ReadError, match="names none of the radiographs"):
        open_manifest(images.parent / "list.csv")


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("empty.csv", b"", "the file holds no table"),
        ("noise.bin", bytes(range(256)), "the file holds no table"),
        ("patients.csv", b"image,patient\na.png,A\n", "a table with the columns image, patient"),
        ("results.json", b"[]", "the file holds COCO results"),
        ("settings.json", b'{"a": 1}', "no images and categories"),
    ],
)
def test_what_says_nothing_of_findings_is_called_what_it_is(
    tmp_path: Path, name: str, content: bytes, sentence: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(ReadError, match=sentence) as fault:
        open_manifest(tmp_path / name)
    assert fault.value.remedy


def test_an_image_in_place_of_a_manifest_is_called_an_image(images: Path) -> None:
    with pytest.raises(ReadError, match="it is an image"):
        open_manifest(images / "00000001_000.png")


def test_a_file_of_yolo_or_voc_stands_for_its_folder(exported: Path) -> None:
    annotation = exported / "Annotations" / "00000001_000.xml"
    assert open_manifest(annotation).entries[0].findings == open_manifest(exported).entries[0].findings
    (yolo, _) = open_manifest(exported / "data.yaml").entries
    assert (yolo.file, len(yolo.findings)) == ("images/00000001_000.png", 1)
