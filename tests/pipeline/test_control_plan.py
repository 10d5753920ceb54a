"""The control plan through the command line: workbook, check, taking in a version, show, compare, and deposits under it."""

import hashlib
import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from openpyxl import load_workbook

from mrv.cli.main import mrv
from mrv.intake import Refusal
from mrv.intake.plan_file import PlanFile, read_plan
from mrv.pipeline.opening import opened
from mrv.pipeline.plan import submit_plan
from mrv.pipeline.plan_check import check_plan
from mrv.reporting.plan_book import plan_workbook
from mrv.storage.control import Control
from mrv.storage.home import Home
from mrv.storage.register import put_register
from schemas import TABLES
from schemas.choices import SECTORS
from schemas.vocabulary import PLAN_ITEMS
from tests.pipeline.plants import COAL, FIRST_GAS, filing, register

NEXT = "2027-01-01"
Run = Callable[..., tuple[int, Any]]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    made = Home.create(tmp_path / "home")
    control = Control.open(made)
    with control.write() as session:
        for name, frame in register(COAL, FIRST_GAS).items():
            put_register(session, name, frame, date(2025, 1, 1))
    control.close()
    return made.path


@pytest.fixture
def run(home: Path) -> Run:
    """A command with `--json`: its status and its document."""

    def call(*arguments: str) -> tuple[int, Any]:
        result: Result = CliRunner().invoke(mrv, [*arguments, "--home", str(home), "--json"])
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result.exit_code, json.loads(result.stdout)

    return call


def template(run: Run, path: Path, plant: str = COAL, begins: str = NEXT) -> Path:
    status, document = run("plan", "template", "power", "--plant", plant, "--from", begins, "-o", str(path))
    assert (status, document["valid_from"]) == (0, begins)
    return path


def edited(path: Path, sheet: str, changes: dict[str, str | None]) -> Path:
    book = load_workbook(path)
    for cell, text in changes.items():
        book[sheet][cell] = text
    book.save(path)
    return path


def cell_of(path: Path, sheet: str, label: str, column: str = "B") -> str:
    """The cell beside a label."""
    for row in load_workbook(path)[sheet].iter_rows(min_col=1, max_col=1):
        if row[0].value == label:
            return f"{column}{row[0].row}"
    raise AssertionError(label)


def line_of(path: Path, sheet: str, *texts: str) -> int:
    """The row whose first cells hold these texts."""
    for row in load_workbook(path)[sheet].iter_rows(values_only=False):
        if [cell.value for cell in row][: len(texts)] == list(texts):
            return int(row[0].row)
    raise AssertionError(texts)


def column_of(path: Path, sheet: str, label: str) -> str:
    for cell in load_workbook(path)[sheet][3]:
        if cell.value == label:
            return str(cell.column_letter)
    raise AssertionError(label)


def reasoned(path: Path, text: str = "年度修订") -> Path:
    return edited(path, "B.1 版本与修订", {cell_of(path, "B.1 版本与修订", "制定或修订原因"): text})


def submit(run: Run, path: Path) -> tuple[int, Any]:
    return run("plan", "submit", str(path), "--by", "张三", "--reason", "年度修订", "--as-of", "2026-12-20")


def test_the_template_reads_back_as_the_version_it_was_filled_from(run: Run, tmp_path: Path) -> None:
    path = template(run, tmp_path / "plan.xlsx")
    plan = read_plan(path.name, path.read_bytes())
    assert isinstance(plan, PlanFile)
    old = register(COAL)["control_plan"]
    key = ["unit_id", "stream_id", "parameter"]
    kept = [
        name for name in TABLES["control_plan"].names if name not in ("sector", "version", "valid_from", "valid_to")
    ]
    assert plan.lines[kept].sort_values(key, ignore_index=True).equals(old[kept].sort_values(key, ignore_index=True))
    assert plan.head == {
        "plant_id": COAL, "sector": "power", "version": "2027-V1", "valid_from": NEXT, "valid_to": "",
    }  # fmt: skip
    before = path.read_bytes()
    assert template(run, tmp_path / "again.xlsx").read_bytes() == before
    status, document = run("plan", "check", str(path))
    assert status == 0 and [one["value"] for one in document["problems"]] == ["revision_reason"]


