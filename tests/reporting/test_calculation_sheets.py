"""The heat and coal calculation sheets: live formulas, and the figures they show."""

import re
from decimal import ROUND_HALF_UP, Decimal
from io import BytesIO

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from mrv.reporting.calculation_sheets import coal_workbook, heat_workbook
from schemas import TABLES

CONSTANTS = {
    "reference_enthalpy": Decimal("83.74"),
    "reference_temperature": Decimal(20),
    "specific_heat": Decimal("4.1868"),
    "heater_efficiency": Decimal("0.95"),
}


def frame(table, *rows):
    names = TABLES[table].names
    return pd.DataFrame([{name: row.get(name, "") for name in names} for row in rows], columns=names, dtype="str")


def delivery(name, **rest):
    return {"plant_id": "P1", "unit_id": "1", "month": "2026-05", "delivery": name} | rest


STEAM = delivery("蒸汽", route="turbine_direct", medium="steam", mass="1000", temperature="280", pressure="0.98")
WATER = delivery("热水", route="turbine_direct", medium="water", mass="5000", temperature="95", heat="1570")
WHOLE = {"return_mass": "98000", "return_temperature": "50", "makeup_mass": "2000", "makeup_temperature": "20"}
LOOP = delivery("首站", route="turbine_indirect", medium="water", mass="100000", temperature="95", pressure="0.6")
DRAIN = delivery("加热器", route="turbine_indirect", medium="steam", mass="5000", temperature="250", pressure="0.5")
DELIVERIES = frame(
    "heat_flow", STEAM, WATER, LOOP | WHOLE | {"unit_id": "2"}, DRAIN | {"unit_id": "2", "return_temperature": "90"},
    STEAM | {"delivery": "无压力", "pressure": ""},
)  # fmt: skip


def both(data):
    return load_workbook(BytesIO(data)), load_workbook(BytesIO(data), data_only=True)


@pytest.fixture(scope="module")
def heat():
    return both(heat_workbook(DELIVERIES, CONSTANTS))


def lines(sheet, header=10):
    names = [cell.value for cell in sheet[header]]
    rows = [dict(zip(names, [cell.value for cell in row], strict=True)) for row in sheet.iter_rows(min_row=header + 1)]
    return {row["供热管线"] or row["机组编号"]: row for row in rows}


def evaluated(formula, sheet):
    """A formula of the heat sheet, worked out by itself: cells by value, ROUND half-up, one IF on an empty cell."""

    def value(match):
        found = sheet[match[0].replace("$", "")].value
        return "None" if found is None else f"D('{found}')"

    text = re.sub(r"\$?\b[A-S]\$?[0-9]+\b", value, formula.removeprefix("="))
    text = re.sub(r"(?<![\w'.])([0-9]+)(?![\w'.])", r"D('\1')", text).replace('=""', " is None")
    rounded = lambda number, places: number.quantize(D(1).scaleb(-int(places)), ROUND_HALF_UP)
    D = Decimal
    return eval(text, {"D": D, "ROUND": rounded, "IF": lambda test, a, b: a if test else b})


def test_hot_water_by_hand(heat):
    _, values = heat
    # 5000 t × (95 − 20) K × 4.1868 kJ/(kg·K) / 1000 = 1570.05 GJ; filed 1570.00
    row = lines(values["P1 2026-05"])["热水"]
    assert row["供热量计算值（GJ）"] == 1570.05 and row["差异（GJ）"] == pytest.approx(0.05)


def test_steam_without_return_by_its_own_enthalpy(heat):
    _, values = heat
    row = lines(values["P1 2026-05"])["蒸汽"]
    # IAPWS-IF97 at 0.98 MPa and 280 °C: 3009.31 kJ/kg; 1000 × (3009.31 − 83.74) / 1000 = 2925.57 GJ
    assert row["供出焓（kJ/kg）"] == 3009.31 and row["供热量计算值（GJ）"] == 2925.57
    assert "简化" in row["说明"]


def test_formulas_give_the_values_shown(heat):
    formulas, values = heat
    live, shown = formulas["P1 2026-05"], values["P1 2026-05"]
    column = next(cell.column for cell in live[10] if cell.value == "供热量计算值（GJ）")
    checked = 0
    for row in range(11, live.max_row + 1):
        formula = live.cell(row, column).value
        if formula and formula.startswith("=ROUND"):
            assert evaluated(formula, shown) == Decimal(str(shown.cell(row, column).value))
            checked += 1
    assert checked == 4


def test_totals_of_unit_and_plant(heat):
    formulas, values = heat
    row = lines(values["P1 2026-05"])
    by_unit = [row[f"{unit} 合计"]["供热量计算值（GJ）"] for unit in ("1", "2")]
    assert by_unit[0] == pytest.approx(1570.05 + 2925.57)
    assert by_unit[1] == pytest.approx(row["首站"]["供热量计算值（GJ）"] + row["加热器"]["供热量计算值（GJ）"])
    assert row["全厂合计"]["供热量计算值（GJ）"] == pytest.approx(sum(by_unit))
    assert lines(formulas["P1 2026-05"])["1 合计"]["供热量计算值（GJ）"] == "=SUM(P11:P13)"


