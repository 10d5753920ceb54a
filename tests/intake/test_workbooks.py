"""Workbooks as offices hand them in: re-saved, rearranged, merged, with formulas, percent formats and hidden sheets."""

import datetime as dt
import json
from collections.abc import Callable

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from mrv.intake import Intake, Limits, Refusal, read_file
from schemas import TABLES

Build = Callable[..., openpyxl.Workbook]
Save = Callable[[openpyxl.Workbook], bytes]


def taken(data: bytes, limits: Limits | None = None) -> Intake:
    intake = read_file("filing.xlsx", data, limits)
    assert isinstance(intake, Intake), intake
    assert len(intake.rows) == intake.rows["disposition"].isin(["accepted", "refused", "ignored"]).sum()
    assert sum(len(frame) for frame in intake.tables.values()) == (intake.rows["disposition"] == "accepted").sum()
    for table, frame in intake.tables.items():
        assert list(frame.columns) == TABLES[table].names
    return intake


def faults(intake: Intake) -> list[tuple[str, str, str]]:
    kinds = [json.loads(params).get("kind", "") for params in intake.faults["params"]]
    return list(zip(intake.faults["code"], kinds, intake.faults["cell"], strict=True))


def test_rows_take_plant_month_and_sector_from_the_template(book: Build, saved: Save) -> None:
    intake = taken(saved(book()))
    frame = intake.tables["parameter"]
    assert intake.kind == "workbook"
    assert intake.template == ("tanheng-power", "1")
    assert frame["value"].tolist() == ["41235.6", "0.5207", "126000.123"]
    assert frame["cell"].tolist() == ["D2", "D3", "D4"]
    assert frame["parameter"].tolist() == ["fuel_consumption", "carbon_content_ar", "power_generation"]
    assert frame[["plant_id", "month", "sector"]].drop_duplicates().to_numpy().tolist() == [
        ["P001", "2026-01", "power"]
    ]
    assert set(intake.rows["table"]) == {"parameter"}  # the template's own sheet is no data
    assert intake.faults.empty


def test_the_sheet_may_be_renamed_the_header_moved_and_the_columns_turned_round(book: Build, saved: Save) -> None:
    made = openpyxl.Workbook()
    sheet = made.active
    sheet.title = "随便什么名字"
    for row in [
        ["发电企业月度存证"],
        ["企业编号：P009", None, "月份", "2026年3月", "行业", "发电"],
        [],
        ["序号", "数值（保留两位）", "计量单位*", "取值方式", "参数", "燃料或物料", "机组编号"],
        [1, 5, "t", "实测值", "消耗量", "烟煤", "G1"],
    ]:
        sheet.append(row)
    frame = taken(saved(made)).tables["parameter"]
    assert frame[["plant_id", "month", "sector", "value", "cell"]].to_numpy().tolist() == [
        ["P009", "2026-03", "power", "5", "B5"],
    ]


def test_a_header_merged_over_two_rows(saved: Save) -> None:
    made = openpyxl.Workbook()
    sheet = made.active
    sheet.append(["机组编号", "煤种", "日期", "每日煤量", None, None])
    sheet.append([None, None, None, "入炉煤量（t）", "收到基全水（%）", "收到基低位发热量（GJ/t）"])
    sheet.append(["G1", "烟煤", dt.date(2026, 1, 5), 1400.5, 12.1, 21.777])
    for span in ("A1:A2", "B1:B2", "C1:C2", "D1:F1"):
        sheet.merge_cells(span)
    intake = taken(saved(made))
    row = intake.tables["daily_coal"].iloc[0]
    assert row[["unit_id", "stream_id", "day"]].tolist() == ["G1", "bituminous_coal", "2026-01-05"]
    assert row[["fuel_consumption", "moisture_ar", "net_calorific_value"]].tolist() == ["1400.5", "12.1", "21.777"]
    assert json.loads(row["column_map"])["moisture_ar"] == "E"
    assert intake.understood[0].header_row == 2
    assert len(intake.rows) == 1


