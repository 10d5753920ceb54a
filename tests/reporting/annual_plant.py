"""A plant of two months and two units, every number of it worked by hand.

U1 (300 MW, conventional coal, heat and power), measured coal and a little diesel in January; OF 99 % and 98 %:

    coal 01: 10 000.00 t × 0.5200 × 0.99 × 44/12 = 18 876.00 t     coal 02: 30 000.00 t × 0.5600 × 0.99 × 44/12 = 60 984.00 t
    diesel 01: Car = 42.652 × 0.02020 = 0.8615704 → 0.8616; 10.00 t × 0.8616 × 0.98 × 44/12 = 30.96016 → 30.96 t
    unit: 01 18 906.96 t, 02 60 984.00 t, year 79 890.96 t

U2 (300 MW, conventional coal), February only, nothing tested: 26.7 GJ/t and 0.03085 tC/GJ:

    Car = 26.7 × 0.03085 = 0.823695 → 0.8237; 1 000.00 t × 0.8237 × 0.99 × 44/12 = 2 990.031 → 2 990.03 t

Purchased electricity (2025: 0.5306 tCO2/MWh): U1 01 100.000 MWh → 53.06 t; U1 02 none → 0.00 t; U2 02 10.000 MWh → 5.306 → 5.31 t
"""

from functools import cache
from typing import Any

import pandas as pd

from mrv.accounting.account import account
from mrv.accounting.accounts import Accounts
from mrv.reporting.annual_rows import annual_rows
from schemas import TABLES
from schemas.vocabulary import unit_of

PLANT = "P001"
COAL, DIESEL = "bituminous_coal", "diesel"
FILE = "ab" * 32
Filed = tuple[str, str, str, str, str, dict[str, str]]  # unit, stream, month (01), parameter, value, other cells


def filed() -> list[Filed]:
    """The values of the plant in the order they stand in its file."""
    own, lab = {"carbon_scheme": "daily_own"}, {"carbon_scheme": "composite_commissioned"}
    rows: list[Filed] = []
    for month, amount, heat, carbon in (("01", "10000.00", "20.000", "0.5200"), ("02", "30000.00", "22.000", "0.5600")):
        rows += [
            ("U1", COAL, month, "fuel_consumption", amount, {"source_document": "入炉煤台账"}),
            ("U1", COAL, month, "net_calorific_value", heat, own),
            ("U1", COAL, month, "carbon_content_ar", carbon, lab),
            ("U1", COAL, month, "oxidation_rate", "99", {"method": "default"}),
        ]
    rows += [
        ("U1", DIESEL, "01", "fuel_consumption", "10.00", {}),
        ("U1", DIESEL, "01", "oxidation_rate", "98", {"method": "default"}),
    ]
    units = (("01", "20000.000", "150.00", "44.44", "5000.00", "10.00", "100.000"),)
    units += (("02", "60000.000", "250.00", "80.00", "7000.00", "20.00", "0.000"),)
    names = (
        "power_generation",
        "run_hours",
        "load_factor",
        "heat_supplied",
        "heat_supply_ratio",
        "purchased_electricity",
    )
    for month, *values in units:
        rows += [("U1", "", month, name, value, {}) for name, value in zip(names, values, strict=True)]
    rows += [
        ("U2", COAL, "02", "fuel_consumption", "1000.00", {}),
        ("U2", "", "02", "power_generation", "3000.000", {}),
        ("U2", "", "02", "run_hours", "20.00", {}),
        ("U2", "", "02", "load_factor", "50.00", {}),
        ("U2", "", "02", "purchased_electricity", "10.000", {}),
    ]
    return rows


def tables(
    year: str = "2025", rows: list[Filed] | None = None, units: list[dict[str, str]] | None = None
) -> dict[str, pd.DataFrame]:
    """Canonical frames of the plant in a report year."""
    parameter = []
    for number, (unit, stream, month, name, value, more) in enumerate(rows if rows is not None else filed(), start=2):
        row = {"plant_id": PLANT, "sector": "power", "unit_id": unit, "stream_id": stream, "month": f"{year}-{month}"}
        row |= {"parameter": name, "value": value, "unit": unit_of(name, stream), "method": "measured"}
        row |= {"source_document": "生产月报", "file_sha256": FILE, "sheet": "关键参数", "cell": f"G{number}"}
        parameter.append(row | more)
    common = {"plant_id": PLANT, "unit_class": "conventional_coal", "capacity": "300", "boiler_type": "pulverised"}
    registered = units or [
        {"unit_id": "U1", "name": "1号机组", "product_class": "chp", "commissioned_on": "2010-05-01"},
        {"unit_id": "U2", "name": "2号机组", "product_class": "condensing", "commissioned_on": f"{year}-02-01"},
    ]
    plant = {"plant_id": PLANT, "sector": "power", "name": "示例发电有限公司", "credit_code": "91110000000000001A"}
    evidence = {"plant_id": PLANT, "unit_id": "U1", "stream_id": COAL, "month": f"{year}-01"}
    evidence |= {"parameter": "fuel_consumption", "evidence_file": "coal-01.pdf"}
    return {
        "parameter": frame("parameter", parameter),
        "unit": frame("unit", [common | unit for unit in registered]),
        "plant": frame("plant", [plant]),
        "evidence": frame("evidence", [evidence]),
    }


def frame(table: str, rows: list[dict[str, Any]]) -> pd.DataFrame:
    """A canonical frame."""
    kinds = {column.name: column.kind for column in TABLES[table].columns}
    cells = [{name: row.get(name, 0 if kind == "integer" else "") for name, kind in kinds.items()} for row in rows]
    types = {name: "int64" if kind == "integer" else "str" for name, kind in kinds.items()}
    return pd.DataFrame(cells, columns=list(kinds)).astype(types)


@cache
def standard(year: str = "2025") -> pd.DataFrame:
    """The report of the plant as it is; made once, not to be changed."""
    return report(year)[0]


def report(
    year: str = "2025", findings: list[dict[str, str]] | None = None, **changes: Any
) -> tuple[pd.DataFrame, dict[str, pd.DataFrame], Accounts]:
    """Rows of the annual report, the frames and the accounts they came from."""
    made = tables(year, **changes)
    accounts = account(made)
    return annual_rows(made, accounts, frame("finding", findings or []), year), made, accounts
