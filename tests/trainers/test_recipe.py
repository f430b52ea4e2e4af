"""Recipes are checked whole, and every fault is told at once."""

from pathlib import Path

import pytest
import torch

from cxr_studio.errors import RecipeError
from cxr_studio.resources import resource
from trainers.finding import find_system, system_names
from trainers.reading import read_recipe
from trainers.recipe import Recipe
from trainers.systems.context_encoder import ContextEncoderTask
from trainers.task import Task


def test_all_faults_are_told_at_once(recipe_file: Path) -> None:
    text = recipe_file.read_text().replace("batch = 2", "batch = 0\nspeed = 9").replace("seed = 5", "seed = 'x'")
    recipe_file.write_text(text)
    with pytest.raises(RecipeError) as fault:
        read_recipe(recipe_file)
    assert all(place in str(fault.value) for place in ("run.batch", "run.speed", "seed", "3 fault"))


def test_a_fault_is_named_once_in_words(recipe_file: Path) -> None:
    recipe_file.write_text(recipe_file.read_text().replace("seed = 5", ""))
    with pytest.raises(RecipeError) as fault:
        read_recipe(recipe_file, ("stages=[{train='generator', epochs=1}]",))
    assert str(fault.value).endswith("the recipe has a fault: stages.0.train has to be a list, in brackets.")
    with pytest.raises(RecipeError, match=r"images\.train is missing"):
        read_recipe(recipe_file, ("images={val='x'}",))


def test_overrides_are_applied_and_recorded(recipe_file: Path) -> None:
    recipe, text = read_recipe(recipe_file, ("run.batch=8", "generator.parameters.widths=[2, 2]"))
    assert recipe.run.batch == 8
    assert recipe.generator.parameters["widths"] == [2, 2]
    assert "run.batch=8" in text


@pytest.mark.parametrize("override", ["run.batch", "run.batch=", "run=", "name.x.y=1"])
def test_a_bad_override_is_one_sentence(recipe_file: Path, override: str) -> None:
    with pytest.raises(RecipeError, match="override"):
        read_recipe(recipe_file, (override,))


def test_a_recipe_that_is_no_toml(tmp_path: Path) -> None:
    path = tmp_path / "r.toml"
    path.write_bytes(b"\xff\xfe = [")
    with pytest.raises(RecipeError, match="cannot be read"):
        read_recipe(path)


def test_shapes_need_a_bank(recipe_file: Path) -> None:
    with pytest.raises(RecipeError, match="bank"):
        read_recipe(recipe_file, ("holes.bank=0",))


@pytest.mark.parametrize(
    "override", ["stages=[{train=['discriminator'], epochs=1}]", "stages=[{train=['generator'], epochs=1}]"]
)
def test_a_hole_too_small_for_the_discriminator_is_told_before_the_start(recipe_file: Path, override: str) -> None:
    with pytest.raises(RecipeError, match="hole_side of at least 64"):
        read_recipe(recipe_file, (override,))
    read_recipe(recipe_file, (override, "generator.hole_side=64", "generator.input_side=128"))


def test_the_coarse_recipe_is_made_for_shrunk_patches_and_the_others_are_not() -> None:
    recipe, _ = read_recipe(resource("recipes", "context-encoder-coarse.toml"))
    assert recipe.images.usual_zoom == pytest.approx(0.2, abs=0.002)
    assert recipe.images.keep_back == 100
    recipe, _ = read_recipe(resource("recipes", "context-encoder-compact.toml"))
    assert recipe.images.usual_zoom == 1.0


def test_the_paper_recipe_is_the_papers() -> None:
    recipe, _ = read_recipe(resource("recipes", "context-encoder-paper.toml"))
    assert recipe.generator.parameters == {"base": 128}
    assert (recipe.generator.input_side, recipe.generator.hole_side) == (128, 64)
    assert (recipe.loss.reconstruction, recipe.loss.adversarial) == (0.998, 0.002)
    assert (recipe.loss.border, recipe.loss.border_weight) == (4, 10)
    assert (recipe.optimiser.rate, recipe.optimiser.betas) == (0.0002, (0.5, 0.999))
    assert [stage.train for stage in recipe.stages] == [
        ("generator",),
        ("discriminator",),
        ("generator", "discriminator"),
    ]
    assert [stage.epochs for stage in recipe.stages] == [2, 4, 84]
    assert recipe.images.patches_per_image == 20


@pytest.mark.parametrize(("name", "width", "every"), [("frozen", 64, 2), ("wide", 128, 1)])
def test_whole_radiographs_have_the_papers_two_recipes(name: str, width: int, every: int) -> None:
    recipe, _ = read_recipe(resource("recipes", f"context-encoder-whole-{name}.toml"))
    assert (recipe.images.mode, recipe.generator.input_side, recipe.generator.hole_side) == ("whole", 128, 64)
    assert (recipe.discriminator_width, recipe.stages[-1].generator_every) == (width, every)
    assert sum(stage.epochs for stage in recipe.stages) == 20
    assert (recipe.loss.reconstruction, recipe.loss.adversarial) == (0.998, 0.002)


def test_a_system_is_a_module_by_its_name() -> None:
    names = system_names()
    assert {"context-encoder", "inpainter", "lungs", "shapes", "texture"} <= set(names)
    for name in names:
        found = find_system(name)
        assert issubclass(found.recipe, Recipe)
        assert issubclass(found.task, Task)


@pytest.mark.parametrize("name", ["pix3pix", "__init__", "context_encoder", 7, None])
def test_an_unknown_system_is_one_sentence_with_those_there_are(name: object) -> None:
    with pytest.raises(RecipeError, match=r"task.*Choose one of context-encoder, .*inpainter, "):
        find_system(name)


@pytest.mark.parametrize("path", sorted(resource("recipes").glob("*.toml")), ids=lambda path: path.stem)
def test_every_bundled_recipe_is_valid(path: Path) -> None:
    recipe, text = read_recipe(path)
    assert recipe.task in system_names()
    assert f'task = "{recipe.task}"' in text


def test_first_weights_are_normal_where_the_recipe_says_so(recipe_file: Path) -> None:
    overrides = ("generator={architecture='context-encoder', parameters={base=8}}", "holes.square_share=1.0")
    spread = {}
    for normal in (False, True):
        task = ContextEncoderTask(*read_recipe(recipe_file, (*overrides, f"normal_start={str(normal).lower()}")))
        layers = [layer for network in task.networks.values() for layer in network.modules()]
        convolutions = [layer for layer in layers if isinstance(layer, torch.nn.Conv2d | torch.nn.ConvTranspose2d)]
        spread[normal] = torch.cat([layer.weight.flatten() for layer in convolutions]).std().item()
        if normal:
            assert all(layer.bias is None or not layer.bias.any() for layer in convolutions)
    assert spread[True] == pytest.approx(0.02, rel=0.03)
    assert spread[False] != pytest.approx(0.02, rel=0.03)
