"""Combustion and electricity worked by hand from the guide's formulas; each case names the decimals it assumes.

E = FC × Car × OF × 44/12
"""

from decimal import Decimal as D

import numpy as np
import pytest

from emission_factors import co2_per_carbon
from mrv.accounting.combustion import (
    carbon_content_from_air_dry,
    carbon_content_from_dry,
    carbon_content_from_heat,
    combustion_emission,
    electricity_emission,
    fuel_heat,
    weighted_mean,
)
from mrv.accounting.decimals import round_half_up


def array(*values: str | None) -> np.ndarray:
    result = np.empty(len(values), dtype=object)
    result[:] = [None if value is None else D(value) for value in values]
    return result


def emission(consumption: str, carbon: D, oxidation: str = "99") -> D:
    return combustion_emission(
        array(consumption), np.array([carbon], dtype=object), array(oxidation), co2_per_carbon()
    )[0]


@pytest.mark.parametrize(
    ("places", "expected"),
    [
        # Car = 0.5732 × (100 − 12.30)/(100 − 3.45) = 0.5732 × 87.70/96.55 = 0.520659140…
        # 123 456.78 × 0.520659140… × 0.99 × 44/12 = 233 332.41
        (None, "233332.41"),
        # 123 456.78 × 0.52066 × 0.99 × 44/12 = 233 332.80
        (5, "233332.80"),
        # 123 456.78 × 0.5207 × 0.99 × 44/12 = 233 350.72
        (4, "233350.72"),
    ],
    ids=["no rounding", "5 decimals", "4 decimals"],
)
def test_coal_from_the_air_dry_basis(places, expected):
    carbon = carbon_content_from_air_dry(array("0.5732"), array("12.30"), array("3.45"))[0]
    assert str(carbon).startswith("0.520659140")
    used = carbon if places is None else round_half_up(carbon, places)
    assert round_half_up(emission("123456.78", used), 2) == D(expected)


@pytest.mark.parametrize(
    ("places", "expected"),
    # Car = 0.5937 × (100 − 12.30)/100 = 0.52067490
    [(None, "233339.47"), (4, "233350.72")],
    ids=["no rounding", "4 decimals"],
)
def test_coal_from_the_dry_basis(places, expected):
    carbon = carbon_content_from_dry(array("0.5937"), array("12.30"))[0]
    assert carbon == D("0.52067490")
    used = carbon if places is None else round_half_up(carbon, places)
    assert round_half_up(emission("123456.78", used), 2) == D(expected)


@pytest.mark.parametrize(
    ("per_heat", "carbon", "expected"),
    [
        # 20.123 × 0.03085 = 0.62079455 (no rounding)
        ("0.03085", "0.62079455", "278207.91"),
        # 20.123 × 0.02858 = 0.57511534
        ("0.02858", "0.57511534", "257736.85"),
        # 20.123 × 0.03356 = 0.67532788
        ("0.03356", "0.67532788", "302646.91"),
    ],
)
def test_coal_without_a_carbon_test(per_heat, carbon, expected):
    found = carbon_content_from_heat(array("20.123"), array(per_heat))[0]
    assert found == D(carbon)
    assert round_half_up(emission("123456.78", found), 2) == D(expected)


def test_coal_without_any_test():
    # 26.7 × 0.03085 = 0.823695; 1000 × 0.823695 × 0.99 × 44/12 = 2990.01285 (no rounding of Car)
    carbon = carbon_content_from_heat(array("26.7"), array("0.03085"))[0]
    assert carbon == D("0.823695")
    assert emission("1000", carbon) == D("2990.01285")


def test_natural_gas_as_the_platform_form_shows_it():
    # 21 × 389.31 = 8175.51 GJ; 389.31 × 0.01532 = 5.9642292, two decimals 5.96; 21 × 5.96 × 0.99 × 44/12 = 454.3308
    assert fuel_heat(array("21"), array("389.31"))[0] == D("8175.51")
    carbon = carbon_content_from_heat(array("389.31"), array("0.01532"))[0]
    assert round_half_up(emission("21", round_half_up(carbon, 2)), 2) == D("454.33")
    # Without rounding Car first the form's figure is missed: 21 × 5.9642292 × 0.99 × 44/12 = 454.6532
    assert round_half_up(emission("21", carbon), 2) == D("454.65")


def test_year_from_months_is_weighted_by_consumption():
    # NCV (10 000 × 20.000 + 30 000 × 22.000)/40 000 = 21.500, not the mean 21.000
    # Car (10 000 × 0.5200 + 30 000 × 0.5600)/40 000 = 0.5500, not 0.5400
    weights, year = array("10000", "30000"), np.array([0, 0])
    assert weighted_mean(array("20.000", "22.000"), weights, year, 1)[0] == D("21.5")
    assert weighted_mean(array("0.5200", "0.5600"), weights, year, 1)[0] == D("0.55")
    # 10 000 × 0.52 × 0.99 × 44/12 + 30 000 × 0.56 × 0.99 × 44/12 = 18 876 + 60 984 = 79 860, and 40 000 × 0.55 × … the same
    assert emission("10000", D("0.5200")) + emission("30000", D("0.5600")) == D("79860.00")
    assert emission("40000", D("0.5500")) == D("79860.00")


def test_purchased_electricity():
    # 1 234.567 MWh × 0.5703 tCO2/MWh = 704.0735601
    assert electricity_emission(array("1234.567"), array("0.5703"))[0] == D("704.0735601")


def test_one_pound_of_coal():
    # US EPA greenhouse gas equivalencies: 20.85 mmBtu/t × 26.09 kgC/mmBtu × 44/12 / 1000 / 2204.6 = 9.05e-4 t per pound.
    # In our formula: carbon per tonne = 20.85 × 26.09 / 1000 tC/t, oxidation 100 %.
    carbon = D("20.85") * D("26.09") / 1000
    assert round_half_up(emission("1", carbon, "100") / D("2204.6"), 6) == D("0.000905")


def test_absent_values_give_no_emission():
    assert combustion_emission(array(None), array("0.5"), array("99"), co2_per_carbon())[0] is None
    assert carbon_content_from_air_dry(array("0.5"), array("10"), array("100"))[0] is None
    assert weighted_mean(array("1", None), array("0", "5"), np.array([0, 0]), 1)[0] is None
