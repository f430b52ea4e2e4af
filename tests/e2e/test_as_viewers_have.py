"""As radiology viewers have: tags, corner texts, magnifier, figures."""

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QEvent

from cxr_studio.resources import resource
from cxr_studio.ui.canvas.geometry import Geometry
from cxr_studio.ui.figure.drawing import dots
from cxr_studio.ui.tags.dialog import TagsDialog


@pytest.fixture
def open_desk(desk, picture):
    desk.open(picture)
    return desk


def test_tags_are_searched_and_follow_the_file(open_desk):
    open_desk.do("file.tags")
    dialog = open_desk.view(TagsDialog)
    open_desk.open(resource("samples", "masses.dcm"))
    assert "masses.dcm" in dialog.windowTitle()
    dialog.search("photometric")
    assert dialog.shown == ["Photometric Interpretation"]
    dialog.search("no such thing")
    assert dialog.shown == []
    assert "Nothing fits" in dialog.words
    dialog.close()


def test_corners_say_window_zoom_and_turn_and_can_be_switched_off(open_desk):
    scene = open_desk.window.grid.scene
    open_desk.do("view.mirror")
    words = scene.corners(open_desk.canvas.geometry_now)
    window = open_desk.studio.display.window
    assert f"W {window.width:.0f}  L {window.center:.0f}" in words.bottom_right
    assert f"{100 * scene.view.scale:.0f} %" in words.bottom_right
    assert words.top_right == "mirrored"
    open_desk.do("view.corners")
    assert scene.corners is None


def test_the_magnifier_shows_the_pointers_surroundings_larger(open_desk):
    open_desk.do("view.corners")
    open_desk.do("view.crosshair")
    place = open_desk.place(120.0, 90.0)
    open_desk.mouse(QEvent.Type.MouseMove, place)
    plain = grey(open_desk)
    open_desk.do("view.magnifier")
    large = grey(open_desk)
    changed = np.argwhere(large != plain)
    assert np.abs(changed - (place.y(), place.x())).max() <= 98
    assert len(changed) > 5000
    open_desk.do("view.magnifier")
    assert (grey(open_desk) == plain).all()


def grey(desk):
    image = desk.canvas.grab().toImage().convertToFormat(image_format())
    return (
        np.frombuffer(image.constBits(), np.uint8)
        .reshape(image.height(), image.bytesPerLine())[:, : image.width()]
        .copy()
    )


def image_format():
    from PySide6.QtGui import QImage

    return QImage.Format.Format_Grayscale8


@pytest.mark.parametrize("ending", [".png", ".tif"])
def test_a_figure_has_the_prints_resolution(open_desk, tmp_path, ending):
    open_desk.do("view.layout-two")
    open_desk.studio.figures.write(tmp_path / f"figure{ending}")
    with Image.open(tmp_path / f"figure{ending}") as figure:
        assert figure.info["dpi"] == pytest.approx((300, 300), abs=0.1)
        assert figure.width == dots(180)
        pixels = np.asarray(figure.convert("L"))
    half = pixels.shape[1] // 2
    assert pixels[10:].std() > 20
    left, right = pixels[300:800, 200:700], pixels[300:800, half + 12 + 200 : half + 12 + 700]
    assert np.abs(left.astype(int) - right).mean() < 25, "the same image in both panels"


def test_figures_for_print_have_words_as_words(open_desk, tmp_path):
    open_desk.studio.figures.write(tmp_path / "figure.svg")
    svg = (tmp_path / "figure.svg").read_text()
    assert "Original" in svg
    assert "px" in svg
    open_desk.studio.figures.write(tmp_path / "figure.pdf")
    assert (tmp_path / "figure.pdf").read_bytes().startswith(b"%PDF")
    open_desk.studio.figures.write(tmp_path / "figure.gif")
    assert "another ending" in open_desk.window.messages.text
    assert not (tmp_path / "figure.gif").exists()


def test_a_study_has_no_corner_texts(qapp):
    from cxr_studio.ui.study.trial_canvas import TrialImages

    images = TrialImages()
    assert images.scene.corners is None
    assert isinstance(images.canvases[0].geometry_now, Geometry)
    images.deleteLater()
