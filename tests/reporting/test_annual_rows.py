"""The annual report against numbers worked by hand (see `annual_plant`)."""

from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mrv.accounting.account import account
from mrv.accounting.decimals import round_half_up
from mrv.reporting.annual_rows import annual_rows
from mrv.reporting.annual_words import both, half, said
from schemas import TABLES
from schemas.validation import validate
from tests.reporting.annual_plant import COAL, DIESEL, PLANT, filed, frame, report, standard, tables

U1, U2 = ("U1", ""), ("U2", "")
U1_COAL, U1_DIESEL, U2_COAL = ("U1", COAL), ("U1", DIESEL), ("U2", COAL)


def cells(
    rows: pd.DataFrame, table: str, item: str, line: tuple[str, str] = ("", ""), column: str = "reported"
) -> dict[str, str]:
    """A column of one row of the report by period, months as `01` … `12` and the year as `year`."""
    mine = rows[(rows["table"] == table) & (rows["item"] == item)]
    mine = mine[(mine["unit_id"] == line[0]) & (mine["stream_id"] == line[1])]
    assert len(mine), (table, item, line)
    return {period[5:] or "year": text for period, text in zip(mine["period"], mine[column], strict=True)}


def picked(found: dict[str, str], *periods: str) -> list[str]:
    return [found[period] for period in periods]


def test_tables_follow_the_rule_set_of_the_year():
    before = standard("2025")
    after = standard("2026")
    own = ["ALLOCATION", "FACTORS", "PENDING"]
    assert list(before["table"].unique()) == ["C.1", "C.2", "C.3", "C.4", "C.5", "C.6", "C.7", *own]
    assert list(after["table"].unique()) == ["C.1", "C.2", "C.3", "C.4", "C.5", "C.6", *own]
    assert set(before[before["table"] == "C.4"]["item"]) == {
        "purchased_electricity",
        "grid_factor",
        "electricity_emission",
    }
    assert "purchased_electricity" in set(after[after["table"] == "C.6"]["item"])


def test_canonical_and_every_key_once():
    for year in ("2025", "2026"):
        rows = standard(year)
        assert list(rows.columns) == TABLES["annual_report"].names
        assert validate("annual_report", rows).empty
        assert set(rows["verified"]) == {""}


def test_combustion_of_a_measured_coal():
    rows = standard()
    assert picked(cells(rows, "C.3", "fuel_consumption", U1_COAL), "01", "02", "year") == [
        "10000.00",
        "30000.00",
        "40000.00",
    ]
    # C5 of the reference: weighted 21.500 = (10000 × 20 + 30000 × 22) / 40000, not 21.000; 0.5500, not 0.5400
    assert picked(cells(rows, "C.3", "net_calorific_value", U1_COAL), "01", "02", "year") == [
        "20.000",
        "22.000",
        "21.500",
    ]
    assert picked(cells(rows, "C.3", "carbon_content_ar", U1_COAL), "01", "02", "year") == [
        "0.5200",
        "0.5600",
        "0.5500",
    ]
    assert picked(cells(rows, "C.3", "oxidation_rate", U1_COAL), "01", "year") == ["99.00", "99.00"]
    assert picked(cells(rows, "C.3", "combustion_emission", U1_COAL), "01", "02", "year") == [
        "18876.00",
        "60984.00",
        "79860.00",
    ]
    assert cells(rows, "C.3", "carbon_per_heat", U1_COAL)["01"] == ""
    assert cells(rows, "C.3", "carbon_content_ar", U1_COAL, "method")["01"] == "measured"
    assert picked(cells(rows, "C.3", "unit_combustion_emission", U1), "01", "02", "year") == [
        "18906.96",
        "60984.00",
        "79890.96",
    ]


def test_default_values_are_named_where_they_stand():
    rows = standard()
    assert picked(cells(rows, "C.3", "carbon_content_ar", U1_DIESEL), "01", "02", "year") == ["0.8616", "", "0.8616"]
    assert cells(rows, "C.3", "combustion_emission", U1_DIESEL)["01"] == "30.96"
    assert (
        cells(rows, "C.3", "fuel_consumption", U1_DIESEL, "reason")["02"]
        == "本月未填报该燃料 | fuel not filed this month"
    )
    assert picked(cells(rows, "C.3", "net_calorific_value", U2_COAL), "02", "year") == ["26.700", "26.700"]
    assert cells(rows, "C.3", "carbon_per_heat", U2_COAL)["02"] == "0.03085"
    assert cells(rows, "C.3", "carbon_per_heat", U2_COAL, "method")["02"] == "default"
    reason = cells(rows, "C.3", "carbon_per_heat", U2_COAL, "reason")["02"]
    assert "power.coal_carbon_per_heat.conventional.2022" in reason and "缺省值" in reason and "not measured" in reason
    assert "power.coal_net_calorific_value.2023" in cells(rows, "C.3", "net_calorific_value", U2_COAL, "reason")["02"]
    assert cells(rows, "C.3", "combustion_emission", U2_COAL)["02"] == "2990.03"


