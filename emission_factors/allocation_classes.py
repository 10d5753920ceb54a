"""Which benchmark class a power unit falls under."""

from collections.abc import Iterable
from decimal import Decimal

from emission_factors.lookup import Factors, factors

_HEAT_BENCHMARK = {
    "conventional_coal_above_300": "heat_coal",
    "conventional_coal_300_and_below": "heat_coal",
    "unconventional_coal": "heat_coal",
    "gas": "heat_gas",
}


def allocation_class(unit_class: str, capacity_mw: Decimal) -> str | None:
    """Benchmark class of a unit.

    Parameters: `unit_class` as in the register (conventional_coal, unconventional_coal, gas, …), rated `capacity_mw`
    [MW], above 0. A conventional coal unit of 400 MW and more counts as 300MW等级以上 (CETS-VG-01.01-V02, check V04).
    Returns None for a class without a benchmark (oil, IGCC, CCPP, other): its allowances equal its emissions.
    """
    if unit_class == "conventional_coal":
        split = factors().threshold("PHY-26", "capacity_class_split").value
        return "conventional_coal_above_300" if capacity_mw >= split else "conventional_coal_300_and_below"
    return unit_class if unit_class in ("unconventional_coal", "gas") else None


def heat_benchmark(class_of_unit: str) -> str:
    """The heat benchmark (`heat_coal`, `heat_gas`) that goes with an allocation class; KeyError for no class."""
    return _HEAT_BENCHMARK[class_of_unit]


def merged_allocation_class(classes: Iterable[str], month: str, tables: Factors | None = None) -> str:
    """Class of units reported together: the most conservative one, that is the lowest benchmark (check V04).

    Parameters: `classes` from `allocation_class`, at least one; `month` YYYY-MM of the report year. ValueError when
    there is none, NoFactor when the month has no benchmark.
    """
    source = tables or factors()
    return min(
        sorted(set(classes)),
        key=lambda name: source.as_of("benchmarks", month, purpose="allocation", benchmark=name).value,
    )
