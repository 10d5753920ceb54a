"""Explanations of the plant worked by hand in `tests.reporting.annual_plant`."""

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from emission_factors import factors
from mrv.accounting.account import account
from mrv.accounting.explain import explain, explain_text
from mrv.accounting.formulas import CARBON_OF, FORMULAS
from tests.reporting.annual_plant import COAL, FILE, PLANT, filed, tables


def told(period: str, item: str | None = None, year: str = "", **changes: Any) -> dict[str, Any]:
    made = tables(year or period[:4], **changes)
    return explain(made, account(made), factors(), PLANT, period, item)


def nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for part in node.get("parts", []):
        yield from nodes(part)


def only(document: dict[str, Any], **having: Any) -> dict[str, Any]:
    found = [one for one in nodes(document["result"]) if all(one.get(name) == value for name, value in having.items())]
    assert len(found) == 1, (having, len(found))
    return found[0]


def test_a_tonne_down_to_the_cell():
    document = told("2025-01", f"U1/{COAL}")
    line = document["result"]
    assert line["value"] == "18876.00" and line["unit"] == "tCO2"
    assert (
        line["formula"]["id"] == "combustion.ar"
        and "FC" in line["formula"]["text"]
        and "公式" in line["formula"]["clause"]
    )
    assert line["formula"]["filled"] == "10000.00 × 0.5200 × 99% × 44/12"
    assert Decimal(line["rounding"]["raw"]) == Decimal("18876") and line["rounding"]["decimals"] == 2
    amount = only(document, kind="filed", parameter="fuel_consumption")
    assert amount["value"] == "10000.00" and amount["source_document"] == "入炉煤台账"
    assert amount["cell"] == {"sheet": "关键参数", "cell": "G2", "file_sha256": FILE}
    rate = next(one for one in nodes(line) if one["kind"] == "factor")
    assert rate["factor"]["id"] == "power.coal.oxidation_rate.to-2025"
    assert rate["factor"]["certainty"] == "official" and rate["factor"]["clause"] == "6.2.5.1"


def test_a_substituted_value_shows_its_factor_rows_and_both_carbon_contents():
    document = told("2025-02", f"U2/{COAL}")
    assert document["result"]["substituted"] == ["net_calorific_value", "carbon_per_heat"]
    carbon = only(document, kind="input", parameter="carbon_content_ar")
    assert carbon["formula"]["id"] == "carbon.heat" and carbon["formula"]["filled"] == "26.7 × 0.03085"
    assert carbon["rounding"] == {"raw": "0.823695", "decimals": 4, "rounded": "0.8237", "certainty": "uncertain"}
    heat = only(document, kind="input", parameter="net_calorific_value")
    assert "缺省值" in heat["note"]["zh"]
    assert heat["parts"][0]["factor"]["id"] == "power.coal_net_calorific_value.2023"
    assert document["result"]["formula"]["filled"] == "1000.00 × 0.8237 × 99% × 44/12"


def test_conversion_from_the_air_dry_basis():
    # C1 of the reference: 0.5732 × (100 − 12.30) / (100 − 3.45) = 0.520659140… → 0.5207
    values = [
        ("U1", COAL, "01", "fuel_consumption", "123456.78", {}),
        ("U1", COAL, "01", "carbon_content_ad", "0.5732", {}),
        ("U1", COAL, "01", "moisture_ar", "12.30", {}),
        ("U1", COAL, "01", "moisture_ad", "3.45", {}),
        ("U1", COAL, "01", "carbon_content_ar", "0.5100", {"method": "calculated"}),
    ]
    document = told("2025-01", "U1", rows=values)
    carbon = only(document, kind="input", parameter="carbon_content_ar")
    assert carbon["formula"]["filled"] == "0.5732 × (100 − 12.30) / (100 − 3.45)"
    assert carbon["rounding"]["raw"].startswith("0.520659140") and carbon["value"] == "0.5207"
    assert document["result"]["value"] == "233350.72"
    names = [part["parameter"] for part in carbon["parts"]]
    assert names == ["carbon_content_ad", "moisture_ar", "moisture_ad", "carbon_content_ar"]
    assert "未采用" in carbon["parts"][-1]["note"]["zh"]


