"""Which systems can be trained: every module of ``trainers.systems`` is one, by its name."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from typing import Any, NamedTuple

from cxr_studio.errors import RecipeError
from trainers import systems
from trainers.blame import words_of
from trainers.recipe import Recipe
from trainers.task import Task


class System(NamedTuple):
    """What a system's module says as ``RECIPE`` and ``TASK``."""

    recipe: type[Recipe]
    task: type[Task[Any, Any]]


def system_names() -> list[str]:
    """Names of the systems, as recipes write them: ``context-encoder`` is ``trainers/systems/context_encoder.py``."""
    return sorted(module.name.replace("_", "-") for module in iter_modules(systems.__path__))


def find_system(name: object) -> System:
    """Import a system by its name.

    Raises:
        RecipeError: there is no such system, and the sentence names those there are; or its module has a fault.
    """
    known = system_names()
    if not isinstance(name, str) or name not in known:
        what = f"the recipe names an unknown task {name!r}" if name else "the recipe names no task"
        raise RecipeError(what, remedy=f"Choose one of {', '.join(known)}")
    file = f"{name.replace('-', '_')}.py"
    try:
        module = import_module(f"{systems.__name__}.{file.removesuffix('.py')}")
    except Exception as fault:  # a module of one's own may fail in any way
        what = f"the system {name!r} cannot be read ({words_of(fault)})"
        raise RecipeError(what, remedy=f"Fix {file} in trainers/systems") from fault
    if not (hasattr(module, "RECIPE") and hasattr(module, "TASK")):
        what = f"the system {name!r} does not say its recipe and its task"
        raise RecipeError(what, remedy=f"End trainers/systems/{file} with RECIPE, TASK = …")
    return System(module.RECIPE, module.TASK)
