"""Hand-placed nodules as a data set: what is labelled, what is left out, what happens to the folder."""

from __future__ import annotations

import csv
import json

import numpy as np
import pytest
from PIL import Image

from cxr_studio.augmentation.collecting import Wanted, Works, collect
from cxr_studio.errors import Cancelled, StudioError, WriteError
from cxr_studio.events import CancelToken
from cxr_studio.generation.session import Session
from cxr_studio.masks.boxes import bounding_box
from cxr_studio.masks.files import load_mask
from cxr_studio.nodules.export import add_nodule
from cxr_studio.nodules.placement import Placement
from cxr_studio.radiographs.reading import read_radiograph
from cxr_studio.restore.fill import fill
from cxr_studio.restore.options import FillOptions


@pytest.fixture
def works(tmp_path, phantom):
    """Three radiographs: two nodules on the first, a fill on the second, nothing on the third."""
    folder = tmp_path / "scans"
    folder.mkdir()
    paths = [folder / name for name in ("a.png", "b.png", "c.png")]
    for path in paths:
        Image.fromarray(phantom).save(path)
    sessions = {path: Session(read_radiograph(path)) for path in paths}
    for place in ((150.0, 90.0), (170.0, 200.0)):
        add_nodule(sessions[paths[0]], Placement(*place, 24.0, seed=3))
    filled(sessions[paths[1]], (120, 80, 140, 100))
    return Works(paths, sessions.__getitem__)


def filled(session, box):
    mask = np.zeros_like(session.mask)
    mask[box[0] : box[2], box[1] : box[3]] = True
    session.apply_mask(mask, "Paint")
    session.accept(fill(session.request(FillOptions("biharmonic"), session.mask)), "Biharmonic")


def test_coco_has_the_boxes_and_silhouettes_of_what_was_placed(works, tmp_path):
    out = tmp_path / "out"
    found = collect(works, out, wanted=Wanted(("coco", "yolo", "voc", "node21")))
    assert (found.radiographs, found.nodules, found.notes) == (1, 2, [])
    content = json.loads((out / "coco.json").read_text())
    assert [image["file_name"] for image in content["images"]] == ["images/a.png"]
    whole = load_mask(out / "masks" / "a.png", (320, 288))
    session = works.load(works.paths[0])
    for annotation, edit in zip(content["annotations"], session.edits, strict=True):
        x, y, width, height = annotation["bbox"]
        inside = whole[y : y + height, x : x + width]
        assert annotation["area"] == inside.sum() > 200
        assert bounding_box(inside) == (0, 0, height, width)
        assert abs(x + width / 2 - (edit.box[1] + edit.box[3]) / 2) < 4
        assert annotation["diameter_px"] == pytest.approx(24, abs=3)
    pixels = np.asarray(Image.open(out / "images" / "a.png"))
    assert (pixels == session.composite).all()
    assert len((out / "labels" / "a.txt").read_text().splitlines()) == 2
    assert (out / "Annotations" / "a.xml").exists()
    assert len(list(csv.reader((out / "metadata.csv").read_text().splitlines()))) == 3


def test_a_nodule_that_was_filled_over_or_switched_off_has_no_label(works, tmp_path):
    session = works.load(works.paths[0])
    filled(session, (130, 70, 172, 112))
    found = collect(works, tmp_path / "out", wanted=Wanted())
    assert found.nodules == 1
    assert found.notes == ["a.png: Nodule 24 px is filled over and left out."]
    session.enable(session.edits[1].number, False)
    with pytest.raises(StudioError, match="nothing to export"):
        collect(works, tmp_path / "other", wanted=Wanted())
    assert not (tmp_path / "other").exists()


def test_negatives_and_masks_of_fills_are_asked_for(works, tmp_path):
    assert collect(works, tmp_path / "n", wanted=Wanted(("node21",), negatives=True)).radiographs == 3
    rows = list(csv.reader((tmp_path / "n" / "metadata.csv").read_text().splitlines()))
    assert [row[3] for row in rows[1:]] == ["1", "1", "0", "0"]
    assert collect(works, tmp_path / "f", wanted=Wanted((), fills=True)).radiographs == 2
    assert load_mask(tmp_path / "f" / "filled" / "b.png", (320, 288)).sum() == 400


def test_an_earlier_export_is_replaced_and_other_files_never(works, tmp_path):
    out = tmp_path / "out"
    collect(works, out, wanted=Wanted(("yolo",)))
    collect(works, out, wanted=Wanted(("coco",)))
    assert not (out / "labels").exists()
    (out / "weights.pt").write_bytes(b"of the user")
    with pytest.raises(WriteError, match=r"weights\.pt"):
        collect(works, out, wanted=Wanted())
    assert (out / "weights.pt").read_bytes() == b"of the user"


def test_a_cancelled_export_leaves_nothing(works, tmp_path):
    token = CancelToken()
    with pytest.raises(Cancelled):
        collect(works, tmp_path / "out", wanted=Wanted(), progress=lambda *_: token.cancel(), cancel=token)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["scans"]


def test_radiographs_that_share_a_stem_keep_apart(works, tmp_path):
    other = works.paths[0].with_suffix(".tif")
    Image.fromarray(np.asarray(Image.open(works.paths[0]))).save(other)
    session = Session(read_radiograph(other))
    add_nodule(session, Placement(150.0, 90.0, 24.0))
    both = {works.paths[0]: works.load(works.paths[0]), other: session}
    found = collect(Works(list(both), both.__getitem__), tmp_path / "out", wanted=Wanted(ending=""))
    assert found.radiographs == 2
    assert sorted(p.name for p in (tmp_path / "out" / "images").iterdir()) == ["a.png.png", "a.tif.tif"]
