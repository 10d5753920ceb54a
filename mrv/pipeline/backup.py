"""Backup of a home while it is at work: what cannot be made again, with the hash of every file."""

import json
from collections.abc import Container
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain, count
from pathlib import Path, PurePosixPath
from tempfile import NamedTemporaryFile
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from mrv.pipeline.receive import iso_of, software
from mrv.storage.backup_archive import Target, writing
from mrv.storage.backup_tables import export_tables, store_revision
from mrv.storage.control import Control
from mrv.storage.evidence import Evidence, damaged
from mrv.storage.home import SETTINGS_FILE, Home
from mrv.storage.ledger import newest_checkpoint, signers
from schemas.file_name import plain_name

FORMAT = "tanheng-backup/1"
MANIFEST = "manifest.json"
TABLES = "control"
# What people left there and nothing else holds. Lake, publication and reports are made anew from the rest (`mrv rebuild`).
FOLDERS = ("inbox/new", "inbox/refused", "restricted")


@dataclass(frozen=True)
class Backup:
    """A backup that was made: its manifest, and the SHA-256 of that, to be kept elsewhere."""

    place: Path
    manifest: dict[str, Any]
    manifest_sha256: str


def backup(home: Home, control: Control, place: Path, at: datetime, with_keys: bool = False) -> Backup:
    """Copies a home to `place` (a directory, or a file `*.tar`) while others go on depositing.

    home, control : what is copied. at : moment of the backup. with_keys : the signing keys too; without them a restored home signs
    with keys of its own.

    The tables are read from one state of the store; evidence is copied after it, so that every file the tables name is there: it was on
    the disk before it was acknowledged. FileExistsError where something stands at `place`; IntegrityError for evidence that is no longer
    what it was: nothing is written then.
    """
    with writing(place) as target:
        for folder in (
            *FOLDERS,
            *(["keys"] if with_keys else []),
        ):  # before the tables: what leaves the inbox is in them
            _folder(target, home.path, folder)
        authority = home.path / home.settings.timestamp_ca
        if authority.is_file() and authority.is_relative_to(home.path):
            _once(target, home.path, authority)
        with control.read() as session:
            checkpoint = newest_checkpoint(session)
            told: dict[str, Any] = {
                "format": FORMAT,
                "made_at": iso_of(at),
                "software": software(),
                "revision": store_revision(session),
                "checkpoint": checkpoint.document() if checkpoint else None,
                "signers": signers(session),
                "with_keys": with_keys,
                "tables": {name: _table(target, name, lines) for name, lines in export_tables(session)},
            }
        evidence = Evidence(home.evidence)
        for address in evidence.addresses():
            path = evidence.path(address)
            if target.add(path.relative_to(home.path).as_posix(), path) != address:
                raise damaged(path)
        _text(target, SETTINGS_FILE, _settings(home))
        manifest = {**told, "files": dict(sorted(target.files.items()))}
        digest = _text(target, MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True) + "\n")
    return Backup(place, manifest, digest)


def without_password(url: str) -> str:
    """An address without the name and password in it."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def _settings(home: Home) -> str:
    """The settings as text; where the store lies is said anew when the backup is restored."""
    texts = {name: value for name, value in vars(home.settings).items() if isinstance(value, str) and "://" in value}
    plain: dict[str, Any] = {name: without_password(value) for name, value in texts.items()} | {"database_url": ""}
    return replace(home.settings, **plain).to_toml()


def _folder(target: Target, root: Path, folder: str) -> None:
    for path in sorted((root / folder).rglob("*")):
        if path.is_file() and not path.name.startswith("."):
            try:
                target.add(_plain(path.relative_to(root), target.files), path)
            except FileNotFoundError:  # taken out of the inbox this moment: it is, or will be, a deposit
                continue


def _plain(path: Path, taken: Container[str]) -> str:
    """A name the manifest can hold; two names that read the same get `~2`, `~3` …"""
    plain = PurePosixPath(*map(plain_name, path.parts))
    names = chain([plain], (plain.with_name(f"{plain.stem}~{number}{plain.suffix}") for number in count(2)))
    return next(name for name in map(str, names) if name not in taken)


def _once(target: Target, root: Path, path: Path) -> None:
    name = path.relative_to(root).as_posix()
    if name not in target.files:
        target.add(name, path)


def _table(target: Target, name: str, lines: Any) -> int:
    count = 0
    with NamedTemporaryFile(suffix=".jsonl") as scratch:
        for line in lines:
            scratch.write(line)
            count += 1
        scratch.flush()
        target.add(f"{TABLES}/{name}.jsonl", Path(scratch.name))
    return count


def _text(target: Target, name: str, text: str) -> str:
    with NamedTemporaryFile() as scratch:
        scratch.write(text.encode())
        scratch.flush()
        return target.add(name, Path(scratch.name))
