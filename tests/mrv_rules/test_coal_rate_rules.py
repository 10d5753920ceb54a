"""Coal rate and intensity of net power. U1 in January: 3245247.36 GJ / 29.3076 / 352664.928 MWh = 313.98 gce/kWh."""

from dataclasses import replace
from decimal import Decimal

import pandas as pd
import pytest

from mrv.accounting.accounts import UNIT_MONTH_COLUMNS
from mrv.screening.case import Case
from tests.mrv_rules.cases import PLANT, RuleCase, check, clean_case, found, key, with_cells, with_value

POWER = key("U1", parameter="power_generation")


def coal(value: str, case: Case | None = None, unit: str = "U1") -> Case:
    return with_value(case or clean_case(), "fuel_consumption", value, unit_id=unit)


def registered(unit: str = "U1", **cells: str) -> Case:
    return with_cells(clean_case(), "unit", {"unit_id": unit}, **cells)


def emitting(tco2: str, unit: str = "U1", ratio: str = "0", case: Case | None = None) -> Case:
    """The honest plant with the emission of one unit in January as accounting would give it."""
    case = case or clean_case()
    row = {"plant_id": PLANT, "sector": "power", "unit_id": unit, "month": "2026-01"}
    row |= {"tco2": Decimal(tco2), "heat_supply_ratio": Decimal(ratio)}
    months = pd.DataFrame([row]).reindex(columns=UNIT_MONTH_COLUMNS).astype(object)
    return replace(case, accounts=replace(case.accounts, unit_months=months))


CASES = [
    RuleCase("PHY-10", "fires", lambda: coal("142000.00"), (POWER,)),  # 321.9, above 318 of a 600 MW supercritical
    RuleCase("PHY-10", "fires", lambda: coal("200000.00"), (POWER,), "blocks"),  # 453.4
    RuleCase("PHY-10", "fires", lambda: coal("126000.00"), (POWER,)),  # 285.6, below 290, efficiency 45.5 %
    RuleCase("PHY-10", "silent", clean_case),
    RuleCase("PHY-10", "silent", lambda: coal("115000.00")),  # the thermal efficiency says it
    RuleCase("PHY-10", "silent", lambda: coal("60000.00", unit="U2")),  # heat lowers the rate of a CHP unit
    RuleCase("PHY-10", "silent", lambda: coal("142000.00", registered(cooling_mode="air"))),
    RuleCase("PHY-10", "silent", lambda: coal("145000.00", registered(pressure_class="亚临界"))),
    # 318*352664.928*29.3076/1000/23.430 = 140280.5 t
    RuleCase("PHY-10", "boundary", lambda: coal("140280.00")),
    RuleCase("PHY-10", "boundary", lambda: coal("140281.00"), (POWER,)),
    # 352664.928 MWh: 1.15 is 405564.67 t, 0.70 is 246865.45 t
    RuleCase("PHY-19", "fires", lambda: emitting("420000"), (POWER,)),
    RuleCase("PHY-19", "fires", lambda: emitting("200000"), (POWER,)),
    RuleCase("PHY-19", "silent", lambda: emitting("302173.67")),
    RuleCase("PHY-19", "silent", clean_case),
    RuleCase("PHY-19", "silent", lambda: emitting("420000", case=coal("200000.00"))),  # told by the coal rate
    RuleCase("PHY-19", "boundary", lambda: emitting("405564.66")),
    RuleCase("PHY-19", "boundary", lambda: emitting("405564.68"), (POWER,)),
]


@pytest.mark.parametrize("example", CASES, ids=lambda one: f"{one.code}-{one.kind}")
def test_rules(example: RuleCase) -> None:
    check(example)


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"capacity": "1000", "pressure_class": "超超临界"}, "268–312 gce/kWh"),  # load 50.2 %: 20 more
        ({"capacity": "660", "pressure_class": "超超临界"}, "278–300 gce/kWh"),
        ({"capacity": "660", "pressure_class": "supercritical"}, "290–318 gce/kWh"),
        ({"capacity": "660", "pressure_class": ""}, "278–332 gce/kWh"),
        ({"capacity": "330", "pressure_class": "亚临界"}, "308–350 gce/kWh"),
        ({"capacity": "350", "pressure_class": "超临界"}, "290–350 gce/kWh"),
        ({"capacity": "660", "pressure_class": "亚临界", "cooling_mode": "air"}, "315–352 gce/kWh"),
        ({"capacity": "660", "boiler_type": "cfb"}, "320–410 gce/kWh"),
    ],
)
def test_each_class_has_its_range(cells: dict[str, str], expected: str) -> None:
    case = coal("200000.00", registered(**cells))  # 453 gce/kWh is above all of them
    rows = found(case, "PHY-10")
    assert rows["expected"].tolist() == [expected]


def test_low_load_raises_the_upper_limit() -> None:
    # 480000 MWh of 1000 MW x 744 h are 64.5 %, above the 60 % below which 20 gce/kWh are added.
    case = registered(capacity="1000", pressure_class="超超临界")
    case = coal("200000.00", with_value(case, "power_generation", "480000.000"))
    assert found(case, "PHY-10")["expected"].tolist() == ["268–292 gce/kWh"]


def test_heat_takes_its_share_of_the_emission() -> None:
    # U2: 250000 t, 6.02 % for heat: 250000*0.9398/183292.956 = 1.2818 t/MWh
    row = found(emitting("250000", "U2", "0.0602"), "PHY-19").iloc[0]
    assert row["params"]["intensity"] == "1.2818"
