"""The inbox: files arrive in `new`, and leave for `done` or, with a reason beside them, for `refused`."""

import json
import os
from datetime import datetime
from pathlib import Path

from mrv.storage import durable
from mrv.storage.home import Home

UNFINISHED = (".part", ".tmp", ".temp", ".crdownload", ".partial", ".filepart", ".swp")
REASON_SUFFIX = ".reason.json"


def new_files(home: Home, settled_before: datetime) -> list[Path]:
    """Files of `inbox/new` that are ready to be read, ordered by their path within it.

    Left alone: files changed at or after `settled_before` (time-zone aware; whoever sends them may still be writing),
    names of unfinished transfers (`.part`, `.tmp` …), hidden files, lock files of Excel (`~$…`), and symbolic links,
    which could point out of the inbox.
    """
    if settled_before.tzinfo is None:
        raise ValueError("settled_before needs a time zone")
    limit = settled_before.timestamp()
    found = []
    for folder, folders, names in os.walk(home.inbox_new):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            path = Path(folder, name)
            if name.startswith((".", "~$")) or name.lower().endswith(UNFINISHED) or path.is_symlink():
                continue
            if path.stat().st_mtime < limit:
                found.append(path)
    return sorted(found, key=lambda path: path.relative_to(home.inbox_new).as_posix())


def move_done(home: Home, file: Path) -> Path:
    """Moves a file of the inbox to `done` and returns its new place; a name already taken gets `~2`, `~3` …"""
    return _move(home, file, home.inbox_done, None)


def move_refused(home: Home, file: Path, zh: str, en: str) -> Path:
    """Moves a file of the inbox to `refused`, with `<name>.reason.json` beside it: why, in Chinese and English."""
    reason = {"file": file.name, "size": file.stat().st_size, "reason": {"zh": zh, "en": en}}
    text = json.dumps(reason, ensure_ascii=False, indent=2) + "\n"
    return _move(home, file, home.inbox_refused, text.encode())


def _move(home: Home, file: Path, root: Path, reason: bytes | None) -> Path:
    relative = file.absolute().relative_to(home.inbox_new)  # ValueError for a file that is not in the inbox
    folder = root / relative.parent
    durable.make_directories(folder)
    target = _reserve(folder, relative)
    note = target.with_name(target.name + REASON_SUFFIX)
    try:
        if reason is not None:
            durable.write(note, reason)
        file.replace(target)
    except BaseException:
        target.unlink(missing_ok=True)
        note.unlink(missing_ok=True)
        raise
    durable.sync(folder)
    durable.sync(file.parent)
    return target


def _reserve(folder: Path, relative: Path) -> Path:
    """Takes a free name by creating an empty file under it, so that two movers can never pick the same."""
    number = 1
    while True:
        name = relative.name if number == 1 else f"{relative.stem}~{number}{relative.suffix}"
        target = folder / name
        number += 1
        if target.with_name(name + REASON_SUFFIX).exists():
            continue
        try:
            target.open("x").close()
        except FileExistsError:
            continue
        return target
