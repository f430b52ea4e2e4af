"""From radiographs to the table of observers: places, fills through ordinary requests, controls, saved sets."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cxr_studio.cli.main import main
from cxr_studio.errors import Cancelled, StudioError
from cxr_studio.events import CancelToken
from cxr_studio.generation.request import view_of
from cxr_studio.generation.session import Session
from cxr_studio.masks.boxes import bounding_box, cut
from cxr_studio.metrics.forced_choice import Rate
from cxr_studio.networks.observers.training import PairTraining
from cxr_studio.quality.evaluation import Way
from cxr_studio.quality.observers.asking import Amounts, Drawn, HolePlan, split_of
from cxr_studio.quality.observers.judging import Ground, Told, failed_controls, judge, trials_of
from cxr_studio.quality.observers.kept import keep, kept, unseen
from cxr_studio.quality.observers.scenes import Filler, both_filled, both_real, pairs_of, scenes_of, stroke_in
from cxr_studio.quality.observers.structure import structure_rows
from cxr_studio.quality.observers.table import all_ways, usable_ways
from cxr_studio.radiographs.reading import read_radiograph
from cxr_studio.restore.fill import fill
from cxr_studio.restore.options import VARIATIONS, FillOptions, FillRequest

from ...conftest import draw_phantom

PLAN = HolePlan(each=2, side=32)
GRAINED, PLAIN = Way("biharmonic", "spectrum"), Way("telea", "off")
QUICK = PairTraining(steps=6, pairs=6)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Radiographs of six patients, two each, with grain of their own."""
    made = tmp_path_factory.mktemp("radiographs")
    for k in range(12):
        noise = np.random.default_rng(k).normal(0, 800, (320, 288))
        image = np.clip(draw_phantom(320, 288) + noise, 0, 65_535).astype(np.uint16)
        Image.fromarray(image).save(made / f"{k // 2:08d}_{k % 2:03d}.png")
    return made


def test_patients_are_never_on_both_sides(folder: Path, tmp_path: Path) -> None:
    split = split_of(folder, None)
    sides = [{path.stem[:8] for path in part} for part in (split.train, split.test)]
    assert not sides[0] & sides[1]
    assert len(split.train) + len(split.test) == 12
    (tmp_path / "00000000_009.png").write_bytes((folder / "00000000_000.png").read_bytes())
    (tmp_path / "00000042_000.png").write_bytes((folder / "00000000_001.png").read_bytes())
    other = split_of(folder, tmp_path, Amounts(test=4))
    assert [path.name for path in other.left_out] == ["00000000_009.png"]
    assert [path.name for path in other.train] == ["00000042_000.png"]
    assert len(other.test) == 4
    alone = _one_patient(folder, tmp_path / "one")
    with pytest.raises(StudioError, match="too few patients"):
        split_of(alone, None)


def _one_patient(folder: Path, to: Path) -> Path:
    to.mkdir()
    for path in sorted(folder.glob("00000000_*")):
        (to / path.name).write_bytes(path.read_bytes())
    return to


def test_a_scene_is_what_a_user_gets(folder: Path) -> None:
    path = folder / "00000001_000.png"
    (scene, _) = scenes_of([path], PLAN, [Drawn(GRAINED)], filler=Filler("cpu"))
    session = Session(read_radiograph(path))
    radiograph = session.radiograph
    hole = bounding_box(scene.hole)
    assert hole == scene.box
    assert (scene.box[2] - scene.box[0], scene.crop[2] - scene.crop[0], scene.real.shape) == (32, 64, (128, 128))
    unit = np.asarray((radiograph.pixels - session.unit[0]) / np.float32(session.unit[1] - session.unit[0]))
    corner = _found(unit, scene.real[cut(scene.crop)])
    mask = np.zeros(radiograph.shape, bool)
    mask[corner[0] + 16 : corner[0] + 48, corner[1] + 16 : corner[1] + 48] = True
    session.apply_mask(mask, "Hole")
    seed = Drawn(GRAINED).seed(path.name, 0)
    options = FillOptions("biharmonic", seed=seed, grain="spectrum", without="00001")
    result = fill(session.request(options, session.mask))
    session.accept(result, "Fill")
    grey = radiograph.grey.decode(session.composite)
    expected = (grey - session.unit[0]) / np.float32(session.unit[1] - session.unit[0])
    np.testing.assert_array_equal(
        scene.filled(Drawn(GRAINED))[cut(scene.crop)],
        expected[corner[0] : corner[0] + 64, corner[1] : corner[1] + 64].astype(np.float32),
    )


def _found(image: np.ndarray, crop: np.ndarray) -> tuple[int, int]:
    """Where a crop stands in an image."""
    windows = np.lib.stride_tricks.sliding_window_view(image, crop.shape)
    ((y, x),) = np.argwhere((windows[:, :, 0, :4] == crop[0, :4]).all(-1) & (windows[:, :, -1, -1] == crop[-1, -1]))
    return int(y), int(x)


