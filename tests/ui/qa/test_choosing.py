"""What is compared: shipped generators and runs."""

from __future__ import annotations

from pathlib import Path

from cxr_studio.resources import user_models
from cxr_studio.ui.qa.choosing import ChoosingDialog, drawing_generators
from cxr_studio.ui.qa.run_actions import add_generators
from tests.generation.strangers import CARDS, write


def test_generators_and_folders_are_ticked(qtbot) -> None:
    dialog = ChoosingDialog([("inpainting", "Adversarial"), ("biharmonic", "Biharmonic")], ticked=1)
    qtbot.addWidget(dialog)
    assert dialog.chosen == ("inpainting",)
    dialog.add_folder(Path("/runs/one"))
    assert dialog.chosen == ("inpainting", "/runs/one")


def test_shipped_generators_become_columns_beside_a_run(desk, run) -> None:
    window = desk(run.folder)
    window.wait_cells()
    before = len(window.lineup.columns)
    window.answers.chosen = ("biharmonic", "telea")
    add_generators(window.comparison, window.answers)
    window.qtbot.waitUntil(lambda: len(window.lineup.columns) == before + 2, timeout=20_000)
    assert [column.title for column in window.lineup.columns[-2:]] == ["Biharmonic (classical)", "Telea (classical)"]


def test_generators_of_every_role_that_draws_fill_the_same_rows(desk, run) -> None:
    user_models().mkdir(parents=True, exist_ok=True)
    names = [f"stranger-{role}" for role in CARDS]
    for card in CARDS.values():
        write(user_models(), card)
    assert set(names) <= {name for name, _ in drawing_generators()}
    assert drawing_generators()[0][0] == "inpainting"
    window = desk(run.folder)
    window.wait_cells()
    before = len(window.lineup.columns)
    window.answers.chosen = tuple(names)
    add_generators(window.comparison, window.answers)
    window.qtbot.waitUntil(lambda: len(window.lineup.columns) == before + len(names), timeout=20_000)
    assert [str(column.role) for column in window.lineup.columns[before:]] == [str(role) for role in CARDS]
    window.wait(lambda: all(window.seen(row) for row in range(len(window.lineup.panel.cases))), timeout=60_000)
