"""A month explained: the emission of a plant, a unit or a fuel, an input of the lines, or a quantity of the unit."""

from decimal import Decimal
from typing import Any

from emission_factors import constant, rule_set
from mrv.accounting.decimals import round_half_up
from mrv.accounting.explain_lines import NOT_TAKEN, input_node, line_node
from mrv.accounting.explain_nodes import (
    Facts,
    Node,
    formula,
    node,
    parameter_words,
    plain,
    rounding,
    stream_words,
    total,
    unit_words,
    words,
)
from schemas.vocabulary import PARAMETERS

LINE_INPUTS = ("fuel_consumption", "carbon_content_ar", "net_calorific_value", "carbon_per_heat", "oxidation_rate")
# What is computed from other columns of the unit-month, with the symbols they have in the formula.
RATES: dict[str, tuple[str, ...]] = {
    "heat_supply_ratio": ("heat_supplied", "boiler_heat"),
    "generation_coal_rate": ("fuel_heat", "heat_supply_ratio", "power_generation"),
    "heat_coal_rate": ("fuel_heat", "heat_supply_ratio", "heat_supplied"),
    "generation_intensity": ("tco2", "heat_supply_ratio", "power_generation"),
    "heat_intensity": ("tco2", "heat_supply_ratio", "heat_supplied"),
}
COLUMN_UNITS = {"fuel_heat": "GJ", "tco2": "tCO2"}
COLUMN_WORDS = {
    "fuel_heat": words("化石燃料热量", "heat of fossil fuels"),
    "tco2": words("化石燃料燃烧排放量", "combustion emission"),
}


def emission(facts: Facts, month: str, lines: list[dict[str, Any]]) -> Node:
    """The emission of a plant in a month: its units, their lines."""
    units = sorted({facts.group_of.get(line["unit_id"], line["unit_id"]) for line in lines})
    parts = [unit_emission(facts, month, unit, lines) for unit in units]
    amount = total(line["tco2"] for line in lines)
    label = words("排放量合计", "total emission")
    return node("emission", label, amount, "tCO2", month=month, formula=formula("sum", _added(parts)), parts=parts)


def unit_emission(facts: Facts, month: str, unit_id: str, lines: list[dict[str, Any]]) -> Node:
    """The emission of a unit or merged group in a month."""
    mine = [line for line in lines if facts.group_of.get(line["unit_id"], line["unit_id"]) == unit_id]
    parts = [line_node(facts, line) for line in mine]
    members = facts.members(unit_id)
    merged = ", ".join(members)
    note = words(f"合并填报：{merged}", f"reported together: {merged}") if members != [unit_id] else None
    amount = total(line["tco2"] for line in mine)
    return node(
        "unit",
        unit_words(unit_id),
        amount,
        "tCO2",
        unit_id=unit_id,
        month=month,
        formula=formula("sum", _added(parts)),
        note=note,
        parts=parts,
    )


def _added(parts: list[Node]) -> str:
    """`1.00 + 2.00`: the addends of a sum of several parts."""
    texts = [part["value"] for part in parts if part["value"] is not None]
    return " + ".join(texts) if len(texts) > 1 else ""


def line_inputs(facts: Facts, parameter: str, lines: list[dict[str, Any]]) -> list[Node]:
    """An input of every combustion line, with its fuel."""
    found = []
    for line in lines:
        if line["source"] == "combustion":
            inner = input_node(facts, line, parameter)
            label = stream_words(line["stream_id"])
            where = words(f"机组 {line['unit_id']} {label['zh']} ", f"unit {line['unit_id']} {label['en']} ")
            inner["label"] = {lang: where[lang] + inner["label"][lang] for lang in ("zh", "en")}
            found.append(inner | {"unit_id": line["unit_id"], "stream_id": line["stream_id"], "month": line["month"]})
    return found


def unit_quantity(facts: Facts, month: str, unit_id: str, parameter: str) -> Node:
    """A quantity of a unit or merged group: filed, summed over merged units, or computed."""
    computed = facts.unit_months.get((unit_id, month), {})
    members = sorted({*facts.members(unit_id), unit_id})
    filed = [found for unit in members if (found := facts.filed_node(unit, "", month, parameter))]
    unit = PARAMETERS[parameter].unit
    if parameter not in computed:
        return _labelled(
            unit_id, month, node("quantity", parameter_words(parameter), _filed_sum(filed), unit, parts=filed)
        )
    value, rules = computed[parameter], rule_set("power", month)
    shown = round_half_up(value, rules.decimals(parameter))
    filed = [_compared(found, shown, len(members)) for found in filed]
    parts, law = filed, None
    if parameter in RATES and (parameter != "heat_supply_ratio" or not _is_filed(value, filed)):
        parts = [*_columns(facts, computed, unit_id, month, parameter), *filed]
        law = formula(parameter)
    elif parameter == "load_factor":
        parts = [*_load_parts(facts, month, unit_id, members), *filed]
        law = formula("load_factor")
    elif parameter == "run_hours" and len(members) > 1:
        parts, law = _load_parts(facts, month, unit_id, members)[1:], formula("run_hours")
    steps = rounding(value, shown, rules, parameter) if value != shown else None
    made = node("quantity", parameter_words(parameter), shown, unit, formula=law, rounding=steps, parts=parts)
    return _labelled(unit_id, month, made)


def _compared(filed: Node, taken: Decimal | None, members: int) -> Node:
    """A filed value of a single unit with a note where the rules come to another one."""
    if members > 1 or taken is None or round_half_up(Decimal(filed["value"]), -taken.as_tuple().exponent) == taken:  # type: ignore[operator]
        return filed
    return filed | {"note": NOT_TAKEN}


def _is_filed(value: Decimal | None, filed: list[Node]) -> bool:
    return len(filed) == 1 and value is not None and Decimal(filed[0]["value"]) == value


def _filed_sum(filed: list[Node]) -> Decimal | None:
    return total(Decimal(found["value"]) for found in filed)


def _labelled(unit_id: str, month: str, made: Node) -> Node:
    label = made["label"]
    where = unit_words(unit_id)
    made["label"] = {lang: f"{where[lang]} {label[lang]}" for lang in ("zh", "en")}
    return made | {"unit_id": unit_id, "month": month}


def _columns(facts: Facts, computed: dict[str, Any], unit_id: str, month: str, parameter: str) -> list[Node]:
    parts = []
    for name in RATES[parameter]:
        if name in COLUMN_WORDS:
            parts.append(node("input", COLUMN_WORDS[name], computed[name], COLUMN_UNITS[name]))
        elif name == "boiler_heat":
            parts += [found for unit in facts.members(unit_id) if (found := facts.filed_node(unit, "", month, name))]
        else:
            parts.append(unit_quantity(facts, month, unit_id, name))
    if parameter.endswith("coal_rate"):
        parts.append(facts.factor_node(constant("gj_per_tce").id))
    return parts


def _load_parts(facts: Facts, month: str, unit_id: str, members: list[str]) -> list[Node]:
    """Generation, hours and capacity behind the load factor."""
    generation = unit_quantity(facts, month, unit_id, "power_generation")
    hours = [found for unit in members if (found := facts.filed_node(unit, "", month, "run_hours"))]
    label = words("装机容量（登记）", "rated capacity (register)")
    sizes = [
        node("register", words(f"{unit} {label['zh']}", f"{unit} {label['en']}"), plain(facts.capacity.get(unit)), "MW")
        for unit in facts.members(unit_id)
        if facts.capacity.get(unit) is not None
    ]
    return [generation, *hours, *sizes]
