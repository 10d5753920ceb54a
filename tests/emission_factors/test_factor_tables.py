"""The tables as they ship: provenance of every row, golden values, nothing that answers twice."""

import csv
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

import emission_factors
from emission_factors import FUEL_GROUPS, as_of, co2_per_carbon, constant, factors, find, threshold
from emission_factors.table import CERTAINTIES, MONTH, SPECS
from schemas.vocabulary import FUELS, UNIT_LABELS
from schemas.vocabulary.parameters import unit_of

FOLDER = Path(emission_factors.__file__).parent / "tables"
ALL_ROWS = [row for table in SPECS for row in factors().rows(table)]


def test_every_file_is_a_known_table() -> None:
    assert sorted(path.stem for path in FOLDER.glob("*.csv")) == sorted(SPECS)


def test_ids_are_unique_over_all_tables() -> None:
    ids = [row.id for row in ALL_ROWS]
    assert len(ids) == len(set(ids)) > 500


@pytest.mark.parametrize("table", SPECS)
def test_every_row_has_provenance(table: str) -> None:
    for row in factors().rows(table):
        assert row.source.strip(), row.id
        assert row.certainty in CERTAINTIES, row.id
        assert row.value == Decimal(row.text), row.id
        assert all(not month or MONTH.fullmatch(month) for month in (row.valid_from, row.valid_to)), row.id


@pytest.mark.parametrize("table", SPECS)
def test_every_line_has_as_many_cells_as_the_header(table: str) -> None:
    with (FOLDER / f"{table}.csv").open(encoding="utf-8", newline="") as handle:
        lines = list(csv.reader(handle))
    assert {len(line) for line in lines} == {len(lines[0])}


@pytest.mark.parametrize("table", SPECS)
def test_validity_ends_are_included(table: str) -> None:
    """Each row holds in its first and its last month and not in the month before or after."""
    for row in factors().rows(table):
        if row.valid_from:
            assert row.holds_in(row.valid_from)
            assert not row.holds_in(_shift(row.valid_from, -1))
        if row.valid_to:
            assert row.holds_in(row.valid_to)
            assert not row.holds_in(_shift(row.valid_to, 1))


def _shift(month: str, by: int) -> str:
    count = int(month[:4]) * 12 + int(month[5:]) - 1 + by
    return f"{count // 12:04d}-{count % 12 + 1:02d}"


def test_constants_hold_in_every_month() -> None:
    assert all(not row.valid_from and not row.valid_to for row in factors().rows("constants"))


def test_fuel_groups_agree_with_the_vocabulary() -> None:
    grouped = [fuel for fuels in FUEL_GROUPS.values() for fuel in fuels]
    assert sorted(grouped) == sorted(set(FUELS) - {"biomass"})
    assert sorted(FUEL_GROUPS["coal"]) == sorted(code for code, fuel in FUELS.items() if fuel.coal)


def test_fuel_units_agree_with_the_vocabulary() -> None:
    for row in factors().rows("fuels"):
        assert row.unit == unit_of(row.column("parameter"), row.column("fuel")), row.id
        assert row.unit in UNIT_LABELS


# -- golden values ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fuel", "ncv", "carbon", "oxidation"),
    [
        ("natural_gas", "389.310", "0.01532", "99"),
        ("diesel", "42.652", "0.02020", "98"),
        ("fuel_oil", "41.816", "0.02110", "98"),
        ("petroleum_coke", "32.500", "0.02750", "99"),
        ("coke_oven_gas", "173.854", "0.01210", "99"),
        ("lng", "51.498", "0.01720", "98"),
    ],
)
def test_appendix_a_for_power(fuel: str, ncv: str, carbon: str, oxidation: str) -> None:
    expected = {"net_calorific_value": ncv, "carbon_per_heat": carbon, "oxidation_rate": oxidation}
    for parameter, text in expected.items():
        assert as_of("fuels", "2025-12", sector="power", fuel=fuel, parameter=parameter).text == text


def test_appendix_a_for_steel() -> None:
    row = as_of("fuels", "2024-01", sector="steel", fuel="bituminous_coal", parameter="carbon_per_heat")
    assert (row.text, row.certainty, row.unit) == ("0.02618", "official", "tC/GJ")