@pytest.mark.parametrize("sector", sorted(SECTORS))
def test_every_sector_is_asked_what_its_guide_asks(sector: str) -> None:
    empty = {name: TABLES[name].names for name in ("plant", "unit", "facility", "meter", "control_plan")}
    frames = {name: register(COAL)["plant"].iloc[:0].reindex(columns=columns) for name, columns in empty.items()}
    head = {"plant_id": "P", "sector": sector, "version": "1", "valid_from": NEXT, "valid_to": ""}
    items = {(one.section, one.item): one.zh for one in PLAN_ITEMS.values() if sector in one.sectors}
    data = plan_workbook(head, frames["control_plan"], items, frames, [])
    plan = read_plan("plan.xlsx", data)
    assert isinstance(plan, PlanFile)
    assert {(row["section"], row["item"]): row["text"] for row in plan.sections.to_dict("records")} == items
    assert plan.missing == [] and [one.code for one in check_plan(plan)] == ["no_lines"]


def test_every_drop_down_list_is_there(run: Run, tmp_path: Path) -> None:
    book = load_workbook(template(run, tmp_path / "plan.xlsx"))
    rules = book["B.4 燃料与活动数据"].data_validations.dataValidation
    assert len(rules) == 10 and any("皮带秤" in rule.formula1 for rule in rules)


def test_faults_are_told_at_their_cells(run: Run, tmp_path: Path) -> None:
    path = reasoned(template(run, tmp_path / "plan.xlsx"))
    fuels, unit = "B.4 燃料与活动数据", "B.5 生产数据与其他参数"
    coal = line_of(path, fuels, "U1", "烟煤", "消耗量")
    power = line_of(path, unit, "U1", "发电量")
    changes = {
        f"{column_of(path, fuels, '取值方式')}{coal}": "猜的",
        f"{column_of(path, fuels, '缺失数据处理')}{coal}": None,
    }
    edited(path, fuels, changes)
    edited(path, unit, {f"A{power}": "U9", f"B{power + 1}": "没有的参数"})
    edited(path, "B.1 版本与修订", {cell_of(path, "B.1 版本与修订", "失效日期"): "2026-01-01"})
    status, document = run("plan", "check", str(path))
    told = {(one["code"], one["sheet"], one["cell"]): one["severity"] for one in document["problems"]}
    assert status == 1
    assert told["choice", fuels, f"{column_of(path, fuels, '取值方式')}{coal}"] == "blocks"
    assert told["parameter", unit, f"B{power + 1}"] == "blocks"
    assert told["unknown_unit", unit, f"A{power}"] == "must_answer"
    assert ("ends_first", "B.1 版本与修订", cell_of(path, "B.1 版本与修订", "失效日期")) in told
    status, document = submit(run, path)
    assert (status, document["outcome"], document["receipt"]) == (1, "refused", None)
    assert document["file_receipt"]["leaf"]  # what was sent is acknowledged all the same


def test_a_version_is_taken_in_once_and_followed_never_changed(run: Run, home: Path, tmp_path: Path) -> None:
    path = reasoned(template(run, tmp_path / "plan.xlsx"))
    status, document = submit(run, path)
    assert (status, document["outcome"]) == (0, "new")
    assert json.loads(document["receipt"]["leaf"])["kind"] == "control_plan"
    status, again = submit(run, path)
    assert (status, again["outcome"], again["receipt"]) == (0, "same", document["receipt"])

    changed = reasoned(template(run, tmp_path / "other.xlsx", begins="2027-06-01"), "换表")
    fuels = "B.4 燃料与活动数据"
    coal = line_of(changed, fuels, "U1", "烟煤", "消耗量")
    edited(changed, fuels, {f"{column_of(changed, fuels, '消耗量获取方式')}{coal}": "盘存"})
    same_name = edited(changed, "B.1 版本与修订", {cell_of(changed, "B.1 版本与修订", "版本"): "2027-V1"})
    status, document = submit(run, same_name)
    assert (status, document["error"]["code"]) == (1, "version_exists")
    edited(changed, "B.1 版本与修订", {cell_of(changed, "B.1 版本与修订", "版本"): "2027-V2"})
    early = edited(changed, "B.1 版本与修订", {cell_of(changed, "B.1 版本与修订", "生效日期"): "2026-12-31"})
    status, document = submit(run, early)
    assert (status, document["error"]["code"]) == (1, "overlap")
    assert "2027-V1" in document["error"]["message"]["zh"]
    edited(changed, "B.1 版本与修订", {cell_of(changed, "B.1 版本与修订", "生效日期"): "2027-06-01"})
    assert submit(run, changed)[1]["outcome"] == "new"

    _, shown = run("plan", "show", COAL, "--as-of", "2027-05-31")
    held = [(one["version"], one["until"]) for one in shown["versions"]]
    assert held == [("2026-V1", "2026-12-31"), ("2027-V1", "2027-05-31"), ("2027-V2", "")]
    assert [one["version"] for one in shown["in_force"]] == ["2027-V1"]
    _, changes = run("plan", "diff", COAL, "2027-V1", "2027-V2")
    told = {(one["parameter"], one["field"]): (one["before"], one["after"]) for one in changes}
    assert told == {
        ("", "valid_from"): (NEXT, "2027-06-01"),
        ("", "revision_reason"): ("年度修订", "换表"),
        ("fuel_consumption", "fc_source"): ("belt_scale", "stock_balance"),
    }
    status, missing = run("plan", "diff", COAL, "2027-V1", "V9")
    assert (status, missing["error"]["code"]) == (2, "no_version")
    assert CliRunner().invoke(mrv, ["ledger", "audit", "--home", str(home)]).exit_code == 0


