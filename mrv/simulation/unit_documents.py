"""What a plant writes down about its units: generation, hours, electricity, heat, and the auxiliary items."""

from decimal import Decimal

import numpy as np

from mrv.simulation.coal_documents import FuelMonth
from mrv.simulation.evidence import attach
from mrv.simulation.model import Book
from mrv.simulation.numbers import HUNDRED, generator, half_up, observed, scaled, text
from mrv.simulation.truth import REGISTER_PLACES, GroupDays, UnitDays

TONNE_COAL_EQUIVALENT = Decimal("29.3076")  # GJ, 7000 kcal/kg


def write_units(book: Book, truth: GroupDays, fuels: list[dict[str, FuelMonth]], seed: int) -> None:
    """Unit-level parameters of every month, events and heat rows of a group."""
    rng = generator(seed, "units", truth.plant.plant_id, truth.group.group_id)
    for month in sorted(set(truth.months)):
        here = truth.months == month
        totals = [_unit_month(book, unit, month, here, rng, truth.group.merged) for unit in truth.units]
        generation, supplied, capacity_hours = (sum(column, Decimal(0)) for column in zip(*totals, strict=True))
        _group_month(book, truth, month, generation, supplied, capacity_hours, rng)
        heat = _heat(book, truth, month, rng)
        _auxiliary(book, truth, month, generation, heat, [fuel[month] for fuel in fuels if month in fuel])
    _events(book, truth)


def _unit_month(
    book: Book, unit: UnitDays, month: str, here: np.ndarray, rng: np.random.Generator, merged: bool
) -> tuple[Decimal, Decimal, Decimal]:
    """Rows of one unit; returns generation [MWh], net supply [MWh], capacity times hours [MWh]."""
    name = unit.spec.unit_id
    generation = scaled(int(unit.ticks[here].sum()) * unit.spec.multiplier, REGISTER_PLACES).quantize(Decimal("0.001"))
    hours = scaled(unit.hours[here].sum(), 2)
    auxiliary = observed(float(generation) * unit.spec.auxiliary * rng.normal(1, 0.015), 3)
    report = attach(book, name, "", month, "production_report", "power_generation", "run_hours")
    values = {
        "power_generation": (generation, "measured"),
        "generation_statistics": (generation, "measured"),
        "run_hours": (hours, "measured"),
        "auxiliary_power": (auxiliary, "measured"),
        "power_supplied": (generation - auxiliary, "calculated"),
    }
    for parameter, (value, method) in values.items():
        book.parameter(name, "", month, parameter, text(value), method, source_document=report)
    purchased = observed(unit.spec.capacity * 0.11 * rng.normal(1, 0.05), 3)
    bill = attach(book, name, "", month, "electricity_purchased", "purchased_electricity")
    book.parameter(name, "", month, "purchased_electricity", text(purchased), "measured", source_document=bill)
    capacity_hours = unit.spec.capacity * hours
    if not merged:
        _load_factor(book, name, month, generation, capacity_hours)
    return generation, generation - auxiliary, capacity_hours


def _load_factor(book: Book, unit_id: str, month: str, generation: Decimal, capacity_hours: Decimal) -> None:
    factor = half_up(generation / capacity_hours * HUNDRED, 2)
    report = attach(book, unit_id, "", month, "production_report", "load_factor")
    book.parameter(unit_id, "", month, "load_factor", text(factor), "calculated", source_document=report)


def _group_month(
    book: Book, truth: GroupDays, month: str, generation: Decimal, supplied: Decimal, capacity_hours: Decimal,
    rng: np.random.Generator,
) -> None:  # fmt: skip
    """Electricity over the fence; for merged units also the common load factor."""
    group = truth.group
    if group.merged:
        _load_factor(book, group.group_id, month, generation, capacity_hours)
    share = (
        rng.uniform(0.11, 0.13) if group.merged else rng.uniform(0.9955, 0.9975)
    )  # a captive plant sells its surplus
    exported = observed(float(supplied) * share, 3)
    settled = observed(float(exported) * (1 + float(np.clip(rng.normal(0, 0.0003), -0.0009, 0.0009))), 3)
    statement = attach(book, group.group_id, "", month, "electricity_statement", "grid_electricity_exported")
    for parameter, value in (
        ("grid_electricity_exported", exported),
        ("grid_electricity_settled", settled),
    ):
        book.parameter(group.group_id, "", month, parameter, text(value), "measured", source_document=statement)


