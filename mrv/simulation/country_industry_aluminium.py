"""Smelters of a country: one or two electrolysis lines each, aluminium by Faraday's law."""

import numpy as np

from mrv.simulation.aluminium_documents import GAS_PER_TONNE, RECTIFIED
from mrv.simulation.country_industry_sheet import Sheet
from mrv.simulation.industry_specs import default
from mrv.simulation.integers import divide_half_up, ticks
from mrv.simulation.model import Row

NAMES = ["ENT", "PL1", "PL2"]
# Design current [kA] and cells of a line.
SIZES = ((240, 250), (320, 260), (400, 290), (500, 310))
WEIGHTS = (0.2, 0.2, 0.4, 0.2)
TONNES_PER_CELL_KILOAMPERE = 2.75  # a year: 0.33556 kg per kA h and cell, 8760 h, efficiency 0.935


def units_there(plants: int, rng: np.random.Generator) -> np.ndarray:
    """Which of the units each plant has (plants, names)."""
    there = np.ones((plants, len(NAMES)), dtype=bool)
    there[:, 2] = rng.random(plants) < 0.4
    return there


def write(sheet: Sheet) -> list[Row]:
    """Everything that the smelters file; returns the register columns of each unit."""
    rows, rng = sheet.rows("PL1", "PL2"), sheet.rng
    size = rng.choice(len(SIZES), len(sheet.plant), p=WEIGHTS)
    design, cells = (np.array(column, dtype=float)[size][sheet.unit_of(rows)] for column in zip(*SIZES, strict=True))
    current = sheet.observe("", "line_current", rows, design * sheet.habit(rows, 0.995, 1.0, 0.002))
    running = sheet.observe("", "operating_cells", rows, cells * sheet.habit(rows, 0.97, 0.985, 0.004))
    hours = 2400 * sheet.days(rows)
    sheet.file("", "run_hours", rows, hours)
    charge = current / 1000 * running / 100 * hours / 100 * float(default(sheet.sector, "cell", "charge_equivalent"))
    metal = sheet.observe("", "aluminium_output", rows, charge / 1000 * sheet.habit(rows, 0.920, 0.940, 0.004))
    _anodes(sheet, rows, metal)
    for parameter in ("cf4_factor", "c2f6_factor"):
        sheet.default("", "anode_effect", parameter, rows)
    direct = sheet.observe("", "dc_electricity", rows, metal / 100 * sheet.habit(rows, 12.90, 13.35, 0.005))
    alternating = sheet.observe("", "ac_electricity", rows, direct / 1000 / RECTIFIED)
    enterprise = sheet.rows("ENT")
    whole = sheet.sum_of_plants(rows, metal, enterprise) / 100
    gas = ticks(whole * GAS_PER_TONNE * sheet.spread(len(enterprise), 0.03), 2)
    net = ticks(sheet.habit(enterprise, 346, 358, 0.008), 3)
    sheet.tested_or_default("natural_gas", enterprise, gas, net, sheet.coin(enterprise, 0.7), True)
    bought = sheet.sum_of_plants(rows, alternating, enterprise) / 1000 * 1.03
    sheet.observe("", "purchased_electricity", enterprise, bought * sheet.spread(len(enterprise), 0.004))
    return [_register(sheet, unit, int(size[unit])) for unit in range(len(sheet.plant))]


def _anodes(sheet: Sheet, rows: np.ndarray, metal: np.ndarray) -> None:
    """Gross and net anodes; sulphur and ash as analysed by half of the lines, else the defaults."""
    net = metal / 100 * sheet.habit(rows, 0.405, 0.418, 0.006)
    loss, places = sheet.default("", "anode", "anode_loss_rate", rows)
    whole = 100 * 10**places
    gross = sheet.observe("", "anode_consumption", rows, net * whole / (whole - loss))
    sheet.file("", "anode_net_consumption", rows, divide_half_up(gross * (whole - loss), whole), "calculated")
    analysed = sheet.coin(rows, 0.5)
    for parameter, mean in (("anode_sulphur", 1.62), ("anode_ash", 0.31)):
        found = mean * sheet.spread(int(analysed.sum()), 0.03)
        sheet.observe("", parameter, rows[analysed], found)
        sheet.default("", "anode", parameter, rows[~analysed])


def _register(sheet: Sheet, unit: int, size: int) -> Row:
    name = sheet.names[sheet.unit[unit]]
    if name == "ENT":
        return {"process": "enterprise", "name": "企业层级"}
    current, cells = SIZES[size]
    yearly = round(current * cells * TONNES_PER_CELL_KILOAMPERE / 1000) * 1000
    return {
        "process": "electrolysis", "name": f"{name[2:]}号电解系列", "capacity": str(yearly), "capacity_unit": "t/a",
        "design_current": str(current), "design_voltage": "3.95", "cells": str(cells), "rectifiers": "6",
    }  # fmt: skip
