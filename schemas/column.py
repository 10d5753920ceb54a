"""What a column and a table are. The dictionary itself stands in `filing_tables`, `register_tables`, `result_tables`."""

from dataclasses import dataclass, field
from decimal import Decimal


@dataclass(frozen=True)
class Column:
    """One column of a canonical table.

    Every canonical frame holds **text**: a number is the exact decimal text as understood ("0.5207"), a date is
    `YYYY-MM-DD`, a month `YYYY-MM`, a time ISO 8601 in UTC; an absent value is the empty string. Accounting reads the
    text as `Decimal`, screening as float. `integer` columns (row numbers) are the one exception.
    """

    name: str
    zh: str
    en: str
    kind: str = "text"  # text, decimal, date, month, timestamp, choice, integer, hash, json
    unit: str = ""  # canonical unit, empty when dimensionless or given by another column
    decimals: int | None = None
    required: bool = False
    choices: tuple[str, ...] = ()
    low: Decimal | None = None
    high: Decimal | None = None
    clause: str = ""
    choice_labels: tuple[tuple[str, str], ...] = ()  # (zh, en) for each choice
    template: bool = True  # whether a person fills it in the workbook


@dataclass(frozen=True)
class Table:
    """One canonical table: its columns in order and the key that makes a row unique."""

    name: str
    zh: str
    en: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    sheet: str = ""  # name of the sheet in the workbook template; empty: not in the template
    by_name: dict[str, Column] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.by_name.update({column.name: column for column in self.columns})

    @property
    def names(self) -> list[str]:
        return [column.name for column in self.columns]


def number(
    name: str, zh: str, en: str, unit: str, decimals: int | None = None, low: str = "", high: str = "", **rest: object
) -> Column:
    """A decimal column with unit and hard range."""
    return Column(
        name,
        zh,
        en,
        "decimal",
        unit,
        decimals,
        low=Decimal(low) if low else None,
        high=Decimal(high) if high else None,
        **rest,  # type: ignore[arg-type]
    )


def choice(name: str, zh: str, en: str, options: dict[str, tuple[str, str]], **rest: object) -> Column:
    """A column that takes one of a few codes; each code has a Chinese and an English label."""
    return Column(
        name,
        zh,
        en,
        "choice",
        choices=tuple(options),
        choice_labels=tuple(options.values()),
        **rest,  # type: ignore[arg-type]
    )


# Where a row came from. `row` is the row in the sheet (1 = first line of a CSV); `column_map` is JSON from column name to the
# column in the file ("D" in a workbook, 4 in a CSV), so that each cell of a wide row can be named.
LOCATION: tuple[Column, ...] = (
    Column("file_sha256", "文件SHA-256", "File SHA-256", "hash", template=False),
    Column("sheet", "工作表", "Sheet", template=False),
    Column("row", "行号", "Row", "integer", template=False),
    Column("column_map", "列对应", "Column map", "json", template=False),
)
