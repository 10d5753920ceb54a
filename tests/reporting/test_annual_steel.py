"""The annual report of a steel works: a real month line by line, processes and co-firing, allowances, findings, two sectors."""

import io
from functools import cache

import openpyxl
import pandas as pd

from mrv.accounting.account import account
from mrv.reporting.annual_rows import annual_rows
from mrv.reporting.annual_workbook import annual_workbook
from tests.accounting import steel_month
from tests.accounting.filing import row
from tests.reporting.annual_plant import frame

JANUARY, FEBRUARY = "2025-01", "2025-02"
SINTERING = {
    "unit_id": "S1",
    "name": "1号烧结机",
    "process": "sintering",
    "fuels": "coke",
    "flue_gas_monitoring": "yes",
}
COFIRING = {"unit_id": "CF1", "name": "煤气发电1号", "process": "cofiring_power"}
METER = {"unit_id": "ENT", "meter_id": "SC-101", "parameter": "fuel_consumption", "stream_id": "coke", "unit": "t"}


def processes(month: str, gas: str) -> list[dict[str, str]]:
    """A sintering plant, and a power unit that burns own blast-furnace gas with purchased coal."""
    return [
        row("steel", "S1", "coke", "fuel_input", "100.00", month),
        row("steel", "S1", "coke_oven_gas", "fuel_output", "10.00", month),
        row("steel", "S1", "", "process_product_output", "1000.00", month),
        row("steel", "CF1", "blast_furnace_gas", "fuel_consumption", gas, month, origin="own"),
        row("steel", "CF1", "bituminous_coal", "fuel_consumption", "100.00", month, origin="purchased"),
        row("steel", "CF1", "", "power_generation", "50000.000", month),
        row("steel", "CF1", "", "heat_supplied", "400.00", month),
    ]


def report(rows: list[dict[str, str]], findings: list[dict[str, str]] | None = None) -> pd.DataFrame:
    common = {"plant_id": "P1", "sector": "steel"}
    days = [common | {"unit_id": "S1", "day": f"2025-01-{day:02d}", "co2_mass": "10.5", "load": "98"} for day in (2, 1)]
    tables = {
        "parameter": pd.DataFrame(rows, dtype="str"),
        "facility": frame("facility", [common | SINTERING, common | COFIRING]),
        "plant": frame("plant", [common | {"name": "示例钢铁有限公司"}]),
        "meter": frame("meter", [common | METER | {"reading_kind": "interval", "specified_accuracy": "0.5"}]),
        "flue_gas_daily": frame("flue_gas_daily", days),
    }
    return annual_rows(tables, account(tables), frame("finding", findings or []), "2025")


@cache
def plain() -> pd.DataFrame:
    return report(steel_month.rows(JANUARY))


@cache
def full() -> pd.DataFrame:
    return report([*steel_month.rows(JANUARY), *processes(JANUARY, "1000.00"), *processes(FEBRUARY, "500.00")])


def cell(
    rows: pd.DataFrame, table: str, item: str, period: str, unit: str = "", stream: str = "", column: str = "reported"
) -> str:
    here = (rows["table"] == table) & (rows["item"] == item) & (rows["period"] == period)
    found = rows[here & (rows["unit_id"] == unit) & (rows["stream_id"] == stream)]
    assert len(found) == 1, found
    return str(found[column].iloc[0])


def test_real_month_line_by_line():
    rows = plain()
    for lines, item in ((steel_month.FUELS, "combustion_emission"), (steel_month.MATERIALS, "material_emission")):
        for stream, (_, tonnes) in lines.items():
            assert cell(rows, "C.3", item, JANUARY, "ENT", stream) == tonnes
    for stream, (_, tonnes) in steel_month.PRODUCTS.items():  # deducted: shown as positive numbers
        assert cell(rows, "C.3", "product_deduction", JANUARY, "ENT", stream) == tonnes.removeprefix("-")
    assert cell(rows, "C.3", "fuel_total", JANUARY) == steel_month.TOTALS["combustion"]
    assert cell(rows, "C.3", "material_total", JANUARY) == steel_month.TOTALS["process"]
    assert cell(rows, "C.3", "product_total", JANUARY) == steel_month.TOTALS["product"].removeprefix("-")
    assert cell(rows, "C.3", "enterprise_emission", JANUARY) == steel_month.ENTERPRISE
    # 1 214 057.49 / 595 279.00 = 2.03947…; half up to whole tonnes 1 214 057
    assert cell(rows, "C.3", "emission_intensity", JANUARY) == steel_month.INTENSITY == "2.0395"
    assert cell(rows, "C.5", "total_emission", JANUARY) == cell(rows, "C.5", "total_emission", "2025") == "1214057"
    assert "未作分解" in cell(rows, "C.5", "process_sum", "2025", column="reason")


