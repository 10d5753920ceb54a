"""What a cement works files in a month: kiln fuels, clinker and where it went, substitutes, raw meal, electricity."""

from decimal import Decimal

import numpy as np

from mrv.simulation.industry_pen import ZERO, Pen
from mrv.simulation.industry_specs import IndustrySpec, KilnSpec, default
from mrv.simulation.numbers import HUNDRED, MOLAR, half_up, observed, text
from mrv.simulation.specs import table

COAL, CLINKER, SLAG = "bituminous_coal", "portland_clinker", "carbide_slag"
CAO = Decimal("65.20")  # % of the clinker
LIME_MOLAR = Decimal(56)  # g/mol of calcium oxide
STAGGERED = {"01": 0.62, "02": 0.60, "12": 0.70}  # kilns stand still part of the winter, by agreement of the industry


def write_cement(pen: Pen, plant: IndustrySpec, days: int) -> None:
    """Rows of every line of a works for the month of the pen; `days` of that month."""
    for kiln in plant.parts:
        assert isinstance(kiln, KilnSpec)
        _line(pen, kiln, days)
    electricity = pen.around(sum(_electricity(kiln, days) for kiln in plant.parts) * 1.35, 0.02, 3)
    pen.file("ENT", "", "purchased_electricity", electricity, kind="electricity_purchased")


def _electricity(kiln: object, days: int) -> float:
    assert isinstance(kiln, KilnSpec)
    return kiln.daily * days * kiln.electricity / 1000


def _line(pen: Pen, kiln: KilnSpec, days: int) -> None:
    unit = kiln.facility.unit_id
    running = STAGGERED.get(pen.month[5:], 0.93) * float(pen.rng.uniform(0.97, 1.02))
    hours = observed(24 * days * running, 2)
    clinker = observed(kiln.daily * float(hours) / 24 * float(pen.rng.uniform(0.985, 1.015)), 2)
    pen.file(unit, "", "run_hours", hours, kind="industry_production")
    pen.file(unit, "", "clinker_output", clinker, kind="industry_production")
    pen.copy(unit, "", CLINKER, "clinker_process_factor")
    made = half_up(clinker * default("cement", CLINKER, "clinker_process_factor"), 2)
    pen.file(unit, CLINKER, "reported_emission", made, "calculated")
    net = pen.around(kiln.net_calorific_value, 0.015, 3)
    coal = observed(float(clinker) * float(pen.around(kiln.heat, 0.01, 4)) / float(net), 2)
    tonnes = pen.fuel(unit, COAL, coal, net, True, "belt_scale")
    pen.read(f"{unit}-C1", unit, COAL, "fuel_consumption", coal)
    tonnes += pen.fuel(unit, "diesel", pen.around(14, 0.15, 2), None, True, "settlement")
    deducted = _substitute(pen, unit, clinker, kiln) if kiln.slag else ZERO
    _clinker_ledger(pen, unit, clinker)
    pen.file(
        unit,
        "",
        "raw_meal_consumption",
        pen.around(float(clinker) * kiln.raw_meal, 0.008, 2),
        kind="industry_production",
    )
    _oxides(pen, unit, clinker, deducted)
    power = pen.around(float(clinker) * kiln.electricity / 1000, 0.02, 3)
    pen.file(unit, "", "process_electricity", power, kind="electricity_meter")
    if kiln.monitored:
        flue_gas(pen, unit, made + tonnes - deducted, running, days)


def _substitute(pen: Pen, unit: str, clinker: Decimal, kiln: KilnSpec) -> Decimal:
    """Carbide slag instead of limestone; returns what it takes off the process emission [tCO2]."""
    slag = pen.around(float(clinker) * kiln.slag, 0.03, 2)
    pen.file(unit, SLAG, "substitute_consumption", slag, kind="material_ledger")
    pen.ledger(unit, SLAG, slag)
    deducted = half_up(slag * pen.copy(unit, SLAG, SLAG, "substitute_deduction_factor"), 2)
    lime = deducted * LIME_MOLAR / MOLAR[0]  # t of CaO that came without carbon dioxide
    share = half_up(lime * HUNDRED / (clinker * CAO / HUNDRED), 2)
    pen.file(unit, "", "carbide_slag_ratio", share, "calculated")
    return deducted


def _clinker_ledger(pen: Pen, unit: str, clinker: Decimal) -> None:
    """Opening stock + made + bought − sold − used − closing stock is nothing, exactly."""
    opening = pen.stocks.get((unit, "clinker"), Decimal(round(clinker / 4)))
    sold = observed(float(clinker) * float(pen.rng.uniform(0.15, 0.25)), 2)
    used = observed(float(opening + clinker - sold) * float(pen.rng.uniform(0.74, 0.80)), 2)
    closing = opening + clinker - sold - used
    pen.stocks[unit, "clinker"] = closing
    for parameter, value in (
        ("clinker_stock_opening", opening), ("clinker_purchased", ZERO), ("clinker_sold", sold), ("clinker_used", used),
        ("clinker_stock_closing", closing),
    ):  # fmt: skip
        pen.file(unit, "", parameter, value, kind="industry_production")


def _oxides(pen: Pen, unit: str, clinker: Decimal, deducted: Decimal) -> None:
    """The oxides of the clinker; what came from carbide slag is no carbonate."""
    pen.file(unit, "", "clinker_cao", pen.around(float(CAO), 0.002, 2), kind="oxide_analysis")
    pen.file(unit, "", "clinker_mgo", pen.around(2.05, 0.04, 2), kind="oxide_analysis")
    foreign = half_up(deducted * LIME_MOLAR / MOLAR[0] * HUNDRED / clinker, 2)
    pen.file(unit, "", "clinker_cao_noncarbonate", foreign, kind="oxide_analysis")
    pen.file(unit, "", "clinker_mgo_noncarbonate", ZERO, kind="oxide_analysis")


def flue_gas(pen: Pen, unit: str, tonnes: Decimal, running: float, days: int) -> None:
    """Daily means of the stack: together within two per cent of the month's account, spread over its days."""
    constants = {row["name"]: float(row["value"]) for row in table("flue_gas")}
    total = float(tonnes) * float(pen.rng.uniform(0.985, 1.015))
    weights = pen.rng.normal(1, 0.03, days)
    for day, mass in enumerate(np.round(weights / weights.sum() * total, 3), 1):
        share = float(pen.around(constants["co2_share"], 0.02, 2))
        concentration = share / 100 * constants["co2_density"]
        pen.book.write(
            "flue_gas_daily", unit_id=unit, day=f"{pen.month}-{day:02d}", co2_share=text(observed(share, 2)),
            co2_mass_concentration=text(observed(concentration, 3)), flue_gas_temperature=text(pen.around(98, 0.03, 2)),
            flue_gas_velocity=text(pen.around(13.5, 0.04, 2)), flue_gas_moisture=text(pen.around(7.2, 0.05, 2)),
            oxygen_share=text(pen.around(9.4, 0.04, 2)), flue_gas_flow=text(observed(mass * 1e6 / concentration / 1e4, 3)),
            co2_mass=text(observed(mass, 3)), load=text(observed(min(running * 100, 100), 1)),
        )  # fmt: skip
