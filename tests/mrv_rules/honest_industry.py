"""Honest plants of the industrial sectors over 13 months: a steel works, a cement plant, a smelter.

Every quantity follows from the output of the month by ratios that real plants have, with a little life from month to month.
Emissions as filed follow from the filed values by the formulas of the guides, written out here once more.
"""

import calendar
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

import pandas as pd

from emission_factors import rule_set
from schemas.vocabulary import ENTERPRISE_UNIT, unit_of
from tests.mrv_rules.honest_plant import MONTHS, PLANT, frame, rounded, sha

ENT = ENTERPRISE_UNIT
COKING, SINTERING, IRON, POWER = "C1", "S1", "B1", "P1"
KILN, CELLS = "L1", "E1"
COKING_COAL, COAL, COKE, GAS = "washed_coking_coal", "bituminous_coal", "coke", "blast_furnace_gas"
CARBON_TO_CO2 = (Decimal(44), Decimal(12))
FARADAY = Decimal("0.3356")  # aluminium per charge [kg/kAh]
# Net calorific value [GJ/t, GJ/1e4Nm3] and carbon per heat [tC/GJ] that the guides print.
DEFAULTS = {
    COKING_COAL: ("26.344", "0.02541"),
    COAL: ("23.736", "0.02618"),
    COKE: ("28.435", "0.02942"),
    GAS: ("33.000", "0.07080"),
    "natural_gas": ("389.310", "0.01532"),
}


@dataclass(frozen=True)
class Filed:
    """One value of one month before it is a row."""

    unit: str
    stream: str
    name: str
    value: Decimal
    method: str = "measured"
    origin: str = "purchased"


@dataclass(frozen=True)
class Month:
    """A month with its place in the history; `share(low, high)` varies from month to month and never repeats."""

    month: str
    index: int

    @property
    def hours(self) -> Decimal:
        year, number = map(int, self.month.split("-"))
        return Decimal(24 * calendar.monthrange(year, number)[1])

    def share(self, low: str, high: str, shift: int = 0) -> Decimal:
        step = (self.index * 5 + shift) % 13
        return Decimal(low) + (Decimal(high) - Decimal(low)) * step / 12


def carbon_emission(amount: Decimal, heat: Decimal, carbon: Decimal, oxidation: str = "100") -> Decimal:
    """FC × NCV × CC × OF × 44/12 [tCO2], two decimals."""
    above, below = CARBON_TO_CO2
    return rounded(amount * heat * carbon * Decimal(oxidation) * above / (below * 100), 2)


def ledger(unit: str, stream: str, used: Decimal, month: Month, level: str = "8000.00") -> Iterator[Filed]:
    """Stocks and purchases that close upon what was used: the stock swings around a level."""
    swing = [Decimal(300 * ((month.index + step) % 4)) for step in (0, 1)]
    opening, closing = (Decimal(level) + part for part in swing)
    yield Filed(unit, stream, "stock_opening", opening)
    yield Filed(unit, stream, "quantity_purchased", used + closing - opening)
    yield Filed(unit, stream, "quantity_sold", Decimal("0.00"))
    yield Filed(unit, stream, "stock_closing", closing)


def fuel(unit: str, stream: str, amount: Decimal, heat: Decimal | None, oxidation: str = "100") -> Iterator[Filed]:
    """A purchased fuel with its heat value (the default where none was measured), its carbon and its emission."""
    default, carbon = map(Decimal, DEFAULTS[stream])
    yield Filed(unit, stream, "fuel_consumption", amount)
    yield Filed(
        unit,
        stream,
        "net_calorific_value",
        default if heat is None else heat,
        "default" if heat is None else "measured",
    )
    yield Filed(unit, stream, "carbon_per_heat", carbon, "default")
    emission = carbon_emission(amount, default if heat is None else heat, carbon, oxidation)
    yield Filed(unit, stream, "reported_emission", emission, "calculated")


