"""The rule sets: which rules were in force for a sector in a month. One TOML file each, in the folder beside this file.

A sector plugs in by adding its files; nothing in the code names a sector.
"""

import calendar
import tomllib
from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from emission_factors.rule_set import (
    AllocationPlan,
    CalendarDate,
    DepositItem,
    Document,
    NoRuleSet,
    ReportTable,
    Rounding,
    RuleSet,
)
from emission_factors.table import CERTAINTIES, MONTH

FOLDER = Path(__file__).parent / "rule_sets"


def rule_set(sector: str, month: str) -> RuleSet:
    """The rules in force for a sector in a month `YYYY-MM`.

    NoRuleSet (a KeyError) when the sector has none for that month, ValueError for a month that is none.
    """
    if not MONTH.fullmatch(month):
        raise ValueError(f"a month is written YYYY-MM, not {month!r}")
    for candidate in rule_sets_of(sector):
        if candidate.valid_from <= month and (not candidate.valid_to or month <= candidate.valid_to):
            return candidate
    raise NoRuleSet(f"sector {sector!r} has no rule set for {month}")


def rule_sets_of(sector: str) -> tuple[RuleSet, ...]:
    """All rule sets of a sector, oldest first; empty when it has none."""
    return _all().get(sector, ())


def deadline(rules: RuleSet, month: str) -> date | None:
    """Last day to deposit the key parameters of a month; None where the rule set knows no monthly deposit.

    Counted in natural days from the last day of the month: 40 days after 2026-01-31 is 2026-03-12.
    """
    if rules.deposit_days is None:
        return None
    year, number = int(month[:4]), int(month[5:])
    return date(year, number, calendar.monthrange(year, number)[1]) + timedelta(days=rules.deposit_days)


def date_of(rules: RuleSet, step: str, report_year: int) -> date:
    """The date of a step of the yearly calendar for a report year; KeyError when the rule set does not set it."""
    for entry in rules.calendar:
        if entry.step == step:
            return date(report_year + entry.year_offset, entry.month, entry.day)
    raise KeyError(f"rule set {rules.id} sets no date for {step!r}")


@cache
def _all() -> dict[str, tuple[RuleSet, ...]]:
    read = [rule_set_of(tomllib.loads(path.read_text(encoding="utf-8"))) for path in sorted(FOLDER.glob("*.toml"))]
    return in_order(read)


def in_order(read: list[RuleSet]) -> dict[str, tuple[RuleSet, ...]]:
    """Rule sets by sector, oldest first; ValueError naming two of one sector that overlap in time."""
    found: dict[str, tuple[RuleSet, ...]] = {}
    for one in sorted(read, key=lambda rules: (rules.sector, rules.valid_from)):
        earlier = found.get(one.sector, ())
        if earlier and (not earlier[-1].valid_to or one.valid_from <= earlier[-1].valid_to):
            raise ValueError(f"rule sets {earlier[-1].id!r} and {one.id!r} are valid at the same time")
        found[one.sector] = (*earlier, one)
    return found


def rule_set_of(data: Mapping[str, Any]) -> RuleSet:
    """A rule set from the content of a TOML file; ValueError when a month or a certainty word is none."""
    months = [data["valid_from"], *filter(None, [data["valid_to"]])]
    if not all(MONTH.fullmatch(month) for month in months):
        raise ValueError(f"rule set {data['id']!r}: months are written YYYY-MM")
    rules = RuleSet(
        id=data["id"],
        sector=data["sector"],
        title_zh=data["title"]["zh"],
        title_en=data["title"]["en"],
        document=data["document"],
        source=data["source"],
        certainty=data["certainty"],
        valid_from=data["valid_from"],
        valid_to=data["valid_to"],
        counted_sources=tuple(data["sources"]["counted"]),
        surrender_sources=tuple(data["sources"]["surrender"]),
        oxidation_source=data["oxidation"]["source"],
        rounded_before_product=tuple(data["carbon_content"]["rounded_before_product"]),
        deposit_days=data["deposit"].get("days"),
        roundings={name: Rounding(**value) for name, value in data["decimals"].items()},
        gas_roundings={name: Rounding(**value) for name, value in data.get("gas_decimals", {}).items()},
        required={kind: tuple(tuple(group) for group in groups) for kind, groups in data["required"].items()},
        implied={parameter: tuple(others) for parameter, others in data.get("implied", {}).items()},
        auxiliary=tuple(data["auxiliary"]["parameters"]),
        deposit=tuple(_deposit_item(item) for item in data["deposit"].get("items", ())),
        deposit_certainty=data["deposit"]["certainty"],
        report_tables=tuple(ReportTable(**table) for table in data["report_tables"]),
        calendar=tuple(CalendarDate(**entry) for entry in data["calendar"]),
        allocation=tuple(AllocationPlan(**plan) for plan in data["allocation"]),
        gwp=data.get("gwp", ""),
        methods=dict(data.get("methods", {})),
        candidates=dict(data.get("candidates", {})),
        rounded_inputs=tuple(data.get("rounded_inputs", ())),
    )
    words = [rules.certainty, rules.deposit_certainty, *(entry.certainty for entry in rules.calendar)]
    words += [rounding.certainty for rounding in (*rules.roundings.values(), *rules.gas_roundings.values())]
    words += [plan.certainty for plan in rules.allocation]
    for word in words:
        if word not in CERTAINTIES:
            raise ValueError(f"rule set {rules.id!r}: certainty {word!r} is not one of {CERTAINTIES}")
    return rules


def _deposit_item(item: Mapping[str, Any]) -> DepositItem:
    return DepositItem(
        parameter=item["parameter"],
        applies_to=tuple(item["applies_to"]),
        state=tuple(item.get("state", ())),
        carbon_scheme=tuple(item.get("carbon_scheme", ())),
        documents=tuple(Document(**document) for document in item["documents"]),
    )
