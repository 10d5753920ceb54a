"""Steel works of a country: the balance of the enterprise, and coking, sintering and iron-making."""

import numpy as np

from mrv.simulation.country_industry_sheet import PLACES, Sheet
from mrv.simulation.integers import divide_half_up, ticks
from mrv.simulation.model import Row
from mrv.simulation.specs import table

NAMES = ["BF1", "CK1", "ENT", "SN1"]
SIZES = (3000, 6000, 10_000, 16_000)  # t of hot metal a day
WEIGHTS = (0.3, 0.35, 0.25, 0.1)
OWN_GASES = ("blast_furnace_gas", "coke_oven_gas")
PRODUCTS = {  # register columns of a process, and t a year per t of hot metal a day
    "BF1": ("iron_making", "炼铁厂", 365),
    "CK1": ("coking", "焦化厂", 110),
    "SN1": ("sintering", "烧结厂", 500),
}
Amounts = dict[tuple[str, str, str], np.ndarray]  # (unit, stream, parameter) → integers (plants × months,)


def units_there(plants: int, rng: np.random.Generator) -> np.ndarray:
    """Which of the units each plant has (plants, names): all of them."""
    return np.ones((plants, len(NAMES)), dtype=bool)


def write(sheet: Sheet) -> list[Row]:
    """Everything that the works file; returns the register columns of each unit."""
    rows, rng = sheet.rows("ENT"), sheet.rng
    size = rng.choice(len(SIZES), len(sheet.plant_ids), p=WEIGHTS)
    daily = (np.array(SIZES) * 1.0)[size][sheet.plant_of(rows)]
    iron = daily * sheet.days(rows) * rng.uniform(0.96, 1.02, len(rows))
    amounts: Amounts = {}
    for row in table("country_steel"):
        key = row["unit_id"], row["stream_id"], row["parameter"]
        made = iron * float(row["rate"]) * sheet.spread(len(rows), float(row["deviation"]))
        amounts[key] = ticks(made, PLACES[row["parameter"]])
    _processes(sheet, amounts)
    _fuels(sheet, rows, amounts)
    _materials(sheet, rows, amounts)
    return [_register(sheet, unit, SIZES[size[sheet.plant[unit]]]) for unit in range(len(sheet.plant))]


def _processes(sheet: Sheet, amounts: Amounts) -> None:
    """Formula (2): fuels into and out of each process, what it makes, its electricity."""
    for (unit, stream, parameter), ints in amounts.items():
        if unit == "ENT":
            continue
        own = stream in (*OWN_GASES, "coke")
        marks = {"origin": "own" if own else "purchased"} if stream else {}
        sheet.file(stream, parameter, sheet.rows(unit), ints, **marks)
    rows = sheet.rows("BF1")
    sheet.observe("", "hot_metal_carbon", rows, sheet.habit(rows, 4.25, 4.45, 0.01))


def _fuels(sheet: Sheet, rows: np.ndarray, amounts: Amounts) -> None:
    """Formula (1): what the processes take from outside, coke beyond the own, and the gas that is burnt elsewhere."""
    bought: dict[str, np.ndarray] = {}
    signs = {"fuel_input": 1, "fuel_output": -1}
    for (unit, stream, parameter), ints in amounts.items():
        if unit != "ENT" and parameter in signs and stream not in OWN_GASES:
            bought[stream] = bought.get(stream, np.zeros(len(rows), dtype=np.int64)) + signs[parameter] * ints
    tested = {row["stream_id"]: row for row in table("steel_fuels")}
    for stream in sorted(bought):
        heat, wet = tested[stream]["net_calorific_value"], float(tested[stream]["moisture_ar"])
        # coke always takes the default
        net = ticks(float(heat) * sheet.habit(rows, 0.98, 1.02, 0.006), 3) if heat else None
        sheet.fuel(stream, rows, bought[stream], net, False, "stock_balance")
        moisture = sheet.observe(stream, "moisture_ar", rows, wet * sheet.spread(len(rows), 0.03))
        dry = divide_half_up(bought[stream] * (10_000 - moisture), 10_000)
        sheet.file(stream, "fuel_consumption_dry", rows, dry, "calculated")
    gas = amounts["ENT", "natural_gas", "fuel_consumption"]
    net = ticks(sheet.habit(rows, 346, 362, 0.006), 3)
    sheet.tested_or_default("natural_gas", rows, gas, net, sheet.coin(rows, 0.7), False)


def _materials(sheet: Sheet, rows: np.ndarray, amounts: Amounts) -> None:
    """Materials and products with the factors of table A.2, crude steel, electricity."""
    for (unit, stream, parameter), ints in amounts.items():
        if unit != "ENT" or parameter == "fuel_consumption":
            continue
        sheet.file(stream, parameter, rows, ints)
        if parameter == "material_consumption":
            factor, places = sheet.default(stream, stream, "material_factor", rows)
            sheet.file(stream, "reported_emission", rows, divide_half_up(ints * factor, 10**places), "calculated")
        elif parameter == "carbon_product_output":
            sheet.default(stream, stream, "carbon_product_factor", rows)


def _register(sheet: Sheet, unit: int, daily: int) -> Row:
    name = sheet.names[sheet.unit[unit]]
    if name == "ENT":
        return {"process": "enterprise", "name": "企业层级"}
    process, words, days = PRODUCTS[name]
    more = {"coke_oven_kind": "top_charged"} if process == "coking" else {}
    return {"process": process, "name": words, "capacity": str(daily * days), "capacity_unit": "t/a", **more}
