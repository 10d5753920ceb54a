"""Writing so that a crash leaves either the old file or the new one, never a piece of either.

Temporary file in the same directory → fsync → rename → fsync of the directory. Temporary names begin with a dot, which
every reader of these stores (pyarrow datasets among them) passes over.
"""

import ctypes
import errno
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mrv.storage.settings import StorageFault

_AT_FDCWD = -100
_RENAME_NOREPLACE, _RENAME_EXCHANGE = 1, 2
FULL = (errno.ENOSPC, errno.EDQUOT)
FAILED = (errno.EIO, errno.EROFS)


class DiskFull(StorageFault):
    """There is no room left. Nothing was acknowledged that is not kept; the same may be done again once there is room."""

    def __init__(self, where: str) -> None:
        super().__init__(
            f"磁盘空间不足，本次未完成：{where}。已出具回执的内容不受影响；请清理磁盘后重做同一操作。",
            f"The disk is full and this was not done: {where}. Whatever was receipted is safe; make room and do the same again.",
        )


class DiskFailed(StorageFault):
    """The disk could not be read or written, and not for want of room. Nothing was acknowledged that is not kept."""

    def __init__(self, where: str) -> None:
        super().__init__(
            f"磁盘读写出错，本次未完成：{where}。已出具回执的内容不受影响；请检查磁盘，并运行 mrv ledger audit 核对已存内容。",
            f"The disk could not be read or written and this was not done: {where}. Whatever was receipted was safe on it; "
            "check the disk, and what is stored with mrv ledger audit.",
        )


@contextmanager
def telling(where: Path) -> Iterator[None]:
    """Turns the system's word for a full or failing disk into one for people; `where` is what was to be written."""
    try:
        yield
    except OSError as error:
        if fault := disk_fault(error, str(where)):
            raise fault from error
        raise


def disk_fault(error: OSError, where: str) -> StorageFault | None:
    """What an error of the system says of the disk; None when it is about something else."""
    if error.errno in FULL:
        return DiskFull(where)
    return DiskFailed(where) if error.errno in FAILED else None


def sync(path: Path) -> None:
    """Forces a file's bytes, or a directory's entries, to the disk."""
    with telling(path):
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def make_directories(path: Path) -> None:
    """Creates a directory and its missing parents; each new entry is on the disk when this returns."""
    missing = [folder for folder in (path, *path.parents) if not folder.exists()]
    with telling(path):
        for folder in reversed(missing):
            folder.mkdir(exist_ok=True)
            sync(folder.parent)


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Yields a temporary path to write to; it becomes `path` when the block ends well and vanishes when it does not."""
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(8)}.tmp")
    with telling(path):
        try:
            yield temporary
            sync(temporary)
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)
        sync(path.parent)


def write(path: Path, data: bytes, mode: int | None = None) -> None:
    """Writes `data` to `path`, replacing what stood there in one step. The directory must exist.

    mode : permissions that the file has from the moment it bears its name. DiskFull when there is no room.
    """
    with replacing(path) as temporary:
        temporary.write_bytes(data)
        if mode is not None:
            temporary.chmod(mode)


def move_new(source: Path, place: Path) -> bool:
    """Moves a file to a name that must be free, in a single step; False when the name is taken.

    Where the file system cannot do that the file is linked and then unlinked: a crash in between leaves it under both names, and
    doing the same again ends the move.
    """
    rename = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if rename is not None:
        names = os.fsencode(source), os.fsencode(place)
        if rename(_AT_FDCWD, names[0], _AT_FDCWD, names[1], _RENAME_NOREPLACE) == 0:
            return True
        if ctypes.get_errno() == errno.EEXIST and not place.samefile(source):
            return False
    with telling(place):  # a directory may need room for one more name
        try:
            os.link(source, place)
        except FileExistsError:
            if not place.samefile(source):
                return False
        source.unlink()
    return True


def exchange(first: Path, second: Path) -> bool:
    """Swaps two existing paths of one file system in a single step; False where the system cannot do that."""
    rename = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if rename is None:
        return False
    return rename(_AT_FDCWD, os.fsencode(first), _AT_FDCWD, os.fsencode(second), _RENAME_EXCHANGE) == 0