def test_fills_come_from_the_cache_and_damage_is_made_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    filler, paths = Filler("cpu"), [folder / "00000000_000.png"]
    first = scenes_of(paths, PLAN, [Drawn(PLAIN)], filler=filler)
    calls = []
    from cxr_studio.quality.observers import kept_fills

    monkeypatch.setattr(kept_fills, "answer", lambda *a, **k: calls.append(a) or fill(*a, **k))
    again = scenes_of(paths, PLAN, [Drawn(PLAIN)], filler=filler)
    assert not calls
    np.testing.assert_array_equal(first[0].fills[Drawn(PLAIN)], again[0].fills[Drawn(PLAIN)])
    for kept_file in filler.cache.folder.rglob("*.patches"):
        kept_file.write_bytes(b"torn")
    scenes_of(paths, PLAN, [Drawn(PLAIN)], filler=filler)
    assert len(calls) == 2


def test_variations_differ_where_a_seed_matters(folder: Path) -> None:
    drawn = [Drawn(way, k) for way in (GRAINED, PLAIN) for k in (0, 1)]
    scenes = scenes_of([folder / "00000000_000.png"], PLAN, drawn, filler=Filler("cpu"))
    assert all((scene.fills[drawn[0]] != scene.fills[drawn[1]]).any() for scene in scenes)
    assert all((scene.fills[drawn[2]] == scene.fills[drawn[3]]).all() for scene in scenes)
    assert len({Drawn(PLAIN, k).seed(name, n) for k in (0, 1) for name in "ab" for n in (0, 1)}) == 8


def test_variations_of_donors_are_asked_for_by_their_number() -> None:
    exemplar = Way("exemplar", "match")
    assert [Drawn(exemplar, k).seed("a", 0) for k in (1, 2)] == [1, 2]
    assert Drawn(exemplar).seed("a", 0) >= VARIATIONS
    assert Drawn(exemplar).seed("a", 0) != Drawn(exemplar).seed("a", 1)


def test_strokes_stay_in_their_square(folder: Path) -> None:
    for seed in range(20):
        mask = stroke_in((40, 50, 72, 82), np.random.default_rng(seed), (128, 128))
        box = bounding_box(mask)
        assert box is not None
        assert box[0] >= 40
        assert box[1] >= 50
        assert box[2] <= 72
        assert box[3] <= 82
    (scene, _) = scenes_of(
        [folder / "00000000_000.png"], HolePlan(2, 32, "stroke"), [Drawn(PLAIN)], filler=Filler("cpu")
    )
    changed = scene.filled(Drawn(PLAIN)) != scene.real
    assert changed.any()
    assert not (changed & ~scene.hole).any()


