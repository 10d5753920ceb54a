"""What stands behind the tables of the guide: the allowance position, every factor row used, and what blocks the report."""

from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd

from emission_factors import FactorRow, NoFactor
from mrv.accounting.allowance import gap_rate
from mrv.accounting.decimals import round_half_up
from mrv.reporting.annual_context import Context, lines_of
from mrv.reporting.annual_grid import KEY, Rows, as_text, places_of
from mrv.reporting.annual_words import DRAFT_PLAN, said

ALLOCATION, FACTORS, PENDING = "ALLOCATION", "FACTORS", "PENDING"
POSITION = (
    ("power_generation", "MWh"),
    ("power_supplied", "MWh"),
    ("heat_supplied", "GJ"),
    ("load_factor", "%"),
    ("benchmark_electricity", "tCO2/MWh"),
    ("benchmark_heat", "tCO2/GJ"),
    ("load_factor_correction", ""),
    ("allowance_electricity", "t"),
    ("allowance_heat", "t"),
    ("allowance", "t"),
    ("tco2_surrender", "tCO2"),
    ("gap", "t"),
)
# What rests on the filing alone, whatever the plan.
OF_FILING = ("power_generation", "power_supplied", "heat_supplied", "load_factor", "tco2_surrender")
UNSURE = ("uncertain", "draft")
CERTAINTY_REASONS = {
    "uncertain": said("数值未能确证，以主管部门公布为准", "not established, the authority's number prevails"),
    "draft": said("出自征求意见稿，正式文件未见", "from a draft for comment, the final text was not found"),
    "": said("因子表中没有该行", "no such row in the factor tables at hand"),
}


def allocation(rows: Rows, context: Context) -> None:
    """Adds the estimate of allowances, unit by unit and for the plant; numbers from a draft plan are marked provisional."""
    years = context.grouped(context.accounts.unit_years).assign(stream_id="")
    if years.empty:
        return
    grid = lines_of(years, context.year)
    order = pd.MultiIndex.from_frame(years[KEY]).get_indexer(pd.MultiIndex.from_frame(grid.keys))
    years = years.iloc[order].reset_index(drop=True)
    certainty = years["allowance_certainty"].to_numpy(dtype=object)
    draft = np.isin(certainty, UNSURE)
    on_filing = _unsure_years(context, years)
    unsure = np.where(draft | (on_filing == "yes"), "yes", "no").astype(object)
    reason = np.where(draft, DRAFT_PLAN, "").astype(object)
    add: dict[str, Any] = {"method": "calculated", "provisional": unsure, "reason": reason}
    plan = context.rules.allocation_plan(f"{context.year}-12")
    rows.add(ALLOCATION, "00", "allowance_certainty", grid.keys, certainty, provisional=unsure, reason=reason)
    classes = years["allocation_class"].fillna("").to_numpy(dtype=object)
    rows.add(ALLOCATION, "01", "allocation_class", grid.keys, classes)
    for number, (item, unit) in enumerate(POSITION, start=2):
        if item in ("power_generation", "power_supplied") and plan is not None and item != plan.basis:
            continue
        values = _shown(context, item, years[item].to_numpy(dtype=object))
        marks: dict[str, Any] = {"method": "calculated", "provisional": on_filing} if item in OF_FILING else add
        rows.add(ALLOCATION, f"{number:02d}", item, grid.keys, as_text(values), unit=unit, **marks)
    rates = [_rate(row) for row in years.to_dict("records")]
    code = f"{len(POSITION) + 2:02d}"
    rows.add(ALLOCATION, code, "gap_rate", grid.keys, as_text(np.array(rates, dtype=object)), unit="%", **add)
    _position_of_plants(rows, context, years, unsure)


