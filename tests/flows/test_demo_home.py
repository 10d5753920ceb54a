"""The demonstration: what it deposits, how it judges itself, and that it never touches a directory that is not its own."""

import json
import shlex
import sys
import zipfile
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from io import BytesIO
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from click.testing import CliRunner, Result

from emission_factors import deadline, rule_set
from mrv.cli import demo as command
from mrv.cli.main import mrv
from mrv.intake import Intake, read_file
from mrv.pipeline import demo_home
from mrv.pipeline.batch import Batch, assemble
from mrv.pipeline.opening import opened
from mrv.simulation import PlantedFault
from mrv.simulation.demo_plants import DEMO_MONTHS
from mrv.simulation.specs import months_between
from mrv.storage.deposits import latest_deposits
from mrv.storage.inbox import new_files
from schemas import FILING_TABLES
from tests.pipeline.plants import COAL, FIRST_GAS, JANUARY, MONTHS, tables, years

FAULT = PlantedFault(COAL, "U1", "", JANUARY, "run_hours", "PHY-15", "小时数", "hours")
PLACE = {"file_sha256", "sheet", "cell", "row", "column_map"}


def read(name: str, data: bytes) -> Batch:
    result = read_file(name, data)
    assert isinstance(result, Intake)
    return assemble([result])


def number(text: str) -> Decimal | str:
    try:
        return Decimal(text).normalize()
    except InvalidOperation:
        return text


@pytest.mark.parametrize("plant", [COAL, FIRST_GAS])
def test_a_workbook_tells_what_the_tables_tell(plant: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo_home, "IN_WORKBOOKS", {})
    plain = read(*demo_home.filing(tables(), plant, JANUARY))
    monkeypatch.setattr(demo_home, "IN_WORKBOOKS", {plant: (JANUARY,)})
    name, data = demo_home.filing(tables(), plant, JANUARY)
    members = zipfile.ZipFile(BytesIO(data)).namelist()
    assert "工作簿" in name and sum(member.endswith(".xlsx") for member in members) == 1 and "filing.csv" not in members
    assert demo_home.filing(tables(), plant, JANUARY)[1] == data
    book = read(name, data)
    assert plain.faults.empty and book.faults.empty
    for table in FILING_TABLES:
        columns = [column for column in table.names if column not in PLACE]
        said = [
            sorted(map(str, batch.tables[table.name][columns].map(number).to_numpy().tolist()))
            for batch in (plain, book)
            if table.name in batch.tables
        ]
        assert said in ([], [said[0], said[0]] if said else []), table.name


def test_everything_came_in_before_its_deadline() -> None:
    for month in months_between(*DEMO_MONTHS):
        last = deadline(rule_set("power", month), month)
        assert last is not None
        assert month < demo_home.received(month).date().isoformat() <= last.isoformat()
        assert demo_home.received(month).date() < command.AS_OF
        assert demo_home.received(month).utcoffset() == timedelta(hours=8)


