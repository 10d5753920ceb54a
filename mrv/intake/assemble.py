"""Blocks of one file → its canonical tables and the account of its rows."""

import numpy as np
import pandas as pd

from mrv.intake.block import Block, constant
from mrv.intake.grid import Grid
from mrv.intake.result import ROW_COLUMNS
from mrv.intake.skipped import first_texts
from schemas import TABLES

_LOCATION = frozenset({"file_sha256", "sheet", "cell", "row", "column_map"})


def unknown_sheet(grid: Grid, defaults: dict[str, str]) -> Block:
    """The rows of a sheet in which no table was recognised, each ignored."""
    kept = np.array(first_texts(grid.frame), dtype=object) != ""
    index = pd.RangeIndex(int(kept.sum()))
    texts = {"table": "", "sheet": grid.sheet, "disposition": "ignored", "reason": "unknown_sheet"}
    texts |= {name: defaults.get(name, "") for name in ("plant_id", "month", "sector")}
    lines = pd.DataFrame({name: constant(texts.get(name, ""), index) for name in ROW_COLUMNS})
    lines["row"] = grid.numbers[kept].astype("int64")
    return Block("", pd.DataFrame(), lines)


def _fill_sector(rows: pd.DataFrame) -> None:
    """Tables without a sector column belong to the plant's only sector in this file, where it has only one."""
    missing = rows["sector"] == ""
    if not missing.any():
        return
    stated = rows.loc[~missing & (rows["plant_id"] != ""), ["plant_id", "sector"]].drop_duplicates()
    if stated.empty:
        return
    only = stated[~stated["plant_id"].duplicated(keep=False)].set_index("plant_id")["sector"]
    rows.loc[missing, "sector"] = only.reindex(rows.loc[missing, "plant_id"]).fillna("").to_numpy()


def _said_twice(table: str, frame: pd.DataFrame) -> pd.Index:
    """Index of rows that repeat an earlier one in every column but their place; rows without a full key never do."""
    definition = TABLES[table]
    keys = list(definition.key)
    content = [column for column in definition.names if column not in _LOCATION]
    candidates = frame[frame.duplicated(keys, keep=False)]
    for column in definition.columns:
        if column.required and column.name in keys:
            candidates = candidates[candidates[column.name] != ""]
    return candidates.index[candidates.duplicated(content)]


def assemble(blocks: list[Block]) -> tuple[dict[str, pd.DataFrame], pd.DataFrame]:
    """Tables by name, in dictionary order, and the rows; frames are indexed by position in the rows."""
    frames: dict[str, list[pd.DataFrame]] = {}
    start = 0
    for block in blocks:
        if block.table:
            shifted = block.frame.set_axis(block.frame.index + start)
            frames.setdefault(block.table, []).append(shifted)
        start += len(block.lines)
    rows = pd.concat([block.lines for block in blocks], ignore_index=True)
    _fill_sector(rows)
    tables = {}
    for name in TABLES:
        if name not in frames:
            continue
        frame = pd.concat(frames[name]) if len(frames[name]) > 1 else frames[name][0]
        again = _said_twice(name, frame)
        if len(again):
            frame = frame.drop(index=again)
            rows.loc[again, "disposition"] = "ignored"
            rows.loc[again, "reason"] = "same_row_twice"
        tables[name] = frame
    return tables, rows
