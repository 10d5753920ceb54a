"""Unit-level figures of the demonstration: identities exact, ratios where such plants have them."""

from fractions import Fraction

import pandas as pd
import pytest

from mrv.simulation import PlantYears
from tests.simulation.closing import STREAM_KEY, UNIT_KEY, rounded, wide

# Net coal rate [gce/kWh] of each plant's class, widest reading of anomaly rule PHY-10 (gas: V06 class, 55–60 % efficiency).
NET_RATE = {
    "DEMO01": (303, 332), "DEMO02": (308, 350), "DEMO03": (332, 430), "DEMO04": (205, 235), "DEMO05": (320, 410),
    "DEMO06": (320, 410), "DEMO08": (320, 410),
}  # fmt: skip


@pytest.fixture(scope="module")
def units(clean: PlantYears) -> pd.DataFrame:
    register = clean.tables["unit"][["plant_id", "unit_id", "capacity", "merged_with"]]
    return wide(clean, UNIT_KEY).merge(register, on=["plant_id", "unit_id"], how="left")


def filed(row: dict, name: str) -> Fraction:
    value = row.get(name)
    assert value is not None, (name, row["plant_id"], row["unit_id"], row["month"])
    return value


def test_identities_of_each_unit(units: pd.DataFrame) -> None:
    months = {}
    for row in units[units["capacity"].notna()].to_dict("records"):
        generation, hours, capacity = filed(row, "power_generation"), filed(row, "run_hours"), int(row["capacity"])
        assert filed(row, "purchased_electricity") > 0
        assert filed(row, "power_supplied") == generation - filed(row, "auxiliary_power")
        days = pd.Period(row["month"]).days_in_month
        assert 0 < hours <= 24 * days and generation < capacity * hours
        if not row["merged_with"]:
            assert rounded(generation / (capacity * hours) * 100, 2) == row["load_factor"]
        group = (row["plant_id"], row["merged_with"] or row["unit_id"], row["month"])
        months.setdefault(group, []).append((generation, capacity * hours))
    for row in units[units["unit_id"] == "G1"].to_dict("records"):
        parts = months[(row["plant_id"], "G1", row["month"])]
        assert len(parts) == 3
        factor = sum(part[0] for part in parts) / sum(part[1] for part in parts) * 100
        assert rounded(factor, 2) == row["load_factor"]


def test_settled_electricity_is_close(units: pd.DataFrame) -> None:
    rows = units[units["grid_electricity_exported"].notna()].to_dict("records")
    assert {row["plant_id"] for row in rows} == set(NET_RATE)
    for row in rows:
        exported = row["grid_electricity_exported"]
        assert abs(row["grid_electricity_settled"] - exported) <= exported / 1000


def test_heat_is_the_sum_of_its_deliveries(clean: PlantYears, units: pd.DataFrame) -> None:
    flows = clean.tables["heat_flow"]
    total = flows.assign(heat=flows["heat"].map(Fraction)).groupby(UNIT_KEY)["heat"].sum()
    supplied = units[units["heat_supplied"].notna()].to_dict("records")
    with_heat = [row for row in supplied if row["heat_supplied"] > 0]
    assert {row["plant_id"] for row in with_heat} == {"DEMO02", "DEMO05"}
    for row in supplied:
        assert row["heat_supplied"] == total.get((row["plant_id"], row["unit_id"], row["month"]), 0)
    for row in with_heat:
        assert row["boiler_heat"] > row["heat_supplied"]
        assert abs(row["heat_settled"] / row["heat_supplied"] - 1) < Fraction("0.02")
        routes = [row.get(f"heat_{route}") for route in ("boiler_direct", "turbine_direct", "turbine_indirect")]
        assert sum(route for route in routes if route is not None) == row["heat_supplied"]


def test_hot_water_flows_in_winter_only(clean: PlantYears) -> None:
    flows = clean.tables["heat_flow"]
    water = flows[flows["medium"] == "water"]
    assert set(water["month"].str[5:]) == {"11", "12", "01", "02", "03"}
    assert len(flows) > len(water) > 0


def test_heat_rates_and_efficiency(clean: PlantYears, units: pd.DataFrame) -> None:
    streams = wide(clean, STREAM_KEY)
    streams["heat"] = streams["fuel_consumption"] * streams["net_calorific_value"]
    heat = streams.groupby(UNIT_KEY)["heat"].sum()
    merged = units["merged_with"].fillna("")
    units = units.assign(group=merged.where(merged != "", units["unit_id"]))
    numbers = ["power_generation", "power_supplied", "heat_supplied", "boiler_heat"]
    sums = units.assign(**{name: units[name].fillna(0) for name in numbers})
    for key, row in sums.groupby(["plant_id", "group", "month"])[numbers].sum().iterrows():
        share = row["heat_supplied"] / row["boiler_heat"] if row["boiler_heat"] else 0
        rate = float(heat[key]) / 29.3076 * (1 - share) * 1000 / float(row["power_supplied"])
        low, high = NET_RATE[key[0]]
        assert low < rate < high, key
        useful = (row["power_generation"] * Fraction("3.6") + row["heat_supplied"]) / heat[key]
        if key[0] == "DEMO04":
            assert Fraction("0.54") < useful < Fraction("0.60")
        elif not row["heat_supplied"]:
            assert useful < Fraction("0.46"), key
        else:
            assert useful < 1


def test_gangue_and_slime_give_most_of_the_heat(clean: PlantYears) -> None:
    streams = wide(clean, STREAM_KEY)
    own = streams[streams["plant_id"] == "DEMO03"]
    heat = own["fuel_consumption"] * own["net_calorific_value"]
    waste = own["stream_id"].isin(["coal_gangue", "coal_slime"])
    for year in ("2025", "2026"):
        here = own["month"].str.startswith(year)
        assert heat[waste & here].sum() / heat[here].sum() > Fraction(1, 2)


def test_biomass_share(clean: PlantYears, units: pd.DataFrame) -> None:
    streams = wide(clean, STREAM_KEY)
    streams = streams[(streams["plant_id"] == "DEMO06") & (streams["stream_id"] != "biomass")]
    fossil = (streams["fuel_consumption"] * streams["net_calorific_value"]).groupby(streams["month"]).sum()
    rows = units[units["plant_id"] == "DEMO06"].to_dict("records")
    assert len(rows) == 20
    for row in rows:
        fired = row["boiler_heat"] / row["boiler_efficiency"] * 100
        assert rounded((fired - fossil[row["month"]]) / fired * 100, 2) == row["biomass_heat_share"]
        assert 5 < row["biomass_heat_share"] < 15


def test_oil_is_filed_in_the_month_of_each_start(clean: PlantYears) -> None:
    events, filed_rows = clean.tables["event"], clean.tables["parameter"]
    starts = events[(events["event"] == "restart") & (events["plant_id"] != "DEMO04")]
    oil = filed_rows[(filed_rows["stream_id"] == "diesel") & (filed_rows["parameter"] == "fuel_consumption")]
    burned = oil.set_index(["plant_id", "month"])["value"].astype(float).groupby(level=[0, 1]).sum()
    assert len(starts) >= 15
    for plant, day in zip(starts["plant_id"], starts["start"], strict=True):
        assert burned[(plant, day[:7])] > 5
