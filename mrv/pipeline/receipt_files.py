"""Receipts as files: the document, and the page on paper with the document attached."""

import json
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mrv.reporting.receipt_pdf import receipt_pdf, receipt_text
from mrv.storage import durable
from mrv.storage.control import Control
from mrv.storage.ledger import sm3_of

SUFFIXES = (".json", ".pdf")


def receipt_bytes(control: Control, receipt: Mapping[str, Any], suffix: str, lang: str) -> bytes:
    """A receipt as `.json` or `.pdf`; the same receipt gives the same bytes. ValueError for another suffix."""
    if suffix == ".json":
        return receipt_text(receipt).encode()
    if suffix != ".pdf":
        raise ValueError(f"no such form of receipt: {suffix}")
    with control.read() as session:
        sm3 = sm3_of(session, json.loads(receipt["leaf"])["file"]["sha256"])
    return receipt_pdf(receipt, lang, sm3)


def make_ready(folder: Path) -> None:
    """Sees to it that receipts can be written to a folder; OSError tells why not, before anything is deposited."""
    durable.make_directories(folder)
    probe = folder / f".{secrets.token_hex(8)}.tmp"
    probe.touch()
    probe.unlink()


def write_receipts(control: Control, receipts: Mapping[str, Mapping[str, Any]], folder: Path, lang: str) -> list[Path]:
    """Writes each receipt (by the name of its files, without suffix) as JSON and PDF into a folder, and returns the paths."""
    durable.make_directories(folder)
    written = []
    for name, receipt in receipts.items():
        for suffix in SUFFIXES:
            path = folder / f"{name}{suffix}"
            durable.write(path, receipt_bytes(control, receipt, suffix, lang))
            written.append(path)
    return written


def name_of(plant_id: str, month: str, sector: str, version: int, deposit_id: str) -> str:
    """The name of the files of a receipt; what others wrote keeps only what any file system takes."""
    plain = "".join(letter if letter.isalnum() or letter in "-_" else "_" for letter in plant_id)
    return f"{plain}-{month}-{sector}-v{version}-{deposit_id[:8]}"
