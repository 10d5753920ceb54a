"""Clinker lines. An honest month: 100 000 t of clinker, 13 000 t of coal at 24 GJ/t, raw meal 1.55 t/t, 60 kWh/t."""

import pytest

from mrv.screening.case import Case
from tests.mrv_rules.cases import RuleCase, check
from tests.mrv_rules.industry_filings import case, filing, key

LINE = {"sector": "cement", "unit_id": "L1", "process": "clinker_line", "clinker_kind": "portland_clinker"}
HONEST = {
    ("L1", "", "clinker_output"): "100000",
    ("L1", "", "raw_meal_consumption"): "155000",
    ("L1", "", "process_electricity"): "6000",
    ("L1", "bituminous_coal", "fuel_consumption"): "13000",
    ("L1", "bituminous_coal", "net_calorific_value"): "24",
    ("L1", "", "clinker_stock_opening"): "20000",
    ("L1", "", "clinker_used"): "90000",
    ("L1", "", "clinker_stock_closing"): "30000",
    ("L1", "", "clinker_process_factor"): "0.535",
    ("L1", "", "clinker_cao"): "65",
    ("L1", "", "clinker_mgo"): "1.5",
}


def line(
    more: dict[tuple[str, str, str], str] | None = None, kind: str = "portland_clinker", **changes: str | None
) -> Case:
    return case(filing("cement", HONEST | (more or {}), **changes), LINE | {"clinker_kind": kind})


def slag(amount: str, **more: str) -> Case:
    """A line that takes carbide slag; its oxides do not come from carbonates alone, so they are left out."""
    other = {("L1", "", name): value for name, value in more.items()}
    return line({("L1", "carbide_slag", "substitute_consumption"): amount, **other}, clinker_cao=None, clinker_mgo=None)


RAW, POWER = key("L1", parameter="raw_meal_consumption"), key("L1", parameter="process_electricity")
OUTPUT, CLOSING = key("L1", parameter="clinker_output"), key("L1", parameter="clinker_stock_closing")
FACTOR, OXIDES = key("L1", parameter="clinker_process_factor"), key("L1", parameter="clinker_cao")
FROM_SLAG = {("L1", "", "clinker_cao_noncarbonate"): "9"}
RATIO = key("L1", parameter="carbide_slag_ratio")
DEDUCTION = key("L1", "carbide_slag", "substitute_deduction_factor")


def deduction(value: str) -> Case:
    more = {("L1", "carbide_slag", "substitute_deduction_factor"): value, ("L1", "", "carbide_slag_ratio"): "5"}
    return line({("L1", "carbide_slag", "substitute_consumption"): "5000", **more}, clinker_cao=None, clinker_mgo=None)


