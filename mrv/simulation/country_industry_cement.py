"""Cement works of a country: one or two clinker lines each, some with carbide slag."""

import numpy as np

from mrv.simulation.cement_documents import CAO, CLINKER, COAL, LIME_MOLAR, SLAG
from mrv.simulation.country_industry_sheet import CARBON_DIOXIDE, Sheet
from mrv.simulation.integers import divide_half_up, ticks
from mrv.simulation.model import Row

NAMES = ["CL1", "CL2", "ENT"]
SIZES = (("2500", "φ4.0×60"), ("3200", "φ4.3×66"), ("5000", "φ4.8×74"), ("8000", "φ5.6×87"))  # t/d, kiln
WEIGHTS = (0.35, 0.10, 0.50, 0.05)
STAGGERED = np.array(
    [0.62, 0.60, *[0.93] * 9, 0.70]
)  # kilns stand still part of the winter, by agreement of the industry
SLAG_SHARE = 0.1  # of the lines


def units_there(plants: int, rng: np.random.Generator) -> np.ndarray:
    """Which of the units each plant has (plants, names)."""
    there = np.ones((plants, len(NAMES)), dtype=bool)
    there[:, 1] = rng.random(plants) < 0.4
    return there


def write(sheet: Sheet) -> list[Row]:
    """Everything that the works file; returns the register columns of each unit."""
    rows, rng = sheet.rows("CL1", "CL2"), sheet.rng
    size = rng.choice(len(SIZES), len(sheet.plant), p=WEIGHTS)
    daily = np.array([float(capacity) for capacity, _ in SIZES])[size][sheet.unit_of(rows)]
    hours = ticks(24 * sheet.days(rows) * STAGGERED[sheet.season(rows)] * rng.uniform(0.97, 1.02, len(rows)), 2)
    sheet.file("", "run_hours", rows, hours)
    made = daily * hours / 2400 * rng.uniform(0.985, 1.015, len(rows))
    clinker = sheet.observe("", "clinker_output", rows, made)
    factor, places = sheet.default("", CLINKER, "clinker_process_factor", rows)
    sheet.file(CLINKER, "reported_emission", rows, divide_half_up(clinker * factor, 10**places), "calculated")
    net = ticks(sheet.habit(rows, 22.0, 24.5, 0.015), 3)
    coal = ticks(made * sheet.habit(rows, 3.02, 3.38, 0.01) / (net / 1000), 2)
    sheet.fuel(COAL, rows, coal, net, True, "belt_scale")
    sheet.fuel("diesel", rows, ticks(sheet.habit(rows, 8, 20, 0.15), 2), None, True, "settlement")
    slag = sheet.coin(rows, SLAG_SHARE)
    _substitute(sheet, rows[slag], clinker[slag])
    _stocks(sheet, rows, clinker)
    sheet.observe("", "raw_meal_consumption", rows, made * sheet.habit(rows, 1.52, 1.58, 0.008))
    power = sheet.observe("", "process_electricity", rows, made * sheet.habit(rows, 52, 66, 0.02) / 1000)
    enterprise = sheet.rows("ENT")
    ground = sheet.sum_of_plants(rows, power, enterprise) / 1000 * 1.35
    sheet.observe("", "purchased_electricity", enterprise, ground * sheet.spread(len(enterprise), 0.02))
    with_slag = set(sheet.unit_of(rows[slag]).tolist())
    return [_register(sheet, unit, int(size[unit]), unit in with_slag) for unit in range(len(sheet.plant))]


def _substitute(sheet: Sheet, rows: np.ndarray, clinker: np.ndarray) -> None:
    """Carbide slag instead of limestone, and the share of the lime that came with it [%]."""
    used = sheet.observe(SLAG, "substitute_consumption", rows, clinker / 100 * sheet.habit(rows, 0.08, 0.17, 0.03))
    factor, places = sheet.default(SLAG, SLAG, "substitute_deduction_factor", rows)
    deducted = divide_half_up(used * factor, 10**places)
    # Lime that came without carbon dioxide [t] over the lime of the clinker: deducted × 56/44 / (clinker × CaO/100), in 0.01 %.
    lime, whole = deducted * int(LIME_MOLAR) * 10**8, CARBON_DIOXIDE * int(CAO * 100) * clinker
    sheet.file("", "carbide_slag_ratio", rows, divide_half_up(lime, whole), "calculated")


def _stocks(sheet: Sheet, rows: np.ndarray, clinker: np.ndarray) -> None:
    """Opening stock + made + bought − sold − used − closing stock is nothing; a month opens with what the last one left."""
    months, output = len(sheet.months), clinker.reshape(-1, len(sheet.months))
    level = ticks(output.mean(axis=1)[:, None] / 400 * sheet.rng.uniform(0.8, 1.2, (len(output), months + 1)), 2)
    opening, closing = level[:, :-1].ravel(), level[:, 1:].ravel()
    sold = ticks(clinker / 100 * sheet.rng.uniform(0.15, 0.25, len(rows)), 2)
    sheet.file("", "clinker_stock_opening", rows, opening)
    sheet.file("", "clinker_purchased", rows, np.zeros(len(rows), dtype=np.int64))
    sheet.file("", "clinker_sold", rows, sold)
    sheet.file("", "clinker_used", rows, opening + clinker - sold - closing)
    sheet.file("", "clinker_stock_closing", rows, closing)


def _register(sheet: Sheet, unit: int, size: int, slag: bool) -> Row:
    name = sheet.names[sheet.unit[unit]]
    if name == "ENT":
        return {"process": "enterprise", "name": "企业层级"}
    capacity, kiln = SIZES[size]
    return {
        "process": "clinker_line", "name": f"{name[2:]}号熟料生产线", "capacity": capacity, "capacity_unit": "t/d",
        "clinker_kind": CLINKER, "clinker_variety": "通用硅酸盐水泥熟料", "kiln_size": kiln,
        "carbide_slag_line": "yes" if slag else "no", "gypsum_acid_line": "no", "combustion_equipment": "cement_kiln",
        "flue_gas_monitoring": "no",
    }  # fmt: skip
