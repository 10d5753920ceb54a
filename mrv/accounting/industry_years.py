"""Yearly totals of each line, process and enterprise of an industrial sector, and its allowance position.

Balance values of the sectors (行业平衡值) are computed after the year by the ministry and were not found: without one the
position is a range, the least and the most that the plan can give.
"""

from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd

from emission_factors import Factors, rule_set
from mrv.accounting import allowance
from mrv.accounting.accounts import UNIT_YEAR_COLUMNS
from mrv.accounting.industry_units import over
from mrv.accounting.inputs import sorted_codes, wide
from mrv.accounting.unit_months import sums

KEY = ["plant_id", "sector", "unit_id", "year"]
ZERO, HUNDRED = Decimal(0), Decimal(100)
WHITE = "white_clinker"


def unit_years(
    parameter: pd.DataFrame,
    months: pd.DataFrame,
    lines: pd.DataFrame,
    facilities: pd.DataFrame,
    factors: Factors,
    allocated: str,
) -> pd.DataFrame:
    """Totals of the months given, and the allowance of the units that the plan allocates to.

    Parameters
    ----------
    parameter, months, lines : accepted rows, `industry_units.unit_months` and emission lines of one sector
    facilities : canonical `facility` frame
    factors : balance values (table `benchmarks`, purpose `balance`) and coefficients
    allocated : the parameter that marks an allocated unit: the one whose output it files (`clinker_output`, …)

    Returns
    -------
    DataFrame with `UNIT_YEAR_COLUMNS`; the sum runs over the months that are there.
    """
    if months.empty:
        return pd.DataFrame(columns=UNIT_YEAR_COLUMNS)
    frame = months.assign(year=months["month"].str[:4])
    years, codes = sorted_codes(frame, KEY)
    count = len(years)
    for name in UNIT_YEAR_COLUMNS:
        if name not in years:
            years[name] = None
    for name in ("tco2", "output", "power_generation", "heat_supplied", "run_hours"):
        years[name] = sums(frame[name], codes, count)
    years["months"] = frame.groupby(codes)["month"].nunique().reindex(range(count)).to_numpy()
    years["provisional"] = frame["provisional"].astype(bool).groupby(codes).any().reindex(range(count)).to_numpy()
    years["intensity"] = over(years["tco2"].to_numpy(dtype=object), years["output"].to_numpy(dtype=object))
    makers = parameter.loc[parameter["parameter"] == allocated, ["plant_id", "unit_id"]].drop_duplicates()
    is_allocated = pd.MultiIndex.from_frame(years[["plant_id", "unit_id"]]).isin(pd.MultiIndex.from_frame(makers))
    surrender = _surrendered(lines, years)
    exempt = _exempt(parameter, years, facilities, factors)
    places = np.flatnonzero(is_allocated)
    columns = zip(*(years.loc[is_allocated, name] for name in ("sector", "year", "output")), strict=True)
    positions = [
        _position(sector, year, output, surrender[place], exempt[place], allocated, factors)
        for place, (sector, year, output) in zip(places, columns, strict=True)
    ]
    for name in {name: None for found in positions for name in found}:
        column = years[name].to_numpy(dtype=object).copy()
        for place, found in zip(places, positions, strict=True):
            column[place] = found.get(name)
        years[name] = pd.Series(column, index=years.index, dtype=object)  # None stays None
    return years[UNIT_YEAR_COLUMNS]


def _surrendered(lines: pd.DataFrame, years: pd.DataFrame) -> list[Decimal]:
    """Emission of each unit-year from the sources that the rule set counts for surrender."""
    kinds, codes = sorted_codes(lines, ["sector", "month", "source", "level"])
    counted = [
        rule_set(sector, month).surrendered(source) and level == "total"
        for sector, month, source, level in kinds.itertuples(index=False, name=None)
    ]
    counts = np.array(counted, dtype=bool)[codes]
    mine = lines[counts]
    index = pd.MultiIndex.from_frame(years[KEY])
    year = mine["month"].str[:4]
    codes = index.get_indexer(pd.MultiIndex.from_arrays([mine["plant_id"], mine["sector"], mine["unit_id"], year]))
    totals = sums(mine["tco2"][codes >= 0], codes[codes >= 0], len(years))
    return [total or ZERO for total in totals]


def _exempt(parameter: pd.DataFrame, years: pd.DataFrame, facilities: pd.DataFrame, factors: Factors) -> list[bool]:
    """Lines whose allowance equals their emission: white clinker only, much carbide slag, gypsum-to-acid lines (plan 2025)."""
    registered = facilities[["plant_id", "sector", "unit_id", "clinker_kind", "gypsum_acid_line"]].drop_duplicates(
        ["plant_id", "sector", "unit_id"]
    )
    known = {row[:3]: row[3:] for row in registered.itertuples(index=False, name=None)}
    limits = {
        year: factors.find("allocation_coefficients", f"{year}-12", name="carbide_slag_exemption")
        for year in years["year"].unique()
    }
    ratios = wide(parameter, ["plant_id", "sector", "unit_id", "month"], ("carbide_slag_ratio", "clinker_output"))
    ratios["year"] = ratios["month"].str[:4]
    shares: dict[tuple[str, ...], list[tuple[Decimal, Decimal]]] = {}
    for row in ratios[[*KEY, "carbide_slag_ratio", "clinker_output"]].itertuples(index=False, name=None):
        if row[4] is not None and row[5] is not None:
            shares.setdefault(row[:4], []).append((row[4], row[5]))
    result = []
    for key in years[KEY].itertuples(index=False, name=None):
        kind, acid = known.get(key[:3], ("", ""))
        limit = limits[key[3]]
        pairs = shares.get(key, [])
        weight = sum((output for _, output in pairs), ZERO)
        share = sum((ratio * output for ratio, output in pairs), ZERO) / weight if weight else ZERO
        result.append(kind == WHITE or acid == "yes" or (limit is not None and share > limit.value))
    return result


def _position(
    sector: str, year: str, output: Decimal | None, emitted: Decimal, exempt: bool, product: str, factors: Factors
) -> dict[str, Any]:
    """Allowance position of one unit-year."""
    month = f"{year}-12"
    plan = rule_set(sector, month).allocation_plan(month)
    result: dict[str, Any] = {"tco2_surrender": emitted, "allowance_factors": "", "allowance_certainty": ""}
    if plan is None:
        return result
    result["allowance_certainty"] = plan.certainty
    if plan.basis == "verified_emission" or exempt:
        whole = allowance.whole_tonnes_down(emitted)
        return result | {"allowance": whole, "gap": ZERO, "allowance_low": whole, "allowance_high": whole}
    slope, band, cap = (
        factors.as_of("allocation_coefficients", month, name=f"intensity_{name}") for name in ("slope", "band", "cap")
    )
    result["allowance_factors"] = " ".join(found.id for found in (slope, band, cap))
    most = cap.value / HUNDRED
    result["allowance_low"] = allowance.whole_tonnes_down(emitted * (1 - most))
    result["allowance_high"] = allowance.whole_tonnes_down(emitted * (1 + most))
    balance = factors.find("benchmarks", month, purpose="balance", benchmark=product)
    if balance is None or not output:
        return result
    alpha = allowance.intensity_coefficient(emitted / output, balance.value, slope.value, band.value / HUNDRED, most)
    given = allowance.whole_tonnes_down(emitted * (1 + alpha))
    result["allowance_factors"] += f" {balance.id}"
    return result | {"balance_value": balance.value, "allowance": given, "gap": emitted - given}
