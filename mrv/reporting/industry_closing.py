"""What stands behind an industrial report: the allowance position or its range, and what other documents would give."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd

from emission_factors import FactorRow
from emission_factors.table import GUIDE
from mrv.accounting.account import account
from mrv.accounting.accounts import TOTAL
from mrv.accounting.allowance import intensity_coefficient
from mrv.accounting.combustion import HUNDRED
from mrv.accounting.decimals import round_half_up
from mrv.reporting.annual_closing import ALLOCATION, UNSURE
from mrv.reporting.annual_grid import KEY, Rows, as_text
from mrv.reporting.annual_words import CERTAINTY_OF_PLAN, NOT_PUBLISHED, said
from mrv.reporting.industry_context import Industry
from schemas.vocabulary import stream_state

ALTERNATIVES = "ALTERNATIVES"
POSITION = (
    ("tco2_surrender", "tCO2", "emission"),
    ("output", "t", ""),
    ("intensity", "tCO2/t", "intensity"),
    ("balance_value", "tCO2/t", ""),
    ("intensity_coefficient", "%", ""),
    ("allowance", "t", ""),
    ("allowance_low", "t", ""),
    ("allowance_high", "t", ""),
    ("gap", "t", "emission"),
)
OF_FILING = ("tco2_surrender", "output", "intensity")
SUBJECTS = {"fuels": "fuel", "process_factors": "subject"}


def allocation(rows: Rows, context: Industry) -> None:
    """Adds the allowance position of each allocated unit: one number where the balance value is known, else the range."""
    years = context.accounts.unit_years
    years = years[np.array([value is not None for value in years["tco2_surrender"]], dtype=bool)].reset_index(drop=True)
    if years.empty:
        return
    keys = years[["plant_id", "unit_id"]].assign(stream_id="")
    certainty = np.array([value or "" for value in years["allowance_certainty"]], dtype=object)
    unsure_plan = np.isin(certainty, UNSURE)
    missing = context.missing[_places(context, keys)] > 0
    on_filing = np.where(missing | years["provisional"].to_numpy(dtype=bool), "yes", "no").astype(object)
    on_plan = np.where(unsure_plan | (on_filing == "yes"), "yes", "no").astype(object)
    why = np.array([CERTAINTY_OF_PLAN.get(word, "") for word in certainty], dtype=object)
    rows.add(ALLOCATION, "00", "allowance_certainty", keys, certainty, provisional=on_plan, reason=why)
    cells = years.to_dict("records")
    for number, (item, unit, rounding) in enumerate(POSITION, start=2):
        values = np.empty(len(cells), dtype=object)
        values[:] = [_alpha(context, row) if item == "intensity_coefficient" else row[item] for row in cells]
        if rounding:
            values = round_half_up(values, context.rules.decimals(rounding))
        blank = np.array([value is None for value in values], dtype=bool)
        reason = np.where(blank, NOT_PUBLISHED, "" if item in OF_FILING else why).astype(object)
        marks: dict[str, Any] = {"provisional": on_filing if item in OF_FILING else on_plan, "reason": reason}
        method = np.where(blank, "", "calculated").astype(object)
        rows.add(ALLOCATION, f"{number:02d}", item, keys, as_text(values), unit=unit, method=method, **marks)
    _of_plants(rows, context, years, on_plan)


def _places(context: Industry, keys: pd.DataFrame) -> np.ndarray:
    index = pd.MultiIndex.from_frame(context.reporting_grid.keys[["plant_id", "unit_id"]])
    return index.get_indexer(pd.MultiIndex.from_frame(keys[["plant_id", "unit_id"]]))


def _alpha(context: Industry, row: dict[str, Any]) -> Decimal | None:
    """Intensity coefficient of a unit-year [%]; None where no balance value is known."""
    if row["balance_value"] is None or not row["output"]:
        return None
    month = f"{row['year']}-12"
    slope, band, cap = (
        context.factors.as_of("allocation_coefficients", month, name=f"intensity_{name}").value
        for name in ("slope", "band", "cap")
    )
    own = row["tco2_surrender"] / row["output"]
    return HUNDRED * intensity_coefficient(own, row["balance_value"], slope, band / HUNDRED, cap / HUNDRED)


def _of_plants(rows: Rows, context: Industry, years: pd.DataFrame, unsure: np.ndarray) -> None:
    """Sums over the allocated units of a plant; none where one of them is not known."""
    for number, (item, unit) in enumerate(
        (("allowance", "t"), ("allowance_low", "t"), ("allowance_high", "t"), ("tco2_surrender", "tCO2"), ("gap", "t")),
        20,
    ):
        keys, sums, marks = [], [], []
        for plant, mine in years.assign(_unsure=unsure == "yes").groupby("plant_id", sort=True):
            values = list(mine[item])
            keys.append((str(plant), "", ""))
            sums.append(None if any(value is None for value in values) else sum(values, Decimal(0)))
            marks.append("yes" if mine["_unsure"].any() else "no")
        totals = np.empty(len(sums), dtype=object)
        totals[:] = sums
        reason = np.array([NOT_PUBLISHED if value is None else "" for value in sums], dtype=object)
        rows.add(
            ALLOCATION, str(number), item, pd.DataFrame(keys, columns=KEY, dtype="str"), as_text(totals), unit=unit,
            method="calculated", provisional=np.array(marks, dtype=object), reason=reason,
        )  # fmt: skip


@dataclass(frozen=True)
class Alternative:
    """A published value that the rule set did not pick, beside the one it picked."""

    taken: FactorRow
    other: FactorRow
    subject: str
    plants: frozenset[str]

    @property
    def choice(self) -> dict[str, str]:
        """What `Factors.choosing` takes to compute with the other value."""
        return {f"{self.subject}.{self.other.column('parameter')}": self.other.column("candidate")}


def alternatives(rows: Rows, context: Industry) -> None:
    """Adds, wherever documents disagree about a factor that was used: the value taken, each other value, and the tonnes between."""
    for found in _alternatives(context):
        differences = _difference(context, found)
        plants = sorted(differences)
        keys = pd.DataFrame({"plant_id": plants, "unit_id": "", "stream_id": found.subject}, dtype="str")
        item = found.other.id
        for code, row in (("1", found.taken), ("2", found.other)):
            rows.add(
                ALTERNATIVES, code, item, keys, np.full(len(keys), row.text, dtype=object), unit=row.unit,
                method=row.certainty, source_document=" ".join(filter(None, (row.source, row.clause))),
                reason=said(f"因子行 {row.id}", f"factor row {row.id}"),
            )  # fmt: skip
        values = np.empty(len(plants), dtype=object)
        values[:] = [differences[plant] for plant in plants]
        rows.add(ALTERNATIVES, "3", item, keys, as_text(values), unit="tCO2", method="calculated")


def _alternatives(context: Industry) -> Iterator[Alternative]:
    used: dict[str, set[str]] = {}
    lines = context.accounts.lines
    for plant, text in lines[["plant_id", "factors"]].drop_duplicates().itertuples(index=False, name=None):
        for row_id in text.split():
            used.setdefault(row_id, set()).add(plant)
    # The oxidation rate of a balance stands for a state of matter; where the guide has none no row is quoted on the line.
    states: dict[str, set[str]] = {}
    for plant, stream in lines[["plant_id", "stream_id"]].drop_duplicates().itertuples(index=False, name=None):
        states.setdefault(stream_state(stream), set()).add(plant)
    months = sorted(lines["month"].unique())
    for table, column in SUBJECTS.items():
        mine = [
            row
            for row in context.factors.rows(table)
            if context.sector in row.column("sector").split() and any(row.holds_in(month) for month in months)
        ]
        for other in mine:
            for subject in other.column(column).split():
                name = other.column("parameter")
                picked = context.rules.candidate(subject, name)
                if other.column("candidate") in (picked, ""):
                    continue
                for taken in mine:
                    same = subject in taken.column(column).split() and taken.column("parameter") == name
                    if same and taken.column("candidate") == picked:
                        plants = used.get(taken.id, set())
                        if picked == GUIDE and subject in states:
                            plants = plants | states[subject]
                        if plants:
                            yield Alternative(taken, other, subject, frozenset(plants))


def _difference(context: Industry, found: Alternative) -> dict[str, Decimal]:
    """Tonnes by which the year of each plant would differ [tCO2e], over the months in which the other value is valid."""
    frame = context.tables["parameter"]
    months = [month for month in context.reporting_grid.periods if found.other.holds_in(month)]
    here = (frame["sector"] == context.sector) & frame["month"].isin(months) & frame["plant_id"].isin(found.plants)
    there = account({**context.tables, "parameter": frame[here]}, context.factors.choosing(found.choice)).lines
    lines = context.accounts.lines
    result: dict[str, Decimal] = {}
    for plant in found.plants:
        sums = []
        for part in (there, lines[lines["month"].isin(months)]):
            mine = part[(part["plant_id"] == plant) & (part["level"] == TOTAL)]
            sums.append(sum((value for value in mine["tco2"] if value is not None), Decimal(0)))
        result[plant] = sums[0] - sums[1]
    return result
