"""A folder of healthy radiographs, indexed in the background."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cxr_studio.donors import folder as folder_module
from cxr_studio.donors.folder import index_place
from cxr_studio.settings import Settings, load_settings, save_settings
from cxr_studio.ui.fill.donors import DonorsController
from cxr_studio.ui.program.folder_field import FolderField
from cxr_studio.ui.program.settings_dialog import SettingsDialog
from cxr_studio.ui.shell.background import Background


@pytest.fixture
def background(qtbot):
    made = Background()
    yield made
    made.close()
    assert not [t for t in threading.enumerate() if t.name.startswith("cxr-")]


@pytest.fixture
def healthy(tmp_path: Path) -> Path:
    place = tmp_path / "healthy"
    place.mkdir()
    for k in range(2):
        image = np.random.default_rng(k).integers(0, 255, (160, 150)).astype(np.uint8)
        Image.fromarray(image).save(place / f"{k}.png")
    return place


def listening(background: Background) -> tuple[DonorsController, list[str], list[str]]:
    donors, folders, words = DonorsController(background), [], []
    donors.changed.connect(folders.append)
    donors.told.connect(words.append)
    donors.warned.connect(words.append)
    return donors, folders, words


def test_a_folder_is_used_once_its_index_is_made(qtbot, background, healthy):
    donors, folders, words = listening(background)
    donors.use(str(healthy))
    assert folders == [""]
    qtbot.waitUntil(lambda: bool(words))
    assert folders == ["", str(healthy)]
    assert words == ["Donors also come from 2 healthy radiographs in healthy."]
    donors.use(str(healthy))
    assert not background.busy
    donors.use("")
    assert folders[-1] == ""


def test_a_folder_that_cannot_be_used_is_a_sentence(qtbot, background, tmp_path):
    donors, folders, words = listening(background)
    donors.use(str(tmp_path / "gone"))
    qtbot.waitUntil(lambda: bool(words))
    assert words == ["gone: there is no such folder. Give a folder of radiographs."]
    assert folders == [""]


def test_another_folder_cancels_the_index_under_way(qtbot, background, healthy, monkeypatch):
    begun, go = threading.Event(), threading.Event()
    real = folder_module.read_radiograph

    def slow(path):
        begun.set()
        go.wait(5)
        return real(path)

    monkeypatch.setattr(folder_module, "read_radiograph", slow)
    donors, folders, words = listening(background)
    donors.use(str(healthy))
    assert begun.wait(5)
    donors.use("")
    go.set()
    qtbot.waitUntil(lambda: not background.busy)
    assert folders == ["", ""]
    assert not words
    assert not (index_place(healthy) / folder_module.LIST).exists()


def test_the_setting_is_a_folder_that_can_be_typed(qtbot, healthy):
    dialog = SettingsDialog(Settings(donors="before"))
    qtbot.addWidget(dialog)
    field = dialog.findChild(FolderField, "donors")
    assert field.folder == "before"
    field.set_folder(f" {healthy} ")
    assert dialog.chosen.donors == str(healthy)
    assert save_settings(dialog.chosen) == ""
    assert load_settings()[0].donors == str(healthy)
