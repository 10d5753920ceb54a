"""Natural gas quality and the share of biomass."""

import pytest

from mrv.screening.case import Case
from tests.mrv_rules.cases import RuleCase, check, clean_case, found, key, with_parameter

GAS = "natural_gas"
CARBON, HEAT = (key("U1", GAS, parameter=name) for name in ("carbon_content_ar", "net_calorific_value"))
SHARE = key("U1", parameter="biomass_heat_share")


def gas(parameter: str, value: str) -> Case:
    unit = "tC/1e4Nm3" if parameter == "carbon_content_ar" else "GJ/1e4Nm3"
    return with_parameter(clean_case(), parameter, value, stream_id=GAS, unit=unit)


def biomass(share: str, efficiency: str = "90.00") -> Case:
    """U1 in January: boiler heat 2985523.20 GJ over 90 % is 3317248.0; fossil heat 3245247.36; biomass 2.17 %."""
    case = with_parameter(clean_case(), "biomass_heat_share", share, unit="%")
    return with_parameter(case, "boiler_efficiency", efficiency, unit="%") if efficiency else case


CASES = [
    RuleCase("PHY-25", "fires", lambda: gas("carbon_content_ar", "6.50"), (CARBON,), "note"),
    RuleCase("PHY-25", "fires", lambda: gas("net_calorific_value", "280.000"), (HEAT,), "note"),
    RuleCase("PHY-25", "fires", lambda: gas("net_calorific_value", "38.931"), (HEAT,), "blocks"),
    RuleCase("PHY-25", "silent", clean_case),
    RuleCase("PHY-25", "silent", lambda: gas("net_calorific_value", "389.310")),
    RuleCase("PHY-25", "boundary", lambda: gas("net_calorific_value", "398.300")),
    RuleCase("PHY-25", "boundary", lambda: gas("net_calorific_value", "398.301"), (HEAT,), "note"),
    # 15 % above 6.10 is 7.015
    RuleCase("PHY-25", "boundary", lambda: gas("carbon_content_ar", "7.01"), (CARBON,), "note"),
    RuleCase("PHY-25", "boundary", lambda: gas("carbon_content_ar", "7.02"), (CARBON,), "blocks"),
    RuleCase("PHY-24", "fires", lambda: biomass("25.00"), (SHARE,)),
    RuleCase("PHY-24", "silent", clean_case),
    RuleCase("PHY-24", "boundary", lambda: biomass("20.00")),
    RuleCase("PHY-24", "boundary", lambda: biomass("20.01"), (SHARE,)),
    RuleCase("V27", "fires", lambda: biomass("12.00"), (SHARE,)),
    RuleCase("V27", "fires", lambda: biomass("12.00", ""), (SHARE,), "note"),
    RuleCase("V27", "silent", clean_case),
    RuleCase("V27", "silent", lambda: biomass("2.17")),
    RuleCase("V27", "boundary", lambda: biomass("3.17")),  # 2.1705 %, 0.9995 points away
    RuleCase("V27", "boundary", lambda: biomass("3.18"), (SHARE,)),
]


@pytest.mark.parametrize("example", CASES, ids=lambda one: f"{one.code}-{one.kind}")
def test_rules(example: RuleCase) -> None:
    check(example)


def test_the_recomputed_share_stands_in() -> None:
    assert found(biomass("12.00"), "V27")["counterfactual"].tolist() == ['{"biomass_heat_share":"2.17"}']
    assert found(biomass("12.00", ""), "V27")["counterfactual"].tolist() == [""]
