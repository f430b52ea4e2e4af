"""One nodule from request to result, beside scipy's rotation of the same template; images a second of a job."""

import time
from pathlib import Path
from statistics import median

import numpy as np
import pytest

from cxr_studio.augmentation.job import run
from cxr_studio.augmentation.plan import Plan
from cxr_studio.datasets.manifest import manifest_of
from cxr_studio.generation.request import view_of
from cxr_studio.jobs.running import Running
from cxr_studio.networks.card import Role
from cxr_studio.nodules.answering import draw_nodule
from cxr_studio.nodules.built_in import SUPERPOSITION
from cxr_studio.nodules.ct_library import bundled_library
from cxr_studio.nodules.ct_superposition import superpose
from cxr_studio.nodules.placement import NoduleRequest, Placement
from cxr_studio.nodules.sizes import Diameters
from cxr_studio.nodules.texture_network import drawn_patches
from cxr_studio.radiographs.reading import read_radiograph
from cxr_studio.resources import resource
from cxr_studio.roles import find
from tests.benchmarks.measure import tell

pytestmark = pytest.mark.benchmark

TEXTURE = "nodule-texture"


def seconds(step: object, count: int) -> float:
    times = []
    for number in range(count):
        started = time.perf_counter()
        step(number)
        times.append(time.perf_counter() - started)
    return median(times)


def test_one_nodule() -> None:
    from scipy.ndimage import rotate

    radiograph = read_radiograph(resource("samples", "healthy-1.png"))

    def request(seed: int, y: float) -> NoduleRequest:
        return NoduleRequest(1, view_of(radiograph), Placement(y, 250, 30, seed=seed))

    superpose(request(0, 400))
    template = bundled_library()[100].excess
    rows = [
        (
            "scipy.ndimage.rotate of one template, once",
            1000 * seconds(lambda n: rotate(template, 30 + n, order=1), 9),
            "ms",
        ),
        ("CXR Studio, a new shape", 1000 * seconds(lambda n: superpose(request(n + 1, 400)), 15), "ms"),
        ("CXR Studio, the same shape dragged", 1000 * seconds(lambda n: superpose(request(1, 300 + n)), 25), "ms"),
    ]
    tell(
        "One nodule of 30 px by CT superposition (target: 120 ms)",
        rows,
        base="scipy.ndimage.rotate of one template, once",
    )


def test_one_drawn_nodule() -> None:
    radiograph = read_radiograph(resource("samples", "healthy-1.png"))

    def request(seed: int, y: float, generator: str) -> NoduleRequest:
        placement = Placement(y, 250, 30, seed=seed, generator=generator)
        return NoduleRequest(1, view_of(radiograph), placement)

    draw_nodule(request(0, 400, TEXTURE))
    superposed = 1000 * seconds(lambda n: draw_nodule(request(n + 1, 400, SUPERPOSITION)), 15)
    rows = [
        ("CT superposition, a new shape", superposed, "ms"),
        (
            "texture generator, a new shape",
            1000 * seconds(lambda n: draw_nodule(request(n + 1, 400, TEXTURE)), 15),
            "ms",
        ),
        ("texture generator, dragged", 1000 * seconds(lambda n: draw_nodule(request(1, 300 + n, TEXTURE)), 15), "ms"),
    ]
    tell("One nodule of 30 px by the texture generator (target: 120 ms)", rows, base="CT superposition, a new shape")


def test_a_batch_of_nodules() -> None:
    checkpoint = find("nodule-texture", Role.INSERT).checkpoint
    rng = np.random.default_rng(1)
    patches = rng.uniform(-0.5, 0.5, (32, 256, 256)).astype(np.float32)
    masks = np.zeros((32, 256, 256), bool)
    masks[:, 108:148, 108:148] = True
    contrast = 0.2 * masks.astype(np.float32)
    drawn_patches(checkpoint, "cpu", patches[:2], masks[:2], contrast[:2])
    rows = []
    for count in (1, 8, 32):
        each = seconds(
            lambda n, count=count: drawn_patches(checkpoint, "cpu", *(a[:count] for a in (patches, masks, contrast))), 5
        )
        rows.append((f"batch of {count}", count / each, "/s"))
    tell("texture generator: nodules a second, the network alone", rows, base="batch of 1")


def test_a_job(tmp_path: Path) -> None:
    sources = manifest_of(resource("samples", name) for name in ("healthy-1.png", "healthy-2.png"))
    plan = Plan(sources, 24, (1, 3), Diameters("px", 12, 60), seed=1)
    rows = []
    for workers in (1, 2):
        started = time.perf_counter()
        run(plan, tmp_path / str(workers), Running(workers))
        rows.append(
            (f"{workers} worker{'s' if workers > 1 else ''}", plan.count / (time.perf_counter() - started), "/s")
        )
    title = "augment: images of 1024 × 1024 with one to three nodules, start of the workers included"
    tell(title, rows, base="1 worker")
    assert np.isfinite(rows[0][1])
