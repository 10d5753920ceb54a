"""The workbook and the JSON document of an annual report."""

import io
import json
from decimal import Decimal

import openpyxl
import pandas as pd
import pytest

from mrv.reporting.annual_items import item_words
from mrv.reporting.annual_workbook import annual_document, annual_workbook
from tests.reporting.annual_plant import PLANT, frame, report, standard

YELLOW = "FFFFE3A8"


@pytest.fixture(scope="module")
def book() -> openpyxl.Workbook:
    return opened(standard(), "2025")


def opened(rows: pd.DataFrame, year: str, lang: str = "zh") -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(annual_workbook(rows, year, PLANT, lang)))


def find(sheet, text: str, after: int = 0):
    """The first cell whose text begins with `text`, below a row."""
    for row in sheet.iter_rows(min_row=after + 1):
        for cell in row:
            if isinstance(cell.value, str) and cell.value.startswith(text):
                return cell
    raise AssertionError(f"{sheet.title}: no cell begins with {text}")


def test_one_sheet_per_table(book):
    expected = [
        "封面",
        "表C.1 重点排放单位基本信息",
        "表C.2 机组及生产设施信息",
        "表C.3 化石燃料燃烧排放",
        "表C.4 购入使用电力排放",
    ]
    expected += ["表C.5 生产数据及排放量汇总", "表C.6 元素碳含量和低位发热量的确定方式", "表C.7 辅助参数"]
    expected += ["配额测算", "采用的因子与参数", "待处理的阻断性问题", "数据来源"]
    assert book.sheetnames == expected
    names = opened(standard("2026"), "2026").sheetnames
    assert "表C.4 生产数据及排放量汇总" in names and not any("购入" in name for name in names)
    english = opened(standard(), "2025", "en").sheetnames
    assert english[0] == "Cover" and english[3] == "C.3 Fossil fuel combustion"


def test_numbers_are_numbers_with_their_own_decimals(book):
    sheet = book["表C.3 化石燃料燃烧排放"]
    coal = find(sheet, "烟煤").row
    row = find(sheet, "收到基元素碳含量", coal).row
    january, year = sheet.cell(row, 4), sheet.cell(row, 16)
    assert (january.value, january.number_format) == (0.52, "#,##0.0000")
    assert (year.value, year.number_format) == (0.55, "#,##0.0000")
    emission = find(sheet, "化石燃料燃烧排放量（分燃料）", coal).row
    assert sheet.cell(emission, 4).value == 18876 and sheet.cell(emission, 4).number_format == "#,##0.00"
    assert sheet.cell(emission, 6).value == "未存证"
    total = book["表C.5 生产数据及排放量汇总"]
    row = find(total, "全部机组二氧化碳排放总量").row
    assert (total.cell(row, 16).value, total.cell(row, 16).number_format) == (82939, "#,##0")


def test_months_on_a_sheet_add_up_to_its_year(book):
    sheet = book["表C.5 生产数据及排放量汇总"]
    for row in range(4, sheet.max_row + 1):
        label = sheet.cell(row, 2).value
        if isinstance(label, str) and label.startswith("机组二氧化碳排放量"):
            months = [sheet.cell(row, column).value for column in range(4, 16)]
            exact = sum(Decimal(str(value)) for value in months if not isinstance(value, str))
            assert exact == Decimal(str(sheet.cell(row, 16).value))


def test_provisional_cells_are_filled_and_differences_carry_a_comment():
    book = opened(standard("2026"), "2026")
    sheet = book["表C.3 化石燃料燃烧排放"]
    unit = find(sheet, "机组 U2").row
    row = find(sheet, "碳氧化率", unit).row
    cell = sheet.cell(row, 5)
    assert cell.value == 100 and cell.fill.fgColor.rgb == YELLOW
    assert "上限100%" in cell.comment.text
    assert "2月：" in sheet.cell(row, 19).value and "上限100%" in sheet.cell(row, 19).value
    measured = sheet.cell(find(sheet, "收到基元素碳含量", find(sheet, "烟煤").row).row, 4)
    assert measured.fill.fgColor.rgb != YELLOW and measured.comment is None


def test_page_setup(book):
    sheet = book["表C.3 化石燃料燃烧排放"]
    assert sheet.freeze_panes == "D4"
    assert sheet.page_setup.orientation == "landscape" and sheet.print_title_rows == "$3:$3"
    assert sheet.sheet_properties.pageSetUpPr.fitToPage and sheet.page_setup.fitToHeight == 0


