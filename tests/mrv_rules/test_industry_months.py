"""Values of lines and processes against their other months: powers of ten, coal that cannot be, a month filed twice."""

from decimal import Decimal

import pytest

from mrv.screening.case import Case
from tests.mrv_rules.cases import MONTH, MONTHS, Key, RuleCase, check, key, where, with_cells
from tests.mrv_rules.honest_industry import CELLS, COAL, COKE, ENT, GAS, IRON, KILN, SINTERING
from tests.mrv_rules.industry_cases import plant


def times(case: Case, factor: str, unit_id: str, stream_id: str, *parameters: str) -> Case:
    """Values of this month multiplied."""
    for parameter in parameters:
        at = {"unit_id": unit_id, "stream_id": stream_id, "parameter": parameter, "month": MONTH}
        frame = case.tables["parameter"]
        value = Decimal(str(frame.loc[where(frame, **at), "value"].iloc[0])) * Decimal(factor)
        case = with_cells(case, "parameter", at, value=f"{value:f}")
    return case


def stopped() -> Case:
    """A kiln that ran a tenth of the month: everything it used went down with its clinker."""
    case = times(plant("cement"), "0.1", KILN, "", "clinker_output", "raw_meal_consumption", "process_electricity")
    case = times(case, "0.1", KILN, "steel_slag", "substitute_consumption")
    return times(case, "0.1", KILN, COAL, "fuel_consumption")


def at_ratio(ratio: str) -> Case:
    """A heat value of the kiln coal so many times that of all other months."""
    case = plant("cement")
    at = {"unit_id": KILN, "stream_id": COAL, "parameter": "net_calorific_value"}
    for month in MONTHS:
        value = Decimal("23.400") * (Decimal(ratio) if month == MONTH else 1)
        case = with_cells(case, "parameter", {**at, "month": month}, value=f"{value:f}")
    return case


def heat_value(value: str) -> Case:
    at = {"unit_id": ENT, "stream_id": COAL, "parameter": "net_calorific_value", "month": MONTH}
    return with_cells(plant("steel"), "parameter", at, value=value)


def copied(count: int, sector: str, unit_id: str, *pairs: tuple[str, str], method: str = "measured") -> Case:
    """The first so many values of a unit are those of 2025-11 once more."""
    case = plant(sector)
    frame = case.tables["parameter"]
    for stream_id, parameter in pairs[:count]:
        at = {"unit_id": unit_id, "stream_id": stream_id, "parameter": parameter}
        value = str(frame.loc[where(frame, **at, month="2025-11"), "value"].iloc[0])
        case = with_cells(case, "parameter", {**at, "month": MONTH}, value=value, method=method)
    return case


SINTER = ((COKE, "fuel_input"), ("", "process_product_output"), ("", "process_electricity"))


def of(unit_id: str, stream_id: str, parameter: str) -> tuple[Key, ...]:
    return (key(unit_id, stream_id, parameter=parameter),)


CASES = [
    RuleCase(
        "SCH-03",
        "fires",
        lambda: times(plant("cement"), "0.1", KILN, COAL, "net_calorific_value"),
        of(KILN, COAL, "net_calorific_value"),
    ),
    RuleCase(
        "SCH-03",
        "fires",
        lambda: times(plant("steel"), "10000", IRON, GAS, "fuel_output"),  # Nm3 for 10^4 Nm3
        of(IRON, GAS, "fuel_output"),
    ),
    RuleCase(
        "SCH-03",
        "fires",
        lambda: times(plant("steel"), "10", ENT, "limestone", "material_consumption"),
        of(ENT, "limestone", "material_consumption"),
    ),
    RuleCase(  # the output is blamed, not everything that went into it
        "SCH-03",
        "fires",
        lambda: times(plant("cement"), "1000", KILN, "", "clinker_output"),
        of(KILN, "", "clinker_output"),
    ),
    RuleCase(
        "SCH-03",
        "fires",
        lambda: times(plant("aluminium"), "1000", CELLS, "", "dc_electricity"),  # kWh for MWh
        of(CELLS, "", "dc_electricity"),
    ),
    RuleCase("SCH-03", "silent", stopped),
    RuleCase("SCH-03", "silent", lambda: times(plant("steel"), "10", ENT, COKE, "quantity_purchased")),
    # log10(0.14) = -0.854 is within 0.15 of -1, log10(0.15) = -0.824 is not
    RuleCase("SCH-03", "boundary", lambda: at_ratio("0.14"), of(KILN, COAL, "net_calorific_value")),
    RuleCase("SCH-03", "boundary", lambda: at_ratio("0.15")),
    RuleCase("SCH-11", "fires", lambda: heat_value("41.200"), of(ENT, COAL, "net_calorific_value")),
    RuleCase("SCH-11", "boundary", lambda: heat_value("33.000")),
    RuleCase("TMP-04", "fires", lambda: copied(3, "steel", SINTERING, *SINTER), (key(SINTERING, item="2025-11"),)),
    RuleCase("TMP-04", "boundary", lambda: copied(2, "steel", SINTERING, *SINTER)),
    RuleCase("TMP-04", "silent", lambda: copied(3, "steel", SINTERING, *SINTER, method="default")),
]


@pytest.mark.parametrize("example", CASES, ids=lambda example: f"{example.code}-{example.kind}")
def test_examples(example: RuleCase) -> None:
    check(example)
