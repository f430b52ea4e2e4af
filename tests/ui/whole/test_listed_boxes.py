"""Boxes of a list in the window: of the open radiograph alone, in its own pixels."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cxr_studio.generation.generators import GeneratorFacts
from cxr_studio.generation.session import Session
from cxr_studio.networks.card import Role
from cxr_studio.radiographs.reading import read_radiograph
from cxr_studio.ui.shell.background import Background
from cxr_studio.ui.whole.controller import SurroundController
from cxr_studio.ui.whole.listed_boxes import ListedBoxesController, words_of

PUBLISHED = """Image Index,Finding Label,Bbox [x,y,w,h],,,
00000001_000.png,Nodule,100,20,41,60,,,
00000002_000.png,Cardiomegaly,400,400,300,200,,,
00000001_000.png,Mass,600,700,100,200,,,
"""


class Chooses:
    """A dialog that answers with one file."""

    path: Path | None = None

    def file_to_open(self, _title, _filters):
        return self.path


@pytest.fixture
def images(tmp_path):
    """Copies of two of the NIH's images at 256 × 256."""
    for name in ("00000001_000.png", "00000002_000.png", "00000003_000.png"):
        Image.fromarray(np.full((256, 256), 90, np.uint8)).save(tmp_path / name)
    (tmp_path / "BBox_List_2017.csv").write_text(PUBLISHED)
    return tmp_path


@pytest.fixture
def surrounding(workspace, bridge):
    known = (GeneratorFacts("many", "Many", Role.SURROUND),)
    return SurroundController(workspace, bridge, settle=lambda: None, generators=lambda: known)


@pytest.fixture
def boxes(workspace, surrounding):
    background = Background()
    yield ListedBoxesController(workspace, background, Chooses(), surrounding=surrounding)
    background.close()


def loaded(qtbot, boxes, path):
    boxes._dialogs.path = path
    with qtbot.waitSignal(boxes.changed):
        boxes.ask()


def test_the_nihs_list_beside_copies_of_256_pixels(qtbot, boxes, surrounding, workspace, images, heard):
    told = heard()
    boxes.told.connect(told)
    workspace.open(Session(read_radiograph(images / "00000001_000.png")))
    loaded(qtbot, boxes, images / "BBox_List_2017.csv")
    assert [words_of(each) for each in boxes.findings] == ["Nodule, 10 × 15 px", "Mass, 25 × 50 px"]
    assert told == ["BBox_List_2017.csv: 2 boxes of 00000001_000.png."]
    assert (boxes.current, surrounding.box) == (0, (5, 25, 20, 36)), "every pixel that the box touches"
    boxes.next()
    assert (boxes.current, surrounding.box) == (1, (175, 150, 225, 175))
    boxes.next()
    assert boxes.current == 0
    boxes.choose(-1)
    assert (boxes.current, surrounding.box) == (-1, None)
    workspace.open(Session(read_radiograph(images / "00000002_000.png")))
    assert [each.label for each in boxes.findings] == ["cardiomegaly"]
    workspace.open(Session(read_radiograph(images / "00000003_000.png")))
    assert boxes.findings == ()


def test_a_coco_file_of_larger_images_is_scaled(qtbot, boxes, surrounding, workspace, images):
    content = {
        "images": [{"id": 5, "file_name": "images/00000001_000.png", "width": 512, "height": 512}],
        "categories": [{"id": 1, "name": "mass"}],
        "annotations": [{"id": 1, "image_id": 5, "category_id": 1, "bbox": [100, 40, 60, 20]}],
    }
    (images / "coco.json").write_text(json.dumps(content))
    workspace.open(Session(read_radiograph(images / "00000001_000.png")))
    loaded(qtbot, boxes, images / "coco.json")
    assert surrounding.box == (20, 50, 30, 80)


def test_a_list_without_this_radiograph_says_so(qtbot, boxes, surrounding, workspace, images, heard):
    warned = heard()
    boxes.warned.connect(warned)
    workspace.open(Session(read_radiograph(images / "00000003_000.png")))
    loaded(qtbot, boxes, images / "BBox_List_2017.csv")
    assert warned == ["BBox_List_2017.csv has no box of 00000003_000.png."]
    assert surrounding.box is None


def test_a_file_that_is_no_list_says_so(qtbot, boxes, workspace, images):
    (images / "other.csv").write_text("a,b\n1,2\n")
    boxes._dialogs.path = images / "other.csv"
    with qtbot.waitSignal(boxes.warned) as warned:
        boxes.ask()
    assert "nothing is known of a table with the columns a, b" in warned.args[0]