@pytest.mark.parametrize("fuel", FUEL_GROUPS["coal"])
@pytest.mark.parametrize("parameter", ["net_calorific_value", "carbon_per_heat", "oxidation_rate"])
def test_power_never_takes_a_coal_row_of_the_industrial_sectors(fuel: str, parameter: str) -> None:
    for month in ("2019-01", "2022-06", "2024-01", "2026-06"):
        assert find("fuels", month, sector="power", fuel=fuel, parameter=parameter) is None


def _penalty(month: str, unit_class: str, parameter: str = "carbon_per_heat") -> str:
    return as_of("substitution", month, sector="power", fuel="lignite", parameter=parameter, unit_class=unit_class).text


@pytest.mark.parametrize(
    ("month", "conventional", "unconventional"),
    [
        ("2020-12", "0.03356", "0.03356"),
        ("2021-12", "0.03356", "0.03356"),
        ("2022-01", "0.03085", "0.03085"),
        ("2022-12", "0.03085", "0.03085"),
        ("2023-01", "0.03085", "0.02858"),
        ("2026-06", "0.03085", "0.02858"),
    ],
)
def test_penalty_carbon_per_heat(month: str, conventional: str, unconventional: str) -> None:
    assert _penalty(month, "conventional_coal") == conventional
    assert _penalty(month, "unconventional_coal") == unconventional


@pytest.mark.parametrize("month", ["2021-06", "2022-12", "2023-01", "2026-12"])
def test_penalty_heat_value(month: str) -> None:
    assert _penalty(month, "conventional_coal", "net_calorific_value") == "26.7"
    assert _penalty(month, "unconventional_coal", "net_calorific_value") == "26.7"


def test_penalty_factor_per_tonne_of_coal() -> None:
    # 26.7 GJ/t x 0.03085 tC/GJ = 0.823695 tC/t; x 0.99 x 44/12 = 2.99001285 tCO2/t
    numerator, denominator = co2_per_carbon()
    carbon = Decimal(_penalty("2024-01", "conventional_coal", "net_calorific_value")) * Decimal(
        _penalty("2024-01", "conventional_coal")
    )
    assert carbon == Decimal("0.823695")
    oxidation = as_of("oxidation", "2024-01", sector="power", fuel="lignite", boiler_type="cfb", altitude="")
    assert carbon * oxidation.value / 100 * numerator / denominator == Decimal("2.99001285")


@pytest.mark.parametrize(
    ("month", "value", "certainty"),
    [
        ("2020-12", "0.6101", "secondary"),
        ("2021-01", "0.5810", "secondary"),
        ("2021-12", "0.5810", "secondary"),
        ("2022-01", "0.5703", "secondary"),
        ("2022-12", "0.5703", "secondary"),
        ("2023-12", "0.5703", "uncertain"),
        ("2024-01", "0.5366", "uncertain"),
        ("2025-12", "0.5306", "uncertain"),
    ],
)
def test_national_grid_factor_by_report_year(month: str, value: str, certainty: str) -> None:
    row = as_of("grid", month, kind="report", area="全国")
    assert (row.text, row.certainty) == (value, certainty)


def test_purchased_electricity_has_no_factor_from_2026() -> None:
    assert find("grid", "2026-01", kind="report", area="全国") is None


def test_the_conflict_of_2022_is_kept() -> None:
    rows = [row for row in factors().rows("grid") if row.column("kind") == "report" and row.holds_in("2022-06")]
    assert [(row.text, row.superseded_by) for row in rows] == [
        ("0.5810", "grid.report.national.2022"),
        ("0.5703", ""),
    ]


@pytest.mark.parametrize(
    ("kind", "area", "month", "value"),
    [
        ("statistical_average", "全国", "2021-05", "0.5568"),
        ("statistical_average", "全国", "2022-05", "0.5366"),
        ("statistical_average", "全国", "2023-05", "0.5306"),
        ("statistical_residual", "全国", "2023-05", "0.6096"),
        ("statistical_fossil", "全国", "2023-05", "0.8273"),
        ("statistical_average", "西南", "2023-01", "0.2472"),
        ("statistical_average", "山西", "2021-12", "0.7222"),
        ("statistical_average", "陕西", "2022-01", "0.6558"),
    ],
)
def test_statistical_grid_factors(kind: str, area: str, month: str, value: str) -> None:
    assert as_of("grid", month, kind=kind, area=area).value == Decimal(value)


