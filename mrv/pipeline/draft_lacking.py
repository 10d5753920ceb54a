"""What a month still lacks while its parts come in: the lines of the plan in force, or of the monthly workbook, that nobody filled."""

import pandas as pd

from mrv.accounting.accounts import nothing
from mrv.reporting.template_rows import ALTERNATIVES, template_rows
from mrv.screening.case import Case
from mrv.screening.plan_lines import in_force, kind_of, months_between
from mrv.storage.drafts import MonthKey

LACKING = ["unit_id", "stream_id", "parameter", "department"]


def lacking(key: MonthKey, parameter: pd.DataFrame | None, register: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Quantities that are due in the month and in no part: `unit_id, stream_id, parameter, department` (of the plan, as it names it).

    parameter : canonical rows of the parts put together. By the control plan in force; for a plant without one by what the monthly
    workbook of its sector requires. Quantities taken less often than monthly are left out.
    """
    focus = pd.DataFrame([{"plant_id": key.plant_id, "sector": key.sector, "month": key.month}])
    lines = in_force(Case({"control_plan": register["control_plan"]}, nothing(), focus))
    wait = lines["frequency"].map(lambda text: (months_between(text) or 1.0) > 1.0).astype(bool)
    due = lines[~(wait & (lines["method"] == "measured"))] if len(lines) else _required(key, register)
    filed = set()
    if parameter is not None:
        own = parameter[parameter["sector"] == key.sector]
        filed = set(zip(own["unit_id"], own["stream_id"], kind_of(own["parameter"]), strict=True))
    kept = [
        not any((row["unit_id"], row["stream_id"], name) in filed for name in _names(row["parameter"]))
        for row in due.to_dict("records")
    ]
    return due.loc[kept, LACKING].drop_duplicates(ignore_index=True)


def _names(parameter: str) -> list[str]:
    """A quantity and those that may stand in its place."""
    return kind_of(pd.Series([parameter, *ALTERNATIVES.get(parameter, ())], dtype="str")).tolist()


def _required(key: MonthKey, register: dict[str, pd.DataFrame]) -> pd.DataFrame:
    units = register["unit"][register["unit"]["plant_id"] == key.plant_id]
    try:
        rows = template_rows(units, key.sector, key.month)
    except ValueError:  # a sector without a monthly workbook: without a plan nobody can say
        rows = []
    found = [(row.unit_id, row.stream_id, row.parameter, "") for row in rows if row.required]
    return pd.DataFrame(found, columns=LACKING, dtype="str")
