"""A month or a year of an industrial sector explained: enterprise, unit, line, inputs, factor rows, cells."""

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

from emission_factors import co2_per_carbon, rule_set
from mrv.accounting.accounts import TOTAL
from mrv.accounting.cement import oxide_ratios
from mrv.accounting.combustion import HUNDRED
from mrv.accounting.decimals import round_half_up, to_decimal
from mrv.accounting.explain_nodes import (
    Facts,
    Node,
    facility_words,
    formula,
    node,
    plain,
    rounding,
    stream_words,
    total,
    words,
)
from mrv.accounting.input_words import input_unit, input_words
from mrv.accounting.process import oxide_factor
from schemas.vocabulary import ENTERPRISE_UNIT, PARAMETERS

Line = dict[str, Any]
Inputs = dict[str, Decimal]
NOT_TAKEN = words("存证值，未采用（按规则取下列因子）", "deposited, not taken (the rule set takes the factor row)")
OF_ENTERPRISE = words("取企业层级当月值", "the enterprise's value of the month")
UPPER = words("未填报，按上限计", "not filed, counted at its upper bound")
FLOOR = words(
    "扣减量超过过程排放，超出部分不计，过程排放取零",
    "the deduction exceeds the process emission, which is kept at zero",
)
LEVEL_NOTES = {
    "process": words("工序层级，不计入企业合计", "process level, not added to the enterprise"),
    "cofiring": words("掺烧发电设施层级，不计入企业合计", "co-firing unit, not added to the enterprise"),
}


def emission(facts: Facts, period: str, lines: list[Line]) -> Node:
    """The emission of the enterprise: its units' lines of level `total`, and the breakdown beside them."""
    counted = [line for line in lines if line["level"] == TOTAL]
    units = sorted({line["unit_id"] for line in lines})
    parts = [unit_emission(facts, period, unit, lines) for unit in units]
    parts += [part for month in _months(lines) if len(period) == 7 and (part := _other(facts, month))]
    exact = total(line["tco2"] for line in counted)
    label = words("企业排放量合计", "emission of the enterprise")
    if len(period) == 7:
        addends = [unit["value"] for unit in parts if unit["kind"] == "unit" and unit["value"] and not unit.get("note")]
        law = formula("sum.lines", " + ".join(addends) if len(addends) > 1 else "")
        return node("emission", label, exact, "tCO2e", month=period, formula=law, parts=parts)
    rules = rule_set(facts.sector, f"{period}-12")
    whole = round_half_up(exact, rules.decimals("emission_total"))
    steps = rounding(exact, whole, rules, "emission_total") if exact is not None else None
    return node(
        "emission", label, whole, "tCO2e", year=period, formula=formula("sum.lines"), rounding=steps, parts=parts
    )


def _months(lines: Iterable[Line]) -> list[str]:
    return sorted({line["month"] for line in lines})


def _other(facts: Facts, month: str) -> Node | None:
    """What the processes and co-firing units do not explain, by difference."""
    row = facts.plant_months.get(month)
    if row is None or row["other"] is None:
        return None
    filled = " − ".join(plain(row[name]) or "0" for name in ("tco2", "process", "cofiring"))
    label = words("其他排放（差值）", "other emissions, by difference")
    return node("other", label, row["other"], "tCO2e", month=month, formula=formula("steel.other", filled))


def unit_emission(facts: Facts, period: str, unit_id: str, lines: list[Line]) -> Node:
    """The emission of a line, a process, a co-firing unit or of what is filed for the enterprise itself."""
    mine = [line for line in lines if line["unit_id"] == unit_id]
    if len(period) == 7:
        parts = [line_node(facts, line) for line in mine]
    else:
        keys = sorted({_key(line) for line in mine})
        parts = [stream_emission(facts, period, [line for line in mine if _key(line) == key]) for key in keys]
    return node(
        "unit",
        facility_words(facts, unit_id),
        total(line["tco2"] for line in mine),
        "tCO2e",
        unit_id=unit_id,
        formula=formula("sum.lines"),
        note=next((LEVEL_NOTES[line["level"]] for line in mine if line["level"] in LEVEL_NOTES), None),
        parts=parts,
    )


def _key(line: Line) -> tuple[str, str, str, str]:
    return line["stream_id"], line["source"], line["gas"], line["formula"]


def stream_emission(facts: Facts, year: str, lines: list[Line]) -> Node:
    """The emission of one stream and formula over a year, with the line of each month behind it."""
    lines = sorted(lines, key=lambda line: line["month"])
    months = [{**line_node(facts, line), "label": words(line["month"], line["month"])} for line in lines]
    return node(
        "stream",
        _line_words(lines[0]),
        total(line["tco2"] for line in lines),
        "tCO2e",
        unit_id=lines[0]["unit_id"],
        stream_id=lines[0]["stream_id"],
        year=year,
        formula=formula("sum.months", " + ".join(plain(line["tco2"]) or "?" for line in lines)),
        parts=months,
    )


