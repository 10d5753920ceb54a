"""Combustion of fossil fuels: the formulas, nothing else.

Every function takes and returns object arrays of `Decimal` of one common shape (n,), `None` where a value is absent; a
result is `None` wherever an input is. Nothing is rounded here: rounding stands in the rule set and is done by the caller.
"""

from decimal import Decimal
from typing import Any

import numpy as np

HUNDRED = Decimal(100)


def absent_safe(function: Any, inputs: int) -> Any:
    """A scalar formula as one over object arrays in which `None` gives `None`."""

    def one(*values: Decimal | None) -> Decimal | None:
        return None if None in values else function(*values)

    return np.frompyfunc(one, inputs, 1)


def _from_air_dry(carbon_ad: Decimal, moisture_ar: Decimal, moisture_ad: Decimal) -> Decimal | None:
    if moisture_ad >= HUNDRED:
        return None
    return carbon_ad * (HUNDRED - moisture_ar) / (HUNDRED - moisture_ad)


def carbon_content_from_air_dry(carbon_ad: np.ndarray, moisture_ar: np.ndarray, moisture_ad: np.ndarray) -> np.ndarray:
    """Carbon content as received from the air-dry basis [tC/t].

    `carbon_content_ar = carbon_ad × (100 − moisture_ar) / (100 − moisture_ad)`

    carbon_ad [tC/t], moisture_ar and moisture_ad [%], each 0 ≤ x < 100. Guide formula (2); CETS-VG-01.01-V02 table 8: the
    total moisture must be the plant's own, the air-dry moisture that of the laboratory report. None where moisture_ad is 100.
    """
    return absent_safe(_from_air_dry, 3)(carbon_ad, moisture_ar, moisture_ad)


def carbon_content_from_dry(carbon_d: np.ndarray, moisture_ar: np.ndarray) -> np.ndarray:
    """Carbon content as received from the dry basis [tC/t].

    `carbon_content_ar = carbon_d × (100 − moisture_ar) / 100`; carbon_d [tC/t], moisture_ar [%]. Guide formula (3).
    """
    return absent_safe(lambda carbon, moisture: carbon * (HUNDRED - moisture) / HUNDRED, 2)(carbon_d, moisture_ar)


def carbon_content_from_heat(net_calorific_value: np.ndarray, carbon_per_heat: np.ndarray) -> np.ndarray:
    """Carbon content from heat [tC/t or tC/1e4Nm3]: `net_calorific_value × carbon_per_heat`.

    net_calorific_value [GJ/t or GJ/1e4Nm3], carbon_per_heat [tC/GJ]. Guide formula (4); CETS-VG-01.01-V02 tables 8 and 9.
    """
    return absent_safe(lambda heat, carbon: heat * carbon, 2)(net_calorific_value, carbon_per_heat)


def combustion_emission(
    fuel_consumption: np.ndarray,
    carbon_content_ar: np.ndarray,
    oxidation_rate: np.ndarray,
    molar_ratio: tuple[Decimal, Decimal],
) -> np.ndarray:
    """Emission of burning a fuel [tCO2].

    `E = FC × Car × OF/100 × 44/12`

    fuel_consumption [t or 1e4Nm3] ≥ 0, carbon_content_ar [tC/t or tC/1e4Nm3], oxidation_rate [%] 0–100, molar_ratio the
    numerator and denominator of CO2 to C (44, 12), multiplied before divided so that the ratio is never rounded.
    Guide formula (1); CETS-AG-03.01 formula (3) has the same form.
    """
    numerator, denominator = molar_ratio

    def one(consumption: Decimal, carbon: Decimal, oxidation: Decimal) -> Decimal:
        return consumption * carbon * oxidation * numerator / (denominator * HUNDRED)

    return absent_safe(one, 3)(fuel_consumption, carbon_content_ar, oxidation_rate)


def fuel_heat(fuel_consumption: np.ndarray, net_calorific_value: np.ndarray) -> np.ndarray:
    """Heat of a fuel [GJ]: consumption [t or 1e4Nm3] × net calorific value [GJ/t or GJ/1e4Nm3]."""
    return absent_safe(lambda consumption, heat: consumption * heat, 2)(fuel_consumption, net_calorific_value)


def electricity_emission(electricity: np.ndarray, grid_factor: np.ndarray) -> np.ndarray:
    """Indirect emission of purchased electricity [tCO2]: `AD × EF`.

    electricity [MWh], grid_factor [tCO2/MWh]. Guide formula (5), in force up to report year 2025.
    """
    return absent_safe(lambda amount, factor: amount * factor, 2)(electricity, grid_factor)


def weighted_mean(values: np.ndarray, weights: np.ndarray, groups: np.ndarray, count: int) -> np.ndarray:
    """Weighted mean per group: `Σ(value × weight) / Σ weight`, None where no weight is left.

    values, weights : object arrays (n,); rows with an absent value or weight do not count. groups : int array (n,) of
    0 … count−1. Guide 1.4: daily and monthly heat values and carbon contents are weighted by consumption, never averaged.
    """
    products: list[Decimal] = [Decimal(0)] * count
    totals: list[Decimal] = [Decimal(0)] * count
    for value, weight, group in zip(values, weights, groups, strict=True):
        if value is not None and weight is not None:
            products[group] += value * weight
            totals[group] += weight
    result = np.empty(count, dtype=object)
    result[:] = [product / total if total else None for product, total in zip(products, totals, strict=True)]
    return result
