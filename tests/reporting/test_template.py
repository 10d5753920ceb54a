"""The monthly workbook: labels, drop-downs, protection, live figures, and what intake makes of it."""

from datetime import date
from decimal import Decimal
from io import BytesIO

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from mrv.intake import read_file
from mrv.reporting.sheet_styles import Styles, write_value
from mrv.reporting.template import HELPER_COLUMNS, template, template_rows
from mrv.reporting.template_checks import check_words
from schemas import TABLES
from schemas.vocabulary import PARAMETERS, UNIT_LABELS

MONTH = "2026-05"
# A power plant has no sheet of flue-gas monitoring.
TABLE_SHEETS = {
    table.sheet: table for table in TABLES.values() if table.sheet and table.name not in ("parameter", "flue_gas_daily")
}


def frame(table, *rows):
    names = TABLES[table].names
    return pd.DataFrame([{name: row.get(name, "") for name in names} for row in rows], columns=names, dtype="str")


PLANT = frame("plant", {"plant_id": "P1", "sector": "power", "name": "江北热电有限公司", "credit_code": "91320000MA1X"})
COAL_UNIT = {
    "plant_id": "P1", "unit_id": "1", "unit_class": "conventional_coal", "product_class": "chp", "capacity": "350",
    "fuels": "bituminous_coal; diesel", "commissioned_on": "2012-06-01",
}  # fmt: skip
GAS_UNIT = {
    "plant_id": "P1", "unit_id": "2", "unit_class": "gas", "product_class": "condensing", "capacity": "200",
    "fuels": "natural_gas", "commissioned_on": "2016-06-01",
}  # fmt: skip
UNITS = frame("unit", COAL_UNIT, GAS_UNIT)
METERS = frame(
    "meter",
    {"plant_id": "P1", "unit_id": "1", "meter_id": "E-1", "parameter": "power_generation", "reading_kind": "register",
     "unit": "MWh", "multiplier": "8000"},
    {"plant_id": "P1", "unit_id": "1", "meter_id": "E-2", "parameter": "auxiliary_power", "reading_kind": "interval",
     "unit": "MWh", "multiplier": "1"},
)  # fmt: skip


def value(unit_id, stream_id, parameter, amount, month=MONTH, **rest):
    unit = PARAMETERS[parameter].gas_unit if stream_id == "natural_gas" else PARAMETERS[parameter].unit
    row = {"plant_id": "P1", "sector": "power", "unit_id": unit_id, "stream_id": stream_id, "month": month}
    return row | {"parameter": parameter, "value": amount, "unit": unit, "method": "measured"} | rest


FILLED = {
    "parameter": frame(
        "parameter",
        value("1", "bituminous_coal", "fuel_consumption", "123456.78", origin="purchased", state="as_fired",
              fc_source="belt_scale", source_document="=台账"),
        value("1", "bituminous_coal", "carbon_content_ad", "0.5732", carbon_scheme="composite_commissioned"),
        value("1", "bituminous_coal", "moisture_ar", "12.30"),
        value("1", "bituminous_coal", "moisture_ad", "3.45"),
        value("1", "bituminous_coal", "net_calorific_value", "20.123"),
        value("1", "bituminous_coal", "oxidation_rate", "99"),
        value("1", "", "power_generation", "160000.000"),
        value("1", "", "heat_supplied", "12000.00"),
        value("1", "", "run_hours", "744"),
        value("2", "natural_gas", "fuel_consumption", "21"),
        value("2", "natural_gas", "net_calorific_value", "389.31"),
        value("2", "natural_gas", "carbon_per_heat", "0.01532"),
        value("2", "natural_gas", "oxidation_rate", "99"),
        value("2", "", "generation_intensity", "0.4123"),
    ),
    "daily_coal": frame(
        "daily_coal",
        {"plant_id": "P1", "unit_id": "1", "stream_id": "bituminous_coal", "day": "2026-05-01",
         "fuel_consumption": "123456.7", "moisture_ar": "12.3"},
        {"plant_id": "P1", "unit_id": "1", "stream_id": "lignite", "day": "2026-05-02", "fuel_consumption": "1.5"},
    ),
    "meter_total": frame(
        "meter_total",
        {"plant_id": "P1", "unit_id": "1", "month": MONTH, "meter_id": "E-1", "parameter": "power_generation",
         "opening_reading": "1000", "closing_reading": "1020", "multiplier": "8000", "quantity": "160000"},
    ),
    "event": frame(
        "event",
        {"plant_id": "P1", "unit_id": "2", "event": "stop", "start": "2026-05-03", "end": "2026-05-20", "remark": "+1"},
    ),
    "evidence": frame(
        "evidence",
        {"plant_id": "P1", "unit_id": "1", "stream_id": "bituminous_coal", "month": MONTH,
         "parameter": "fuel_consumption", "evidence_file": "台账.pdf"},
    ),
}  # fmt: skip
PREVIOUS = {
    "parameter": frame(
        "parameter",
        value("1", "bituminous_coal", "fuel_consumption", "110000.00", "2026-04", state="as_fired", origin="purchased"),
        value("1", "bituminous_coal", "fuel_consumption", "130000.00", "2025-05"),
        value("1", "diesel", "fuel_consumption", "9.00", "2026-04", fc_source="stock_balance"),
    ),
    "meter_total": frame("meter_total", {"month": "2026-04", "meter_id": "E-1", "closing_reading": "1000"}),
    "heat_flow": frame(
        "heat_flow",
        {"unit_id": "1", "month": "2026-04", "delivery": "蒸汽1线", "route": "turbine_direct", "medium": "steam",
         "mass": "77"},
    ),
}  # fmt: skip


