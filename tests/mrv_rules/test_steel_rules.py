"""Steel. An honest month: 1 330 t of coal give 900 t of coke on dry coal 0.7520 (moisture 10 %); 1 000 t of iron take 520 t of fuel."""

import pytest

from mrv.screening.case import Case
from tests.accounting.filing import row
from tests.mrv_rules.cases import RuleCase, check
from tests.mrv_rules.industry_filings import MONTH, case, filing, key

UNITS = (
    {"sector": "steel", "unit_id": "ENT", "process": "enterprise"},
    {"sector": "steel", "unit_id": "CK1", "process": "coking"},
    {"sector": "steel", "unit_id": "BF1", "process": "iron_making"},
    {"sector": "steel", "unit_id": "PP1", "process": "cofiring_power"},
)
HONEST = {
    ("ENT", "washed_coking_coal", "fuel_consumption"): "1330",
    ("ENT", "washed_coking_coal", "net_calorific_value"): "26.5",
    ("ENT", "washed_coking_coal", "fuel_consumption_dry"): "1197",
    ("ENT", "washed_coking_coal", "moisture_ar"): "10",
    ("ENT", "coke", "fuel_consumption"): "100",
    ("ENT", "coke", "net_calorific_value"): "28.435",
    ("ENT", "coke", "carbon_per_heat"): "0.02942",
    ("ENT", "coke", "fuel_consumption_dry"): "97",
    ("ENT", "coke", "moisture_ar"): "3",
    ("ENT", "dolomite", "material_consumption"): "50",
    ("ENT", "dolomite", "material_factor"): "0.476",
    ("ENT", "", "crude_steel_output"): "1000",
    ("CK1", "washed_coking_coal", "fuel_input"): "1330",
    ("CK1", "coke", "fuel_output"): "900",
    ("BF1", "coke", "fuel_input"): "520",
    ("BF1", "blast_furnace_gas", "fuel_output"): "160",
    ("BF1", "", "process_product_output"): "1000",
    ("BF1", "", "hot_metal_carbon"): "4.3",
}


def works(more: dict[tuple[str, str, str], str] | None = None, month: str = MONTH, **changes: str | None) -> Case:
    return case(filing("steel", HONEST | (more or {}), month, **changes), *UNITS)


def place(unit: str, stream: str, parameter: str, value: str) -> Case:
    return works({(unit, stream, parameter): value})


def without(*places: tuple[str, str, str]) -> Case:
    kept = {where: value for where, value in HONEST.items() if where not in places}
    return case(filing("steel", kept), *UNITS)


def own(value: str) -> Case:
    return case(
        [*filing("steel", HONEST), row("steel", "ENT", "converter_gas", "fuel_consumption", value, origin="own")],
        *UNITS,
    )


def choices(*methods: str) -> Case:
    """The heat value of anthracite, month by month from January; `none` files none."""
    rows = []
    for number, method in enumerate(methods, start=1):
        month = f"2026-{number:02d}"
        rows.append(row("steel", "ENT", "anthracite", "fuel_consumption", "100", month))
        if method != "none":
            rows.append(row("steel", "ENT", "anthracite", "net_calorific_value", "25.024", month, method=method))
    return case(rows, *UNITS)


def anthracite(month: str) -> tuple[str, str, str, str, str]:
    return key("ENT", "anthracite", "net_calorific_value", month=month)


def cofiring(share: str) -> Case:
    """200 × 33 GJ of own gas and 100 × 389.31 GJ of natural gas: 6 600 / 45 531 = 14.4956 %."""
    rows = [
        *filing("steel", HONEST),
        row("steel", "PP1", "blast_furnace_gas", "fuel_consumption", "150", origin="own"),
        row("steel", "PP1", "natural_gas", "fuel_consumption", "10"),
        row("steel", "PP1", "", "secondary_energy_share", share),
    ]
    return case(rows, *UNITS)


COKE_NCV, COKE_CC = key("ENT", "coke", "net_calorific_value"), key("ENT", "coke", "carbon_per_heat")
BF = key("BF1", parameter="process_product_output")
CK = key("CK1", parameter="process_product_output")
SHARE = key("PP1", parameter="secondary_energy_share")
BALANCE = key("ENT", "coke", "fuel_input")

