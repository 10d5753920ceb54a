"""Factors of materials, products, anodes and anode effects: the vocabulary is covered, candidates are told apart."""

from decimal import Decimal as D

import pytest

from emission_factors import factors, find, rule_set, rule_sets_of
from emission_factors.table import GUIDE
from schemas.vocabulary import MATERIALS, PARAMETERS

ROWS = factors().rows("process_factors")
# What a material of each role is multiplied by.
FACTOR_OF = {
    "process_input": "material_factor",
    "carbon_product": "carbon_product_factor",
    "clinker": "clinker_process_factor",
    "substitute": "substitute_deduction_factor",
    "carbonate": "material_factor",
}
NOT_FILED = {"balance_oxidation_rate", "anode_net_rate", "cf4_slope", "c2f6_share"}


@pytest.mark.parametrize(("sector", "material"), sorted(MATERIALS))
def test_every_listed_material_has_a_factor_and_an_unlisted_one_has_none(sector, material):
    role = MATERIALS[sector, material].role
    found = [row for row in ROWS if row.column("subject") == material and row.column("sector") == sector]
    if role == "unlisted":
        assert found == []
        return
    row = find("process_factors", "2026-06", sector=sector, subject=material, parameter=FACTOR_OF[role])
    assert row is not None and row.unit == "tCO2/t" and 0 < row.value < 4


def test_factors_name_parameters_of_the_vocabulary():
    named = {row.column("parameter") for row in ROWS}
    assert named - NOT_FILED <= set(PARAMETERS)
    for row in ROWS:
        if row.column("parameter") in PARAMETERS:
            assert row.unit == PARAMETERS[row.column("parameter")].unit, row.id


@pytest.mark.parametrize("table", ["process_factors", "fuels"])
def test_a_candidate_never_stands_alone(table):
    """Whatever another document says has a row of the guide beside it, valid in the same months."""
    for row in factors().rows(table):
        if row.column("candidate") == GUIDE:
            continue
        names = ("subject",) if table == "process_factors" else ("fuel",)
        for sector in row.column("sector").split():
            key = {name: row.column(name) for name in (*names, "parameter")} | {"sector": sector}
            taken = find(table, row.valid_from, **key)
            assert taken is not None and taken.id != row.id, row.id


@pytest.mark.parametrize(
    ("candidate", "value"), [(GUIDE, "0.476"), ("guide_2013", "0.471"), ("stoichiometric", "0.4773"), ("eu", "0.477")]
)
def test_the_four_dolomite_factors_in_circulation(candidate, value):
    key = {"sector": "steel", "subject": "dolomite", "parameter": "material_factor"}
    assert factors().as_of("process_factors", "2026-01", **key, candidate=candidate).value == D(value)


def test_one_material_of_two_sectors_has_two_rows():
    key = {"subject": "dolomite", "parameter": "material_factor"}
    assert factors().as_of("process_factors", "2026-01", sector="steel", **key).value == D("0.476")
    assert factors().as_of("process_factors", "2026-01", sector="aluminium", **key).value == D("0.4773")


def test_generations_of_perfluorocarbon_defaults_meet_without_a_gap():
    key = {"sector": "aluminium", "subject": "anode_effect", "parameter": "cf4_factor"}
    assert [factors().as_of("process_factors", month, **key).value for month in ("2023-12", "2024-01")] == [
        D("0.034"),
        D("0.02"),
    ]


def test_rule_sets_pick_candidates_that_exist():
    known = {(row.column("subject"), row.column("parameter"), row.column("candidate")) for row in ROWS}
    known |= {(row.column("fuel"), row.column("parameter"), row.column("candidate")) for row in factors().rows("fuels")}
    for sector in ("cement", "aluminium", "steel"):
        for rules in rule_sets_of(sector):
            for name, candidate in rules.candidates.items():
                subject, _, parameter = name.partition(".")
                assert (subject, parameter, candidate) in known, (rules.id, name)


def test_a_choice_takes_the_place_of_what_the_rule_set_picks():
    rules = rule_set("steel", "2026-01")
    assert factors().candidate(rules, "dolomite", "material_factor") == GUIDE
    other = factors().choosing({"dolomite.material_factor": "eu"})
    assert other.candidate(rules, "dolomite", "material_factor") == "eu"
    assert other.candidate(rules, "limestone", "material_factor") == GUIDE


@pytest.mark.parametrize(
    ("sector", "month", "expected"),
    [
        ("steel", "2024-01", "steel-2024"),
        ("cement", "2023-12", "cement-2013"),
        ("cement", "2024-01", "cement-2024"),
        ("aluminium", "2023-12", "aluminium-2013"),
        ("aluminium", "2030-12", "aluminium-2024"),
    ],
)
def test_rule_sets_of_industry(sector, month, expected):
    assert rule_set(sector, month).id == expected


def test_a_market_sector_has_a_deposit_list_and_a_deadline():
    for sector in ("cement", "aluminium", "steel"):
        rules = rule_set(sector, "2026-06")
        assert rules.deposit_days == 40 and rules.deposit and rules.report_tables
        assert rules.allocation_plan("2024-06").basis == "verified_emission"
        assert rules.allocation_plan("2025-06").basis == "intensity"
        assert rules.allocation_plan("2023-06") is None
