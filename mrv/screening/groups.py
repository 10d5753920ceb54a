"""Units as they burn fuel: merged units taken together, fuel heat beside electricity and heat."""

import pandas as pd

from mrv.accounting.register import CONSERVATIVE_FIRST
from mrv.screening.case import STREAM_KEY, UNIT_KEY, Case
from schemas.vocabulary import FUELS

_OWN = ["boiler_heat", "boiler_efficiency", "heat_supply_ratio", "biomass_heat_share"]
_LOW_GRADE = ("coal_gangue", "coal_slime", "coal_water_slurry")


def power_groups(case: Case) -> pd.DataFrame:
    """One row per plant, sector, reporting unit (a unit, or a merged group) and month, sector power only.

    Columns, floats in canonical units: sums over the members `power_generation`, `net_power`, `auxiliary_power`,
    `capacity` (NaN when a member filed none) and `heat_supplied` (0 where nobody filed any); `boiler_heat`,
    `boiler_efficiency`, `heat_supply_ratio` and `biomass_heat_share` as filed for the reporting unit; `run_hours` (the
    longest of the members), `hours_in_month`, `members`, `largest_capacity`; heat of fuels `fossil_heat`, `coal_heat`,
    `low_grade_heat` (gangue, slime, coal-water slurry) [GJ], NaN when the heat value of a fuel burnt is absent, and
    `total_heat` with the biomass share added. Texts: `unit_class` (the most conservative member), `product_class` (chp
    if any), `boiler_type`, `cooling_mode`, `pressure_class` of the first member.
    """
    units = case.units[case.units["sector"] == "power"].copy()
    register = case.table("unit").drop_duplicates(["plant_id", "unit_id"])
    units = units.merge(register[["plant_id", "unit_id", "pressure_class"]], on=["plant_id", "unit_id"], how="left")
    units["net_power"] = units["power_supplied"].fillna(units["power_generation"] - units["auxiliary_power"])
    merged = units["merged_with"] != ""
    units["group"] = units["merged_with"].where(merged, units["unit_id"])
    key = ["plant_id", "sector", "group", "month"]
    result = _sums(units, key).merge(_texts(units, key), on=key)
    result = result.rename(columns={"group": "unit_id"})
    own = pd.concat([units[~merged][[*UNIT_KEY, *_OWN]], _whole_groups(units[merged])], ignore_index=True)
    own = own.groupby(UNIT_KEY, as_index=False)[_OWN].first()
    result = result.merge(own, on=UNIT_KEY, how="left").merge(_fuel_heat(case), on=UNIT_KEY, how="left")
    share = result["biomass_heat_share"].fillna(0.0) / 100.0
    result["total_heat"] = result["fossil_heat"] / (1.0 - share).where(share < 1.0)
    return result.sort_values(UNIT_KEY, ignore_index=True)


def _whole_groups(members: pd.DataFrame) -> pd.DataFrame:
    """Boiler heat of a merged group as the sum of its members; ratios of single members say nothing of the whole."""
    grouped = members.groupby(["plant_id", "sector", "group", "month"])["boiler_heat"]
    sums = grouped.sum(min_count=1).where(grouped.count() == grouped.size())
    return sums.reset_index().rename(columns={"group": "unit_id"})


def _sums(units: pd.DataFrame, key: list[str]) -> pd.DataFrame:
    """Sums over the members; a quantity that only some of them filed has no sum."""
    names = pd.MultiIndex.from_frame(units[["plant_id", "unit_id"]])
    merged = units.loc[units["merged_with"] != "", ["plant_id", "merged_with"]]
    members = units[~names.isin(pd.MultiIndex.from_frame(merged))]  # rows filed under the name of a group are no member
    grouped = members.groupby(key, sort=True)
    result = grouped[["power_generation", "net_power", "auxiliary_power", "capacity"]].sum(min_count=1)
    filed = grouped[result.columns.tolist()].count()
    for name in filed.columns:
        result[name] = result[name].where(filed[name] == grouped.size())
    result["members"] = grouped.size()
    result["heat_supplied"] = units.groupby(key)["heat_supplied"].sum()
    result["largest_capacity"] = grouped["capacity"].max()
    result["run_hours"] = grouped["run_hours"].max()
    result["hours_in_month"] = grouped["hours_in_month"].first()
    return result.reset_index()


def _texts(units: pd.DataFrame, key: list[str]) -> pd.DataFrame:
    rank = {name: place for place, name in enumerate(CONSERVATIVE_FIRST)}
    rows = units.assign(_rank=units["unit_class"].map(rank).fillna(len(rank)), _chp=units["product_class"] != "chp")
    rows["pressure_class"] = rows["pressure_class"].fillna("")
    rows = rows.sort_values([*key, "_rank", "unit_id"], kind="stable")
    texts = rows.drop_duplicates(key)[[*key, "unit_class", "boiler_type", "cooling_mode", "pressure_class"]]
    product = rows.sort_values([*key, "_chp"], kind="stable").drop_duplicates(key)[[*key, "product_class"]]
    return texts.merge(product, on=key)


def _fuel_heat(case: Case) -> pd.DataFrame:
    """Fossil heat of the fuels of each unit; without a value when quantity or heat value of one of them is absent.

    A fuel of which anything was filed owes its quantity; the heat of the others is then no heat of the unit.
    """
    streams = case.streams[case.streams["sector"] == "power"]
    streams = streams[streams["fuel"].isin([name for name in FUELS if name != "biomass"])]
    heat = streams["fuel_consumption"] * streams["net_calorific_value"]
    heat = heat.where(streams["fuel_consumption"] != 0, 0.0)
    rows = streams[STREAM_KEY].assign(
        fossil_heat=heat,
        coal_heat=heat.where(streams["coal"], 0.0),
        low_grade_heat=heat.where(streams["fuel"].isin(_LOW_GRADE), 0.0),
    )
    unknown = rows["fossil_heat"].isna().groupby([rows[name] for name in UNIT_KEY]).any()
    sums = rows.groupby(UNIT_KEY)[["fossil_heat", "coal_heat", "low_grade_heat"]].sum()
    return sums.where(~unknown).reset_index()
