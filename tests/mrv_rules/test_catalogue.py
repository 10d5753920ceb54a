"""The catalogue as a whole: every rule is declared, worded in two languages, and shown by examples."""

import string
from collections import defaultdict
from dataclasses import replace
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import pytest

from mrv.screening import rules
from mrv.screening.catalogue import catalogue
from mrv.screening.engine import not_run, screen
from schemas import TABLES
from schemas.choices import SECTORS
from schemas.vocabulary import PARAMETERS
from tests.mrv_rules import honest_plant
from tests.mrv_rules.cases import MONTHS, RuleCase, clean_case

HERE = Path(__file__).parent
KINDS = {"fires", "silent", "boundary"}
OTHER_NEEDS = {"register", "history", "as_of", "attachments"}
CODES = sorted(catalogue())


@cache
def examples() -> dict[str, list[RuleCase]]:
    """Every example declared beside this file, by rule code."""
    found: dict[str, list[RuleCase]] = defaultdict(list)
    for path in sorted(HERE.glob("test_*.py")):
        if path.stem != Path(__file__).stem:
            for example in getattr(import_module(f"tests.mrv_rules.{path.stem}"), "CASES", []):
                found[example.code].append(example)
    return found


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_every_module_holds_at_most_ten_rules() -> None:
    names = [module.name for module in iter_modules(rules.__path__)]
    counts = {name: len(import_module(f"mrv.screening.rules.{name}").RULES) for name in names}
    assert counts and {name: count for name, count in counts.items() if not 1 <= count <= 10} == {}


def test_examples_name_rules_of_the_catalogue() -> None:
    assert set(examples()) <= set(CODES)


@pytest.mark.parametrize("code", CODES)
def test_a_rule_with_a_body_fires_keeps_silent_and_knows_its_limit(code: str) -> None:
    if catalogue()[code].body is None:
        assert examples()[code] == []
        return
    assert {example.kind for example in examples()[code]} == KINDS
    assert all(bool(example.expected) for example in examples()[code] if example.kind == "fires")
    assert not any(example.expected for example in examples()[code] if example.kind == "silent")


@pytest.mark.parametrize("code", CODES)
def test_both_languages_say_the_same(code: str) -> None:
    rule = catalogue()[code]
    for text in (rule.title, rule.message, rule.why, rule.fix):
        assert text.zh.strip() and text.en.strip()
        assert any("\u4e00" <= letter <= "\u9fff" for letter in text.zh)
        assert not any("\u4e00" <= letter <= "\u9fff" for letter in text.en)
        assert placeholders(text.zh) == placeholders(text.en)


@pytest.mark.parametrize("code", CODES)
def test_declarations_are_complete(code: str) -> None:
    rule = catalogue()[code]
    assert rule.code == code
    assert rule.basis and all(rule.basis)
    assert rule.sectors and rule.sectors <= set(SECTORS)
    for need in rule.needs:
        known = need in TABLES or need in OTHER_NEEDS
        assert known or need.removeprefix("parameter.") in PARAMETERS, f"{code} needs unknown {need}"


@pytest.mark.parametrize("code", [code for code in CODES if catalogue()[code].kind == "anomaly"])
def test_an_anomaly_says_that_it_is_no_proof(code: str) -> None:
    why = catalogue()[code].why
    assert "不等于" in why.zh and "not a proof" in why.en.lower()


def test_an_honest_plant_is_left_alone() -> None:
    rows = screen(clean_case(focus=tuple(MONTHS)), list(catalogue().values()))
    assert rows[["rule", "unit_id", "month", "parameter", "value", "expected"]].to_dict("records") == []


def test_what_could_not_be_judged_is_named() -> None:
    case = clean_case()
    case.tables.pop("coal_analysis")
    missing = not_run(case, list(catalogue().values()))
    needing = [code for code in CODES if "coal_analysis" in catalogue()[code].needs and catalogue()[code].body]
    assert sorted(missing.loc[missing["needs"].str.contains("coal_analysis"), "rule"]) == needing


@pytest.mark.parametrize("name", [*sorted(honest_plant.tables()), "*"])
def test_absent_tables_are_borne(name: str) -> None:
    """A table that is not there makes rules silent about it, never crash; with nothing at all, nothing is said."""
    whole = clean_case()
    kept = {} if name == "*" else {table: frame for table, frame in whole.tables.items() if table != name}
    rows = screen(replace(whole, tables=kept), list(catalogue().values()))
    assert name != "*" or rows.empty