def _heat(book: Book, truth: GroupDays, month: str, rng: np.random.Generator) -> Decimal:
    """Heat rows of a month; returns the heat supplied [GJ]."""
    group, rows = truth.group, truth.heat.rows[month]
    book.rows["heat_flow"] += rows
    total = sum((Decimal(row["heat"]) for row in rows), Decimal("0.00"))
    report = attach(book, group.group_id, "", month, "production_report", "heat_supplied")
    book.parameter(group.group_id, "", month, "heat_supplied", text(total), "measured", source_document=report)
    if not group.heat:
        return total
    attach(book, group.group_id, "", month, "heat_calculation", "heat_supplied")
    for route in sorted({spec.route for spec in group.heat}):
        part = sum((Decimal(row["heat"]) for row in rows if row["route"] == route), Decimal("0.00"))
        book.parameter(group.group_id, "", month, f"heat_{route}", text(part), "measured", source_document=report)
    settlement = attach(book, group.group_id, "", month, "heat_settlement", "heat_settled")
    settled = observed(float(total) * rng.uniform(0.990, 0.998), 2)
    book.parameter(group.group_id, "", month, "heat_settled", text(settled), "measured", source_document=settlement)
    book.parameter(group.group_id, "", month, "heat_statistics", text(total), "measured", source_document=report)
    return total


def _auxiliary(
    book: Book, truth: GroupDays, month: str, generation: Decimal, heat: Decimal, fuels: list[FuelMonth]
) -> None:
    """Boiler heat, biomass share, and the items of the auxiliary table, from the filed figures."""
    unit, efficiency = truth.group.group_id, truth.group.boiler_efficiency
    values: dict[str, tuple[Decimal, str]] = {}
    ratio = Decimal(0)
    fossil = sum((fuel.heat for fuel in fuels if fuel.stream_id != "biomass"), Decimal(0))
    if efficiency:
        percent = observed(efficiency * 100, 2)
        burned = sum((fuel.heat for fuel in fuels), Decimal(0))
        boiler = half_up(burned * percent / HUNDRED, 2)
        report = attach(book, unit, "", month, "boiler_heat", "boiler_heat")
        book.parameter(unit, "", month, "boiler_heat", text(boiler), "measured", source_document=report)
        ratio = half_up(heat / boiler * HUNDRED, 2)
        values["heat_supply_ratio"] = ratio, "calculated"
        if any(fuel.stream_id == "biomass" for fuel in fuels):
            test = attach(book, unit, "", month, "boiler_efficiency_test", "boiler_efficiency")
            book.parameter(unit, "", month, "boiler_efficiency", text(percent), "measured", source_document=test)
            fired = boiler / percent * HUNDRED
            values["biomass_heat_share"] = half_up((fired - fossil) / fired * HUNDRED, 2), "calculated"
        share = ratio / HUNDRED
        coal = fossil / TONNE_COAL_EQUIVALENT
        values["generation_coal_rate"] = half_up(coal * (1 - share) / generation, 3), "calculated"
        if heat:
            values["heat_coal_rate"] = half_up(coal * share / heat, 3), "calculated"
    tonnes = sum((fuel.emission for fuel in fuels), Decimal(0))
    values["generation_intensity"] = half_up(tonnes * (1 - ratio / HUNDRED) / generation, 4), "calculated"
    if heat:
        values["heat_intensity"] = half_up(tonnes * ratio / HUNDRED / heat, 4), "calculated"
    for parameter, (value, method) in values.items():
        book.parameter(unit, "", month, parameter, text(value), method)


def _events(book: Book, truth: GroupDays) -> None:
    known = {str(day) for day in truth.days}
    words = {"overhaul": "计划检修", "stop": "计划停机"}
    for unit in truth.units:
        for outage in unit.spec.outages:
            if outage.first not in known:
                continue
            name, after = unit.spec.unit_id, str(np.datetime64(outage.last) + 1)
            book.write(
                "event",
                unit_id=name,
                event=outage.event,
                start=outage.first,
                end=outage.last,
                remark=words[outage.event],
            )
            book.write("event", unit_id=name, event="restart", start=after, end=after, remark="冷态启动")
