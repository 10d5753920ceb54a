"""Which rules hold when, and what each rule set says."""

import pickle
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import emission_factors
from emission_factors import FUEL_GROUPS, NoRuleSet, date_of, deadline, rule_set, rule_sets_of, threshold
from emission_factors.rule_sets import in_order
from schemas.choices import CARBON_SCHEMES, SOURCES, STATES
from schemas.vocabulary import PARAMETERS

POWER = rule_sets_of("power")


@pytest.mark.parametrize(
    ("month", "expected"),
    [
        ("2020-01", "power-2021"),
        ("2022-03", "power-2021"),
        ("2022-04", "power-2022"),
        ("2022-12", "power-2022"),
        ("2023-01", "power-2023"),
        ("2025-12", "power-2023"),
        ("2026-01", "power-2026"),
        ("2031-07", "power-2026"),
    ],
)
def test_boundary_months(month: str, expected: str) -> None:
    assert rule_set("power", month).id == expected


def test_no_rule_set() -> None:
    with pytest.raises(NoRuleSet, match="no rule set for 2019-12"):
        rule_set("power", "2019-12")
    with pytest.raises(KeyError):
        rule_set("glass", "2024-01")
    with pytest.raises(ValueError, match="YYYY-MM"):
        rule_set("power", "2024-00")
    assert rule_sets_of("glass") == ()


def test_files_and_ids_agree() -> None:
    folder = Path(emission_factors.__file__).parent / "rule_sets"
    stems = sorted(path.stem for path in folder.glob("power-*.toml"))
    assert [rules.id for rules in POWER] == stems


def test_rule_sets_follow_each_other_without_a_gap() -> None:
    for earlier, later in pairwise(POWER):
        year, month = int(earlier.valid_to[:4]), int(earlier.valid_to[5:])
        assert later.valid_from == f"{year + month // 12:04d}-{month % 12 + 1:02d}"


def test_overlap_is_refused() -> None:
    with pytest.raises(ValueError, match="'power-2023' and 'power-2023' are valid at the same time"):
        in_order([POWER[2], POWER[2]])
    with pytest.raises(ValueError, match="power-2026"):
        in_order([POWER[3], POWER[3]])


@pytest.mark.parametrize(
    ("month", "expected"),
    [
        ("2026-01", date(2026, 3, 12)),
        ("2026-02", date(2026, 4, 9)),
        ("2026-06", date(2026, 8, 9)),
        ("2026-12", date(2027, 2, 9)),
        ("2024-01", date(2024, 3, 11)),  # 2024 is a leap year
        ("2024-02", date(2024, 4, 9)),
        ("2022-04", date(2022, 6, 9)),
    ],
)
def test_deadline(month: str, expected: date) -> None:
    assert deadline(rule_set("power", month), month) == expected


def test_no_deadline_before_deposits_began() -> None:
    assert deadline(rule_set("power", "2022-03"), "2022-03") is None


@given(st.dates(date(2022, 4, 1), date(2040, 12, 31)))
def test_deadline_is_forty_days_after_the_last_day_of_the_month(day: date) -> None:
    month = f"{day:%Y-%m}"
    found = deadline(rule_set("power", month), month)
    assert found is not None
    last = found - timedelta(days=40)
    assert f"{last:%Y-%m}" == month
    assert (last + timedelta(days=1)).day == 1


def test_deadline_agrees_with_the_thresholds_of_the_rules() -> None:
    days = {rules.deposit_days for rules in POWER} - {None}
    assert days == {int(threshold(rule, "deadline").value) for rule in ("CMP-01", "CMP-02")}


def test_purchased_electricity_over_the_years() -> None:
    told = {rules.id: (rules.counts("electricity"), rules.surrendered("electricity")) for rules in POWER}
    assert told == {
        "power-2021": (True, True),
        "power-2022": (True, True),
        "power-2023": (True, False),
        "power-2026": (False, False),
    }
    assert all(rules.counts("combustion") and rules.surrendered("combustion") for rules in POWER)


def test_report_tables_over_the_years() -> None:
    codes = {rules.id: [table.code for table in rules.report_tables] for rules in POWER}
    assert codes["power-2023"] == ["C.1", "C.2", "C.3", "C.4", "C.5", "C.6", "C.7"]
    assert codes["power-2026"] == ["C.1", "C.2", "C.3", "C.4", "C.5", "C.6"]
    titles = {rules.id: {table.code: table.zh for table in rules.report_tables} for rules in POWER}
    assert "购入" in titles["power-2023"]["C.4"]
    assert not any("购入" in title for title in titles["power-2026"].values())


def test_oxidation_source_over_the_years() -> None:
    assert [rules.oxidation_source for rules in POWER] == ["guide", "guide", "guide", "national_database"]


def test_decimals() -> None:
    rules = rule_set("power", "2024-01")
    assert rules.decimals("carbon_content_ar") == 4
    assert rules.decimals("carbon_content_ar", gas=True) == 2
    assert rules.decimals("fuel_consumption", gas=True) == 2
    assert (rules.decimals("emission"), rules.decimals("emission_total")) == (2, 0)
    assert rules.rounding("carbon_content_ar").certainty == "uncertain"
    assert rules.rounding("carbon_content_ar", gas=True).certainty == "secondary"
    assert "gas" in rules.rounded_before_product
    with pytest.raises(KeyError):
        rules.decimals("nothing")


