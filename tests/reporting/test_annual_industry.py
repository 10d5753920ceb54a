"""Annual reports of cement, aluminium and steel: figures worked by hand, and that every table of the rule set is there."""

from decimal import Decimal
from functools import partial

import pandas as pd
import pytest

from emission_factors import rule_set
from mrv.accounting.account import account
from mrv.reporting.annual_document import annual_document
from mrv.reporting.annual_items import item_words, stream_words, table_words, value_words
from mrv.reporting.annual_rows import annual_rows
from mrv.reporting.industry_items import UNITS
from schemas.vocabulary import UNIT_LABELS, unit_of
from tests.reporting.annual_plant import frame


def rows_of(
    sector: str, filed: list[tuple[str, str, str, str, str]], year: str = "2025", **more: pd.DataFrame
) -> pd.DataFrame:
    """The report of one plant and year; filed: unit, stream, month, parameter, value."""
    parameter = [
        {"plant_id": "P1", "sector": sector, "unit_id": unit, "stream_id": stream, "month": f"{year}-{month}"}
        | {"parameter": name, "value": value, "unit": unit_of(name, stream), "method": "measured"}
        for unit, stream, month, name, value in filed
    ]
    plant = frame("plant", [{"plant_id": "P1", "sector": sector, "name": "示例企业"}])
    tables = {"parameter": frame("parameter", parameter), "plant": plant, **more}
    return annual_rows(tables, account(tables), frame("finding", []), year)


def one(rows: pd.DataFrame, table: str, item: str, period: str, stream: str = "") -> str:
    found = rows[
        (rows["table"] == table) & (rows["item"] == item) & (rows["period"] == period) & (rows["stream_id"] == stream)
    ]
    assert len(found) == 1, found
    return found["reported"].iloc[0]


def steel() -> pd.DataFrame:
    days = [{"plant_id": "P1", "unit_id": "S1", "day": f"2025-01-0{day}", "co2_mass": "10.5"} for day in (1, 2)]
    filed = [
        ("ENT", "anthracite", "01", "fuel_consumption", "2317.68"),
        ("ENT", "anthracite", "01", "net_calorific_value", "25.024"),
        ("ENT", "dolomite", "01", "material_consumption", "53361.58"),
        ("ENT", "", "01", "crude_steel_output", "595279.00"),
        ("ENT", "other_carbon_material", "01", "material_consumption", "7.00"),
        ("S1", "coke", "01", "fuel_input", "100.00"),
        ("S1", "", "01", "process_product_output", "1000.00"),
        ("S1", "", "01", "process_electricity", "50.000"),
    ]
    return rows_of("steel", filed, flue_gas_daily=frame("flue_gas_daily", days))


def test_steel_month():
    rows = steel()
    # 2317.68 × 25.024 × 0.02749 × 44/12 = 5845.97; 53361.58 × 0.476 = 25400.11; 595279 × 0.037 = 22025.32
    assert one(rows, "C.3", "combustion_emission", "2025-01", "anthracite") == "5845.97"
    assert one(rows, "C.3", "material_emission", "2025-01", "dolomite") == "25400.11"
    assert one(rows, "C.3", "product_deduction", "2025-01", "crude_steel") == "22025.32"
    # 5845.97 + 25400.11 − 22025.32 = 9220.76 → 9221
    assert one(rows, "C.3", "enterprise_emission", "2025-01") == "9220.76"
    assert one(rows, "C.5", "total_emission", "2025") == "9221"
    assert set(rows["verified"]) == {""}


def test_alternatives_in_tonnes():
    rows = steel()
    mine = rows[(rows["table"] == "ALTERNATIVES") & (rows["item"] == "steel.dolomite.material_factor.guide_2013")]
    # 53361.58 × 0.471 = 25133.30 (25133.30418); 25133.30 − 25400.11 = −266.81
    assert mine.set_index("row_code")["reported"].to_dict() == {"1": "0.476", "2": "0.471", "3": "-266.81"}
    solid = rows[(rows["table"] == "ALTERNATIVES") & (rows["item"].str.startswith("steel.solid.balance"))]
    # 5845.97 × 98 % = 5729.05 → −116.92
    assert solid.set_index("row_code")["reported"].to_dict()["3"] == "-116.92"


def test_unlisted_material_is_told_and_not_counted():
    assert one(steel(), "UNLISTED", "material_consumption", "2025-01", "other_carbon_material") == "7.00"


