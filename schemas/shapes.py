"""The checks of shape, as data: which column must satisfy what. The backends only execute this list.

A check has a `kind` (required, decimal, range, choice, date, month, timestamp, hash, known, of_sector, level, stream,
unit_of_measure, parameter_range, unique) and names the column whose cell is at fault. Empty text passes every kind but
`required`: an absent value is one fault, not several.
"""

from dataclasses import dataclass
from decimal import Decimal

from schemas.column import Column, Table
from schemas.vocabulary import FUELS, MATERIALS, PARAMETERS
from schemas.vocabulary.parameters import counted_as_gas

PATTERNS = {
    "decimal": r"-?[0-9]+(\.[0-9]+)?",
    "month": r"[12][0-9]{3}-(0[1-9]|1[0-2])",
    "hash": r"[0-9a-f]{64}",
}
KIND_CHECKS = ("decimal", "month", "hash", "date", "timestamp")


@dataclass(frozen=True)
class Shape:
    """One check of one column."""

    column: str
    kind: str
    choices: tuple[str, ...] = ()
    low: Decimal | None = None
    high: Decimal | None = None

    @property
    def name(self) -> str:
        """The short name pandera prints for a failure: `column:kind`."""
        return f"{self.column}:{self.kind}"


def column_shapes(column: Column) -> list[Shape]:
    """Checks that look at one column alone."""
    shapes = []
    if column.required:
        shapes.append(Shape(column.name, "required"))
    if column.kind in KIND_CHECKS:
        shapes.append(Shape(column.name, column.kind))
    if column.kind == "choice":
        shapes.append(Shape(column.name, "choice", choices=column.choices))
    if column.low is not None or column.high is not None:
        shapes.append(Shape(column.name, "range", low=column.low, high=column.high))
    return shapes


def table_shapes(table: Table) -> list[Shape]:
    """Checks that need several columns, or the vocabulary; a backend derives a verdict for each."""
    shapes = []
    if table.name == "parameter":
        shapes += [
            Shape("parameter", "known"),
            Shape("parameter", "of_sector"),
            Shape("stream_id", "level"),
            Shape("unit", "unit_of_measure"),
            Shape("value", "parameter_range"),
        ]
    elif "parameter" in table.by_name and table.name != "annual_report":
        shapes.append(Shape("parameter", "known"))
    if "stream_id" in table.by_name and table.name not in {"annual_report", "finding"}:
        shapes.append(Shape("stream_id", "stream"))
    shapes.append(Shape(table.key[-1], "unique"))
    return shapes


@dataclass(frozen=True)
class Expectation:
    """What the vocabulary says of one combination (sector, parameter, stream): all that a `parameter` row must meet."""

    known: bool
    of_sector: bool
    level: bool
    stream: bool
    unit: str
    low: float
    high: float


def known_stream(stream_id: str) -> bool:
    """Whether a stream is empty, a fuel or a material of the vocabulary, with an optional `#n`."""
    base, mark, number = stream_id.partition("#")
    if mark and not number.isdigit():
        return False
    return not base or base in FUELS or any(material == base for _, material in MATERIALS)


def expectation(sector: str, parameter: str, stream_id: str) -> Expectation:
    """What a `parameter` row of this combination must look like."""
    entry = PARAMETERS.get(parameter)
    stream = known_stream(stream_id)
    if entry is None:
        return Expectation(not parameter, True, True, stream, "", float("-inf"), float("inf"))
    gas = counted_as_gas(stream_id)
    low, high = (entry.gas_low, entry.gas_high) if gas else (entry.low, entry.high)
    if sector in entry.negative_in:
        low = None if high is None else -high
    return Expectation(
        known=True,
        of_sector=sector in entry.sectors or not sector,
        level=(entry.level == "stream") == bool(stream_id),
        stream=stream,
        unit=entry.gas_unit if gas else entry.unit,
        low=float("-inf") if low is None else float(low),
        high=float("inf") if high is None else float(high),
    )
