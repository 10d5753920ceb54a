"""Acknowledging bytes: kept, in the ledger, receipted – before anybody looks into them, so that no check can delay a receipt."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import version
from typing import Any

from mrv.ledger.digests import SM3, algorithms, digest
from mrv.ledger.signing import FILES, Signer, create_keys
from mrv.storage import durable
from mrv.storage.control import Control, iso
from mrv.storage.evidence import Evidence
from mrv.storage.home import Home
from mrv.storage.ledger import RECEIVED, append, leaf_number, note, receipt_of, sign, take
from mrv.storage.ledger_models import ReceivedFile
from mrv.storage.locks import in_turn
from schemas.file_name import plain_name

File = tuple[str, bytes]
KEYS_LOCK = ".lock"


@dataclass(frozen=True)
class Received:
    """Acknowledged bytes: their hashes, and the receipt that proves when they were here."""

    name: str
    sha256: str
    new: bool
    receipt: dict[str, Any]


def signer_of(home: Home) -> Signer:
    """The signer of a home; its keys are made when they are missing, and only the owner may read them.

    One makes them at a time, and whoever comes second takes what is there: with a key that another has replaced, somebody would sign
    what nobody can check against the keys of the home.
    """
    make = partial(create_keys, home.keys, partial(durable.write, mode=0o600))
    if all((home.keys / name).is_file() for name in FILES.values()):
        return make()
    with in_turn(home.keys / KEYS_LOCK):
        return make()


def software() -> str:
    """What program is at work, as leaves name it."""
    return f"tanheng {version('tanheng')}"


def file_entry(name: str, data: bytes) -> dict[str, Any]:
    """A file as a leaf and the row beside it name it: both hashes, size [bytes] and name."""
    sm3 = digest(SM3, data).hex() if SM3 in algorithms() else ""
    return {"name": plain_name(name), "sha256": hashlib.sha256(data).hexdigest(), "sm3": sm3, "size": len(data)}


def receive(
    home: Home,
    control: Control,
    files: Sequence[File],
    received_at: datetime | Mapping[str, datetime],
    uploader: str,
    signer: Signer | None = None,
) -> list[Received]:
    """Keeps files and returns a receipt for each, whatever is in them.

    The bytes reach the disk and are read back, then file row, leaf and audit row of each are committed together, then the log is signed;
    only then are the receipts made. The same bytes again give the same receipt, whoever sends them.
    """
    evidence, keys = Evidence(home.evidence), signer or signer_of(home)
    entries = []
    for name, data in files:
        evidence.put(data)
        entries.append(file_entry(name, data))
    moments = [received_at if isinstance(received_at, datetime) else received_at[name] for name, _ in files]
    numbers, fresh = [], []
    for entry, at in zip(entries, moments, strict=True):
        with control.write() as session:  # one for each: a call with many files must not keep everybody else's waiting
            take(session)
            known = leaf_number(session, RECEIVED, entry["sha256"])
            fresh.append(known is None)
            if known is None:
                session.add(ReceivedFile(**entry, uploader=uploader, received_at=at))
                note(session, at, uploader, RECEIVED, entry["sha256"], {"name": entry["name"], "size": entry["size"]})
                content = {"file": entry, "uploader": uploader, "received_at": iso_of(at), "software": software()}
                known = append(session, RECEIVED, entry["sha256"], content)
            numbers.append(known)
    if files:
        sign(control, keys, evidence, max(moments), max(numbers) + 1)
    with control.read() as session:
        return [
            Received(entry["name"], entry["sha256"], new, receipt_of(session, number))
            for entry, new, number in zip(entries, fresh, numbers, strict=True)
        ]


def iso_of(moment: datetime) -> str:
    """A moment as leaves have it: UTC, ISO 8601."""
    return iso(moment.astimezone(UTC))