def _unsure_years(context: Context, years: pd.DataFrame) -> np.ndarray:
    """Whether a year rests on a provisional month or lacks months: `yes` or `no`, shape (n,)."""
    index = pd.MultiIndex.from_frame(context.reporting_grid.keys[["plant_id", "unit_id"]])
    line = index.get_indexer(pd.MultiIndex.from_frame(years[["plant_id", "unit_id"]]))
    unsure = (context.missing[line] > 0) | years["provisional"].to_numpy(dtype=bool)
    return np.where(unsure, "yes", "no").astype(object)


def _shown(context: Context, item: str, values: np.ndarray) -> np.ndarray:
    """Values at the decimals of the report; benchmarks as they stand in the plan, allowances in whole tonnes."""
    result = np.array([None if value is None or value != value else value for value in values], dtype=object)
    if item in ("tco2_surrender", "gap"):
        return round_half_up(result, context.rules.decimals("emission"))
    if item in ("power_generation", "power_supplied", "heat_supplied", "load_factor"):
        return round_half_up(result, places_of(context.rules, item))
    return result


def _rate(row: dict[str, Any]) -> Decimal | None:
    """Gap in per cent of the obligation; None without obligation or allowance."""
    return (
        gap_rate(row["allowance"], row["tco2_surrender"])
        if row["allowance"] is not None and row["tco2_surrender"]
        else None
    )


def _position_of_plants(rows: Rows, context: Context, years: pd.DataFrame, unsure: np.ndarray) -> None:
    """Sums over the units of a plant; none where a unit's allowance is not known."""
    frame = years.assign(_unsure=unsure == "yes")
    keys: list[tuple[str, str, str]] = []
    tables: dict[str, list[Decimal | None]] = {"allowance": [], "tco2_surrender": [], "gap": []}
    marks: list[str] = []
    for plant, mine in frame.groupby("plant_id", sort=False):
        keys.append((str(plant), "", ""))
        marks.append("yes" if mine["_unsure"].any() else "no")
        for item, sums in tables.items():
            values = list(mine[item])
            sums.append(sum(values, Decimal(0)) if all(value is not None for value in values) else None)
    keys_frame, mark = pd.DataFrame(keys, columns=KEY, dtype="str"), np.array(marks, dtype=object)
    for code, item, unit in (("20", "allowance", "t"), ("21", "tco2_surrender", "tCO2"), ("22", "gap", "t")):
        totals = _shown(context, item, np.array(tables[item], dtype=object))
        rows.add(ALLOCATION, code, item, keys_frame, as_text(totals), unit=unit, method="calculated", provisional=mark)


def factors_used(
    rows: Rows,
    context: Context,
    constants: tuple[str, ...] = ("co2_per_carbon_numerator", "co2_per_carbon_denominator", "gj_per_tce"),
    roundings: tuple[str, ...] = ("carbon_content_ar", "oxidation_rate"),
) -> None:
    """Adds every factor row behind the numbers of a plant; `method` holds its certainty, uncertain ones are provisional.

    constants : physical constants that every number of the sector rests on; roundings : decimals that change the tonnes.
    """
    pairs: dict[str, set[str]] = {}
    lines, years = context.accounts.lines, context.accounts.unit_years
    for frame, column in ((lines, "factors"), (years, "allowance_factors")):
        for plant, text in frame[["plant_id", column]].drop_duplicates().itertuples(index=False, name=None):
            pairs.setdefault(plant, set()).update((text or "").split())
    corrected = set(years[[value is not None and value != 1 for value in years["load_factor_correction"]]]["plant_id"])
    coefficients = [
        row.id
        for row in context.factors.rows("allocation_coefficients")
        if row.holds_in(f"{context.year}-12") and row.column("name").startswith("load_") and not row.superseded_by
    ]
    common = {context.factors.constant(name).id for name in constants}
    found: list[tuple[str, str, FactorRow | None]] = []
    for plant in sorted(pairs):
        ids = pairs[plant] | common | (set(coefficients) if plant in corrected else set())
        found += [(plant, row_id, _row(context, row_id)) for row_id in sorted(ids)]
    if not found:
        return
    keys = pd.DataFrame({"plant_id": [plant for plant, _, _ in found], "unit_id": "", "stream_id": ""}, dtype="str")
    certainty = [row.certainty if row else "" for _, _, row in found]
    rows.add(
        FACTORS,
        "1",
        np.array([row_id for _, row_id, _ in found], dtype=object),
        keys,
        np.array([row.text if row else "" for _, _, row in found], dtype=object),
        unit=np.array([row.unit if row else "" for _, _, row in found], dtype=object),
        method=np.array(certainty, dtype=object),
        source_document=np.array(
            [" ".join(filter(None, (row.source, row.clause))) if row else "" for _, _, row in found], dtype=object
        ),
        reason=np.array([CERTAINTY_REASONS.get(word, "") for word in certainty], dtype=object),
        provisional=np.array(["yes" if word in UNSURE else "no" for word in certainty], dtype=object),
    )
    _roundings(rows, context, sorted(pairs), roundings)


