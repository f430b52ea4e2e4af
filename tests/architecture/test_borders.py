"""Borders that import-linter cannot see: start-up, pickles, machine paths."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HEAVY = ("torch", "scipy", "skimage", "cv2", "pydicom", "pyqtgraph", "SimpleITK", "matplotlib", "openpyxl", "jinja2")


def tracked() -> list[Path]:
    listing = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    names = listing.stdout.split() if listing.returncode == 0 else []
    return [ROOT / name for name in names if (ROOT / name).is_file()]


def modules_after(statement: str) -> set[str]:
    code = f"{statement}\nimport sys\nprint(*sorted({{m.split('.')[0] for m in sys.modules}}))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_the_window_starts_without_heavy_imports() -> None:
    assert not modules_after("import cxr_studio.ui.app").intersection(HEAVY)


def test_the_facts_of_a_finished_study_import_without_heavy_imports() -> None:
    assert not modules_after("import cxr_studio.studies.statistics.outcome, cxr_studio.cli.study").intersection(HEAVY)


@pytest.mark.parametrize(
    "room", ["networks.registry", "datasets.manifest", "masks.brush", "metrics.fidelity", "radiographs.reading"]
)
def test_rooms_that_training_needs_import_without_qt_and_pydicom(room: str) -> None:
    assert not modules_after(f"import cxr_studio.{room}").intersection(("PySide6", "pydicom"))


def test_training_imports_without_qt_and_pydicom() -> None:
    assert not modules_after("import trainers.start").intersection(("PySide6", "pydicom"))


@pytest.mark.parametrize("module", ["sitting", "simulation", "integrity", "verification"])
def test_sitting_a_study_needs_neither_networks_nor_numerics_beyond_numpy(module: str) -> None:
    heavy = {*HEAVY, "PySide6", "matplotlib", "psycopg", "PIL"}
    assert not modules_after(f"import cxr_studio.studies.{module}").intersection(heavy)


@pytest.mark.parametrize("command", ["study", "study_simulate", "study_progress", "study_verify"])
def test_study_commands_are_looked_up_without_a_database(command: str) -> None:
    assert not modules_after(f"import cxr_studio.cli.{command}").intersection({*HEAVY, "sqlalchemy", "pydantic"})


@pytest.mark.parametrize("module", ["panel", "columns", "verdicts", "cells", "curves", "shuffling"])
def test_looking_at_checkpoints_imports_neither_torch_nor_plots(module: str) -> None:
    heavy = {"torch", "skimage", "cv2", "pydicom", "matplotlib", "jinja2", "PySide6"}
    assert not modules_after(f"import cxr_studio.quality.comparison.{module}").intersection(heavy)


def test_the_qa_command_is_looked_up_without_heavy_imports() -> None:
    assert not modules_after("import cxr_studio.cli.qa").intersection({*HEAVY, "numpy", "PySide6"})


def test_no_pickle_is_loaded() -> None:
    forbidden = re.compile(r"\b(import pickle|torch\.load|allow_pickle=True|torch\.save|joblib)\b")
    sources = [p for room in ("cxr_studio", "trainers") for p in (ROOT / room).rglob("*.py")]
    assert not [p.name for p in sources if forbidden.search(p.read_text(encoding="utf-8"))]


def test_no_machine_paths() -> None:
    """A path of one machine in a tracked file would break on every other."""
    machine = re.compile(r"(?<![\w.])/(?:home|Users|work|opt|root)/\w")
    found = []
    for path in tracked():
        if path.suffix in (".py", ".toml", ".md", ".txt", ".cfg") or path.parent.name == ".ci":
            found += [path.name for line in path.read_text(encoding="utf-8").splitlines() if machine.search(line)]
    assert not found
