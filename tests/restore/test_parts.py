"""The parts that a fill is made of: hashes, devices, classical fills, blending."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from cxr_studio.errors import GeneratorError
from cxr_studio.generation.devices import choose_device, device_title, gave_up
from cxr_studio.generation.hashing import array_sha256
from cxr_studio.masks.brush import paint_disc
from cxr_studio.restore.classical import CLASSICAL, biharmonic_fill
from cxr_studio.restore.paste import feathered


def test_a_hash_tells_values_shape_and_type_apart() -> None:
    values = np.arange(12, dtype=np.uint16)
    kinds = [values, values.reshape(3, 4), values.reshape(4, 3), values.astype(np.int16), values[::-1], values > 5]
    assert len({array_sha256(kind) for kind in kinds}) == len(kinds)
    assert array_sha256(values.reshape(3, 4).T) == array_sha256(np.ascontiguousarray(values.reshape(3, 4).T))
    assert array_sha256(np.zeros(9, bool)) != array_sha256(np.zeros(10, bool))


def test_only_what_cannot_change_is_remembered() -> None:
    image = np.zeros((40, 40), np.uint16)
    first = array_sha256(image)
    image[3, 4] = 1
    assert array_sha256(image) != first
    image.setflags(write=False)
    second = array_sha256(image)
    assert array_sha256(image) == second
    image.setflags(write=True)
    image[3, 4] = 0
    assert array_sha256(image) == first


def test_an_array_in_a_dead_ones_place_has_its_own_hash() -> None:
    seen = set()
    for value in range(30):
        image = np.full((64, 64), value, np.uint8)
        image.setflags(write=False)
        seen.add(array_sha256(image))
        del image
    assert len(seen) == 30


def test_devices_that_are_not_there_are_refused() -> None:
    assert choose_device("cpu") == "cpu"
    assert choose_device() in {"cpu", "cuda", "mps"}
    assert device_title("cpu").startswith("CPU (")
    with pytest.raises(GeneratorError, match="no abacus device"):
        choose_device("abacus")
    if not torch.cuda.is_available():
        with pytest.raises(GeneratorError, match="auto or cpu"):
            choose_device("cuda")


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (torch.cuda.OutOfMemoryError("x"), "ran out of memory"),
        (RuntimeError("MPS backend out of memory (MPS allocated: 1 GB)"), "ran out of memory"),
        (RuntimeError("CUDA error: unspecified launch failure"), "was lost"),
        (RuntimeError("CUDA error: device-side assert triggered"), "was lost"),
        (RuntimeError("mat1 and mat2 shapes cannot be multiplied"), None),
        (ValueError("out of memory"), None),
        (GeneratorError("not finite"), None),
    ],
)
def test_only_a_device_that_gave_up_is_replaced(fault: Exception, reason: str | None) -> None:
    assert gave_up(fault) == reason


def plane(shape: tuple[int, int]) -> np.ndarray:
    y, x = np.mgrid[: shape[0], : shape[1]].astype(np.float32)
    return (0.2 + 0.4 * y / shape[0] + 0.3 * x / shape[1]).astype(np.float32)


@pytest.mark.parametrize(("radius", "error"), [(5, 1e-4), (34, 1e-3), (60, 0.01), (110, 0.02)])
def test_a_plane_is_continued_at_any_size(radius: float, error: float) -> None:
    image = plane((300, 280))
    mask = np.zeros(image.shape, bool)
    paint_disc(mask, (150, 140), radius=radius)
    filled = biharmonic_fill(np.where(mask, np.float32(9), image), mask)
    assert np.abs(filled - image).max() < error
    np.testing.assert_array_equal(filled[~mask], image[~mask])


@pytest.mark.parametrize("name", CLASSICAL)
@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 500))
def test_classical_fills_keep_what_is_known_and_never_see_the_rest(name: str, seed: int) -> None:
    rng = np.random.default_rng(seed)
    image = rng.random((40, 52)).astype(np.float32)
    mask = np.zeros(image.shape, bool)
    for y, x in rng.integers(0, 40, (3, 2)):
        paint_disc(mask, (y, x), radius=float(rng.uniform(0.5, 6)))
    before = image.copy()
    filled = CLASSICAL[name](image, mask)
    assert filled.dtype == np.float32
    assert np.isfinite(filled).all()
    np.testing.assert_array_equal(image, before)
    np.testing.assert_array_equal(filled[~mask], image[~mask])
    other = np.where(mask, rng.random(image.shape).astype(np.float32), image)
    np.testing.assert_array_equal(filled, CLASSICAL[name](other, mask))


@settings(deadline=None)
@given(feather=st.integers(0, 32), seed=st.integers(0, 200))
def test_the_feather_rises_inside_the_painted_mask_only(feather: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    painted = np.zeros((60, 70), bool)
    for y, x in rng.integers(-5, 70, (3, 2)):
        paint_disc(painted, (y, x), radius=float(rng.uniform(0.5, 20)))
    blending = feathered(painted, feather)
    assert blending.dtype == np.float32
    assert (blending[~painted] == 0).all()
    assert ((blending[painted] > 0) & (blending[painted] <= 1)).all()
    if feather == 0:
        np.testing.assert_array_equal(blending, painted)
