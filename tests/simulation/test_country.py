"""The national simulation: shape, exactness, and as many faults as asked for."""

from decimal import Decimal
from fractions import Fraction

import pandas as pd
import pytest

from mrv.accounting.account import account
from mrv.simulation import PlantYears, national
from mrv.simulation.country_industry import plants_of_sectors
from mrv.simulation.specs import months_between
from schemas import TABLES
from schemas.validation import validate
from tests.simulation.closing import STREAM_KEY, UNIT_KEY, rounded, wide

MONTHS = months_between("2025-11", "2026-02")
PLANTS = 60


@pytest.fixture(scope="module")
def honest() -> PlantYears:
    return national(PLANTS, MONTHS, seed=11, fault_share=0.0, daily=True)


def test_shape(honest: PlantYears) -> None:
    assert set(honest.tables) == {"plant", "unit", "facility", "parameter", "daily_coal"}
    assert len(honest.tables["plant"]) == PLANTS
    units, facilities, filed = (honest.tables[name] for name in ("unit", "facility", "parameter"))
    power, industry = filed[filed["sector"] == "power"], filed[filed["sector"] != "power"]
    assert power["plant_id"].nunique() < len(units) < 2 * power["plant_id"].nunique()
    assert power.groupby(["plant_id", "unit_id"]).ngroups == len(units)
    assert industry.groupby(["plant_id", "unit_id"]).ngroups == len(facilities)
    assert set(filed["month"]) == set(MONTHS)
    for name, frame in honest.tables.items():
        assert validate(name, frame).empty, name
        key = list(TABLES[name].key)
        assert frame[key].equals(frame[key].sort_values(key, ignore_index=True)), name


@pytest.mark.parametrize(
    ("plants", "expected"),
    [
        # 40 × 2087/3378 = 24.71, 40 × 962/3378 = 11.39, 40 × 232/3378 = 2.75, 40 × 97/3378 = 1.15: two largest remainders go up
        (40, {"power": 25, "cement": 11, "steel": 3, "aluminium": 1}),
        (3378, {"power": 2087, "cement": 962, "steel": 232, "aluminium": 97}),
        (1, {"power": 1, "cement": 0, "steel": 0, "aluminium": 0}),
    ],
)
def test_sectors_stand_in_the_proportions_of_the_market(plants: int, expected: dict[str, int]) -> None:
    keys = plants_of_sectors(plants)
    assert {sector: len(own) for sector, own in keys.items()} == expected
    assert [key for own in keys.values() for key in own] == [f"N{number:05d}" for number in range(1, plants + 1)]


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
    off = before[(before["value"] != faulty["value"]).to_numpy()]
    changed = off[key].drop_duplicates()
    # Unit-months that have something to get wrong: coal of a power plant, and all of the industrial plants but coking, whose
    # rows no fault touches.
    fit = before[(before["parameter"] == "carbon_content_ad") | (before["sector"] != "power")]
    fit = fit.loc[(fit["sector"] != "steel") | (fit["unit_id"] != "CK1"), [*key, "sector"]].drop_duplicates()
    assert changed.merge(fit, on=key).shape[0] == len(changed)
    if share == 1.0:
        assert len(changed) == len(fit)
        # a slip of the pen in one value of an industrial unit-month, nothing else with it
        assert (off[off["sector"] != "power"].groupby([*key, "sector"]).size() == 1).all()
    else:
        assert 0 < len(changed) < 0.15 * len(fit)


@pytest.fixture(scope="module")
def industry(honest: PlantYears) -> pd.DataFrame:
    rows = honest.tables["parameter"]
    rows = rows[rows["sector"] != "power"]
    table = rows.assign(value=rows["value"].map(Decimal)).pivot(
        index=["plant_id", "sector", "unit_id", "stream_id", "month"], columns="parameter", values="value"
    )
    return table.astype(object).where(table.notna(), None).reset_index()


def test_reported_emissions_of_industry_are_the_account(honest: PlantYears, industry: pd.DataFrame) -> None:
    key = ["plant_id", "sector", "unit_id", "stream_id", "month"]
    accounts = account(honest.tables)
    lines = accounts.lines[accounts.lines["level"] == "total"]
    stated = industry[industry["reported_emission"].notna()].merge(lines[[*key, "tco2"]], on=key, how="left")
    assert set(stated["sector"]) == {"cement", "steel", "aluminium"}
    assert (stated["reported_emission"] == stated["tco2"]).all()
    works = accounts.plant_months[accounts.plant_months["sector"] == "steel"]
    assert len(works) == 4 * len(MONTHS) and all(value > 0 for value in works["other"])
    assert works["intensity"].between(Decimal("1.5"), Decimal("2.2")).all()