def test_rows_the_person_left_empty_and_rows_that_are_no_data(book: Build, saved: Save) -> None:
    rows = [
        ["示例", "烟煤", "消耗量", 1, "t", "实测值", ""],
        ["G1", "烟煤", "消耗量", 10, "t", "实测值", ""],
        ["G1", "烟煤", "收到基元素碳含量", None, "tC/t", "实测值", ""],
        ["G1", "烟煤", "收到基低位发热量", "/", "GJ/t", "实测值", ""],
        [],
        ["G1", "烟煤", "消耗量", 10, "t", "实测值", ""],
        ["合计", None, None, 20, None, None, None],
        ["注：以上数据真实有效", None, None, None, None, None, None],
    ]
    intake = taken(saved(book(rows)))
    assert intake.rows["reason"].tolist() == [
        *("example_row", "", "not_filled", "not_filled", "same_row_twice", "total_row", "remark_row"),
    ]
    assert intake.rows["row"].tolist() == [2, 3, 4, 5, 7, 8, 9]
    assert set(intake.rows["month"]) == {"2026-01"}


def test_a_sheet_without_a_table_is_counted_row_by_row(book: Build, saved: Save) -> None:
    made = book()
    note = made.create_sheet("填报说明")
    note["A1"], note["A3"] = "请如实填写", "联系电话"
    intake = taken(saved(made))
    unknown = intake.rows[intake.rows["reason"] == "unknown_sheet"]
    assert unknown[["table", "sheet"]].drop_duplicates().to_numpy().tolist() == [["", "填报说明"]]
    assert unknown["row"].tolist() == [1, 3]
    assert [entry.table for entry in intake.understood] == ["parameter", ""]


def test_one_table_may_stand_on_several_sheets(book: Build, saved: Save) -> None:
    made = book(title="燃料参数")
    second = made.create_sheet("生产参数")
    second.append(["机组编号", "参数", "数值", "计量单位", "取值方式"])
    second.append(["G2", "供热量", 12, "GJ", "实测值"])
    frame = taken(saved(made)).tables["parameter"]
    assert frame["sheet"].tolist() == ["燃料参数"] * 3 + ["生产参数"]
    assert frame["stream_id"].tolist()[-1] == ""


def test_numbers_stored_as_text_are_read_with_a_note(book: Build, saved: Save) -> None:
    rows = [
        ["G1", "烟煤", "消耗量", "41235.60", "t", "实测值", ""],
        ["G1", "烟煤", "收到基元素碳含量", "０．５２０７", "tC/t", "实测值", ""],
        ["G1", "", "发电量", "126,000.123", "MWh", "实测值", ""],
        ["G1", "", "供热量", " 5,12", "GJ", "实测值", ""],
    ]
    intake = taken(saved(book(rows)))
    assert intake.tables["parameter"]["value"].tolist() == ["41235.60", "0.5207", "126000.123", "5,12"]
    assert faults(intake) == [
        ("SCH-10", "ambiguous_separator", "D5"),
        ("SCH-16", "text_number", "D2"),
        ("SCH-16", "full_width", "D3"),
        ("SCH-16", "thousands_separator", "D4"),
    ]


def test_a_cell_shown_as_percent_means_what_the_person_sees(book: Build, saved: Save) -> None:
    made = book(
        [
            ["G1", "烟煤", "收到基水分（全水）", 0.123, "%", "实测值", ""],
            ["G1", "烟煤", "收到基元素碳含量", 0.5207, "tC/t", "实测值", ""],
        ]
    )
    for cell in ("D2", "D3"):
        made.active[cell].number_format = "0.00%"
    intake = taken(saved(made))
    assert intake.tables["parameter"]["value"].tolist() == ["12.3", "52.07%"]
    assert faults(intake) == [("SCH-10", "percent_in_other_unit", "D3"), ("SCH-16", "percent", "D2")]


def test_formulas_never_calculated_and_error_values_are_named(book: Build, saved: Save) -> None:
    made = book(
        [
            ["G1", "烟煤", "消耗量", "=SUM(A1:A3)", "t", "实测值", ""],
            ["G1", "", "发电量", 5, "MWh", "实测值", ""],
            ["G1", "", "供热量", 7, "GJ", "实测值", ""],
        ]
    )
    made.active["D3"].value = "#DIV/0!"
    made.active["D3"].data_type = "e"
    intake = taken(saved(made))
    assert intake.tables["parameter"]["value"].tolist() == ["=SUM(A1:A3)", "#DIV/0!", "7"]
    assert faults(intake) == [("SCH-15", "formula_without_value", "D2"), ("SCH-15", "error_cell", "D3")]
    assert intake.faults["parameter"].tolist() == ["fuel_consumption", "power_generation"]