@pytest.fixture(scope="module")
def ground(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Ground:
    from cxr_studio.quality.observers.kept_fills import FillCache

    filler = Filler("cpu", FillCache(tmp_path_factory.mktemp("fills")))
    drawn = [Drawn(GRAINED), Drawn(GRAINED, 1), Drawn(PLAIN)]
    split = split_of(folder, None)
    plan = HolePlan(each=5, side=32)
    train, test = (scenes_of(paths, plan, drawn, filler=filler) for paths in (split.train, split.test))
    return Ground(train, test, QUICK)


def test_a_fill_is_told_and_controls_are_in_the_table(ground: Ground) -> None:
    known = replace(ground, training=PairTraining(40, 8), kinds=("location-known",))
    rows, observers = judge(known, trials_of([PLAIN], GRAINED))
    assert [row.control for row in rows] == [False, True, True]
    assert rows[0].rates["location-known"].value > 0.9
    assert not failed_controls(rows), rows
    assert observers[PLAIN.title]["location-known"].card["fills"] == [PLAIN.title]


def test_the_least_used_fills_go_when_their_folder_is_full(tmp_path: Path, folder: Path) -> None:
    from cxr_studio.quality.observers.kept_fills import FillCache

    image = view_of(read_radiograph(folder / "00000000_000.png"))
    masks = [np.zeros(image.shape, bool) for _ in range(3)]
    for k, mask in enumerate(masks):
        mask[40:72, 20 + 8 * k : 52 + 8 * k] = True
    requests = [FillRequest(k, image, FillOptions("telea"), mask) for k, mask in enumerate(masks)]

    def kept() -> int:
        return sum(path.stat().st_size for path in tmp_path.rglob("*.patches"))

    roomy = FillCache(tmp_path)
    first = roomy.patches(requests[0])
    roomy.patches(requests[1])
    limit = kept() + 10
    tight = FillCache(tmp_path, limit=limit)
    tight.patches(requests[0])
    tight.patches(requests[2])
    assert 0 < kept() <= limit
    names = {path.name for path in tmp_path.rglob("*.patches")}
    assert tight._path(requests[2], "auto").name in names
    assert tight._path(requests[1], "auto").name not in names
    again = FillCache(tmp_path, limit=limit).patches(requests[0])
    assert np.array_equal(again[0].stored, first[0].stored)


def test_controls_show_nothing_to_tell(ground: Ground) -> None:
    """Every real window stands as often on either side, and both fills of a hole are fills."""
    real = both_real(ground.test, "search")
    assert len(real) == len(ground.test)
    shown = {window.tobytes() for window in (*real.real, *real.fake)}
    assert shown == {scene.real.tobytes() for scene in ground.test}
    fills = both_filled(ground.test, Drawn(GRAINED), Drawn(GRAINED, 1), "human-like")
    plain = pairs_of(ground.test, Drawn(GRAINED), "human-like")
    outside = ~plain.known_holes
    np.testing.assert_array_equal(fills.real[outside], plain.real[outside])
    assert (fills.real != plain.real).any(axis=(1, 2)).all()
    assert (fills.fake != plain.real).any(axis=(1, 2)).all()


def test_a_control_that_is_told_is_said() -> None:
    fine, bad = Rate(0.53, 0.48, 0.58, 99, 9), Rate(0.7, 0.65, 0.75, 99, 9)
    rows = [Told("Telea", {"search": bad}), Told("Control: c", {"search": fine, "human-like": bad}, control=True)]
    expected = "Control: c: the human-like observer is right in 70.0 % (65–75), where 50 % is expected"
    assert failed_controls(rows) == [expected]


def test_saved_observers_answer_alike_and_know_whom_they_saw(ground: Ground, folder: Path, tmp_path: Path) -> None:
    _, observers = judge(replace(ground, kinds=("search",)), trials_of([PLAIN])[:1])
    keep(observers[PLAIN.title], tmp_path)
    again = kept(str(tmp_path))
    assert list(again) == ["search"]
    split = split_of(folder, None)
    assert unseen((*split.train, *split.test), again) == split.test
    with pytest.raises(StudioError, match="all of these patients"):
        unseen(split.train, again)
    with pytest.raises(StudioError, match="no observers"):
        kept(str(folder))


def test_structure_tells_a_smear_from_the_original(ground: Ground) -> None:
    original, grained, plain = structure_rows(ground.test, [GRAINED, PLAIN], variations=2)
    assert original.figures["grain"].value == 1
    assert original.frechet.value == pytest.approx(0, abs=1e-6)
    assert original.kernel.value == pytest.approx(0, abs=1e-9)
    assert plain.figures["grain"].value < grained.figures["grain"].value
    assert plain.frechet.value > original.frechet.value
    assert np.isfinite(grained.figures["variations"].value)
    assert not np.isfinite(plain.figures["variations"].value)


def test_filling_stops_when_cancelled(folder: Path) -> None:
    token = CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        scenes_of([folder / "00000000_000.png"], PLAN, [Drawn(PLAIN)], filler=Filler("cpu", cancel=token))


def test_every_generator_has_its_rows() -> None:
    ways = all_ways((), ("off", "spectrum"))
    assert {way.generator for way in ways} >= {"context-encoder", "biharmonic", "telea", "navier-stokes"}
    assert len(ways) == 2 * len({way.generator for way in ways})
    suited = {way.generator: way.grain for way in all_ways()}
    assert (suited["biharmonic"], suited["context-encoder"], suited["exemplar"]) == ("spectrum", "spectrum", "match")
    with pytest.raises(StudioError, match="no generator"):
        all_ways(["nothing"])


def test_the_command_prints_writes_and_asks_saved_observers(folder: Path, tmp_path: Path, capsys) -> None:
    words = ["evaluate", "--observer", "--images", str(folder), "--generator", "telea", "--hole", "32", "--holes", "2"]
    quick = ["--steps", "10", "--grains", "off", "--kinds", "location-known", "--device", "cpu"]
    out = ["--json", str(tmp_path / "t.json"), "--sheet", str(tmp_path / "t.png"), "--save", str(tmp_path / "kept")]
    main([*words, *quick, "--observers", "pooled", *out])
    said = capsys.readouterr().out
    assert "Location-known" in said
    assert "Control: both real" in said
    assert "Ribs" in said
    assert (tmp_path / "t.png").exists()
    assert '"location-known"' in (tmp_path / "t.json").read_text()
    main([*words, *quick, "--observers", str(tmp_path / "kept")])
    assert f"{len(split_of(folder, None).train)} radiographs left out" in capsys.readouterr().out


def test_bad_questions_get_one_sentence(folder: Path, capsys) -> None:
    assert main(["evaluate"]) == 1
    assert "no generator is named" in capsys.readouterr().err.lower()
    assert main(["evaluate", "--observer"]) == 1
    assert main(["evaluate", "--observer", "--images", str(folder), "--hole", "33"]) == 1
    assert "multiple of 8" in capsys.readouterr().err


def test_a_generator_that_does_not_answer_stops_none_of_the_others(tmp_path):
    (tmp_path / "bad.safetensors").write_bytes(b"nothing")
    ways, faults = usable_ways(["telea", str(tmp_path / "bad.safetensors"), "nonsense"], ("off",), device="cpu")
    assert [way.generator for way in ways] == ["telea"]
    assert ["not a checkpoint" in str(faults[0]), "nonsense" in str(faults[1])] == [True, True]
    with pytest.raises(StudioError, match="nonsense"):
        usable_ways(["nonsense"])
