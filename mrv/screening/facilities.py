"""Lines, processes and enterprises of the industrial sectors: what they filed, what they make, what they use per tonne."""

import pandas as pd

from mrv.accounting.industry_units import PRODUCTS
from mrv.screening.case import STREAM_KEY, UNIT_KEY, Case, numbers
from schemas.vocabulary import ENTERPRISE_UNIT, PROCESSES

INDUSTRY = frozenset({"cement", "aluminium", "steel"})
REGISTER = ("process", "clinker_kind", "combustion_equipment", "name")
# What a line, a process or an enterprise uses in proportion to what it makes.
STREAM_QUANTITIES = (
    "fuel_consumption",
    "fuel_input",
    "fuel_output",
    "material_consumption",
    "substitute_consumption",
    "carbon_product_output",
)
UNIT_QUANTITIES = (
    "raw_meal_consumption",
    "anode_consumption",
    "dc_electricity",
    "ac_electricity",
    "process_electricity",
)


def register(case: Case) -> pd.DataFrame:
    """The facility register: plant_id, sector, unit_id, the columns of `REGISTER` (texts) and `role` (empty where unknown)."""
    rows = case.table("facility").drop_duplicates(["plant_id", "sector", "unit_id"])
    roles = {name: entry.role for name, entry in PROCESSES.items()}
    return rows[["plant_id", "sector", "unit_id", *REGISTER]].assign(role=rows["process"].map(roles).fillna(""))


def facility_months(case: Case) -> pd.DataFrame:
    """One row per plant, sector, unit and month of the industrial sectors, the enterprise (unit `ENT`) among them.

    Unit-level parameters as floats in canonical units, `output` [t] (the product of the unit, NaN where none was filed),
    `hours_in_month` [h], and from the register the texts of `REGISTER` and `role`, empty for a unit that is not registered.
    """
    power_columns = ["merged_with", "unit_class", "product_class", "boiler_type", "cooling_mode", "standby", "fuels"]
    units = case.units[case.units["sector"].isin(INDUSTRY)].drop(columns=[*power_columns, "registered", "capacity"])
    rows = units.merge(register(case), on=["plant_id", "sector", "unit_id"], how="left")
    texts = [*REGISTER, "role"]
    rows[texts] = rows[texts].fillna("")
    rows.loc[(rows["unit_id"] == ENTERPRISE_UNIT) & (rows["role"] == ""), "role"] = "enterprise"
    rows["output"] = rows[list(PRODUCTS)].bfill(axis=1).iloc[:, 0]
    return rows


def quantities(case: Case, made: pd.DataFrame | None = None) -> pd.DataFrame:
    """What was used and how much was made: one row per filed quantity of `STREAM_QUANTITIES` and `UNIT_QUANTITIES`.

    Columns: the stream key, `parameter`, `amount` (float, canonical unit) and `output` [t]: the product of the unit itself, else
    the sum over the enterprise of what its lines make (a fuel filed for the whole). made : the facility months with other outputs
    than the filed ones.
    """
    filed = case.table("parameter")
    wanted = filed["parameter"].isin([*STREAM_QUANTITIES, *UNIT_QUANTITIES]) & filed["sector"].isin(INDUSTRY)
    rows = filed.loc[wanted, [*STREAM_KEY, "parameter"]].assign(amount=numbers(filed.loc[wanted, "value"]))
    made = (case.facilities if made is None else made)[[*UNIT_KEY, "output", "role"]]
    whole = made[made["role"].isin(["line", "enterprise"])]
    whole = whole.groupby(["plant_id", "sector", "month"], as_index=False)["output"].sum(min_count=1)
    rows = rows.merge(made.drop(columns="role"), on=UNIT_KEY, how="left")
    total = rows[["plant_id", "sector", "month"]].merge(whole, on=["plant_id", "sector", "month"], how="left")["output"]
    return rows.assign(output=rows["output"].fillna(total).where(lambda values: values > 0))
