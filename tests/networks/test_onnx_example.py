"""The worked example of docs/adding-a-generator.md: exported, kept, found, and true to its contract."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from cxr_studio import roles
from cxr_studio.cli.main import main
from cxr_studio.networks.card import Role
from cxr_studio.quality.checking.conformance import conformance
from cxr_studio.radiographs.reading import read_radiograph
from cxr_studio.resources import resource, user_models

for needed in ("onnx", "onnxscript", "onnxruntime"):
    pytest.importorskip(needed)

SCRIPT = Path(__file__).parents[2] / "docs" / "examples" / "export_foreign_model.py"


def test_the_example_is_exported_kept_found_and_fills(tmp_path, capsys):
    command = [sys.executable, str(SCRIPT), str(tmp_path / "out")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip().endswith("spread.onnx")
    assert main(["keep", str(tmp_path / "out" / "spread.onnx")]) == 0
    facts = roles.find("spread", Role.RESTORE)
    assert facts.checkpoint.path == user_models() / "spread.onnx"
    assert [finding.words for finding in conformance(facts.checkpoint) if not finding.passed] == []
    import cv2

    mask = np.zeros((1024, 1024), np.uint8)
    mask[400:440, 260:300] = 255
    cv2.imwrite(str(tmp_path / "mask.png"), mask)
    image, filled = resource("samples", "healthy-1.png"), tmp_path / "filled.png"
    words = ["inpaint", str(image), "--mask", str(tmp_path / "mask.png"), "--generator", "spread", "--out", str(filled)]
    assert main(words) == 0
    before, after = read_radiograph(image).stored, read_radiograph(filled).stored
    assert (before != after)[mask > 0].mean() > 0.5
    assert not (before != after)[mask == 0].any()
    capsys.readouterr()