def _row(context: Context, row_id: str) -> FactorRow | None:
    try:
        return context.factors.row(row_id)
    except NoFactor:
        return None


def _roundings(rows: Rows, context: Context, plants: list[str], names: tuple[str, ...]) -> None:
    """Decimals that change the tonnes and are not established in the guide."""
    keys = pd.DataFrame({"plant_id": plants, "unit_id": "", "stream_id": ""}, dtype="str")
    for name in names:
        rounding = context.rules.rounding(name)
        if rounding.certainty in UNSURE:
            rows.add(
                FACTORS,
                "2",
                f"decimals.{name}",
                keys,
                np.full(len(keys), str(rounding.places), dtype=object),
                method=rounding.certainty,
                source_document=context.rules.document,
                reason=CERTAINTY_REASONS[rounding.certainty],
                provisional="yes",
            )


def pending(rows: Rows, context: Context) -> None:
    """Adds the blocking findings: how many there are in each month, their effect in tonnes, and each of them."""
    blocking = context.findings[context.findings["severity"] == "blocks"]
    blocking = blocking.assign(period=blocking["period"].where(blocking["period"] != "", context.year))
    plants = lines_of(context.reporting_grid.keys.assign(unit_id=""), context.year)
    place = plants.place(blocking.assign(unit_id="", stream_id="", month=blocking["period"]))
    ones = np.full(len(blocking), Decimal(1), dtype=object)
    impacts = np.array([Decimal(text) if text else None for text in blocking["impact_tco2e"]], dtype=object)
    count, effect = plants.add(place, ones), plants.add(place, impacts)
    whole = _per_plant(plants.keys, blocking, ones), _per_plant(plants.keys, blocking, impacts)
    zero = np.frompyfunc(lambda value: Decimal(0) if value is None else value, 1, 1)
    periods = [*plants.periods, context.year]
    for code, item, months, year, unit in (
        ("0", "blocking_findings", zero(count), zero(whole[0]), ""),
        ("1", "blocking_impact", effect, whole[1], "tCO2"),
    ):
        cells = np.concatenate([months, year[:, None]], axis=1)
        rows.add(PENDING, code, item, plants.keys, as_text(cells), periods, unit=unit, method="calculated")
    if len(blocking):
        words = [said(*pair) for pair in blocking[["message_zh", "message_en"]].itertuples(index=False, name=None)]
        rows.add(
            PENDING,
            blocking["rule"].to_numpy(dtype=object),
            blocking["id"].to_numpy(dtype=object),
            blocking[KEY],
            as_text(impacts),
            blocking["period"].to_numpy(dtype=object),
            unit="tCO2",
            reason=np.array(words, dtype=object),
        )


def _per_plant(keys: pd.DataFrame, findings: pd.DataFrame, values: np.ndarray) -> np.ndarray:
    totals: dict[str, Decimal] = {}
    for plant, value in zip(findings["plant_id"], values, strict=True):
        if value is not None:
            totals[plant] = totals.get(plant, Decimal(0)) + value
    result = np.empty(len(keys), dtype=object)
    result[:] = [totals.get(plant) for plant in keys["plant_id"]]
    return result
