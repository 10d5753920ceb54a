"""Production data and totals (C.4, before 2026 C.5), how carbon and heat value were determined, and the auxiliary items."""

from decimal import Decimal
from string import ascii_uppercase

import numpy as np
import pandas as pd

from mrv.reporting import annual_words as words
from mrv.reporting.annual_combustion import CARBON, Burnt, shown
from mrv.reporting.annual_context import Context, lines_of, matrix, reasons_of
from mrv.reporting.annual_grid import Rows, choose_matrix, places_of, present, rounded, sum_of
from mrv.reporting.annual_series import CALCULATED, Series, joined_reasons, marks, write
from mrv.reporting.annual_units import electricity_lines, unit_months, unit_provisional
from mrv.reporting.annual_words import overruled
from schemas.vocabulary import PARAMETERS

# Sums of a merged group, as filed by its units.
SUMMED = ("power_generation", "power_supplied", "heat_supplied")


def production(rows: Rows, context: Context, table: str) -> None:
    """Adds generation, heat, hours, load and emission of each unit, and the total of the plant.

    Rows are lettered as in the guide: M to Q from 2026; P to T where M to O are the purchased electricity.
    """
    counts_electricity = context.rules.counts("electricity")
    letters = iter(ascii_uppercase[ascii_uppercase.index("P" if counts_electricity else "M") :])
    for series in [*_quantities(context), *_hours_and_load(context)]:
        write(rows, table, next(letters), context.reporting_grid, series)
    emission = _unit_emission(context, counts_electricity)
    write(rows, table, next(letters), context.reporting_grid, emission)
    _total(rows, context, table, emission)


def _quantities(context: Context) -> list[Series]:
    rules, filed = context.rules, context.filed_units
    net_too = any("power_supplied" in group for group in rules.required_of("unit"))
    result = []
    for name in SUMMED if net_too else (SUMMED[0], SUMMED[2]):
        exact = unit_months(context, name)
        values = rounded(exact, rules, name)
        absent = np.where(_must_file(context, name), words.NOT_FILED, "")[:, None]
        reason = joined_reasons(reasons_of(context.state, values, absent), shown(exact, places_of(rules, name), values))
        result.append(
            Series(
                name,
                values,
                sum_of(values),
                PARAMETERS[name].unit,
                filed.text(name, "method"),
                context.sources(filed, (name,)),
                reason,
                **marks(context, context.missing, matrix("no", values)),
            )
        )
    return result


def _must_file(context: Context, name: str) -> np.ndarray:
    """Which reporting units owe a quantity: heat only those that are registered as heat and power."""
    if name != "heat_supplied":
        return np.ones(len(context.reporting_grid), dtype=bool)
    supplies = context.reporting["product_class"] == "chp"
    owing = set(context.reporting[supplies][["plant_id", "unit_id"]].itertuples(index=False, name=None))
    pairs = context.reporting_grid.keys[["plant_id", "unit_id"]].itertuples(index=False, name=None)
    return np.array([pair in owing for pair in pairs], dtype=bool)


def _hours_and_load(context: Context) -> list[Series]:
    rules, filed, grid = context.rules, context.filed_units, context.reporting_grid
    certain = marks(context, context.missing, matrix("no", context.state))
    hours = rounded(unit_months(context, "run_hours"), rules, "run_hours")
    load = rounded(unit_months(context, "load_factor"), rules, "load_factor")
    years = context.accounts.unit_years.assign(stream_id="", month=f"{context.year}-01")
    year_load = rounded(grid.put(grid.place(years), years["load_factor"])[:, 0], rules, "load_factor")
    merged = _merged(context)
    result = []
    for name, values, year in (("run_hours", hours, sum_of(hours)), ("load_factor", load, year_load)):
        as_filed = rounded(filed.value(name), rules, name)
        # The filed factor of one unit can be held against ours; those of merged units have no sum.
        other = present(as_filed) & present(values) & (as_filed != values) & ~merged[:, None]
        recomputed = np.frompyfunc(lambda text: overruled(str(text), ""), 1, 1)(as_filed)
        reason = np.where(other, recomputed, "").astype(object)
        method = np.where(merged[:, None] | (name == "load_factor"), CALCULATED, filed.text(name, "method"))
        result.append(
            Series(
                name,
                values,
                year,
                PARAMETERS[name].unit,
                method,
                context.sources(filed, (name,)),
                joined_reasons(reasons_of(context.state, values, words.NOT_FILED), reason),
                **certain,
            )
        )
    return result


