"""Electrolysis. An honest June: 26 980 t of aluminium, 400 kA, 300 cells, 720 h: efficiency 26980/(0.33556×400×720×300/1000) = 0.9306."""

import pytest

from mrv.screening.case import Case
from tests.mrv_rules.cases import RuleCase, check
from tests.mrv_rules.industry_filings import case, filing, key

SERIES = {"sector": "aluminium", "unit_id": "E1", "process": "electrolysis"}
HONEST = {
    ("E1", "", "aluminium_output"): "26980",
    ("E1", "", "anode_consumption"): "13350",  # net 13 350 × 0.8482 = 11 323.47 t, 419.7 kg/t
    ("E1", "", "dc_electricity"): "356136",  # 13 200 kWh/t
    ("E1", "", "ac_electricity"): "366928",  # 13 600 kWh/t
    ("E1", "", "line_current"): "400",
    ("E1", "", "operating_cells"): "300",
    ("E1", "", "run_hours"): "720",
    ("E1", "", "cf4_factor"): "0.02",
    ("E1", "", "c2f6_factor"): "0.0011",
    ("E1", "", "anode_loss_rate"): "15.18",
    ("ENT", "sodium_carbonate", "material_consumption"): "100",
    ("ENT", "sodium_carbonate", "carbonate_purity"): "98",
}


def smelter(more: dict[tuple[str, str, str], str] | None = None, **changes: str | None) -> Case:
    return case(filing("aluminium", HONEST | (more or {}), **changes), SERIES)


def net(value: str) -> Case:
    return smelter({("E1", "", "anode_net_consumption"): value})


AC, DC = key("E1", parameter="ac_electricity"), key("E1", parameter="dc_electricity")
OUTPUT, ANODE = key("E1", parameter="aluminium_output"), key("E1", parameter="anode_consumption")
SODA = key("ENT", "sodium_carbonate", "material_consumption")

CASES = [
    RuleCase("ALU-01", "fires", lambda: smelter(ac_electricity="350000"), (AC,)),  # less than the DC
    RuleCase("ALU-01", "fires", lambda: smelter(ac_electricity="450000"), (AC,), "note"),  # 16 679 kWh/t
    RuleCase("ALU-01", "silent", smelter),
    RuleCase("ALU-01", "silent", lambda: smelter(ac_electricity=None)),
    RuleCase("ALU-01", "boundary", lambda: smelter(ac_electricity="356136")),
    RuleCase("ALU-01", "boundary", lambda: smelter(ac_electricity="356135.999"), (AC,)),
    RuleCase("ALU-01", "boundary", lambda: smelter(ac_electricity="418190")),  # 15 500 kWh/t
    RuleCase("ALU-02", "fires", lambda: smelter(carbonate_purity=None), (SODA,)),
    RuleCase("ALU-02", "silent", smelter),
    RuleCase("ALU-02", "boundary", lambda: smelter(carbonate_purity=None, material_consumption="0")),
    # 12 500 kWh/t is 337 250 MWh
    RuleCase("PHY-A1", "fires", lambda: smelter(dc_electricity="300000"), (DC,)),
    RuleCase("PHY-A1", "silent", smelter),
    RuleCase("PHY-A1", "boundary", lambda: smelter(dc_electricity="337250")),
    RuleCase("PHY-A1", "boundary", lambda: smelter(dc_electricity="337249.9"), (DC,)),
    # 390 kg/t is 10 522.20 t net: 12 405.32 × 0.8482 = 10522.1924 → 10522.19; 12 405.33 gives 10522.2009 → 10522.20
    RuleCase("PHY-A2", "fires", lambda: smelter(anode_consumption="11323.47"), (ANODE,)),  # the net filed as gross
    RuleCase("PHY-A2", "silent", smelter),
    RuleCase("PHY-A2", "boundary", lambda: smelter(anode_consumption="12405.33")),
    RuleCase("PHY-A2", "boundary", lambda: smelter(anode_consumption="12405.32"), (ANODE,)),
    # 28 992.384 t at an efficiency of 1; 0.98 of it is 28 412.536 t
    RuleCase("PHY-A3", "fires", lambda: smelter(aluminium_output="30000"), (OUTPUT,)),
    RuleCase("PHY-A3", "fires", lambda: smelter(operating_cells="400"), (OUTPUT,)),  # 0.698
    RuleCase("PHY-A3", "silent", smelter),
    RuleCase("PHY-A3", "silent", lambda: smelter(line_current=None)),
    RuleCase("PHY-A3", "boundary", lambda: smelter(aluminium_output="28412.53")),
    RuleCase("PHY-A3", "boundary", lambda: smelter(aluminium_output="28412.54"), (OUTPUT,)),
    RuleCase("PHY-A4", "fires", lambda: smelter(cf4_factor="0.034"), (key("E1", parameter="cf4_factor"),)),
    RuleCase("PHY-A4", "fires", lambda: smelter(anode_loss_rate="15"), (key("E1", parameter="anode_loss_rate"),)),
    RuleCase("PHY-A4", "silent", smelter),
    RuleCase("PHY-A4", "boundary", lambda: net("11323.47")),
    RuleCase("PHY-A4", "boundary", lambda: net("11323.48"), (key("E1", parameter="anode_net_consumption"),)),
]


@pytest.mark.parametrize("example", CASES, ids=lambda example: f"{example.code}-{example.kind}")
def test_rule(example: RuleCase) -> None:
    check(example)
