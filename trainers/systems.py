"""Which systems can be trained: the recipe and the task of each."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from cxr_studio.errors import RecipeError

if TYPE_CHECKING:
    from collections.abc import Callable

    from trainers.recipe import Recipe
    from trainers.task import Task

SYSTEMS: dict[str, tuple[str, str]] = {
    "context-encoder": (
        "trainers.context_encoder_recipe.ContextEncoderRecipe",
        "trainers.context_encoder_task.ContextEncoderTask",
    ),
    "inpainter": ("trainers.inpainter_recipe.InpainterRecipe", "trainers.inpainter_task.InpainterTask"),
    "lungs": ("trainers.lungs_recipe.LungsRecipe", "trainers.lungs_task.LungsTask"),
    "texture": ("trainers.texture_recipe.TextureRecipe", "trainers.texture_task.TextureTask"),
    "shapes": ("trainers.shape_recipe.ShapeRecipe", "trainers.shape_task.ShapeTask"),
}
"""Recipe.task → class of the recipe and class of the task, imported only when they are needed."""


def recipe_class(task: object) -> type[Recipe]:
    """Class of the recipe of a system.

    Raises:
        RecipeError: there is no such system.
    """
    found: type[Recipe] = _imported(task, 0)
    return found


def task_class(task: str) -> Callable[..., Task[Any]]:
    """Class of the task of a system; made with (recipe, text, rank=, world=)."""
    found: type[Task[Any]] = _imported(task, 1)
    return found


def _imported(task: object, place: int) -> Any:
    if not isinstance(task, str) or task not in SYSTEMS:
        raise RecipeError(f"the recipe names an unknown task {task!r}", remedy=f"Choose one of {', '.join(SYSTEMS)}")
    module, _, name = SYSTEMS[task][place].rpartition(".")
    return getattr(import_module(module), name)
