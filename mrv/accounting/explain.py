"""Where a number comes from: a tonne → formula → inputs → factor rows → sheet and cell of the stored file → its hash."""

import re
from typing import Any

import pandas as pd

from emission_factors import Factors, rule_set
from mrv.accounting import explain_industry, explain_months, explain_years
from mrv.accounting.accounts import Accounts
from mrv.accounting.explain_months import LINE_INPUTS
from mrv.accounting.explain_nodes import Facts, Node, node, parameter_words, words
from mrv.accounting.explain_text import explain_text
from schemas.choices import SECTORS
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
    """Explains the emissions of a plant, or one number of it.

    Parameters
    ----------
    tables : canonical frames the accounts were computed from (`parameter`, and `unit` where there is a register)
    accounts : `mrv.accounting.account.account` of them
    factors : the factor tables they were computed with
    plant_id : the plant
    period : a month `YYYY-MM` or a year `YYYY`
    item : None for the whole plant; a unit; `unit/stream`; a parameter name; `allowance` (a year only). Where the plant has parts of
        several sectors, `sector:item` or `sector:` says which part is meant; otherwise the first part that has the item answers

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
    filed = tables["parameter"]
    filed = filed[(filed["plant_id"] == plant_id) & (filed["month"].str[: len(period)] == period)]
    sectors = sorted(filed["sector"].unique())
    asked, colon, rest = (item or "").partition(":")
    if colon:
        sectors, item = [sector for sector in sectors if sector == asked], rest or None
    if not sectors:
        raise LookupError(f"{plant_id} {period}")
    parts = {sector: Facts(tables, accounts, factors, plant_id, sector) for sector in sectors}
    if item is None and len(sectors) > 1:
        each = [_of_sector(sector, _result(facts, period, None)) for sector, facts in parts.items()]
        label = words(
            "各行业部分（各自核算，不相加）", "parts of several sectors (each a result of its own, not added)"
        )
        return _document(plant_id, period, item, sectors, node("parameter", label, None, "", parts=each))
    for sector, facts in parts.items():
        try:
            return _document(plant_id, period, item, [sector], _result(facts, period, item))
        except LookupError:
            if sector == sectors[-1]:
                raise
    raise LookupError(item)


def _of_sector(sector: str, result: Node) -> Node:
    """The result of a part, with the name of its sector before the label."""
    names = dict(zip(("zh", "en"), SECTORS[sector], strict=True))
    return result | {"label": {lang: f"{names[lang]} {text}" for lang, text in result["label"].items()}}


def _document(plant_id: str, period: str, item: str | None, sectors: list[str], result: Node) -> dict[str, Any]:
    sets = [rule_set(sector, f"{period}-12" if len(period) == 4 else period) for sector in sectors]
    return {
        "plant_id": plant_id,
        "period": period,
        "item": item,
        "sectors": sectors,
        "rule_set": {
            "id": " ".join(rules.id for rules in sets),
            "title": {
                "zh": "；".join(rules.title_zh for rules in sets),
                "en": "; ".join(rules.title_en for rules in sets),
            },
            "document": "；".join(rules.document for rules in sets),
        },
        "provisional": _provisional(result),
        "result": result,
    }


def _result(facts: Facts, period: str, item: str | None) -> Node:
    lines = [line for line in facts.lines if line["month"][: len(period)] == period]
    units = sorted({facts.group_of.get(key[0], key[0]) for key in facts.filed if key[2][: len(period)] == period})
    return EXPLAINED.get(facts.sector, _industry)(facts, period, item, lines, units)


def _industry(facts: Facts, period: str, item: str | None, lines: list[dict[str, Any]], units: list[str]) -> Node:
    if item is None:
        return explain_industry.emission(facts, period, lines)
    if item == ALLOWANCE:
        _of_a_year(period)
        return explain_industry.allowances(facts, period)
    if item in PARAMETERS:
        parts = explain_industry.parameter(facts, period, item, lines)
        if not parts:
            raise LookupError(item)
        return node("parameter", parameter_words(item), None, "", parameter=item, parts=parts)
    unit_id, slash, stream_id = item.partition("/")
    if unit_id not in units:
        raise LookupError(item)
    if not slash:
        return explain_industry.unit_emission(facts, period, unit_id, lines)
    mine = [line for line in lines if (line["unit_id"], line["stream_id"]) == (unit_id, stream_id)]
    if not mine:
        raise LookupError(item)
    return explain_industry.unit_emission(facts, period, unit_id, mine)


def _of_a_year(period: str) -> None:
    if len(period) != 4:
        raise LookupError("allowance（配额按年度测算，期间请写年份 / a matter of the year）")


def _power(facts: Facts, period: str, item: str | None, lines: list[dict[str, Any]], units: list[str]) -> Node:
    is_year = len(period) == 4
    place = explain_years if is_year else explain_months
    if item is None:
        return place.emission(facts, period, lines)
    if item == ALLOWANCE:
        _of_a_year(period)
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


# Sectors whose explanation is their own; the others are explained by their lines alone.
EXPLAINED = {"power": _power}


def _provisional(part: Node) -> bool:
    return bool(part.get("provisional")) or any(_provisional(inner) for inner in part.get("parts", []))
