"""The auxiliary items of a power report (C.6, before 2026 C.7): they are not verified."""

import numpy as np

from emission_factors import constant
from mrv.accounting import operation
from mrv.reporting import annual_words as words
from mrv.reporting.annual_combustion import Burnt
from mrv.reporting.annual_context import Context, matrix, reasons_of
from mrv.reporting.annual_grid import Rows, mean_of, present, rounded, sum_of
from mrv.reporting.annual_series import Series, marks, write
from mrv.reporting.annual_units import unit_months, unit_provisional
from schemas.vocabulary import FUELS, PARAMETERS, fuel_of


def auxiliary(rows: Rows, context: Context, table: str) -> None:
    """Adds the items that are not verified: heat supply ratio, fuel rates, intensities, electricity sold and bought, coal bought."""
    grid, rules, filed = context.reporting_grid, context.rules, context.filed_units
    ratio_months, year = _rates_of_year(context)
    unsure = unit_provisional(context)
    computed = (
        ("heat_supply_ratio", "%", "no"),
        ("generation_coal_rate", "tce/MWh", "no"),
        ("heat_coal_rate", "tce/GJ", "no"),
        ("generation_intensity", "tCO2/MWh", "yes"),
        ("heat_intensity", "tCO2/GJ", "yes"),
    )
    for number, (name, unit, on_emission) in enumerate(computed, start=1):
        exact = ratio_months if name == "heat_supply_ratio" else unit_months(context, name)
        values = rounded(exact, rules, name)
        flags = unsure if on_emission == "yes" else matrix("no", values)
        reason = np.where(context.state == "", "", reasons_of(context.state, values, "")).astype(object)
        series = Series(
            name,
            values,
            rounded(year[name], rules, name),
            unit,
            reason=reason,
            **marks(context, context.missing, flags),
        )
        write(rows, table, f"{number:02d}", grid, series)
    filed_items = ["grid_electricity_exported"]
    filed_items += [name for name in ("power_supplied", "purchased_electricity") if name in rules.auxiliary]
    certain = marks(context, context.missing, matrix("no", unsure))
    for number, name in enumerate(filed_items, start=len(computed) + 1):
        values = rounded(filed.value(name), rules, name)
        series = Series(
            name,
            values,
            sum_of(values),
            PARAMETERS[name].unit,
            filed.text(name, "method"),
            context.sources(filed, (name,)),
            reasons_of(context.state, values, words.NOT_FILED),
            **certain,
        )
        write(rows, table, f"{number:02d}", grid, series)
    _coal_bought(rows, context, table, len(computed) + len(filed_items) + 1)


def _rates_of_year(context: Context) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """The monthly heat supply ratio, and ratio, rates and intensities of the year.

    The ratio of the year is weighted by fuel heat, so that B·(1 − a) of the year is the sum of the months. Only months that have
    everything a rate needs count in it.
    """
    names = ("heat_supply_ratio", "fuel_heat", "tco2", "power_generation", "heat_supplied")
    ratio, fuel, tonnes, power, heat = (unit_months(context, name) for name in names)
    year: dict[str, np.ndarray] = {"heat_supply_ratio": mean_of(ratio, fuel)}
    heat_per_tce = constant("gj_per_tce").value
    for name, amount, output, formula in (
        ("generation_coal_rate", fuel, power, operation.generation_fuel_rate),
        ("heat_coal_rate", fuel, heat, operation.heat_fuel_rate),
        ("generation_intensity", tonnes, power, operation.generation_intensity),
        ("heat_intensity", tonnes, heat, operation.heat_intensity),
    ):
        whole = present(ratio) & present(amount) & present(output)
        share, used, made = (masked(values, whole) for values in (ratio, amount, output))
        total = sum_of(used)
        if name.endswith("coal_rate"):
            total = operation.standard_coal(total, heat_per_tce=heat_per_tce)
        year[name] = formula(total, mean_of(share, used), sum_of(made))
    return ratio, year


def masked(values: np.ndarray, where: np.ndarray) -> np.ndarray:
    """The values where the mask holds, None elsewhere; of any shape."""
    result = values.copy()
    result[~where] = None
    return result


def _coal_bought(rows: Rows, context: Context, table: str, number: int) -> None:
    """Quantity bought of each coal, where filed."""
    burnt = Burnt(context)
    quantity = burnt.filed.value("quantity_purchased") if len(burnt.grid) else np.full((0, 12), None, dtype=object)
    coal = burnt.grid.keys["stream_id"].map(lambda stream: FUELS[fuel_of(stream)].coal).to_numpy(dtype=bool)
    keep = coal & present(quantity).any(axis=1)
    if not keep.any():
        return
    values = rounded(quantity, context.rules, "quantity_purchased", burnt.gas)
    series = Series(
        "quantity_purchased",
        values,
        sum_of(values),
        burnt.unit("quantity_purchased"),
        burnt.filed.text("quantity_purchased", "method"),
        context.sources(burnt.filed, ("quantity_purchased",)),
        reasons_of(burnt.state, values, words.NOT_FILED),
        **burnt.marks(False),
    )
    write(rows, table, f"{number:02d}", burnt.grid, series, keep)