def test_cover_says_what_is_open(book):
    sheet = book["封面"]
    assert sheet.cell(find(sheet, "全部机组二氧化碳排放总量").row, 3).value == 82939
    assert sheet.cell(find(sheet, "重点排放单位").row, 3).value == "示例发电有限公司"
    assert sheet.cell(find(sheet, "有机组未存证的月份").row, 3).value == 10
    assert sheet.cell(find(sheet, "阻断性问题").row, 3).value == 0
    assert find(sheet, "编制人") and find(sheet, "单位盖章")


def test_same_rows_same_bytes_in_any_order():
    rows = standard()
    turned = rows.iloc[::-1].reset_index(drop=True)
    assert annual_workbook(rows, "2025", PLANT, "zh") == annual_workbook(turned, "2025", PLANT, "zh")
    assert annual_document(rows) == annual_document(turned)


def test_texts_of_a_plant_are_never_formulas():
    rows = standard().copy()
    rows.loc[(rows["table"] == "C.1") & (rows["item"] == "name"), "reported"] = "=1+1"
    sheet = opened(rows, "2025")["封面"]
    cell = sheet.cell(find(sheet, "重点排放单位").row, 3)
    assert cell.value == "=1+1" and cell.data_type == "s"


def test_a_number_too_long_for_a_float_stays_text():
    rows = standard().copy()
    long = "12345678901234567.89"
    here = (rows["table"] == "C.3") & (rows["item"] == "fuel_consumption") & (rows["period"] == "2025-01")
    rows.loc[here & (rows["stream_id"] == "diesel"), "reported"] = long
    sheet = opened(rows, "2025")["表C.3 化石燃料燃烧排放"]
    assert sheet.cell(find(sheet, "消耗量", find(sheet, "柴油").row).row, 4).value == long


def test_blocking_findings_are_shown():
    found = {"id": "a" * 64, "rule": "CAL-01", "severity": "blocks", "class": "calculation", "plant_id": PLANT}
    found |= {
        "unit_id": "U1",
        "period": "2025-01",
        "message_zh": "数值不一致",
        "message_en": "differs",
        "impact_tco2e": "12.50",
    }
    rows, _, _ = report(findings=[found])
    sheet = opened(rows, "2025")["待处理的阻断性问题"]
    row = find(sheet, "CAL-01").row
    assert [sheet.cell(row, column).value for column in range(1, 7)] == [
        "CAL-01",
        "U1",
        "",
        "2025-01",
        "数值不一致",
        12.5,
    ]
    clean = opened(standard(), "2025")["待处理的阻断性问题"]
    assert find(clean, "没有阻断性问题")


def test_document_keeps_every_row_exactly():
    rows = standard()
    document = json.loads(json.dumps(annual_document(rows), ensure_ascii=False))
    assert document["report"]["total_emission"] == "82939" and document["report"]["rule_set"] == "power-2023"
    cells = {
        (
            table["code"],
            row["row_code"],
            row["unit_id"] or "",
            row["stream_id"] or "",
            row["item"],
            value["period"],
        ): value
        for table in document["tables"]
        for row in table["rows"]
        for value in row["values"]
    }
    assert len(cells) == len(rows)
    key = ["table", "row_code", "unit_id", "stream_id", "item", "period"]
    for entry in rows.to_dict("records"):
        value = cells[tuple(entry[name] for name in key)]
        assert (value["reported"] or "") == entry["reported"]
        assert (value["method"] or "") == entry["method"]
        assert value["provisional"] == (entry["provisional"] == "yes")
    labels = {row["item"]: row["label"] for table in document["tables"] for row in table["rows"]}
    assert labels["carbon_content_ar"] == {"zh": "收到基元素碳含量", "en": "Carbon content as received (Car)"}


def test_every_item_has_a_name_in_both_languages():
    for year in ("2022", "2025", "2026"):
        rows = standard(year)
        for table, item in (
            rows[~rows["table"].isin(["FACTORS", "PENDING"])][["table", "item"]].drop_duplicates().values
        ):
            zh, en = item_words(table, item)
            assert zh != item and en != item, (table, item)


def test_a_report_is_of_one_plant():
    rows = standard()
    with pytest.raises(ValueError, match="one report"):
        annual_document(pd.concat([rows, rows.assign(plant_id="P002")]))
    with pytest.raises(ValueError, match="one report"):
        annual_workbook(rows, "2024", PLANT, "zh")
    with pytest.raises(ValueError, match="one report"):
        annual_document(frame("annual_report", []))
