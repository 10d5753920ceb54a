"""C.1 and C.2 of a power report: what the register says of the plant and its units."""

import numpy as np
import pandas as pd

from mrv.reporting.annual_context import Context, lines_of
from mrv.reporting.annual_grid import KEY, Rows
from mrv.reporting.annual_words import NOT_IN_REGISTER, NOT_REGISTERED
from schemas import TABLES

# The lines of table C.1 in the order of the form; the register holds some of them only.
ABOUT_PLANT = (
    "name",
    "credit_code",
    "legal_form",
    "legal_representative",
    "registered_on",
    "registered_capital",
    "registered_address",
    "address",
    "province",
    "longitude",
    "latitude",
    "altitude",
    "postcode",
    "contact",
    "telephone",
    "reporting_authority",
    "industry",
    "grid_region",
    "operating_changes",
    "report_body",
    "laboratories",
)
ABOUT_UNIT = (
    "name",
    "fuels",
    "unit_class",
    "product_class",
    "capacity",
    "boiler_type",
    "boiler_code",
    "turbine_code",
    "pressure_class",
    "cooling_mode",
    "generator_code",
    "merged_with",
    "standby",
    "commissioned_on",
    "closed_on",
)
# What a unit may well not have.
OPTIONAL = {"merged_with", "standby", "closed_on", "cooling_mode", "pressure_class"}


def plant(rows: Rows, context: Context, table: str) -> None:
    """Adds the lines of C.1; a line the register does not hold stands blank with that reason."""
    keys = lines_of(context.reporting_grid.keys.assign(unit_id=""), context.year).keys
    known = keys[["plant_id"]].merge(context.plants.drop_duplicates("plant_id"), on="plant_id", how="left").fillna("")
    for number, item in enumerate(ABOUT_PLANT, start=1):
        texts = known[item].to_numpy(dtype=object) if item in known else np.full(len(keys), "", dtype=object)
        _add(rows, table, number, "plant", item, keys, texts, NOT_IN_REGISTER)


def units(rows: Rows, context: Context, table: str) -> None:
    """Adds the lines of C.2 for each registered unit, and for each unit that was filed for but is not registered."""
    registered = context.units.drop_duplicates(["plant_id", "unit_id"])
    known = set(context.members[["plant_id", "unit_id"]].itertuples(index=False, name=None))
    known |= set(context.members[["plant_id", "group"]].itertuples(index=False, name=None))
    filed = context.reporting_grid.keys
    strange = np.array(
        [pair not in known for pair in filed[["plant_id", "unit_id"]].itertuples(index=False, name=None)]
    )
    both = pd.concat([registered.assign(stream_id="")[KEY], filed[strange.astype(bool)]])
    grid = lines_of(both, context.year)
    cells = grid.keys[["plant_id", "unit_id"]].merge(registered, on=["plant_id", "unit_id"], how="left", indicator=True)
    absent = np.where(cells["_merge"] == "left_only", NOT_REGISTERED, NOT_IN_REGISTER).astype(object)
    cells = cells.drop(columns="_merge").fillna("")
    for number, item in enumerate(ABOUT_UNIT, start=1):
        reason = np.where(absent == NOT_IN_REGISTER, "", absent).astype(object) if item in OPTIONAL else absent
        _add(rows, table, number, "unit", item, grid.keys, cells[item].to_numpy(dtype=object), reason)


def _add(
    rows: Rows,
    table: str,
    number: int,
    register: str,
    item: str,
    keys: pd.DataFrame,
    texts: np.ndarray,
    absent: str | np.ndarray,
) -> None:
    column = TABLES[register].by_name.get(item)
    reason = np.where(texts == "", absent, "").astype(object)
    rows.add(table, f"{number:02d}", item, keys, texts, unit=column.unit if column else "", reason=reason)