def test_a_row_of_formulas_without_results_was_not_filled(book: Build, saved: Save) -> None:
    """Spare rows of a template, saved by a program that does not calculate; a formula beside anything typed stays a row."""
    made = book(
        [
            ["", "", "", '=IF(A2="","",1)', "", "", ""],
            ["G1", "", "发电量", "=2+3", "MWh", "实测值", ""],
        ]
    )
    intake = taken(saved(made))
    assert intake.rows[["row", "disposition", "reason"]].to_numpy().tolist() == [
        [2, "ignored", "not_filled"],
        [3, "accepted", ""],
    ]
    assert faults(intake) == [("SCH-15", "formula_without_value", "D3")]


def test_a_formula_with_its_value_is_an_ordinary_number(
    book: Build, saved: Save, patched: Callable[..., bytes]
) -> None:
    data = saved(book([["G1", "烟煤", "消耗量", "=SUM(A1:A3)", "t", "实测值", ""]]))
    cached = patched(data, {"xl/worksheets/sheet1.xml": lambda part: part.replace(b"<v />", b"<v>12.5</v>")})
    intake = taken(cached)
    assert intake.tables["parameter"]["value"].tolist() == ["12.5"]
    assert intake.faults.empty


def test_hidden_sheets_are_read_and_pointed_out(book: Build, saved: Save) -> None:
    made = book()
    made.create_sheet("空表").sheet_state = "hidden"
    made["生产参数"].sheet_state = "hidden"
    made.active = made.create_sheet("封面")
    intake = taken(saved(made))
    assert len(intake.tables["parameter"]) == 3
    assert faults(intake) == [("SCH-15", "hidden_sheet", "")]
    assert intake.faults["item"].tolist() == ["生产参数"]


def test_names_merged_over_rows_hold_for_each_but_a_merged_number_is_not_copied(book: Build, saved: Save) -> None:
    made = book(
        [
            ["G1", "烟煤", "消耗量", 5, "t", "实测值", ""],
            [None, None, "收到基元素碳含量", 0.52, "tC/t", "实测值", ""],
            [None, "褐煤", "消耗量", None, "t", "实测值", ""],
        ]
    )
    for span in ("A2:A4", "B2:B3", "D3:D4"):
        made.active.merge_cells(span)
    intake = taken(saved(made))
    frame = intake.tables["parameter"]
    assert frame["unit_id"].tolist() == ["G1", "G1"]
    assert frame["stream_id"].tolist() == ["bituminous_coal", "bituminous_coal"]
    assert intake.rows["reason"].tolist() == ["", "", "not_filled"]
    assert faults(intake) == [
        ("SCH-15", "merged_cells", "A2"),
        ("SCH-15", "merged_cells", "B2"),
        ("SCH-15", "merged_cells", "D3"),
    ]


@pytest.mark.parametrize("mac", [False, True])
def test_dates_as_cells_and_as_day_numbers_in_both_calendars(saved: Save, mac: bool) -> None:
    made = openpyxl.Workbook()
    if mac:
        made.epoch = CALENDAR_MAC_1904
    sheet = made.active
    sheet.append(["企业编号", "机组编号", "煤种", "日期", "入炉煤量"])
    sheet.append(["P1", "G1", "烟煤", dt.date(2026, 1, 5), 1])
    sheet.append(["P1", "G1", "烟煤", 46028 - (1462 if mac else 0), 1])
    sheet.append(["P1", "G1", "烟煤", "2026年1月7日", 1])
    intake = taken(saved(made))
    assert intake.tables["daily_coal"]["day"].tolist() == ["2026-01-05", "2026-01-06", "2026-01-07"]
    assert faults(intake) == [("SCH-16", "day_number", "D3")]


def test_the_month_may_be_a_date_cell(saved: Save) -> None:
    made = openpyxl.Workbook()
    sheet = made.active
    sheet.append(["企业编号", "行业", "月份", "机组编号", "参数", "数值", "计量单位", "取值方式"])
    sheet.append(["P1", "发电", dt.date(2026, 1, 1), 1, "发电量", 5, "MWh", "实测值"])
    sheet.append(["P1", "发电", 2026.1, 1, "供热量", 5, "GJ", "实测值"])
    intake = taken(saved(made))
    assert intake.tables["parameter"]["month"].tolist() == ["2026-01", "2026.1"]
    assert intake.tables["parameter"]["unit_id"].tolist() == ["1", "1"]
    assert faults(intake) == [("SCH-13", "not_a_month", "C3")]