def test_a_rate_the_rules_do_not_take_says_what_was_deposited():
    changed = [(*row[:4], "97" if row[3] == "oxidation_rate" else row[4], row[5]) for row in filed()]
    rows, _, _ = report(rows=changed)
    assert cells(rows, "C.3", "oxidation_rate", U1_COAL)["01"] == "99.00"
    assert "存证值为97" in cells(rows, "C.3", "oxidation_rate", U1_COAL, "reason")["01"]
    changed = [(*row[:4], "45.00" if row[3:5] == ("load_factor", "44.44") else row[4], row[5]) for row in filed()]
    rows, _, _ = report(rows=changed)
    assert cells(rows, "C.5", "load_factor", U1)["01"] == "44.44"
    assert "存证值为45.00" in cells(rows, "C.5", "load_factor", U1, "reason")["01"]


def test_months_that_are_not_there():
    rows = standard()
    reasons = cells(rows, "C.5", "unit_emission", U1, "reason")
    assert reasons["01"] == reasons["02"] == ""
    assert {reasons[f"{month:02d}"] for month in range(3, 13)} == {"未存证 | not deposited"}
    assert reasons["year"] == "缺10个月存证，合计不完整 | 10 months not deposited, the year is incomplete"
    assert cells(rows, "C.5", "unit_emission", U1, "provisional")["year"] == "yes"
    # U2 went into service in February: January is not missing.
    assert cells(rows, "C.5", "unit_emission", U2, "reason")["01"] == "机组尚未投运 | unit not commissioned yet"
    assert "缺10个月" in cells(rows, "C.5", "unit_emission", U2, "reason")["year"]


def test_purchased_electricity_of_2025():
    rows = standard()
    assert picked(cells(rows, "C.4", "purchased_electricity", U1), "01", "02", "year") == [
        "100.000",
        "0.000",
        "100.000",
    ]
    assert picked(cells(rows, "C.4", "grid_factor", U1), "01", "year") == ["0.5306", "0.5306"]
    assert picked(cells(rows, "C.4", "electricity_emission", U1), "01", "02", "year") == ["53.06", "0.00", "53.06"]
    assert cells(rows, "C.4", "electricity_emission", U2)["02"] == "5.31"
    # 18 906.96 + 53.06 = 18 960.02; 60 984.00 + 0.00; 2 990.03 + 5.31 = 2 995.34
    assert picked(cells(rows, "C.5", "unit_emission", U1), "01", "02", "year") == ["18960.02", "60984.00", "79944.02"]
    assert cells(rows, "C.5", "unit_emission", U2)["year"] == "2995.34"
    # 79 944.02 + 2 995.34 = 82 939.36, in the summary a whole number
    assert picked(cells(rows, "C.5", "total_emission"), "01", "02", "year") == ["18960.02", "63979.34", "82939"]


def test_2026_counts_combustion_alone_and_marks_an_unknown_oxidation_rate():
    rows = standard("2026")
    # U2 filed no rate and no database was imported: 1 000.00 × 0.8237 × 1.00 × 44/12 = 3 020.2333… → 3 020.23
    assert cells(rows, "C.3", "oxidation_rate", U2_COAL)["02"] == "100.00"
    assert cells(rows, "C.3", "oxidation_rate", U2_COAL, "provisional")["02"] == "yes"
    assert "上限100%" in cells(rows, "C.3", "oxidation_rate", U2_COAL, "reason")["02"]
    assert cells(rows, "C.3", "combustion_emission", U2_COAL)["02"] == "3020.23"
    assert cells(rows, "C.4", "unit_emission", U2, "provisional")["02"] == "yes"
    assert cells(rows, "C.4", "unit_emission", U1, "provisional")["02"] == "no"
    assert cells(rows, "C.4", "unit_emission", U1)["year"] == "79890.96"
    # 79 890.96 + 3 020.23 = 82 911.19
    assert cells(rows, "C.4", "total_emission")["year"] == "82911"
    assert cells(rows, "C.4", "total_emission", column="provisional")["02"] == "yes"
    assert cells(rows, "C.6", "purchased_electricity", U1)["year"] == "100.000"