def test_a_month_of_the_plant_is_the_sum_of_its_units():
    document = told("2025-01")
    result = document["result"]
    # 18 876.00 + 30.96 + 53.06
    assert result["value"] == "18960.02" and [part["unit_id"] for part in result["parts"]] == ["U1"]
    assert [line["value"] for line in result["parts"][0]["parts"]] == ["53.06", "18876.00", "30.96"]
    bought = only(document, kind="factor", value="0.5306")
    assert bought["factor"]["certainty"] == "uncertain"
    assert told("2026-01")["result"]["value"] == "18906.96"  # electricity no longer counts


def test_an_unknown_oxidation_rate_is_provisional():
    document = told("2026-02", "U2")
    assert document["provisional"] and document["result"]["value"] == "3020.23"
    rate = only(document, kind="input", parameter="oxidation_rate")
    assert rate["value"] == "100" and "上限100%" in rate["note"]["zh"] and "parts" not in rate
    assert not told("2026-02", "U1")["provisional"]
    assert "【暂定】" in explain_text(document, "zh") and "[provisional]" in explain_text(document, "en")


def test_a_year_lists_its_months_and_weights():
    document = told("2025", f"U1/{COAL}")
    result = document["result"]
    assert result["value"] == "79860.00" and result["formula"]["filled"] == "18876.00 + 60984.00"
    means = {part["parameter"]: part for part in result["parts"] if part["kind"] == "mean"}
    assert means["net_calorific_value"]["value"] == "21.500"
    assert means["net_calorific_value"]["formula"]["filled"] == (
        "(10000.00 × 20.000 + 30000.00 × 22.000) / (10000.00 + 30000.00)"
    )
    assert means["carbon_content_ar"]["value"] == "0.5500"
    whole = told("2025")["result"]
    assert whole["value"] == "82939" and whole["rounding"]["raw"] == "82939.36"
    assert [part["value"] for part in whole["parts"]] == ["79944.02", "2995.34"]


def test_a_parameter_of_all_fuels_and_units():
    found = told("2025-01", "net_calorific_value")["result"]["parts"]
    assert [(part["unit_id"], part["stream_id"], part["value"]) for part in found] == [
        ("U1", COAL, "20.000"),
        ("U1", "diesel", "42.652"),
    ]
    year = told("2025", "carbon_content_ar")["result"]["parts"]
    assert [part["value"] for part in year] == ["0.5500", "0.8616", "0.8237"]
    burnt = told("2025", "fuel_consumption")["result"]["parts"][0]
    assert burnt["value"] == "40000.00" and burnt["formula"]["filled"] == "10000.00 + 30000.00"
    stock = [*filed(), ("U1", COAL, "01", "stock_opening", "5.00", {})]
    assert told("2025-01", "stock_opening", rows=stock)["result"]["parts"][0]["value"] == "5.00"


def test_a_quantity_of_the_unit():
    changed = [(*row[:4], "45.00" if row[4] == "44.44" else row[4], row[5]) for row in filed()]
    load = told("2025-01", "load_factor", rows=changed)["result"]["parts"][0]
    # 20 000 / (300 × 150)
    assert load["value"] == "44.44" and load["formula"]["id"] == "load_factor"
    assert load["rounding"]["raw"].startswith("44.444")
    deposited = [part for part in load["parts"] if part.get("parameter") == "load_factor"]
    assert deposited[0]["value"] == "45.00" and "未采用" in deposited[0]["note"]["zh"]
    assert any(part["kind"] == "register" and part["value"] == "300" for part in load["parts"])
    year = told("2025", "load_factor")["result"]["parts"][0]
    assert year["value"] == "66.67"
    hours = told("2025", "run_hours")["result"]["parts"][0]
    assert hours["value"] == "400.00" and hours["formula"]["filled"] == "150.00 + 250.00"
    ratio = told("2025-01", "heat_supply_ratio")["result"]["parts"][0]
    assert ratio["value"] == "10.00" and ratio["parts"][0]["cell"]["sheet"] == "关键参数"
    rate = told("2025-01", "generation_coal_rate")["result"]["parts"][0]
    # 200 426.52 / 29.3076 × 0.9 / 20 000 = 0.30774…
    assert rate["value"] == "0.308" and any(part["kind"] == "factor" for part in rate["parts"])


