"""No import circle: imports inside functions and those for types alone count as well."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("cxr_studio", "trainers")

Graph = dict[str, set[str]]


def module_of(path: Path, root: Path) -> str:
    """Dotted name of a file."""
    parts = path.relative_to(root).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imported(tree: ast.AST, here: str) -> Iterator[str]:
    """What a module names in its imports, wherever they stand; ``from a import b`` gives ``a`` and ``a.b``."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                base = ".".join([*here.split(".")[: -node.level], *([node.module] if node.module else [])])
            yield base
            yield from (f"{base}.{alias.name}" for alias in node.names)


def import_graph(root: Path, rooms: tuple[str, ...] = ROOMS) -> Graph:
    """Every module with the modules that it imports."""
    files = {module_of(path, root): path for room in rooms for path in (root / room).rglob("*.py")}
    trees = {name: ast.parse(path.read_text(encoding="utf-8")) for name, path in files.items()}
    return {name: {i for i in imported(tree, name) if i in files and i != name} for name, tree in trees.items()}


def circles(graph: Graph) -> list[frozenset[str]]:
    """Groups of modules that import each other (strongly connected components of more than one module)."""
    order: list[str] = []
    seen: set[str] = set()
    for start in graph:
        _finish(graph, start, seen, order)
    back: Graph = {name: set() for name in graph}
    for name, wanted in graph.items():
        for other in wanted:
            back[other].add(name)
    seen, found = set(), []
    for start in reversed(order):
        group: list[str] = []
        _finish(back, start, seen, group)
        if len(group) > 1:
            found.append(frozenset(group))
    return found


def _finish(graph: Graph, start: str, seen: set[str], order: list[str]) -> None:
    """Append what is reached from a module to ``order``, each after all that it reaches."""
    if start in seen:
        return
    seen.add(start)
    stack = [(start, iter(sorted(graph[start])))]
    while stack:
        name, others = stack[-1]
        for other in others:
            if other not in seen:
                seen.add(other)
                stack.append((other, iter(sorted(graph[other]))))
                break
        else:
            order.append(name)
            stack.pop()


@pytest.mark.parametrize(
    "late", ["import room.b", "def f():\n    import room.b", "if TYPE_CHECKING:\n    from room.b import x"]
)
def test_a_circle_is_found_wherever_the_import_stands(tmp_path: Path, late: str) -> None:
    (tmp_path / "room").mkdir()
    (tmp_path / "room" / "a.py").write_text(late)
    (tmp_path / "room" / "b.py").write_text("from room import c")
    (tmp_path / "room" / "c.py").write_text("from . import a")
    assert circles(import_graph(tmp_path, ("room",))) == [frozenset({"room.a", "room.b", "room.c"})]


def test_a_straight_line_is_no_circle(tmp_path: Path) -> None:
    (tmp_path / "room").mkdir()
    (tmp_path / "room" / "a.py").write_text("from room.b import x\nimport room.c")
    (tmp_path / "room" / "b.py").write_text("import room.c")
    (tmp_path / "room" / "c.py").write_text("import ast")
    assert circles(import_graph(tmp_path, ("room",))) == []


def test_no_import_circle() -> None:
    found = circles(import_graph(ROOT))
    assert not found, "\n".join(" <-> ".join(sorted(group)) for group in found)


WINDOWS = ("MainWindow", "ComparisonWindow", "StudyWindow")


def test_no_function_takes_the_whole_window() -> None:
    found = []
    for path in (ROOT / "cxr_studio").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.arg) and node.annotation is not None:
                words = ast.unparse(node.annotation)
                found += [f"{path.relative_to(ROOT)}:{node.lineno}" for window in WINDOWS if window in words]
    assert not found
