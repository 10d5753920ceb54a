"""Failures of the schema check as faults: rule code, place, value, and what was expected instead."""

import difflib
import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from schemas import TABLES
from schemas.choices import SECTORS
from schemas.column import Table
from schemas.location import cell_of
from schemas.shapes import expectation
from schemas.vocabulary import FUELS, MATERIALS, PARAMETERS, UNIT_LABELS

CODES = {
    "required": "CMP-03",
    "decimal": "SCH-10",
    "integer": "SCH-10",
    "choice": "SCH-10",
    "hash": "SCH-10",
    "json": "SCH-10",
    "timestamp": "SCH-10",
    "range": "SCH-11",
    "parameter_range": "SCH-11",
    "date": "SCH-13",
    "month": "SCH-13",
    "known": "SCH-18",
    "of_sector": "SCH-18",
    "stream": "SCH-18",
    "level": "SCH-18",
    "unit_of_measure": "SCH-19",
    "unique": "SCH-20",
}
FORMS = {
    "decimal": "123.45",
    "integer": "123",
    "date": "YYYY-MM-DD",
    "month": "YYYY-MM",
    "timestamp": "YYYY-MM-DDThh:mm:ssZ",
    "hash": "SHA-256（0-9a-f × 64）",
    "json": "JSON",
}
COLUMNS = [
    *("code", "table", "sheet", "cell", "plant_id", "sector", "unit_id", "stream_id"),
    *("month", "parameter", "item", "value", "expected", "params"),
]
_IDS = ("plant_id", "sector", "unit_id", "stream_id", "parameter")
_OWN_FIELDS = {"plant_id", "sector", "unit_id", "stream_id", "month", "parameter"}


def faults_of(
    table: str, frame: pd.DataFrame, failures: pd.DataFrame, names: dict[str, str] | None = None
) -> pd.DataFrame:
    """Faults of the rows of one table that break its shape.

    Parameters
    ----------
    table : name in `schemas.TABLES`
    frame : the canonical frame that was checked, index 0 … n-1
    failures : what `schemas.validation.validate` returned for it: `position`, `column`, `kind`, `value`
    names : of the files by their SHA-256; rows of different files that contradict each other are told apart by them

    Returns
    -------
    DataFrame of text columns `COLUMNS`, one row per failure, in the same order. `item` tells the fault from others of the
    same plant, unit, stream, month and parameter (row key and column, as intake writes it); `params` is JSON with `kind`,
    `column` and `label` (of the column, Chinese), and `others` (places and values) where rows contradict each other.
    """
    definition = TABLES[table]
    if failures.empty:
        return pd.DataFrame(columns=COLUMNS, dtype="str")
    positions = failures["position"].to_numpy(dtype=int)
    rows = frame.iloc[positions].reset_index(drop=True)
    found = pd.DataFrame({name: _texts(rows, name) for name in _IDS})
    found["code"] = [CODES[kind] for kind in failures["kind"]]
    found["table"] = table
    found["sheet"] = _texts(rows, "sheet")
    found["month"] = _months(rows)
    records = rows.to_dict("records")
    columns, kinds = failures["column"].tolist(), failures["kind"].tolist()
    triples = list(zip(records, columns, kinds, strict=True))
    found["cell"] = [_cell(definition, row, column) for row, column, _ in triples]
    found["item"] = [_item(definition, row, column) for row, column, _ in triples]
    found["expected"] = [_expected(definition, row, column, kind) for row, column, kind in triples]
    found["value"] = failures["value"].astype(str).to_numpy()
    others = _contradictions(definition, frame, positions, kinds, names or {})
    params = [
        {
            "kind": kind,
            "column": column,
            "label": _label(definition, row, column),
            **_english(definition, column, kind),
            **({**_clashing(definition, row), "others": other} if other else {}),
        }
        for (row, column, kind), other in zip(triples, others, strict=True)
    ]
    found["params"] = [json.dumps(one, ensure_ascii=False, sort_keys=True) for one in params]
    if table == "parameter":  # the key of a contradiction is no news; the value is
        clash = failures["kind"].eq("unique").to_numpy()
        found.loc[clash, "value"] = rows.loc[clash, "value"].to_numpy()
    return found[COLUMNS].astype("str")


def _texts(rows: pd.DataFrame, name: str) -> Any:
    return rows[name].astype(str).to_numpy() if name in rows.columns else ""


def _months(rows: pd.DataFrame) -> Any:
    """The month a row belongs to: its own, or that of its day."""
    for name, length in (("month", None), ("day", 7), ("start", 7), ("timestamp", 7)):
        if name in rows.columns:
            return rows[name].astype(str).str[:length].to_numpy()
    return ""


def _label(table: Table, row: dict[str, Any], column: str) -> str:
    """What a person calls the cell: the column, or the quantity where a table holds one quantity per row."""
    entry = PARAMETERS.get(row["parameter"]) if table.name == "parameter" else None
    if entry is None:
        return table.by_name[column].zh
    return entry.zh if column == "value" else f"{entry.zh}（{table.by_name[column].zh}）"


def _english(table: Table, column: str, kind: str) -> dict[str, str]:
    """What was expected, for the English text, where it is words."""
    labels = table.by_name[column].choice_labels if kind == "choice" else ()
    return {"expected_en": ", ".join(en for _, en in labels)} if labels else {}