def build(previous=None, prefilled=None, month=MONTH, units=UNITS, **rest):
    return template(PLANT, units, METERS, "power", month, previous, template_rows(units, "power"), prefilled, **rest)


@pytest.fixture(scope="module")
def blank():
    return load_workbook(BytesIO(build(PREVIOUS)))


@pytest.fixture(scope="module")
def filled():
    return build(PREVIOUS, FILLED)


@pytest.fixture(scope="module")
def results(filled):
    return load_workbook(BytesIO(filled), data_only=True)


def headers(sheet):
    return {cell.value: cell.column for cell in sheet[4] if cell.value}


def line_of(sheet, *wanted):
    """The row that shows the wanted texts."""
    for row in sheet.iter_rows(min_row=5):
        if set(wanted) <= {cell.value for cell in row}:
            return row[0].row
    raise AssertionError(f"no row shows {wanted}")


def cell(sheet, header, *wanted):
    return sheet.cell(line_of(sheet, *wanted), headers(sheet)[header])


def test_headers_are_the_labels_of_the_dictionary(blank):
    for name, table in TABLE_SHEETS.items():
        expected = []
        for column in table.columns:
            if column.template and column.name != "plant_id":
                unit = UNIT_LABELS.get(column.unit, column.unit)
                expected.append(f"{column.zh}（{unit}）" if unit else column.zh)
        found = [label for label in headers(blank[name]) if label not in HELPER_COLUMNS]
        assert found == expected, name
    labels = {column.zh for column in TABLES["parameter"].columns}
    for name in ("燃料参数", "生产参数"):
        assert set(headers(blank[name])) - labels == set(HELPER_COLUMNS) - {"应提交材料"}


def test_meta_sheet_names_the_template(blank):
    meta = blank["_tanheng"]
    assert meta.sheet_state == "veryHidden"
    assert [[meta.cell(row, column).value for column in (1, 2)] for row in range(1, 6)] == [
        ["template", "tanheng-power"],
        ["version", "1"],
        ["plant_id", "P1"],
        ["month", MONTH],
        ["sector", "power"],
    ]
    assert meta["B6"].value.split("；") == list(HELPER_COLUMNS)