def _merged(context: Context) -> np.ndarray:
    """Which reporting units are groups of several units."""
    sizes = context.members.groupby(["plant_id", "group"]).size().to_dict()
    pairs = context.reporting_grid.keys[["plant_id", "unit_id"]].itertuples(index=False, name=None)
    return np.array([sizes.get(pair, 1) > 1 for pair in pairs], dtype=bool)


def _unit_emission(context: Context, with_electricity: bool) -> Series:
    rules, grid = context.rules, context.reporting_grid
    tonnes = unit_months(context, "tco2")
    if with_electricity:
        bought = electricity_lines(context)
        electricity = grid.add(grid.place(bought), bought["tco2"])
        zero = np.full(tonnes.shape, Decimal(0), dtype=object)
        either = present(tonnes) | present(electricity)
        tonnes = choose_matrix(tonnes, zero) + choose_matrix(electricity, zero)
        tonnes[~either] = None
    tonnes = rounded(tonnes, rules, "emission")
    unsure = unit_provisional(context)
    reason = joined_reasons(
        reasons_of(context.state, tonnes, words.NO_CONSUMPTION),
        np.where(unsure == "yes", words.PROVISIONAL_RATE, "").astype(object),
    )
    return Series(
        "unit_emission", tonnes, sum_of(tonnes), "tCO2", reason=reason, **marks(context, context.missing, unsure)
    )


def _total(rows: Rows, context: Context, table: str, units: Series) -> None:
    """The emission of the plant: months with the decimals of a row, the year a whole number of tonnes."""
    of_plants = lines_of(context.reporting_grid.keys.assign(unit_id=""), context.year)
    index = pd.Index(of_plants.keys["plant_id"]).get_indexer(context.reporting_grid.keys["plant_id"])
    months = np.full((len(of_plants), units.months.shape[1]), None, dtype=object)
    unsure = matrix("no", months)
    missing = np.zeros(len(of_plants), dtype=int)
    for line, plant in enumerate(index):
        for month, value in enumerate(units.months[line]):
            if value is not None:
                before = months[plant, month]
                months[plant, month] = value if before is None else before + value
        unsure[plant] = np.where(units.provisional[line] == "yes", "yes", unsure[plant])
    states = np.full(months.shape, "", dtype=object)
    for plant in range(len(of_plants)):
        mine = context.state[index == plant]
        missing[plant] = int((mine == words.NOT_DEPOSITED).any(axis=0).sum())
        states[plant] = np.where((mine != "").all(axis=0), mine[0], "")
        partly = (mine == words.NOT_DEPOSITED).any(axis=0) & (states[plant] == "")
        states[plant] = np.where(partly, words.PARTLY_DEPOSITED, states[plant])
    series = Series(
        "total_emission",
        months,
        rounded(sum_of(months), context.rules, "emission_total"),
        "tCO2",
        reason=states,
        **marks(context, missing, unsure),
    )
    write(rows, table, "Z", of_plants, series)


def determination(rows: Rows, context: Context, table: str) -> None:
    """Adds for each fuel and month whether carbon and heat value were tested by the plant, commissioned, or not measured."""
    burnt = Burnt(context)
    if not len(burnt.grid):
        return
    filed, formula = burnt.filed, burnt.used("formula", "")
    own_heat = filed.text("carbon_per_heat", "method") == "measured"
    untested = (formula == "combustion.heat") & ~own_heat
    untested |= (formula == "combustion.ar") & (filed.text("carbon_content_ar", "method") == "default")
    carbon = np.where(untested, "not_measured", _who(filed.first_text((*CARBON, "carbon_per_heat"), "carbon_scheme")))
    heat_method = filed.text("net_calorific_value", "method")
    tested = np.isin(heat_method, ["measured", "calculated"])
    heat = np.where(tested, _who(filed.text("net_calorific_value", "carbon_scheme")), "not_measured")
    for code, item, codes in (("01", "carbon_content_ar", carbon), ("02", "net_calorific_value", heat)):
        codes = np.where(burnt.state == "", codes, "")
        unknown = codes == "measured"
        reason = np.where(unknown, words.SCHEME_NOT_FILED, burnt.state).astype(object)
        rows.add(table, code, item, burnt.grid.keys, codes.astype(object), burnt.grid.periods, reason=reason)


def _who(schemes: np.ndarray) -> np.ndarray:
    """Who tested: `own` or `commissioned` by the scheme, `measured` where none was filed."""

    def one(scheme: str) -> str:
        ending = scheme.partition(";")[0].rpartition("_")[2]
        return (
            "not_measured" if scheme == "not_measured" else ending if ending in ("own", "commissioned") else "measured"
        )

    return np.frompyfunc(one, 1, 1)(schemes)