def test_merged_units_are_named():
    units = [
        {"unit_id": "M1", "merged_with": "G1", "product_class": "condensing"},
        {"unit_id": "M2", "merged_with": "G1", "product_class": "condensing", "capacity": "350"},
    ]
    values = [("G1", COAL, "01", "fuel_consumption", "1000.00", {}), ("M1", "", "01", "run_hours", "700", {})]
    values += [("M2", "", "01", "run_hours", "650", {}), ("M2", "", "01", "power_generation", "100", {})]
    document = told("2025-01", "M1", rows=values, units=units)
    assert document["result"]["unit_id"] == "G1" and "M1, M2" in document["result"]["note"]["zh"]
    hours = told("2025-01", "run_hours", rows=values, units=units)["result"]["parts"][0]
    # (700 × 300 + 650 × 350) / 650
    assert hours["unit_id"] == "G1" and hours["value"] == "673.08" and hours["formula"]["id"] == "run_hours"


def test_allowances():
    document = told("2025", "allowance")
    unit = document["result"]["parts"][0]
    assert unit["value"] == "65368" and unit["certainty"] == "draft" and document["provisional"]
    power = only(document, formula=unit["parts"][0]["formula"])
    assert power["value"] == "64136" and power["formula"]["filled"] == "80000.000 × 0.8017 × 1.000000"
    assert any(one.get("factor", {}).get("id") == "benchmark.heat_coal.2025" for one in nodes(unit))
    oil = [{"unit_id": "U1", "unit_class": "oil", "product_class": "chp"}]
    bare = told("2025", "allowance", units=oil)["result"]["parts"][0]
    assert bare["formula"]["id"] == "allowance.none" and bare["value"] == "79890"


@pytest.mark.parametrize(
    ("period", "item"),
    [
        ("2025-01", "U9"),
        ("2025-01", "U1/natural_gas"),
        ("2025-01", "boiler_heat"),
        ("2025-01", "allowance"),
        ("2025-13", None),
        ("2025-05", None),
        ("2025-01", "nonsense"),
    ],
)
def test_what_is_not_there_is_a_lookup_error(period, item):
    with pytest.raises(LookupError):
        told(period, item, year="2025")


def test_documents_are_json_and_texts_name_every_file():
    for period, item in (("2025", None), ("2025-01", None), ("2026", "U2"), ("2025", "allowance")):
        document = told(period, item)
        assert json.loads(json.dumps(document, ensure_ascii=False)) == document
        for lang in ("zh", "en"):
            text = explain_text(document, lang)
            assert text == explain_text(told(period, item), lang)
            assert (FILE in text) == (item != "allowance")
            assert "None" not in text
    text = explain_text(told("2025-01", f"U1/{COAL}"), "zh")
    assert "消耗量 = 10000.00 t" in text and "关键参数!G2" in text and "6.2.5.1" in text
    assert "代入：10000.00 × 0.5200 × 99% × 44/12 = 18876" in text


def test_every_formula_of_the_accounts_is_in_the_catalogue():
    made = account(tables())
    for formula in made.lines["formula"].unique():
        assert formula in FORMULAS
    assert all(carbon in FORMULAS for carbon in CARBON_OF.values())
    assert all(one.zh and one.en and one.text and one.clause for one in FORMULAS.values())
