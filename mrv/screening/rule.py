"""What a rule is: a declaration in two languages, and a body that returns the offending rows."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from schemas.choices import CLASSES, SEVERITIES

if TYPE_CHECKING:
    from mrv.screening.case import Case


@dataclass(frozen=True)
class Text:
    """One text in both languages; `{name}` places a parameter, with the same names in both."""

    zh: str
    en: str

    def fill(self, values: dict[str, str]) -> "Text":
        return Text(self.zh.format_map(values), self.en.format_map(values))


Body = Callable[["Case"], pd.DataFrame]


@dataclass(frozen=True)
class Rule:
    """A declaration of one check.

    Attributes
    ----------
    code, version : stable; the version rises when the meaning changes
    severity : `blocks`, `must_answer` or `note`; a body may lower or raise it row by row in a `severity` column
    kind : the class of fault (`schemas.choices.CLASSES`)
    basis : document, edition and clause, one text each
    needs : what must be there for the rule to say anything: canonical table names, `parameter.<name>`, `register`,
        `history` (another month of the plant), `as_of`, `attachments`. A filing without them lists the rule in `not_run`.
    message, why, fix : what is wrong, why it matters, how to fix it. Placeholders are the finding's own fields
        (`unit_id`, `stream`, `parameter`, `period`, `item`, `value`, `expected`, `unit`) and further columns of the body's frame.
    body : takes a `Case`, returns the offending rows; None for rules that intake or the schema check raise
    waivable : only screening flags may be waived, never a deviation from the guide or the plan
    """

    code: str
    title: Text
    severity: str
    kind: str
    basis: tuple[str, ...]
    message: Text
    why: Text
    fix: Text
    needs: tuple[str, ...] = ("parameter",)
    sectors: frozenset[str] = frozenset({"power"})
    body: Body | None = None
    version: str = "1"
    waivable: bool = False

    def __post_init__(self) -> None:
        if self.severity not in SEVERITIES or self.kind not in CLASSES:
            raise ValueError(f"{self.code}: no such severity or class")


# A body returns a frame with any of these columns, and further ones for the texts. Absent columns are filled with "".
# `table` and `position` name a row of `case.tables[table]` and `column` the cell in it; without them the engine looks up
# the row of the `parameter` table by (plant, unit, stream, month, parameter).
# `counterfactual` is JSON {parameter: text or null}: what the row's (plant, unit, stream, month) would have filed without
# the fault; null removes the row. Without it a finding has no tonnes.
BODY_COLUMNS = (
    "plant_id",
    "sector",
    "unit_id",
    "stream_id",
    "month",
    "parameter",
    "item",
    "value",
    "expected",
    "severity",
    "table",
    "position",
    "column",
    "counterfactual",
)
