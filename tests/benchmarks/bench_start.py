"""Start-up to a painted window, and memory with a 3000 × 3000 image open, each in processes of their own."""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

import pytest

from tests.benchmarks.measure import large_image, tell

pytestmark = pytest.mark.benchmark
RUNS = 7

BARE = """
import sys, time
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMainWindow
app = QApplication([])
window = QMainWindow(); window.resize(1600, 1000); window.show()
QTimer.singleShot(0, app.quit)
app.exec()
"""

PAINTED = """
import os, sys
from cxr_studio.ui.quick_start import plain_imports
plain_imports()
from cxr_studio.ui.app import begin
from cxr_studio.ui.shell.frame import Frame
def painted(frame):
    show(frame)
    heavy = sorted({"torch", "scipy", "skimage", "cv2", "pydantic", "cxr_studio.ui.studio"} & set(sys.modules))
    assert not heavy, f"imported before the window showed: {heavy}"
    os._exit(0)
show, Frame.show = Frame.show, painted
begin()
"""

READY = """
import os, sys
from PySide6.QtCore import QEventLoop, QTimer
from cxr_studio.ui.app import begin
_, studio = begin()
loop = QEventLoop()
QTimer.singleShot(0, loop.quit)
loop.exec()
heavy = sorted({"torch", "scipy", "skimage", "cv2", "pydantic"} & set(sys.modules))
assert not heavy, f"imported before a file was opened: {heavy}"
os._exit(0)
"""

OPEN = """
import os, sys
from pathlib import Path
from PySide6.QtCore import QTimer
from cxr_studio.ui.app import application
from cxr_studio.ui.theme.style import apply_theme
from cxr_studio.ui.studio import Studio
from cxr_studio.settings import Settings
app = application()
apply_theme(app, "dark")
studio = Studio(Settings())
window = studio.window
studio.workspace.opened.connect(lambda: QTimer.singleShot(800, app.quit))
window.painted.connect(lambda: studio.documents.open([Path(sys.argv[1])]))
window.show()
app.exec()
assert "torch" not in sys.modules
pages = int(open("/proc/self/statm").read().split()[1])
print(pages * os.sysconf("SC_PAGE_SIZE") / 2**20)
sys.stdout.flush()
os._exit(0)
"""


def run(program: str, *words: str) -> tuple[float, float, str]:
    """Wall and processor seconds of a process, and what it printed."""
    compiled = {
        "PYTHONPYCACHEPREFIX": str(Path(tempfile.gettempdir()) / "cxr-studio-bench"),
        "PYTHONDONTWRITEBYTECODE": "",
    }
    before, started = os.times(), time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", program, *words],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, **compiled},
    )
    wall, after = time.perf_counter() - started, os.times()
    processor = after.children_user + after.children_system - before.children_user - before.children_system
    return wall, processor, done.stdout


def test_start() -> None:
    """Bare and own starts take turns, so that what else the machine does meets them alike."""
    programs = {
        "bare PySide6 window": BARE,
        "CXR Studio, its window painted": PAINTED,
        "CXR Studio, everything in place": READY,
    }
    for program in programs.values():
        run(program)  # compiles the modules, as the first start after an installation does
    times = [{what: run(program)[:2] for what, program in programs.items()} for _ in range(RUNS)]
    for place, clock in enumerate(("wall", "processor")):
        rows = [(what, median(each[what][place] for each in times), "s") for what in programs]
        tell(f"Start-up, whole process, {clock} time (target: 2.5 × bare)", rows, base="bare PySide6 window")


def test_memory(tmp_path: Path) -> None:
    from PIL import Image

    picture = tmp_path / "large.png"
    Image.fromarray(large_image()).save(picture, compress_level=1)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    resident = float(run(OPEN, str(picture))[2].strip().splitlines()[-1])
    rows = [("target", 200.0, "MiB"), ("CXR Studio, 3000 × 3000, 16 bits, before torch", resident, "MiB")]
    tell("Resident memory with an image open", rows, base="target")
