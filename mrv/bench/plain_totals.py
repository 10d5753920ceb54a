"""Totals of units and of enterprises, month by month, as ordinary batched pandas code: dictionaries and `DataFrame.apply`."""

from decimal import Decimal
from typing import Any

import pandas as pd

from mrv.accounting.accounts import PLANT_MONTH_COLUMNS, UNIT_MONTH_COLUMNS, Accounts
from mrv.accounting.inputs import UNIT_KEY

ZERO = Decimal(0)
PLANT_KEY = ["plant_id", "sector", "month"]
PRODUCTS = ("clinker_output", "aluminium_output", "crude_steel_output", "process_product_output")
OPERATION = ("power_generation", "heat_supplied", "run_hours", "load_factor")
Row = dict[str, Any]


def _sums(frame: pd.DataFrame, key: list[str], column: str) -> dict[tuple[str, ...], Decimal]:
    totals: dict[tuple[str, ...], Decimal] = {}
    for *place, value in frame[[*key, column]].itertuples(index=False, name=None):
        if value is not None:
            totals[tuple(place)] = totals.get(tuple(place), ZERO) + value
    return totals


def over(above: Decimal | None, below: Decimal | None) -> Decimal | None:
    """Quotient; None where either is absent or the divisor is zero."""
    return above / below if above is not None and below else None


def industry_months(filed: pd.DataFrame, lines: pd.DataFrame) -> pd.DataFrame:
    """Totals of every unit and month that files an output or emits."""
    known = {name: _sums(filed[filed["parameter"] == name], UNIT_KEY, "number") for name in (*PRODUCTS, *OPERATION)}
    emitted, heat = _sums(lines, UNIT_KEY, "tco2"), _sums(lines, UNIT_KEY, "heat")
    places = sorted(
        {tuple(place) for place in lines[UNIT_KEY].itertuples(index=False, name=None)}.union(*known.values())
    )

    def month(row: pd.Series) -> Row:
        place = tuple(row[name] for name in UNIT_KEY)
        output = next((known[name][place] for name in PRODUCTS if place in known[name]), None)
        found = dict.fromkeys(UNIT_MONTH_COLUMNS) | dict(zip(UNIT_KEY, place, strict=True))
        return found | {name: known[name].get(place) for name in OPERATION} | {
            "tco2": emitted.get(place), "fuel_heat": heat.get(place), "output": output,
            "intensity": over(emitted.get(place), output), "provisional": False,
        }  # fmt: skip

    frame = pd.DataFrame(places, columns=UNIT_KEY)
    return pd.DataFrame(list(frame.apply(month, axis=1)) if len(frame) else [], columns=UNIT_MONTH_COLUMNS).astype(
        dict.fromkeys(UNIT_KEY, "str")
    )


def enterprise_months(filed: pd.DataFrame, lines: pd.DataFrame, product: str = "") -> pd.DataFrame:
    """The enterprise month by month; `filed` are the rows of one sector with their `number`, `product` what it makes, if any."""
    made = filed[filed["parameter"] == product] if product else filed
    output = _sums(made, PLANT_KEY, "number") if product else {}
    level = {name: _sums(lines[lines["level"] == name], PLANT_KEY, "tco2") for name in ("total", "process", "cofiring")}
    places = {tuple(place) for frame in (made, lines) for place in frame[PLANT_KEY].itertuples(index=False, name=None)}
    doubtful = {
        tuple(place) for place in lines.loc[lines["provisional"].astype(bool), PLANT_KEY].itertuples(index=False)
    }

    def month(row: pd.Series) -> Row:
        place = tuple(row[name] for name in PLANT_KEY)
        whole, process, cofiring = (level[name].get(place) for name in ("total", "process", "cofiring"))
        whole = whole or ZERO
        none = process is None and cofiring is None
        return dict(zip(PLANT_KEY, place, strict=True)) | {
            "tco2": whole, "process": process, "cofiring": cofiring,
            "other": None if none else whole - (process or ZERO) - (cofiring or ZERO), "output": output.get(place),
            "intensity": over(whole, output.get(place)), "provisional": place in doubtful,
        }  # fmt: skip

    frame = pd.DataFrame(sorted(places), columns=PLANT_KEY)
    return pd.DataFrame(list(frame.apply(month, axis=1)) if len(frame) else [], columns=PLANT_MONTH_COLUMNS).astype(
        dict.fromkeys(PLANT_KEY, "str")
    )


def joined(parts: list[Accounts]) -> Accounts:
    """The accounts of several sectors as one."""
    names = ("lines", "unit_months", "unit_years", "plant_months")
    return Accounts(*(pd.concat([getattr(part, name) for part in parts], ignore_index=True) for name in names))
