"""A year explained: sums of the months, weighted means, and the allowance position of each unit."""

from decimal import Decimal
from typing import Any

import numpy as np

from emission_factors import rule_set
from mrv.accounting.combustion import weighted_mean
from mrv.accounting.decimals import round_half_up
from mrv.accounting.explain_lines import input_node, line_node
from mrv.accounting.explain_months import line_inputs, unit_quantity
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
from schemas.vocabulary import PARAMETERS, unit_of
from schemas.vocabulary.parameters import counted_as_gas

Line = dict[str, Any]
# Weight of each mean: what the yearly value of the report is weighted by.
MEANS = {
    "carbon_content_ar": "mean.consumption",
    "net_calorific_value": "mean.consumption",
    "carbon_per_heat": "mean.heat",
    "oxidation_rate": "mean.carbon",
}
SUMS = (
    "power_generation",
    "power_supplied",
    "heat_supplied",
    "run_hours",
    "purchased_electricity",
    "grid_electricity_exported",
)


def emission(facts: Facts, year: str, lines: list[Line]) -> Node:
    """The emission of a plant in a year: its units, their fuels, the months of each."""
    units = sorted({str(facts.group_of.get(line["unit_id"], line["unit_id"])) for line in lines})
    parts = [unit_emission(facts, year, unit, lines) for unit in units]
    exact = total(line["tco2"] for line in lines)
    rules = rule_set("power", f"{year}-12")
    whole = round_half_up(exact, rules.decimals("emission_total"))
    label = words("全年排放总量", "total emission of the year")
    steps = rounding(exact, whole, rules, "emission_total") if exact is not None else None
    return node("emission", label, whole, "tCO2", year=year, formula=formula("sum"), rounding=steps, parts=parts)


def unit_emission(facts: Facts, year: str, unit_id: str, lines: list[Line]) -> Node:
    """The emission of a unit or merged group in a year."""
    mine = [line for line in lines if facts.group_of.get(line["unit_id"], line["unit_id"]) == unit_id]
    keys = sorted({_key(line) for line in mine})
    parts = [stream_emission(facts, year, [line for line in mine if _key(line) == key]) for key in keys]
    amount = total(line["tco2"] for line in mine)
    return node(
        "unit", unit_words(unit_id), amount, "tCO2", unit_id=unit_id, year=year, formula=formula("sum"), parts=parts
    )


def _key(line: Line) -> tuple[str, str, str]:
    return str(line["unit_id"]), str(line["stream_id"]), str(line["source"])


def stream_emission(facts: Facts, year: str, lines: list[Line]) -> Node:
    """The emission of a fuel (or of the purchased electricity) of a unit in a year, with the weighted means behind it."""
    lines = sorted(lines, key=lambda line: line["month"])
    first = lines[0]
    parts = []
    if first["source"] == "combustion":
        parts = [mean_of_lines(facts, year, lines, name) for name in ("net_calorific_value", "carbon_content_ar")]
        label = stream_words(first["stream_id"])
    else:
        label = words("购入使用电力排放", "purchased electricity")
    months = []
    for line in lines:
        found = line_node(facts, line)
        months.append({**found, "label": words(line["month"], line["month"])})
    return node(
        "stream",
        label,
        total(line["tco2"] for line in lines),
        "tCO2",
        unit_id=first["unit_id"],
        stream_id=first["stream_id"],
        year=year,
        formula=formula("sum.months", " + ".join(plain(line["tco2"]) or "?" for line in lines)),
        parts=[*parts, *months],
    )


def shown_inputs(line: Line) -> dict[str, Decimal | None]:
    """The inputs of a line as the report shows them: yearly means are those of the shown months."""
    rules, gas = rule_set(line["sector"], line["month"]), counted_as_gas(line["stream_id"])
    shown: dict[str, Decimal | None] = {name: round_half_up(line[name], rules.decimals(name, gas)) for name in MEANS}
    return shown | {"fuel_consumption": round_half_up(line["activity"], rules.decimals("fuel_consumption"))}


def _weight(shown: dict[str, Decimal | None], parameter: str) -> Decimal | None:
    amount = shown["fuel_consumption"]
    if parameter in ("carbon_content_ar", "net_calorific_value"):
        return amount
    factor = shown["net_calorific_value" if parameter == "carbon_per_heat" else "carbon_content_ar"]
    return amount * factor if amount is not None and factor is not None else None


def mean_of_lines(facts: Facts, year: str, lines: list[Line], parameter: str) -> Node:
    """The yearly value of an input: months and their weights."""
    rules = rule_set("power", f"{year}-12")
    months = [shown_inputs(line) for line in lines]
    known = [
        (value, weight)
        for month in months
        if (value := month[parameter]) is not None and (weight := _weight(month, parameter)) is not None
    ]
    values, weights = (np.array([pair[side] for pair in known], dtype=object) for side in (0, 1))
    exact = weighted_mean(values, weights, np.zeros(len(known), dtype=int), 1)[0]
    gas = counted_as_gas(lines[0]["stream_id"])
    mean = round_half_up(exact, rules.decimals(parameter, gas))
    above = " + ".join(f"{weight:f} × {value:f}" for value, weight in known)
    below = " + ".join(f"{weight:f}" for _, weight in known)
    label = parameter_words(parameter)
    return node(
        "mean",
        words(f"全年{label['zh']}", f"{label['en']} of the year"),
        mean,
        unit_of(parameter, lines[0]["stream_id"]),
        parameter=parameter,
        formula=formula(MEANS[parameter], f"({above}) / ({below})" if known else ""),
        rounding=rounding(exact, mean, rules, parameter, gas) if exact is not None else None,
    )


