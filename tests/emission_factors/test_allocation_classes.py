"""Benchmark class of a unit."""

from decimal import Decimal

import pytest

from emission_factors import NoFactor, allocation_class, as_of, heat_benchmark, merged_allocation_class


@pytest.mark.parametrize(
    ("unit_class", "capacity", "expected"),
    [
        ("conventional_coal", "150", "conventional_coal_300_and_below"),
        ("conventional_coal", "399.999", "conventional_coal_300_and_below"),
        ("conventional_coal", "400", "conventional_coal_above_300"),
        ("conventional_coal", "1000", "conventional_coal_above_300"),
        ("unconventional_coal", "600", "unconventional_coal"),
        ("gas", "460", "gas"),
        ("oil", "100", None),
        ("igcc", "250", None),
        ("ccpp", "150", None),
    ],
)
def test_class(unit_class: str, capacity: str, expected: str | None) -> None:
    assert allocation_class(unit_class, Decimal(capacity)) == expected


def test_published_look_up() -> None:
    """A 150 MW coal unit in 2024 falls under class II: 0.8049 tCO2/MWh."""
    name = allocation_class("conventional_coal", Decimal(150))
    assert name is not None
    assert as_of("benchmarks", "2024-12", purpose="allocation", benchmark=name).value == Decimal("0.8049")
    heat = as_of("benchmarks", "2024-12", purpose="allocation", benchmark=heat_benchmark(name))
    assert heat.value == Decimal("0.1033")


def test_merged_units_take_the_most_conservative_class() -> None:
    # 2024: 0.7910 < 0.8049 < 0.8244
    mixed = ["unconventional_coal", "conventional_coal_300_and_below"]
    assert merged_allocation_class(mixed, "2024-12") == "conventional_coal_300_and_below"
    assert merged_allocation_class([*mixed, "conventional_coal_above_300"], "2024-12") == "conventional_coal_above_300"


def test_merged_units_without_an_answer() -> None:
    with pytest.raises(ValueError, match="empty"):
        merged_allocation_class([], "2024-12")
    with pytest.raises(NoFactor):
        merged_allocation_class(["gas"], "2030-12")