def steel(month: Month) -> Iterator[Filed]:
    iron = rounded(Decimal(268) * month.hours * month.share("0.94", "1.06"), 2)  # hot metal [t]
    sinter = rounded(iron * Decimal("1.35"), 2)
    to_furnace = rounded(iron * month.share("0.366", "0.374", 4), 2)
    pulverised = rounded(iron * Decimal("0.520") - to_furnace, 2)  # coke and coal together 520 kg/t
    to_sinter = rounded(sinter * month.share("0.049", "0.051", 2), 2)
    own_coke = rounded((to_furnace + to_sinter) * Decimal("0.90"), 2)
    bought_coke = to_furnace + to_sinter - own_coke
    moisture = rounded(month.share("9.20", "10.40", 7), 2)
    dry_coal = rounded(own_coke / Decimal("0.75"), 2)
    wet_coal = rounded(dry_coal * 100 / (100 - moisture), 2)
    furnace_gas = rounded(iron * Decimal("0.1600"), 2)  # 1600 Nm3/t
    stoves, boiler_gas = rounded(furnace_gas * Decimal("0.44"), 2), rounded(furnace_gas * Decimal("0.30"), 2)
    oven_gas = rounded(own_coke * month.share("0.0418", "0.0426", 1), 2)
    boiler_coal = rounded(boiler_gas * Decimal("0.41"), 2)
    heat, coking_heat = rounded(month.share("24.120", "24.660", 3), 3), rounded(month.share("26.510", "26.930", 9), 3)
    coal = pulverised + boiler_coal
    crude_steel = rounded(iron * month.share("1.074", "1.086", 5), 2)
    limestone, scrap = (
        rounded(crude_steel * month.share(*band), 2) for band in (("0.105", "0.109"), ("0.150", "0.156"))
    )
    tar = rounded(dry_coal * month.share("0.0345", "0.0355", 6), 2)

    yield from fuel(ENT, COKING_COAL, wet_coal, coking_heat)
    yield Filed(ENT, COKING_COAL, "moisture_ar", moisture)
    yield Filed(ENT, COKING_COAL, "fuel_consumption_dry", dry_coal)
    yield from ledger(ENT, COKING_COAL, wet_coal, month)
    yield from fuel(ENT, COAL, coal, heat)
    coal_moisture = rounded(month.share("8.10", "9.30", 11), 2)
    yield Filed(ENT, COAL, "moisture_ar", coal_moisture)
    yield Filed(ENT, COAL, "fuel_consumption_dry", rounded(coal * (100 - coal_moisture) / 100, 2))
    yield from ledger(ENT, COAL, coal, month)
    yield from fuel(ENT, COKE, bought_coke, None)
    coke_moisture = rounded(month.share("4.10", "5.30", 10), 2)
    yield Filed(ENT, COKE, "moisture_ar", coke_moisture)
    yield Filed(ENT, COKE, "fuel_consumption_dry", rounded(bought_coke * (100 - coke_moisture) / 100, 2))
    yield from ledger(ENT, COKE, bought_coke, month)
    for material, amount, factor in (("limestone", limestone, "0.440"), ("scrap_steel", scrap, "0.037")):
        yield Filed(ENT, material, "material_consumption", amount)
        yield Filed(ENT, material, "material_factor", Decimal(factor), "default")
        yield Filed(ENT, material, "reported_emission", rounded(amount * Decimal(factor), 2), "calculated")
        yield from ledger(ENT, material, amount, month)
    yield Filed(ENT, "coal_tar_product", "carbon_product_output", tar, "measured", "own")
    yield Filed(ENT, "coal_tar_product", "carbon_product_factor", Decimal("2.699"), "default", "own")
    yield Filed(ENT, "", "crude_steel_output", crude_steel)
    yield Filed(ENT, "", "purchased_electricity", rounded(crude_steel * month.share("0.29", "0.31"), 3))

    yield Filed(COKING, COKING_COAL, "fuel_input", wet_coal)
    yield Filed(COKING, COKE, "fuel_output", own_coke, "measured", "own")
    yield Filed(COKING, "coke_oven_gas", "fuel_output", oven_gas, "measured", "own")
    yield Filed(COKING, "", "process_product_output", own_coke)
    yield Filed(SINTERING, COKE, "fuel_input", to_sinter, "measured", "own")
    yield Filed(SINTERING, "", "process_product_output", sinter)
    yield Filed(SINTERING, "", "process_electricity", rounded(sinter * month.share("0.038", "0.041"), 3))
    yield Filed(IRON, COKE, "fuel_input", to_furnace, "measured", "own")
    yield Filed(IRON, COAL, "fuel_input", pulverised)
    yield Filed(IRON, GAS, "fuel_input", stoves, "measured", "own")
    yield Filed(IRON, GAS, "fuel_output", furnace_gas, "measured", "own")
    yield Filed(IRON, "", "process_product_output", iron)
    yield Filed(IRON, "", "hot_metal_carbon", rounded(month.share("4.24", "4.36", 8), 2))
    yield Filed(IRON, "", "process_electricity", rounded(iron * month.share("0.071", "0.076", 2), 3))

    gas_heat, coal_heat = boiler_gas * Decimal(DEFAULTS[GAS][0]), boiler_coal * heat
    power = rounded((gas_heat + coal_heat) * month.share("0.094", "0.098", 6), 3)  # a third of the heat becomes power
    yield Filed(POWER, GAS, "fuel_consumption", boiler_gas, "measured", "own")
    yield Filed(POWER, COAL, "fuel_consumption", boiler_coal)
    yield Filed(POWER, "", "power_generation", power)
    yield Filed(POWER, "", "run_hours", month.hours)
    share = rounded(gas_heat * 100 / (gas_heat + coal_heat), 2)
    yield Filed(POWER, "", "secondary_energy_share", share, "calculated")