def _clashing(table: Table, row: dict[str, Any]) -> dict[str, str]:
    """What rows that contradict each other are about: the quantity, or the table and what tells its rows apart."""
    entry = PARAMETERS.get(row["parameter"]) if table.name == "parameter" else None
    if entry is not None:
        return {"label": entry.zh, "label_en": entry.en}
    own = "".join(f" {row[name]}" for name in table.key if name not in _OWN_FIELDS and row[name])
    return {"label": table.zh + own, "label_en": table.en + own}


def _item(table: Table, row: dict[str, Any], column: str) -> str:
    own = [str(row[name]) for name in table.key if name not in _OWN_FIELDS]
    return ":".join([*own, column])


def _cell(table: Table, row: dict[str, Any], column: str) -> str:
    """The cell at fault; a value that has no cell (a column that is not in the file) is shown at the key of its row."""
    if "cell" in table.by_name:
        return str(row["cell"])
    if "column_map" not in table.by_name:
        return ""
    for name in (column, *reversed(table.key)):
        cell = cell_of(int(row["row"]), row["column_map"], name, row["sheet"])
        if cell:
            return cell
    return ""


def _expected(table: Table, row: dict[str, Any], column: str, kind: str) -> str:
    if kind in FORMS:
        return FORMS[kind]
    definition = table.by_name[column]
    if kind == "choice":
        return "、".join(zh for zh, _ in definition.choice_labels) or "、".join(definition.choices)
    if kind == "range":
        return _range(definition.low, definition.high, definition.unit)
    if kind == "required":
        return _label(table, row, column)
    return _VOCABULARY[kind](row) if kind in _VOCABULARY else ""


def _range(low: object, high: object, unit: str) -> str:
    label = UNIT_LABELS.get(unit, unit)
    ends = [f"≥ {low}" if low is not None else "", f"≤ {high}" if high is not None else ""]
    text = f"{low}–{high}" if all(ends) else "".join(ends)
    return f"{text} {label}".strip()


def _parameter_range(row: dict[str, Any]) -> str:
    expected = expectation(row["sector"], row["parameter"], row["stream_id"])
    low, high = (f"{end:.10g}" if np.isfinite(end) else None for end in (expected.low, expected.high))
    return _range(low, high, expected.unit)


def _parameter_unit(row: dict[str, Any]) -> str:
    unit = expectation(row["sector"], row["parameter"], row["stream_id"]).unit
    return UNIT_LABELS.get(unit, unit)


def _nearest(text: str, labels: dict[str, str]) -> str:
    """The label whose code or label is spelt most like the text; empty when none comes near."""
    by_word = {**{code.casefold(): zh for code, zh in labels.items()}, **{zh: zh for zh in labels.values()}}
    near = difflib.get_close_matches(text.casefold(), list(by_word), n=1)
    return by_word[near[0]] if near else ""


def _nearest_parameter(row: dict[str, Any]) -> str:
    labels = {name: entry.zh for name, entry in PARAMETERS.items() if row.get("sector", "") in {"", *entry.sectors}}
    return _nearest(row["parameter"], labels) or "模板“参数”列的名称"


def _nearest_stream(row: dict[str, Any]) -> str:
    labels = {code: fuel.zh for code, fuel in FUELS.items()}
    labels |= {entry.material: entry.zh for entry in MATERIALS.values()}
    return _nearest(row["stream_id"].partition("#")[0], labels) or "模板“燃料或物料”列的名称"


def _sectors(row: dict[str, Any]) -> str:
    return "、".join(zh for code, (zh, _) in SECTORS.items() if code in PARAMETERS[row["parameter"]].sectors)


def _level(row: dict[str, Any]) -> str:
    return "燃料或物料" if PARAMETERS[row["parameter"]].level == "stream" else "（空）"


_VOCABULARY: dict[str, Callable[[dict[str, Any]], str]] = {
    "parameter_range": _parameter_range,
    "unit_of_measure": _parameter_unit,
    "known": _nearest_parameter,
    "stream": _nearest_stream,
    "of_sector": _sectors,
    "level": _level,
}


def _contradictions(
    table: Table, frame: pd.DataFrame, positions: np.ndarray, kinds: list[str], names: dict[str, str]
) -> list[str]:
    """For each failure of `unique`: the cells of all rows under that key, with their values where there is one value.

    The file of a cell is named where the rows of a key come from several files, and its sheet where they stand in several.
    """
    clashing = positions[[kind == "unique" for kind in kinds]]
    if not len(clashing):
        return [""] * len(kinds)
    keys = pd.MultiIndex.from_frame(frame[list(table.key)])
    members = frame[keys.isin(keys[clashing])]
    texts: dict[tuple[str, ...], list[str]] = {}
    files = members.groupby(list(table.key))["file_sha256"].nunique() if "file_sha256" in members.columns else None
    sheets = members.groupby(list(table.key))["sheet"].nunique() if "sheet" in members.columns else None
    for row in members.to_dict("records"):
        cell = _cell(table, row, table.key[-1])
        if sheets is not None and sheets[tuple(row[name] for name in table.key)] > 1:
            cell = f"{row['sheet']}!{cell}"
        if files is not None and files[tuple(row[name] for name in table.key)] > 1:
            cell = f"{names.get(row['file_sha256'], '')} {cell}".strip()
        text = (
            f"{cell} {row['value']} {UNIT_LABELS.get(row.get('unit', ''), row.get('unit', ''))}".strip()
            if "value" in table.by_name
            else cell
        )
        texts.setdefault(tuple(row[name] for name in table.key), []).append(text)
    return [
        "、".join(texts[keys[position]]) if kind == "unique" else ""
        for position, kind in zip(positions, kinds, strict=True)
    ]
