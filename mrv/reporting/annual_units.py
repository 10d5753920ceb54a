"""Unit by unit: the rest of C.3 (G, and H to L for biomass), and the purchased electricity of the years that count it."""

import numpy as np
import pandas as pd

from mrv.accounting import operation
from mrv.accounting.inputs import choose
from mrv.reporting import annual_words as words
from mrv.reporting.annual_combustion import fuels
from mrv.reporting.annual_context import Context, matrix, reasons_of
from mrv.reporting.annual_grid import Rows, choose_matrix, mean_of, present, rounded, sum_of
from mrv.reporting.annual_series import CALCULATED, Series, marks, write


def unit_months(context: Context, column: str) -> np.ndarray:
    """A column of the monthly accounts on the grid of reporting units, (n, 12)."""
    months = context.accounts.unit_months.assign(stream_id="")
    return context.reporting_grid.put(context.reporting_grid.place(months), months[column])


def unit_provisional(context: Context) -> np.ndarray:
    """Which unit-months rest on a provisional oxidation rate: `yes` or `no`, (n, 12)."""
    flags = unit_months(context, "provisional")
    return np.where(flags == True, "yes", "no").astype(object)  # noqa: E712 - None where a month is absent


def combustion(rows: Rows, context: Context, table: str) -> None:
    """Adds A to F of each fuel, G of each unit, and H to L where biomass is fired."""
    fuels(rows, context, table)
    grid, rules, filed = context.reporting_grid, context.rules, context.filed_units
    unsure = marks(context, context.missing, unit_provisional(context))
    tonnes = rounded(unit_months(context, "tco2"), rules, "emission")
    reason = reasons_of(context.state, tonnes, words.NO_CONSUMPTION)
    write(
        rows,
        table,
        "G",
        grid,
        Series("unit_combustion_emission", tonnes, sum_of(tonnes), "tCO2", reason=reason, **unsure),
    )
    biomass = context.grouped(context.parameter[context.parameter["stream_id"].str.startswith("biomass")])
    names = grid.gather(grid.place(biomass.assign(stream_id="")), biomass["stream_id"])
    share_filed, efficiency = filed.value("biomass_heat_share"), filed.value("boiler_efficiency")
    fired = (names != "").any(axis=1) | present(share_filed).any(axis=1) | present(efficiency).any(axis=1)
    if not fired.any():
        return
    keys = grid.keys[fired]
    rows.add(table, "H", "biomass_name", keys, names[fired], grid.periods, reason=context.state[fired])
    boiler = rounded(filed.value("boiler_heat"), rules, "boiler_heat")
    efficiency = rounded(efficiency, rules, "boiler_efficiency")
    fossil = rounded(unit_months(context, "fuel_heat"), rules, "fossil_heat")
    share = choose_matrix(operation.biomass_heat_share(boiler, efficiency, fossil), share_filed)
    mean = rounded(mean_of(efficiency, boiler), rules, "boiler_efficiency")
    year_share = operation.biomass_heat_share(sum_of(boiler), mean, sum_of(fossil))
    certain = marks(context, context.missing, matrix("no", boiler))
    items = (
        ("I", "boiler_efficiency", efficiency, mean, "%", True),
        ("J", "boiler_heat", boiler, sum_of(boiler), "GJ", True),
        ("K", "fossil_heat", fossil, sum_of(fossil), "GJ", False),
        (
            "L",
            "biomass_heat_share",
            rounded(share, rules, "biomass_heat_share"),
            rounded(year_share, rules, "biomass_heat_share"),
            "%",
            False,
        ),
    )
    for code, item, months, year, unit, is_filed in items:
        series = Series(
            item,
            months,
            year,
            unit,
            filed.text(item, "method") if is_filed else CALCULATED,
            context.sources(filed, (item,)) if is_filed else "",
            reasons_of(context.state, months, words.NOT_FILED),
            **certain,
        )
        write(rows, table, code, grid, series, fired)


def electricity_lines(context: Context) -> pd.DataFrame:
    """Purchased electricity under its reporting unit."""
    lines = context.accounts.lines
    return context.grouped(lines[lines["source"] == "electricity"]).assign(stream_id="")


def electricity(rows: Rows, context: Context, table: str) -> None:
    """Adds M to O: purchased electricity, grid factor and the emission, unit by unit."""
    grid, rules, lines = context.reporting_grid, context.rules, electricity_lines(context)
    place = grid.place(lines)
    amount = rounded(grid.add(place, lines["activity"]), rules, "purchased_electricity")
    factor = grid.put(place, lines["grid_factor"])
    tonnes = rounded(grid.add(place, lines["tco2"]), rules, "emission")
    certain = marks(context, context.missing, matrix("no", amount))
    source = context.sources(context.filed_units, ("purchased_electricity",))
    reason = reasons_of(context.state, amount, words.NOT_FILED)
    method = context.filed_units.text("purchased_electricity", "method")
    mean = mean_of(factor, amount)
    everywhere = np.array([next((v for v in line if v is not None), None) for line in factor] or [None], dtype=object)
    series = (
        ("M", Series("purchased_electricity", amount, sum_of(amount), "MWh", method, source, reason, **certain)),
        (
            "N",
            Series(
                "grid_factor",
                factor,
                choose(mean, everywhere[: len(mean)]),
                "tCO2/MWh",
                "default",
                "",
                reason,
                **certain,
            ),
        ),
        ("O", Series("electricity_emission", tonnes, sum_of(tonnes), "tCO2", CALCULATED, "", reason, **certain)),
    )
    for code, one in series:
        write(rows, table, code, grid, one)
