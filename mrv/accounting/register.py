"""What accounting needs from the plant register: class, boiler, capacity, merged group and altitude of each reporting unit."""

from decimal import Decimal

import pandas as pd

from mrv.accounting.decimals import to_decimal

# The class that gets the lower benchmark stands first: a merged group of mixed units takes the most conservative one
# (CETS-VG-01.01-V02 table 3).
CONSERVATIVE_FIRST = ("gas", "conventional_coal", "unconventional_coal", "oil", "igcc", "ccpp", "other")


def groups(units: pd.DataFrame) -> pd.DataFrame:
    """Each registered unit with the reporting unit it belongs to.

    units : canonical `unit` frame. Returns plant_id, unit_id, `group` (the merged group, or the unit itself), `capacity`
    [MW, Decimal], unit_class, product_class, boiler_type, cooling_mode, standby.
    """
    frame = units.drop_duplicates(["plant_id", "unit_id"])
    columns = ["plant_id", "unit_id", "unit_class", "product_class", "boiler_type", "cooling_mode", "standby"]
    result = frame[columns].reset_index(drop=True)
    merged = frame["merged_with"].reset_index(drop=True)
    result["group"] = merged.where(merged != "", result["unit_id"])
    result["capacity"] = to_decimal(frame["capacity"])
    return result


def reporting_units(units: pd.DataFrame, plants: pd.DataFrame) -> pd.DataFrame:
    """One row per plant and reporting unit (a unit, or a merged group).

    Returns plant_id, unit_id (the group's name for merged units), capacity [MW, Decimal] (the largest of a group: the class is
    by the size of a unit, not of the sum), unit_class, product_class, boiler_type, cooling_mode, altitude [m] as text.
    """
    members = groups(units)
    rank = {name: position for position, name in enumerate(CONSERVATIVE_FIRST)}
    members["_rank"] = members["unit_class"].map(rank).fillna(len(rank))
    members["_heat"] = (members["product_class"] != "chp").astype(int)
    members["_size"] = [-(capacity or Decimal(0)) for capacity in members["capacity"]]
    by_class = members.sort_values(["plant_id", "group", "_rank", "_size", "unit_id"]).drop_duplicates(
        ["plant_id", "group"]
    )
    by_heat = members.sort_values(["plant_id", "group", "_heat", "unit_id"]).drop_duplicates(["plant_id", "group"])
    largest = members.sort_values(["plant_id", "group", "_size", "unit_id"]).drop_duplicates(["plant_id", "group"])
    key = ["plant_id", "group"]
    result = by_class[[*key, "unit_class", "boiler_type", "cooling_mode"]].merge(
        by_heat[[*key, "product_class"]], on=key
    )
    result = result.merge(largest[[*key, "capacity"]], on=key)
    altitude = plants.drop_duplicates("plant_id")[["plant_id", "altitude"]]
    result = result.merge(altitude, on="plant_id", how="left").rename(columns={"group": "unit_id"})
    result["altitude"] = result["altitude"].fillna("")
    return result
