"""Faster R-CNN and RetinaNet for real, where torchvision fits the installed torch: ``.ci/detection`` sees to that."""

from __future__ import annotations

from pathlib import Path

import pytest

torchvision = pytest.importorskip("torchvision", reason="torchvision is not part of this environment")

import torch  # noqa: E402
from safetensors.torch import save_file  # noqa: E402

from cxr_studio.cli.main import main as studio  # noqa: E402
from cxr_studio.detection.detector import answered, find_detector  # noqa: E402
from cxr_studio.errors import RecipeError  # noqa: E402
from tests.trainers.test_region_detector import recipe_in, write_radiographs  # noqa: E402
from trainers.__main__ import main as trainer  # noqa: E402
from trainers.reading import read_recipe  # noqa: E402
from trainers.systems.region_detector import RegionTask  # noqa: E402

pytestmark = pytest.mark.filterwarnings("default")


@pytest.mark.parametrize("architecture", ["faster-rcnn", "retinanet"])
def test_it_trains_and_detects(architecture: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_radiographs(tmp_path)
    recipe, out = recipe_in(tmp_path, architecture), tmp_path / "run"
    assert trainer([str(recipe), "--out", str(out), "--steps", "2", "--device", "cpu"]) == 0
    (snapshot,) = (out / "snapshots").glob("*.safetensors")
    card = find_detector(str(snapshot)).card
    assert card.changes == ("ResNet-50 starts from random weights.",)
    assert card.parameters["labels"] == ["nodule", "mass"]
    assert {"real_located", "real_sensitivity_at_1"} <= set(card.scores)
    found = tmp_path / "found.csv"
    arguments = [
        "detect",
        str(tmp_path / "images"),
        "--out",
        str(found),
        "--detector",
        str(snapshot),
        "--least",
        "0.001",
    ]
    assert studio([*arguments, "--device", "cpu"]) == 0
    rows = found.read_text().splitlines()[1:]
    assert len(rows) > 8
    assert {row.split(",")[-1] for row in rows} <= {"nodule", "mass"}


@pytest.mark.parametrize("architecture", ["faster-rcnn", "retinanet"])
def test_one_batch_is_learned(architecture: str, tmp_path: Path) -> None:
    from lightning.fabric import Fabric

    write_radiographs(tmp_path)
    changes = ("optimiser.kind='adam'", "optimiser.rate=0.0001", "optimiser.weight_decay=0.0", "optimiser.clip=1.0")
    task = RegionTask(*read_recipe(recipe_in(tmp_path, architecture), changes))
    task.attach(Fabric(accelerator="cpu"))
    (batch,) = task.batches(0, 1)
    losses = [sum(float(value) for value in task.step(batch, step).values()) for step in range(10)]
    assert min(losses) < 0.5 * losses[0]


def test_imagenets_weights_come_from_a_file(tmp_path: Path) -> None:
    write_radiographs(tmp_path)
    resnet = torchvision.models.resnet50(weights=None)
    save_file(resnet.state_dict(), tmp_path / "resnet50.safetensors")
    task = RegionTask(*read_recipe(recipe_in(tmp_path, weights=f'"{tmp_path}/resnet50.safetensors"')))
    network = task.networks["network"]
    assert torch.equal(network.resnet.layer4[2].conv3.weight, resnet.layer4[2].conv3.weight)
    assert not network.resnet.conv1.weight.requires_grad
    assert network.resnet.layer4[2].conv3.weight.requires_grad
    assert "resnet50.safetensors (SHA-256" in task.blank.changes[-1]
    save_file({"a": torch.zeros(1)}, tmp_path / "resnet50.safetensors")
    with pytest.raises(RecipeError, match="no weights of ResNet-50"):
        RegionTask(*read_recipe(recipe_in(tmp_path, weights=f'"{tmp_path}/resnet50.safetensors"')))


def test_boxes_are_rows_first_and_the_surest_come_first(tmp_path: Path) -> None:
    from cxr_studio.networks.faster_rcnn import FasterRcnn

    network = FasterRcnn(labels=("nodule",), input_side=64).eval()
    network.detector = _Told()
    (found,) = answered(network, torch.zeros(1, 1, 64, 64), least=0.1)
    assert [(one.box, round(one.score, 3)) for one in found] == [((2, 1, 4, 3), 0.9), ((20, 10, 40, 30), 0.5)]


class _Told(torch.nn.Module):
    """Answers as torchvision's detectors do: columns first, the background counted."""

    def __init__(self) -> None:
        super().__init__()
        self.roi_heads = torch.nn.Module()

    def forward(self, pictures: list[torch.Tensor]) -> list[dict[str, torch.Tensor]]:
        assert pictures[0].shape == (3, 64, 64)
        boxes = torch.tensor([[1.0, 2, 3, 4], [10, 20, 30, 40]])
        return [{"boxes": boxes, "scores": torch.tensor([0.9, 0.5]), "labels": torch.tensor([1, 1])}]
