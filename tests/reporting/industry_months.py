"""One filled month of a steel works, a cement plant and a smelter: registers, filed rows, and the totals worked out by hand."""

import pandas as pd

from schemas import TABLES
from schemas.vocabulary.parameters import unit_of

MONTH = "2026-01"
COLUMNS = TABLES["parameter"].names
Rows = list[tuple[str, str, str, str, dict[str, str]]]


def frame(table, *rows):
    names = TABLES[table].names
    return pd.DataFrame([{name: row.get(name, "") for name in names} for row in rows], columns=names, dtype="str")


def plant(plant_id, sector):
    return frame("plant", {"plant_id": plant_id, "sector": sector, "name": f"示例企业{plant_id}（虚构）"})


def facilities(plant_id, sector, *records):
    return frame("facility", *({"plant_id": plant_id, "sector": sector, **record} for record in records))


def parameters(plant_id, sector, rows):
    return frame(
        "parameter",
        *(
            {
                "plant_id": plant_id, "sector": sector, "unit_id": unit, "stream_id": stream, "month": MONTH,
                "parameter": name, "value": value, "unit": unit_of(name, stream), "method": "measured",
                "source_document": "台账",
            } | more
            for unit, stream, name, value, more in rows
        ),
    )  # fmt: skip


def bought(stream, amount, heat):
    fuel = [("ENT", stream, "fuel_consumption", amount, {"origin": "purchased"})]
    return [*fuel, ("ENT", stream, "net_calorific_value", heat, {})] if heat else fuel


MATERIALS = {
    "high_carbon_ferrochrome": "312.00", "extra_low_carbon_ferromanganese": "1256.54",
    "high_carbon_ferromanganese": "1301.32", "silicomanganese": "6181.94", "ferrosilicon": "1798.22",
    "ferromolybdenum": "20.54", "ferronickel": "0", "scrap_steel": "55461.56", "pig_iron": "9867.76",
    "electrode": "371.22", "dolomite": "53361.58", "limestone": "1891.38",
}  # fmt: skip
PRODUCTS = {"crude_benzol": "1878.22", "coal_tar_product": "7089.94"}
FUELS = ("anthracite", "bituminous_coal", "washed_coking_coal", "coke", "coke_oven_gas")
# A real month of a steel works. Fuels FC × NCV × CC × 44/12 [tCO2]:
#   anthracite 2317.68 × 25.024 × 0.02749 → 5845.97; bituminous 120188.43 × 23.736 × 0.02618 → 273849.07;
#   washed coal 300810.90 × 26.344 × 0.02541 → 738331.47; coke 66522.44 × 28.435 × 0.02942 → 204049.48;
#   coke-oven gas 920.50 × 173.854 × 0.0121 → 7100.11; together 1229176.10.
# Materials, e.g. scrap 55461.56 × 0.037 → 2052.08, dolomite 53361.58 × 0.476 → 25400.11; together 32394.60.
# Products: crude steel 595279.00 × 0.037 → 22025.32, benzol 1878.22 × 3.382 → 6352.14, tar 7089.94 × 2.699 → 19135.75;
#   together 47513.21. Total 1229176.10 + 32394.60 − 47513.21 = 1214057.49.
STEEL_ROWS: Rows = [
    *bought("anthracite", "2317.68", "25.024"),
    *bought("bituminous_coal", "120188.43", "23.736"),
    *bought("washed_coking_coal", "300810.90", "26.344"),
    *bought("coke", "66522.44", ""),
    *bought("coke_oven_gas", "920.50", "173.854"),
    *(("ENT", stream, "material_consumption", amount, {}) for stream, amount in MATERIALS.items()),
    *(("ENT", stream, "carbon_product_output", amount, {}) for stream, amount in PRODUCTS.items()),
    ("ENT", "", "crude_steel_output", "595279.00", {}),
]
STEEL_TOTAL = "1214057.49"
# What a breakdown adds: own coke goes into iron-making, gas comes out; none of it changes the total.
BREAKDOWN: Rows = [
    ("ENT", "blast_furnace_gas", "fuel_consumption", "500.00", {"origin": "own"}),
    ("BF", "coke", "fuel_input", "100000.00", {}),
    ("BF", "bituminous_coal", "fuel_input", "40000.00", {}),
    ("BF", "blast_furnace_gas", "fuel_output", "45000.00", {}),
    ("BF", "", "process_product_output", "300000.00", {}),
    ("P1", "blast_furnace_gas", "fuel_consumption", "20000.00", {"origin": "own"}),
    ("P1", "bituminous_coal", "fuel_consumption", "1000.00", {"origin": "purchased"}),
    ("P1", "", "power_generation", "60000.000", {}),
]
STEEL_FACILITIES = facilities(
    "S1", "steel",
    {"unit_id": "ENT", "name": "全厂", "process": "enterprise", "fuels": ";".join((*FUELS, "blast_furnace_gas")),
     "materials": ";".join((*MATERIALS, *PRODUCTS, "crude_steel"))},
    {"unit_id": "BF", "name": "炼铁厂", "process": "iron_making", "fuels": "coke;bituminous_coal;blast_furnace_gas",
     "flue_gas_monitoring": "yes"},
    {"unit_id": "P1", "name": "自备电站", "process": "cofiring_power", "fuels": "blast_furnace_gas;bituminous_coal"},
)  # fmt: skip