@pytest.mark.parametrize(("hour", "came_on", "late_by"), [(15, "2026-12-31", 0), (16, "2027-01-01", 1)])
def test_a_plan_is_done_on_the_day_it_came(
    run: Run, home: Path, tmp_path: Path, hour: int, came_on: str, late_by: int
) -> None:
    """16:30 UTC of 31 December is the new year where the plants are; a plan that the register has from elsewhere has no such day."""

    def due(as_of: str, plant: str) -> dict[tuple[str, str], tuple[str, str | None, int, str | None]]:
        _, document = run("deadlines", plant, "--as-of", as_of)
        return {
            (one["step"], one["period"]): (one["state"], one["done_on"], one["late_by"], one["holds_from"])
            for one in document["deadlines"]
        }

    path = reasoned(template(run, tmp_path / "plan.xlsx"))
    at, day = datetime(2026, 12, 31, hour, 30, tzinfo=UTC), date(2026, 12, 20)
    with opened(home) as (place, control):
        assert submit_plan(place, control, path.name, path.read_bytes(), at, "张三", "修订", day).outcome == "new"
    assert due("2027-01-02", COAL)["control_plan", "2026"] == ("done", came_on, late_by, NEXT)
    assert due("2026-12-30", COAL)["control_plan", "2026"] == ("due_soon", None, 0, None)  # as seen before it came
    assert due("2026-06-01", FIRST_GAS)["control_plan", "2025"] == ("done", None, 0, "2026-01-01")
    assert due("2027-01-02", FIRST_GAS)["control_plan", "2026"] == ("passed", None, 0, None)
    told = CliRunner().invoke(mrv, ["deadlines", COAL, "--home", str(home), "--as-of", "2027-01-02"]).stdout
    assert f"[已完成] {came_on}" + ("（晚 1 天）" if late_by else "") + "（方案自 2027-01-01 起施行）" in told


def test_a_deposit_is_judged_by_the_plan_in_force(run: Run, tmp_path: Path) -> None:
    """January 2026 under a plan of another source: told; under the plan it was filed by: not a word."""
    name, data = filing(COAL)
    path = tmp_path / name
    path.write_bytes(data)
    _, receipt = run("submit", str(path), "--as-of", "2026-02-10")
    assert [one["rule"] for one in receipt["findings"] if one["rule"].startswith("PLN")] == []
    control = Control.open(Home.open(Path(tmp_path / "home")))
    plan = register(COAL)["control_plan"]
    coal = plan[(plan["parameter"] == "fuel_consumption") & (plan["stream_id"] == "bituminous_coal")]
    with control.write() as session:
        put_register(session, "control_plan", coal.assign(fc_source="feeder"), date(2026, 2, 11))
    control.close()
    _, receipt = run("submit", str(path), "--as-of", "2026-02-12")
    (told,) = [one for one in receipt["findings"] if one["rule"].startswith("PLN")]
    assert (told["rule"], told["value"], told["expected"]) == ("PLN-04", "皮带秤", "耐压式计量给煤机")
    assert told["cell"]


