"""The lake: canonical rows as Parquet, `lake/<table>/year=YYYY/data.parquet`; readings also by month of UTC.

Each partition is one file, replaced in one step. Numbers stand twice: the text as understood, which is the record, and
`<column>_decimal` as decimal128(38, 12) for queries. Everything here can be rebuilt from the control store and evidence.
"""

from collections.abc import Collection
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from mrv.storage import durable
from mrv.storage.arrow import decimals, encode, period_column, to_arrow, to_frame
from mrv.storage.locks import exclusive
from schemas import TABLES
from schemas.column import Table

BY_MONTH = {"meter_reading"}  # tables so large that a year is cut into months
FILE = "data.parquet"


class Lake:
    """The Parquet tables under one directory. Two processes may write at once: they wait for each other by table."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def write(self, table: str, frame: pd.DataFrame, year: int, month: str | None = None) -> Path:
        """Replaces one partition by the rows of a canonical frame; an empty frame leaves no partition.

        `month` (`YYYY-MM`, of the UTC text) is needed for tables cut by month and wrong for others. Returns the path of
        the file. Raises ValueError for rows of another period, a table without a period, or a frame that is not canonical.
        """
        definition = TABLES[table]
        path = self._path(definition, year, month)
        arrow = to_arrow(definition, frame)
        _belongs(definition, arrow, month or f"{year:04d}")
        with exclusive(self._lock(table)):
            self._replace(definition, arrow, path)
        return path

    def replace_plants(
        self, table: str, frame: pd.DataFrame, plants: Collection[str], year: int, month: str | None = None
    ) -> Path:
        """Replaces the rows of some plants in one partition, keeping the rows of all others; else as `write`.

        ValueError when the frame holds a plant that is not among `plants`.
        """
        definition = TABLES[table]
        path = self._path(definition, year, month)
        arrow = to_arrow(definition, frame)
        _belongs(definition, arrow, month or f"{year:04d}")
        if not pc.all(pc.is_in(arrow["plant_id"], _texts(plants)), min_count=0).as_py():
            raise ValueError(f"{table}: rows of a plant that is not to be replaced")
        with exclusive(self._lock(table)):
            kept = self._load(definition, [path], None)
            kept = kept[~kept["plant_id"].isin(set(plants))]
            self._replace(definition, to_arrow(definition, pd.concat([kept, to_frame(definition, arrow)])), path)
        return path

    def read(
        self,
        table: str,
        years: Collection[int] | None = None,
        plants: Collection[str] | None = None,
        months: Collection[str] | None = None,
    ) -> pd.DataFrame:
        """The canonical frame of a table, ordered by its key; None takes everything, an empty collection nothing.

        `months` (`YYYY-MM`) are those of the column that dates a row, whatever the partition.
        """
        definition = TABLES[table]
        frame = self._load(definition, self.files(table, years, months), plants)
        if months is not None:
            frame = frame[frame[_period(definition)].str.slice(0, 7).isin(set(months))]
        return frame.sort_values(list(definition.key), ignore_index=True)

    def files(
        self, table: str, years: Collection[int] | None = None, months: Collection[str] | None = None
    ) -> list[Path]:
        """The Parquet files that hold these years and months, ordered; for engines that read Parquet themselves."""
        found = []
        for path in sorted((self.root / table).glob(f"year=*/**/{FILE}")):
            parts = dict(part.split("=", 1) for part in path.relative_to(self.root / table).parts[:-1])
            wanted = years is None or int(parts["year"]) in years
            if months is not None:
                wanted &= parts["month"] in months if "month" in parts else parts["year"] in {m[:4] for m in months}
            if wanted:
                found.append(path)
        return found

    def years(self, table: str) -> list[int]:
        """The years of which the lake holds rows of a table."""
        return sorted({int(path.relative_to(self.root / table).parts[0][5:]) for path in self.files(table)})

    def _path(self, table: Table, year: int, month: str | None) -> Path:
        _period(table)
        if (month is not None) != (table.name in BY_MONTH):
            raise ValueError(f"{table.name}: {'needs a month' if table.name in BY_MONTH else 'is not cut by month'}")
        if month is not None and not month.startswith(f"{year:04d}-"):
            raise ValueError(f"month {month} is not in {year}")
        folder = self.root / table.name / f"year={year:04d}"
        return (folder / f"month={month}" if month else folder) / FILE

    def _lock(self, table: str) -> Path:
        durable.make_directories(self.root / table)
        return self.root / table / ".lock"

    def _replace(self, table: Table, arrow: pa.Table, path: Path) -> None:
        if arrow.num_rows == 0:
            if path.exists():
                path.unlink()
                durable.sync(path.parent)
            return
        durable.make_directories(path.parent)
        durable.write(path, encode(_stored(table, arrow)))

    def _load(self, table: Table, files: list[Path], plants: Collection[str] | None) -> pd.DataFrame:
        chosen = None if plants is None else pc.field("plant_id").isin(_texts(plants))
        frames = [to_frame(table, pa.table({}))]
        for path in files:
            if not path.exists():
                continue
            # Each file by itself: older files may lack columns that the dictionary has gained since.
            present = set(pq.read_schema(path).names)
            names = [name for name in table.names if name in present]
            frames.append(to_frame(table, pq.read_table(path, columns=names, filters=chosen, partitioning=None)))
        return pd.concat(frames, ignore_index=True)


def _texts(values: Collection[str]) -> pa.Array:
    return pa.array(sorted(set(values)), pa.string())


def _period(table: Table) -> str:
    column = period_column(table)
    if column is None:
        raise ValueError(f"{table.name}: its rows have no period, so it is not kept in the lake")
    return column


def _belongs(table: Table, arrow: pa.Table, prefix: str) -> None:
    inside = pc.starts_with(arrow[_period(table)], prefix)
    if not pc.all(inside, min_count=0).as_py():
        raise ValueError(f"{table.name}: rows that do not belong to {prefix}")


def _stored(table: Table, arrow: pa.Table) -> pa.Table:
    for column in table.columns:
        if column.kind == "decimal":
            arrow = arrow.append_column(f"{column.name}_decimal", decimals(arrow[column.name]))
    return arrow
