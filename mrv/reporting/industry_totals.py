"""Sums of an industrial report: of a line or process, of the enterprise, the summary in whole tonnes, and intensities."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
import pandas as pd

from mrv.accounting.accounts import TOTAL
from mrv.accounting.industry_units import HUNDRED, SECONDARY, over
from mrv.reporting import annual_words as words
from mrv.reporting.annual_context import lines_of, matrix, reasons_of
from mrv.reporting.annual_grid import KEY, Grid, Rows, mean_of, present, rounded, sum_of
from mrv.reporting.annual_series import Series, write
from mrv.reporting.industry_context import Industry
from mrv.reporting.industry_lines import year_marks
from schemas.vocabulary import ENTERPRISE_UNIT, PARAMETERS, fuel_of

Select = Callable[[pd.DataFrame], pd.Series]


@dataclass(frozen=True)
class Sum:
    """A sum of emission lines: which formulas (all when empty), of the enterprise or of its parts, with which sign."""

    code: str
    item: str
    formulas: tuple[str, ...] = ()
    enterprise: bool | None = None
    sign: int = 1
    levels: tuple[str, ...] = (TOTAL,)
    unit: str = "tCO2"

    def of(self, lines: pd.DataFrame) -> pd.DataFrame:
        """The lines that the sum runs over."""
        here = lines["level"].isin(self.levels)
        if self.formulas:
            here &= lines["formula"].isin(self.formulas)
        if self.enterprise is not None:
            here &= (lines["unit_id"] == ENTERPRISE_UNIT) == self.enterprise
        return lines[here]


def plants_of(context: Industry) -> Grid:
    """A grid with one line per plant."""
    return lines_of(context.reporting_grid.keys.assign(unit_id="", stream_id=""), context.year)


def _sums(grid: Grid, lines: pd.DataFrame, sign: int, of_plant: bool) -> np.ndarray:
    frame = lines.assign(stream_id="", **({"unit_id": ""} if of_plant else {}))
    values = frame["tco2"].to_numpy(dtype=object)
    if sign < 0:
        values = np.array([None if value is None else -value for value in values], dtype=object)
    return grid.add(grid.place(frame), values)


def _filed_months(context: Industry, grid: Grid) -> np.ndarray:
    """Where a plant filed anything, booleans (n, 12)."""
    frame = context.parameter[["plant_id", "month"]].drop_duplicates().assign(unit_id="", stream_id="")
    return grid.put(grid.place(frame), np.ones(len(frame), dtype=object), 0).astype(bool)


def plant_sums(rows: Rows, context: Industry, table: str, sums: tuple[Sum, ...], total: Sum | None = None) -> None:
    """Adds sums of the whole plant; of `total` the year is a whole number. A month that was filed without such lines is zero."""
    grid = plants_of(context)
    states, missing = context.plant_state(grid)
    there = _filed_months(context, grid)
    for one in (*sums, *((total,) if total else ())):
        months = _sums(grid, one.of(context.accounts.lines), one.sign, of_plant=True)
        if one is not total and not present(months).any():
            continue
        zero = there & ~present(months)
        months = np.where(zero, rounded(np.array([Decimal(0)], dtype=object), context.rules, "emission")[0], months)
        year = sum_of(months)
        if one is total:
            year = rounded(year, context.rules, "emission_total")
        _of_plant(rows, context, table, one.code, one.item, grid, months, year, one.unit, states, missing)


def _of_plant(
    rows: Rows,
    context: Industry,
    table: str,
    code: str,
    item: str,
    grid: Grid,
    months: np.ndarray,
    year: np.ndarray,
    unit: str,
    states: np.ndarray,
    missing: np.ndarray,
) -> None:
    reason, unsure = context.year_state(missing, matrix("no", months))
    # A month of which a unit lacks is told beside its number, any other reason only where there is none.
    told = np.where(present(months) & (states != words.LINES_PARTLY_DEPOSITED), "", states).astype(object)
    series = Series(item, months, year, unit, reason=told, year_reason=reason, year_provisional=unsure)
    write(rows, table, code, grid, series)


def output_and_intensity(rows: Rows, context: Industry, table: str, product: str) -> None:
    """Adds the output of the enterprise and its emission per tonne: months of their own, the year from the yearly sums."""
    grid = plants_of(context)
    states, missing = context.plant_state(grid)
    frame = context.accounts.plant_months.assign(unit_id="", stream_id="")
    place = grid.place(frame)
    output = rounded(grid.add(place, frame["output"]), context.rules, product)
    emitted = grid.add(place, frame["tco2"])
    _of_plant(rows, context, table, "T.80", product, grid, output, sum_of(output), "t", states, missing)
    months = rounded(grid.put(place, frame["intensity"]), context.rules, "intensity")
    year = rounded(over(sum_of(emitted), sum_of(output)), context.rules, "intensity")
    _of_plant(rows, context, table, "T.90", "emission_intensity", grid, months, year, "tCO2/t", states, missing)


def _months_of_units(context: Industry, frame: pd.DataFrame) -> tuple[Grid, pd.DataFrame]:
    mine = frame[frame["unit_id"] != ENTERPRISE_UNIT].assign(stream_id="")
    return lines_of(mine, context.year), mine


def unit_sums(rows: Rows, context: Industry, table: str, sums: tuple[Sum, ...]) -> None:
    """Adds sums of each line or process."""
    for one in sums:
        lines = one.of(context.accounts.lines)
        if lines.empty:
            continue
        grid = lines_of(lines.assign(stream_id=""), context.year)
        months = _sums(grid, lines, one.sign, of_plant=False)
        reason = reasons_of(context.state_of(grid), months, words.STREAM_NOT_FILED)
        marks = year_marks(context, grid, matrix("no", months))
        write(rows, table, one.code, grid, Series(one.item, months, sum_of(months), one.unit, reason=reason, **marks))


def unit_figures(rows: Rows, context: Industry, table: str, parameters: tuple[str, ...], product: str) -> None:
    """Adds what each line or process made, its emission per tonne of it, and further filed quantities."""
    grid, frame = _months_of_units(context, context.accounts.unit_months)
    if frame.empty:
        return
    place = grid.place(frame)
    emitted, output = grid.put(place, frame["tco2"]), grid.put(place, frame["output"])
    state = context.state_of(grid)
    rules = context.rules

    def add(code: str, item: str, months: np.ndarray, year: np.ndarray, unit: str, filed: bool) -> None:
        keep = np.asarray(present(months).any(axis=1))
        if not keep.any():
            return
        series = Series(
            item,
            months,
            year,
            unit,
            context.text(grid, item, "method") if filed else "calculated",
            context.documents(grid, item) if filed else "",
            reasons_of(state, months, words.STREAM_NOT_FILED),
            **year_marks(context, grid, matrix("no", months)),
        )
        write(rows, table, code, grid, series, keep)

    made = rounded(output, rules, product)
    if product not in parameters:
        add("T.80", product, made, sum_of(made), "t", True)
    for number, name in enumerate(parameters, start=81):
        values = rounded(context.value(grid, name), rules, name)
        add(f"T.{number}", name, values, sum_of(values), PARAMETERS[name].unit, True)
    ratio = over(emitted.ravel(), output.ravel()).reshape(emitted.shape)
    year = over(sum_of(emitted), sum_of(output))
    add(
        "T.90",
        "emission_intensity",
        rounded(ratio, rules, "intensity"),
        rounded(year, rules, "intensity"),
        "tCO2/t",
        False,
    )
    shares = grid.put(place, frame["secondary_energy_share"])
    if present(shares).any():
        yearly = rounded(_share_of_year(context, grid), rules, "secondary_energy_share")
        add("T.91", "secondary_energy_share", rounded(shares, rules, "secondary_energy_share"), yearly, "%", False)


def _share_of_year(context: Industry, units: Grid) -> np.ndarray:
    """Share of own secondary energy in the fuel heat of a year [%]: yearly quantities times yearly mean heat value, (n,)."""
    lines = context.accounts.lines
    lines = lines[lines["level"] == "cofiring"]
    result = np.full(len(units), None, dtype=object)
    if lines.empty:
        return result
    grid = lines_of(lines, context.year)
    place = grid.place(lines)
    rules = context.rules
    amount = rounded(grid.put(place, lines["activity"]), rules, "fuel_consumption")
    value = rounded(grid.put(place, lines["net_calorific_value"]), rules, "net_calorific_value")
    mean = rounded(mean_of(value, amount), rules, "net_calorific_value")
    own = (context.text(grid, "fuel_consumption", "origin") == "own").any(axis=1)
    whole: dict[tuple[str, str], Decimal] = {}
    part: dict[tuple[str, str], Decimal] = {}
    for number, (plant, unit, stream) in enumerate(grid.keys[KEY].itertuples(index=False, name=None)):
        total = sum_of(amount[number : number + 1])[0]
        if total is None or mean[number] is None:
            continue
        whole[plant, unit] = whole.get((plant, unit), Decimal(0)) + total * mean[number]
        if own[number] and fuel_of(stream) in SECONDARY:
            part[plant, unit] = part.get((plant, unit), Decimal(0)) + total * mean[number]
    for line, (plant, unit, _) in enumerate(units.keys[KEY].itertuples(index=False, name=None)):
        if whole.get((plant, unit)):
            result[line] = part.get((plant, unit), Decimal(0)) * HUNDRED / whole[plant, unit]
    return result


SUMMARY = (("A", "process", "process_sum"), ("B", "cofiring", "cofiring_sum"), ("C", "other", "other_emission"))


def summary(rows: Rows, context: Industry, table: str) -> None:
    """Adds enterprise, Σ processes, Σ co-firing units and the rest as whole tonnes.

    Each is the half-up of its own two-decimal sum. Where the rounded parts do not add up to the rounded enterprise, the enterprise
    stands and the rest says by how much they differ; nothing is moved from one to another.
    """
    grid = plants_of(context)
    states, missing = context.plant_state(grid)
    frame = context.accounts.plant_months.assign(unit_id="", stream_id="")
    place = grid.place(frame)
    whole = grid.add(place, frame["tco2"])
    parts = {column: grid.add(place, frame[column]) for _, column, _ in SUMMARY}

    def integer(values: np.ndarray) -> np.ndarray:
        return rounded(values, context.rules, "emission_total")

    _of_plant(
        rows,
        context,
        table,
        "Z",
        "total_emission",
        grid,
        integer(whole),
        integer(sum_of(whole)),
        "tCO2",
        states,
        missing,
    )
    reason, unsure = context.year_state(missing, matrix("no", whole))
    of_months = _off_by(integer(whole), [integer(values) for values in parts.values()])
    of_year = _off_by(integer(sum_of(whole)), [integer(sum_of(values)) for values in parts.values()])
    for code, column, item in SUMMARY:
        months = integer(parts[column])
        rest = column == "other"
        told = np.where(
            present(months), of_months if rest else "", np.where(states == "", words.NOT_BROKEN_DOWN, states)
        )
        told_year = words.both_many(reason, of_year) if rest else reason
        series = Series(
            item,
            months,
            integer(sum_of(parts[column])),
            "tCO2",
            reason=told.astype(object),
            year_reason=told_year,
            year_provisional=unsure,
            absent_year_reason=words.NOT_BROKEN_DOWN,
        )
        write(rows, table, code, grid, series)


def _off_by(whole: np.ndarray, parts: list[np.ndarray]) -> np.ndarray:
    """The reason where rounded parts do not add up to the rounded whole."""

    def one(total: Decimal | None, *values: Decimal | None) -> str:
        known = [value for value in values if value is not None]
        if total is None or not known:
            return ""
        off = sum(known, Decimal(0)) - total
        return words.parts_differ(f"{off:+f}") if off else ""

    return np.frompyfunc(one, 1 + len(parts), 1)(whole, *parts).astype(object)