def test_every_sheet_is_protected_and_only_input_cells_are_open(blank):
    assert all(sheet.protection.sheet for sheet in blank)
    fuel = blank["燃料参数"]
    entry = cell(fuel, "数值", "烟煤", "消耗量")
    assert not entry.protection.locked and entry.fill.fgColor.rgb == "FFFFF8D6"
    assert all(
        cell(fuel, label, "烟煤", "消耗量").protection.locked for label in ("机组编号", "参数", "计量单位", "校核")
    )
    # a choice that means nothing for this quantity is greyed out
    assert cell(fuel, "元素碳检测方式", "烟煤", "消耗量").protection.locked
    assert not cell(fuel, "元素碳检测方式", "烟煤", "空气干燥基元素碳含量").protection.locked
    assert all(c.protection.locked for row in blank["机组"].iter_rows() for c in row)


def test_drop_downs_show_the_chinese_choices(blank):
    def lists(sheet):
        return {str(rule.sqref): rule.formula1 for rule in sheet.data_validations.dataValidation if rule.type == "list"}

    fuel = blank["燃料参数"]
    place = cell(fuel, "消耗量获取方式", "烟煤", "消耗量").coordinate
    assert lists(fuel)[place] == '"皮带秤,耐压式计量给煤机,盘存,流量计,结算凭证"'
    events = list(lists(blank["机组事件"]).values())
    assert '"停机,检修,启动,燃料变化,计量器具更换"' in events
    assert any(rule.startswith("_tanheng!") for rule in events)


def test_hard_ranges_warn_and_do_not_stop(blank):
    fuel = blank["燃料参数"]
    place = cell(fuel, "数值", "烟煤", "收到基低位发热量").coordinate
    rule = next(r for r in fuel.data_validations.dataValidation if str(r.sqref) == place)
    assert (rule.type, rule.errorStyle) == ("decimal", "warning")
    assert (Decimal(rule.formula1), Decimal(rule.formula2)) == (1, 60)
    assert "GJ/t" in rule.prompt and "保留3位小数" in rule.prompt
    assert cell(fuel, "数值", "烟煤", "收到基低位发热量").number_format == "#,##0.000"


def test_required_columns_carry_a_red_star_that_is_no_text(blank):
    header = next(c for c in blank["每日煤量"][4] if c.value == "入炉煤量（t）")
    assert header.number_format == '@" *"' and header.font.color.rgb == "FFC00000"
    assert "Coal fired" in header.comment.text and "保留2位小数" in header.comment.text


def test_daily_sheet_has_one_row_for_each_day_and_coal(blank):
    sheet = blank["每日煤量"]
    days = [(row[1].value, row[2].value.date()) for row in sheet.iter_rows(min_row=5) if row[2].value]
    assert days == [("烟煤", date(2026, 5, day)) for day in range(1, 32)]
    leap = load_workbook(BytesIO(build(month="2024-02")))["每日煤量"]
    assert sum(row[2].value is not None for row in leap.iter_rows(min_row=5)) == 29


def test_earlier_months_stand_beside_the_value_but_never_in_it(blank):
    fuel = blank["燃料参数"]
    assert cell(fuel, "上月值", "烟煤", "消耗量").value == 110000
    assert cell(fuel, "去年同月值", "烟煤", "消耗量").value == 130000
    assert cell(fuel, "数值", "烟煤", "消耗量").value is None
    assert cell(fuel, "煤样状态", "烟煤", "消耗量").value == "入炉"
    assert cell(fuel, "消耗量获取方式", "柴油", "消耗量").value == "盘存"
    assert cell(blank["表计读数"], "期初表码", "E-1").value == 1000
    assert cell(blank["供热明细"], "供热方式", "蒸汽1线").value == "汽轮机直接供热"
    assert cell(blank["供热明细"], "供出量（t）", "蒸汽1线").value is None


def test_interval_meters_have_no_readings_to_fill_in(blank):
    meters = [row[2].value for row in blank["表计读数"].iter_rows(min_row=5)]
    assert "E-1" in meters and "E-2" not in meters


def test_deadline_is_that_of_the_rule_set_unless_given(blank):
    # 40 natural days after 31 May 2026 is 10 July 2026
    texts = [c.value for row in blank["填报说明"].iter_rows() for c in row]
    assert "2026年7月10日（月末后40个自然日）" in texts
    given_text = load_workbook(BytesIO(build(deadline="7月1日")))["填报说明"]
    assert "7月1日" in [c.value for row in given_text.iter_rows() for c in row]