def test_kilns_close(industry: pd.DataFrame) -> None:
    lines = industry[industry["clinker_output"].notna()]
    left = lines["clinker_stock_opening"] + lines["clinker_output"] + lines["clinker_purchased"] - lines["clinker_sold"]
    assert (left - lines["clinker_used"] == lines["clinker_stock_closing"]).all()
    carried = lines.sort_values(["plant_id", "unit_id", "month"]).groupby(["plant_id", "unit_id"])
    for _, line in carried:
        assert list(line["clinker_stock_opening"])[1:] == list(line["clinker_stock_closing"])[:-1]
    made = lines["clinker_output"]
    assert (lines["raw_meal_consumption"] / made).between(Decimal("1.48"), Decimal("1.62")).all()
    assert (lines["process_electricity"] * 1000 / made).between(45, 75).all()
    fuels = industry[(industry["sector"] == "cement") & industry["fuel_consumption"].notna()]
    heat = (fuels["fuel_consumption"] * fuels["net_calorific_value"]).groupby([fuels[name] for name in UNIT_KEY]).sum()
    assert (heat / lines.set_index(UNIT_KEY)["clinker_output"]).between(Decimal("2.7"), Decimal("3.7")).all()
    slag = industry[industry["substitute_consumption"].notna()].set_index(UNIT_KEY)["substitute_consumption"]
    ratio = lines.set_index(UNIT_KEY)[["clinker_output", "carbide_slag_ratio"]].loc[slag.index]
    # 0.480 t of CO2 not released per t of slag came with 56/44 t of CaO; the clinker holds 65.20 % of it
    share = (
        slag.map(Fraction)
        * Fraction(480, 1000)
        * 56
        / 44
        / (ratio["clinker_output"].map(Fraction) * Fraction(652, 1000))
    )
    assert len(share) > 0
    assert all(
        abs(one * 100 - Fraction(two)) < Fraction(1, 100)
        for one, two in zip(share, ratio["carbide_slag_ratio"], strict=True)
    )


def test_potlines_obey_faraday(industry: pd.DataFrame) -> None:
    lines = industry[industry["aluminium_output"].notna()]
    # 0.33556 kg of aluminium per kA h and cell
    most = Decimal("0.33556") * lines["line_current"] * lines["run_hours"] * lines["operating_cells"] / 1000
    assert len(lines) > 0 and (lines["aluminium_output"] / most).between(Decimal("0.85"), Decimal("0.98")).all()
    assert (lines["dc_electricity"] * 1000 / lines["aluminium_output"]).between(12500, 14500).all()
    assert (lines["ac_electricity"] > lines["dc_electricity"]).all()
    assert (lines["anode_net_consumption"] * 1000 / lines["aluminium_output"]).between(390, 450).all()


def test_processes_of_a_steel_works_fit_into_its_purchases(industry: pd.DataFrame) -> None:
    works = (
        industry[industry["sector"] == "steel"].set_index(["unit_id", "stream_id", "plant_id", "month"]).sort_index()
    )

    def of(unit: str, stream: str, parameter: str) -> pd.Series:
        return works.loc[(unit, stream)][parameter]

    iron = of("BF1", "", "process_product_output")
    solid = sum(of("BF1", stream, "fuel_input") for stream in ("coke", "anthracite", "bituminous_coal"))
    assert (solid * 1000 / iron).between(450, 620).all()
    ovens = of("CK1", "coke", "fuel_output")
    assert (ovens / of("CK1", "washed_coking_coal", "fuel_input")).between(Decimal("0.72"), Decimal("0.81")).all()
    assert (of("BF1", "blast_furnace_gas", "fuel_output") * 10000 / iron).between(1300, 1950).all()
    assert of("BF1", "", "hot_metal_carbon").between(Decimal("3.8"), Decimal("4.8")).all()
    burnt = of("BF1", "coke", "fuel_input") + of("SN1", "coke", "fuel_input")
    assert (of("ENT", "coke", "fuel_consumption") + ovens == burnt).all()
