"""Rows of an industrial report that come from emission lines: every input of the formula, then the emission, month by month.

A block is the lines of some formulas. Which inputs a formula has, and in which order, the lines themselves say.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from emission_factors import NoFactor
from mrv.accounting.combustion import fuel_heat
from mrv.accounting.input_words import input_unit
from mrv.reporting import annual_words as words
from mrv.reporting.annual_combustion import parameter_of
from mrv.reporting.annual_context import lines_of, matrix, reasons_of
from mrv.reporting.annual_grid import (
    Grid,
    Rows,
    as_text,
    choose_matrix,
    mean_of,
    places_of,
    present,
    rounded,
    sum_of,
)
from mrv.reporting.annual_series import CALCULATED, Series, joined_reasons, write
from mrv.reporting.industry_context import Industry
from schemas.vocabulary import ENTERPRISE_UNIT
from schemas.vocabulary.parameters import counted_as_gas

# Quantities: their year is the sum of the months. The year of every other input is a mean weighted by the quantity.
QUANTITIES = frozenset(
    {
        "fuel_consumption",
        "fuel_input",
        "fuel_output",
        "material_consumption",
        "carbon_product_output",
        "crude_steel_output",
        "clinker_output",
        "kiln_head_dust",
        "bypass_dust",
        "raw_meal_consumption",
        "substitute_consumption",
        "process_before_floor",
        "aluminium_output",
        "anode_consumption",
        "anode_net_consumption",
    }
)
# What the guide lets hold where nothing was filed and no table has a default.
ASSUMED = {
    "carbonate_purity": words.COUNTED_AS_PURE,
    "clinker_cao_noncarbonate": words.COUNTED_AS_NONE,
    "clinker_mgo_noncarbonate": words.COUNTED_AS_NONE,
    "net_calorific_value": words.OF_ENTERPRISE,
}
ANALYSED = ("anode_sulphur", "anode_ash")
CO2_EQUIVALENT = "tCO2e"


@dataclass(frozen=True)
class Block:
    """Lines of some formulas under one letter of a report table."""

    group: str  # letter the row codes begin with
    formulas: tuple[str, ...]
    emission: str  # item under which the emission of a line stands
    sign: int = 1  # −1 where the form shows a deduction as a positive number
    gas: str = ""  # one gas only
    enterprise: bool | None = None  # lines of the enterprise alone, or of its lines and processes alone


def lines_in(lines: pd.DataFrame, block: Block) -> pd.DataFrame:
    """The emission lines of a block."""
    here = lines["formula"].isin(block.formulas)
    if block.gas:
        here &= lines["gas"] == block.gas
    if block.enterprise is not None:
        here &= (lines["unit_id"] == ENTERPRISE_UNIT) == block.enterprise
    return lines[here].reset_index(drop=True)


class Used:
    """The lines of a block on the grid of their streams."""

    def __init__(self, context: Industry, lines: pd.DataFrame) -> None:
        self.context, self.lines = context, lines
        self.grid: Grid = lines_of(lines, context.year)
        self._place = self.grid.place(lines)
        self.gas = self.grid.keys["stream_id"].map(counted_as_gas).to_numpy(dtype=bool)
        self.inputs = [dict(pairs) for pairs in lines["inputs"]]
        self.names = list(dict.fromkeys(name for pairs in lines["inputs"] for name, _ in pairs))

    def put(self, values: Any, absent: Any = None) -> np.ndarray:
        """Values of the lines on the grid, (n, 12)."""
        return self.grid.put(self._place, values, absent)

    def value(self, name: str) -> np.ndarray:
        """An input as it entered the product, (n, 12)."""
        return self.put([pairs.get(name) for pairs in self.inputs])

    @cached_property
    def state(self) -> np.ndarray:
        """Why a stream has no line in a month, (n, 12); empty where it has one."""
        state = self.context.state_of(self.grid)
        there = self.put(np.ones(len(self.lines), dtype=object), 0).astype(bool)
        return np.where(there, "", np.where(state == "", words.STREAM_NOT_FILED, state)).astype(object)

    @cached_property
    def factor_ids(self) -> list[dict[str, str]]:
        """For each line the factor row behind each of its inputs."""
        known: dict[str, dict[str, str]] = {}
        for text in self.lines["factors"].unique():
            known[text] = {parameter_of(self.context, row_id): row_id for row_id in text.split()}
        return [known[text] for text in self.lines["factors"]]

    @cached_property
    def quantity(self) -> np.ndarray:
        """The quantity that the other inputs are per unit of, (n, 12)."""
        return choose_matrix(*(self.value(name) for name in self.names if name in QUANTITIES))

    def weights(self, name: str) -> np.ndarray:
        """What the months of an input are weighted by: quantity, heat for carbon per heat, carbon for the oxidation rate."""
        if name in ANALYSED:
            return self.value("anode_net_consumption")
        if name not in ("carbon_per_heat", "oxidation_rate"):
            return self.quantity
        heat = fuel_heat(self.quantity, self.value("net_calorific_value"))
        return heat if name == "carbon_per_heat" else fuel_heat(heat, self.value("carbon_per_heat"))


def shown_places(context: Industry, name: str) -> int | None:
    """Decimals of an input in the report; None where it is shown as it stands."""
    try:
        return places_of(context.rules, name)
    except KeyError:
        return None


def _rounded(used: Used, values: np.ndarray, name: str) -> np.ndarray:
    if shown_places(used.context, name) is None:
        return values
    return rounded(values, used.context.rules, name, used.gas)


def _source_of(context: Industry, row_id: str) -> str:
    """Document and clause of a factor row."""
    if not row_id:
        return ""
    try:
        row = context.factors.row(row_id)
    except NoFactor:
        return row_id
    return " ".join(filter(None, (row.source, row.clause)))


def _input(used: Used, name: str) -> Series:
    context, grid = used.context, used.grid
    exact, filed = used.value(name), context.value(grid, name)
    values = _rounded(used, exact, name)
    ids = used.put([found.get(name, "") for found in used.factor_ids], "")
    taken = present(filed) & present(exact) & (filed == exact) & (ids == "")
    differs = present(filed) & present(exact) & (filed != exact)
    assumed = present(exact) & ~present(filed) & (ids == "") if name in ASSUMED else np.zeros(exact.shape, dtype=bool)
    overruled = np.frompyfunc(words.overruled, 2, 1)(as_text(filed), ids)
    places = shown_places(context, name)
    shorter = taken & (values != exact)
    shortened = matrix("", exact)
    if places is not None:
        shown: int = places
        shortened = np.frompyfunc(lambda text: words.shortened(text, shown), 1, 1)(as_text(filed))
    method = np.where(ids != "", "default", np.where(taken, context.text(grid, name, "method"), CALCULATED))
    year = sum_of(values) if name in QUANTITIES else _rounded(used, mean_of(values, used.weights(name)), name)
    return Series(
        name,
        values,
        year,
        np.array([input_unit(name, stream) for stream in grid.keys["stream_id"]], dtype=object),
        method.astype(object),
        np.where(
            taken, context.documents(grid, name), np.frompyfunc(lambda one: _source_of(context, one), 1, 1)(ids)
        ).astype(object),
        joined_reasons(
            reasons_of(used.state, values, words.NO_FACTOR),
            np.where(assumed, ASSUMED.get(name, ""), "").astype(object),
            np.where(differs, overruled, "").astype(object),
            np.where(shorter, shortened, "").astype(object),
        ),
        **year_marks(context, grid, matrix("no", values)),
    )


def year_marks(context: Industry, grid: Grid, unsure: np.ndarray) -> dict[str, Any]:
    """Provisional marks of a series whose lines are those of units: incomplete where the unit lacks a month."""
    missing = (context.state_of(grid) == words.NOT_DEPOSITED).sum(axis=1)
    reason, mark = context.year_state(missing, unsure)
    return {"provisional": unsure, "year_reason": reason, "year_provisional": mark}


def write_block(rows: Rows, context: Industry, table: str, block: Block) -> None:
    """Adds the rows of a block: its inputs, numbered from 01 under the letter, and the emission as 90."""
    lines = lines_in(context.accounts.lines, block)
    if lines.empty:
        return
    used = Used(context, lines)
    # An input that only some formulas of the block have is no row of the others.
    for number, name in enumerate(used.names, start=1):
        keep = np.asarray(present(used.value(name)).any(axis=1))
        if not keep.any():
            continue
        write(rows, table, f"{block.group}.{number:02d}", used.grid, _input(used, name), keep)
    tonnes = used.put(lines["tco2"])
    if block.sign < 0:
        tonnes = np.frompyfunc(lambda value: None if value is None else -value, 1, 1)(tonnes)
    unsure = np.where(used.put(lines["provisional"], False).astype(bool), "yes", "no").astype(object)
    emission = Series(
        block.emission,
        tonnes,
        sum_of(tonnes),
        CO2_EQUIVALENT if block.gas and block.gas != "CO2" else "tCO2",
        reason=reasons_of(used.state, tonnes, words.NO_FACTOR),
        **year_marks(context, used.grid, unsure),
    )
    write(rows, table, f"{block.group}.90", used.grid, emission)