def test_hours_load_and_row_letters():
    rows = standard()
    assert picked(cells(rows, "C.5", "power_generation", U1), "01", "year") == ["20000.000", "80000.000"]
    assert picked(cells(rows, "C.5", "run_hours", U1), "01", "year") == ["150.00", "400.00"]
    # 20 000 / (300 × 150) = 44.44 %; year 80 000 / (300 × 400) = 66.67 %
    assert picked(cells(rows, "C.5", "load_factor", U1), "01", "02", "year") == ["44.44", "80.00", "66.67"]
    assert picked(cells(rows, "C.5", "heat_supplied", U1), "year") == ["12000.00"]
    assert cells(rows, "C.5", "heat_supplied", U2, "reason")["02"] == ""  # a condensing unit owes no heat
    letters = rows[rows["unit_id"] == "U1"].drop_duplicates(["table", "item"]).set_index(["table", "item"])["row_code"]
    assert letters["C.4", "purchased_electricity"] == "M" and letters["C.5", "power_generation"] == "P"
    assert letters["C.5", "unit_emission"] == "T"
    later = standard("2026")
    letters = (
        later[later["unit_id"] == "U1"].drop_duplicates(["table", "item"]).set_index(["table", "item"])["row_code"]
    )
    assert letters["C.4", "power_generation"] == "M" and letters["C.4", "unit_emission"] == "Q"


def test_merged_units_report_as_their_group():
    # C10 of the reference: (700 × 300 + 650 × 350) / 650 = 673.08 h; 320 000 / 437 500 = 73.14 %
    units = [
        {"unit_id": "M1", "merged_with": "G1", "capacity": "300", "product_class": "condensing"},
        {"unit_id": "M2", "merged_with": "G1", "capacity": "350", "product_class": "condensing"},
    ]
    values = [
        ("G1", COAL, "01", "fuel_consumption", "1000.00", {}),
        ("G1", COAL, "01", "net_calorific_value", "20.000", {}),
        ("G1", COAL, "01", "carbon_content_ar", "0.5200", {}),
    ]
    for unit, power, hours, bought in (("M1", "150000", "700", "1"), ("M2", "170000", "650", "2")):
        values += [("" or unit, "", "01", "power_generation", power, {}), (unit, "", "01", "run_hours", hours, {})]
        values += [(unit, "", "01", "purchased_electricity", bought, {})]
    rows, _, _ = report(rows=values, units=units)
    group = ("G1", "")
    assert cells(rows, "C.5", "power_generation", group)["01"] == "320000.000"
    assert cells(rows, "C.5", "run_hours", group)["01"] == "673.08"
    assert cells(rows, "C.5", "load_factor", group)["01"] == "73.14"
    assert cells(rows, "C.4", "purchased_electricity", group)["01"] == "3.000"
    # 1 000 × 0.52 × 0.99 × 44/12 = 1 887.60; 1 × 0.5306 → 0.53; 2 × 0.5306 → 1.06
    assert cells(rows, "C.5", "unit_emission", group)["01"] == "1889.19"
    assert set(rows[rows["table"] == "C.5"]["unit_id"]) == {"G1", ""}
    assert set(rows[rows["table"] == "C.2"]["unit_id"]) == {"M1", "M2"}


def test_who_tested():
    rows = standard()
    assert cells(rows, "C.6", "carbon_content_ar", U1_COAL)["01"] == "commissioned"
    assert cells(rows, "C.6", "net_calorific_value", U1_COAL)["01"] == "own"
    assert cells(rows, "C.6", "carbon_content_ar", U2_COAL)["02"] == "not_measured"
    assert cells(rows, "C.6", "net_calorific_value", U2_COAL)["02"] == "not_measured"
    assert cells(rows, "C.6", "carbon_content_ar", U1_COAL)["03"] == ""
    assert cells(rows, "C.6", "carbon_content_ar", U1_COAL, "reason")["03"] == "未存证 | not deposited"


def test_auxiliary_items_of_the_year():
    rows = standard()
    # weighted by fuel heat: (200 426.52 × 10 + 660 000 × 20) / 860 426.52 = 17.6706…
    assert picked(cells(rows, "C.7", "heat_supply_ratio", U1), "01", "02", "year") == ["10.00", "20.00", "17.67"]
    # (200 426.52 × 0.9 + 660 000 × 0.8) / 29.3076 / 80 000 = 708 383.868 / 2 344 608 = 0.30213…
    assert cells(rows, "C.7", "generation_coal_rate", U1)["year"] == "0.302"


