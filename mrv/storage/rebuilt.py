"""What was made anew beside what stands there: which files differ, and the one put in place of the other."""

import hashlib
import shutil
from collections.abc import Collection, Iterator
from contextlib import ExitStack
from pathlib import Path

import duckdb

from mrv.storage import durable, report_database
from mrv.storage.locks import exclusive
from mrv.storage.published import DATABASE

MISSING, CHANGED, UNEXPECTED, UNREADABLE = "missing", "changed", "unexpected", "unreadable"
LOCK = ".lock"


def file_differences(present: Path, made: Path, leave: Collection[str] = ()) -> list[str]:
    """Files of `present` that are not those of `made`, byte for byte, as `path: missing | changed | unexpected`, in order.

    Files whose names begin with a dot are passed over, and those of the names in `leave`.
    """
    here, there = dict(_files(present, leave)), dict(_files(made, leave))
    found = []
    for name in sorted(here.keys() | there.keys()):
        if name not in here:
            found.append(f"{present.name}/{name}: {MISSING}")
        elif name not in there:
            found.append(f"{present.name}/{name}: {UNEXPECTED}")
        elif _digest(here[name]) != _digest(there[name]):
            found.append(f"{present.name}/{name}: {CHANGED}")
    return found


def publication_differences(present: Path, made: Path) -> list[str]:
    """As `file_differences` for two publications; the DuckDB file by the content of its tables, not by its bytes."""
    return [*file_differences(present, made, [DATABASE]), *_tables(present / DATABASE, made / DATABASE)]


def switch_lake(made: Path, lake: Path) -> None:
    """Puts a lake in place of another in one step, once nobody writes to the old one; the old one is where the new one was."""
    with ExitStack() as held:
        for table in sorted(entry for entry in lake.iterdir() if entry.is_dir()) if lake.is_dir() else []:
            held.enter_context(exclusive(table / LOCK))
        if not (lake.exists() and durable.exchange(made, lake)):
            aside = made.with_name(f"{made.name}.old")
            if lake.exists():
                lake.rename(aside)
            made.rename(lake)
            if aside.exists():
                aside.rename(made)
        durable.sync(lake.parent)


def discard(folder: Path) -> None:
    """Removes a directory of what can be made again."""
    if folder.is_dir():
        shutil.rmtree(folder)


def _files(root: Path, leave: Collection[str]) -> Iterator[tuple[str, Path]]:
    for path in root.rglob("*"):
        inside = path.relative_to(root)
        if path.is_file() and path.name not in leave and not any(part.startswith(".") for part in inside.parts):
            yield inside.as_posix(), path


def _digest(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def _tables(present: Path, made: Path) -> list[str]:
    name = f"{present.parent.name}/{present.name}"
    if not present.is_file():
        return [f"{name}: {MISSING}"]
    wanted = report_database.content_hashes(made)
    try:
        found = report_database.content_hashes(present)
    except (duckdb.Error, UnicodeDecodeError):  # damaged: how it fails to be read depends on where
        return [f"{name}: {UNREADABLE}"]
    differing = [table for table in sorted(found | wanted) if found.get(table) != wanted.get(table)]
    return [f"{name}: table {table} {CHANGED}" for table in differing]