def test_estimate_shows_the_worked_figures(results):
    sheet = results["本月测算"]
    assert "估算" in sheet["A1"].value and "非正式" in sheet["A1"].value
    rows = {(row[0].value, row[1].value): [c.value for c in row] for row in sheet.iter_rows()}
    # gas: 21 × 389.31 = 8175.51 GJ; Car = round(389.31 × 0.01532, 2) = 5.96; 21 × 5.96 × 0.99 × 44/12 = 454.33
    assert rows["2", "天然气"][4] == 5.96 and rows["2", "天然气"][7:9] == [8175.51, 454.33]
    # coal: Car = 0.5732 × (100 − 12.30)/(100 − 3.45) → 0.5207; 123456.78 × 0.5207 × 0.99 × 44/12 = 233350.72
    assert rows["1", "烟煤"][4] == 0.5207 and rows["1", "烟煤"][8] == 233350.72
    assert rows["1", "柴油"][8] is None
    total = next(row for (name, _), row in rows.items() if name == "合计（估算）")
    assert total[8] == pytest.approx(233350.72 + 454.33)
    # load factor: 160000 / (350 × 744) = 61.44 %
    assert next(row for row in rows.values() if row[0] == "1" and row[4] == 350)[5] == 61.44


def test_estimate_compares_the_sheets_with_each_other(results):
    rows = {row[0].value: [c.value for c in row] for row in results["本月测算"].iter_rows()}
    assert rows["发电量与表计用量合计"][3:8] == [160000, 160000, 0, "MWh", "✓ 一致"]
    daily = next(
        [c.value for c in row] for row in results["本月测算"].iter_rows() if row[0].value == "消耗量与每日煤量合计"
    )
    assert daily[5:8] == [pytest.approx(0.08), "t", "差异，请核对"]


def test_live_checks_have_their_result_before_recalculation(results, filled):
    fuel = results["燃料参数"]
    # 123456.78 / 110000 − 1 = 12.23 %
    assert cell(fuel, "校核", "烟煤", "消耗量").value == "✓ 较上月+12.2%"
    assert cell(fuel, "校核", "柴油", "消耗量").value == "待填"
    assert cell(fuel, "校核", "烟煤", "期初库存量").value is None
    assert load_workbook(BytesIO(filled))["燃料参数"]["H5"].value.startswith('=IF(E5="","待填"')


@pytest.mark.parametrize(
    ("text", "earlier", "words"),
    [
        ("", None, "待填"),
        ("/", None, "应填数字"),
        ("101", None, "超出合理范围"),
        ("-1", None, "超出合理范围"),
        ("12.345", None, "应保留2位小数"),
        ("12.30", None, "✓"),
        ("12.30", Decimal(0), "✓"),
        ("10", Decimal(10), "✓ 较上月0.0%"),
        ("9", Decimal(10), "✓ 较上月-10.0%"),
    ],
)
def test_words_of_the_live_check(text, earlier, words):
    assert check_words(text, earlier, True, 2, (Decimal(0), Decimal(100))) == words


def test_carbon_filed_on_another_basis_is_not_asked_for_twice():
    dry = frame("parameter", value("1", "bituminous_coal", "carbon_content_d", "0.5937"))
    fuel = load_workbook(BytesIO(build(prefilled={"parameter": dry})), data_only=True)["燃料参数"]
    assert cell(fuel, "校核", "烟煤", "空气干燥基元素碳含量").value is None
    assert cell(fuel, "校核", "烟煤", "空气干燥基水分").value is None
    assert cell(fuel, "校核", "烟煤", "收到基水分（全水）").value == "待填"


def test_evidence_list_names_what_the_rule_set_wants(blank):
    sheet = blank["证据清单"]
    wanted = cell(sheet, "应提交材料", "1", "供热量").value
    assert "供热量计算Excel" in wanted and "盖章" in wanted
    assert cell(sheet, "说明", "1", "供热量").value is None