def test_days_of_flue_gas():
    rows = steel()
    days = rows[(rows["table"] == "C.8") & (rows["item"] == "co2_mass")]
    assert days["period"].tolist() == ["2025-01-01", "2025-01-02"] and set(days["reported"]) == {"10.500"}


def test_cement_year_is_the_sum_of_its_months():
    months = [f"{number:02d}" for number in range(1, 13)]
    filed = [("K1", "", month, "clinker_output", "100000.00") for month in months]
    filed += [("K1", "carbide_slag", month, "substitute_consumption", "5000.00") for month in months]
    rows = rows_of("cement", filed)
    # 100 000 × 0.535 − 5 000 × 0.480 = 53 500 − 2 400 = 51 100.00; × 12 = 613 200
    assert one(rows, "C.3", "facility_emission", "2025-01") == "51100.00"
    assert one(rows, "C.3", "facility_emission", "2025") == "613200.00"
    assert one(rows, "C.4", "total_emission", "2025") == "613200"
    monthly = rows[(rows["table"] == "C.4") & (rows["item"] == "total_emission") & (rows["period"] != "2025")]
    assert sum(map(Decimal, monthly["reported"])) == Decimal("613200.00") and set(monthly["provisional"]) == {"no"}


def test_aluminium_month_and_the_older_factors():
    rows = rows_of(
        "aluminium",
        [("E1", "", "01", "aluminium_output", "10000.00"), ("E1", "", "01", "anode_consumption", "1000.00")],
    )
    # 1000 × (1 − 0.1518) = 848.20; × 0.976 × 44/12 = 3035.43; CF4 10000 × 0.02 × 6630 / 1000 = 1326.00; C2F6 122.10
    assert one(rows, "C.3", "anode_net_consumption", "2025-01") == "848.20"
    assert one(rows, "C.3", "anode_emission", "2025-01") == "3035.43"
    assert one(rows, "C.3", "pfc_emission", "2025-01") == "1448.10"
    older = rows[(rows["table"] == "ALTERNATIVES") & (rows["row_code"] == "3")].set_index("item")["reported"]
    # (0.034 − 0.02) × 6630 × 10 = 928.20; (0.0034 − 0.0011) × 11100 × 10 = 255.30; together 2631.60 − 1448.10
    assert older["aluminium.anode_effect.cf4_factor.older"] == "928.20"
    assert older["aluminium.anode_effect.c2f6_factor.older"] == "255.30"


def cement(year: str = "2025") -> pd.DataFrame:
    lines = [{"plant_id": "P1", "sector": "cement", "unit_id": "K1", "name": "1号窑", "process": "clinker_line"}]
    meters = [{"plant_id": "P1", "unit_id": "K1", "meter_id": "B1", "parameter": "clinker_output", "unit": "t"}]
    filed = [
        ("K1", "bituminous_coal", "01", "fuel_consumption", "10000.00"),
        ("K1", "", "01", "clinker_output", "1000.00"),
        ("K1", "carbide_slag", "01", "substitute_consumption", "5000.00"),
        ("K1", "", "01", "process_electricity", "50.000"),
        ("ENT", "diesel", "01", "fuel_consumption", "10.00"),
    ]
    return rows_of("cement", filed, year, facility=frame("facility", lines), meter=frame("meter", meters))


def aluminium(year: str = "2025") -> pd.DataFrame:
    filed = [
        ("E1", "", "01", "aluminium_output", "10000.00"),
        ("E1", "", "01", "anode_consumption", "1000.00"),
        ("E1", "", "01", "line_current", "400.000"),
        ("ENT", "natural_gas", "01", "fuel_consumption", "10.00"),
        ("ENT", "sodium_carbonate", "01", "material_consumption", "10.00"),
    ]
    return rows_of("aluminium", filed, year)


@pytest.mark.parametrize("make", [steel, cement, aluminium])
def test_every_item_stream_and_unit_has_a_name_in_both_languages(make):
    rows = make()
    sector = rows["sector"].iloc[0]
    own_names = rows["table"].isin(["FACTORS", "PENDING"]) & ~rows["item"].str.startswith(("blocking", "decimals"))
    for table, item in rows.loc[~own_names, ["table", "item"]].drop_duplicates().itertuples(index=False, name=None):
        zh, en = item_words(table, item, sector)
        assert zh != item and en != item and "_" not in zh + en, (table, item)
    for stream in set(rows.loc[rows["table"] != "C.7", "stream_id"]) - {""}:  # a meter is its own name
        zh, en = stream_words(stream)
        assert zh != stream and en != stream, stream
    assert set(rows["unit"]) <= {"", *UNIT_LABELS, *UNITS}
    assert set(rows["table"]) <= set(table_words(sector, "2025"))