def test_sources_name_documents_and_evidence():
    rows = standard()
    found = cells(rows, "C.3", "fuel_consumption", U1_COAL, "source_document")
    assert picked(found, "01", "02", "year") == ["入炉煤台账; coal-01.pdf", "入炉煤台账", ""]


def test_allowances_carry_the_state_of_the_plan():
    rows = standard()
    position = {
        item: cells(rows, "ALLOCATION", item, U1)["year"]
        for item in rows[(rows["table"] == "ALLOCATION") & (rows["unit_id"] == "U1")]["item"]
    }
    assert position["allowance_certainty"] == "draft"
    assert position["allocation_class"] == "conventional_coal_300_and_below"
    # 80 000 × 0.8017 = 64 136; 12 000 × 0.1027 = 1 232.4 → 1 232; 79 890.96 − 65 368 = 14 522.96, of 79 890.96 18.18 %
    assert position["allowance_electricity"] == "64136" and position["allowance_heat"] == "1232"
    assert position["allowance"] == "65368" and position["gap"] == "14522.96" and position["gap_rate"] == "18.18"
    assert position["tco2_surrender"] == "79890.96"  # without the purchased electricity
    assert cells(rows, "ALLOCATION", "allowance", U1, "provisional")["year"] == "yes"
    assert "power_supplied" not in position
    earlier = standard("2024")
    assert cells(earlier, "ALLOCATION", "allowance_certainty", U1)["year"] == "official"


def test_every_factor_row_is_listed_and_uncertain_ones_are_marked():
    rows, _, accounts = report()
    listed = rows[rows["table"] == "FACTORS"].set_index("item")
    used = {
        row for text in [*accounts.lines["factors"], *accounts.unit_years["allowance_factors"]] for row in text.split()
    }
    assert used and used <= set(listed.index)
    assert listed.loc["grid.report.national.2025", "method"] == "uncertain"
    assert listed.loc["benchmark.heat_coal.2025", "method"] == "draft"
    assert listed.loc["constant.co2_per_carbon_numerator", "provisional"] == "no"
    assert listed.loc["decimals.carbon_content_ar", "provisional"] == "yes"
    unsure = listed["method"].isin(["uncertain", "draft"])
    assert (listed["provisional"] == "yes").equals(unsure)


def test_what_blocks_is_counted_and_listed():
    base = {"severity": "blocks", "class": "calculation", "plant_id": PLANT, "unit_id": "U1"}
    base |= {"message_zh": "错了", "message_en": "wrong"}
    found = [
        base | {"id": "a" * 64, "rule": "CAL-01", "period": "2025-01", "impact_tco2e": "12.50"},
        base | {"id": "b" * 64, "rule": "CAL-01", "period": "2025-01", "impact_tco2e": "-2.50"},
        base | {"id": "c" * 64, "rule": "CMP-02", "period": "", "impact_tco2e": ""},
        base | {"id": "d" * 64, "rule": "PHY-01", "period": "2025-02", "severity": "note"},
        base | {"id": "e" * 64, "rule": "CAL-01", "period": "2024-12"},
    ]
    rows, _, _ = report(findings=found)
    assert picked(cells(rows, "PENDING", "blocking_findings"), "01", "02", "year") == ["2", "0", "3"]
    assert picked(cells(rows, "PENDING", "blocking_impact"), "01", "02", "year") == ["10.00", "", "10.00"]
    listed = rows[(rows["table"] == "PENDING") & (rows["unit_id"] == "U1")]
    assert list(listed["item"].str[0]) == ["a", "b", "c"]
    assert list(listed["reason"]) == ["错了 | wrong"] * 3
    assert list(listed["period"]) == ["2025-01", "2025-01", "2025"]


def test_more_decimals_than_the_report_shows_are_told():
    changed = [(*row[:4], "10000.004" if row[4] == "10000.00" else row[4], row[5]) for row in filed()]
    rows, _, _ = report(rows=changed)
    assert cells(rows, "C.3", "fuel_consumption", U1_COAL)["01"] == "10000.00"
    assert "存证值为10000.004" in cells(rows, "C.3", "fuel_consumption", U1_COAL, "reason")["01"]