def test_intake_reads_back_what_was_written(filled):
    intake = read_file("filled.xlsx", filled)
    assert intake.template == ("tanheng-power", "1")
    for name, frame_given in FILLED.items():
        columns = [c.name for c in TABLES[name].columns if c.template]
        key = list(TABLES[name].key)
        written = frame_given[columns].sort_values(key).reset_index(drop=True)
        read = intake.tables[name][columns].sort_values(key).reset_index(drop=True)
        assert len(read) == len(written)
        for column in columns:
            if TABLES[name].by_name[column].kind == "decimal":
                pairs = zip(read[column], written[column], strict=True)
                assert all((a and Decimal(a)) == (b and Decimal(b)) for a, b in pairs), column
            else:
                assert read[column].tolist() == written[column].tolist(), column


def test_intake_finds_nothing_in_an_empty_workbook():
    intake = read_file("blank.xlsx", build())
    assert all(table.empty for table in intake.tables.values())
    assert intake.faults.empty
    assert set(intake.rows["disposition"]) == {"ignored"}


def test_same_arguments_give_the_same_bytes(filled):
    assert build(PREVIOUS, FILLED) == filled


def test_a_second_row_for_one_quantity_is_kept():
    twice = frame(
        "parameter", *(value("1", "bituminous_coal", "fuel_consumption", amount) for amount in ("1.00", "2.00"))
    )
    intake = read_file("twice.xlsx", build(prefilled={"parameter": twice}))
    assert sorted(intake.tables["parameter"]["value"]) == ["1", "2"]


def test_rows_of_merged_units_stand_with_their_group():
    merged = frame("unit", COAL_UNIT | {"merged_with": "G1"}, COAL_UNIT | {"unit_id": "3", "merged_with": "G1"})
    rows = template_rows(merged, "power")
    where = {name: {row.unit_id for row in rows if row.parameter == name} for name in PARAMETERS}
    assert where["fuel_consumption"] == where["load_factor"] == {"G1"}
    assert where["power_generation"] == where["run_hours"] == where["heat_supplied"] == {"1", "3"}


def test_rows_follow_fuel_and_product():
    rows = {(r.unit_id, r.stream_id, r.parameter): r for r in template_rows(UNITS, "power")}
    assert rows["1", "bituminous_coal", "carbon_content_ad"].required
    assert rows["2", "natural_gas", "carbon_per_heat"].required
    assert not rows["1", "bituminous_coal", "carbon_per_heat"].required
    assert ("2", "", "heat_supplied") not in rows and rows["1", "", "heat_supplied"].required
    assert rows["1", "bituminous_coal", "stock_opening"].group == "cross_check"
    biomass = template_rows(frame("unit", COAL_UNIT | {"fuels": "bituminous_coal；biomass"}), "power")
    assert {"biomass_heat_share", "boiler_heat", "boiler_efficiency"} <= {r.parameter for r in biomass if r.required}


def test_units_out_of_service_are_left_out():
    units = frame("unit", COAL_UNIT | {"closed_on": "2026-04-30"}, GAS_UNIT | {"commissioned_on": "2026-05-31"})
    assert {row.unit_id for row in template_rows(units, "power", "2026-05")} == {"2"}
    assert {row.unit_id for row in template_rows(units, "power", "2026-04")} == {"1"}


def test_what_has_no_workbook_is_said_plainly():
    with pytest.raises(ValueError, match="glass"):
        template_rows(UNITS, "glass")
    with pytest.raises(ValueError, match="glass"):
        template(PLANT, UNITS, METERS, "glass", MONTH, None, [])
    with pytest.raises(ValueError, match="peat"):
        template_rows(frame("unit", COAL_UNIT | {"fuels": "peat"}), "power")


@settings(max_examples=25, deadline=None)
@given(st.lists(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**9), max_value=10**9), min_size=1))
def test_numbers_are_written_exactly_or_as_text(numbers):
    import xlsxwriter

    texts = [format(number, "f") for number in numbers]
    stream = BytesIO()
    workbook = xlsxwriter.Workbook(stream)
    sheet, style = workbook.add_worksheet(), Styles(workbook)()
    for row, text in enumerate(texts):
        write_value(sheet, row, 0, text, style)
    workbook.close()
    found = load_workbook(stream).active
    for row, text in enumerate(texts, start=1):
        assert Decimal(str(found.cell(row, 1).value)) == Decimal(text)
