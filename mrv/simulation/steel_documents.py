"""What a steel works files in a month: the balance of the enterprise, its processes, its co-firing power unit.

Every quantity follows from the hot metal (long route) or the steel (short route) by the ratios of `steel_rates.csv`.
Own coke and gases circulate between the processes and stay out of the balance of the enterprise.
"""

from collections.abc import Callable
from decimal import Decimal

from mrv.simulation.industry_pen import Pen
from mrv.simulation.industry_specs import IndustrySpec, SteelSpec, default
from mrv.simulation.numbers import HUNDRED, half_up, observed
from mrv.simulation.specs import table
from schemas.vocabulary import FUELS, fuel_of

Amounts = dict[tuple[str, str, str], Decimal]  # (unit, stream, parameter) → quantity
STEEL_MAKER = {"long": "CV1", "short": "EF1"}
UNTESTED = ("coke", "blast_furnace_gas", "coke_oven_gas", "converter_gas")


def write_steel(pen: Pen, plant: IndustrySpec, days: int) -> None:
    """Rows of the enterprise and of each process for the month of the pen; `days` of that month."""
    for works in plant.parts:
        assert isinstance(works, SteelSpec)
        amounts = _amounts(pen, works, days)
        _enterprise(pen, amounts)
        _processes(pen, amounts)
        ROUTES[works.route](pen, amounts, days)


def _amounts(pen: Pen, works: SteelSpec, days: int) -> Amounts:
    """Quantities of the month: the rate of each row of the table times the output; the steel made is filed once more for all."""
    made = works.daily * days * float(pen.rng.uniform(0.96, 1.02))
    amounts: Amounts = {}
    for row in table("steel_rates"):
        if row["route"] == works.route:
            key = row["unit_id"], row["stream_id"], row["parameter"]
            amounts[key] = pen.around(made * float(row["rate"]), float(row["deviation"]), 2)
    amounts["ENT", "", "crude_steel_output"] = amounts[STEEL_MAKER[works.route], "", "process_product_output"]
    return amounts


def _enterprise(pen: Pen, amounts: Amounts) -> None:
    """Formula (1): purchased fuels and materials; carbon products."""
    used: dict[str, Decimal] = {}
    for (unit, stream, parameter), amount in amounts.items():
        if unit == "ENT" and parameter == "fuel_consumption":
            used[stream] = amount
    inside = _bought_inside(amounts)
    for stream, amount in {**used, **inside}.items():
        fuel = fuel_of(stream)
        net = None if fuel in UNTESTED else pen.around(_tested(stream), 0.006, 3)
        source = "stock_balance" if FUELS[fuel].state == "solid" else "settlement"
        pen.fuel("ENT", stream, amount, net, False, source)
        if FUELS[fuel].state == "solid":
            moisture = pen.around(_moisture(stream), 0.03, 2)
            pen.file("ENT", stream, "moisture_ar", moisture, kind="heat_value_report")
            dry = half_up(amount * (HUNDRED - moisture) / HUNDRED, 2)
            pen.file("ENT", stream, "fuel_consumption_dry", dry, "calculated")
    for (unit, stream, parameter), amount in amounts.items():
        if unit != "ENT":
            continue
        if parameter == "material_consumption":
            tonnes = half_up(pen.material(unit, stream, amount), 2)
            pen.file(unit, stream, "reported_emission", tonnes, "calculated")
        elif parameter == "carbon_product_output":
            pen.file(unit, stream, parameter, amount, kind="material_ledger")
            pen.copy(unit, stream, stream, "carbon_product_factor")
        elif parameter == "crude_steel_output":
            pen.file(unit, stream, parameter, amount, kind="industry_production")
        elif parameter == "purchased_electricity":
            pen.file(unit, stream, parameter, observed(float(amount), 3), kind="electricity_purchased")


