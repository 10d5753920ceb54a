"""One laboratory report in itself."""

import pytest

from mrv.screening.case import Case
from tests.mrv_rules.cases import COAL, MONTH, RuleCase, check, clean_case, found, key, with_cells, with_value

REPORT = "MT202601U1"  # Mad 2.65, Aad 18.16, Vad 27.87, FCad 51.32, Cad 64.94, Had 4.09, Sad 0.60, Mt 9.90 %


def report(**cells: str) -> Case:
    return with_cells(clean_case(), "coal_analysis", {"report_number": REPORT}, **cells)


def of(column: str, stream: str = COAL) -> tuple:
    return key("U1", stream, parameter=column, item=REPORT)


CASES = [
    # 100 - 2.65 - 18.16 = 79.19 % combustible; Vdaf = 41.00/79.19 = 51.8 %: no rank limit for bituminous coal from above,
    # but 5.00/79.19 = 6.31 % is anthracite, 3.69 points beyond the limit of 10.
    RuleCase("PHY-04", "fires", lambda: report(volatile_ad="5.00"), (of("volatile_ad"),)),
    RuleCase("PHY-04", "fires", lambda: report(carbon="56.00"), (of("carbon"),)),  # Cdaf 70.72 %, 3.28 below 74
    RuleCase("PHY-04", "silent", clean_case),
    RuleCase("PHY-04", "silent", lambda: report(volatile_ad="41.00")),
    RuleCase("PHY-04", "boundary", lambda: report(carbon="58.00"), (of("carbon"),), "note"),  # Cdaf 73.24 %
    RuleCase("PHY-04", "boundary", lambda: report(carbon="58.61")),  # Cdaf 74.01 %
    RuleCase("PHY-04", "boundary", lambda: report(volatile_ad="7.92")),  # Vdaf 10.001 %
    RuleCase("PHY-05", "fires", lambda: report(gross_calorific_value_ad="28.000"), (of("gross_calorific_value_ad"),)),
    RuleCase("PHY-05", "silent", clean_case),
    RuleCase("PHY-05", "silent", lambda: report(hydrogen_ad="")),
    # Dulong with 1.0 % nitrogen gives 26.38 MJ/kg: O = 100 - 2.65 - 18.16 - 64.94 - 4.09 - 0.60 - 1.0 = 8.56;
    # 0.3383*64.94 + 1.443*(4.09 - 1.07) + 0.0942*0.60 = 21.969 + 4.358 + 0.057 = 26.384.
    RuleCase("PHY-05", "boundary", lambda: report(gross_calorific_value_ad="27.280")),
    RuleCase(
        "PHY-05", "boundary", lambda: report(gross_calorific_value_ad="27.290"), (of("gross_calorific_value_ad"),)
    ),
    RuleCase("PHY-06", "fires", lambda: report(fixed_carbon_ad="53.32"), (of("fixed_carbon_ad"),)),
    RuleCase("PHY-06", "silent", clean_case),
    RuleCase("PHY-06", "silent", lambda: report(fixed_carbon_ad="")),
    RuleCase("PHY-06", "boundary", lambda: report(fixed_carbon_ad="51.47")),  # sum 100.15
    RuleCase("PHY-06", "boundary", lambda: report(fixed_carbon_ad="51.48"), (of("fixed_carbon_ad"),)),
    RuleCase(
        "PHY-07",
        "fires",
        lambda: with_value(clean_case(), "moisture_ar", "2.00"),
        (key("U1", COAL, parameter="moisture_ar"),),
    ),
    RuleCase("PHY-07", "fires", lambda: report(moisture_ar="2.00"), (of("moisture_ar"),)),
    RuleCase("PHY-07", "silent", clean_case),
    RuleCase("PHY-07", "boundary", lambda: with_value(clean_case(), "moisture_ar", "2.65")),
    # (26403 - 206*4.09)*(100 - 9.90)/(100 - 2.65) - 23*9.90 = 23429.2 J/g
    RuleCase("PHY-09", "fires", lambda: report(net_calorific_value_ar="23.530"), (of("net_calorific_value_ar"),)),
    RuleCase(
        "PHY-09", "fires", lambda: report(net_calorific_value_ar="23.830"), (of("net_calorific_value_ar"),), "blocks"
    ),
    RuleCase("PHY-09", "silent", clean_case),
    RuleCase("PHY-09", "boundary", lambda: report(net_calorific_value_ar="23.479")),
    RuleCase("PHY-09", "boundary", lambda: report(net_calorific_value_ar="23.480"), (of("net_calorific_value_ar"),)),
]


@pytest.mark.parametrize("example", CASES, ids=lambda one: f"{one.code}-{one.kind}")
def test_rules(example: RuleCase) -> None:
    check(example)


def test_each_rank_has_its_own_range() -> None:
    case = with_cells(clean_case(), "coal_analysis", {"report_number": REPORT}, stream_id="lignite")
    rows = found(case, "PHY-04")
    # Vdaf 35.19 % is 1.81 below 37; Cdaf 82.01 % is 5.01 above 77; Qgr,maf is above 24 MJ/kg.
    assert rows[["parameter", "severity"]].to_numpy().tolist() == [
        ["carbon", "must_answer"],
        ["gross_calorific_value_ad", "note"],
        ["volatile_ad", "note"],
    ]


def test_a_wrong_moisture_in_filing_and_report_is_told_once() -> None:
    case = with_value(report(moisture_ar="2.00"), "moisture_ar", "2.00", MONTH)
    assert found(case, "PHY-07")["table"].tolist() == [""]


def test_a_report_on_another_basis_is_converted() -> None:
    # 64.94 % air dry is 64.94/(1 - 0.0265) = 66.71 % dry: the same coal, so no rank finding.
    assert found(report(basis="d", carbon="66.71"), "PHY-04").empty