def test_what_is_no_plan_is_refused_in_words(run: Run, tmp_path: Path) -> None:
    other = tmp_path / "letter.xlsx"
    book = load_workbook(BytesIO(template(run, tmp_path / "plan.xlsx").read_bytes()))
    del book["B.1 版本与修订"]
    book.save(other)
    status, document = run("plan", "check", str(other))
    assert (status, document["error"]["code"]) == (2, "no_known_table")
    text = tmp_path / "plan.txt"
    text.write_text("plan", encoding="utf-8")
    assert run("plan", "submit", str(text), "--by", "a", "--reason", "b")[0] == 2
    assert isinstance(read_plan("plan.txt", b"plan"), Refusal)
    assert run("plan", "show", "NOBODY")[1]["error"]["code"] == "no_plan"
    nobody = run("plan", "template", "power", "--plant", "NOBODY", "-o", str(tmp_path / "x.xlsx"))
    assert nobody[1]["error"]["code"] == "unknown_plant"


def test_a_plant_without_a_plan_starts_from_what_it_filed(home: Path, run: Run, tmp_path: Path) -> None:
    """The first plan of a plant names what its workbook requires and what it filed."""
    control = Control.open(Home.open(home))
    from mrv.storage.register import register as known
    from mrv.storage.register import retire_register

    with control.write() as session:
        plan = known(session, "control_plan")
        gone = plan[plan["plant_id"] == FIRST_GAS].to_dict("records")
        retire_register(session, "control_plan", gone, date(2025, 1, 1))
    control.close()
    name, data = filing(FIRST_GAS)
    (tmp_path / name).write_bytes(data)
    run("submit", str(tmp_path / name), "--as-of", "2026-02-10")
    path = template(run, tmp_path / "plan.xlsx", FIRST_GAS)
    read = read_plan(path.name, path.read_bytes())
    assert isinstance(read, PlanFile)
    named = set(zip(read.lines["unit_id"], read.lines["stream_id"], read.lines["parameter"], strict=True))
    assert {("U1", "natural_gas", "fuel_consumption"), ("U1", "", "grid_electricity_settled")} <= named
    assert read.lines["version"].unique().tolist() == ["2027-V1"]


def test_each_fault_is_told_once_at_its_cell_with_what_would_be_right(run: Run, home: Path, tmp_path: Path) -> None:
    path, sheet = template(run, tmp_path / "plan.xlsx"), "B.4 燃料与活动数据"
    column = {name: column_of(path, sheet, name) for name in ("计量单位", "监测频次", "取值方式", "参数")}
    edited(
        path,
        sheet,
        {f"{column['计量单位']}5": "kcal", f"{column['监测频次']}6": "有时", f"{column['取值方式']}7": "猜的"},
    )
    edited(path, sheet, {f"{column['参数']}8": "不存在的参数", f"{column['监测频次']}9": "每两周一次"})
    begins = cell_of(path, "B.1 版本与修订", "生效日期")
    edited(path, "B.1 版本与修订", {begins: "明年一月"})
    _, document = run("plan", "check", str(path))
    told = {one["cell"]: one for one in document["problems"] if one["sheet"] == sheet or one["cell"] == begins}
    assert len(told) == len([one for one in document["problems"] if one["cell"] in told])
    assert set(told) == {
        begins, f"{column['计量单位']}5", f"{column['监测频次']}6", f"{column['取值方式']}7", f"{column['参数']}8",
    }  # fmt: skip
    assert "计量单位是" in told[f"{column['计量单位']}5"]["message"]["zh"]
    assert "每半年" in told[f"{column['监测频次']}6"]["message"]["zh"]
    assert "可填：实测值、" in told[f"{column['取值方式']}7"]["message"]["zh"]
    assert told[f"{column['参数']}8"]["message"]["zh"] == "“不存在的参数”不是本行业的参数"
    reason = next(one for one in document["problems"] if one["value"] == "revision_reason")
    assert reason["cell"] == cell_of(path, "B.1 版本与修订", "制定或修订原因") and "B.1" not in reason["message"]["zh"]


def test_taking_in_a_plan_prints_its_receipt(run: Run, home: Path, tmp_path: Path) -> None:
    path = reasoned(template(run, tmp_path / "plan.xlsx"))
    who = ("--by", "张三", "--reason", "年度修订", "--as-of", "2026-12-20", "--home", str(home))
    told = CliRunner().invoke(mrv, ["plan", "submit", str(path), *who]).stdout
    assert "已存证，新版本" in told and hashlib.sha256(path.read_bytes()).hexdigest() in told
    assert "回执编号 账本第 " in told and "接收时间" in told and "+00:00" not in told