def cement(month: Month) -> Iterator[Filed]:
    clinker = rounded(Decimal(208) * month.hours * month.share("0.90", "1.02"), 2)
    heat = rounded(month.share("22.940", "23.620", 3), 3)
    coal = rounded(clinker * month.share("3.17", "3.23", 6) / heat, 2)  # 3.2 GJ/t of clinker
    slag = rounded(clinker * month.share("0.0110", "0.0114", 2), 2)
    opening, closing = (Decimal(42000 + 1500 * ((month.index + step) % 3)) for step in (0, 1))
    sold = rounded(clinker * Decimal("0.20"), 2)
    # The oxidation rate of solid fuel in a kiln is 99 %.
    yield from fuel(KILN, COAL, coal, heat, "99")
    yield from ledger(KILN, COAL, coal, month)
    yield Filed(KILN, "steel_slag", "substitute_consumption", slag)
    yield Filed(KILN, "steel_slag", "substitute_deduction_factor", Decimal("0.215"), "default")
    yield Filed(KILN, "", "clinker_output", clinker)
    yield Filed(KILN, "", "clinker_process_factor", Decimal("0.535"), "default")
    yield Filed(KILN, "", "clinker_cao", rounded(month.share("64.80", "65.20", 4), 2))
    yield Filed(KILN, "", "clinker_mgo", rounded(month.share("1.44", "1.56", 8), 2))
    yield Filed(KILN, "", "clinker_cao_noncarbonate", rounded(month.share("0.28", "0.40", 5), 2))
    yield Filed(KILN, "", "clinker_mgo_noncarbonate", rounded(month.share("0.04", "0.16", 9), 2))
    yield Filed(KILN, "", "raw_meal_consumption", rounded(clinker * month.share("1.544", "1.556", 1), 2))
    yield Filed(KILN, "", "clinker_stock_opening", opening)
    yield Filed(KILN, "", "clinker_purchased", Decimal("0.00"))
    yield Filed(KILN, "", "clinker_sold", sold)
    yield Filed(KILN, "", "clinker_used", opening + clinker - sold - closing)
    yield Filed(KILN, "", "clinker_stock_closing", closing)
    yield Filed(KILN, "", "process_electricity", rounded(clinker * month.share("0.0592", "0.0608", 7), 3))
    yield Filed(KILN, "", "run_hours", month.hours)
    yield Filed(ENT, "", "purchased_electricity", rounded(clinker * month.share("0.0830", "0.0860", 10), 3))


def aluminium(month: Month) -> Iterator[Filed]:
    current = rounded(month.share("399.40", "400.60", 2), 2)
    cells = Decimal("300.00")
    efficiency = month.share("0.927", "0.933", 5)
    metal = rounded(FARADAY * current * cells * month.hours * efficiency / 1000, 2)
    net_wanted = metal * month.share("0.418", "0.422", 7)
    gross = rounded(net_wanted * 100 / (100 - Decimal("15.18")), 2)
    soda = rounded(metal * month.share("0.0018", "0.0022", 3), 2)
    purity = rounded(month.share("98.20", "98.80", 8), 2)
    gas = rounded(metal * month.share("0.00061", "0.00067", 1), 2)
    yield Filed(CELLS, "", "aluminium_output", metal)
    yield Filed(CELLS, "", "anode_consumption", gross)
    yield Filed(CELLS, "", "anode_loss_rate", Decimal("15.18"), "default")
    yield Filed(CELLS, "", "anode_net_consumption", rounded(gross * (100 - Decimal("15.18")) / 100, 2), "calculated")
    yield Filed(CELLS, "", "anode_sulphur", rounded(month.share("1.72", "1.96", 4), 2))
    yield Filed(CELLS, "", "anode_ash", Decimal("0.40"), "default")
    yield Filed(CELLS, "", "cf4_factor", Decimal("0.020"), "default")
    yield Filed(CELLS, "", "c2f6_factor", Decimal("0.0011"), "default")
    direct = rounded(metal * month.share("13.16", "13.24", 6), 3)
    yield Filed(CELLS, "", "dc_electricity", direct)
    yield Filed(CELLS, "", "ac_electricity", rounded(direct * Decimal("1.0303"), 3))
    yield Filed(CELLS, "", "line_current", current)
    yield Filed(CELLS, "", "operating_cells", cells)
    yield Filed(CELLS, "", "run_hours", month.hours)
    yield from fuel(ENT, "natural_gas", gas, None, "99")
    yield Filed(ENT, "sodium_carbonate", "material_consumption", soda)
    yield Filed(ENT, "sodium_carbonate", "carbonate_purity", purity)
    yield Filed(ENT, "sodium_carbonate", "material_factor", Decimal("0.4149"), "default")
    emission = rounded(soda * Decimal("0.4149") * purity / 100, 2)
    yield Filed(ENT, "sodium_carbonate", "reported_emission", emission, "calculated")
    yield Filed(ENT, "", "purchased_electricity", rounded(direct * Decimal("1.0402"), 3))


