"""A study: start-up to the painted first page beside a bare window."""

from pathlib import Path
from statistics import median

import pytest

from tests.benchmarks.bench_start import BARE, run
from tests.benchmarks.measure import tell
from tests.studies.tiny_study import tiny_study

pytestmark = pytest.mark.benchmark
RUNS = 7

STUDY = """
import os, sys
from pathlib import Path
from cxr_studio.cli.main import main
from cxr_studio.ui.study import study_controller as made
begun = made.StudyController.show
def show(self):
    self.window.painted.connect(lambda: os._exit(0))
    begun(self)
made.StudyController.show = show
main(["study", "run", sys.argv[1], "--windowed"])
"""


def test_start(tmp_path: Path) -> None:
    bundle, _ = tiny_study(tmp_path)
    bare, study = [], []
    run(BARE), run(STUDY, str(bundle.folder))  # compiles the modules
    for _ in range(RUNS):
        bare.append(run(BARE)[0])
        study.append(run(STUDY, str(bundle.folder))[0])
    rows = [
        ("bare PySide6 window", median(bare), "s"),
        ("study run, to the reader's page", median(study), "s"),
        ("target", 2.0, "s"),
    ]
    tell("Start-up of a study, whole process", rows, base="bare PySide6 window")
