"""The monthly workbooks of cement, aluminium and steel through the commands: written, refused, checked, annotated."""

import json
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from click.testing import CliRunner, Result
from openpyxl import load_workbook

from mrv.cli.main import mrv
from mrv.storage.home import Home
from tests.reporting.industry_months import COLUMNS, MONTH, MONTHS, STEEL_ROWS, STEEL_TOTAL, frame, parameters
from tests.reporting.test_template_industry import build

SECTORS = sorted(MONTHS)
PLANT = """[plant]
plant_id = "{plant_id}"
sector = "{sector}"
name = "示例企业（虚构）"
credit_code = "91110000MA00000{plant_id}X"
province = "安徽省"
"""
# Worked out beside the rows of each month.
TOTALS = {"aluminium": "4704.10", "cement": "76798.29", "steel": STEEL_TOTAL}


def call(*words: Any) -> Result:
    return CliRunner().invoke(mrv, [str(word) for word in words])


def plant_file(folder: Path, sector: str, registered: bool = True) -> Path:
    """The plant file of a sector as a person writes it; without its facilities where they are not `registered`."""
    plant_id, known, _ = MONTHS[sector]
    text = PLANT.format(plant_id=plant_id, sector=sector)
    for facility in known.to_dict("records") if registered else []:
        cells = [f'{name} = "{value}"' for name, value in facility.items() if value and name != "plant_id"]
        text += "\n".join(["", "[[facility]]", *cells, ""])
    path = folder / f"{sector}.toml"
    path.write_text(text, encoding="utf-8")
    return path


def written(folder: Path, data: bytes, name: str = "filled.xlsx") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def checked(path: Path, plant: Path) -> Any:
    return json.loads(call("check", path, "--plant", plant, "--as-of", "2026-03-05", "--json").stdout)


def place_of(data: bytes, sheet: str, column: str, **wanted: str) -> str:
    """The cell of a column in the line that shows the wanted texts."""
    page = load_workbook(BytesIO(data))[sheet]
    head = {cell.value: cell.column for cell in page[4]}
    for row in range(5, page.max_row + 1):
        if all(page.cell(row, head[name]).value == text for name, text in wanted.items()):
            return str(page.cell(row, head[column]).coordinate)
    raise AssertionError((sheet, wanted))


def planted(data: bytes, sheet: str, cell: str, content: str) -> bytes:
    """One cell changed; formulas of lines left empty show nothing, as a spreadsheet program saves them."""
    workbook, stream = load_workbook(BytesIO(data)), BytesIO()
    for name in ("表计读数", "证据清单"):
        for row in workbook[name].iter_rows():
            for one in row:
                if one.data_type == "f":
                    one.value = None
    workbook[sheet][cell] = content
    workbook.save(stream)
    return stream.getvalue()


@pytest.mark.parametrize("sector", SECTORS)
def test_template_writes_the_workbook_of_the_sector(tmp_path: Path, sector: str) -> None:
    target = tmp_path / "month.xlsx"
    result = call("template", sector, "--plant", plant_file(tmp_path, sector), "--month", "2026-09", "-o", target)
    assert result.exit_code == 0, result.output
    workbook = load_workbook(target, data_only=True)
    assert {"填报说明", "生产线与工序", "燃料参数", "物料参数", "生产参数", "本月测算"} <= set(workbook.sheetnames)
    register = workbook["生产线与工序"]
    order = [cell.value for (cell,) in register.iter_rows(min_row=5, max_row=register.max_row, max_col=1)]
    assert order[0] == "ENT" and sorted(order) == sorted(MONTHS[sector][1]["unit_id"])
    asked = [
        cell.value
        for name in ("燃料参数", "物料参数", "生产参数")
        for row in workbook[name].iter_rows(min_row=5)
        for cell in row
        if cell.value == "待填"
    ]
    assert workbook["本月测算"]["A3"].value == f"还有 {len(asked)} 项必填数据没有填，以下合计不完整。"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("template", "steel", "--plant", "NOBODY", "--month", "2026-09"), "--home"),
        (("template", "cement", "--plant", "{steel}", "--month", "2026-09"), "水泥"),
        (("template", "steel", "--plant", "{bare}", "--month", "2026-09"), "没有“钢铁”行业的机组、生产线或工序"),
        (("template", "steel", "--plant", "{steel}", "--month", "2026-13"), "不是月份"),
        (("template", "steel", "--plant", "{steel}", "--month", "2019-01"), "还没有适用的核算规则"),
        (("template", "steel", "--plant", "{odd}", "--month", "2026-09"), "燃料"),
    ],
)
def test_what_cannot_be_written_is_refused_in_words(tmp_path: Path, words: tuple[str, ...], said: str) -> None:
    steel = plant_file(tmp_path, "steel")
    (tmp_path / "bare").mkdir()
    odd = tmp_path / "odd.toml"
    odd.write_text(steel.read_text(encoding="utf-8").replace("anthracite", "peat"), encoding="utf-8")
    names = {"steel": steel, "bare": plant_file(tmp_path / "bare", "steel", registered=False), "odd": odd}
    target = tmp_path / "month.xlsx"
    result = call(*(word.format(**names) for word in words), "-o", target)
    assert result.exit_code == 2 and said in result.output
    assert not target.exists()


