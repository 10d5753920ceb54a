"""Explanations of the industrial sectors: down to the cell, the factor row and its clause."""

from decimal import Decimal as D

import pytest

from emission_factors import factors
from mrv.accounting.account import account
from mrv.accounting.explain import explain, explain_text
from mrv.accounting.explain_industry import _FILLED
from mrv.accounting.formulas import FORMULAS
from tests.accounting import steel_month
from tests.accounting.filing import row, tables
from tests.accounting.test_explain import nodes, only


def told(rows, period="2026-06", item=None, *facilities):
    made = tables(rows, *facilities)
    return explain(made, account(made), factors(), "P1", period, item)


def test_a_tonne_of_steel_down_to_the_clause():
    document = told(steel_month.rows(), item="ENT/bituminous_coal")
    line = only(document, kind="emission_line")
    assert line["value"] == "273849.07"
    assert line["formula"]["filled"] == "120188.43 × 23.736 × 0.02618 × 44/12"
    assert line["rounding"]["raw"].startswith("273849.0685")
    factor = only(document, kind="input", parameter="carbon_per_heat")["parts"][0]["factor"]
    assert factor["id"] == "steel.bituminous_coal.carbon_per_heat" and "表A.1" in factor["clause"]


def test_the_enterprise_adds_up_and_says_what_is_by_difference():
    rows = [*steel_month.rows(), row("steel", "CK1", "coke", "fuel_output", "750")]
    document = told(rows)
    assert document["result"]["value"] == steel_month.ENTERPRISE
    other = only(document, kind="other")
    # 1214057.49 − (−2300.53)
    assert other["value"] == "1216358.02" and other["formula"]["filled"] == "1214057.49 − -2300.53 − 0"
    coking = next(part for part in document["result"]["parts"] if part.get("unit_id") == "CK1")
    assert "不计入" in coking["note"]["zh"]


def test_a_filed_value_that_is_not_taken_stands_beside_the_factor_row():
    rows = [
        row("steel", "ENT", "coke", "fuel_consumption", "1000", cell="G5", sheet="燃料参数", file_sha256="ab" * 32),
        row("steel", "ENT", "coke", "net_calorific_value", "30", cell="G6"),
    ]
    document = told(rows, item="net_calorific_value")
    given = only(document, kind="input")
    assert given["value"] == "28.435" and given["parts"][0]["factor"]["id"] == "steel.coke.net_calorific_value"
    assert given["parts"][1]["value"] == "30" and "未采用" in given["parts"][1]["note"]["zh"]
    amount = only(told(rows, item="ENT/coke"), kind="filed", parameter="fuel_consumption")
    assert amount["cell"] == {"sheet": "燃料参数", "cell": "G5", "file_sha256": "ab" * 32}


def test_a_process_says_that_its_heat_value_is_the_enterprise_s():
    rows = [
        row("steel", "ENT", "anthracite", "net_calorific_value", "24"),
        row("steel", "SI1", "anthracite", "fuel_input", "1000"),
    ]
    given = only(told(rows, item="SI1"), kind="input", parameter="net_calorific_value")
    assert "企业层级" in given["note"]["zh"] and given["parts"][0]["value"] == "24"


def test_parts_of_several_sectors_are_told_apart():
    rows = [
        row("cement", "ENT", "diesel", "fuel_consumption", "10"),
        row("aluminium", "ENT", "diesel", "fuel_consumption", "10"),
        row("aluminium", "E1", "", "aluminium_output", "100"),
    ]
    whole = told(rows)
    assert whole["sectors"] == ["aluminium", "cement"] and whole["result"]["value"] is None
    assert [part["label"]["zh"][:3] for part in whole["result"]["parts"]] == ["铝冶炼", "水泥 "]
    assert told(rows, item="cement:ENT")["rule_set"]["id"] == "cement-2024"
    assert told(rows, item="E1")["sectors"] == ["aluminium"]
    with pytest.raises(LookupError):
        told(rows, item="steel:ENT")
    with pytest.raises(LookupError):
        told(rows, item="X9")


def test_every_formula_of_an_industrial_line_can_be_filled_in():
    """Each formula, filled with the numbers of a line, gives the line's own result once rounded."""
    rows = [
        *steel_month.rows(),
        row("steel", "CK1", "coke", "fuel_output", "750"),
        row("steel", "BF1", "coke", "fuel_input", "750"),
        row("steel", "PP1", "blast_furnace_gas", "fuel_consumption", "100"),
        row("cement", "L1", "", "clinker_output", "10"),
        row("cement", "L1", "diesel", "fuel_consumption", "10"),
        row("cement", "L1", "carbide_slag", "substitute_consumption", "50"),
        row("cement", "L1", "", "clinker_output", "10", "2023-06"),
        row("cement", "L1", "", "clinker_cao", "65", "2023-06"),
        row("cement", "L1", "", "clinker_mgo", "1.5", "2023-06"),
        row("cement", "L1", "", "raw_meal_consumption", "15", "2023-06"),
        row("aluminium", "E1", "", "aluminium_output", "100"),
        row("aluminium", "E1", "", "anode_consumption", "100"),
        row("aluminium", "E1", "", "aluminium_output", "100", "2023-06"),
        row("aluminium", "ENT", "natural_gas", "fuel_consumption", "10"),
        row("aluminium", "ENT", "sodium_carbonate", "material_consumption", "10"),
    ]
    found = account(tables(rows)).lines
    assert set(found["formula"]) == set(_FILLED) and set(_FILLED) <= set(FORMULAS)
    for line in found.to_dict("records"):
        _, raw = _FILLED[line["formula"]](dict(line["inputs"]))
        assert raw.quantize(D("0.01"), "ROUND_HALF_UP") == line["tco2"], line["formula"]


def test_the_allowance_of_a_year_is_a_range_while_no_balance_value_is_published():
    text = explain_text(told(steel_month.rows(), "2026", "allowance"))
    assert "行业平衡值未公布" in text and "1177635" in text
    with pytest.raises(LookupError):
        told(steel_month.rows(), "2026-06", "allowance")


def test_a_year_names_the_months_and_every_label_has_words():
    document = told([*steel_month.rows("2026-05"), *steel_month.rows()], "2026")
    # 2 × 1214057.49 = 2428114.98 → 2428115
    assert document["result"]["value"] == "2428115"
    assert all(node["label"]["zh"] and node["label"]["en"] for node in nodes(document["result"]))