def _line_words(line: Line) -> dict[str, str]:
    law, stream = formula(line["formula"])["name"], stream_words(line["stream_id"])
    gas = "" if line["gas"] == "CO2" else f" {line['gas']}"
    return words(f"{stream['zh']} {law['zh']}{gas}".strip(), f"{stream['en']} {law['en']}{gas}".strip())


def line_node(facts: Facts, line: Line) -> Node:
    """The tree of one line: formula with its numbers, rounding, each input with its cell or its factor row."""
    rules = rule_set(line["sector"], line["month"])
    inputs: Inputs = dict(line["inputs"])
    filled, raw = _FILLED[line["formula"]](inputs)
    return node(
        "emission_line",
        _line_words(line),
        line["tco2"],
        "tCO2e",
        unit_id=line["unit_id"],
        stream_id=line["stream_id"] or None,
        month=line["month"],
        level=line["level"],
        gas=line["gas"],
        rule_set=line["rule_set"],
        provisional=bool(line["provisional"]),
        formula=formula(line["formula"], filled),
        rounding=rounding(raw, line["tco2"], rules, "emission") if raw is not None else None,
        note=FLOOR if line["formula"] == "cement.floor" else None,
        parts=[input_node(facts, line, name, value) for name, value in line["inputs"]],
    )


def input_node(facts: Facts, line: Line, name: str, value: Decimal) -> Node:
    """One input: the filed row with its cell, or the factor row; a filed value that the rules do not take is shown beside it."""
    zh, en = input_words(name)
    row_id = facts.factor_of(line["factors"].split(), name)
    unit = _filed_at(facts, line, name)
    stream = _stream_of(line, name)
    filed = facts.row(unit, stream, line["month"], name)
    note, mark = None, None
    if row_id is not None and filed is not None:
        mark = None if to_decimal([filed["value"]])[0] == value else NOT_TAKEN
    elif filed is not None:
        note = OF_ENTERPRISE if unit != line["unit_id"] else None
    elif row_id is None and name == "carbonate_purity":
        note = UPPER
    parts = [
        facts.factor_node(row_id) if row_id is not None else None,
        facts.filed_node(unit, stream, line["month"], name, mark),
    ]
    return node(
        "input", words(zh, en), value, input_unit(name, line["stream_id"]), parameter=name, note=note,
        parts=[part for part in parts if part],
    )  # fmt: skip


def _stream_of(line: Line, name: str) -> str:
    """The stream an input is filed under: none for a quantity of the unit (the output of clinker, crude steel, aluminium)."""
    return line["stream_id"] if name in PARAMETERS and PARAMETERS[name].level == "stream" else ""


def _filed_at(facts: Facts, line: Line, name: str) -> str:
    """The unit an input was filed at: the line's own, else the enterprise (a process takes its heat value from there)."""
    own = facts.row(line["unit_id"], _stream_of(line, name), line["month"], name)
    return line["unit_id"] if own is not None else ENTERPRISE_UNIT


def _times(
    *names: str, ratio: bool = False, sign: str = "", divisor: str = ""
) -> Callable[[Inputs], tuple[str, Decimal | None]]:
    """A product of inputs; percentages divide by 100, `ratio` multiplies by 44/12, `divisor` divides at the end."""

    def fill(inputs: Inputs) -> tuple[str, Decimal | None]:
        texts, above, below = [], Decimal(1), Decimal(1)
        for name in names:
            if name not in inputs:
                continue
            percent = name in PARAMETERS and PARAMETERS[name].unit == "%"
            texts.append(f"{inputs[name]:f}{'%' if percent else ''}")
            above *= inputs[name]
            below *= HUNDRED if percent else 1
        if ratio:
            texts.append("44/12")
            above, below = above * co2_per_carbon()[0], below * co2_per_carbon()[1]
        if divisor:
            texts.append(f"1/{divisor}")
            below *= Decimal(divisor)
        product = above / below
        return sign + " × ".join(texts), -product if sign else product

    return fill


def _anode(inputs: Inputs) -> tuple[str, Decimal | None]:
    net, sulphur, ash = (inputs[name] for name in ("anode_net_consumption", "anode_sulphur", "anode_ash"))
    above, below = co2_per_carbon()
    text = f"{net:f} × (1 − {sulphur:f}% − {ash:f}%) × 44/12"
    return text, net * (HUNDRED - sulphur - ash) * above / (below * HUNDRED)


def _oxides(inputs: Inputs) -> tuple[str, Decimal | None]:
    amounts = [inputs[name] for name in ("clinker_output", "kiln_head_dust", "bypass_dust") if name in inputs]
    names = ("clinker_cao", "clinker_mgo", "clinker_cao_noncarbonate", "clinker_mgo_noncarbonate")
    if not all(name in inputs for name in names):
        return "", None
    lime, magnesia, other_lime, other_magnesia = (inputs[name] for name in names)
    shares = [to_decimal([inputs[name]]) for name in names]
    factor = oxide_factor(shares[0], shares[1], shares[2], shares[3], *oxide_ratios())[0]
    text = (
        f"({' + '.join(f'{amount:f}' for amount in amounts)}) × [({lime:f}% − {other_lime:f}%) × 44/56 + "
        f"({magnesia:f}% − {other_magnesia:f}%) × 44/40]"
    )
    return text, sum(amounts, Decimal(0)) * factor