def test_a_fault_is_found_by_its_rule_at_its_plant_and_month() -> None:
    finding = {"rule": "PHY-15", "plant_id": COAL, "period": JANUARY}
    others = [finding | {"rule": "PHY-14"}, finding | {"plant_id": "X"}, finding | {"period": "2026-02"}]
    assert demo_home.recognised(pd.DataFrame([*others, finding]), [FAULT]) == [True]
    assert demo_home.recognised(pd.DataFrame(others), [FAULT]) == [False]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demonstration home of three small plants without faults."""
    path = tmp_path_factory.mktemp("demo") / "演示 home"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(demo_home, "demo", years)
        patch.setattr(demo_home, "plant_faults", lambda clean: (clean, [FAULT]))
        assert demo_home.build(path, date(2026, 3, 5)) == [FAULT]
    return path


def test_the_home_holds_every_filing_at_its_moment_and_meter_files_to_come(built: Path) -> None:
    with opened(built) as (home, control):
        with control.read() as session:
            deposits = latest_deposits(session)
        waiting = [path.name for path in new_files(home, demo_home.received("2099-01"))]
    assert set(deposits["month"]) == set(MONTHS) and len(deposits) == 6
    assert set(deposits[deposits["month"] == JANUARY]["received_at"]) == {"2026-02-12T02:00:00Z"}
    assert waiting == [f"{COAL}-{month}-表计.csv" for month in MONTHS]
    assert demo_home.clean_plants(built, [FAULT]) == [FIRST_GAS, "GAS02"]


def test_an_unfinished_demonstration_says_so_and_can_be_removed(built: Path) -> None:
    done = call(built)
    assert done.exit_code == 2 and "没有完成" in done.output and "--fresh" in done.output
    demo_home.finish(built, date(2026, 3, 5), [FAULT])
    done = call(built)
    assert done.exit_code == 0 and "已建好（截至 2026-03-05）" in done.output and "mrv explain" in done.output
    assert json.loads(call(built, "--json").output)["finished"] is True
    demo_home.remove(built)
    assert not built.exists()


def test_what_to_try_next_can_be_typed_as_it_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    place = Path(sys.executable).parent / "mrv"
    monkeypatch.chdir(tmp_path)  # far from where the command lies
    for path, names in (("", {str(place)}), (str(place.parent), {"mrv"})):
        monkeypatch.setenv("PATH", path)
        command.look(tmp_path, "zh")
        lines = [line for line in capsys.readouterr().out.splitlines() if line.startswith("  ") and line[2] != " "]
        assert len(lines) == 5 and {shlex.split(line)[0] for line in lines} == names
    assert place.is_file()


def call(path: Path, *more: str) -> Result:
    return CliRunner().invoke(mrv, ["demo", "--home", str(path), *more])


@pytest.mark.parametrize("more", [(), ("--fresh",)])
def test_a_directory_of_others_is_left_alone(tmp_path: Path, more: tuple[str, ...]) -> None:
    (tmp_path / "thesis.docx").write_text("mine")
    done = call(tmp_path, *more)
    assert done.exit_code == 2 and "不是空目录" in done.output
    assert "neither empty" in call(tmp_path, *more, "--lang", "en").output
    assert json.loads(call(tmp_path, *more, "--json").output)["error"]["code"] == "not_empty"
    assert [entry.name for entry in tmp_path.iterdir()] == ["thesis.docx"]
    with pytest.raises(ValueError, match="not a demonstration"):
        demo_home.remove(tmp_path)


def outcome(**other: Any) -> dict[str, Any]:
    return {
        "as_of": "2026-10-15",
        "plants": 6,
        "findings": {"blocks": 2, "must_answer": 1, "note": 0},
        "failures": {},
        "sectors": [
            {"sector": "cement", "plants": 2, "months": 42, "tco2e": "1234567.80", "planted": 10, "found": 9},
        ],
        "planted": [{**vars(FAULT), "found": True}],
        "clean": {"DEMO04": 0},
        "reports": ["/x/reports/2025/DEMO01.xlsx"],
        "database": "/x/published/mrv.duckdb",
    } | other


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        ({}, 0),
        ({"planted": [{**vars(FAULT), "found": False}]}, 1),
        ({"clean": {"DEMO04": 1}}, 1),
        ({"failures": {"DEMO02": "KeyError: x"}}, 1),
    ],
    ids=["all found", "one missed", "a clean plant blocked", "a plant failed"],
)
def test_the_exit_status_says_whether_it_worked(other: dict[str, Any], expected: int) -> None:
    assert command.status(outcome(**other)) == expected


def test_what_a_person_reads(capsys: pytest.CaptureFixture[str]) -> None:
    command.show(outcome(planted=[{**vars(FAULT), "found": False}], failures={"DEMO02": "KeyError"}), Path("h"), "zh")
    text = capsys.readouterr().out
    for words in (
        "阻断 2，须说明 1，提示 0",
        "规则找到 0 处",
        "✗ DEMO01 2026-01 PHY-15",
        "✓ DEMO04",
        "✗ DEMO02 计算失败",
        "水泥：企业 2 家，填报 42 份，排放量 1,234,567.80 tCO2e，差错找到 9/10",
    ):
        assert words in text
    command.show(outcome(), Path("h"), "en")
    text = capsys.readouterr().out
    assert "the rules found 1" in text and "✓ DEMO01 2026-01 PHY-15" in text and "mrv serve --home h" in text
