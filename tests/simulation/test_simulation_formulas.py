"""Golden values of the plant's own spreadsheet, worked by hand."""

from decimal import Decimal

import numpy as np
import pytest

from mrv.simulation.heat import delivered_heat, steam_enthalpy, water_enthalpy
from mrv.simulation.integers import divide_half_up, texts
from mrv.simulation.integers import emission as integer_emission
from mrv.simulation.numbers import apportion, carbon_as_received, emission, half_up, weighted_mean
from mrv.simulation.register import credit_code


def row(**cells: str) -> dict[str, str]:
    names = ("pressure", "return_mass", "return_temperature", "makeup_mass", "makeup_temperature")
    return dict.fromkeys(names, "") | cells


def test_carbon_and_emission() -> None:
    # 0.5732 × (100 − 12.30) / (100 − 3.45) = 0.520659… → 0.5207; 123456.78 × 0.5207 × 0.99 × 44/12 = 233350.72
    carbon = carbon_as_received(Decimal("0.5732"), Decimal("12.30"), Decimal("3.45"))
    assert carbon == Decimal("0.5207")
    assert emission(Decimal("123456.78"), carbon, Decimal("99.00")) == Decimal("233350.72")
    assert integer_emission(np.array([12_345_678]), np.array([5207]), 4, np.array([9900])).tolist() == [23_335_072]


def test_gas_emission_rounds_carbon_first() -> None:
    # 389.31 × 0.01532 = 5.9642… → 5.96; 21 × 5.96 × 0.99 × 44/12 = 454.33 (454.65 without rounding)
    carbon = half_up(Decimal("389.310") * Decimal("0.01532"), 2)
    assert emission(Decimal("21.00"), carbon, Decimal("99")) == Decimal("454.33")
    assert integer_emission(np.array([2100]), np.array([596]), 2, np.array([9900])).tolist() == [45_433]


def test_enthalpies() -> None:
    # IAPWS-IF97 tables: superheated steam of 1.0 MPa and 300 °C 3051.70; saturated water of 20 °C 83.92 kJ/kg
    assert steam_enthalpy(Decimal("1.000"), Decimal("300.00")) == Decimal("3051.70")
    assert abs(water_enthalpy(Decimal("20.00")) - Decimal("83.92")) <= Decimal("0.01")


def test_hot_water() -> None:
    # 5000 × (95 − 20) × 4.1868 / 1000 = 1570.05 GJ
    assert delivered_heat(row(medium="water", mass="5000.00", temperature="95.00")) == Decimal("1570.05")


def test_steam_with_and_without_return_data() -> None:
    steam = row(medium="steam", mass="1000.00", temperature="300.00", pressure="1.000")
    # 1000 × (3051.70 − 83.74) / 1000 = 2967.96 GJ
    assert delivered_heat(steam) == Decimal("2967.96")
    looped = steam | {"return_mass": "600.00", "return_temperature": "80.00", "makeup_mass": "400.00"}
    looped["makeup_temperature"] = "20.00"
    # water of 80 °C 334.95 (IAPWS 334.95): 3051.70 − 0.6 × 334.95 − 0.4 × 83.92 = 2817.16 GJ
    assert abs(delivered_heat(looped) - Decimal("2817.16")) <= Decimal("0.03")


def test_credit_code_of_the_standard() -> None:
    # The example printed in GB 32100-2015
    assert credit_code("350100", "M000100Y") == "91350100M000100Y43"


@pytest.mark.parametrize(("total", "weights"), [(7, [1, 1, 1]), (0, [0, 0]), (10_007, [0.0, 2.5, 0.0, 0.1])])
def test_apportioned_integers_add_up(total: int, weights: list[float]) -> None:
    parts = apportion(total, np.array(weights))
    assert parts.sum() == total
    assert (parts[np.array(weights) == 0] == 0).all()


def test_rounding_is_half_up() -> None:
    assert half_up(Decimal("2.345"), 2) == Decimal("2.35")
    assert divide_half_up(np.array([5, 15, 14]), 10).tolist() == [1, 2, 1]
    # (20.000 × 100 + 22.000 × 300) / 400 = 21.500, not 21.000
    mean = weighted_mean([Decimal("20.000"), Decimal("22.000")], [Decimal(100), Decimal(300)], 3)
    assert mean == Decimal("21.500")


def test_text_of_integers_keeps_every_digit() -> None:
    assert texts(np.array([0, 5, 12345]), 2).tolist() == ["0.00", "0.05", "123.45"]
    assert texts(np.array([3, 3, 3, 3, 3, 3, 3, 3]), 1).tolist() == ["0.3"] * 8
