"""The pieces of an explanation: nodes of a tree, and the facts of one plant that they are made of."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd

from emission_factors import Factors, NoFactor, RuleSet
from mrv.accounting.accounts import Accounts
from mrv.accounting.formulas import FORMULAS
from mrv.accounting.register import groups
from schemas import choices, empty
from schemas.vocabulary import ENTERPRISE_UNIT, FUELS, MATERIALS, PARAMETERS, PROCESSES, fuel_of

Node = dict[str, Any]
ONLY_QUANTITY = {"oxidation": "oxidation_rate", "gwp": "gwp"}
Words = dict[str, str]


def words(zh: str, en: str) -> Words:
    return {"zh": zh, "en": en}


def plain(value: Any) -> str | None:
    """A decimal as exact plain text, None where absent."""
    if value is None or (isinstance(value, float) and value != value):
        return None
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def node(kind: str, label: Words, value: Any = None, unit: str = "", **more: Any) -> Node:
    """A node: what it is, its value and unit, and whatever explains it; empty parts are left out."""
    result: Node = {"kind": kind, "label": label, "value": plain(value), "unit": unit or None}
    return result | {name: content for name, content in more.items() if content not in (None, "", [], {})}


def formula(formula_id: str, filled: str = "") -> Node:
    """The formula behind a value, and the same with the numbers put in."""
    entry = FORMULAS[formula_id]
    found: Node = {"id": entry.id, "name": words(entry.zh, entry.en), "text": entry.text, "clause": entry.clause}
    return found | ({"filled": filled} if filled else {})


def parameter_words(name: str) -> Words:
    """Label of a parameter; the name itself when the vocabulary does not know it."""
    entry = PARAMETERS.get(name)
    return words(entry.zh, entry.en) if entry else words(name, name)


def stream_words(stream_id: str) -> Words:
    """Name of a fuel or a material; the code itself when the vocabulary does not know it."""
    base = fuel_of(stream_id)
    materials = (entry for (_, material), entry in MATERIALS.items() if material == base)
    entry = FUELS.get(base) or next(materials, None)
    suffix = stream_id[len(base) :]
    return words(entry.zh + suffix, entry.en + suffix) if entry else words(stream_id, stream_id)


def facility_words(facts: "Facts", unit_id: str) -> Words:
    """Name of a line, process or enterprise: its kind and its number, as registered."""
    if unit_id == ENTERPRISE_UNIT:
        return words("企业层级", "enterprise level")
    row = facts.facilities.get(unit_id)
    if row is None:
        return words(f"工序 {unit_id}", f"process {unit_id}")
    kind = PROCESSES[row["process"]]
    return words(f"{kind.zh} {row['name'] or unit_id}", f"{kind.en} {unit_id}")


def unit_words(unit_id: str) -> Words:
    return words(f"机组 {unit_id}", f"unit {unit_id}")


def rounding(raw: Any, value: Any, rules: RuleSet, name: str, gas: bool = False) -> Node:
    """One rounding step: the exact number, the decimals of the rule set with their certainty, and what came out."""
    rule = rules.rounding(name, gas)
    return {"raw": plain(raw), "decimals": rule.places, "rounded": plain(value), "certainty": rule.certainty}


class Facts:
    """What is known of one sector of one plant: filed rows, emission lines and totals, each by its key."""

    def __init__(
        self, tables: dict[str, pd.DataFrame], accounts: Accounts, factors: Factors, plant_id: str, sector: str
    ) -> None:
        self.factors, self.sector = factors, sector

        def mine(frame: pd.DataFrame) -> list[dict[str, Any]]:
            chosen = frame["plant_id"] == plant_id
            if "sector" in frame:
                chosen &= frame["sector"] == sector
            return frame[chosen].to_dict("records")

        units = tables.get("unit", empty("unit"))
        members = groups(units[units["plant_id"] == plant_id])
        self.group_of: dict[str, str] = dict(zip(members["unit_id"], members["group"], strict=True))
        self.capacity: dict[str, Decimal | None] = dict(zip(members["unit_id"], members["capacity"], strict=True))
        self.filed = {
            (row["unit_id"], row["stream_id"], row["month"], row["parameter"]): row for row in mine(tables["parameter"])
        }
        self.lines = mine(accounts.lines)
        self.unit_months = {(row["unit_id"], row["month"]): row for row in mine(accounts.unit_months)}
        self.unit_years = {(row["unit_id"], row["year"]): row for row in mine(accounts.unit_years)}
        self.plant_months = {row["month"]: row for row in mine(accounts.plant_months)}
        self.facilities = {row["unit_id"]: row for row in mine(tables.get("facility", empty("facility")))}

    def members(self, unit_id: str) -> list[str]:
        """The units that report as `unit_id`."""
        return sorted(unit for unit, group in self.group_of.items() if group == unit_id) or [unit_id]

    def row(self, unit_id: str, stream_id: str, month: str, parameter: str) -> dict[str, Any] | None:
        return self.filed.get((unit_id, stream_id, month, parameter))

    def filed_node(
        self, unit_id: str, stream_id: str, month: str, parameter: str, note: Words | None = None
    ) -> Node | None:
        """A filed value with its place: sheet and cell in the stored file, and the hash of that file."""
        row = self.row(unit_id, stream_id, month, parameter)
        if row is None:
            return None
        method = choices.METHODS.get(row["method"])
        return node(
            "filed",
            parameter_words(parameter),
            row["value"],
            row["unit"],
            parameter=parameter,
            method=words(*method) if method else None,
            source_document=row["source_document"],
            cell={"sheet": row["sheet"] or None, "cell": row["cell"] or None, "file_sha256": row["file_sha256"]},
            note=note,
        )

    def factor_node(self, row_id: str, note: Words | None = None) -> Node:
        """A factor row with its document, clause and certainty."""
        label = words("因子行", "Factor row")
        try:
            row = self.factors.row(row_id)
        except NoFactor:
            return node(
                "factor", label, note=words("因子表中没有该行", "not in the factor tables"), factor={"id": row_id}
            )
        names = ("id", "table", "source", "clause", "certainty", "valid_from", "valid_to", "note")
        found = {name: getattr(row, name) or None for name in names}
        return node("factor", label, row.text, row.unit, factor=found, note=note)

    def factor_of(self, ids: Iterable[str], parameter: str) -> str | None:
        """Of the factor rows of a line the one that gives a parameter; imported rows are oxidation rates.

        A table that holds one quantity only (`oxidation`, `gwp`) has no column that names it.
        """
        for row_id in ids:
            try:
                row = self.factors.row(row_id)
            except NoFactor:
                if parameter == "oxidation_rate":
                    return row_id
                continue
            if dict(row.columns).get("parameter", ONLY_QUANTITY.get(row.table, "")) == parameter:
                return row_id
        return None


def total(values: Iterable[Decimal | None]) -> Decimal | None:
    """Sum of the values that are there; None when none is."""
    known = [value for value in values if value is not None]
    return sum(known, Decimal(0)) if known else None


def one(value: Any) -> np.ndarray:
    """A single value as the object array that the formulas take."""
    array = np.empty(1, dtype=object)
    array[0] = value
    return array
