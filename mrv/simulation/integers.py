"""Vectorised exact arithmetic on integers that count units in the last place, and their text."""

import numpy as np

from mrv.simulation.specs import oxidation_rate


def divide_half_up(numerator: np.ndarray, denominator: np.ndarray | int) -> np.ndarray:
    """Quotient of non-negative integers (n,), rounded half-up; the numerator must stay below 2^62."""
    return (2 * numerator + denominator) // (2 * np.asarray(denominator))


def ticks(values: np.ndarray, places: int) -> np.ndarray:
    """Floats (n,) as integers of 10^-places."""
    return np.rint(values * 10**places).astype(np.int64)


def texts(values: np.ndarray, places: int) -> np.ndarray:
    """Non-negative integers (n,) of 10^-places as decimal text, object array (n,)."""
    high = int(values.max(initial=0))
    if (high + 1) * 2 < len(values):  # few different values: write each once
        return texts(np.arange(high + 1), places)[values]
    base, result = 10**places, np.empty(len(values), dtype=object)
    if places:
        result[:] = [f"{value // base}.{value % base:0{places}d}" for value in values.tolist()]
    else:
        result[:] = [str(value) for value in values.tolist()]
    return result


def emission(consumption: np.ndarray, carbon: np.ndarray, places: int, oxidation: np.ndarray) -> np.ndarray:
    """Emission in 0.01 tCO2: consumption in 0.01 t or 0.01·10^4 Nm3, carbon of `places` decimals, oxidation in 0.01 %."""
    return divide_half_up(consumption * carbon * oxidation * 44, 12 * 10 ** (places + 4))


def oxidation_ticks(fuel: str, months: np.ndarray) -> np.ndarray:
    """Oxidation rate in 0.01 % that plants file for months (n,)."""
    known = {month: round(float(oxidation_rate(fuel, month)) * 100) for month in sorted(set(months))}
    return np.array([known[month] for month in months], dtype=np.int64)
