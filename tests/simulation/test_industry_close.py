"""Honest industrial plants close: ledgers, clinker, Faraday's law, ratios of the processes, the balance of a works."""

from decimal import Decimal

import pandas as pd
import pytest

from mrv.accounting.account import account
from mrv.simulation import PlantYears
from schemas.vocabulary import FUELS, fuel_of

KEY = ["plant_id", "sector", "unit_id", "stream_id", "month"]


@pytest.fixture(scope="module")
def filed(clean: PlantYears) -> pd.DataFrame:
    rows = clean.tables["parameter"]
    rows = rows[rows["sector"] != "power"].assign(value=lambda frame: frame["value"].map(Decimal))
    return rows.pivot(index=KEY, columns="parameter", values="value").reset_index()


def test_ledgers_close_exactly(filed: pd.DataFrame) -> None:
    rows = filed[filed["stock_opening"].notna()]
    used = rows[["fuel_consumption", "material_consumption", "substitute_consumption"]].bfill(axis=1).iloc[:, 0]
    kept = rows["stock_opening"] + rows["quantity_purchased"] - rows["quantity_sold"] - rows["stock_closing"]
    assert len(rows) > 250 and (kept == used).all()
    assert (rows["stock_closing"] >= 0).all()


def test_clinker_balance_and_kiln(filed: pd.DataFrame) -> None:
    lines = filed[filed["clinker_output"].notna()]
    gap = (
        lines["clinker_stock_opening"] + lines["clinker_output"] + lines["clinker_purchased"] - lines["clinker_sold"]
        - lines["clinker_used"] - lines["clinker_stock_closing"]
    )  # fmt: skip
    assert len(lines) == 63 and (gap == 0).all()
    assert (lines["raw_meal_consumption"] / lines["clinker_output"]).between(Decimal("1.48"), Decimal("1.62")).all()
    assert (lines["process_electricity"] * 1000 / lines["clinker_output"]).between(45, 75).all()
    fuels = filed[(filed["sector"] == "cement") & filed["fuel_consumption"].notna()]
    heat = (
        (fuels["fuel_consumption"] * fuels["net_calorific_value"])
        .groupby([fuels[k] for k in ("plant_id", "unit_id", "month")])
        .sum()
    )
    per_tonne = heat / lines.set_index(["plant_id", "unit_id", "month"])["clinker_output"]
    assert per_tonne.between(Decimal("2.7"), Decimal("3.7")).all()


def test_faraday_and_electricity(filed: pd.DataFrame) -> None:
    lines = filed[filed["aluminium_output"].notna()]
    # 0.33556 kg of aluminium per kA h and cell
    most = Decimal("0.33556") * lines["line_current"] * lines["run_hours"] * lines["operating_cells"] / 1000
    assert len(lines) == 63 and (lines["aluminium_output"] / most).between(Decimal("0.85"), Decimal("0.98")).all()
    assert (lines["dc_electricity"] * 1000 / lines["aluminium_output"]).between(12500, 14500).all()
    assert (lines["ac_electricity"] > lines["dc_electricity"]).all()
    assert (lines["anode_net_consumption"] * 1000 / lines["aluminium_output"]).between(390, 450).all()


def test_processes_of_the_long_route(filed: pd.DataFrame) -> None:
    works = filed[filed["plant_id"] == "DEMO11"]

    def of(unit: str, stream: str, parameter: str) -> pd.Series:
        rows = works[(works["unit_id"] == unit) & (works["stream_id"] == stream)]
        return rows.set_index("month")[parameter]

    iron = of("BF1", "", "process_product_output")
    solid = sum(of("BF1", stream, "fuel_input") for stream in ("coke", "anthracite", "bituminous_coal"))
    assert (solid * 1000 / iron).between(450, 620).all()
    assert (
        (of("CK1", "coke", "fuel_output") / of("CK1", "washed_coking_coal", "fuel_input"))
        .between(Decimal("0.72"), Decimal("0.81"))
        .all()
    )
    assert (of("BF1", "blast_furnace_gas", "fuel_output") * 10000 / iron).between(1300, 1950).all()
    # What leaves the ovens and is bought is what the furnace and the sinter plant take.
    bought = of("ENT", "coke", "fuel_consumption")
    assert (
        bought + of("CK1", "coke", "fuel_output") == of("BF1", "coke", "fuel_input") + of("SN1", "coke", "fuel_input")
    ).all()
    own = [stream for stream in works.loc[works["unit_id"] == "ENT", "stream_id"].unique() if stream.endswith("_gas")]
    assert own == ["natural_gas"]


def test_reported_emissions_are_the_account_and_processes_fit_into_the_enterprise(
    clean: PlantYears, filed: pd.DataFrame
) -> None:
    accounts = account(clean.tables)
    lines = accounts.lines[(accounts.lines["sector"] != "power") & accounts.lines["level"].isin(["total", "cofiring"])]
    stated = filed.loc[filed["reported_emission"].notna(), [*KEY, "reported_emission"]].merge(lines, on=KEY, how="left")
    assert len(stated) > 600 and (stated["reported_emission"] == stated["tco2"]).all()
    steel = accounts.plant_months[accounts.plant_months["sector"] == "steel"]
    assert len(steel) == 42 and all(value > 0 for value in steel["other"])
    assert steel.loc[steel["plant_id"] == "DEMO11", "intensity"].between(Decimal("1.5"), Decimal("2.2")).all()


def test_flue_gas_is_close_to_the_account(clean: PlantYears) -> None:
    daily = clean.tables["flue_gas_daily"]
    measured = daily["co2_mass"].map(Decimal).groupby(daily["day"].str[:7]).sum()
    lines = account(clean.tables).lines
    own = lines[(lines["plant_id"] == "DEMO07") & (lines["unit_id"] == "CL1")]
    ratio = measured / own.groupby("month")["tco2"].sum()
    assert len(ratio) == 21 and ratio.between(Decimal("0.97"), Decimal("1.03")).all()


def test_every_stream_is_known_and_registered(clean: PlantYears, filed: pd.DataFrame) -> None:
    facilities = clean.tables["facility"].set_index(["plant_id", "unit_id"])
    for place, streams in filed[filed["fuel_consumption"].notna()].groupby(["plant_id", "unit_id"])["stream_id"]:
        assert set(streams) <= set(facilities.at[place, "fuels"].split(";"))
        assert all(fuel_of(stream) in FUELS for stream in streams)
