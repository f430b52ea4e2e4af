"""The adversarial task: who learns when, with which optimiser, and what is reported."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pytest
import torch
from lightning.fabric import Fabric
from torch import Tensor, nn

from cxr_studio.networks.card import Card, Role
from trainers.batches import Batch, Batches
from trainers.discriminators import Judgement
from trainers.gan import GanTask, Judge, Term, View, frozen
from trainers.recipe import Network, Optimiser, Recipe
from trainers.schedule import Turn
from trainers.task import Material


@dataclass(frozen=True)
class Wanted(Batch):
    real: Tensor


class Same(Batches[Wanted]):
    steps_per_epoch = 5

    def __len__(self) -> int:
        return 10

    def __getitem__(self, step: int) -> Wanted:
        return Wanted(torch.full((4, 1, 6, 6), 0.5))


class Drawn(nn.Module):
    """Draws one learned grey."""

    def __init__(self) -> None:
        super().__init__()
        self.grey = nn.Parameter(torch.tensor(-0.25))

    def forward(self, like: Tensor) -> Tensor:
        return self.grey * torch.ones_like(like)


class Linear(nn.Module):
    """Scores without features."""

    def __init__(self) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.tensor(1.0))
        self.asked = 0

    def forward(self, image: Tensor) -> Tensor:
        self.asked += 1
        return self.weight * image.flatten(1).mean(dim=1)


class Featured(Linear):
    def forward(self, image: Tensor) -> Judgement:  # type: ignore[override]
        return Judgement(self.weight * image, [self.weight * image, image])


class Unmeasured:
    def scores(self, network: nn.Module, device: torch.device) -> dict[str, float]:
        return {}

    def sheet(self, network: nn.Module, device: torch.device) -> np.ndarray:
        return np.zeros((1, 1), np.uint8)


class GreysRecipe(Recipe):
    generator: Network = Network(architecture="", input_side=6)


class Greys(GanTask[GreysRecipe, Wanted, Tensor]):
    """Learns a grey; ``seen`` notes what each judge was shown with gradient or without."""

    role = Role.RESTORE

    def __init__(self, judges: dict[str, tuple[nn.Module, Judge]], learns: frozenset[str] | None = None) -> None:
        self.given = judges
        super().__init__(GreysRecipe(name="greys", title="Greys", task="greys", optimiser=Optimiser(rate=0.1)))
        self.attach(Fabric(accelerator="cpu", devices=1))
        self.learns = frozenset(self.networks) if learns is None else learns
        self.seen: list[tuple[str, bool]] = []

    def material(self) -> Material:
        return Material(Same(), Unmeasured())

    def geometry(self, card: Card) -> Card:
        return replace(card, hole_side=2, base="blank")

    def shipping(self) -> nn.Module:
        return Drawn()

    def make_judges(self) -> dict[str, tuple[nn.Module, Judge]]:
        return self.given

    def turn(self, step: int) -> Turn:
        return Turn(step // 5, self.learns, adversarial=step > 0)

    def prepare(self, batch: Wanted) -> Tensor:
        return batch.real

    def draw(self, scene: Tensor) -> Tensor:
        drawn: Tensor = self.networks["generator"](scene)
        return drawn

    def view(self, name: str, scene: Tensor, drawn: Tensor) -> View:
        self.seen.append((name, drawn.requires_grad))
        region = torch.zeros(4, 1, 6, 6)
        region[..., :3] = 1
        return View(scene, drawn, region if name == "half" else None)

    def losses(self, scene: Tensor, drawn: Tensor) -> dict[str, Term]:
        return {"l1": Term(2.0, (scene - drawn).abs().mean())}

    def example(self) -> tuple[Tensor, ...]:
        return (torch.zeros(1, 1, 6, 6),)


def values(task: Greys) -> dict[str, float]:
    return {name: next(iter(network.parameters())).item() for name, network in task.networks.items()}


def plain(**changes) -> Judge:
    return Judge(**{"loss": "least-squares", **changes})


def taken(task: Greys, step: int = 1) -> tuple[dict[str, float], dict[str, Tensor]]:
    """What one step moves, and its figures."""
    before = values(task)
    figures = task.step(Same()[step], step)
    return {name: values(task)[name] - before[name] for name in before}, figures


def test_everyone_learns_and_every_judge_is_shown_the_fake_detached_first() -> None:
    task = Greys({"near": (Linear(), plain()), "far": (Linear(), plain())})
    moved, figures = taken(task)
    assert all(moved.values())
    assert task.seen == [("near", False), ("far", False), ("near", True), ("far", True)]
    wanted = {"near_loss", "near_real", "near_fake", "far_loss", "far_real", "far_fake"}
    assert figures.keys() == wanted | {"l1", "near_adversarial", "far_adversarial"}
    assert figures["l1"].item() == pytest.approx(0.75)  # the value, without its weight
    assert not any(figure.requires_grad for figure in figures.values())


@pytest.mark.parametrize("learns", [{"generator"}, {"near"}, {"far", "generator"}])
def test_only_those_learn_whose_turn_it_is(learns) -> None:
    task = Greys({"near": (Linear(), plain()), "far": (Linear(), plain())}, frozenset(learns))
    moved, _ = taken(task)
    assert {name for name, change in moved.items() if change} == learns


def test_no_gradient_is_left_in_a_judge_by_the_generators_step() -> None:
    task = Greys({"near": (Linear(), plain())}, frozenset({"generator"}))
    taken(task)
    assert all(p.grad is None and p.requires_grad for p in task.networks["near"].parameters())


def test_a_frozen_network_passes_gradients_on_and_is_free_again_after_a_fault() -> None:
    network = nn.Linear(2, 1)
    x = torch.ones(1, 2, requires_grad=True)
    with frozen(network):
        network(x).sum().backward()
    assert x.grad is not None

    def fail() -> None:
        with frozen(network):
            raise RuntimeError("stop")

    with pytest.raises(RuntimeError, match="stop"):
        fail()
    assert all(p.grad is None and p.requires_grad for p in network.parameters())


def test_without_the_adversarial_term_the_generator_learns_the_rest_alone() -> None:
    judge = Linear()
    task = Greys({"near": (judge, plain())}, frozenset({"generator"}))
    _, figures = taken(task, step=0)
    assert figures.keys() == {"l1"}
    assert judge.asked == 0


def test_the_real_ones_are_judged_for_the_generator_only_where_they_matter() -> None:
    asked = []
    for loss in ("hinge", "relativistic"):
        judge = Linear()
        taken(Greys({"near": (judge, plain(loss=loss))}, frozenset({"generator"})))
        asked.append(judge.asked)
    assert asked == [1, 2]


def test_a_judge_has_its_own_optimiser_and_rate() -> None:
    own = Optimiser(rate=0.01, betas=(0.0, 0.9), schedule="cosine")
    task = Greys({"near": (Linear(), plain(optimiser=own)), "far": (Linear(), plain())})
    task.set_rates(5)
    groups = {name: optimiser.param_groups[0] for name, optimiser in task.optimisers.items()}
    assert {name: group["lr"] for name, group in groups.items()} == pytest.approx(
        {"generator": 0.1, "near": 0.005, "far": 0.1}
    )
    assert groups["near"]["betas"] == (0.0, 0.9)
    assert groups["far"]["betas"] == (0.5, 0.999)
    moved, _ = taken(task)
    assert abs(moved["near"]) < abs(moved["far"])


def test_penalties_come_every_so_many_steps_and_count_as_often_more(monkeypatch) -> None:
    """R1 and R2 of ``weight · mean`` are ½ weight² / 36, and the weight stays 1 here."""
    learned: list[float] = []
    monkeypatch.setattr(Greys, "learn", lambda self, name, loss: learned.append(loss.item()))
    for every in (1, 2):
        task = Greys({"near": (Linear(), plain(r1=3.0, r2=1.0, penalty_every=every))}, frozenset({"near"}))
        figures = [taken(task, step)[1] for step in (0, 1)]
        assert figures[0]["near_penalty"].item() == pytest.approx(4 * 0.5 / 36, rel=1e-4)
        assert ("near_penalty" in figures[1]) == (every == 1)
    plain_loss = 0.5 * (0.25 + 0.0625)
    penalties = [loss - plain_loss for loss in learned]
    assert penalties == pytest.approx([2 / 36, 2 / 36, 4 / 36, 0], abs=1e-5)


def test_scores_outside_the_region_do_not_count() -> None:
    """Real and drawn differ on the right half only, where nothing counts."""
    task = Greys({"half": (Featured(), plain(loss="relativistic"))}, frozenset({"half"}))
    real = torch.full((4, 1, 6, 6), 0.5)
    drawn = real.clone()
    drawn[..., 3:] = -9
    region = torch.zeros(4, 1, 6, 6)
    region[..., :3] = 1
    figures = task._teach("half", View(real, drawn, region), 1)
    assert figures["half_loss"].item() == pytest.approx(np.log(2), rel=1e-4)
    assert figures["half_fake"].item() < figures["half_real"].item()


def test_features_are_matched_where_a_judge_gives_them() -> None:
    task = Greys({"near": (Featured(), plain(weight=0.0, features=0.5))}, frozenset({"generator"}))
    _, figures = taken(task)
    assert figures["features"].item() == pytest.approx(1.5, rel=1e-4)  # |−0.25 − 0.5| / 0.5, on both taps


def test_several_draws_of_a_source_are_compared_each_with_it() -> None:
    task = Greys({"near": (Featured(), plain(loss="relativistic"))}, frozenset({"near"}))
    real = torch.rand(4, 1, 6, 6)
    figures = task._teach("near", View(real, torch.cat([real, real])), 1)
    assert figures["near_loss"].item() == pytest.approx(np.log(2), rel=1e-5)


def test_the_stage_goes_into_the_journal() -> None:
    task = Greys({"near": (Linear(), plain())})
    assert [task.stage(step) for step in (0, 4, 5)] == [0, 0, 1]
