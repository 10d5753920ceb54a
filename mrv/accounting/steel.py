"""Iron and steel (CETS-AG-03.01-V01-2024): the mass balance of the enterprise, its processes, its co-firing power units."""

import numpy as np
import pandas as pd

from mrv.accounting import process
from mrv.accounting.industry import Sectoral, filed_or_default, fuel_lines, joined, lines_of, measured
from mrv.accounting.inputs import STREAM_KEY, UNIT_KEY, choose, only, present, wide
from schemas.vocabulary import ENTERPRISE_UNIT

ALWAYS_DEFAULT = ("coke", "semi_coke")  # clause 6.2.2, note 8 of table A.1
OWN = "own"
CRUDE_STEEL = "crude_steel"


def lines(sectoral: Sectoral) -> pd.DataFrame:
    """Emission lines of steel enterprises.

    `total` : purchased fuels, materials and products of the enterprise (formula 1); `process` : fuels into and out of each process
    (formula 2); `cofiring` : fuels of the power units that burn own secondary energy (formula 3, the only one with an oxidation
    rate). An own fuel is not purchased and does not count in the balance; a material that table A.2 does not list is not counted.
    """
    fuels = sectoral.fuels()
    enterprise = fuels["unit_id"] == ENTERPRISE_UNIT
    own = fuels["fuel_consumption:origin"] == OWN
    heat = _net_calorific_value(sectoral, fuels)
    balance = fuels[enterprise & ~own & present(fuels["fuel_consumption"])]
    cofiring = fuels[~enterprise & present(fuels["fuel_consumption"])]
    parts = [_fuels(sectoral, balance, heat, "fuel_consumption", "steel.balance", "combustion", "total", 1)]
    parts.append(_fuels(sectoral, cofiring, heat, "fuel_consumption", "steel.cofiring", "combustion", "cofiring", 1))
    for quantity, source, sign in (("fuel_input", "combustion", 1), ("fuel_output", "product", -1)):
        there = fuels[~enterprise & present(fuels[quantity])]
        parts.append(_fuels(sectoral, there, heat, quantity, f"steel.{quantity}", source, "process", sign))
    return joined([*parts, _materials(sectoral), _products(sectoral)])


def _net_calorific_value(sectoral: Sectoral, fuels: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Value and row id for every fuel row: coke by default, else as measured; a process takes the enterprise's value."""
    default, ids = sectoral.fuel_default(fuels, "net_calorific_value")
    filed = only(~fuels["fuel"].isin(ALWAYS_DEFAULT), measured(fuels, "net_calorific_value"))
    at_enterprise = fuels.assign(value=filed)[(fuels["unit_id"] == ENTERPRISE_UNIT) & present(filed)]
    for key in ("stream_id", "fuel"):
        columns = ["plant_id", "month", key]
        known = at_enterprise.drop_duplicates(columns)[[*columns, "value"]]
        shared = fuels[columns].merge(known, on=columns, how="left")["value"].astype(object)
        filed = choose(filed, shared.where(shared.notna(), None).to_numpy())
    return filed_or_default(filed, (default, ids))


def _fuels(
    sectoral: Sectoral,
    frame: pd.DataFrame,
    heat: tuple[np.ndarray, np.ndarray],
    quantity: str,
    formula: str,
    source: str,
    level: str,
    sign: int,
) -> pd.DataFrame:
    places = frame.index.to_numpy()
    rows = frame.reset_index(drop=True)
    if rows.empty:
        return rows
    carbon = sectoral.fuel_default(rows, "carbon_per_heat")
    if level == "cofiring":
        oxidation = sectoral.fuel_default(rows, "oxidation_rate")
    else:
        rate, ids = sectoral.factor(rows, rows["state"], "balance_oxidation_rate")
        guide = np.array([row_id.endswith(".balance_oxidation_rate") for row_id in ids], dtype=bool)
        oxidation = rate, np.where(guide, "", ids)  # the guide has none: no row is quoted for what is not there
    own_heat = heat[0][places], heat[1][places]
    return fuel_lines(sectoral, rows, quantity, own_heat, carbon, oxidation, formula, source, level, sign)


def _materials(sectoral: Sectoral) -> pd.DataFrame:
    """Purchased carbonates, electrodes and carbon-bearing materials; factors are always those of table A.2."""
    frame = sectoral.materials(("process_input",), "material_consumption")
    frame = frame[present(frame["material_consumption"])].reset_index(drop=True)
    factor, ids = sectoral.factor(frame, frame["material"], "material_factor")
    amount = frame["material_consumption"].to_numpy()
    inputs = (("material_consumption", amount), ("material_factor", factor))
    emission = process.material_emission(amount, factor)
    return lines_of(sectoral, frame, "process", "steel.material", inputs, emission, (ids,))


def _products(sectoral: Sectoral) -> pd.DataFrame:
    """Carbon that leaves in products, deducted; crude steel takes the output that is filed once for the enterprise."""
    sold = sectoral.materials(("carbon_product",), "carbon_product_output")
    sold = sold[(sold["material"] != CRUDE_STEEL) & present(sold["carbon_product_output"])]
    made = wide(sectoral.parameter, UNIT_KEY, ("crude_steel_output",))
    made = made[made["unit_id"] == ENTERPRISE_UNIT].assign(stream_id=CRUDE_STEEL, material=CRUDE_STEEL)
    made = made.rename(columns={"crude_steel_output": "carbon_product_output"})
    columns = [*STREAM_KEY, "material", "carbon_product_output"]
    frame = pd.concat([part[columns] for part in (sold, made) if len(part)] or [sold[columns]], ignore_index=True)
    if frame.empty:
        return frame
    factor, ids = sectoral.factor(frame, frame["material"], "carbon_product_factor")
    amount = frame["carbon_product_output"].to_numpy()
    carried = process.material_emission(amount, factor)
    deducted = np.array([None if value is None else -value for value in carried], dtype=object)
    parts = []
    for parameter, mine in (
        ("crude_steel_output", frame["material"] == CRUDE_STEEL),
        ("carbon_product_output", frame["material"] != CRUDE_STEEL),
    ):
        here = mine.to_numpy()
        inputs = ((parameter, amount[here]), ("carbon_product_factor", factor[here]))
        rows = frame[here].reset_index(drop=True)
        parts.append(lines_of(sectoral, rows, "product", "steel.product", inputs, deducted[here], (ids[here],)))
    return joined(parts)