def _bought_inside(amounts: Amounts) -> dict[str, Decimal]:
    """What the processes take from outside: coal and gas that goes in, and coke that goes in beyond the coke that comes out."""
    bought: dict[str, Decimal] = {}
    signs = {"fuel_input": 1, "fuel_output": -1, "fuel_consumption": 1}
    for (unit, stream, parameter), amount in amounts.items():
        own_gas = fuel_of(stream) in UNTESTED and stream != "coke"
        if unit != "ENT" and parameter in signs and not own_gas:
            bought[stream] = bought.get(stream, Decimal(0)) + signs[parameter] * amount
    outside = {stream: bought[stream] for stream in bought if ("ENT", stream, "fuel_consumption") not in amounts}
    both = {
        stream: amounts["ENT", stream, "fuel_consumption"] + bought[stream]
        for stream in bought
        if stream not in outside
    }
    return {**outside, **both}


def _tested(stream: str) -> float:
    return next(float(row["net_calorific_value"]) for row in table("steel_fuels") if row["stream_id"] == stream)


def _moisture(stream: str) -> float:
    return next(float(row["moisture_ar"]) for row in table("steel_fuels") if row["stream_id"] == stream)


def _processes(pen: Pen, amounts: Amounts) -> None:
    """Formula (2): fuels into and out of each process, products, electricity."""
    own = {"blast_furnace_gas", "coke_oven_gas", "converter_gas"}
    for (unit, stream, parameter), amount in amounts.items():
        if unit == "ENT":
            continue
        if parameter in ("fuel_input", "fuel_output"):
            kind = "process_fuel_in" if parameter == "fuel_input" else "process_fuel_out"
            origin = "own" if stream in own or parameter == "fuel_output" else "purchased"
            pen.file(unit, stream, parameter, amount, kind=kind, origin="own" if stream == "coke" else origin)
        elif parameter == "process_product_output":
            pen.file(unit, stream, parameter, amount, kind="industry_production")
        elif parameter == "process_electricity":
            pen.file(unit, stream, parameter, observed(float(amount), 3), kind="electricity_meter")


def _long(pen: Pen, amounts: Amounts, days: int) -> None:
    """What only a long route has: carbon of the hot metal, and the power unit that burns own gases (formula 3)."""
    pen.file("BF1", "", "hot_metal_carbon", pen.around(4.35, 0.015, 2), kind="hot_metal_analysis")
    burnt = {
        stream: amount
        for (unit, stream, name), amount in amounts.items()
        if (unit, name) == ("PW1", "fuel_consumption")
    }
    heat = {}
    for stream, amount in burnt.items():
        own = stream in UNTESTED
        net = None if own else _filed(pen, stream)
        pen.fuel(
            "PW1", stream, amount, net, True, "flow_meter" if own else "feeder", "own" if own else "purchased", False
        )
        heat[stream] = amount * (default(pen.sector, stream, "net_calorific_value") if net is None else net)
    whole = sum(heat.values(), Decimal(0))
    secondary = sum((value for stream, value in heat.items() if stream in UNTESTED), Decimal(0))
    pen.file("PW1", "", "secondary_energy_share", half_up(secondary * HUNDRED / whole, 2), "calculated")
    generated = pen.around(float(whole) / 10.4, 0.01, 3)  # GJ of fuel per MWh
    pen.file("PW1", "", "power_generation", generated, kind="industry_production")
    pen.read("PW1-E1", "PW1", "", "power_generation", generated)
    hours = Decimal(24 * days - int(pen.rng.integers(0, 40))).quantize(Decimal("0.01"))
    pen.file("PW1", "", "run_hours", hours, kind="industry_production")
    pen.file("PW1", "", "heat_supplied", pen.around(float(whole) * 0.03, 0.05, 2), kind="industry_production")


def _filed(pen: Pen, stream: str) -> Decimal:
    """The heat value that the enterprise filed for a fuel this month: its power unit takes the same."""
    rows = pen.book.rows["parameter"]
    return next(
        Decimal(row["value"])
        for row in reversed(rows)
        if (row["month"], row["unit_id"], row["stream_id"], row["parameter"])
        == (pen.month, "ENT", stream, "net_calorific_value")
    )


def _short(pen: Pen, amounts: Amounts, days: int) -> None:
    """A short route: the hours of its furnace."""
    hours = Decimal(24 * days - int(pen.rng.integers(30, 90))).quantize(Decimal("0.01"))
    pen.file("EF1", "", "run_hours", hours, kind="industry_production")


ROUTES: dict[str, Callable[[Pen, Amounts, int], None]] = {"long": _long, "short": _short}
