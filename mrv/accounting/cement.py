"""Cement (CETS-AG-02.01-V01-2024, and the oxide method before it): fuels and clinker of each line, substitutes deducted."""

from decimal import Decimal

import numpy as np
import pandas as pd

from emission_factors import co2_per_carbon, constant
from mrv.accounting import process
from mrv.accounting.industry import Sectoral, combustion_lines, filed_or_default, full, joined, lines_of
from mrv.accounting.inputs import STREAM_KEY, UNIT_KEY, choose, present, wide

PORTLAND = "portland_clinker"
KILN = "cement_kiln"  # a solid fuel whose equipment is not registered takes the rate of the kiln, the highest
OXIDES = ("clinker_cao", "clinker_mgo", "clinker_cao_noncarbonate", "clinker_mgo_noncarbonate")
ZERO = Decimal(0)


def lines(sectoral: Sectoral) -> pd.DataFrame:
    """Emission lines of cement enterprises: fuels, clinker by its category or its oxides, substitutes, all of them `total`.

    The process emission of a line and month is never below zero; where substitutes would take it there, a line of the formula
    `cement.floor` says how much was not deducted. Biomass and alternative fuels give no line.
    """
    substitutes = _substitutes(sectoral)
    clinker = _clinker(sectoral)
    return joined(
        [
            combustion_lines(sectoral, "cement.combustion", KILN),
            clinker,
            _by_oxides(sectoral),
            _raw_meal(sectoral),
            substitutes,
            _floor(sectoral, clinker, substitutes),
        ]
    )


def oxide_ratios() -> tuple[process.Ratio, process.Ratio]:
    """44/56 and 44/40 as pairs [g/mol]."""
    above = constant("co2_per_carbon_numerator").value
    return (above, constant("co2_per_cao_denominator").value), (above, constant("co2_per_mgo_denominator").value)


def _clinker_rows(sectoral: Sectoral, method: str, *parameters: str) -> pd.DataFrame:
    """Lines and months under one method, with `stream_id` the clinker category (Portland where none is registered)."""
    frame = wide(sectoral.parameter, UNIT_KEY, ("clinker_output", *parameters))
    months = sectoral.of_months(method, "clinker")
    frame = frame[present(frame["clinker_output"]) & frame["month"].isin(months)].reset_index(drop=True)
    kind = sectoral.facility(frame, "clinker_kind")
    return frame.assign(stream_id=np.where(kind == "", PORTLAND, kind))


def _clinker(sectoral: Sectoral) -> pd.DataFrame:
    frame = _clinker_rows(sectoral, "factor")
    factor, ids = sectoral.factor(frame, frame["stream_id"], "clinker_process_factor")
    amount = frame["clinker_output"].to_numpy()
    inputs = (("clinker_output", amount), ("clinker_process_factor", factor))
    return lines_of(
        sectoral, frame, "process", "cement.clinker", inputs, process.material_emission(amount, factor), (ids,)
    )


def _by_oxides(sectoral: Sectoral) -> pd.DataFrame:
    """The older method: clinker and the dust that leaves the kiln, by CaO and MgO."""
    frame = _clinker_rows(sectoral, "oxides", "kiln_head_dust", "bypass_dust", *OXIDES)
    zeros = full(len(frame), ZERO)
    shares = [
        choose(frame[name].to_numpy(), zeros) if name.endswith("noncarbonate") else frame[name].to_numpy()
        for name in OXIDES
    ]
    cao_ratio, mgo_ratio = oxide_ratios()
    factor = process.oxide_factor(shares[0], shares[1], shares[2], shares[3], cao_ratio, mgo_ratio)
    amount = frame["clinker_output"].to_numpy()
    dust = [choose(frame[name].to_numpy(), zeros) for name in ("kiln_head_dust", "bypass_dust")]
    calcined = amount + dust[0] + dust[1] if len(frame) else amount
    inputs = [("clinker_output", amount)]
    inputs += [(name, frame[name].to_numpy()) for name in ("kiln_head_dust", "bypass_dust")]
    inputs += list(zip(OXIDES, shares, strict=True))
    return lines_of(sectoral, frame, "process", "cement.oxides", inputs, process.material_emission(calcined, factor))


def _raw_meal(sectoral: Sectoral) -> pd.DataFrame:
    """The older method: carbon of the raw meal that is no fuel."""
    frame = wide(sectoral.parameter, UNIT_KEY, ("raw_meal_consumption", "raw_meal_carbon"))
    months = sectoral.of_months("oxides", "clinker")
    frame = frame[present(frame["raw_meal_consumption"]) & frame["month"].isin(months)].reset_index(drop=True)
    frame["stream_id"] = ""
    default = sectoral.factor(frame, full(len(frame), "raw_meal"), "raw_meal_carbon")
    carbon, ids = filed_or_default(frame["raw_meal_carbon"].to_numpy(), default)
    amount = frame["raw_meal_consumption"].to_numpy()
    inputs = (("raw_meal_consumption", amount), ("raw_meal_carbon", carbon))
    emission = process.raw_meal_emission(amount, carbon, co2_per_carbon())
    return lines_of(sectoral, frame, "process", "cement.raw_meal", inputs, emission, (ids,))


def _substitutes(sectoral: Sectoral) -> pd.DataFrame:
    frame = sectoral.materials(("substitute",), "substitute_consumption")
    months = sectoral.of_months("factor", "clinker")
    frame = frame[present(frame["substitute_consumption"]) & frame["month"].isin(months)].reset_index(drop=True)
    factor, ids = sectoral.factor(frame, frame["material"], "substitute_deduction_factor")
    amount = frame["substitute_consumption"].to_numpy()
    saved = process.material_emission(amount, factor)
    deducted = np.array([None if value is None else -value for value in saved], dtype=object)
    inputs = (("substitute_consumption", amount), ("substitute_deduction_factor", factor))
    return lines_of(sectoral, frame, "process", "cement.substitute", inputs, deducted, (ids,))


def _floor(sectoral: Sectoral, clinker: pd.DataFrame, substitutes: pd.DataFrame) -> pd.DataFrame:
    """What substitutes would take below zero is given back, line by line and month by month."""
    both = pd.concat([clinker, substitutes]) if len(substitutes) else substitutes
    if both.empty:
        return both
    sums: dict[tuple[str, ...], Decimal] = {}
    for row in both[[*UNIT_KEY, "tco2"]].itertuples(index=False, name=None):
        sums[row[:4]] = sums.get(row[:4], ZERO) + (row[4] or ZERO)
    below = [(*key, -value) for key, value in sorted(sums.items()) if value < 0]
    frame = pd.DataFrame(below, columns=[*UNIT_KEY, "back"]).assign(stream_id="")
    back = frame["back"].to_numpy(dtype=object)
    inputs = (("process_before_floor", -back),)
    return lines_of(sectoral, frame[STREAM_KEY], "process", "cement.floor", inputs, back)