def test_re_saving_with_another_program_changes_nothing(book: Build, saved: Save) -> None:
    import io

    first = taken(saved(book()))
    again = taken(saved(openpyxl.load_workbook(io.BytesIO(saved(book())))))
    location = ["file_sha256"]
    assert first.tables["parameter"].drop(columns=location).equals(again.tables["parameter"].drop(columns=location))


def test_an_unknown_template_is_named_and_still_read_by_its_headers(book: Build, saved: Save) -> None:
    meta = [["template", "tanheng-power"], ["version", "99"], ["plant_id", "P001"], ["month", "2026-01"]]
    intake = taken(saved(book(meta=meta)))
    assert faults(intake) == [("SCH-02", "unknown_template", "B1")]
    assert len(intake.tables["parameter"]) == 3
    assert set(intake.tables["parameter"]["sector"]) == {"power"}


def test_columns_the_template_adds_are_not_pointed_out(book: Build, saved: Save) -> None:
    header = ["机组编号", "参数", "数值", "计量单位", "取值方式", "上月值", "审核人"]
    meta = [["template", "tanheng-power"], ["version", "1"], ["helper_columns", "小数位；上月值"]]
    intake = taken(saved(book([["G1", "发电量", 5, "MWh", "实测值", 4, "张三"]], header, meta)))
    assert intake.understood[0].ignored == ["上月值", "审核人"]
    assert faults(intake) == [("SCH-17", "", "G1")]


def test_a_cell_that_contradicts_the_template_wins_and_is_pointed_out(book: Build, saved: Save) -> None:
    made = book()
    made.active.insert_rows(1)
    made.active["A1"], made.active["B1"] = "月份", "2026-02"
    intake = taken(saved(made))
    assert set(intake.tables["parameter"]["month"]) == {"2026-02"}
    assert faults(intake) == [("SCH-02", "issued_for_another", "B1")]


def test_meta_in_custom_document_properties(book: Build, saved: Save) -> None:
    from openpyxl.packaging.custom import StringProperty

    made = book(meta=[])
    for name, value in (("template", "tanheng-power"), ("version", "1"), ("plant_id", "P007"), ("month", "2026-04")):
        made.custom_doc_props.append(StringProperty(name=f"tanheng_{name}", value=value))  # type: ignore[attr-defined]
    intake = taken(saved(made))
    assert intake.template == ("tanheng-power", "1")
    assert intake.rows[["plant_id", "month", "sector"]].drop_duplicates().to_numpy().tolist() == [
        ["P007", "2026-04", "power"],
    ]


def test_millions_of_formatted_but_blank_cells_are_no_rows(book: Build, saved: Save) -> None:
    made = book()
    made.active["XFD1048576"].number_format = "0.00"
    assert len(taken(saved(made)).rows) == 3


def test_a_stray_value_far_out_is_refused_before_the_sheet_is_read(book: Build, saved: Save) -> None:
    made = book()
    made.active["XFD1048576"] = "x"
    refusal = read_file("f.xlsx", saved(made))
    assert isinstance(refusal, Refusal)
    assert (refusal.code, refusal.params["sheet"]) == ("too_many_cells", "生产参数")


def test_a_workbook_of_something_else_is_refused_with_what_was_looked_for(saved: Save) -> None:
    made = openpyxl.Workbook()
    made.active.append(["姓名", "工资"])
    made.active.append(["张三", 1])
    refusal = read_file("f.xlsx", saved(made))
    assert isinstance(refusal, Refusal)
    assert refusal.code == "no_known_table"
    assert "关键参数" in refusal.message["zh"]
    assert "Key parameters" in refusal.message["en"]


def test_limits_on_sheets_cells_and_characters(book: Build, saved: Save) -> None:
    data = saved(book())
    assert getattr(read_file("f", data, Limits(sheets=1)), "code", "") == "too_many_sheets"
    assert getattr(read_file("f", data, Limits(cells=10)), "code", "") == "too_many_cells"
    assert getattr(read_file("f", data, Limits(cell_characters=3)), "code", "") == "cell_too_long"
    assert getattr(read_file("f", data, Limits(file_bytes=100)), "code", "") == "too_large"
    assert getattr(read_file("f", data, Limits(entries=2)), "code", "") == "too_many_entries"


def test_reading_twice_gives_the_same(book: Build, saved: Save) -> None:
    data = saved(book())
    first, second = taken(data), taken(data)
    assert first.tables["parameter"].equals(second.tables["parameter"])
    assert first.rows.equals(second.rows)
    assert first.faults.equals(second.faults)
    assert first.understood == second.understood