def line_parameter(facts: Facts, year: str, lines: list[Line], parameter: str) -> list[Node]:
    """An input of the lines over a year: for each fuel the sum or the weighted mean, and the months with their cells."""
    found = []
    combustion = [line for line in lines if line["source"] == "combustion"]
    for unit_id, stream_id in sorted({(line["unit_id"], line["stream_id"]) for line in combustion}):
        mine = [line for line in combustion if (line["unit_id"], line["stream_id"]) == (unit_id, stream_id)]
        mine.sort(key=lambda line: line["month"])
        months = [{**input_node(facts, line, parameter), "label": words(line["month"], line["month"])} for line in mine]
        head = line_inputs(facts, parameter, mine[:1])[0]["label"]
        if parameter == "fuel_consumption":
            amounts = [shown_inputs(line)[parameter] for line in mine]
            law = formula("sum.months", " + ".join(plain(amount) or "?" for amount in amounts))
            whole = node("sum", head, total(amounts), unit_of(parameter, stream_id), formula=law)
        else:
            whole = {**mean_of_lines(facts, year, mine, parameter), "label": head}
        found.append(whole | {"unit_id": unit_id, "stream_id": stream_id, "year": year, "parts": months})
    return found


def unit_parameter(facts: Facts, year: str, unit_id: str, parameter: str) -> Node:
    """A quantity of a unit over a year: a sum where it is one, the load factor by its formula, the months of the others."""
    months = sorted({month for unit, month in facts.unit_months if unit == unit_id and month[:4] == year})
    parts = []
    for month in months:
        found = unit_quantity(facts, month, unit_id, parameter)
        parts.append({**found, "label": words(month, month)})
    rules, label = rule_set("power", f"{year}-12"), parameter_words(parameter)
    named = words(f"机组 {unit_id} 全年{label['zh']}", f"unit {unit_id} {label['en']} of the year")
    values = [Decimal(part["value"]) for part in parts if part["value"] is not None]
    value, law, steps = None, None, None
    if parameter in SUMS:
        value, law = total(values), formula("sum.months", " + ".join(f"{amount:f}" for amount in values))
    elif parameter == "load_factor" and (unit_id, year) in facts.unit_years:
        exact = facts.unit_years[unit_id, year]["load_factor"]
        value, law = round_half_up(exact, rules.decimals(parameter)), formula("load_factor.year")
        steps = rounding(exact, value, rules, parameter) if exact is not None else None
    return node(
        "quantity",
        named,
        value,
        PARAMETERS[parameter].unit,
        unit_id=unit_id,
        year=year,
        formula=law,
        rounding=steps,
        parts=parts,
    )


def allowances(facts: Facts, year: str) -> Node:
    """The allowance position of a plant: each unit, its benchmarks, correction and gap."""
    units = sorted(unit for unit, of_year in facts.unit_years if of_year == year)
    parts = [_allowance(facts, year, unit) for unit in units]
    values = [facts.unit_years[unit, year]["allowance"] for unit in units]
    amount = total(values) if all(value is not None for value in values) else None
    note = words(
        "测算值，未计燃气机组补足、缺口率上限、预分配与结转",
        "an estimate without the top-up of gas units, gap cap, pre-allocation and carry-over",
    )
    return node(
        "allowance", words("配额测算合计", "allowances (estimate)"), amount, "t", year=year, note=note, parts=parts
    )


def _allowance(facts: Facts, year: str, unit_id: str) -> Node:
    row = facts.unit_years[unit_id, year]
    plan = rule_set("power", f"{year}-12").allocation_plan(f"{year}-12")
    basis = plan.basis if plan else "power_generation"
    rows = [facts.factor_node(row_id) for row_id in row["allowance_factors"].split()]
    surrender = node("input", words("应清缴排放量", "emission to be surrendered for"), row["tco2_surrender"], "tCO2")
    parts: list[Node] = []
    law = formula("allowance")
    if rows:
        amount, heat = row[basis], row["heat_supplied"] or Decimal(0)
        filled = f"{amount:f} × {row['benchmark_electricity']:f} × {row['load_factor_correction']:f}"
        parts = [
            node(
                "input",
                words("电量配额", "allowance for electricity"),
                row["allowance_electricity"],
                "t",
                formula=formula("allowance.electricity", filled),
                parts=[
                    node("input", parameter_words(basis), amount, "MWh"),
                    rows[0],
                    node("input", words("负荷修正系数", "load correction"), row["load_factor_correction"], "1"),
                    node("input", parameter_words("load_factor"), row["load_factor"], "%"),
                ],
            ),
            node(
                "input",
                words("供热配额", "allowance for heat"),
                row["allowance_heat"],
                "t",
                formula=formula("allowance.heat", f"{heat:f} × {row['benchmark_heat']:f}"),
                parts=[node("input", parameter_words("heat_supplied"), heat, "GJ"), rows[1]],
            ),
        ]
    elif row["allowance"] is not None:
        law = formula("allowance.none")
    gap = None
    if row["gap"] is not None:
        filled = f"{row['tco2_surrender']:f} − {row['allowance']:f}"
        gap = node("input", words("配额缺口", "gap"), row["gap"], "t", formula=formula("gap", filled))
    return node(
        "unit",
        unit_words(unit_id),
        row["allowance"],
        "t",
        unit_id=unit_id,
        year=year,
        provisional=bool(row["provisional"]) or row["allowance_certainty"] in ("draft", "uncertain"),
        certainty=row["allowance_certainty"],
        formula=law,
        parts=[part for part in (*parts, surrender, gap) if part],
    )
