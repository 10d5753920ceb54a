"""Publishing: typed Parquet and a DuckDB file that readers may keep open while the next publication replaces them.

Order of a publication (any other process doing the same waits):

1. everything is built in `published/.next`: Parquet, `mrv.duckdb`, `manifest.json`, each forced to the disk;
2. `.next` is renamed to `.ready`. Before this step nothing visible has changed and a failure leaves the old publication;
   after it the new one is going to be in force, if need be by the `recover` that opens the next publication or run;
3. each table directory is exchanged in one step with the new one (where the system cannot do that: moved aside, moved in);
4. `mrv.duckdb` is renamed into place: who has the old file open keeps reading it;
5. `manifest.json` is renamed into place, last: tables and manifest agree when no switch is under way (`verify`);
6. `.ready`, which now holds the old tables, is removed.
"""

import hashlib
import json
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from mrv.storage import durable, report_database
from mrv.storage.arrow import encode, period_column, to_arrow
from mrv.storage.home import Home
from mrv.storage.locks import exclusive
from mrv.storage.typed import to_typed
from schemas import TABLES
from schemas.column import Table

REQUIRED = ("annual_report", "emission", "parameter", "finding", "plant", "unit", "rule")
DATABASE = "mrv.duckdb"
MANIFEST = "manifest.json"
NO_YEAR = "__HIVE_DEFAULT_PARTITION__"  # what readers of hive partitions take for null


@dataclass(frozen=True)
class PublishedTable:
    """One table of a publication: rows, content hash of the DuckDB table, SHA-256 of each Parquet file by path."""

    rows: int
    content_sha256: str
    files: dict[str, str]


@dataclass(frozen=True)
class Manifest:
    """What a publication consists of. `as_of`: `YYYY-MM-DD`."""

    as_of: str
    tables: dict[str, PublishedTable]

    def to_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False, indent=1, sort_keys=True) + "\n"

    @classmethod
    def from_json(cls, text: str) -> "Manifest":
        read = json.loads(text)
        return cls(read["as_of"], {name: PublishedTable(**entry) for name, entry in sorted(read["tables"].items())})


def publish(home: Home, tables: Mapping[str, pd.DataFrame], as_of: date) -> Manifest:
    """Publishes canonical frames in place of the publication before, all tables together.

    `tables` must hold at least `REQUIRED`. Rows go to `published/<table>/year=YYYY/`, by the year of their own period;
    tables without one go to the year of `as_of`. ValueError for a missing table or a frame that is not canonical; DiskFull without
    room for it, which leaves the publication before and nothing of the new one.
    """
    missing = sorted(set(REQUIRED) - set(tables))
    if missing:
        raise ValueError(f"not all tables to publish: {missing}")
    with exclusive(home.published / ".lock"):
        _finish(home)
        staging = home.published / ".next"
        shutil.rmtree(staging, ignore_errors=True)
        try:
            manifest = _build(staging, tables, as_of)
            with durable.telling(home.published):
                staging.rename(home.published / ".ready")
        except BaseException:
            shutil.rmtree(staging, ignore_errors=True)  # half a publication would keep a full disk full
            raise
        durable.sync(home.published)
        _finish(home)
    return manifest


def recover(home: Home) -> None:
    """Brings a publication that was interrupted after step 2 to its end; does nothing when there is none."""
    with exclusive(home.published / ".lock"):
        _finish(home)


def manifest_of(home: Home) -> Manifest | None:
    """The manifest of the publication in force; None before the first."""
    path = home.published / MANIFEST
    return Manifest.from_json(path.read_text(encoding="utf-8")) if path.is_file() else None


