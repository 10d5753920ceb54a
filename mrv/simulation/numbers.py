"""Exact decimals of a plant's own spreadsheet, integers that add up, and one random stream per purpose."""

import zlib
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

import numpy as np

HUNDRED = Decimal(100)
MOLAR = (Decimal(44), Decimal(12))  # carbon dioxide to carbon


def half_up(value: Decimal, places: int) -> Decimal:
    """Round half away from zero at `places` decimals."""
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def observed(value: float, places: int) -> Decimal:
    """A simulated quantity as an instrument or a person writes it down, with `places` decimals."""
    return half_up(Decimal(repr(float(value))), places)


def text(value: Decimal | int) -> str:
    """Canonical text of a number: plain digits, never an exponent."""
    return format(Decimal(value), "f")


def scaled(ticks: int, places: int) -> Decimal:
    """An integer count of units in the last place as a decimal with `places` decimals."""
    return Decimal(int(ticks)).scaleb(-places)


def weighted_mean(values: Iterable[Decimal], weights: Iterable[Decimal], places: int) -> Decimal:
    """Weighted mean rounded half-up at `places` decimals; the weights must not all be zero."""
    pairs = list(zip(values, weights, strict=True))
    total = sum((weight for _, weight in pairs), Decimal(0))
    return half_up(sum((value * weight for value, weight in pairs), Decimal(0)) / total, places)


def carbon_as_received(carbon_ad: Decimal, moisture_ar: Decimal, moisture_ad: Decimal) -> Decimal:
    """Carbon content as received [tC/t], 4 decimals, from the air-dry value and both moistures [%]."""
    return half_up(carbon_ad * (HUNDRED - moisture_ar) / (HUNDRED - moisture_ad), 4)


def emission(fuel_consumption: Decimal, carbon_content: Decimal, oxidation_rate: Decimal) -> Decimal:
    """Emission of one fuel and month [tCO2], 2 decimals; consumption [t or 1e4Nm3], carbon [tC per that], oxidation [%]."""
    return half_up(fuel_consumption * carbon_content * oxidation_rate * MOLAR[0] / (MOLAR[1] * HUNDRED), 2)


def apportion(total: int, weights: np.ndarray) -> np.ndarray:
    """Integers (n,) in proportion to `weights` (n,) ≥ 0 that add up to `total` exactly; zero weight gives zero."""
    if total == 0:
        return np.zeros(len(weights), dtype=np.int64)
    cumulated = np.cumsum(weights)
    steps = np.floor(cumulated / cumulated[-1] * total + 0.5).astype(np.int64)
    return np.diff(steps, prepend=0)


def generator(seed: int, *purpose: str) -> np.random.Generator:
    """A random stream that depends on the seed and on its purpose only, so that parts never disturb each other."""
    return np.random.default_rng([seed, zlib.crc32("|".join(purpose).encode())])


def wandering(rng: np.random.Generator, size: int, deviation: float, memory: float = 0.85) -> np.ndarray:
    """A stationary first-order autoregressive series (size,) with the given standard deviation."""
    steps = rng.normal(0.0, deviation * (1 - memory**2) ** 0.5, size)
    series = np.empty(size)
    level = rng.normal(0.0, deviation)
    for position, step in enumerate(steps):
        level = memory * level + step
        series[position] = level
    return series
