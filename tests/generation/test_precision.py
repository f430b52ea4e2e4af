"""bfloat16 for batch work: nearly the same pixels, stated in the provenance, and only inside."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from cxr_studio.augmentation.job import Augmentation
from cxr_studio.augmentation.plan import Plan
from cxr_studio.datasets.manifest import manifest_of
from cxr_studio.errors import GeneratorError, StudioError
from cxr_studio.generation.precision import CHOICES, precision_on, running_in, settled
from cxr_studio.generation.session import Session
from cxr_studio.jobs.claiming import claim
from cxr_studio.nodules.sizes import Diameters
from cxr_studio.radiographs.reading import read_radiograph
from cxr_studio.resources import resource
from cxr_studio.restore.fill import fill
from cxr_studio.restore.options import FillOptions

SAMPLE = resource("samples", "healthy-1.png")


@pytest.mark.parametrize("generator", ["context-encoder", "inpainting"])
def test_bfloat16_draws_nearly_the_same_and_is_stated(generator: str) -> None:
    session = Session(read_radiograph(SAMPLE))
    mask = np.zeros(session.radiograph.shape, bool)
    mask[400:430, 300:330] = True
    session.apply_mask(mask, "Hole")
    request = session.request(FillOptions(generator, grain="off"), session.mask)
    full = fill(request, device="cpu")
    with running_in("bf16"):
        half = fill(request, device="cpu")
    again = fill(request, device="cpu")
    assert (full.provenance.precision, half.provenance.precision) == ("", "bf16")
    assert np.array_equal(again.patches[0].stored, full.patches[0].stored)
    change = half.patches[0].stored.astype(float) - full.patches[0].stored
    assert change.any()
    assert abs(change).mean() < 1.0  # of 255 grey levels


def test_a_gpu_keeps_its_own_precision_and_nonsense_is_refused() -> None:
    with running_in("bf16"):
        assert (precision_on("cpu"), precision_on("cuda:0")) == ("bf16", "")
    assert precision_on("cpu") == ""
    assert settled("auto") in CHOICES[1:]
    with pytest.raises(GeneratorError, match="no precision 'half'"):
        settled("half")


def test_a_set_is_not_continued_in_another_precision(tmp_path: Path) -> None:
    plan = Plan(manifest_of([SAMPLE]), 2, (1, 1), Diameters("px", 10, 30))
    claim(Augmentation(plan, tmp_path))
    assert "precision" not in (tmp_path / "plan.json").read_text()
    claim(Augmentation(plan, tmp_path))
    with pytest.raises(StudioError, match="precision"):
        claim(Augmentation(replace(plan, precision="bf16"), tmp_path))
