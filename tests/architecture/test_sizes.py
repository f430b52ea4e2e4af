"""Ceilings on files, functions and classes; never raised, no exemptions."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = sorted(p for room in ("cxr_studio", "trainers") for p in (ROOT / room).rglob("*.py"))
AVOIDED = ("manager", "helper", "handler", "utils", "misc", "info")

FILE_LINES, FUNCTION_LINES, CLASS_LINES, PARAMETERS, POSITIONAL = 300, 60, 250, 5, 5

IDS = [str(p.relative_to(ROOT)) for p in SOURCES]


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef]:
    yield from (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


@pytest.mark.parametrize("path", SOURCES, ids=IDS)
def test_sizes(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text)
    assert text.count("\n") <= FILE_LINES
    for node in ast.walk(tree):
        length = getattr(node, "end_lineno", 0) - getattr(node, "lineno", 0) + 1
        if isinstance(node, ast.FunctionDef):
            assert length <= FUNCTION_LINES, f"{node.name} has {length} lines"
        if isinstance(node, ast.ClassDef):
            assert length <= CLASS_LINES, f"{node.name} has {length} lines"


@pytest.mark.parametrize("path", SOURCES, ids=IDS)
def test_parameters(path: Path) -> None:
    for function in functions(ast.parse(path.read_text(encoding="utf-8"))):
        arguments = function.args
        every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
        named = [a.arg for a in every if a.arg not in ("self", "cls")]
        if function.name != "__init__" and not _is_command(function):
            assert len(named) <= PARAMETERS + 1, f"{function.name} takes {named}"


def _is_command(function: ast.FunctionDef) -> bool:
    """A command of the command line has one parameter an option."""
    return function.name.endswith("_command")


@pytest.mark.parametrize("path", SOURCES, ids=IDS)
def test_names(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    classes = [node.name.lower() for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    for name in (path.stem, *classes):
        assert not any(word in name for word in AVOIDED), name


def test_packages_are_empty() -> None:
    assert not [p for p in SOURCES if p.name == "__init__.py" and p.read_text().strip()]
