"""Months, parameters, days, units and fuels that are not there."""

import pandas as pd
import pytest

from mrv.screening.case import Case
from tests.mrv_rules.cases import (
    COAL,
    DIESEL,
    MONTH,
    PLANT,
    RuleCase,
    check,
    clean_case,
    found,
    key,
    with_cells,
    with_parameter,
    with_row,
    with_value,
    without,
    without_table,
)


def filed(**equals: str) -> dict[str, str]:
    return {"month": MONTH, "unit_id": "U1", **equals}


def without_days(*days: int) -> Case:
    case = clean_case()
    for day in days:
        case = without(case, "daily_coal", unit_id="U1", day=f"{MONTH}-{day:02d}")
    return case


def without_unit(case: Case) -> Case:
    return without(case, "parameter", month=MONTH, unit_id="U2")


def registered(**cells: str) -> Case:
    return with_cells(clean_case(), "unit", {"unit_id": "U2"}, **cells)


def restarted(oil: str) -> Case:
    """May 2025, in which U1 came back from its overhaul."""
    return with_value(clean_case(focus=("2025-05",)), "fuel_consumption", oil, month="2025-05", stream_id=DIESEL)


def in_register(*plants: str) -> Case:
    """The honest filing beside a register of these plants."""
    case = without_table(clean_case(), "plant")
    for plant in plants:
        case = with_row(case, "plant", plant_id=plant, sector="power", name=plant)
    return case


GAP = key(parameter="fuel_consumption")

CASES = [
    RuleCase("CMP-12", "fires", lambda: in_register("P002"), (key(""),)),
    RuleCase("CMP-12", "silent", lambda: clean_case()),
    RuleCase("CMP-12", "boundary", lambda: in_register("P002", PLANT)),
    RuleCase(
        "CMP-03",
        "fires",
        lambda: without(clean_case(), "parameter", **filed(parameter="net_calorific_value", stream_id=COAL)),
        (key("U1", COAL, parameter="net_calorific_value", item="value"),),
    ),
    RuleCase(
        "CMP-03",
        "fires",
        lambda: without(clean_case(), "parameter", month=MONTH, unit_id="U2", parameter="heat_supplied"),
        (key("U2", parameter="heat_supplied", item="value"),),
    ),
    RuleCase("CMP-03", "silent", clean_case),
    RuleCase(  # one carbon route is enough
        "CMP-03", "boundary", lambda: without(clean_case(), "parameter", **filed(parameter="carbon_content_ad"))
    ),
    RuleCase(  # nothing burnt: nothing but the zero is owed
        "CMP-03",
        "boundary",
        lambda: without(clean_case(), "parameter", **filed(stream_id=DIESEL, parameter="net_calorific_value")),
    ),
    RuleCase("CMP-04", "fires", lambda: without_days(9, 10, 11), (GAP,)),  # 3 of 31 days = 9.7 %
    RuleCase("CMP-04", "fires", lambda: without_days(9, 10, 11, 12), (GAP,), "blocks"),  # 12.9 %
    RuleCase("CMP-04", "silent", lambda: without_table(clean_case(), "daily_coal")),
    RuleCase("CMP-04", "boundary", lambda: without_days(9), (GAP,)),
    RuleCase("CMP-04", "fires", lambda: without_table(without_days(9), "unit"), (GAP,)),  # days need no register
    RuleCase("CMP-04", "boundary", lambda: with_value(without_days(9), "run_hours", "720.00")),  # 30 days of 24 h
    RuleCase("CMP-04", "silent", lambda: with_value(clean_case(), "run_hours", "768.00")),  # another fault
    RuleCase("CMP-06", "fires", lambda: without_unit(clean_case()), (key("U2"),)),
    RuleCase("CMP-06", "silent", lambda: without_unit(registered(standby="yes"))),
    RuleCase("CMP-06", "silent", lambda: without_unit(registered(closed_on="2025-12-31"))),
    RuleCase("CMP-06", "boundary", lambda: without_unit(registered(closed_on="2026-01-01")), (key("U2"),)),
    RuleCase("CMP-06", "boundary", lambda: without_unit(registered(commissioned_on="2026-02-01"))),
    RuleCase(
        "CMP-07",
        "fires",
        lambda: restarted("0.00"),
        (key("U1", "", "2025-05", "fuel_consumption"),),
    ),
    RuleCase("CMP-07", "silent", lambda: without_table(restarted("0.00"), "event")),
    RuleCase("CMP-07", "boundary", lambda: restarted("0.01")),
]


@pytest.mark.parametrize("example", CASES, ids=lambda example: f"{example.code}-{example.kind}")
def test_examples(example: RuleCase) -> None:
    check(example)


def test_the_missing_days_are_named() -> None:
    assert found(without_days(9, 10), "CMP-04")["params"].iloc[0]["days"] == "2026-01-09、2026-01-10"


def test_declared_standstills_are_not_missing() -> None:
    case = without(clean_case(focus=("2025-05",)), "daily_coal", unit_id="U1", day="2025-05-25")
    assert found(case, "CMP-04")["params"].iloc[0]["days"] == "2025-05-25"


def test_air_dry_carbon_alone_needs_its_moistures() -> None:
    case = without(clean_case(), "parameter", **filed(parameter="carbon_content_ar"))
    case = without(case, "parameter", **filed(parameter="moisture_ad"))
    assert found(case, "CMP-03")["parameter"].tolist() == ["moisture_ad"]


def test_members_of_a_merged_group() -> None:
    """Fuel is filed under the group, generation by each member; the load factor is that of the group."""
    case = with_cells(clean_case(), "unit", {}, merged_with="G1")
    case = with_cells(case, "parameter", {"stream_id": COAL, "unit_id": "U1"}, unit_id="G1")
    for unit in ("U1", "U2"):
        case = without(case, "parameter", month=MONTH, unit_id=unit, parameter="load_factor")
    assert found(case, "CMP-03").empty
    assert found(case, "CMP-06").empty


def test_biomass_units_owe_the_boiler() -> None:
    case = with_parameter(clean_case(), "fuel_consumption", "500.00", stream_id="biomass", unit="t")
    assert found(case, "CMP-03")["parameter"].tolist() == ["boiler_efficiency"]  # the boiler heat is there


def test_a_long_register_keeps_the_other_plants_to_itself() -> None:
    few, many = in_register("P002", "P003"), in_register(*(f"P1{number:02}" for number in range(6)))
    assert found(few, "CMP-12")["expected"].tolist() == ["P002、P003"]
    assert found(many, "CMP-12")["expected"].tolist() == [""]


def test_a_row_that_was_refused_is_not_told_as_absent_too() -> None:
    case = without(clean_case(), "parameter", **filed(parameter="net_calorific_value", stream_id=COAL))
    assert found(case, "CMP-03")["parameter"].tolist() == ["net_calorific_value"]
    fault = {"code": "SCH-10", "table": "parameter", "plant_id": PLANT, "sector": "power", "stream_id": COAL}
    case.faults = pd.DataFrame([{**fault, **filed(parameter="net_calorific_value")}])
    assert found(case, "CMP-03").empty
