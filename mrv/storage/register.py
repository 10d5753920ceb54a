"""The plant register: plants, units, meters and control plans, each row in versions with the day it holds from."""

import json
from collections.abc import Iterable
from datetime import date
from typing import Any

import pandas as pd
from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from mrv.storage.control import hold, records
from mrv.storage.models import FactorImport, RegisterRow
from schemas import TABLES

REGISTERED = ("plant", "unit", "facility", "meter", "control_plan", "plan_section")


def put_register(session: Session, table: str, frame: pd.DataFrame, as_of: date, source: str = "") -> int:
    """Takes over rows of a register table as they hold from `as_of`; returns how many differed from what is known.

    `frame` is canonical (`schemas.TABLES[table]`). A row equal to the version in force adds nothing; another becomes a
    new version, and the old one stays. A second import for one day is a correction: the later one holds. Rows that the
    frame does not name stay as they are; use `retire_register` to end one.

    Raises ValueError for another table, other columns, or a key that occurs twice.
    """
    names = TABLES[_known(table)].names
    if list(frame.columns) != names:
        raise ValueError(f"{table}: not the canonical columns: {list(frame.columns)}")
    if frame.duplicated(list(TABLES[table].key)).any():
        raise ValueError(f"{table}: a key occurs twice")
    rows = {_key(table, row): row for row in records(frame)}
    return _add(session, table, {key: (row, False) for key, row in rows.items()}, as_of, source)


def retire_register(session: Session, table: str, keys: Iterable[dict[str, str]], as_of: date, source: str = "") -> int:
    """Ends rows of a register table from `as_of` on; each key names the key columns. Returns how many ended.

    For what was registered by mistake or is gone for good; what it was before stays known. ValueError for a row that
    is not in force.
    """
    current = _in_force(session, _known(table), as_of)
    ending = {}
    for named in keys:
        key = _key(table, named)
        if key not in current or current[key].retired:
            raise ValueError(f"{table}: not in force on {as_of}: {key}")
        ending[key] = (json.loads(current[key].content), True)
    return _add(session, table, ending, as_of, source)


def register(session: Session, table: str, as_of: date | None = None) -> pd.DataFrame:
    """The canonical frame of a register table as it holds on `as_of` (None: every version known), ordered by its key."""
    definition = TABLES[_known(table)]
    rows = [json.loads(row.content) for row in _in_force(session, table, as_of or date.max).values() if not row.retired]
    texts = [{name: str(row.get(name, "")) for name in definition.names} for row in rows]
    frame = pd.DataFrame(texts, columns=definition.names, dtype="str")
    return frame.sort_values(list(definition.key), ignore_index=True)


def put_factors(session: Session, table: str, rows: list[dict[str, str]], **file: Any) -> bool:
    """Takes over rows of an `emission_factors` table from a file (`sha256, file_name, received_at, uploader`).

    For numbers that are not public, such as the oxidation rates of the national database. The same file again changes
    nothing (False).
    """
    hold(session, "factors")
    if session.get(FactorImport, (table, file["sha256"])) is not None:
        return False
    session.add(FactorImport(table_name=table, content=_json(rows), **file))
    session.flush()
    return True


def factors(session: Session, table: str) -> pd.DataFrame:
    """All imported rows of a factor table as texts, in the order they came, with `file_sha256` of the import.

    Empty (no columns but `file_sha256`) when nothing was imported.
    """
    query = select(FactorImport).where(FactorImport.table_name == table)
    query = query.order_by(FactorImport.received_at, FactorImport.sha256)
    rows = [
        {**row, "file_sha256": entry.sha256} for entry in session.scalars(query) for row in json.loads(entry.content)
    ]
    return pd.DataFrame(rows or {"file_sha256": []}).fillna("").astype("str")


def _known(table: str) -> str:
    if table not in REGISTERED:
        raise ValueError(f"not a register table: {table}")
    return table


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _key(table: str, row: dict[str, Any]) -> str:
    return _json([row[name] for name in TABLES[table].key])


def _in_force(session: Session, table: str, as_of: date) -> dict[str, RegisterRow]:
    """The row of each key that holds on a day, by key."""
    query = select(RegisterRow).where(RegisterRow.table_name == table, RegisterRow.valid_from <= as_of)
    query = query.order_by(RegisterRow.row_key, RegisterRow.valid_from, RegisterRow.revision)
    return {row.row_key: row for row in session.scalars(query)}


def _add(session: Session, table: str, rows: dict[str, tuple[dict[str, Any], bool]], as_of: date, source: str) -> int:
    hold(session, f"register {table}")
    current = _in_force(session, table, as_of)
    query = select(RegisterRow.row_key, func.max(RegisterRow.revision)).group_by(RegisterRow.row_key)
    query = query.where(RegisterRow.table_name == table, RegisterRow.valid_from == as_of)
    revisions = {row[0]: row[1] for row in session.execute(query)}
    added = []
    for key, (row, retired) in sorted(rows.items()):
        content, known = _json(row), current.get(key)
        if known is not None and (known.content, known.retired) == (content, retired):
            continue
        added.append(
            {
                **{"table_name": table, "row_key": key, "valid_from": as_of, "revision": revisions.get(key, 0) + 1},
                **{"plant_id": row["plant_id"], "retired": retired, "content": content, "source": source},
            }
        )
    if added:
        session.execute(insert(RegisterRow), added)
    return len(added)