CASES = [
    RuleCase("STL-01", "fires", lambda: place("ENT", "coke", "net_calorific_value", "30"), (COKE_NCV,)),
    RuleCase("STL-01", "silent", works),
    RuleCase("STL-01", "boundary", lambda: place("ENT", "coke", "net_calorific_value", "28.4350")),
    RuleCase("STL-01", "boundary", lambda: place("ENT", "coke", "net_calorific_value", "28.436"), (COKE_NCV,)),
    RuleCase("STL-02", "fires", lambda: place("ENT", "coke", "carbon_per_heat", "0.03"), (COKE_CC,)),
    RuleCase("STL-02", "silent", works),
    RuleCase("STL-02", "boundary", lambda: place("ENT", "coke", "carbon_per_heat", "0.029420")),
    RuleCase("STL-02", "boundary", lambda: place("ENT", "coke", "carbon_per_heat", "0.02943"), (COKE_CC,)),
    RuleCase("STL-03", "fires", lambda: choices("measured", "measured", "default"), (anthracite("2026-03"),)),
    RuleCase("STL-03", "fires", lambda: choices("measured", "none"), (anthracite("2026-02"),)),
    RuleCase("STL-03", "fires", lambda: choices("default", "measured"), (anthracite("2026-02"),), "must_answer"),
    RuleCase("STL-03", "silent", lambda: choices("measured", "measured")),
    RuleCase("STL-03", "silent", lambda: choices("none", "default", "none")),
    RuleCase("STL-03", "boundary", lambda: choices("measured")),  # the first month of the year decides
    RuleCase("STL-04", "fires", lambda: place("ENT", "dolomite", "material_factor", "0.471"), (key("ENT", "dolomite", "material_factor"),)),
    RuleCase("STL-04", "silent", works),
    RuleCase("STL-04", "boundary", lambda: place("ENT", "dolomite", "material_factor", "0.4760")),
    RuleCase("STL-05", "fires", lambda: own("50"), (key("ENT", "converter_gas", "fuel_consumption"),)),
    RuleCase("STL-05", "silent", works),
    RuleCase("STL-05", "boundary", lambda: own("0")),
    RuleCase("STL-06", "fires", lambda: place("ENT", "crude_steel", "carbon_product_output", "900"), (key("ENT", "crude_steel", "carbon_product_output"),)),
    RuleCase("STL-06", "silent", works),
    RuleCase("STL-06", "boundary", lambda: place("ENT", "crude_steel", "carbon_product_output", "1000.00")),
    RuleCase("STL-06", "boundary", lambda: place("ENT", "crude_steel", "carbon_product_output", "1000.01"), (key("ENT", "crude_steel", "carbon_product_output"),)),
    # enterprise 3 577 t; coking 3000 t of coal: 3000 × 26.5 × 0.02541 × 44/12 = 7407 in, 2761 out; blast furnace 225 net
    RuleCase("STL-07", "fires", lambda: place("CK1", "washed_coking_coal", "fuel_input", "3000"), (key("ENT", parameter="crude_steel_output"),)),
    RuleCase("STL-07", "silent", works),
    RuleCase("STL-07", "boundary", lambda: without(("CK1", "washed_coking_coal", "fuel_input"), ("CK1", "coke", "fuel_output"), ("BF1", "coke", "fuel_input"), ("BF1", "blast_furnace_gas", "fuel_output"))),
    # own gas 150 × 33 = 4950 GJ of 4950 + 10 × 389.31 = 8843.1 GJ: 55.9758 %
    RuleCase("STL-08", "fires", lambda: cofiring("50"), (SHARE,)),
    RuleCase("STL-08", "silent", lambda: cofiring("55.98")),
    RuleCase("STL-08", "boundary", lambda: cofiring("56.02")),
    RuleCase("STL-08", "boundary", lambda: cofiring("56.03"), (SHARE,)),
    RuleCase("STL-09", "fires", lambda: without(("ENT", "coke", "moisture_ar")), (key("ENT", "coke", "fuel_consumption_dry"),)),
    RuleCase("STL-09", "silent", works),
    RuleCase("STL-09", "boundary", lambda: works({("ENT", "anthracite", "fuel_consumption"): "0"})),
    # coke made 900 + bought 100 = 1000; 3 % more is 1030
    RuleCase("PHY-S1", "fires", lambda: place("BF1", "coke", "fuel_input", "1200"), (BALANCE,)),
    RuleCase("PHY-S1", "silent", works),
    RuleCase("PHY-S1", "boundary", lambda: place("BF1", "coke", "fuel_input", "1030")),
    RuleCase("PHY-S1", "boundary", lambda: place("BF1", "coke", "fuel_input", "1030.01"), (BALANCE,)),
    RuleCase("PHY-S2", "fires", lambda: place("BF1", "coke", "fuel_input", "700"), (BF,)),
    RuleCase("PHY-S2", "silent", works),
    RuleCase("PHY-S2", "boundary", lambda: place("BF1", "coke", "fuel_input", "620")),
    RuleCase("PHY-S2", "boundary", lambda: place("BF1", "coke", "fuel_input", "620.01"), (BF,)),
    # dry coal 1330 × 0.9 = 1197 t; 0.81 × 1197 = 969.57
    RuleCase("PHY-S3", "fires", lambda: place("CK1", "coke", "fuel_output", "1100"), (CK,)),
    RuleCase("PHY-S3", "fires", lambda: place("CK1", "coke", "fuel_output", "700"), (CK,)),
    RuleCase("PHY-S3", "silent", works),
    RuleCase("PHY-S3", "boundary", lambda: place("CK1", "coke", "fuel_output", "969.57")),
    RuleCase("PHY-S3", "boundary", lambda: place("CK1", "coke", "fuel_output", "969.58"), (CK,)),
    # 195 × 10⁴ Nm³ / 1000 t = 1950 Nm³/t
    RuleCase("PHY-S4", "fires", lambda: place("BF1", "blast_furnace_gas", "fuel_output", "300"), (BF,)),
    RuleCase("PHY-S4", "silent", works),
    RuleCase("PHY-S4", "boundary", lambda: place("BF1", "blast_furnace_gas", "fuel_output", "195")),
    RuleCase("PHY-S4", "boundary", lambda: place("BF1", "blast_furnace_gas", "fuel_output", "195.01"), (BF,)),
    RuleCase("PHY-S5", "fires", lambda: works(hot_metal_carbon="3"), (key("BF1", parameter="hot_metal_carbon"),)),
    RuleCase("PHY-S5", "silent", works),
    RuleCase("PHY-S5", "boundary", lambda: works(hot_metal_carbon="4.8")),
    RuleCase("PHY-S5", "boundary", lambda: works(hot_metal_carbon="4.81"), (key("BF1", parameter="hot_metal_carbon"),)),
]  # fmt: skip


@pytest.mark.parametrize("example", CASES, ids=lambda example: f"{example.code}-{example.kind}")
def test_rule(example: RuleCase) -> None:
    check(example)
