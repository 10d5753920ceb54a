"""Where a number comes from: a tonne → formula → inputs → factor rows → sheet and cell of the stored file → its hash."""

import re
from typing import Any

import pandas as pd

from emission_factors import Factors, rule_set
from mrv.accounting import explain_months, explain_years
from mrv.accounting.accounts import Accounts
from mrv.accounting.explain_months import LINE_INPUTS
from mrv.accounting.explain_nodes import Facts, Node, node, parameter_words
from mrv.accounting.explain_text import explain_text
from schemas.vocabulary import PARAMETERS

__all__ = ["explain", "explain_text"]

PERIOD = re.compile(r"\d{4}(-(0[1-9]|1[0-2]))?", re.ASCII)
ALLOWANCE = "allowance"


def explain(
    tables: dict[str, pd.DataFrame],
    accounts: Accounts,
    factors: Factors,
    plant_id: str,
    period: str,
    item: str | None = None,
) -> dict[str, Any]:
    """Explains the emissions of a power plant, or one number of it.

    Parameters
    ----------
    tables : canonical frames the accounts were computed from (`parameter`, and `unit` where there is a register)
    accounts : `mrv.accounting.account.account` of them
    factors : the factor tables they were computed with
    plant_id : the plant
    period : a month `YYYY-MM` or a year `YYYY`
    item : None for the whole plant; a unit; `unit/stream`; a parameter name; `allowance` (a year only)

    Returns
    -------
    A JSON-ready document: plant, period, item, rule set, whether the result is provisional, and `result`, a tree of nodes. A node has
    `kind`, `label` (zh, en), `value` (exact decimal text or null), `unit`, and where they apply `formula` (id, name, text with units,
    clause, and `filled` with the numbers), `rounding` (raw, decimals, rounded, certainty), `factor` (id, source, clause, certainty),
    `cell` (sheet, cell, file_sha256), `note` and `parts`.

    Raises
    ------
    LookupError when the period is none, or the plant has no such item in it.
    """
    if not PERIOD.fullmatch(period):
        raise LookupError(period)
    facts = Facts(tables, accounts, factors, plant_id)
    lines = [line for line in facts.lines if line["month"][: len(period)] == period]
    units = {facts.group_of.get(key[0], key[0]) for key in facts.filed if key[2][: len(period)] == period}
    if not units:
        raise LookupError(f"{plant_id} {period}")
    is_year = len(period) == 4
    rules = rule_set("power", f"{period}-12" if is_year else period)
    result = _result(facts, period, item, lines, sorted(units))
    return {
        "plant_id": plant_id,
        "period": period,
        "item": item,
        "rule_set": {
            "id": rules.id,
            "title": {"zh": rules.title_zh, "en": rules.title_en},
            "document": rules.document,
        },
        "provisional": _provisional(result),
        "result": result,
    }


def _result(facts: Facts, period: str, item: str | None, lines: list[dict[str, Any]], units: list[str]) -> Node:
    is_year = len(period) == 4
    place = explain_years if is_year else explain_months
    if item is None:
        return place.emission(facts, period, lines)
    if item == ALLOWANCE:
        if not is_year:
            raise LookupError("allowance（配额按年度测算，期间请写年份 / a matter of the year）")
        return explain_years.allowances(facts, period)
    if item in PARAMETERS:
        return _parameter(facts, period, item, lines, units)
    unit_id, slash, stream_id = item.partition("/")
    known = facts.group_of.get(unit_id, unit_id)
    if known not in units:
        raise LookupError(item)
    if not slash:
        return place.unit_emission(facts, period, known, lines)
    mine = [line for line in lines if line["unit_id"] in (unit_id, known) and line["stream_id"] == stream_id]
    if not mine:
        raise LookupError(item)
    if is_year:
        return explain_years.stream_emission(facts, period, mine)
    return explain_months.line_node(facts, mine[0])


def _parameter(facts: Facts, period: str, item: str, lines: list[dict[str, Any]], units: list[str]) -> Node:
    """A parameter of all fuels or units of the plant."""
    is_year = len(period) == 4
    if item in LINE_INPUTS:
        parts = (
            explain_years.line_parameter(facts, period, lines, item)
            if is_year
            else explain_months.line_inputs(facts, item, lines)
        )
    elif PARAMETERS[item].level == "unit":
        place = explain_years.unit_parameter if is_year else explain_months.unit_quantity
        parts = [place(facts, period, unit, item) for unit in units]
        parts = [part for part in parts if part["value"] is not None or part.get("parts")]
    else:
        keys = sorted(key for key in facts.filed if key[3] == item and key[2][: len(period)] == period)
        parts = [found for key in keys if (found := facts.filed_node(*key))]
        for part, key in zip(parts, keys, strict=True):
            where = "/".join(key[:2]) + (f" {key[2]}" if is_year else "")
            part["label"] = {lang: f"{where} {text}" for lang, text in part["label"].items()}
    if not parts:
        raise LookupError(item)
    return node("parameter", parameter_words(item), None, "", parameter=item, parts=parts)


def _provisional(part: Node) -> bool:
    return bool(part.get("provisional")) or any(_provisional(inner) for inner in part.get("parts", []))
