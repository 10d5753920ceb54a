"""Small cases for the tests of rules: an honest plant, ways to make it wrong, and the one way to run a rule."""

import string
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pandas as pd

from mrv.accounting.accounts import LINE_COLUMNS, Accounts, nothing
from mrv.findings.words import render
from mrv.screening.case import Case, empty
from mrv.screening.catalogue import catalogue
from mrv.screening.engine import screen
from schemas import TABLES
from schemas.vocabulary import PARAMETERS
from tests.mrv_rules import honest_plant
from tests.mrv_rules.honest_plant import COAL, DIESEL, MONTHS, PLANT

__all__ = ["COAL", "DIESEL", "MONTHS", "PLANT", "Key", "RuleCase", "check", "clean_case", "key"]

MONTH = "2026-01"  # the month that is judged unless a test says otherwise; the twelve before are history
AS_OF = date(2026, 2, 20)
Key = tuple[str, str, str, str, str]  # unit, stream, month, parameter, item


def clean_case(
    focus: tuple[str, ...] = (MONTH,),
    as_of: date | None = AS_OF,
    accounts: Accounts | None = None,
    **tables: pd.DataFrame,
) -> Case:
    """A case of the honest plant `P001` (units `U1` condensing, `U2` CHP), 2025-01 to 2026-01.

    focus : months that are judged. tables : canonical frames that replace those of the honest plant.
    """
    frames = {name: frame.copy() for name, frame in honest_plant.tables().items()} | tables
    filings = pd.DataFrame({"plant_id": PLANT, "sector": "power", "month": list(focus)})
    return Case(frames, accounts or nothing(), filings, as_of)


def changed(case: Case, table: str, frame: pd.DataFrame) -> Case:
    """The case with one table replaced (a new case, so that no cached view is stale)."""
    return replace(case, tables={**case.tables, table: frame})


def where(frame: pd.DataFrame, **equals: str) -> pd.Series:
    """Which rows have these values; KeyError-like failure when none has, so that a test cannot miss its target."""
    mask = pd.Series(True, index=frame.index)
    for name, value in equals.items():
        mask &= frame[name].eq(value)
    assert mask.any(), f"no row with {equals}"
    return mask


def with_cells(case: Case, table: str, equals: dict[str, str], **cells: str) -> Case:
    """Cells changed in the rows of a table that match `equals`."""
    frame = case.tables[table].copy()
    mask = where(frame, **equals)
    for name, value in cells.items():
        frame.loc[mask, name] = value
    return changed(case, table, frame)


def stream_of(parameter: str, stream: str | None) -> str:
    """The stream a test means when it names none: the coal for a stream quantity, none for one of the unit."""
    return stream if stream is not None else COAL if PARAMETERS[parameter].level == "stream" else ""


def with_value(
    case: Case,
    parameter: str,
    value: str,
    month: str = MONTH,
    unit_id: str = "U1",
    stream_id: str | None = None,
    **cells: str,
) -> Case:
    """One value of the `parameter` table changed; `cells` changes others of that row (`method`, `fc_source`, …)."""
    row = {"parameter": parameter, "month": month, "unit_id": unit_id, "stream_id": stream_of(parameter, stream_id)}
    return with_cells(case, "parameter", row, value=value, **cells)


def value_of(
    case: Case,
    parameter: str,
    month: str = MONTH,
    unit_id: str = "U1",
    stream_id: str | None = None,
    column: str = "value",
) -> str:
    """One text of the `parameter` table."""
    frame, stream = case.tables["parameter"], stream_of(parameter, stream_id)
    mask = where(frame, parameter=parameter, month=month, unit_id=unit_id, stream_id=stream)
    return str(frame.loc[mask, column].iloc[0])


def without(case: Case, table: str, **equals: str) -> Case:
    """The case without the rows of a table that match."""
    frame = case.tables[table]
    return changed(case, table, frame[~where(frame, **equals)])


def without_table(case: Case, table: str) -> Case:
    """The case in which a table was not filed at all."""
    return changed(case, table, case.tables[table].iloc[:0])


def with_row(case: Case, table: str, **cells: str) -> Case:
    """The case with one more row in a table; columns not named are empty."""
    frame = case.tables.get(table, empty(table))
    row = {name: cells.get(name, 0 if name == "row" else "") for name in TABLES[table].names}
    return changed(case, table, pd.concat([frame, pd.DataFrame([row]).astype(frame.dtypes)], ignore_index=True))


def with_parameter(
    case: Case,
    parameter: str,
    value: str,
    month: str = MONTH,
    unit_id: str = "U1",
    stream_id: str | None = None,
    **cells: str,
) -> Case:
    """The case with one more `parameter` row."""
    filed = {"plant_id": PLANT, "sector": "power", "method": "measured", **cells}
    place = {"unit_id": unit_id, "stream_id": stream_of(parameter, stream_id), "month": month}
    return with_row(case, "parameter", **filed, **place, parameter=parameter, value=value)


def with_lines(case: Case, *lines: dict[str, Any]) -> Case:
    """The case with emission lines (`Accounts.lines`), plant and sector filled in."""
    rows = [{"plant_id": PLANT, "sector": "power", "source": "combustion", **line} for line in lines]
    frame = pd.DataFrame(rows).reindex(columns=LINE_COLUMNS).astype(object)
    return replace(case, accounts=replace(case.accounts, lines=frame.where(frame.notna(), None)))


def key(unit_id: str = "U1", stream_id: str = "", month: str = MONTH, parameter: str = "", item: str = "") -> Key:
    """What a finding of a test is about."""
    return unit_id, stream_id, month, parameter, item


@dataclass(frozen=True)
class RuleCase:
    """One example of a rule.

    kind : `fires` (a fault that must be found), `silent` (honest data, or data without what the rule needs) or `boundary`
    (a value at the limit). expected : the keys that must come out, no more and no less.
    """

    code: str
    kind: str
    build: Callable[[], Case]
    expected: tuple[Key, ...] = ()
    severity: str = ""  # of all expected rows, when it differs from the rule's own


def found(case: Case, code: str) -> pd.DataFrame:
    """What one rule says of a case."""
    return screen(case, [catalogue()[code]])


def check(example: RuleCase) -> None:
    """Runs one example: the right keys, the right severity, and words without a gap."""
    rows = found(example.build(), example.code)
    columns = ["unit_id", "stream_id", "month", "parameter", "item"]
    assert sorted(rows[columns].itertuples(index=False, name=None)) == sorted(example.expected)
    rule = catalogue()[example.code]
    assert set(rows["severity"]) <= {example.severity or rule.severity}
    for row in rows.to_dict("records"):
        complete_words(example.code, row)


def complete_words(code: str, row: dict[str, Any]) -> None:
    """Every placeholder of the texts has a value, and the texts can be rendered."""
    rule = catalogue()[code]
    fields = {
        name: str(row[name])
        for name in ("plant_id", "sector", "unit_id", "stream_id", "parameter", "item", "value", "expected")
    }
    fields["period"] = str(row["month"])
    known = {name for name, text in {**fields, **row["params"]}.items() if text} | {"stream", "unit", "parameter"}
    known |= {"subject", "whose"}
    for part in (rule.message, rule.why, rule.fix):
        for text in (part.zh, part.en):
            used = {name for _, name, _, _ in string.Formatter().parse(text) if name}
            assert used <= known, f"{code}: no value for {sorted(used - known)}"
    assert all(text.zh and text.en for text in render(rule, fields, row["params"]).values())
