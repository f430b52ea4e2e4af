"""Real or fake by finding, as in Xing et al., Table 1: balanced sources, cropped borders, images called real."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cxr_studio.datasets.splits import split_of
from cxr_studio.errors import StudioError
from cxr_studio.networks.card import Role
from cxr_studio.resources import resource, user_models
from cxr_studio.studies.making import Maker
from cxr_studio.studies.protocol import read_protocol
from cxr_studio.studies.statistics.called_real import called_real
from cxr_studio.studies.statistics.detection import by_pathology
from tests.generation.strangers import CARDS, write
from tests.studies.test_making import draw, pixels, protocol_of

LABELS = ["Effusion", "Mass", "Nodule"]


def test_the_template_is_the_papers_study() -> None:
    protocol = read_protocol(resource("studies", "six-findings.toml"))
    assert [condition.title for condition in protocol.conditions] == ["StarGAN", "Pix2Pix", "Pix2Pix-N"]
    assert protocol.pathology is not None
    assert protocol.images.count == 25 * len(protocol.pathology.labels)
    assert (protocol.images.size, round(256 * (1 - 2 * protocol.images.border))) == (224, 224)


def protocol(**images: object):
    return protocol_of(
        "real-or-fake",
        conditions=[{"generator": "folder", "folder": "theirs"}, {"generator": "telea", "hole": 24}],
        pathology={"csv": "labels.csv", "labels": LABELS, "balanced": True},
        images={"count": 6, "reuse": False, **images},
    )


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """Radiographs of which most show an effusion, and a few two findings; theirs are JPEG files of the same names."""
    draw(tmp_path / "in", 40, height=96, width=96)
    names = sorted(path.name for path in (tmp_path / "in").iterdir())
    found = ["Mass"] * 8 + ["Nodule"] * 8 + ["Effusion"] * 20 + ["Mass|Effusion"] * 4
    rows = [f"{name},{label}" for name, label in zip(names, found, strict=True)] + [f"{names[0]},Emphysema"]
    (tmp_path / "labels.csv").write_text("\n".join(["image,label", *rows]) + "\n")
    (tmp_path / "theirs").mkdir()
    for name in names:
        with Image.open(tmp_path / "in" / name) as image:
            image.save(tmp_path / "theirs" / f"{name[:-4]}.jpg")
    return tmp_path


def test_every_source_has_as_many_of_each_finding(base: Path) -> None:
    done = Maker(protocol(), base / "in", out=base / "out", base=base).make()
    main = [case for case in done.key.cases.values() if not case.practice]
    counts = Counter((case.condition, label) for case in main for label in case.pathology if label in LABELS)
    assert set(counts.values()) == {2}
    assert len(counts) == 3 * len(LABELS)
    assert all(len({*case.pathology} & {*LABELS}) == 1 for case in main)
    assert len({case.source_sha256 for case in main}) == len(main)


def test_drawn_ones_are_of_held_out_patients_and_real_ones_of_others(base: Path) -> None:
    user_models().mkdir(parents=True, exist_ok=True)
    write(user_models(), CARDS[Role.SURROUND])
    names = sorted(path.name for path in (base / "in").iterdir())
    rows = [f"{name},Mass,30,30,20,20" for name in names]
    (base / "boxes.csv").write_text("\n".join(["image,finding,x,y,width,height", *rows]) + "\n")
    (base / "labels.csv").write_text("\n".join(["image,label", *(f"{name},Mass" for name in names)]) + "\n")
    mine = protocol_of(
        "real-or-fake",
        conditions=[{"generator": "stranger-surround", "boxes": "boxes.csv", "held_out": True}],
        pathology={"csv": "labels.csv", "labels": ["Mass"], "balanced": True},
        images={"count": 12, "reuse": False},
    )
    done = Maker(mine, base / "in", out=base / "out", base=base).make()
    main = [case for case in done.key.cases.values() if not case.practice]
    sides = Counter((case.generator == "real", split_of(case.patient)) for case in main)
    assert sides == {(True, "train"): 12, (False, "val"): 12}
    drawn = [case for case in main if case.generator != "real"]
    assert len({case.source for case in drawn}) < len({pixels(done.bundle, case.altered).tobytes() for case in drawn})


def test_where_a_finding_is_too_rare_it_is_said(base: Path) -> None:
    with pytest.raises(StudioError, match="used up"):
        Maker(protocol(count=15), base / "in", out=base / "out", base=base).make()


def test_borders_are_cropped(base: Path) -> None:
    done = Maker(protocol(border=0.125), base / "in", out=base / "out", base=base).make()
    real = next(case for case in done.key.cases.values() if case.condition == "real" and not case.practice)
    with Image.open(base / "in" / real.source) as image:
        whole = np.asarray(image)
    assert np.array_equal(pixels(done.bundle, real.original), whole[12:84, 12:84])


def test_a_protocol_without_the_new_keys_keeps_its_hash() -> None:
    values = protocol_of("real-or-fake", pathology={"csv": "labels.csv"}).model_dump(mode="json")
    assert "border" not in values["images"]
    assert "balanced" not in values["pathology"]
    assert protocol(border=0.1).model_dump(mode="json")["images"]["border"] == 0.1


def test_images_called_real_are_counted_as_in_the_paper() -> None:
    answers = [("Mass", "real", "a", True)] * 3 + [("Mass", "real", "a", False)] + [("Mass", "net", "a", False)] * 2
    answers += [("Mass", "net", "a", True), ("Effusion", "net", "b", True), ("Effusion", "net", "b", False)]
    totals = by_pathology([("total", *rest) for _, *rest in answers])
    table = called_real(by_pathology(answers), totals)
    assert (table.readers, table.sources) == (("a", "b"), ("real", "net"))
    assert table.rows == (
        ("Effusion", (((0, 0), (0, 0)), ((0, 0), (1, 2)))),
        ("Mass", (((3, 4), (0, 0)), ((2, 3), (0, 0)))),
        ("total", (((3, 4), (0, 0)), ((2, 3), (1, 2)))),
    )
