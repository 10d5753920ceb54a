"""Process emissions and mass balances of the industrial sectors: the formulas, nothing else.

Every function takes and returns object arrays of `Decimal` of one common shape (n,), `None` where a value is absent; a
result is `None` wherever an input is. Nothing is rounded here: rounding stands in the rule set and is done by the caller.
"""

from decimal import Decimal

import numpy as np

from mrv.accounting.combustion import HUNDRED, absent_safe

THOUSAND = Decimal(1000)
Ratio = tuple[Decimal, Decimal]  # numerator and denominator, multiplied before divided so that it is never rounded


def balance_emission(
    quantity: np.ndarray,
    net_calorific_value: np.ndarray,
    carbon_per_heat: np.ndarray,
    oxidation_rate: np.ndarray,
    molar_ratio: Ratio,
) -> np.ndarray:
    """Emission of a fuel by its carbon [tCO2]: `FC × NCV × CC × OF/100 × 44/12`.

    quantity [t or 1e4Nm3], below zero where more is sold than bought; net_calorific_value [GJ/t or GJ/1e4Nm3];
    carbon_per_heat [tC/GJ]; oxidation_rate [%], 100 in a mass balance; molar_ratio (44, 12). CETS-AG-03.01 formulas (1), (2)
    without and (3) with an oxidation rate; CETS-AG-02.01 and 04.01 with one.
    """
    above, below = molar_ratio
    return absent_safe(lambda amount, heat, carbon, rate: amount * heat * carbon * rate * above / (below * HUNDRED), 4)(
        quantity, net_calorific_value, carbon_per_heat, oxidation_rate
    )


def material_emission(quantity: np.ndarray, factor: np.ndarray) -> np.ndarray:
    """Emission carried by a material [tCO2]: `AD × EF`; quantity [t], factor [tCO2/t]. CETS-AG-03.01 formula (1)."""
    return absent_safe(lambda amount, per_tonne: amount * per_tonne, 2)(quantity, factor)


def carbonate_emission(quantity: np.ndarray, factor: np.ndarray, purity: np.ndarray) -> np.ndarray:
    """Emission of a carbonate [tCO2]: `AD × EF × purity/100`; quantity [t], factor [tCO2/t], purity [%] 0–100. CETS-AG-04.01."""
    return absent_safe(lambda amount, per_tonne, share: amount * per_tonne * share / HUNDRED, 3)(
        quantity, factor, purity
    )


def oxide_factor(
    cao: np.ndarray,
    mgo: np.ndarray,
    cao_noncarbonate: np.ndarray,
    mgo_noncarbonate: np.ndarray,
    cao_ratio: Ratio,
    mgo_ratio: Ratio,
) -> np.ndarray:
    """Process factor of clinker from its oxides [tCO2/t]: `(CaO − CaO′) × 44/56 + (MgO − MgO′) × 44/40`.

    All contents [%] of the clinker, 0–100; the primed ones do not come from carbonates. Ratios (44, 56) and (44, 40).
    GB/T 32151.8-2015; the older method, and a cross-check of the default factor since 2024.
    """

    def one(lime: Decimal, magnesia: Decimal, other_lime: Decimal, other_magnesia: Decimal) -> Decimal:
        of_lime = (lime - other_lime) * cao_ratio[0] / (cao_ratio[1] * HUNDRED)
        return of_lime + (magnesia - other_magnesia) * mgo_ratio[0] / (mgo_ratio[1] * HUNDRED)

    return absent_safe(one, 4)(cao, mgo, cao_noncarbonate, mgo_noncarbonate)


def raw_meal_emission(raw_meal: np.ndarray, carbon: np.ndarray, molar_ratio: Ratio) -> np.ndarray:
    """Emission of the non-fuel carbon in raw meal [tCO2]: `Q × FR0/100 × 44/12`; raw_meal [t], carbon [%]. GB/T 32151.8-2015."""
    above, below = molar_ratio
    return absent_safe(lambda amount, share: amount * share * above / (below * HUNDRED), 2)(raw_meal, carbon)


def anode_net_consumption(gross: np.ndarray, loss_rate: np.ndarray) -> np.ndarray:
    """Net consumption of carbon anodes [t]: `M × (1 − L/100)`; gross [t], loss_rate [%] 0–100. CETS-AG-04.01."""
    return absent_safe(lambda amount, loss: amount * (HUNDRED - loss) / HUNDRED, 2)(gross, loss_rate)


def anode_emission(net: np.ndarray, sulphur: np.ndarray, ash: np.ndarray, molar_ratio: Ratio) -> np.ndarray:
    """Emission of consumed anodes [tCO2]: `M_net × (1 − S/100 − A/100) × 44/12`; net [t], sulphur and ash [%]. CETS-AG-04.01."""
    above, below = molar_ratio
    return absent_safe(
        lambda amount, sulphur_share, ash_share: (
            amount * (HUNDRED - sulphur_share - ash_share) * above / (below * HUNDRED)
        ),
        3,
    )(net, sulphur, ash)


def perfluorocarbon_mass(aluminium: np.ndarray, factor: np.ndarray) -> np.ndarray:
    """Mass of a perfluorocarbon [t]: `P × EF / 1000`; aluminium [t], factor [kg/tAl]. CETS-AG-04.01."""
    return absent_safe(lambda amount, per_tonne: amount * per_tonne / THOUSAND, 2)(aluminium, factor)


def carbon_dioxide_equivalent(mass: np.ndarray, warming_potential: np.ndarray) -> np.ndarray:
    """Mass of a gas [t] as CO2 equivalent [tCO2e]: `m × GWP`."""
    return absent_safe(lambda amount, potential: amount * potential, 2)(mass, warming_potential)


def slope_factor(minutes: np.ndarray, slope: np.ndarray) -> np.ndarray:
    """CF4 factor from anode effects [kg/tAl]: `slope × minutes`; minutes per cell and day, slope [(kg/tAl)/(min/(cell·d))].

    The older method (guide of 2013), and the EU's slope method.
    """
    return absent_safe(lambda duration, per_minute: duration * per_minute, 2)(minutes, slope)
