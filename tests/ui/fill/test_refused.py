"""Files that are not offered are said below every list of generators, and why."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from cxr_studio.resources import user_models
from cxr_studio.ui.fill import refused as feature
from cxr_studio.ui.fill.generator_chooser import GeneratorChoice, GeneratorChooser
from cxr_studio.ui.fill.refused import ALL_OFFERED, RefusedFiles
from cxr_studio.ui.shell import text_dialog

CHOICES = [GeneratorChoice("one", "One", "The first"), GeneratorChoice("two", "Two", "The second")]


@pytest.fixture
def chooser(qtbot):
    made = GeneratorChooser("What fills", "Generator")
    qtbot.addWidget(made)
    made.set_generators(CHOICES, "one")
    return made


@pytest.fixture
def pages(monkeypatch):
    shown = []
    monkeypatch.setattr(text_dialog, "show_text", lambda _parent, title, text: shown.append((title, text)))
    return shown


def pick(chooser, row):
    chooser.setCurrentIndex(row)
    chooser.activated.emit(row)


def test_a_broken_file_is_said_in_the_list_and_opens_its_reason(chooser, pages, heard):
    user_models().mkdir(parents=True, exist_ok=True)
    (user_models() / "broken.safetensors").write_bytes(b"no checkpoint")
    files = RefusedFiles(chooser)
    files.say_in(chooser)
    chosen = heard()
    chooser.chosen.connect(chosen)
    last = chooser.count() - 1
    assert chooser.itemText(last) == "1 file is not offered…"
    assert "broken.safetensors" in chooser.itemData(last, Qt.ItemDataRole.ToolTipRole)
    pick(chooser, last)
    assert (chooser.currentData(), chosen) == ("one", [])
    ((title, text),) = pages
    assert title == feature.TITLE
    assert "broken.safetensors: " in text
    assert str(user_models()) in text
    assert files.action().when() == ""
    pick(chooser, 1)
    assert chosen == ["two"]


def test_other_generators_leave_what_is_said_of_files(chooser):
    chooser.set_refused(["broken.safetensors: it is broken."])
    chooser.set_generators(CHOICES[1:], "two")
    assert [chooser.itemText(row) for row in range(chooser.count())] == ["Two", "", "1 file is not offered…"]


def test_where_every_file_is_offered_nothing_is_added(chooser):
    files = RefusedFiles(chooser)
    files.say_in(chooser)
    assert chooser.count() == len(CHOICES)
    assert files.action().when() == ALL_OFFERED