def test_cofiring_and_the_share_of_own_secondary_energy():
    rows = full()
    # 1000 × 33.000 × 0.0708 × 99 % × 44/12 = 8481.13; 100 × 23.736 × 0.02618 × 99 % × 44/12 = 225.57
    assert cell(rows, "C.4", "combustion_emission", JANUARY, "CF1", "blast_furnace_gas") == "8481.13"
    assert cell(rows, "C.4", "combustion_emission", JANUARY, "CF1", "bituminous_coal") == "225.57"
    assert cell(rows, "C.4", "facility_emission", JANUARY, "CF1") == "8706.70"
    # 33 000 / (33 000 + 2373.6) = 93.29 %; 16 500 / 18 873.6 = 87.42 %; the year 49 500 / (49 500 + 4747.2) = 91.25 %
    shares = [cell(rows, "C.4", "secondary_energy_share", period, "CF1") for period in (JANUARY, FEBRUARY, "2025")]
    assert shares == ["93.29", "87.42", "91.25"]
    assert cell(rows, "C.4", "power_generation", "2025", "CF1") == "100000.000"


def test_process_and_the_parts_of_the_enterprise():
    rows = full()
    # 100 × 28.435 × 0.02942 × 44/12 = 306.74; 10 × 173.854 × 0.0121 × 44/12 = 77.13; 306.74 − 77.13 = 229.61
    assert cell(rows, "C.4", "input_emission", JANUARY, "S1", "coke") == "306.74"
    assert cell(rows, "C.4", "output_deduction", JANUARY, "S1", "coke_oven_gas") == "77.13"
    assert cell(rows, "C.4", "facility_emission", JANUARY, "S1") == "229.61"
    assert cell(rows, "C.4", "emission_intensity", JANUARY, "S1") == "0.2296"
    # 1 214 057.49 − 229.61 − 8706.70 = 1 205 121.18. Rounded: 230 + 8707 + 1 205 121 = 1 214 058, one more than 1 214 057.
    parts = [cell(rows, "C.5", item, JANUARY) for item in ("process_sum", "cofiring_sum", "other_emission")]
    assert parts == ["230", "8707", "1205121"] and cell(rows, "C.5", "total_emission", JANUARY) == "1214057"
    told = cell(rows, "C.5", "other_emission", JANUARY, column="reason")
    assert "相差+1吨" in told and "differ from the enterprise by +1 t" in told


def test_allowance_is_a_range_until_the_balance_value_is_published():
    rows = plain()
    # 1 214 057.49 × (1 ∓ 3 %) = 1 177 635.77 and 1 250 479.21, whole tonnes rounded down
    for unit in ("ENT", ""):
        assert cell(rows, "ALLOCATION", "allowance_low", "2025", unit) == "1177635"
        assert cell(rows, "ALLOCATION", "allowance_high", "2025", unit) == "1250479"
        for item in ("allowance", "gap"):
            assert cell(rows, "ALLOCATION", item, "2025", unit) == ""
            assert "平衡值未公布" in cell(rows, "ALLOCATION", item, "2025", unit, column="reason")
    assert cell(rows, "ALLOCATION", "allowance_certainty", "2025", "ENT") == "uncertain"


def finding(sector: str, severity: str, impact: str) -> dict[str, str]:
    found = {"id": f"{sector}{severity}".ljust(64, "0"), "rule": "STL-04", "severity": severity, "class": "calculation"}
    found |= {"plant_id": "P1", "sector": sector, "unit_id": "ENT", "stream_id": "dolomite", "period": JANUARY}
    return found | {"message_zh": "因子不符", "message_en": "factor differs", "impact_tco2e": impact}