BENCHMARKS = {  # above 300, 300 and below, unconventional, gas, heat coal, heat gas
    "2020": ("0.877", "0.979", "1.146", "0.392", "0.126", "0.059"),
    "2021": ("0.8218", "0.8773", "0.9350", "0.3920", "0.1111", "0.0560"),
    "2022": ("0.8177", "0.8729", "0.9303", "0.3901", "0.1105", "0.0557"),
    "2023": ("0.7950", "0.8090", "0.8285", "0.3305", "0.1038", "0.0536"),
    "2024": ("0.7910", "0.8049", "0.8244", "0.3288", "0.1033", "0.0533"),
    "2025": ("0.7902", "0.8017", "0.8162", "0.3288", "0.1027", "0.0533"),
    "2026": ("0.7894", "0.7985", "0.8080", "0.3288", "0.1021", "0.0533"),
}


@pytest.mark.parametrize("year", BENCHMARKS)
@pytest.mark.parametrize("month", ["01", "12"])
def test_benchmarks(year: str, month: str) -> None:
    names = (
        "conventional_coal_above_300",
        "conventional_coal_300_and_below",
        "unconventional_coal",
        "gas",
        "heat_coal",
        "heat_gas",
    )
    basis = "power_supplied" if year <= "2022" else "power_generation"
    for name, text in zip(names, BENCHMARKS[year], strict=True):
        row = as_of("benchmarks", f"{year}-{month}", purpose="allocation", benchmark=name)
        heat = name.startswith("heat")
        assert (row.text, row.unit) == (text, "tCO2/GJ" if heat else "tCO2/MWh")
        assert row.column("basis") == ("heat_supplied" if heat else basis)
        assert (row.certainty == "draft") == (year >= "2025")


def test_benchmark_against_balance_value() -> None:
    # The plan states the change of the 2023 benchmark against the balance value: class I -0.4 %, class II -0.8 %
    for name, change in (("conventional_coal_above_300", "-0.4"), ("conventional_coal_300_and_below", "-0.8")):
        benchmark = as_of("benchmarks", "2023-06", purpose="allocation", benchmark=name).value
        balance = as_of("benchmarks", "2023-06", purpose="balance", benchmark=name).value
        assert round((benchmark / balance - 1) * 100, 1) == Decimal(change)


def _coefficient(name: str, month: str) -> Decimal:
    return as_of("allocation_coefficients", month, name=name).value


def test_load_correction_2023_2024() -> None:
    # F = 58 %: 1.015^(16 - 20 x 0.58) = 1.015^4.4 = 1.067703
    exponent = _coefficient("load_power_constant", "2024-12") - _coefficient("load_power_slope", "2024-12") * Decimal(
        "0.58"
    )
    assert round(_coefficient("load_power_base", "2024-12") ** exponent, 6) == Decimal("1.067703")
    assert _coefficient("load_full_from", "2024-12") == 65


def test_load_correction_draft_2025_2026() -> None:
    # F = 45 %: 7.254 - 0.633 (1 - e^(-45/29.822)) - 5.643 (1 - e^(-45/6.871)) = 1.126059
    get = lambda name: _coefficient(name, "2025-01")
    load = Decimal(45)
    first = 1 - (-load / get("load_exponential_first_scale")).exp()
    second = 1 - (-load / get("load_exponential_second_scale")).exp()
    value = (
        get("load_exponential_constant")
        - get("load_exponential_first") * first
        - get("load_exponential_second") * second
    )
    assert round(value, 6) == Decimal("1.126059")
    assert get("load_full_from") == 50


