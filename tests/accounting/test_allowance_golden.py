"""Allowance positions worked by hand from the allocation plans."""

from decimal import Decimal as D

import pytest

from emission_factors import allocation_class, as_of, find, heat_benchmark
from mrv.accounting.allowance import (
    carry_over,
    correction_rounded,
    electricity_allowance,
    gap_rate,
    heat_allowance,
    heat_supply_correction,
    load_correction,
    settle_pre_allocation,
    topped_up,
    whole_tonnes_down,
)


def coefficients(year: str):
    def look_up(name: str) -> D | None:
        row = find("allocation_coefficients", f"{year}-12", name=name)
        return None if row is None else row.value

    return look_up


def benchmark(name: str, year: str) -> D:
    return as_of("benchmarks", f"{year}-12", purpose="allocation", benchmark=name).value


def test_class_one_in_2024():
    # F 58 %: 1.015^(16 − 20×0.58) = 1.015^4.4 = 1.067703; 3 000 000 × 0.7910 × 1.067703 = 2 533 659.2 → 2 533 659
    # heat 1 200 000 × 0.1033 = 123 960; together 2 657 619
    factor = correction_rounded(load_correction(D("58.00"), coefficients("2024")), 6)
    assert factor == D("1.067703")
    power = whole_tonnes_down(
        electricity_allowance(D(3000000), benchmark("conventional_coal_above_300", "2024"), factor)
    )
    heat = whole_tonnes_down(heat_allowance(D(1200000), benchmark("heat_coal", "2024")))
    assert (power, heat, power + heat) == (D(2533659), D(123960), D(2657619))


def test_class_one_in_2024_at_full_load():
    # F ≥ 65 %: no correction; 3 000 000 × 0.7910 = 2 373 000; with heat 2 496 960
    assert load_correction(D("65"), coefficients("2024")) == 1
    power = electricity_allowance(D(3000000), benchmark("conventional_coal_above_300", "2024"))
    assert power + heat_allowance(D(1200000), benchmark("heat_coal", "2024")) == D("2496960")


@pytest.mark.parametrize(
    ("percent", "expected"),
    # 7.254 − 0.633(1−e^(−F/29.822)) − 5.643(1−e^(−F/6.871)), F in %; step to 1 at 50 %
    [("30", "1.281146"), ("40", "1.160254"), ("45", "1.126059"), ("49.99", "1.100321"), ("50", "1.000000")],
)
def test_draft_load_correction_of_2025(percent, expected):
    assert correction_rounded(load_correction(D(percent), coefficients("2025")), 6) == D(expected)


@pytest.mark.parametrize(
    ("percent", "expected"),
    # 1.015^(16 − 20F): F 0.30 → 1.015^10 = 1.160541; 0.50 → 1.015^6 = 1.093443; 0.6499 → 1.015^3.002; 0.65 → 1
    [("30", "1.160541"), ("50", "1.093443"), ("64.99", "1.045710"), ("65", "1.000000")],
)
def test_load_correction_of_2023(percent, expected):
    assert correction_rounded(load_correction(D(percent), coefficients("2023")), 6) == D(expected)


def test_published_remark_on_low_load():
    # F 0.49 in 2019–2020: 1.015^(16 − 9.8) = 1.096704, "+9.7 %"
    assert round(load_correction(D("49"), coefficients("2020")), 6) == D("1.096704")


def test_draft_2025_class_two():
    # F 45 %: 1.126059; 1 000 000 × 0.8017 × 1.126059 = 902 761.5 → 902 761; heat 500 000 × 0.1027 = 51 350
    factor = correction_rounded(load_correction(D("45"), coefficients("2025")), 6)
    power = electricity_allowance(D(1000000), benchmark("conventional_coal_300_and_below", "2025"), factor)
    assert whole_tonnes_down(power) == D(902761)
    assert heat_allowance(D(500000), benchmark("heat_coal", "2025")) == D(51350)


def test_air_cooled_heat_and_power_in_2022():
    # F 78 %: 1.007 + 0.0016 × (80 − 78) = 1.0102; heat 1 − 0.22 × 0.20 = 0.956; air cooling 1.05
    # 2 000 000 × 0.8177 × 1.05 × 0.956 × 1.0102 = 1 658 358.988…; heat 900 000 × 0.1105 = 99 450
    look_up = coefficients("2022")
    load = load_correction(D("78"), look_up)
    heat = heat_supply_correction(D("0.20"), look_up("heat_supply_slope_coal"))
    assert (load, heat) == (D("1.0102"), D("0.956"))
    power = electricity_allowance(
        D(2000000), benchmark("conventional_coal_above_300", "2022"), look_up("cooling_air"), heat, load
    )
    assert round(power, 3) == D("1658358.988")
    assert heat_allowance(D(900000), benchmark("heat_coal", "2022")) == D("99450.0")


def test_gap_is_capped():
    # verified 1 000 000, initial 700 000: topped up by 100 000 to 800 000, gap 20 %
    final = topped_up(D(700000), D(1000000), D("0.80"))
    assert (final, gap_rate(final, D(1000000))) == (D(800000), D("20.00"))


def test_amounts_are_cut_to_whole_tonnes():
    assert whole_tonnes_down(D("1789.70")) == D(1789)


def test_pre_allocation_settles_against_an_earlier_debt():
    # 50 000 pre-allocated, all taken by the debt of 70 000; final 30 000: 20 000 to be returned, nothing issued
    assert settle_pre_allocation(D(50000), D(30000), D(70000)) == {
        "pre_issue": D(0),
        "returned": D(20000),
        "final_issue": D(0),
    }


def test_issued_against_obligation():
    # A: issued 1.20 M, obligation 1.00 M: 0.20 M stay; B: 0.80 M against 1.00 M: 0.20 M to add
    assert gap_rate(D(1200000), D(1000000)) == D("-20.00")
    assert gap_rate(D(800000), D(1000000)) == D("20.00")


def test_carry_over():
    # 10 000 + 40 000 × 1.5 = 70 000 ≤ holding 100 000
    look_up = coefficients("2024")
    base, ratio = look_up("carry_over_base"), look_up("carry_over_ratio")
    assert carry_over(D(40000), D(100000), base, ratio) == D(70000)
    assert carry_over(D(-5000), D(100000), base, ratio) == D(10000)
    assert carry_over(D(40000), D(50000), base, ratio) == D(50000)


def test_benchmark_of_a_small_unit():
    # 150 MW coal in 2024 → class II, 0.8049
    name = allocation_class("conventional_coal", D(150))
    assert benchmark(name, "2024") == D("0.8049")
    assert heat_benchmark(name) == "heat_coal"


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("conventional_coal_above_300", "-0.5"),
        ("conventional_coal_300_and_below", "-0.5"),
        ("unconventional_coal", "-0.5"),
        ("gas", "-0.5"),
    ],
)
def test_benchmarks_fall_as_the_plan_says(name, change):
    # plan 2023–2024, annex 2: 2024 against 2023 −0.5 %
    before, after = benchmark(name, "2023"), benchmark(name, "2024")
    assert round((after - before) * 100 / before, 1) == D(change)
