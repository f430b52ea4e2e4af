"""The heart of the program: paint, watch it filled, keep it, take it back, write it out."""

import numpy as np
from PySide6.QtCore import QEvent, QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent

from cxr_studio.radiographs.reading import read_radiograph
from cxr_studio.resources import resource
from cxr_studio.ui.document.thumbnail_strip import ThumbnailStrip
from cxr_studio.ui.fill.generator_chooser import GeneratorChooser

STROKE = ((120.0, 90.0), (130.0, 95.0), (140.0, 92.0))
ELSEWHERE = ((150.0, 200.0), (155.0, 205.0))


def shown(desk):
    return desk.studio.workspace.composite.image


def session(desk):
    return desk.studio.workspace.session


def test_a_stroke_is_filled_and_nothing_outside_it_changes(desk, picture):
    desk.start(picture)
    desk.stroke(*STROKE)
    mask, original = session(desk).mask, session(desk).radiograph.stored
    assert mask[130, 95]
    assert 1_000 < mask.sum() < 4_000
    changed = shown(desk) != original
    assert changed[mask].mean() > 0.9
    assert not changed[~mask].any()
    desk.qtbot.waitUntil(lambda: "0 pixels changed" in desk.window.grid.panes["difference"].badge)
    assert desk.window.status.field("latency").endswith("ms")


def test_the_trained_generator_answers_live(desk_maker):
    desk = desk_maker(generator="context-encoder")
    desk.start(resource("samples", "masses.dcm"))
    desk.stroke((1180.0, 1460.0), (1190.0, 1480.0))
    assert session(desk).mask.any()
    assert (shown(desk) != session(desk).radiograph.stored)[session(desk).mask].mean() > 0.9


def test_accept_undo_redo_switch_off_and_remove(desk, picture):
    desk.start(picture)
    desk.stroke(*STROKE)
    original, filled = session(desk).radiograph.stored, shown(desk).copy()
    desk.do("inpaint.accept")
    assert not session(desk).mask.any()
    assert len(session(desk).edits) == 1
    assert (shown(desk) == filled).all()
    desk.stroke(*ELSEWHERE)
    desk.do("inpaint.accept")
    both = shown(desk).copy()
    desk.do("edit.undo")
    desk.do("edit.undo")
    assert (shown(desk)[~session(desk).mask] == filled[~session(desk).mask]).all()
    desk.do("edit.redo")
    desk.do("edit.redo")
    assert (shown(desk) == both).all()
    first, second = session(desk).edits
    desk.studio.workspace.enable(first.number, False)
    mask = first.mask(original.shape)
    assert (shown(desk)[mask] == original[mask]).all()
    desk.studio.workspace.remove(second.number)
    assert (shown(desk) == original).all()
    for _ in range(2):
        desk.do("edit.undo")
    assert (shown(desk) == both).all()


def test_another_generator_fills_the_same_mask(desk, picture):
    desk.start(picture)
    desk.stroke(*STROKE)
    first = shown(desk).copy()
    with desk.qtbot.waitSignal(desk.studio.inpainting.timed, timeout=30_000):
        desk.view(GeneratorChooser).chosen.emit("telea")
    assert desk.studio.inpainting.options.generator == "telea"
    mask = session(desk).mask
    assert (shown(desk)[mask] != first[mask]).any()
    assert (shown(desk)[~mask] == first[~mask]).all()


def test_with_live_off_enter_fills(desk_maker, picture):
    desk = desk_maker(generator="biharmonic", live=False)
    desk.start(picture)
    desk.drag(*STROKE)
    desk.qtbot.wait(150)
    assert (shown(desk) == session(desk).radiograph.stored).all()
    with desk.qtbot.waitSignal(desk.studio.inpainting.timed, timeout=30_000):
        desk.do("inpaint.run")
    assert (shown(desk) != session(desk).radiograph.stored).any()


def test_erasing_takes_the_fill_back(desk, picture):
    desk.start(picture)
    desk.stroke(*STROKE)
    desk.do("tool.eraser")
    desk.studio.pointing.set_radius(35)
    desk.drag((115.0, 90.0), (145.0, 92.0), (150.0, 95.0))
    desk.qtbot.waitUntil(lambda: not session(desk).mask.any())
    assert (shown(desk) == session(desk).radiograph.stored).all()


def test_export_is_bit_identical_outside_the_mask(desk, picture, tmp_path):
    desk.start(picture)
    desk.stroke(*STROKE)
    mask = session(desk).mask.copy()
    desk.do("inpaint.accept")
    desk.answers.path = tmp_path / "out.png"
    desk.do("file.export")
    desk.qtbot.waitUntil(desk.answers.path.exists)
    out = read_radiograph(desk.answers.path)
    original = session(desk).radiograph.stored
    assert out.stored.dtype == original.dtype
    assert (out.stored[~mask] == original[~mask]).all()
    assert (out.stored[mask] != original[mask]).mean() > 0.9


def test_the_original_is_never_overwritten(desk, picture):
    before = picture.read_bytes()
    desk.start(picture)
    desk.stroke(*STROKE)
    desk.do("inpaint.accept")
    desk.answers.path = picture
    desk.do("file.export")
    assert "cannot be overwritten" in desk.window.messages.text
    assert picture.read_bytes() == before


def test_dropped_files_open(desk, picture):
    desk.start()
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(picture))])
    event = QDropEvent(
        QPointF(50, 50),
        Qt.DropAction.CopyAction,
        mime,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
        QEvent.Type.Drop,
    )
    with desk.qtbot.waitSignal(desk.studio.workspace.opened, timeout=10_000):
        desk.window.dropEvent(event)
    assert "chest.png" in desk.window.windowTitle()


def test_a_broken_file_is_a_sentence_and_the_open_one_stays(desk, picture, tmp_path):
    broken = tmp_path / "broken.png"
    broken.write_bytes(picture.read_bytes()[:900])
    desk.start(picture)
    desk.studio.documents.open([broken])
    desk.qtbot.waitUntil(lambda: "broken.png" in desk.window.messages.text)
    assert session(desk).radiograph.source.path == picture


def test_variations_are_offered_where_seeds_change_anatomy_alone(desk, picture):
    desk.start(picture)
    desk.stroke(*STROKE)
    action = desk.window.registry.action("inpaint.variations")
    assert not action.isEnabled()
    assert "the grain alone" in action.toolTip()


def test_variations_differ_only_inside_the_mask(desk_maker, picture):
    desk = desk_maker(generator="exemplar")
    desk.start(picture)
    desk.stroke(*STROKE)
    first = shown(desk).copy()
    with desk.qtbot.waitSignal(desk.studio.variations.changed, timeout=30_000):
        desk.do("inpaint.variations")
    desk.qtbot.waitUntil(lambda: len(desk.studio.variations.found) >= 4, timeout=30_000)
    desk.studio.variations.choose(2)
    mask = session(desk).mask
    assert (shown(desk)[mask] != first[mask]).any()
    assert (shown(desk)[~mask] == first[~mask]).all()


def test_thumbnails_lead_to_the_next_radiograph(desk, picture, phantom, tmp_path):
    from PIL import Image

    Image.fromarray(np.ascontiguousarray(phantom[:, ::-1])).save(tmp_path / "dest.png")
    desk.start(picture)
    with desk.qtbot.waitSignal(desk.studio.workspace.opened, timeout=10_000):
        desk.do("file.next")
    assert "dest.png" in desk.window.windowTitle()
    assert desk.view(ThumbnailStrip).count() == 2