def test_a_plant_the_home_does_not_know(tmp_path: Path) -> None:
    Home.create(tmp_path / "home")
    target = tmp_path / "month.xlsx"
    words = ("--plant", "NOBODY", "--month", "2026-09", "--home", tmp_path / "home", "-o", target)
    result = call("template", "steel", *words)
    assert result.exit_code == 2 and "没有企业 NOBODY 的档案" in result.output
    assert not target.exists()


def test_a_workbook_that_cannot_be_saved(tmp_path: Path) -> None:
    target = tmp_path / "nowhere" / "month.xlsx"
    result = call("template", "steel", "--plant", plant_file(tmp_path, "steel"), "--month", "2026-09", "-o", target)
    assert result.exit_code == 2 and "不能读写" in result.output


@pytest.mark.parametrize("sector", SECTORS)
def test_check_gives_the_total(tmp_path: Path, sector: str) -> None:
    path = written(tmp_path, build(sector))
    result = call("check", path, "--plant", plant_file(tmp_path, sector), "--as-of", "2026-03-05")
    assert f"本月排放 {TOTALS[sector]} tCO₂e" in result.output
    document = checked(path, plant_file(tmp_path, sector))
    assert document["emissions"]["total_tco2e"] == TOTALS[sector]


@pytest.mark.parametrize("sector", SECTORS)
def test_check_of_a_workbook_nobody_filled_in(tmp_path: Path, sector: str) -> None:
    path = written(tmp_path, build(sector, filled=False))
    result = call("check", path, "--plant", plant_file(tmp_path, sector), "--as-of", "2026-03-05")
    assert result.exit_code == 1
    assert "填报表缺少必填项“关键参数（整份填报表没有填写任何数值）”" in result.output
    assert "本月排放" not in result.output


FAULTS = {
    "cement": ("生产参数", "数值", {"生产线/工序编号": "L2", "参数": "熟料产量"}, "约八万"),
    "aluminium": ("生产参数", "数值", {"生产线/工序编号": "A1", "参数": "炭阳极消耗量"}, "一千吨"),
    "steel": ("燃料参数", "计量单位", {"生产线/工序编号": "ENT", "燃料或物料": "焦炉煤气", "参数": "消耗量"}, "GJ"),
}


@pytest.mark.parametrize("sector", SECTORS)
def test_a_planted_fault_is_marked_at_its_cell(tmp_path: Path, sector: str) -> None:
    sheet, column, line, content = FAULTS[sector]
    data = build(sector)
    path = written(tmp_path, planted(data, sheet, place_of(data, sheet, column, **line), content))
    cell = place_of(data, sheet, "数值", **line)  # a wrong unit is told at the number it belongs to
    marked = tmp_path / "marked.xlsx"
    plant = plant_file(tmp_path, sector)
    result = call("check", path, "--plant", plant, "--as-of", "2026-03-05", "--annotate", marked)
    assert result.exit_code == 1
    assert f"{sheet}!{cell}" in result.output
    workbook = load_workbook(marked)
    note = workbook[sheet][cell].comment
    assert note is not None and content in note.text
    listed = [[str(one.value) for one in row] for row in workbook.worksheets[0].iter_rows()]
    assert any(sheet in row and cell in row for row in listed)


def test_flue_gas_days_in_a_filing_of_tables(tmp_path: Path) -> None:
    days = [
        {"plant_id": "S1", "unit_id": "BF", "day": f"2026-01-{day:02d}", "co2_share": "18.5", "co2_mass": "1234.567"}
        for day in range(1, 32)
    ]
    packed = BytesIO()
    with ZipFile(packed, "w") as archive:
        rows = parameters("S1", "steel", STEEL_ROWS)[COLUMNS[:14]]
        archive.writestr("parameter.csv", rows.to_csv(index=False))
        gas = frame("flue_gas_daily", *days)
        archive.writestr("flue_gas_daily.csv", gas.loc[:, gas.ne("").any()].to_csv(index=False))
    document = checked(written(tmp_path, packed.getvalue(), "filing.zip"), plant_file(tmp_path, "steel"))
    assert document["rows"]["accepted"] == len(STEEL_ROWS) + 31
    assert document["rows"]["refused"] == 0
    assert document["emissions"]["total_tco2e"] == STEEL_TOTAL


@pytest.mark.parametrize("sector", SECTORS)
def test_evidence_lines_are_read_back(tmp_path: Path, sector: str) -> None:
    plant_id, _, filed = MONTHS[sector]
    unit, stream, parameter = filed[0][:3]
    line = {
        "plant_id": plant_id, "unit_id": unit, "stream_id": stream, "month": MONTH, "parameter": parameter,
        "evidence_file": "台账.pdf",
    }  # fmt: skip
    data = build(sector, more={"evidence": frame("evidence", line)})
    document = checked(written(tmp_path, data), plant_file(tmp_path, sector))
    assert document["rows"]["accepted"] == len(filed) + 1