def test_pending_counts_the_blocking_findings_of_the_sector():
    findings = [
        finding("steel", "blocks", "12.50"),
        finding("steel", "note", "3.00"),
        finding("power", "blocks", "7.00"),
    ]
    rows = report(steel_month.rows(JANUARY), findings)
    assert cell(rows, "PENDING", "blocking_findings", "2025") == "1"
    assert cell(rows, "PENDING", "blocking_impact", JANUARY) == "12.50"
    listed = rows[(rows["table"] == "PENDING") & (rows["row_code"] == "STL-04")]
    assert listed["stream_id"].tolist() == ["dolomite"] and "因子不符" in listed["reason"].iloc[0]


def test_power_and_steel_of_one_plant_are_two_reports():
    power = [
        row("power", "U1", "bituminous_coal", "fuel_consumption", "1000.00", JANUARY),
        row("power", "U1", "", "power_generation", "3000.000", JANUARY),
    ]
    rows = report([*power, *steel_month.rows(JANUARY)], [finding("power", "blocks", "7.00")])
    assert list(dict.fromkeys(rows["sector"])) == ["power", "steel"]
    steel = rows[rows["sector"] == "steel"].reset_index(drop=True)
    assert cell(steel, "C.5", "total_emission", "2025") == "1214057" and "U1" not in set(steel["unit_id"])
    assert cell(steel, "PENDING", "blocking_findings", "2025") == "0"
    other = rows[rows["sector"] == "power"]
    assert cell(other, "PENDING", "blocking_findings", "2025") == "1"
    assert set(other.loc[other["table"] != "PENDING", "unit_id"]) == {"", "U1"}


def texts(sheet) -> list[list[object]]:
    return [[one.value for one in line] for line in sheet.iter_rows()]


def test_workbook_speaks_of_processes_and_the_enterprise():
    book = openpyxl.load_workbook(io.BytesIO(annual_workbook(full(), "2025", "P1", "zh")))
    cover = [value for line in texts(book["封面"]) for value in line if value is not None]
    assert "钢铁行业" in cover and "发电设施" not in cover
    # January alone counts for the enterprise: 2025 is what was filed of it.
    assert 1214057 in cover and "示例钢铁有限公司" in cover
    bands = [line[0] for line in texts(book["表C.4 工序与掺烧发电设施数据"]) if line[0]]
    assert any(str(text).startswith("烧结 S1　1号烧结机") for text in bands)
    everything = [str(value) for sheet in book for line in texts(sheet) for value in line if value is not None]
    assert not any("机组" in text for text in everything)
    titles = [book["表C.2 主要工序设施信息"].cell(row, 1).value for row in range(4, 14)]
    assert str(titles[4]).startswith("核定产能")


def test_sheets_of_meters_days_and_other_values():
    book = openpyxl.load_workbook(io.BytesIO(annual_workbook(full(), "2025", "P1", "zh")))
    meters = texts(book["表C.7 计量器具与人员培训"])
    assert meters[3][:5] == ["企业层级", "SC-101", "消耗量", "时段用量", "t"] and meters[3][5] == 0.5
    english = openpyxl.load_workbook(io.BytesIO(annual_workbook(full(), "2025", "P1", "en")))
    assert "Specified accuracy %\n规定准确度 %" in texts(english["C.7 Meters and training"])[2]
    days = texts(book["表C.8 烟气二氧化碳自动监测日均值"])
    assert days[3][0] == "烧结 S1" and [line[:3] for line in days[4:6]] == [
        ["2025-01-01", 10.5, 98],
        ["2025-01-02", 10.5, 98],
    ]
    other = texts(book["文件不一致的因子与差异"])
    # Dolomite by the guide of 2013: 53 361.58 × 0.471 = 25 133.30; 25 133.30 − 25 400.11 = −266.81
    (dolomite,) = [line for line in other if str(line[0]).startswith("白云石") and line[5] == 0.471]
    assert (dolomite[3], dolomite[7]) == (0.476, -266.81) and "2013年指南" in str(dolomite[1])
    allowances = {str(line[0]).split("  ")[0]: line for line in texts(book["配额测算"])[3:]}
    assert allowances["配额测算值"][2] == "未公布" and allowances["配额测算值下限"][2] == 1177635
