"""The inbox: files arrive in `new`, and leave for `done` or, with a reason beside them, for `refused`."""

import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

from mrv.storage import durable
from mrv.storage.home import Home
from schemas.file_name import plain_name

UNFINISHED = (".part", ".tmp", ".temp", ".crdownload", ".partial", ".filepart", ".swp")
REASON_SUFFIX = ".reason.json"
SETTLING = timedelta(seconds=10)  # how long a file has to lie unchanged: whoever writes one seldom pauses for so long


@dataclass(frozen=True)
class Arrived:
    """A file of the inbox as it was read, once: what is moved later must still be these bytes."""

    path: Path
    data: bytes
    sha256: str


def arrived(home: Home, settled_before: datetime) -> list[Arrived]:
    """The bytes of `new_files`; without the files that were touched or taken away while they were read."""
    limit, found = settled_before.timestamp(), []
    for path in new_files(home, settled_before):
        data = _bytes(path)
        if data is not None and _settled(path, limit):
            found.append(Arrived(path, data, hashlib.sha256(data).hexdigest()))
    return found


def new_files(home: Home, settled_before: datetime) -> list[Path]:
    """Files of `inbox/new` that are ready to be read, ordered by their path within it.

    Left alone: files changed at or after `settled_before` (time-zone aware; whoever sends them may still be writing),
    names of unfinished transfers (`.part`, `.tmp` …), hidden files, lock files of Excel (`~$…`), and symbolic links,
    which could point out of the inbox.
    """
    if settled_before.tzinfo is None:
        raise ValueError("settled_before needs a time zone")
    limit = settled_before.timestamp()
    found = [path for path in _named_whole(home) if _settled(path, limit)]
    return sorted(found, key=lambda path: path.relative_to(home.inbox_new).as_posix())


def waiting(home: Home) -> int:
    """How many files of `inbox/new` are nothing unfinished by their names, settled or not."""
    return sum(1 for _ in _named_whole(home))


def _named_whole(home: Home) -> Iterator[Path]:
    for folder, folders, names in os.walk(home.inbox_new):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            path = Path(folder, name)
            if not (name.startswith((".", "~$")) or name.lower().endswith(UNFINISHED) or path.is_symlink()):
                yield path


def _settled(path: Path, limit: float) -> bool:
    """Whether a file was last changed before a moment; one that was taken away since it was listed is not."""
    try:
        return path.stat().st_mtime < limit
    except FileNotFoundError:
        return False


def _bytes(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def move_done(home: Home, file: Arrived) -> Path | None:
    """Moves a file of the inbox to `done` and returns its new place; a name already taken gets `~2`, `~3` …

    A file that was replaced or written to since it was read is another one: it stays in `new` for the next time (None).
    """
    return _move(home, file, home.inbox_done, None)


def move_refused(home: Home, file: Arrived, zh: str, en: str) -> Path | None:
    """Moves a file of the inbox to `refused`, with `<name>.reason.json` beside it: why, in Chinese and English.

    None as of `move_done`.
    """
    reason = {"file": plain_name(file.path.name), "size": len(file.data), "reason": {"zh": zh, "en": en}}
    text = json.dumps(reason, ensure_ascii=False, indent=2) + "\n"
    return _move(home, file, home.inbox_refused, text.encode())


def _move(home: Home, taken: Arrived, root: Path, reason: bytes | None) -> Path | None:
    file = taken.path
    relative = file.absolute().relative_to(home.inbox_new)  # ValueError for a file that is not in the inbox
    if _bytes(file) != taken.data:
        return None
    folder = root / relative.parent
    durable.make_directories(folder)
    for target in _names(folder, relative):
        note = target.with_name(target.name + REASON_SUFFIX)
        # A reason without its file was left by a move that was killed, and is written again; one that stands for itself is
        # somebody's file of that name.
        if target.exists() or (note.exists() and not _is_reason(note, file)):
            continue
        if reason is not None:
            durable.write(note, reason)
        try:
            moved = durable.move_new(file, target)
        except BaseException:
            if reason is not None:
                note.unlink(missing_ok=True)
            raise
        if moved:
            break
    durable.sync(folder)
    durable.sync(file.parent)
    return target


def _names(folder: Path, relative: Path) -> Iterator[Path]:
    """The name of a file, then `~2`, `~3` …"""
    for number in count(1):
        yield folder / (relative.name if number == 1 else f"{relative.stem}~{number}{relative.suffix}")


def _is_reason(note: Path, file: Path) -> bool:
    """Whether a note gives the reason for this very file."""
    try:
        said = json.loads(note.read_bytes())
        return bool(said["file"] == plain_name(file.name) and set(said) == {"file", "size", "reason"})
    except (ValueError, KeyError, TypeError):
        return False