def _floor(inputs: Inputs) -> tuple[str, Decimal | None]:
    below = inputs["process_before_floor"]
    return f"0 − ({below:f})", -below


_BURNT = _times("fuel_consumption", "net_calorific_value", "carbon_per_heat", "oxidation_rate", ratio=True)
# Formula → its text with the numbers put in, and the unrounded result.
_FILLED: dict[str, Callable[[Inputs], tuple[str, Decimal | None]]] = {
    "steel.balance": _BURNT,
    "steel.cofiring": _BURNT,
    "cement.combustion": _BURNT,
    "aluminium.combustion": _BURNT,
    "steel.fuel_input": _times("fuel_input", "net_calorific_value", "carbon_per_heat", "oxidation_rate", ratio=True),
    "steel.fuel_output": _times(
        "fuel_output", "net_calorific_value", "carbon_per_heat", "oxidation_rate", ratio=True, sign="−"
    ),
    "steel.material": _times("material_consumption", "material_factor"),
    "steel.product": _times("crude_steel_output", "carbon_product_output", "carbon_product_factor", sign="−"),
    "cement.clinker": _times("clinker_output", "clinker_process_factor"),
    "cement.substitute": _times("substitute_consumption", "substitute_deduction_factor", sign="−"),
    "cement.raw_meal": _times("raw_meal_consumption", "raw_meal_carbon", ratio=True),
    "cement.oxides": _oxides,
    "cement.floor": _floor,
    "aluminium.anode": _anode,
    "aluminium.anode_rate": _anode,
    "aluminium.pfc": lambda inputs: _times(
        "aluminium_output", "cf4_factor" if "cf4_factor" in inputs else "c2f6_factor", "gwp", divisor="1000"
    )(inputs),
    "aluminium.carbonate": _times("material_consumption", "material_factor", "carbonate_purity"),
}


def allowances(facts: Facts, year: str) -> Node:
    """The allowance position of the units that the plan allocates to; a range where no balance value is published."""
    units = sorted(
        unit
        for (unit, of_year), row in facts.unit_years.items()
        if of_year == year and row["allowance_low"] is not None
    )
    parts = [_allowance(facts, year, unit) for unit in units]
    values = [facts.unit_years[unit, year]["allowance"] for unit in units]
    amount = total(values) if values and all(value is not None for value in values) else None
    label = words("配额测算合计", "allowances (estimate)")
    return node("allowance", label, amount, "t", year=year, parts=parts)


def _allowance(facts: Facts, year: str, unit_id: str) -> Node:
    row = facts.unit_years[unit_id, year]
    unknown = words(
        f"行业平衡值未公布，配额在 {row['allowance_low']} t 与 {row['allowance_high']} t 之间",
        f"no balance value is published: between {row['allowance_low']} t and {row['allowance_high']} t",
    )
    emitted = node("input", words("应清缴排放量", "emission to be surrendered for"), row["tco2_surrender"], "tCO2e")
    intensity = node("input", words("单位产品排放强度", "emission per tonne of product"), row["intensity"], "tCO2e/t")
    return node(
        "unit", facility_words(facts, unit_id), row["allowance"], "t", unit_id=unit_id, year=year, provisional=True,
        certainty=row["allowance_certainty"], formula=formula("allowance.intensity") if row["allowance_factors"] else None,
        note=unknown if row["allowance"] is None else None,
        parts=[emitted, intensity, *(facts.factor_node(row_id) for row_id in row["allowance_factors"].split())],
    )  # fmt: skip


def parameter(facts: Facts, period: str, item: str, lines: list[Line]) -> list[Node]:
    """A parameter over the enterprise: every filed row of it, and where a line takes another value, that one."""
    parts = []
    for line in lines:
        for name, value in line["inputs"]:
            if name == item:
                made = input_node(facts, line, name, value)
                where = f"{line['unit_id']} {stream_words(line['stream_id'])['zh']} {line['month']}"
                where_en = f"{line['unit_id']} {stream_words(line['stream_id'])['en']} {line['month']}"
                made["label"] = words(f"{where} {made['label']['zh']}", f"{where_en} {made['label']['en']}")
                parts.append(made)
    if parts:
        return parts
    keys = sorted(key for key in facts.filed if key[3] == item and key[2][: len(period)] == period)
    for key in keys:
        found = facts.filed_node(*key)
        if found:
            where = " ".join(part for part in (key[0], stream_words(key[1])["zh"], key[2]) if part)
            found["label"] = {lang: f"{where} {text}" for lang, text in found["label"].items()}
            parts.append(found)
    return parts