def test_a_delivery_that_cannot_be_computed_says_why(heat):
    _, values = heat
    row = lines(values["P1 2026-05"])["无压力"]
    assert row["供热量计算值（GJ）"] is None and row["说明"] == "未计算：供出压力未填"
    lone = both(heat_workbook(frame("heat_flow", LOOP), CONSTANTS))[1]["P1 2026-05"]
    assert "缺少回水或补水数据" in lines(lone)["首站"]["说明"]


def test_no_code_is_shown(heat):
    _, values = heat
    texts = [cell.value for row in values["P1 2026-05"].iter_rows() for cell in row if isinstance(cell.value, str)]
    assert not [text for text in texts if re.search(r"[a-z]+_[a-z]+", text)]


def day(number, coal, moisture="", heat="", stream="bituminous_coal", month="2026-05"):
    return {
        "plant_id": "P1", "unit_id": "1", "stream_id": stream, "day": f"{month}-{number:02d}",
        "fuel_consumption": coal, "moisture_ar": moisture, "net_calorific_value": heat,
    }  # fmt: skip


def test_means_are_weighted_by_coal():
    coal = frame("daily_coal", day(1, "100.00", "10.00", "20.000"), day(2, "300.00", "12.00", "22.000"))
    formulas, values = both(coal_workbook(coal))
    sheet = values["1 烟煤 2026-05"]
    # moisture (100×10 + 300×12)/400 = 11.50, not 11.00; heat (100×20 + 300×22)/400 = 21.500, not 21.000
    assert [sheet[f"D{row}"].value for row in range(4, 9)] == [400, 11.5, 21.5, 0, 0]
    assert formulas["1 烟煤 2026-05"]["D5"].value == (
        '=IFERROR(ROUND(SUM($E$12:$E$13)/SUMPRODUCT(ISNUMBER($C$12:$C$13)*1,$B$12:$B$13),2),"")'
    )
    assert [cell.value for cell in values["汇总"][5]] == ["P1", "2026-05", "1", "烟煤", 400, 11.5, 21.5]
    assert formulas["汇总"]["F5"].value == "='1 烟煤 2026-05'!$D$5"


def test_days_without_measurement_are_counted_and_not_weighted():
    coal = frame("daily_coal", day(1, "100", "10", "20"), day(2, "300", "", "22"), day(3, "0", "", ""), day(4, "", "9"))
    _, values = both(coal_workbook(coal))
    assert [values["1 烟煤 2026-05"][f"D{row}"].value for row in range(4, 9)] == [400, 10, 21.5, 1, 0]


def test_one_sheet_for_each_coal_and_month():
    rows = [day(1, "1", "1", "20", stream, month) for stream in ("bituminous_coal", "bituminous_coal#2")
            for month in ("2026-05", "2026-04")]  # fmt: skip
    names = both(coal_workbook(frame("daily_coal", *rows)))[0].sheetnames
    assert names == ["汇总", "1 烟煤 2026-04", "1 烟煤#2 2026-04", "1 烟煤 2026-05", "1 烟煤#2 2026-05"]


def test_names_that_a_workbook_does_not_take():
    rows = [day(1, "1") | {"unit_id": unit} for unit in ("一号机组[主]:" + "长" * 30, "一号机组/主?:" + "长" * 30)]
    names = both(coal_workbook(frame("daily_coal", *rows)))[0].sheetnames
    assert len(names) == 3 and all(len(name) <= 31 for name in names)


def test_same_frame_same_bytes_and_order_of_rows_is_nothing():
    coal = frame("daily_coal", day(1, "100", "10", "20"), day(2, "300", "12", "22"))
    assert coal_workbook(coal) == coal_workbook(coal.iloc[::-1])
    assert heat_workbook(DELIVERIES, CONSTANTS) == heat_workbook(DELIVERIES.iloc[::-1], CONSTANTS)


def test_nothing_to_show_is_still_a_workbook():
    assert both(coal_workbook(frame("daily_coal")))[0].sheetnames == ["无数据"]
    assert both(heat_workbook(frame("heat_flow"), CONSTANTS))[0].sheetnames == ["无数据"]


@settings(max_examples=20, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(1, 10**6), st.integers(0, 10_000)).map(lambda pair: (pair[0] / 100, pair[1] / 100)),
        min_size=1,
        max_size=20,
    )
)
def test_the_mean_lies_between_the_days(pairs):
    rows = [day(number, f"{coal:.2f}", f"{wet:.2f}") for number, (coal, wet) in enumerate(pairs, start=1)]
    mean = both(coal_workbook(frame("daily_coal", *rows)))[1]["1 烟煤 2026-05"]["D5"].value
    moistures = [wet for _, wet in pairs]
    assert min(moistures) - 0.005 <= mean <= max(moistures) + 0.005