def verify(home: Home) -> list[str]:
    """What of the publication in force is not as its manifest says, in order; empty when all is well.

    Every Parquet file is hashed anew and every DuckDB table read. Waits while a publication is under way, and ends one that
    was interrupted.
    """
    with exclusive(home.published / ".lock"):
        _finish(home)
        manifest = manifest_of(home)
        if manifest is None:
            return [f"{MANIFEST}: missing"]
        problems = []
        for name, entry in manifest.tables.items():
            present = _digests(home.published, name)
            for path in sorted(present.keys() | entry.files.keys()):
                if present.get(path) != entry.files.get(path):
                    state = "missing" if path not in present else "changed" if path in entry.files else "unexpected"
                    problems.append(f"{path}: {state}")
        problems += [f"{name}: unexpected" for name in _directories(home.published) if name not in manifest.tables]
        if not (home.published / DATABASE).is_file():
            return [*problems, f"{DATABASE}: missing"]
        contents = report_database.content_hashes(home.published / DATABASE)
        expected = {name: entry.content_sha256 for name, entry in manifest.tables.items()}
        differing = [name for name in sorted(contents | expected) if contents.get(name) != expected.get(name)]
        return problems + [f"{DATABASE}: table {name} changed" for name in differing]


def _build(staging: Path, tables: Mapping[str, pd.DataFrame], as_of: date) -> Manifest:
    durable.make_directories(staging)
    typed: dict[str, pa.Table] = {}
    for name, frame in sorted(tables.items()):
        texts = to_arrow(TABLES[name], frame)
        typed[name] = to_typed(TABLES[name], texts)
        _write_partitions(staging, TABLES[name], texts, typed[name], as_of)
    contents = report_database.build(staging / DATABASE, typed)
    manifest = Manifest(
        as_of.isoformat(),
        {name: PublishedTable(typed[name].num_rows, contents[name], _digests(staging, name)) for name in typed},
    )
    durable.write(staging / MANIFEST, manifest.to_json().encode())
    return manifest


def _write_partitions(staging: Path, table: Table, texts: pa.Table, typed: pa.Table, as_of: date) -> None:
    durable.make_directories(staging / table.name)
    years = _years(table, texts, as_of)
    if "year" in typed.column_names:  # the directory says it; some readers fail when the file says it too
        typed = typed.drop_columns(["year"])
    # A table without rows has one file all the same, so that whoever reads `<table>/*/*.parquet` finds its columns.
    for year in sorted(years.unique().to_pylist()) or [f"{as_of.year:04d}"]:
        folder = staging / table.name / f"year={year}"
        durable.make_directories(folder)
        durable.write(folder / "data.parquet", encode(typed.filter(pc.equal(years, year)).combine_chunks()))


def _years(table: Table, texts: pa.Table, as_of: date) -> pa.ChunkedArray:
    column = period_column(table)
    if column is None:
        return pa.chunked_array([pa.array([f"{as_of.year:04d}"] * texts.num_rows, pa.string())])
    years = pc.utf8_slice_codeunits(texts[column], 0, 4)
    # A finding about a row whose month cannot be read has no year, and is published all the same.
    return pc.if_else(pc.match_substring_regex(years, "^[0-9]{4}$"), years, NO_YEAR)


def _finish(home: Home) -> None:
    root, ready = home.published, home.published / ".ready"
    if not ready.exists():
        return
    if (ready / MANIFEST).is_file():
        manifest = Manifest.from_json((ready / MANIFEST).read_text(encoding="utf-8"))
        for name, entry in manifest.tables.items():
            if not (root / name).exists() or _digests(root, name) != entry.files:
                _switch(ready / name, root / name)
        for name in _directories(root):
            if name not in manifest.tables:
                (root / name).rename(ready / f"{name}.gone")
        durable.sync(root)
        if (ready / DATABASE).is_file():
            (ready / DATABASE).replace(root / DATABASE)
        durable.sync(root)
        (ready / MANIFEST).replace(root / MANIFEST)
        durable.sync(root)
    shutil.rmtree(ready)
    durable.sync(root)


def _switch(new: Path, place: Path) -> None:
    if place.exists() and durable.exchange(new, place):
        return
    if place.exists():
        place.rename(new.with_name(f"{new.name}.old"))
    new.rename(place)


def _directories(root: Path) -> list[str]:
    return sorted(entry.name for entry in root.iterdir() if entry.is_dir() and not entry.name.startswith("."))


def _digests(root: Path, table: str) -> dict[str, str]:
    """SHA-256 of each Parquet file of a table, by its path below `root`."""
    return {
        path.relative_to(root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted((root / table).rglob("*.parquet"))
    }
