"""Materials, ledgers, declared defaults, consumption per tonne and monitoring, for every industrial sector."""

from calendar import monthrange

import pandas as pd
import pytest

from mrv.screening.case import Case
from schemas import TABLES
from tests.accounting.filing import row
from tests.mrv_rules.cases import RuleCase, check
from tests.mrv_rules.industry_filings import MONTH, case, key

LEDGER = {"stock_opening": "100", "quantity_purchased": "1000", "quantity_sold": "50", "stock_closing": "50"}


def filed(sector: str, unit: str, stream: str, parameter: str, value: str, **cells: str) -> Case:
    return case([row(sector, unit, stream, parameter, value, **cells)])


def balanced(consumption: str, **changes: str) -> Case:
    """100 + 1000 − 50 − 50 = 1000 t of anthracite."""
    ledger = [row("steel", "ENT", "anthracite", name, value) for name, value in (LEDGER | changes).items()]
    return case([row("steel", "ENT", "anthracite", "fuel_consumption", consumption), *ledger])


def history(last: str, months: int = 7) -> Case:
    """Soda of a smelter: 1 t for every 1 000 t of aluminium, and the last month otherwise."""
    rows = []
    for number in range(1, months + 1):
        month = f"2026-{number:02d}"
        amount = last if number == months else "10"
        rows.append(row("aluminium", "E1", "", "aluminium_output", "10000", month))
        rows.append(row("aluminium", "E1", "", "anode_consumption", "4950", month))
        rows.append(row("aluminium", "ENT", "sodium_carbonate", "material_consumption", amount, month))
    return case(rows, {"sector": "aluminium", "unit_id": "E1", "process": "electrolysis"})


def monitored(daily: str, days: int = 30) -> Case:
    """A line that makes 10 000 t of clinker in June: 5 350.00 t by account; 30 days at 178.333 t/d are 5 349.99 t."""
    names = TABLES["flue_gas_daily"].names
    rows = [
        dict.fromkeys(names, "")
        | {"plant_id": "P1", "unit_id": "L1", "day": f"{MONTH}-{day:02d}", "co2_mass": daily, "row": day}
        for day in range(1, days + 1)
    ]
    frame = pd.DataFrame(rows, columns=names).astype({name: "str" for name in names if name != "row"})
    return case([row("cement", "L1", "", "clinker_output", "10000")], flue_gas_daily=frame)


assert monthrange(2026, 6)[1] == 30
NCV, COAL = key("L1", "anthracite", "net_calorific_value"), key("ENT", "anthracite", "fuel_consumption")
SODA = key("ENT", "sodium_carbonate", "material_consumption", month="2026-07")
GAS = key("L1", parameter="co2_mass", item="flue_gas")

CASES = [
    RuleCase("IND-01", "fires", lambda: filed("cement", "L1", "anthracite", "net_calorific_value", "24", method="default"), (NCV,)),
    RuleCase("IND-01", "silent", lambda: filed("cement", "L1", "anthracite", "net_calorific_value", "24")),
    RuleCase("IND-01", "silent", lambda: filed("steel", "ENT", "coke", "net_calorific_value", "24", method="default")),  # STL-01
    RuleCase("IND-01", "boundary", lambda: filed("cement", "L1", "anthracite", "net_calorific_value", "25.0240", method="default")),
    RuleCase("IND-01", "boundary", lambda: filed("cement", "L1", "anthracite", "net_calorific_value", "25.025", method="default"), (NCV,)),
    # median 1 t per 1 000 t; 1.6 times is 16 t
    RuleCase("IND-02", "fires", lambda: history("30"), (SODA,)),
    RuleCase("IND-02", "silent", lambda: history("10")),
    RuleCase("IND-02", "silent", lambda: history("30", months=6)),  # five other months are too few
    RuleCase("IND-02", "boundary", lambda: history("16")),
    RuleCase("IND-02", "boundary", lambda: history("16.01"), (SODA,)),
    # 10 % above 5 350.00 is 5 885.00: 30 × 196.166 = 5 884.98, 30 × 196.167 = 5 885.01
    RuleCase("IND-03", "fires", lambda: monitored("250.000"), (GAS,)),
    RuleCase("IND-03", "silent", lambda: monitored("178.333")),
    RuleCase("IND-03", "silent", lambda: monitored("250.000", days=29)),  # not the whole month
    RuleCase("IND-03", "boundary", lambda: monitored("196.166")),
    RuleCase("IND-03", "boundary", lambda: monitored("196.167"), (GAS,)),
    RuleCase("MAT-01", "fires", lambda: filed("steel", "ENT", "other_carbonate", "material_consumption", "5"), (key("ENT", "other_carbonate", "material_consumption"),)),
    RuleCase("MAT-01", "fires", lambda: filed("steel", "ENT", "sodium_carbonate", "material_consumption", "5"), (key("ENT", "sodium_carbonate", "material_consumption"),)),
    RuleCase("MAT-01", "fires", lambda: filed("steel", "ENT", "dolomite", "fuel_consumption", "5"), (key("ENT", "dolomite", "fuel_consumption"),)),
    RuleCase("MAT-01", "silent", lambda: filed("steel", "ENT", "dolomite", "material_consumption", "5")),
    RuleCase("MAT-01", "silent", lambda: filed("cement", "L1", "biomass", "fuel_consumption", "5")),
    RuleCase("MAT-01", "boundary", lambda: filed("steel", "ENT", "other_carbonate", "material_consumption", "0")),
    RuleCase("MAT-02", "fires", lambda: balanced("1200"), (COAL,)),
    RuleCase("MAT-02", "silent", lambda: balanced("1000")),
    RuleCase("MAT-02", "boundary", lambda: balanced("1010")),
    RuleCase("MAT-02", "boundary", lambda: balanced("1010.01"), (COAL,)),
]  # fmt: skip


@pytest.mark.parametrize("example", CASES, ids=lambda example: f"{example.code}-{example.kind}")
def test_rule(example: RuleCase) -> None:
    check(example)
