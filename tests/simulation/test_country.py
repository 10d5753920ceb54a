"""The national simulation: shape, exactness, and as many faults as asked for."""

from fractions import Fraction

import pytest

from mrv.simulation import PlantYears, national
from mrv.simulation.specs import months_between
from schemas import TABLES
from schemas.validation import validate
from tests.simulation.closing import STREAM_KEY, UNIT_KEY, rounded, wide

MONTHS = months_between("2025-11", "2026-02")
PLANTS = 40


@pytest.fixture(scope="module")
def honest() -> PlantYears:
    return national(PLANTS, MONTHS, seed=11, fault_share=0.0, daily=True)


def test_shape(honest: PlantYears) -> None:
    assert set(honest.tables) == {"plant", "unit", "parameter", "daily_coal"}
    assert len(honest.tables["plant"]) == PLANTS
    units = honest.tables["unit"]
    assert PLANTS < len(units) < 2 * PLANTS
    filed = honest.tables["parameter"]
    assert filed.groupby(["plant_id", "unit_id"]).ngroups == len(units)
    assert set(filed["month"]) == set(MONTHS)
    for name, frame in honest.tables.items():
        assert validate(name, frame).empty, name
        key = list(TABLES[name].key)
        assert frame[key].equals(frame[key].sort_values(key, ignore_index=True)), name


def test_coal_closes(honest: PlantYears) -> None:
    daily = honest.tables["daily_coal"]
    daily = daily.assign(month=daily["day"].str[:7])
    for name in ("fuel_consumption", "moisture_ar", "net_calorific_value"):
        daily[name] = daily[name].map(Fraction)
    groups = daily.groupby(STREAM_KEY)
    rows = wide(honest, STREAM_KEY)
    coal = rows[rows["stream_id"] != "natural_gas"].to_dict("records")
    assert len(coal) == groups.ngroups
    for row in coal:
        days = groups.get_group(tuple(row[name] for name in STREAM_KEY))
        total = days["fuel_consumption"].sum()
        assert total == row["fuel_consumption"]
        heat = (days["fuel_consumption"] * days["net_calorific_value"]).sum() / total
        water = (days["fuel_consumption"] * days["moisture_ar"]).sum() / total
        assert (rounded(heat, 3), rounded(water, 2)) == (row["net_calorific_value"], row["moisture_ar"])
        carbon = row["carbon_content_ad"] * (100 - row["moisture_ar"]) / (100 - row["moisture_ad"])
        assert rounded(carbon, 4) == row["carbon_content_ar"]
        assert 0.0245 < row["carbon_content_ar"] / row["net_calorific_value"] < 0.0275
    for row in rows.to_dict("records"):
        burned = row["fuel_consumption"] * row["carbon_content_ar"] * row["oxidation_rate"] / 100
        assert rounded(burned * Fraction(44, 12), 2) == row["reported_emission"]


def test_units_close(honest: PlantYears) -> None:
    capacity = honest.tables["unit"].set_index(["plant_id", "unit_id"])["capacity"]
    for row in wide(honest, UNIT_KEY).to_dict("records"):
        full = int(capacity[(row["plant_id"], row["unit_id"])]) * row["run_hours"]
        assert rounded(row["power_generation"] / full * 100, 2) == row["load_factor"] <= 93
        assert row["power_supplied"] == row["power_generation"] - row["auxiliary_power"]


def test_same_seed_same_country(honest: PlantYears) -> None:
    again = national(PLANTS, MONTHS, seed=11, fault_share=0.0)
    assert "daily_coal" not in again.tables
    assert again.tables["parameter"].equals(honest.tables["parameter"])
    assert not national(PLANTS, MONTHS, seed=12, fault_share=0.0).tables["parameter"].equals(again.tables["parameter"])


@pytest.mark.parametrize("share", [0.05, 1.0])
def test_faults_hit_the_share_asked_for(honest: PlantYears, share: float) -> None:
    faulty = national(PLANTS, MONTHS, seed=11, fault_share=share).tables["parameter"]
    before = honest.tables["parameter"]
    key = ["plant_id", "unit_id", "month"]
    changed = before.loc[(before["value"] != faulty["value"]).to_numpy(), key].drop_duplicates()
    coal = before.loc[before["parameter"] == "carbon_content_ad", key].drop_duplicates()
    assert changed.merge(coal, on=key).shape[0] == len(changed)
    if share == 1.0:
        assert len(changed) == len(coal)
    else:
        assert 0 < len(changed) < 0.15 * len(coal)
