"""A home from a backup: every file held against the manifest, the whole ledger audited, and only then in its place."""

import hashlib
import json
import shutil
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mrv.ledger.receipt import checkpoint_of
from mrv.pipeline.backup import FORMAT, MANIFEST, TABLES
from mrv.pipeline.keys import keep_former_keys
from mrv.storage import durable
from mrv.storage.backup_archive import BadArchive, Source, reading
from mrv.storage.backup_tables import clear, is_empty, is_known, load_tables
from mrv.storage.control import Control, engine_of
from mrv.storage.evidence import Evidence, IntegrityError
from mrv.storage.home import SETTINGS_FILE, Home, HomeExists
from mrv.storage.ledger_audit import Outcome, audit
from mrv.storage.settings import StorageFault, combine
from mrv.storage.store_faults import told


class NotABackup(StorageFault):
    """What was named is no backup, or one that this program cannot take."""


@dataclass(frozen=True)
class Restored:
    """What was brought back: rows by table, evidence files, what the audit read, and whether the keys came with it."""

    home: Path
    tables: dict[str, int]
    evidence: int
    audit: Outcome
    with_keys: bool
    made_at: str


def restore(place: Path, path: Path, environment: Mapping[str, str], database_url: str = "") -> Restored:
    """Makes a home at `path` from the backup at `place`.

    environment : settings `TANHENG_*`, which hold for the restored home as for any other. database_url : where its control store shall
    lie; empty for SQLite in the home.

    Raises HomeExists where anything stands at `path` or in that store, NotABackup, and IntegrityError when a file is not the one of the
    manifest or the ledger does not hold together; nothing is left behind then.
    """
    path = path.absolute()
    if path.is_file() or (path.is_dir() and any(path.iterdir())):
        raise HomeExists(f"目录已存在且不为空：{path}", f"something stands there already: {path}")
    staging = path.with_name(f".{path.name}.restoring")
    shutil.rmtree(staging, ignore_errors=True)
    try:
        with _opened(place) as (source, manifest):
            home = _files(source, manifest, staging, environment, database_url)
            engine = engine_of(home.database_url)
            with told(engine):
                tables, found = _store(engine, home, source, manifest)
        if not manifest["with_keys"]:
            keep_former_keys(home, manifest["signers"])
        evidence = sum(1 for name in manifest["files"] if name.startswith("evidence/"))
        staging.rename(path)  # onto nothing, or onto an empty directory
        durable.sync(path.parent)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return Restored(path, tables, evidence, found, manifest["with_keys"], manifest["made_at"])


@contextmanager
def _opened(place: Path) -> Iterator[tuple[Source, dict[str, Any]]]:
    """The backup and its manifest, once they are known to belong together."""
    try:
        with reading(place) as source:
            yield source, _manifest(source)
    except BadArchive as error:
        raise NotABackup(f"{place} 不是碳衡备份：{error.zh}", f"{place} is no Tanheng backup: {error}") from error


def _manifest(source: Source) -> dict[str, Any]:
    try:
        manifest: dict[str, Any] = json.loads(source.read(MANIFEST))
        if manifest["format"] != FORMAT:
            raise ValueError(manifest["format"])
    except (KeyError, TypeError, ValueError) as error:
        raise BadArchive(f"no {MANIFEST} that this program knows", f"没有本程序认识的清单 {MANIFEST}") from error
    if not is_known(manifest["revision"]):
        raise NotABackup(
            f"备份由更新的程序版本生成（{manifest['software']}），请先升级。",
            f"the backup was made by a later program ({manifest['software']}); upgrade first.",
        )
    present, named = set(source.names) - {MANIFEST}, set(manifest["files"])
    if present != named:
        first = sorted(present ^ named)[0]
        en, zh = ("is not in the manifest", "不在清单中") if first in present else ("is missing", "缺失")
        raise IntegrityError(f"{first} {en}", f"{first} {zh}")
    return manifest


def _files(
    source: Source, manifest: Mapping[str, Any], staging: Path, environment: Mapping[str, str], database_url: str
) -> Home:
    """The directory with every file of the backup but the tables, each as the manifest has it."""
    written = tomllib.loads(_checked(source, manifest, SETTINGS_FILE).decode())
    flags = {"database_url": database_url} if database_url else {}
    Home.create(staging, combine({**written, **flags}, {}, {}))
    for name in manifest["files"]:
        if name == SETTINGS_FILE or name.startswith(f"{TABLES}/"):
            continue
        data = _checked(source, manifest, name)
        target = staging / name
        if name.startswith("evidence/"):
            if (
                hashlib.sha256(data).hexdigest() != target.name
                or Evidence(staging / "evidence").put(data) != target.name
            ):
                raise IntegrityError(f"{name} is not what its name says", f"{name} 的内容与其文件名所示的摘要不符")
            continue
        durable.make_directories(target.parent)
        durable.write(target, data)
        target.chmod(0o600)
    return Home.open(staging, flags, environment)


def _not_listed(name: str) -> IntegrityError:
    return IntegrityError(f"{name} is not the file of the manifest", f"{name} 的内容与清单不符")


def _checked(source: Source, manifest: Mapping[str, Any], name: str) -> bytes:
    data = source.read(name)
    if hashlib.sha256(data).hexdigest() != manifest["files"][name]["sha256"]:
        raise _not_listed(name)
    return data


def _store(engine: Any, home: Home, source: Source, manifest: Mapping[str, Any]) -> tuple[dict[str, int], Outcome]:
    """The control store filled and audited against the checkpoint of the manifest."""
    if not is_empty(engine):
        engine.dispose()
        raise HomeExists(
            "目标数据库不为空；请指定空数据库（--database-url 或 TANHENG_DATABASE_URL）",
            "the data base is not empty; name an empty one (--database-url or TANHENG_DATABASE_URL)",
        )
    control = Control(engine)
    try:
        prefix, suffix = f"{TABLES}/", ".jsonl"
        names = [name for name in manifest["files"] if name.startswith(prefix)]
        for name in names:
            _checked_table(source, manifest, name)
        lines = {name.removeprefix(prefix).removesuffix(suffix): _lines(source, name) for name in names}
        counts = load_tables(engine, manifest["revision"], dict(lines))
        known = {name: count for name, count in counts.items() if name in manifest["tables"]}
        if known != manifest["tables"]:
            raise IntegrityError("other numbers of rows than in the manifest", "各表行数与清单不符")
        held = [checkpoint_of(manifest["checkpoint"])] if manifest["checkpoint"] else []
        with control.read() as session:
            found = audit(session, Evidence(home.evidence), manifest["signers"], held)
        if found.faults:
            told = found.faults[0].message
            raise IntegrityError(told["en"], told["zh"])
    except BaseException:
        clear(engine)
        raise
    finally:
        control.close()
    return counts, found


def _lines(source: Source, name: str) -> Iterator[bytes]:
    with source.open(name) as handle:
        yield from handle


def _checked_table(source: Source, manifest: Mapping[str, Any], name: str) -> None:
    with source.open(name) as handle:
        digest = hashlib.file_digest(handle, "sha256").hexdigest()  # type: ignore[arg-type]
    if digest != manifest["files"][name]["sha256"]:
        raise _not_listed(name)