def test_codes_of_the_register_are_told_in_words():
    assert value_words("C.2", "process", "clinker_line") == ("熟料生产线", "Clinker line")
    assert value_words("C.2", "materials", "limestone; coke#2") == ("石灰石、焦炭#2", "Limestone, Coke#2")
    assert value_words("C.7", "parameter", "clinker_output") == ("熟料产量", "Clinker output")
    assert value_words("C.7", "unit", "1e4Nm3") == ("10⁴Nm³", "10⁴Nm³")
    assert item_words("C.5", "total_emission", "steel")[0] == "企业二氧化碳排放总量"
    assert item_words("C.5", "total_emission")[0] == "全部机组二氧化碳排放总量"


@pytest.mark.parametrize("make", [steel, cement, aluminium])
def test_document_has_the_rows_in_the_order_of_the_form(make):
    rows = make()
    document = annual_document(rows.sample(frac=1, random_state=1))
    codes = {table["code"]: [row["row_code"] for row in table["rows"]] for table in document["tables"]}
    written = rows[rows["table"].isin([code for code in codes if code.startswith("C.")])]
    for (table, unit), mine in written.groupby(["table", "unit_id"]):
        shown = [row for one in document["tables"] if one["code"] == table for row in one["rows"]]
        blocks = [row["row_code"].partition(".")[0] for row in shown if (row["unit_id"] or "") == unit]
        if all("." in code for code in mine["row_code"]):
            assert blocks == sorted(blocks), table
    assert sum(len(row["values"]) for table in document["tables"] for row in table["rows"]) == len(rows)
    assert document["report"]["rule_set"] == f"{rows['sector'].iloc[0]}-2024"


def test_order_of_a_block_is_stream_by_stream():
    table = next(one for one in annual_document(steel())["tables"] if one["code"] == "C.3")
    assert [(row["stream_id"], row["row_code"]) for row in table["rows"]] == [
        ("anthracite", "A.01"),
        ("anthracite", "A.02"),
        ("anthracite", "A.03"),
        ("anthracite", "A.90"),
        ("dolomite", "B.01"),
        ("dolomite", "B.02"),
        ("dolomite", "B.90"),
        ("crude_steel", "C.01"),
        ("crude_steel", "C.02"),
        ("crude_steel", "C.90"),
        (None, "T.01"),
        (None, "T.02"),
        (None, "T.03"),
        (None, "T.10"),
        (None, "T.80"),
        (None, "T.90"),
    ]


@pytest.mark.parametrize(
    ("sector", "year", "rules", "make"),
    [
        ("steel", "2025", "steel-2024", steel),
        ("cement", "2025", "cement-2024", cement),
        ("cement", "2023", "cement-2013", partial(cement, "2023")),
        ("aluminium", "2025", "aluminium-2024", aluminium),
        ("aluminium", "2023", "aluminium-2013", partial(aluminium, "2023")),
    ],
)
def test_every_table_of_the_rule_set_is_there(sector, year, rules, make):
    used = rule_set(sector, f"{year}-12")
    assert used.id == rules
    tables = list(dict.fromkeys(make()["table"]))
    expected = [table.code for table in used.report_tables]
    assert tables[: len(expected)] == expected and {"FACTORS", "PENDING"} <= set(tables)


def test_factors_lists_every_row_behind_the_numbers():
    rows = steel()
    mine = rows[rows["table"] == "FACTORS"].set_index("item")
    assert set(mine.index) == {
        "steel.anthracite.carbon_per_heat",
        "steel.coke.carbon_per_heat",
        "steel.coke.net_calorific_value",
        "steel.crude_steel.carbon_product_factor",
        "steel.dolomite.material_factor",
        "constant.co2_per_carbon_numerator",
        "constant.co2_per_carbon_denominator",
        "allocation.intensity_slope.2025-2026",
        "allocation.intensity_band.2025-2026",
        "allocation.intensity_cap.2025-2026",
    }
    assert mine.loc["steel.dolomite.material_factor", "provisional"] == "no"
    assert mine.loc["allocation.intensity_band.2025-2026", "provisional"] == "yes"
