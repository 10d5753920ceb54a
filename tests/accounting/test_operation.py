"""Hours, load, efficiency, rates and intensities on cases worked by hand."""

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mrv.accounting import operation
from mrv.accounting.decimals import round_half_up, to_decimal

D = Decimal


def test_load_factor():
    # 150 000 / (300 x 720) = 0.694444…
    assert round_half_up(operation.load_factor(D(150000), D(300), D(720)), 2) == D("69.44")
    assert operation.utilisation_hours(D(150000), D(300)) == 500
    assert operation.load_factor(D(1), D(300), D(0)) is None
    assert operation.load_factor(None, D(300), D(720)) is None


def test_merged_units():
    # hours (700 x 300 + 650 x 350) / 650 = 437 500 / 650 = 673.0769…; load 320 000 / 437 500 = 73.142857… %
    hours, capacity, group = to_decimal(["700", "650"]), to_decimal(["300", "350"]), np.array([0, 0])
    assert round_half_up(operation.run_hours_merged(hours, capacity, group), 2).tolist() == [D("673.08")]
    load = operation.load_factor_merged(to_decimal(["150000", "170000"]), capacity, hours, group)
    assert round_half_up(load, 2).tolist() == [D("73.14")]


def test_groups_are_kept_apart_and_absent_values_spoil_their_own_only():
    hours = to_decimal(["700", "100", "650", ""])
    capacity = to_decimal(["300", "50", "350", "50"])
    found = operation.run_hours_merged(hours, capacity, np.array([0, 1, 0, 1]))
    assert [None if x is None else round_half_up(x, 2) for x in found] == [D("673.08"), None]
    assert operation.run_hours_merged(to_decimal([]), to_decimal([]), np.array([], int)).size == 0
    with pytest.raises(ValueError, match="stand-by"):
        operation.run_hours_merged(hours, capacity, np.array([0, 0, 0, -1]))


def test_stand_by_units_are_joined_to_the_unit_they_replace():
    # Units 0 and 2 serve; 1 stands in for 0 with 44 h: 700 + 44 = 744 h.
    replaces = np.array([-1, 0, -1])
    assert operation.with_standby(to_decimal(["700", "44", "650"]), replaces).tolist() == [D(744), D(650)]
    with pytest.raises(ValueError, match="another stand-by"):
        operation.with_standby(to_decimal(["1", "2", "3"]), np.array([-1, 0, 1]))


def test_thermal_efficiency():
    # (150 000 x 3.6 + 300 000) / (90 000 x 20.5) = 840 000 / 1 845 000 = 45.528 %
    fuel = D(90000) * D("20.5")
    assert round_half_up(operation.thermal_efficiency_chp(D(150000), D(300000), fuel), 2) == D("45.53")
    # 540 000 / 1 845 000 = 29.268 %
    assert round_half_up(operation.thermal_efficiency_condensing(D(150000), fuel), 2) == D("29.27")


def test_rates_and_intensities():
    # 600 000 GJ of 3 000 000 GJ = 20 %; fuel 3 223 840 / 29.3076 = 110 000.136… tce
    ratio = operation.heat_supply_ratio(D(600000), D(3000000))
    assert ratio == 20
    fuel = operation.standard_coal(D(2930760), heat_per_tce=D("29.3076"))
    assert fuel == 100000
    # 100 000 x 0.8 / 250 000 = 0.32 tce/MWh; 100 000 x 0.2 / 600 000 = 0.0333… tce/GJ
    assert operation.generation_fuel_rate(fuel, ratio, D(250000)) == D("0.32")
    assert round_half_up(operation.heat_fuel_rate(fuel, ratio, D(600000)), 4) == D("0.0333")
    # 270 000 x 0.8 / 250 000 = 0.864 tCO2/MWh; 270 000 x 0.2 / 600 000 = 0.09 tCO2/GJ
    assert operation.generation_intensity(D(270000), ratio, D(250000)) == D("0.864")
    assert operation.heat_intensity(D(270000), ratio, D(600000)) == D("0.09")


def test_biomass_share():
    # 900 000 / 0.9 = 1 000 000 GJ in; 800 000 GJ fossil: 20 %
    assert operation.biomass_heat_share(D(900000), D(90), D(800000)) == 20
    assert operation.biomass_heat_share(D(0), D(90), D(800000)) is None


positive = st.decimals(1, 10**6, places=2)


@given(positive, positive, positive)
def test_one_unit_is_its_own_group(generation, capacity, hours):
    alone = [np.array([value], dtype=object) for value in (generation, capacity, hours)]
    merged = operation.load_factor_merged(*alone, np.array([0]))
    assert merged.tolist() == [operation.load_factor(generation, capacity, hours)]


@given(positive, positive, st.decimals(0, 100, places=2), positive)
def test_what_is_split_between_power_and_heat_adds_up(emission, generation, ratio, heat):
    power = operation.generation_intensity(emission, ratio, generation) * generation
    warmth = operation.heat_intensity(emission, ratio, heat) * heat
    assert round_half_up(power + warmth, 9) == round_half_up(emission, 9)
