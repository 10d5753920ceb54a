"""The house as docs/architecture.md draws it: arrows, sizes, what loads when."""

import ast
import subprocess
import sys
from functools import cache
from pathlib import Path
from statistics import median

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("schemas", "emission_factors", "mrv", "flows")
MODULES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
HEAVY = ("prefect", "sqlalchemy", "duckdb", "fastapi", "starlette")
PURE = ("mrv/accounting", "mrv/screening", "mrv/findings")
# What only one room may know.
OWNERS = {
    "prefect": ("flows",),
    "sqlalchemy": ("mrv/storage",),
    "alembic": ("mrv/storage",),
    "duckdb": ("mrv/storage",),
    "openpyxl": ("mrv/reporting", "mrv/intake"),
    "xlsxwriter": ("mrv/reporting",),
    "pandera": ("schemas",),
    "cryptography": ("mrv/ledger",),
    "segno": ("mrv/reporting",),
    "typst": ("mrv/reporting",),
}


@cache
def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def room(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def starts(name: str, package: str) -> bool:
    return name == package or name.startswith(f"{package}.")


@pytest.mark.parametrize(
    ("inside", "forbidden"),
    [
        ("schemas", ("mrv", "emission_factors", "flows", "portal")),
        ("emission_factors", ("mrv", "schemas", "flows", "portal")),
        ("mrv/accounting", ("mrv.pipeline", "mrv.storage", "mrv.cli", "mrv.screening", "mrv.findings", "mrv.intake")),
        ("mrv/screening", ("mrv.pipeline", "mrv.storage", "mrv.cli", "mrv.findings", "mrv.intake")),
        ("mrv/findings", ("mrv.pipeline", "mrv.storage", "mrv.cli", "mrv.intake")),
        ("mrv/intake", ("mrv.pipeline", "mrv.storage", "mrv.cli", "mrv.accounting", "mrv.screening", "mrv.findings")),
        ("mrv/metering", ("mrv.pipeline", "mrv.storage", "mrv.cli", "mrv.screening", "mrv.findings", "mrv.intake")),
        ("mrv/reporting", ("mrv.pipeline", "mrv.storage", "mrv.cli")),
        ("mrv/storage", ("mrv.pipeline", "mrv.cli", "mrv.accounting", "mrv.screening", "mrv.intake")),
        ("mrv/simulation", ("mrv.accounting", "mrv.screening", "mrv.pipeline", "mrv.storage", "emission_factors")),
        ("mrv/pipeline", ("mrv.cli", "flows", "portal", "mrv.drill")),
        ("mrv/drill", ("mrv.cli", "flows", "portal")),
        ("flows", ("mrv.accounting", "mrv.screening", "mrv.findings", "mrv.cli", "portal")),
    ],
)
def test_arrows_go_one_way(inside, forbidden):
    wrong = [
        f"{room(path)} imports {name}"
        for path in MODULES
        if room(path).startswith(inside + "/")
        for name in imports(path)
        if any(starts(name, package) for package in forbidden)
    ]
    assert wrong == []


def test_only_the_command_line_knows_flows_and_portal():
    wrong = [
        room(path)
        for path in MODULES
        if not room(path).startswith(("flows/", "mrv/cli/"))
        and any(starts(name, package) for name in imports(path) for package in ("flows", "portal"))
    ]
    assert wrong == []


@pytest.mark.parametrize("library", sorted(OWNERS))
def test_a_library_is_known_to_its_owner_only(library):
    wrong = [
        room(path)
        for path in MODULES
        if not room(path).startswith(OWNERS[library]) and any(starts(name, library) for name in imports(path))
    ]
    assert wrong == []


@pytest.mark.parametrize("inside", PURE)
def test_judgement_touches_no_clock_and_no_file(inside):
    forbidden = {"time", "os", "pathlib", "tempfile", "socket", "subprocess", "logging"}
    wrong = [
        f"{room(path)} imports {name}"
        for path in MODULES
        if room(path).startswith(inside + "/")
        for name in imports(path)
        if name.split(".")[0] in forbidden
    ]
    assert wrong == []
    for path in MODULES:
        if room(path).startswith(inside + "/"):
            text = path.read_text(encoding="utf-8")
            assert "datetime.now" not in text and "date.today" not in text and "open(" not in text, room(path)


def test_modules_are_of_a_size_to_read():
    sizes = {room(path): len(path.read_text(encoding="utf-8").splitlines()) for path in MODULES}
    too_long = {name: size for name, size in sizes.items() if size > 400}
    assert too_long == {}
    assert median(size for name, size in sizes.items() if not name.endswith("__init__.py")) <= 150


def test_an_offline_check_loads_nothing_heavy():
    code = f"import sys, mrv.cli.check\nprint([name for name in {HEAVY!r} if name in sys.modules])\n"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout.strip() == "[]"


def test_no_sector_is_named_in_a_condition_outside_the_registry():
    wrong = []
    for path in MODULES:
        if room(path).startswith(("mrv/simulation", "mrv/cli/bench")):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.If | ast.IfExp) and isinstance(node.test, ast.Compare):
                names = {part.value for part in ast.walk(node.test) if isinstance(part, ast.Constant)}
                if names & {"power", "cement", "aluminium", "steel"} and "sector" in ast.unparse(node.test):
                    wrong.append(f"{room(path)}:{node.lineno}")
    assert wrong == []


def test_nothing_committed_names_a_package_registry():
    for name in ("constraints.txt", "pyproject.toml", "Makefile", ".ci/run"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert "://" not in text, name