SECTORS: dict[str, Callable[[Month], Iterator[Filed]]] = {"steel": steel, "cement": cement, "aluminium": aluminium}
# Unit → (process, further columns of the register).
FACILITIES: dict[str, dict[str, tuple[str, dict[str, str]]]] = {
    "steel": {
        ENT: ("enterprise", {"capacity": "2600000", "capacity_unit": "t"}),
        COKING: ("coking", {"coke_oven_kind": "top_charged"}),
        SINTERING: ("sintering", {}),
        IRON: ("iron_making", {}),
        POWER: ("cofiring_power", {"combustion_equipment": "power_boiler"}),
    },
    "cement": {
        ENT: ("enterprise", {}),
        KILN: (
            "clinker_line",
            {"clinker_kind": "portland_clinker", "combustion_equipment": "cement_kiln", "capacity": "5000"},
        ),
    },
    "aluminium": {
        ENT: ("enterprise", {}),
        CELLS: ("electrolysis", {"design_current": "400.00", "cells": "300", "rectifiers": "5"}),
    },
}


def _values(sector: str) -> Iterator[tuple[str, Filed]]:
    for index, month in enumerate(MONTHS):
        for filed in SECTORS[sector](Month(month, index)):
            yield month, filed


def _parameters(sector: str) -> Iterator[dict[str, str]]:
    for month, filed in _values(sector):
        yield {
            "plant_id": PLANT,
            "sector": sector,
            "unit_id": filed.unit,
            "stream_id": filed.stream,
            "month": month,
            "parameter": filed.name,
            "value": f"{filed.value:f}",
            "unit": unit_of(filed.name, filed.stream),
            "method": filed.method,
            "source_document": "生产月报",
            "origin": filed.origin if filed.stream else "",
        }


def _evidence(sector: str) -> Iterator[dict[str, str]]:
    """A sealed original for every value that the deposit list of the sector names, but for defaults."""
    for month, filed in _values(sector):
        asked = {item.parameter for item in rule_set(sector, month).deposit}
        if filed.name in asked and filed.method != "default":
            file = f"{month}-{filed.unit}-{filed.stream}-{filed.name}.pdf"
            yield {
                "plant_id": PLANT,
                "unit_id": filed.unit,
                "stream_id": filed.stream,
                "month": month,
                "parameter": filed.name,
                "evidence_file": file,
                "description": "盖章版原件",
                "evidence_sha256": sha(f"{sector} {file}"),
            }


def _plant(sector: str) -> Iterator[dict[str, str]]:
    yield {
        "plant_id": PLANT,
        "sector": sector,
        "name": "示例工业有限公司",
        "credit_code": "91110000000000002B",
        "province": "河北省",
        "altitude": "60.0",
        "reporting_authority": "河北省生态环境厅",
        "grid_region": "华北",
    }


def _plan(sector: str) -> Iterator[dict[str, str]]:
    """One version of the control plan that names what the plant files, as it files it."""
    named = {(row["unit_id"], row["stream_id"], row["parameter"]): row for row in _parameters(sector)}
    for (unit, stream, parameter), row in named.items():
        yield {
            "plant_id": PLANT,
            "sector": sector,
            "version": "V1",
            "valid_from": "2024-12-31",
            "unit_id": unit,
            "stream_id": stream,
            "parameter": parameter,
            "method": row["method"],
            "frequency": "每月",
            "missing_data_treatment": "按保守性原则处理",
            "department": "生产技术部",
        }


def _facilities(sector: str) -> Iterator[dict[str, str]]:
    for unit, (process, further) in FACILITIES[sector].items():
        yield {
            "plant_id": PLANT,
            "sector": sector,
            "unit_id": unit,
            "name": f"{unit}号",
            "process": process,
            "commissioned_on": "2012-06-30",
            **further,
        }


@cache
def tables(sector: str) -> dict[str, pd.DataFrame]:
    """All canonical tables of the honest plant of a sector (`steel`, `cement`, `aluminium`), 2025-01 to 2026-01."""
    return {
        "parameter": frame("parameter", _parameters(sector)),
        "evidence": frame("evidence", _evidence(sector)),
        "plant": frame("plant", _plant(sector)),
        "facility": frame("facility", _facilities(sector)),
        "control_plan": frame("control_plan", _plan(sector)),
    }
