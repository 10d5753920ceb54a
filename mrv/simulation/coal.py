"""Coal as it is: sources mixed from day to day, and the laboratory sheet of a monthly composite that closes.

Heat and carbon come from one composition, so that Dulong's formula, the basis conversions and the carbon per unit heat agree.
"""

from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from mrv.simulation.numbers import HUNDRED, generator, half_up, observed, wandering
from mrv.simulation.specs import StreamSpec, coal_source

PROPERTIES = (
    "moisture_ar",
    "moisture_ad",
    "ash_ad",
    "volatile_ad",
    "carbon_ad",
    "hydrogen_ad",
    "sulphur_ad",
    "nitrogen_ad",
)


@dataclass(frozen=True)
class CoalDays:
    """Daily quality of one coal stream, arrays (n,): properties [%], gross [MJ/kg, air dry] and net heat [GJ/t, as received]."""

    properties: dict[str, np.ndarray]
    gross: np.ndarray
    net: np.ndarray


def dulong(carbon: np.ndarray, hydrogen: np.ndarray, oxygen: np.ndarray, sulphur: np.ndarray) -> np.ndarray:
    """Gross calorific value [MJ/kg] from the composition [%] of the same basis."""
    return 0.3383 * carbon + 1.443 * (hydrogen - oxygen / 8) + 0.0942 * sulphur


def net_from_gross(gross: np.ndarray, hydrogen: np.ndarray, total: np.ndarray, air_dry: np.ndarray) -> np.ndarray:
    """Net calorific value as received [MJ/kg] (GB/T 213): gross air dry [MJ/kg], hydrogen and moistures [%]."""
    return ((gross * 1000 - 206 * hydrogen) * (100 - total) / (100 - air_dry) - 23 * total) / 1000


def coal_days(stream: StreamSpec, days: np.ndarray, seed: int, *purpose: str) -> CoalDays:
    """Quality of each day (n,): sources drift against each other, moisture follows the rain of summer."""
    rng = generator(seed, "coal", *purpose)
    size = len(days)
    sources = [coal_source(name) for name in stream.sources]
    leaning = np.array([wandering(rng, size, 0.5, 0.97) for _ in sources])
    weights = np.exp(leaning) / np.exp(leaning).sum(axis=0)

    def mixed(name: str) -> np.ndarray:
        return weights.T @ np.array([source[name] for source in sources])

    day_of_year = (days - days.astype("datetime64[Y]")).astype(int)
    rain = 0.5 * np.cos(2 * np.pi * (day_of_year - 205) / 365)
    total = mixed("moisture_ar") * (1 + 0.03 * rain) + wandering(rng, size, 0.35, 0.6)
    air_dry = np.clip(mixed("moisture_ad") + wandering(rng, size, 0.12, 0.6), 0.4, total - 1.5)
    ash_d = mixed("ash_d") + wandering(rng, size, 0.7, 0.6)
    dry = 1 - air_dry / 100
    burning = (100 - ash_d) * dry / 100  # dry and ash-free share of the air-dry coal
    properties = dict(
        zip(
            PROPERTIES,
            (
                total,
                air_dry,
                ash_d * dry,
                mixed("volatile_daf") * burning + rng.normal(0, 0.2, size),
                mixed("carbon_daf") * burning,
                mixed("hydrogen_daf") * burning,
                mixed("sulphur_d") * dry,
                mixed("nitrogen_daf") * burning,
            ),
            strict=True,
        )
    )
    gross = _gross(properties, mixed("dulong_offset"))
    net = net_from_gross(gross, properties["hydrogen_ad"], total, air_dry)
    return CoalDays(properties, gross, net)


def _gross(properties: dict[str, np.ndarray], offset: np.ndarray) -> np.ndarray:
    present = np.sum([properties[name] for name in PROPERTIES[1:] if name != "volatile_ad"], axis=0)
    oxygen = 100 - present
    return dulong(properties["carbon_ad"], properties["hydrogen_ad"], oxygen, properties["sulphur_ad"]) + offset


def laboratory_sheet(
    quality: CoalDays, fuel_consumption: np.ndarray, moisture_ar: Decimal, rng: np.random.Generator
) -> dict[str, Decimal]:
    """Results of the composite of some days, weighted by the coal fired (n,), as printed on the report.

    `moisture_ar` is the plant's own weighted total moisture [%], which travels with the sample. Fixed carbon closes to 100,
    and the net heat value follows from the printed figures, so that anyone can recompute it.
    """
    mean = {name: float(np.average(values, weights=fuel_consumption)) for name, values in quality.properties.items()}
    noise = {
        "moisture_ad": 0.05,
        "ash_ad": 0.10,
        "volatile_ad": 0.15,
        "carbon_ad": 0.12,
        "hydrogen_ad": 0.03,
        "sulphur_ad": 0.01,
    }
    sheet = {name: observed(mean[name] + rng.normal(0, deviation), 2) for name, deviation in noise.items()}
    carbon_error = (float(sheet["carbon_ad"]) - mean["carbon_ad"]) / mean["carbon_ad"]
    sheet["fixed_carbon_ad"] = HUNDRED - sheet["moisture_ad"] - sheet["ash_ad"] - sheet["volatile_ad"]
    sheet["moisture_ar"] = moisture_ar
    gross = float(np.average(quality.gross, weights=fuel_consumption)) * (1 + carbon_error) + rng.normal(0, 0.03)
    sheet["gross_calorific_value_ad"] = observed(gross, 3)
    sheet["net_calorific_value_ar"] = printed_net_value(sheet)
    return sheet


def printed_net_value(sheet: dict[str, Decimal]) -> Decimal:
    """Net calorific value as received [MJ/kg], 3 decimals, from the printed results (GB/T 213)."""
    gross = sheet["gross_calorific_value_ad"] * 1000 - 206 * sheet["hydrogen_ad"]
    dry_ratio = (HUNDRED - sheet["moisture_ar"]) / (HUNDRED - sheet["moisture_ad"])
    return half_up((gross * dry_ratio - 23 * sheet["moisture_ar"]) / 1000, 3)
