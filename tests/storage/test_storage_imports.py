"""Finding a home or its inbox must not load a data base or Parquet: `mrv check` starts without them."""

import ast
from pathlib import Path

import pytest

import mrv.storage

HEAVY = {"sqlalchemy", "alembic", "duckdb", "pyarrow", "pandas"}
ROOM = Path(mrv.storage.__file__).parent
LIGHT = ["__init__", "durable", "evidence", "home", "inbox", "locks", "settings"]


def imported(module: str) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse((ROOM / f"{module}.py").read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {f"{node.module}.{alias.name}" for alias in node.names} | {str(node.module)}
    return found


@pytest.mark.parametrize("module", LIGHT)
def test_light_modules_import_only_light_ones(module: str) -> None:
    light = {f"mrv.storage.{name}" for name in LIGHT}
    for name in imported(module):
        assert name.partition(".")[0] not in HEAVY
        if name.startswith("mrv.storage."):
            assert name in light or name.rpartition(".")[0] in light
