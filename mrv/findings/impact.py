"""What a fault is worth in tonnes: the year recomputed with and without it, all faults of a batch in one accounting call.

Each finding that knows what would have been filed without its fault (its counterfactual) becomes a scenario: a copy of the
rows of its reporting unit and year (of its whole part of the plant, where units depend on each other), under a plant name of its own, with those values replaced. Accounting does not know that
they are scenarios. Impact = as filed − without the fault, so a negative emission impact is an understatement.
"""

import json
from decimal import Decimal

import pandas as pd

from emission_factors import Factors
from mrv.accounting.account import SECTORS, account
from mrv.accounting.accounts import Accounts
from mrv.accounting.inputs import sorted_codes
from mrv.accounting.register import groups
from schemas import empty
from schemas.vocabulary.parameters import unit_of

# Stands between plant and scenario; it cannot occur in a plant's name, which is checked text of a file.
MARK = "\x1f"
ROW = ["unit_id", "stream_id", "month", "parameter"]
ZERO = Decimal(0)


def with_impact(
    findings: pd.DataFrame, tables: dict[str, pd.DataFrame], accounts: Accounts, factors: Factors
) -> pd.DataFrame:
    """Findings with `impact_tco2e`, `impact_allowance_t`, `impact_gap_t` [t, two decimals as text] and `impact_scope`.

    Parameters
    ----------
    findings : as built, with `counterfactual` JSON {parameter: text or null}; an empty text leaves the impact empty (null):
        no counterfactual, no number
    tables : canonical frames the accounts were computed from
    accounts : as filed
    """
    result = findings.reset_index(drop=True)
    priced = result[(result["counterfactual"] != "") & (result["unit_id"] != "")]
    if priced.empty:
        return result
    years = account(_scenarios(priced, tables), factors).unit_years
    without = years.assign(scenario=years["plant_id"].str.partition(MARK)[2].astype(int))
    group = _group_of(tables)
    filed_years = accounts.unit_years.set_index(["plant_id", "sector", "unit_id", "year"])
    counterfactual_years = without.set_index(["scenario", "sector", "unit_id", "year"])
    for index, row in priced.iterrows():
        unit = group.get((row["plant_id"], row["unit_id"]), row["unit_id"])
        key = (row["sector"], unit, row["period"][:4])
        if (row["plant_id"], *key) not in filed_years.index:
            continue
        filed = filed_years.loc[(row["plant_id"], *key)]
        found = counterfactual_years.loc[(index, *key)] if (index, *key) in counterfactual_years.index else None
        for column, name in (("impact_tco2e", "tco2"), ("impact_allowance_t", "allowance"), ("impact_gap_t", "gap")):
            before, after = _number(filed[name]), _number(None if found is None else found[name])
            if before is not None or after is not None:
                result.at[index, column] = f"{(before or ZERO) - (after or ZERO):.2f}"
        result.at[index, "impact_scope"] = f"{unit} {row['period'][:4]} ({filed['months']}/12)"
    return result


def _number(value: object) -> Decimal | None:
    return value if isinstance(value, Decimal) else None


def _group_of(tables: dict[str, pd.DataFrame]) -> dict[tuple[str, str], str]:
    if "unit" not in tables:
        return {}
    return groups(tables["unit"]).set_index(["plant_id", "unit_id"])["group"].to_dict()


def _scenarios(priced: pd.DataFrame, tables: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Parameter rows of every scenario with the replaced values, and the register under the scenarios' plant names."""
    group = _group_of(tables)
    wanted = priced[["plant_id", "sector", "unit_id", "stream_id", "period", "counterfactual"]].copy()
    wanted["scenario"] = priced.index
    wanted["year"] = wanted["period"].str[:4]
    alone = {name for name, sector in SECTORS.items() if sector.units_stand_alone}

    def together(plant_id: str, sector: str, unit_id: str) -> str:
        """What is copied as one: the merged group of a unit, or the whole part of the plant."""
        return group.get((plant_id, unit_id), unit_id) if sector in alone else ""

    unit_key = ["plant_id", "sector", "unit_id"]
    wanted["group"] = [together(*place) for place in wanted[unit_key].itertuples(index=False, name=None)]
    parameter = tables["parameter"]
    rows = parameter[parameter["plant_id"].isin(wanted["plant_id"].unique())].copy()
    rows["year"] = rows["month"].str[:4]
    places, codes = sorted_codes(rows, unit_key)
    belongs = [together(*place) for place in places.itertuples(index=False, name=None)]
    rows["group"] = pd.Series(belongs, dtype="str").take(codes).set_axis(rows.index)
    key = ["plant_id", "sector", "group", "year"]
    copies = wanted[["scenario", *key]].merge(rows, on=key)
    replaced = _replacements(wanted)
    copies = copies.merge(replaced, on=["scenario", *ROW], how="left")
    changed = copies["new"].notna()
    removed = copies["new"] == ""
    copies.loc[changed, "value"] = copies.loc[changed, "new"]
    copies = copies[~removed]
    present = pd.MultiIndex.from_frame(copies[["scenario", *ROW]])
    added = replaced[~pd.MultiIndex.from_frame(replaced[["scenario", *ROW]]).isin(present) & (replaced["new"] != "")]
    if len(added):
        new = added.merge(wanted[["scenario", "plant_id", "sector"]], on="scenario").rename(columns={"new": "value"})
        new["unit"] = [unit_of(name, stream) for name, stream in zip(new["parameter"], new["stream_id"], strict=True)]
        new["method"] = "measured"
        copies = pd.concat([copies, new], ignore_index=True)
    copies["plant_id"] = copies["plant_id"] + MARK + copies["scenario"].astype(str)
    frame = copies[parameter.columns].fillna("").astype("str")
    names = wanted[["plant_id", "scenario"]].drop_duplicates()
    copied = {"parameter": frame}
    for table in ("unit", "plant", "facility"):
        copy = names.merge(tables[table] if table in tables else empty(table), on="plant_id")
        copy["plant_id"] = copy["plant_id"] + MARK + copy["scenario"].astype(str)
        copied[table] = copy.drop(columns="scenario")
    return copied


def _replacements(wanted: pd.DataFrame) -> pd.DataFrame:
    """Columns scenario, unit, stream, month, parameter, new; `new` is the empty text where a row is taken away."""
    rows = [
        (row.scenario, row.unit_id, row.stream_id, row.period, name, "" if value is None else str(value))
        for row in wanted.itertuples(index=False)
        for name, value in json.loads(row.counterfactual).items()
    ]
    return pd.DataFrame(rows, columns=["scenario", *ROW, "new"])
