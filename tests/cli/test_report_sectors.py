"""`mrv report` of a plant of one sector and of several: what is written, what is printed, what is refused."""

import io
import json
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from click.testing import CliRunner, Result

from mrv.accounting.account import account
from mrv.cli.main import mrv
from mrv.reporting.annual_rows import annual_rows
from mrv.storage.control import Control
from mrv.storage.home import Home
from mrv.storage.lake import Lake
from schemas.vocabulary import unit_of
from tests.reporting.annual_plant import frame

BOTH, ONE = "P1", "P2"
Run = Callable[..., Result]


def filed() -> pd.DataFrame:
    """P1 makes power and steel, P2 aluminium; January 2025."""
    rows = [
        (BOTH, "power", "U1", "bituminous_coal", "fuel_consumption", "1000.00"),
        (BOTH, "power", "U1", "", "power_generation", "3000.000"),
        (BOTH, "steel", "ENT", "coke", "fuel_consumption", "100.00"),
        (BOTH, "steel", "ENT", "", "crude_steel_output", "1000.00"),
        (ONE, "aluminium", "E1", "", "aluminium_output", "10000.00"),
    ]
    return frame(
        "parameter",
        [
            {"plant_id": plant, "sector": sector, "unit_id": unit, "stream_id": stream, "month": "2025-01"}
            | {"parameter": name, "value": value, "unit": unit_of(name, stream), "method": "measured"}
            for plant, sector, unit, stream, name, value in rows
        ],
    )


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home in which the night left the reports of both plants."""
    place = Home.create(tmp_path_factory.mktemp("reports") / "home")
    Control.open(place).close()
    tables = {"parameter": filed()}
    rows = annual_rows(tables, account(tables), frame("finding", []), "2025")
    Lake(place.lake).write("annual_report", rows, 2025)
    return place.path


@pytest.fixture
def run(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.chdir(tmp_path)
    return lambda *arguments: CliRunner().invoke(mrv, ["report", *arguments, "--home", str(home)])


def title(path: Path) -> list[object]:
    sheet = openpyxl.load_workbook(io.BytesIO(path.read_bytes()))["封面"]
    return [cell.value for row in sheet.iter_rows(max_row=8) for cell in row if cell.value]


def test_several_sectors_without_a_choice_are_refused_by_name(run: Run, tmp_path: Path) -> None:
    result = run(BOTH, "2025")
    assert result.exit_code == 2 and not list(tmp_path.iterdir())
    assert "发电（power）、钢铁（steel）" in result.stderr and "--sector" in result.stderr
    error = json.loads(run(BOTH, "2025", "-o", "a.xlsx", "--json").stdout)["error"]
    assert error["code"] == "several_sectors" and "power, steel" in error["message"]["en"]


def test_a_sector_is_chosen(run: Run, tmp_path: Path) -> None:
    assert run(BOTH, "2025", "--sector", "steel").exit_code == 0
    assert [path.name for path in tmp_path.iterdir()] == ["P1-steel-2025.xlsx"]
    assert "钢铁行业" in title(tmp_path / "P1-steel-2025.xlsx")
    document = json.loads(run(BOTH, "2025", "--sector", "power", "--json").stdout)
    assert document["report"]["sector"] == "power"
    absent = run(BOTH, "2025", "--sector", "cement", "--json")
    assert absent.exit_code == 2 and json.loads(absent.stdout)["error"]["code"] == "no_report"


def test_a_folder_takes_one_file_of_each_sector(run: Run, tmp_path: Path) -> None:
    told = json.loads(run(BOTH, "2025", "-o", "new/", "--json").stdout)
    assert [entry["sector"] for entry in told["files"]] == ["power", "steel"]
    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == ["P1-power-2025.xlsx", "P1-steel-2025.xlsx"]
    assert "发电设施" in title(tmp_path / "new" / "P1-power-2025.xlsx")
    (tmp_path / "there").mkdir()
    assert run(BOTH, "2025", "-o", "there", "--sector", "steel", "--lang", "en").exit_code == 0
    assert [path.name for path in (tmp_path / "there").iterdir()] == ["P1-steel-2025.xlsx"]


def test_json_of_several_sectors_is_a_list(run: Run) -> None:
    documents = json.loads(run(BOTH, "2025", "--json").stdout)
    assert [document["report"]["sector"] for document in documents] == ["power", "steel"]


def test_one_sector_needs_no_choice(run: Run, tmp_path: Path) -> None:
    assert json.loads(run(ONE, "2025", "--json").stdout)["report"]["sector"] == "aluminium"
    assert run(ONE, "2025").exit_code == 0 and [path.name for path in tmp_path.iterdir()] == ["P2-2025.xlsx"]
    assert run(ONE, "2025", "-o", "letter.doc").exit_code == 2 and not (tmp_path / "letter.doc").exists()
