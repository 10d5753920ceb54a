"""Flows are thin: they know Prefect and the use cases, and compute nothing."""

import ast
import sys
from pathlib import Path

import pytest

MODULES = sorted((Path(__file__).parents[2] / "flows").glob("*.py"))
ARITHMETIC = (ast.Add, ast.Sub, ast.Mult, ast.FloorDiv, ast.Mod, ast.Pow)  # a slash joins paths


def imported(tree: ast.AST) -> set[str]:
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add(str(node.module))
    return found


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_a_flow_imports_prefect_and_use_cases_only(path: Path) -> None:
    known = ("prefect", "flows", "mrv.pipeline")
    names = imported(ast.parse(path.read_text(encoding="utf-8")))
    foreign = {
        name
        for name in names
        if name.partition(".")[0] not in sys.stdlib_module_names
        and not any(name == one or name.startswith(f"{one}.") for one in known)
    }
    assert foreign == set()


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_a_flow_computes_nothing(path: Path) -> None:
    nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    lines = [node.lineno for node in nodes if isinstance(node, ast.BinOp) and isinstance(node.op, ARITHMETIC)]
    assert lines == []


def test_the_environment_comes_before_prefect() -> None:
    for name in ("environment", "server"):
        path = next(path for path in MODULES if path.stem == name)
        assert not any(one.startswith("prefect") for one in imported(ast.parse(path.read_text(encoding="utf-8"))))
