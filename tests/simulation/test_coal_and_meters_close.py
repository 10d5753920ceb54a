"""Every plant-month of the demonstration closes: days, reports, months, registers, hourly readings."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mrv.simulation import PlantYears, simulate
from mrv.simulation.specs import GroupSpec, HeatSpec, Outage, PlantSpec, StreamSpec, UnitSpec
from schemas.validation import validate
from tests.simulation.closing import STREAM_KEY, coal_faults, meter_faults, report_faults, wide

SMALL = PlantSpec(
    "TEST07", "小型示例电厂（虚构）", "Small example (fictitious)", "湖北省", "420199", "华中", "114.3", "30.5", "30.0",
    (
        GroupSpec(
            "U1",
            (UnitSpec("U1", 50, 9.2, 0.09, 0.7, (Outage("2025-10-08", "2025-10-12"),), multiplier=100,
                      register_start="9990.0000"),),
            (StreamSpec("bituminous_coal", 0.9, ("river_mine", "port_blend")),
             StreamSpec("biomass", 0.1, net_calorific_value=13.6, carbon_scheme="")),
            boiler_efficiency=0.88,
            heat=(HeatSpec("汽", "turbine_direct", "steam", 20, 290, 0.98, 0.5, 70),),
        ),
    ),
    hourly=("U1",),
)  # fmt: skip


def hourly_faults(years: PlantYears) -> list[str]:
    """Where hourly readings do not add up to the month's quantity, exactly."""
    meters = years.tables["meter"].set_index(["plant_id", "meter_id"])
    quantity = years.tables["meter_total"].set_index(["plant_id", "meter_id", "month"])["quantity"]
    found = []
    for key, rows in years.tables["meter_reading"].groupby(["plant_id", "meter_id"]):
        meter = meters.loc[key]
        values = np.array([Fraction(value) for value in rows["value"]], dtype=object)
        local = rows["timestamp"].str.rstrip("Z").to_numpy().astype("datetime64[s]") + np.timedelta64(8, "h")
        assert (np.diff(local) == np.timedelta64(1, "h")).all()
        if meter["reading_kind"] == "register":
            values, local = np.diff(values), local[1:]
            values = np.where(values < 0, values + Fraction(meter["register_limit"]), values)
        months = (local - np.timedelta64(1, "s")).astype("datetime64[M]").astype(str)
        for month in sorted(set(months)):
            counted = values[months == month].sum() * Fraction(meter["multiplier"])
            if counted != Fraction(quantity[(*key, month)]):
                found.append(f"{key} {month}")
    return found


@pytest.mark.parametrize("check", [coal_faults, report_faults, meter_faults, hourly_faults])
def test_demonstration_closes(clean: PlantYears, check) -> None:
    assert check(clean) == []


def test_checks_of_this_module_see_faults(planted) -> None:
    """The same checks on planted faults: none of them is blind."""
    years, _ = planted
    for check in (coal_faults, report_faults, meter_faults):
        assert check(years)


@settings(max_examples=5, deadline=None)
@given(st.integers(min_value=0, max_value=2**32))
def test_small_plant_closes_for_any_seed(seed: int) -> None:
    years = simulate((SMALL,), ("2025-09", "2025-10"), seed)
    assert coal_faults(years) + report_faults(years) + meter_faults(years) + hourly_faults(years) == []
    assert validate("parameter", years.tables["parameter"]).empty
    assert not years.tables["daily_coal"]["day"].between("2025-10-08", "2025-10-12").any()


def test_register_rolls_over_once_and_one_meter_gets_a_new_number(clean: PlantYears) -> None:
    readings = clean.tables["meter_reading"]
    registers = readings[readings["meter_id"].str.contains("-E")]
    falls = {
        key: (np.diff(rows["value"].astype(float)) < 0).sum()
        for key, rows in registers.groupby(["plant_id", "meter_id"])
    }
    assert falls == {("DEMO01", "U1-E1"): 0, ("DEMO01", "U1-E2"): 0, ("DEMO02", "U1-E1"): 1}
    events = clean.tables["event"]
    replaced = events[events["event"] == "meter_replacement"]
    assert list(zip(replaced["plant_id"], replaced["start"], strict=True)) == [
        ("DEMO01", "2026-04-01"),
        ("DEMO03", "2025-07-01"),
    ]
    plan = clean.tables["control_plan"]
    own = plan[(plan["plant_id"] == "DEMO01") & (plan["parameter"] == "power_generation")]
    assert dict(zip(own["version"], own["meter_id"], strict=True)) == {
        "2025-V1": "U1-E1",
        "2026-V1": "U1-E1",
        "2026-V2": "U1-E2",
    }


def test_report_numbers_are_unique_and_rise(clean: PlantYears) -> None:
    reports = clean.tables["coal_analysis"]
    assert not reports.duplicated(["laboratory", "report_number"]).any()
    for _, rows in reports.groupby(["plant_id", "unit_id", "stream_id"]):
        ordered = rows.sort_values("month")["report_number"]
        assert list(ordered) == sorted(ordered)


def test_carbon_per_heat_and_stock(clean: PlantYears) -> None:
    coal = wide(clean, STREAM_KEY)
    coal = coal[coal["carbon_content_ad"].map(lambda value: value is not None)]
    for row in coal.to_dict("records"):
        assert 0.0245 < row["carbon_content_ar"] / row["net_calorific_value"] < 0.0275
        by_stock = row["stock_opening"] + row["quantity_purchased"] - row["stock_closing"]
        assert abs(by_stock - row["fuel_consumption"]) <= row["fuel_consumption"] * Fraction("0.0035")
        assert abs(row["quantity_invoiced"] - row["quantity_weighed"]) <= row["quantity_weighed"] * Fraction("0.0021")
        assert 0 < row["net_calorific_value_delivered"] - row["net_calorific_value"] < Fraction("0.5")
        assert row["stock_closing"] > 0
    for _, rows in coal.groupby(["plant_id", "unit_id", "stream_id"]):
        assert list(rows["stock_opening"])[1:] == list(rows["stock_closing"])[:-1]
