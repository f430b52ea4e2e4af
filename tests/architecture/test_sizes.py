"""Ceilings on files, functions and classes, and names that say nothing; never raised."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCES = sorted(p for room in ("cxr_studio", "trainers") for p in (ROOT / room).rglob("*.py"))
AVOIDED = ("manager", "helper", "handler", "utils", "misc", "info")

FILE_LINES, FUNCTION_LINES, CLASS_LINES, PARAMETERS = 300, 60, 250, 6
"""Parameters without self: of functions and methods; constructors, and commands with one an option, may have more."""


def too_large(text: str, tree: ast.AST) -> Iterator[str]:
    if (lines := text.count("\n")) > FILE_LINES:
        yield f"{lines} lines"
    ceilings = {ast.FunctionDef: FUNCTION_LINES, ast.AsyncFunctionDef: FUNCTION_LINES, ast.ClassDef: CLASS_LINES}
    for node in ast.walk(tree):
        ceiling = ceilings.get(type(node))
        length = getattr(node, "end_lineno", 0) - getattr(node, "lineno", 0) + 1
        if ceiling is not None and length > ceiling:
            yield f"{getattr(node, 'name', '')} has {length} lines"


def too_many_parameters(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            arguments = node.args
            every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
            named = [a.arg for a in every if a.arg not in ("self", "cls")]
            if len(named) > PARAMETERS and node.name != "__init__" and not node.name.endswith("_command"):
                yield f"{node.name} takes {named}"


def empty_names(path: Path, tree: ast.AST) -> Iterator[str]:
    classes = [node.name for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    yield from (name for name in (path.stem, *classes) if any(word in name.lower() for word in AVOIDED))


def test_sizes_parameters_and_names() -> None:
    found = []
    for path in SOURCES:
        text = path.read_text(encoding="utf-8")
        tree = ast.parse(text)
        faults = [*too_large(text, tree), *too_many_parameters(tree), *empty_names(path, tree)]
        found += [f"{path.relative_to(ROOT)}: {fault}" for fault in faults]
    assert not found, "\n".join(found)


def test_packages_are_empty() -> None:
    assert not [p for p in SOURCES if p.name == "__init__.py" and p.read_text().strip()]
