"""What the meters say of the month. U1 in January: 373190.400 MWh in 744 h; in May 2025 it stood 240 h."""

import pandas as pd
import pytest

from mrv.screening.case import Case
from schemas import TABLES
from tests.mrv_rules.cases import MONTH, RuleCase, changed, check, clean_case, found, key, with_row

ITEM = key("U1", parameter="power_generation", item="EM-U1")


def metered(case: Case | None = None, **cells: str) -> Case:
    """The honest plant with one meter of the generation of U1."""
    case = case or clean_case()
    table = case.tables.get("meter_month")
    if table is None:
        table = pd.DataFrame({name: pd.Series(dtype="str") for name in TABLES["meter_month"].names})
    row = {"plant_id": "P001", "unit_id": "U1", "meter_id": "EM-U1", "parameter": "power_generation", "month": MONTH}
    row |= {"quantity": "373190.400", "unit": "MWh", "hours_expected": "744", "hours_present": "744", **cells}
    return with_row(changed(case, "meter_month", table), "meter_month", **row)


def in_may(flat: str) -> Case:
    case = clean_case(focus=("2025-05",))
    return metered(case, month="2025-05", longest_flat_run=flat)


def two_meters(second: str, registered: int = 2) -> Case:
    """Two meters of 186595.200 MWh each; `registered` of them stand in the register of meters."""
    case = metered(metered(quantity="186595.200"), meter_id="EM-U1b", quantity=second)
    names = ["EM-U1", "EM-U1b", "EM-U1c"][:registered]
    rows = [
        {"plant_id": "P001", "unit_id": "U1", "meter_id": name, "parameter": "power_generation", "stream_id": ""}
        for name in names
    ]
    return changed(case, "meter", pd.DataFrame(rows).reindex(columns=TABLES["meter"].names).fillna("").astype("str"))


CASES = [
    RuleCase("CEM-01", "fires", lambda: metered(longest_flat_run="12"), (ITEM,)),
    RuleCase("CEM-01", "silent", metered),
    RuleCase("CEM-01", "silent", lambda: in_may("240")),
    RuleCase("CEM-01", "boundary", lambda: metered(longest_flat_run="5.99")),
    RuleCase("CEM-01", "boundary", lambda: metered(longest_flat_run="6"), (ITEM,)),
    RuleCase(
        "CEM-01",
        "boundary",
        lambda: in_may("246"),
        (key("U1", month="2025-05", parameter="power_generation", item="EM-U1"),),
    ),
    RuleCase("CMP-09", "fires", lambda: metered(hours_present="650"), (ITEM,)),  # 87.4 %
    RuleCase("CMP-09", "fires", lambda: metered(hours_present="500"), (ITEM,), "blocks"),  # 67.2 %
    RuleCase("CMP-09", "silent", metered),
    RuleCase("CMP-09", "silent", lambda: metered(hours_expected="0", hours_present="0")),
    # 95 % of 744 h is 706.8, 90 % is 669.6
    RuleCase("CMP-09", "boundary", lambda: metered(hours_present="706.8")),
    RuleCase("CMP-09", "boundary", lambda: metered(hours_present="706.7"), (ITEM,), "note"),
    RuleCase("CMP-09", "boundary", lambda: metered(hours_present="669.5"), (ITEM,)),
    RuleCase("XRC-20", "fires", lambda: metered(quantity="370000.000"), (ITEM,)),  # 0.86 %
    RuleCase("XRC-20", "fires", lambda: metered(quantity="360000.000"), (ITEM,), "blocks"),
    RuleCase("XRC-20", "fires", lambda: two_meters("180000.000"), (key("U1", parameter="power_generation"),)),
    RuleCase("XRC-20", "silent", metered),
    RuleCase("XRC-20", "silent", lambda: two_meters("186595.200")),
    RuleCase("XRC-20", "silent", lambda: two_meters("180000.000", registered=3)),  # a meter is missing
    RuleCase("XRC-20", "silent", lambda: metered(quantity="300000.000", hours_present="600")),
    # 373190.4/1.005 = 371333.731
    RuleCase("XRC-20", "boundary", lambda: metered(quantity="371333.735")),
    RuleCase("XRC-20", "boundary", lambda: metered(quantity="371333.700"), (ITEM,)),
]


@pytest.mark.parametrize("example", CASES, ids=lambda one: f"{one.code}-{one.kind}")
def test_rules(example: RuleCase) -> None:
    check(example)


def test_the_meters_stand_in_for_the_filing() -> None:
    row = found(metered(quantity="360000.000"), "XRC-20").iloc[0]
    assert row["counterfactual"] == '{"power_generation": "360000.000"}'