CASES = [
    # deduction 0.480 t/t: 111 458.33 t take 53 500.00, one tonne more takes 0.48 too much
    RuleCase("CMT-01", "fires", lambda: slag("200000", carbide_slag_ratio="14"), (OUTPUT,)),
    RuleCase("CMT-01", "silent", lambda: slag("5000", carbide_slag_ratio="5")),
    RuleCase("CMT-01", "boundary", lambda: slag("111458.33", carbide_slag_ratio="14")),
    RuleCase("CMT-01", "boundary", lambda: slag("111459.33", carbide_slag_ratio="14"), (OUTPUT,)),
    RuleCase("CMT-02", "fires", lambda: deduction("0.500"), (DEDUCTION,)),
    RuleCase("CMT-02", "silent", line),
    RuleCase("CMT-02", "boundary", lambda: deduction("0.480")),
    RuleCase("CMT-02", "boundary", lambda: deduction("0.481"), (DEDUCTION,)),
    RuleCase("CMT-03", "fires", lambda: slag("5000"), (RATIO,)),
    RuleCase("CMT-03", "fires", lambda: line({("L1", "", "carbide_slag_ratio"): "5"}), (RATIO,)),
    RuleCase("CMT-03", "silent", line),
    # 5 000 × 0.480 / (100 000 × 0.535) = 4.486 %; twice that is 8.972 %, half of it 2.243 %
    RuleCase("CMT-03", "fires", lambda: slag("5000", carbide_slag_ratio="68"), (RATIO,)),
    RuleCase("CMT-03", "boundary", lambda: slag("5000", carbide_slag_ratio="8.97")),
    RuleCase("CMT-03", "boundary", lambda: slag("5000", carbide_slag_ratio="8.98"), (RATIO,)),
    RuleCase("CMT-03", "boundary", lambda: slag("5000", carbide_slag_ratio="2.25")),
    RuleCase("CMT-03", "boundary", lambda: slag("5000", carbide_slag_ratio="2.24"), (RATIO,)),
    RuleCase("CMT-03", "boundary", lambda: slag("0", carbide_slag_ratio="0")),
    RuleCase("CMT-03", "boundary", lambda: slag("0.01", carbide_slag_ratio="0"), (RATIO,)),
    RuleCase("PHY-C1", "fires", lambda: line(clinker_process_factor="0.550"), (FACTOR,)),
    RuleCase("PHY-C1", "fires", lambda: line(clinker_cao="60"), (OXIDES,), "note"),  # 0.4879, 0.0471 below
    RuleCase("PHY-C1", "silent", line),  # 65 % and 1.5 %: 0.5272, 0.0078 below
    RuleCase("PHY-C1", "silent", lambda: line(clinker_process_factor=None, clinker_cao=None)),
    RuleCase("PHY-C1", "boundary", lambda: line(kind="white_clinker", clinker_process_factor="0.55", clinker_cao="67")),
    # 9 % of lime from slag: part of the oxides beside a deduction, not without one (0.4565, 0.0785 below)
    RuleCase("PHY-C1", "silent", lambda: line(FROM_SLAG | {("L1", "carbide_slag", "substitute_consumption"): "15000"})),
    RuleCase("PHY-C1", "fires", lambda: line(FROM_SLAG), (OXIDES,), "note"),
    # 0.0165 + CaO × 44/56 against 0.535 ± 0.02: 63.45 % gives 0.51504, 63.44 % gives 0.51496
    RuleCase("PHY-C1", "boundary", lambda: line(clinker_cao="63.45")),
    RuleCase("PHY-C1", "boundary", lambda: line(clinker_cao="63.44"), (OXIDES,), "note"),
    RuleCase("PHY-C2", "fires", lambda: line(raw_meal_consumption="140000"), (RAW,)),
    RuleCase("PHY-C2", "silent", line),
    RuleCase("PHY-C2", "boundary", lambda: line(raw_meal_consumption="148000")),
    RuleCase("PHY-C2", "boundary", lambda: line(raw_meal_consumption="147999"), (RAW,)),
    RuleCase("PHY-C2", "boundary", lambda: line(raw_meal_consumption="162001"), (RAW,)),
    # 13 000 × 24 / 100 000 = 3.12 GJ/t; 2.7 GJ/t is 11 250 t
    RuleCase("PHY-C3", "fires", lambda: line(fuel_consumption="16000"), (OUTPUT,)),
    RuleCase("PHY-C3", "silent", line),
    RuleCase(
        "PHY-C3", "silent",
        lambda: line({("L1", "biomass", "alternative_fuel_quantity"): "3000"}, fuel_consumption="9000"),
    ),
    RuleCase("PHY-C3", "boundary", lambda: line(fuel_consumption="11250")),
    RuleCase("PHY-C3", "boundary", lambda: line(fuel_consumption="11249.99"), (OUTPUT,)),
    # 20 000 + 100 000 − 90 000 = 30 000; 1 % of the output is 1 000 t
    RuleCase("PHY-C4", "fires", lambda: line(clinker_stock_closing="35000"), (CLOSING,)),
    RuleCase("PHY-C4", "silent", line),
    RuleCase("PHY-C4", "silent", lambda: line(clinker_used=None)),
    RuleCase("PHY-C4", "boundary", lambda: line(clinker_stock_closing="31000")),
    RuleCase("PHY-C4", "boundary", lambda: line(clinker_stock_closing="31000.01"), (CLOSING,)),
    RuleCase("PHY-C5", "fires", lambda: line(process_electricity="9000"), (POWER,)),
    RuleCase("PHY-C5", "silent", line),
    RuleCase("PHY-C5", "boundary", lambda: line(process_electricity="7500")),
    RuleCase("PHY-C5", "boundary", lambda: line(process_electricity="7500.1"), (POWER,)),
]  # fmt: skip


@pytest.mark.parametrize("example", CASES, ids=lambda example: f"{example.code}-{example.kind}")
def test_rule(example: RuleCase) -> None:
    check(example)