def test_biomass_rows_stand_where_biomass_is_fired():
    values = [*filed(), ("U1", "biomass", "01", "fuel_consumption", "5.00", {})]
    # boiler heat 300 000, efficiency 90 %: 333 333.33; (333 333.33 − 200 426.52) / 333 333.33 = 39.87 %
    values += [("U1", "", "01", "boiler_heat", "300000.00", {}), ("U1", "", "01", "boiler_efficiency", "90.00", {})]
    rows, _, _ = report(rows=values)
    assert cells(rows, "C.3", "biomass_name", U1)["01"] == "biomass"
    assert cells(rows, "C.3", "fossil_heat", U1)["01"] == "200426.52"
    assert picked(cells(rows, "C.3", "biomass_heat_share", U1), "01") == ["39.87"]
    assert rows[(rows["item"] == "biomass_heat_share") & (rows["unit_id"] == "U2")].empty
    assert cells(rows, "C.3", "unit_combustion_emission", U1)["01"] == "18906.96"  # biogenic CO2 is not counted


def test_register_lines_that_are_unknown_stand_blank():
    rows, made, _ = report()
    assert cells(rows, "C.1", "name")["year"] == "示例发电有限公司"
    assert cells(rows, "C.1", "postcode", column="reason")["year"].startswith("未登记，待补充")
    bare = annual_rows(
        {"parameter": made["parameter"]}, account({"parameter": made["parameter"]}), frame("finding", []), "2025"
    )
    assert validate("annual_report", bare).empty
    assert set(bare[bare["table"] == "C.2"]["reason"]) <= {"", "机组未登记 | unit not registered"}
    assert cells(bare, "C.5", "unit_emission", U1)["01"] == "18960.02"


def test_no_report_without_data_or_rules():
    made = tables()
    accounts = account(made)
    assert annual_rows(made, accounts, frame("finding", []), "2024").empty
    assert annual_rows(made, accounts, frame("finding", []), "2015").empty


def test_the_order_of_the_input_does_not_matter():
    made = tables()
    turned = {name: table.iloc[::-1].reset_index(drop=True) for name, table in made.items()}
    none = frame("finding", [])
    pd.testing.assert_frame_equal(
        annual_rows(made, account(made), none, "2025"), annual_rows(turned, account(turned), none, "2025")
    )


def test_plants_of_a_batch_do_not_meet():
    made = tables()
    other = {name: table.assign(plant_id="P000") for name, table in made.items()}
    batch = {name: pd.concat([table, other[name]], ignore_index=True) for name, table in made.items()}
    none = frame("finding", [])
    together = annual_rows(batch, account(batch), none, "2025")
    alone = annual_rows(made, account(made), none, "2025")
    mine = together[together["plant_id"] == PLANT].reset_index(drop=True)
    pd.testing.assert_frame_equal(mine, alone)
    assert list(together["plant_id"].drop_duplicates()) == ["P000", PLANT]


@settings(max_examples=12, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["U1", "U2", "U3"]),
            st.sampled_from([COAL, DIESEL, "natural_gas"]),
            st.integers(1, 12),
            st.integers(0, 99_999_999),
        ),
        min_size=1,
        max_size=30,
        unique_by=lambda row: row[:3],
    )
)
def test_units_add_up_to_the_plant_and_months_to_the_year(drawn):
    values = [
        (unit, stream, f"{month:02d}", "fuel_consumption", f"{Decimal(cents) / 100:f}", {})
        for unit, stream, month, cents in drawn
    ]
    rows, _, _ = report(rows=values)

    def amount(text: str) -> Decimal:
        return Decimal(text) if text else Decimal(0)

    def total(item: str, table: str) -> Decimal:
        found = rows[(rows["item"] == item) & (rows["table"] == table)]
        whole = Decimal(0)
        for _, line in found.groupby(["unit_id", "stream_id"]):
            months = sum((amount(text) for text in line[line["period"].str.len() == 7]["reported"]), Decimal(0))
            year = amount(line[line["period"] == "2025"]["reported"].iloc[0])
            assert year == (months if item != "total_emission" else round_half_up(months, 0))
            whole += months
        return whole

    fuels = total("combustion_emission", "C.3")
    assert (
        fuels
        == total("unit_combustion_emission", "C.3")
        == total("unit_emission", "C.5")
        == total("total_emission", "C.5")
    )


def test_reasons_keep_their_languages_apart():
    assert both("", said("甲", "a"), said("乙", "b"), said("甲", "a")) == "甲；乙 | a; b"
    assert half("甲；乙 | a; b", "en") == "a; b" and half("甲；乙 | a; b", "zh") == "甲；乙"
    assert half("alone", "en") == "alone" and both() == ""
    assert said("左 | 右", "l | r") == "左 / 右 | l / r"


@pytest.mark.parametrize("year", ["2022", "2023", "2024"])
def test_earlier_years_have_their_tables(year):
    rows = standard(year)
    assert "C.7" in set(rows["table"])
    assert ("power_supplied" in set(rows[rows["table"] == "C.5"]["item"])) == (year == "2022")
