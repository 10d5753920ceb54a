"""What a data base says of its server, its file and its disk, in words for people."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL, Engine
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

from mrv.storage import locks
from mrv.storage.durable import DiskFailed, DiskFull
from mrv.storage.locks import Stopped
from mrv.storage.settings import StorageFault

BUSY_TIMEOUT_MS = 30_000  # of SQLite
LITTLE = 1 << 20  # bytes free: less than what one transaction of the write-ahead log may want
# Classes of SQLSTATE in which a server ends a connection or does not begin one: connection, log-in, no such data base, too many, shut down.
AWAY = ("08", "28", "3D", "53300", "57P")


class Unreachable(StorageFault):
    """The server of the control store does not answer, or does not let the program in."""

    def __init__(self, where: str) -> None:
        super().__init__(
            f"无法连接存证库服务器：{where}，本次未完成。已出具回执的内容不受影响；请检查服务器是否运行、网络、"
            "地址与用户名口令（TANHENG_DATABASE_URL 或 tanheng.toml 的 database_url），然后重做同一操作。",
            f"The data base server of the control store cannot be reached or does not let this program in: {where}. This was not done; "
            "whatever was receipted is safe. Check that it runs, the network, and address, user and password (TANHENG_DATABASE_URL, "
            "or database_url in tanheng.toml), and do the same again.",
        )


class Damaged(StorageFault):
    """The file of the control store is no data base of SQLite, or is damaged."""

    def __init__(self, where: str) -> None:
        super().__init__(
            f"存证库文件已损坏，或不是数据库：{where}。请勿删除或改动该文件；请由备份恢复到新目录："
            "mrv restore BACKUP --home DIR，并检查磁盘。",
            f"The file of the control store is damaged or no data base: {where}. Leave it as it is and restore a backup into a new "
            "home: mrv restore BACKUP --home DIR. Check the disk as well.",
        )


class NotOpened(StorageFault):
    """The file of the control store cannot be opened, or not for writing."""

    def __init__(self, where: str) -> None:
        super().__init__(
            f"存证库文件无法打开或不可写：{where}，本次未完成。请检查文件与目录的权限，以及磁盘是否以只读方式挂载。",
            f"The file of the control store cannot be opened, or not for writing: {where}. This was not done. Check the permissions of "
            "file and directory, and whether the disk is mounted for reading only.",
        )


@contextmanager
def told(engine: Engine) -> Iterator[None]:
    """Turns what a data base says of its server, file or disk into words; the transaction was rolled back."""
    try:
        yield
    except DBAPIError as error:
        fault = _of_postgresql(error, engine.url) if engine.dialect.name == "postgresql" else _of_sqlite(error, engine)
        if fault is None:
            raise
        raise fault from error


def _of_postgresql(error: DBAPIError, url: URL) -> StorageFault | None:
    state = getattr(error.orig, "sqlstate", None)
    where = f"{url.host or 'localhost'}:{url.port or 5432}/{url.database or ''}"  # never the whole address: it has the password
    match state:
        case "53100":
            return DiskFull(str(url.database))
        case "58030":
            return DiskFailed(str(url.database))
        case "55P03":
            return Stopped(where, None, locks.PATIENCE)
    # Before a connection is there, and once it is lost, there is no state.
    away = isinstance(error, OperationalError | InterfaceError) and (state is None or state.startswith(AWAY))
    return Unreachable(where) if away or error.connection_invalidated else None


def _of_sqlite(error: DBAPIError, engine: Engine) -> StorageFault | None:
    store = engine.url.database or ""
    match getattr(error.orig, "sqlite_errorcode", 0) & 0xFF:
        case sqlite3.SQLITE_FULL:
            return DiskFull(store)
        case sqlite3.SQLITE_IOERR:
            # Said too where there is no room to make the shared memory or the journal larger.
            return (DiskFull if _little_room(store) else DiskFailed)(store)
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB:
            return Damaged(store)
        case sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_READONLY | sqlite3.SQLITE_PERM:
            return NotOpened(store)
        case sqlite3.SQLITE_BUSY:
            return Stopped(store, None, BUSY_TIMEOUT_MS / 1000)
    return None


def _little_room(store: str) -> bool:
    disk = os.statvfs(Path(store).parent)
    return disk.f_bavail * disk.f_frsize < LITTLE
