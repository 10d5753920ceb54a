"""One emission line explained: formula, inputs, factor rows, substitutions and rounding steps."""

from decimal import Decimal
from typing import Any

from emission_factors import RuleSet, co2_per_carbon, constant, rule_set
from mrv.accounting.combustion import combustion_emission, electricity_emission
from mrv.accounting.decimals import to_decimal
from mrv.accounting.explain_nodes import (
    Facts,
    Node,
    Words,
    formula,
    node,
    one,
    parameter_words,
    rounding,
    stream_words,
    words,
)
from mrv.accounting.formulas import CARBON_OF
from schemas.vocabulary import unit_of
from schemas.vocabulary.parameters import counted_as_gas

NOT_TAKEN = words("存证值，未采用", "deposited, not taken")
SUBSTITUTED = words("未实测，按缺省值代入", "not measured, default value in its place")
UPPER_BOUND = words(
    "未导入国家因子数据库的碳氧化率，也无数据来源支持填报值，暂按上限100%计算（暂定）",
    "rate of the national database not imported and no source behind the filed one: upper bound of 100 % (provisional)",
)
FILED_PARTS = {
    "carbon.ar": ("carbon_content_ar",),
    "carbon.ad": ("carbon_content_ad", "moisture_ar", "moisture_ad"),
    "carbon.d": ("carbon_content_d", "moisture_ar"),
}
Line = dict[str, Any]


def line_node(facts: Facts, line: Line) -> Node:
    """The tree of one line of the accounts."""
    return _electricity(facts, line) if line["source"] == "electricity" else _combustion(facts, line)


def _combustion(facts: Facts, line: Line) -> Node:
    rules = rule_set(line["sector"], line["month"])
    amount, carbon, oxidation = line["activity"], line["carbon_content_ar"], line["oxidation_rate"]
    raw = combustion_emission(one(amount), one(carbon), one(oxidation), co2_per_carbon())[0]
    filled = "" if raw is None else f"{amount:f} × {carbon:f} × {oxidation:f}% × 44/12"
    ratio = node(
        "constant",
        words("二氧化碳与碳的相对分子质量之比", "ratio of the molar masses of CO₂ and carbon"),
        "44/12",
        factor={"id": constant("co2_per_carbon_numerator").id, "certainty": "stoichiometric"},
    )
    inputs = [input_node(facts, line, name) for name in ("fuel_consumption", "carbon_content_ar", "oxidation_rate")]
    label = stream_words(line["stream_id"])
    return node(
        "emission_line",
        words(f"{label['zh']} 燃烧排放", f"{label['en']} combustion"),
        line["tco2"],
        "tCO2",
        unit_id=line["unit_id"],
        stream_id=line["stream_id"],
        month=line["month"],
        rule_set=line["rule_set"],
        provisional=bool(line["provisional"]),
        substituted=line["substituted"].split(),
        formula=formula(line["formula"], filled),
        rounding=rounding(raw, line["tco2"], rules, "emission"),
        parts=[*inputs, ratio],
    )


def _electricity(facts: Facts, line: Line) -> Node:
    rules = rule_set(line["sector"], line["month"])
    raw = electricity_emission(one(line["activity"]), one(line["grid_factor"]))[0]
    filled = "" if raw is None else f"{line['activity']:f} × {line['grid_factor']:f}"
    bought = facts.filed_node(line["unit_id"], "", line["month"], "purchased_electricity")
    return node(
        "emission_line",
        words("购入使用电力排放", "Purchased electricity"),
        line["tco2"],
        "tCO2",
        unit_id=line["unit_id"],
        month=line["month"],
        rule_set=line["rule_set"],
        formula=formula(line["formula"], filled),
        rounding=rounding(raw, line["tco2"], rules, "emission"),
        parts=[part for part in (bought, *(facts.factor_node(row_id) for row_id in line["factors"].split())) if part],
    )


def input_node(facts: Facts, line: Line, parameter: str) -> Node:
    """One input of a combustion line: its value as used and where it comes from."""
    rules = rule_set(line["sector"], line["month"])
    if parameter == "carbon_content_ar":
        return _carbon(facts, line, rules)
    column = {"fuel_consumption": "activity"}.get(parameter, parameter)
    return _given(facts, line, parameter, line[column])


def _given(facts: Facts, line: Line, parameter: str, used: Decimal | None) -> Node:
    """An input that was filed, or stands in a factor row."""
    key = (line["unit_id"], line["stream_id"], line["month"])
    row_id = facts.factor_of(line["factors"].split(), parameter)
    filed = facts.row(*key, parameter)
    parts: list[Node | None] = []
    note: Words | None = None
    if row_id is not None:
        parts.append(facts.factor_node(row_id))
        note = SUBSTITUTED if parameter in line["substituted"].split() else None
        same = filed is not None and to_decimal([filed["value"]])[0] == used
        parts.append(facts.filed_node(*key, parameter, None if same else NOT_TAKEN))
    elif parameter == "oxidation_rate" and line["provisional"]:
        note = UPPER_BOUND
        parts.append(facts.filed_node(*key, parameter, NOT_TAKEN))
    else:
        if filed is None and used is not None:
            note = words("未填报，按缺省值（只用于热量）", "not filed, default value (for the heat only)")
        parts.append(facts.filed_node(*key, parameter))
    return node(
        "input",
        parameter_words(parameter),
        used,
        unit_of(parameter, line["stream_id"]),
        parameter=parameter,
        note=note,
        parts=[part for part in parts if part],
    )


def _carbon(facts: Facts, line: Line, rules: RuleSet) -> Node:
    """Carbon content as received: how it was found, raw and rounded."""
    way = CARBON_OF[line["formula"]]
    key = (line["unit_id"], line["stream_id"], line["month"])
    gas = counted_as_gas(line["stream_id"])
    parts: list[Node] = []
    if way == "carbon.heat":
        parts = [_given(facts, line, name, line[name]) for name in ("net_calorific_value", "carbon_per_heat")]
    for name in FILED_PARTS.get(way, ()):
        found = facts.filed_node(*key, name)
        if found:
            parts.append(found)
    raw, used = line["carbon_content_raw"], line["carbon_content_ar"]
    if way != "carbon.ar":
        other = facts.row(*key, "carbon_content_ar")
        if other is not None and to_decimal([other["value"]])[0] != used:
            parts.append(facts.filed_node(*key, "carbon_content_ar", NOT_TAKEN) or {})
    return node(
        "input",
        parameter_words("carbon_content_ar"),
        used,
        unit_of("carbon_content_ar", line["stream_id"]),
        parameter="carbon_content_ar",
        formula=formula(way, _filled(facts, line, way)),
        rounding=rounding(raw, used, rules, "carbon_content_ar", gas) if raw is not None else None,
        parts=parts,
    )


def _filled(facts: Facts, line: Line, way: str) -> str:
    """The formula of the carbon content with its numbers."""
    if way == "carbon.heat":
        values = [line["net_calorific_value"], line["carbon_per_heat"]]
        return "" if None in values else f"{values[0]:f} × {values[1]:f}"
    rows = [facts.row(line["unit_id"], line["stream_id"], line["month"], name) for name in FILED_PARTS.get(way, ())]
    texts = [row["value"] for row in rows if row is not None]
    if len(texts) < len(rows) or way not in ("carbon.ad", "carbon.d"):
        return ""
    below = f"(100 − {texts[2]})" if way == "carbon.ad" else "100"
    return f"{texts[0]} × (100 − {texts[1]}) / {below}"