# Line 1: fuels 12000.50 × 23.736 × 0.02618 × OF × 44/12 and clinker 100000 × 0.535 = 53500.00 less carbide slag
# 5000 × 0.480 = 2400.00 → 51100.00; line 2: clinker 100 × 0.535 = 53.50 less 1000 × 0.480 = 480.00 → zero, not below.
CEMENT_ROWS: Rows = [
    ("L1", "bituminous_coal", "fuel_consumption", "12000.50", {"origin": "purchased"}),
    ("L1", "bituminous_coal", "net_calorific_value", "22.500", {}),
    ("L1", "diesel", "fuel_consumption", "12.34", {"origin": "purchased"}),
    ("L1", "carbide_slag", "substitute_consumption", "5000.00", {}),
    ("L1", "", "clinker_output", "100000.00", {}),
    ("L2", "carbide_slag", "substitute_consumption", "1000.00", {}),
    ("L2", "", "clinker_output", "100.00", {}),
]
CEMENT_FACILITIES = facilities(
    "C1", "cement",
    {"unit_id": "ENT", "name": "全厂", "process": "enterprise"},
    {"unit_id": "L1", "name": "1号线", "process": "clinker_line", "fuels": "bituminous_coal;diesel",
     "materials": "carbide_slag", "capacity": "5000", "capacity_unit": "t/d", "clinker_kind": "portland_clinker"},
    {"unit_id": "L2", "name": "2号线", "process": "clinker_line", "fuels": "bituminous_coal",
     "materials": "carbide_slag"},
)  # fmt: skip

# Anodes 1000 × (1 − 15.18 %) = 848.20 t net → × (1 − 2 % − 0.4 %) × 44/12 = 3035.43; aluminium 10000 t: CF4 0.02 × 6630
# ÷ 1000 → 1326.00, C2F6 0.0011 × 11100 ÷ 1000 → 122.10; soda 10 × 0.4149 × 98 % → 4.07.
ALUMINIUM_ROWS: Rows = [
    ("A1", "", "aluminium_output", "10000.00", {}),
    ("A1", "", "anode_consumption", "1000.00", {}),
    ("ENT", "natural_gas", "fuel_consumption", "10.00", {"origin": "purchased"}),
    ("ENT", "sodium_carbonate", "material_consumption", "10.00", {}),
    ("ENT", "sodium_carbonate", "carbonate_purity", "98.00", {}),
]
ALUMINIUM_FACILITIES = facilities(
    "A1", "aluminium",
    {"unit_id": "ENT", "name": "全厂", "process": "enterprise", "fuels": "natural_gas", "materials": "sodium_carbonate"},
    {"unit_id": "A1", "name": "一系列", "process": "electrolysis", "design_current": "500.00", "cells": "300"},
)  # fmt: skip

MONTHS = {
    "steel": ("S1", STEEL_FACILITIES, [*STEEL_ROWS, *BREAKDOWN]),
    "cement": ("C1", CEMENT_FACILITIES, CEMENT_ROWS),
    "aluminium": ("A1", ALUMINIUM_FACILITIES, ALUMINIUM_ROWS),
}