@pytest.mark.parametrize("rules", POWER, ids=lambda rules: rules.id)
def test_decimals_agree_with_the_vocabulary(rules: emission_factors.RuleSet) -> None:
    for name in rules.roundings:
        if name in PARAMETERS:
            assert rules.decimals(name) == PARAMETERS[name].decimals, name
            assert rules.decimals(name, gas=True) == PARAMETERS[name].gas_decimals, name


@pytest.mark.parametrize(
    ("month", "plan", "basis", "certainty"),
    [
        ("2020-12", "allocation-2019-2020", "power_supplied", "secondary"),
        ("2021-01", "allocation-2021-2022", "power_supplied", "secondary"),
        ("2022-12", "allocation-2021-2022", "power_supplied", "secondary"),
        ("2023-01", "allocation-2023-2024", "power_generation", "official"),
        ("2024-12", "allocation-2023-2024", "power_generation", "official"),
        ("2025-01", "allocation-2025-2026", "power_generation", "draft"),
        ("2026-12", "allocation-2025-2026", "power_generation", "draft"),
    ],
)
def test_allocation_plan(month: str, plan: str, basis: str, certainty: str) -> None:
    found = rule_set("power", month).allocation_plan(month)
    assert found is not None
    assert (found.id, found.basis, found.certainty) == (plan, basis, certainty)


def test_no_allocation_plan_yet() -> None:
    assert rule_set("power", "2027-01").allocation_plan("2027-01") is None


def test_calendar() -> None:
    rules = rule_set("power", "2026-05")
    assert date_of(rules, "annual_report", 2026) == date(2027, 3, 31)
    assert date_of(rules, "verification", 2026) == date(2027, 6, 30)
    assert date_of(rules, "surrender", 2026) == date(2027, 12, 31)
    assert date_of(rules, "control_plan", 2026) == date(2026, 12, 31)
    assert date_of(rules, "control_plan_drafting", 2026) == date(2026, 11, 1)
    assert date_of(rules, "oxidation_database_state", 2026) == date(2026, 10, 31)
    with pytest.raises(KeyError, match="sets no date"):
        date_of(rules, "party", 2026)


def test_required_parameters() -> None:
    now, before, old = (rule_set("power", month) for month in ("2026-01", "2025-12", "2022-12"))
    assert ("carbon_content_ar", "carbon_content_ad", "carbon_content_d", "carbon_per_heat") in now.required_of("coal")
    assert ("purchased_electricity",) not in now.required_of("unit")
    assert "purchased_electricity" in now.auxiliary
    assert ("purchased_electricity",) in before.required_of("unit")
    assert ("power_supplied",) in old.required_of("unit")
    assert "power_supplied" in now.auxiliary
    assert ("load_factor",) not in now.required_of("merged")
    assert now.required_of("chp") == (("heat_supplied",),)
    assert now.implied["carbon_content_ad"] == ("moisture_ar", "moisture_ad")


@pytest.mark.parametrize("rules", POWER, ids=lambda rules: rules.id)
def test_codes_are_those_of_the_vocabulary(rules: emission_factors.RuleSet) -> None:
    named = {p for groups in rules.required.values() for group in groups for p in group} | set(rules.auxiliary)
    named |= set(rules.implied) | {p for others in rules.implied.values() for p in others}
    named |= {item.parameter for item in rules.deposit}
    assert named <= set(PARAMETERS)
    assert set(rules.required) == {*FUEL_GROUPS, "unit", "merged", "chp", "biomass"}
    assert {word for item in rules.deposit for word in item.applies_to} <= {*FUEL_GROUPS, "unit"}
    assert {word for item in rules.deposit for word in item.state} <= set(STATES)
    assert {word for item in rules.deposit for word in item.carbon_scheme} <= set(CARBON_SCHEMES)
    assert {*rules.counted_sources, *rules.surrender_sources} <= set(SOURCES)


def test_deposit_list() -> None:
    rules = rule_set("power", "2026-01")
    fired = rules.deposit_for("fuel_consumption", "coal", state="as_fired")
    assert [document.zh for item in fired for document in item.documents] == ["每日/每月入炉煤消耗量原始记录和台账"]
    assert fired[0].documents[0].sealed
    composite = rules.deposit_for("carbon_content_ar", "coal", carbon_scheme="composite_own")
    assert any("Excel" in document.en for item in composite for document in item.documents)
    assert rules.deposit_for("carbon_content_ar", "coal", carbon_scheme="not_measured") == ()
    assert rules.deposit_for("purchased_electricity", "unit") == ()
    assert rule_set("power", "2025-12").deposit_for("purchased_electricity", "unit")
    assert rule_set("power", "2022-03").deposit == ()
    for item in rules.deposit:
        assert item.documents
        assert all(document.zh and document.en for document in item.documents)


def test_rule_sets_travel_between_processes() -> None:
    again = pickle.loads(pickle.dumps(POWER[3]))
    assert again.required == POWER[3].required
    assert again.id == "power-2026"