def test_load_correction_2022_and_heat_correction() -> None:
    # F = 78 %: 1.007 + 0.0016 x (80 - 78) = 1.0102; heat supply ratio 0.20: 1 - 0.22 x 0.20 = 0.956
    get = lambda name: _coefficient(name, "2022-12")
    assert get("load_middle_base") + get("load_middle_slope") * (get("load_upper_from") - 78) == Decimal("1.0102")
    assert 1 - get("heat_supply_slope_coal") * Decimal("0.20") == Decimal("0.956")
    assert get("cooling_air") == Decimal("1.05")


def test_corrections_end_with_2022() -> None:
    for name in ("cooling_air", "heat_supply_slope_coal", "load_middle_slope"):
        assert find("allocation_coefficients", "2023-01", name=name) is None


@pytest.mark.parametrize(
    ("name", "month", "value"),
    [
        ("ccer_limit", "2026-06", "5"),
        ("gap_cap", "2024-12", "20"),
        ("carry_over_base", "2024-12", "10000"),
        ("carry_over_ratio", "2024-12", "1.5"),
        ("pre_allocation_share", "2024-12", "70"),
        ("pre_allocation_share", "2025-01", "50"),
        ("load_correction_decimals", "2025-01", "6"),
    ],
)
def test_allocation_terms(name: str, month: str, value: str) -> None:
    assert _coefficient(name, month) == Decimal(value)


@pytest.mark.parametrize(
    ("assessment", "gas", "value"),
    [
        ("SAR", "CH4", "21"),
        ("AR4", "CF4", "7390"),
        ("AR5", "CF4", "6630"),
        ("AR5", "C2F6", "11100"),
        ("AR6", "CH4", "27.9"),
        ("AR6", "CO2", "1"),
        ("TAR", "SF6", "22200"),
    ],
)
def test_global_warming_potentials(assessment: str, gas: str, value: str) -> None:
    assert as_of("gwp", "2024-01", assessment=assessment, gas=gas).value == Decimal(value)


def test_constants() -> None:
    assert Fraction(*map(int, co2_per_carbon())) == Fraction(44, 12)
    assert constant("co2_per_carbon_cbam").value == Decimal("3.664")
    assert constant("gj_per_tce").value * 1000 == constant("kj_per_kgce").value
    # 7000 kcal x 4.1868 kJ/kcal = 29307.6 kJ
    assert constant("kcal_per_kgce").value * constant("kj_per_kcal").value == constant("kj_per_kgce").value
    # steam 1000 t at 2950.00 kJ/kg without return data: 1000 x (2950.00 - 83.74) / 1000 = 2866.26 GJ
    assert (Decimal("2950.00") - constant("reference_water_enthalpy").value) == Decimal("2866.26")
    # hot water 5000 t at 95 °C: 5000 x (95 - 20) x 4.1868 / 1000 = 1570.05 GJ
    water = 5000 * (95 - constant("reference_water_temperature").value) * constant("water_heat_capacity").value / 1000
    assert water == Decimal("1570.05")


@pytest.mark.parametrize(
    ("rule", "name", "value", "unit"),
    [
        ("PHY-11", "condensing_must_answer", "46", "%"),
        ("PHY-11", "condensing_blocks", "49", "%"),
        ("PHY-25", "carbon_high", "6.10", "tC/1e4Nm3"),
        ("PHY-26", "capacity_class_split", "400", "MW"),
        ("FOR-09", "days", "40", "d"),
        ("SCH-11", "carbon_high", "0.90", "tC/t"),
        ("XRC-08", "must_answer", "0.50", "MJ/kg"),
        ("V07", "ultra_supercritical_low", "27", "MPa"),
    ],
)
def test_thresholds(rule: str, name: str, value: str, unit: str) -> None:
    row = threshold(rule, name)
    assert (row.text, row.unit) == (value, unit)


def test_low_limits_lie_below_high_limits() -> None:
    rows = {(row.column("rule"), row.column("name")): row.value for row in factors().rows("thresholds")}
    pairs = [
        (low, rows[rule, name.removesuffix("low") + "high"])
        for (rule, name), low in rows.items()
        if name.endswith("low") and (rule, name.removesuffix("low") + "high") in rows
    ]
    assert len(pairs) > 20
    assert all(low < high for low, high in pairs)
