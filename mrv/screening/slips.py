"""Slips of a power of ten: a value against the median of the unit's other months, size of the operation taken out."""

from decimal import Decimal

import numpy as np
import pandas as pd

from mrv.screening.case import STREAM_KEY, UNIT_KEY, Case
from mrv.screening.industry_slips import industry_slips
from mrv.screening.own_history import median_of_others
from mrv.screening.powers_of_ten import gases, judged
from mrv.screening.thresholds import limit

_CONTENT = ("net_calorific_value", "carbon_content_ar", "carbon_content_ad", "carbon_content_d", "carbon_per_heat")
_KEY = [*STREAM_KEY, "parameter"]
POWER = "power"


def slips(case: Case, plants: pd.Series | None = None) -> pd.DataFrame:
    """Values that are ten, a thousand or (gases, counted in 10^4 Nm3) ten thousand times what they should be, or as much less.

    plants : restricts the search to these. Returns key columns, `parameter` and `power` (integer; the value is 10^power too
    large). Contents are compared as they are; generation per operating hour; coal and gas per MWh, with a slip of the
    generation taken out first, so that one slip is blamed once; oil, heat and purchased electricity, which change from month to
    month by themselves, only when a thousand times too large. Lines and processes of the other sectors: `industry_slips`.
    """
    units, streams = (rows[rows["sector"] == POWER] for rows in (case.units, case.streams))
    if plants is not None:
        units, streams = units[units["plant_id"].isin(plants)], streams[streams["plant_id"].isin(plants)]
    units = units.assign(group=units["merged_with"].where(units["merged_with"] != "", units["unit_id"]))
    generation = _generation(units, streams)
    slipped = units[UNIT_KEY].merge(generation[[*UNIT_KEY, "power"]], on=UNIT_KEY, how="left")["power"].fillna(0)
    units = units.assign(corrected=units["power_generation"].to_numpy() / 10.0 ** slipped.to_numpy())
    rest = pd.concat([_contents(streams), _fuels(streams, units), _of_units(units)], ignore_index=True)
    found = pd.concat([generation, judged(rest), _of_industry(case, plants)], ignore_index=True)
    return found[[*_KEY, "power"]].sort_values(_KEY, ignore_index=True)


def _of_industry(case: Case, plants: pd.Series | None) -> pd.DataFrame:
    found = industry_slips(case)
    return found if plants is None else found[found["plant_id"].isin(plants)]


def scaled(text: str, power: int) -> str:
    """A decimal text with the slip taken out, as canonical text: `scaled("23400", 3)` is `23.4`."""
    number = Decimal(text).scaleb(-power)
    plain = f"{number:f}"
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


def _generation(units: pd.DataFrame, streams: pd.DataFrame) -> pd.DataFrame:
    hours = units["run_hours"].where(units["run_hours"] > 0)
    rows = units[UNIT_KEY].assign(stream_id="", parameter="power_generation", allowed="usual")
    found = judged(rows.assign(indicator=units["power_generation"] / hours))
    if found.empty:
        return found
    # Fuel per MWh must be off by the inverse; where it is not, the hours are wrong and the generation is right.
    heat = streams["fuel_consumption"] * streams["net_calorific_value"]
    fuel = streams[UNIT_KEY].assign(heat=heat).groupby(UNIT_KEY, as_index=False)["heat"].sum(min_count=1)
    fuel = fuel.rename(columns={"unit_id": "group"})
    burnt = units[["plant_id", "sector", "group", "month"]].merge(fuel, how="left")["heat"].to_numpy()
    ratio = burnt / units["power_generation"].where(units["power_generation"] > 0)
    median, _ = median_of_others(ratio.where(ratio > 0), units.groupby(["plant_id", "unit_id"], sort=False).ngroup())
    against = -np.log10(ratio.where(ratio > 0) / median).reindex(found.index)
    return found[against.isna() | ((against - found["power"]).abs() <= 2 * limit("SCH-03", "window"))]


def _contents(streams: pd.DataFrame) -> pd.DataFrame:
    allowed = np.where(gases(streams["stream_id"]), "gas", "usual")
    parts = [streams[STREAM_KEY].assign(parameter=name, allowed=allowed, indicator=streams[name]) for name in _CONTENT]
    return pd.concat(parts)


def _fuels(streams: pd.DataFrame, units: pd.DataFrame) -> pd.DataFrame:
    totals = units.groupby(["plant_id", "sector", "group", "month"], as_index=False).agg(
        corrected=("corrected", "sum"), run_hours=("run_hours", "max")
    )
    run = streams[UNIT_KEY].merge(totals.rename(columns={"group": "unit_id"}), on=UNIT_KEY, how="left")
    enough = (run["run_hours"] >= limit("SCH-03", "hours")) & (run["corrected"] > 0)
    per_power = streams["fuel_consumption"] / run["corrected"].where(enough).to_numpy()
    gas = gases(streams["stream_id"])
    judged = streams["coal"] | gas
    return streams[STREAM_KEY].assign(
        parameter="fuel_consumption",
        allowed=np.where(gas, "gas", np.where(streams["coal"], "usual", "thousand")),
        indicator=per_power.where(judged, streams["fuel_consumption"]),
    )


def _of_units(units: pd.DataFrame) -> pd.DataFrame:
    rows = units[UNIT_KEY].assign(stream_id="")
    share = units["power_supplied"] / units["corrected"].where(units["corrected"] > 0)
    long_run = units["run_hours"] >= limit("SCH-03", "hours")
    return pd.concat(
        [
            rows.assign(parameter="power_supplied", allowed="usual", indicator=share),
            rows.assign(parameter="heat_supplied", allowed="thousand", indicator=units["heat_supplied"]),
            # A unit that stands still all month lives on purchased electricity.
            rows.assign(
                parameter="purchased_electricity",
                allowed="thousand",
                indicator=units["purchased_electricity"].where(long_run),
            ),
        ]
    )
