"""What a home holds, and whether everything acknowledged is in it."""

import hashlib
import json
from pathlib import Path
from typing import Any

from mrv.pipeline.opening import opened
from mrv.pipeline.proofs import audited
from mrv.storage.control import Control
from mrv.storage.evidence import Evidence, IntegrityError
from mrv.storage.home import Home
from mrv.storage.ledger import DEPOSIT, RECEIVED, leaf_number, receipt_of
from mrv.storage.published import DATABASE, verify

TABLES = (
    *("received_file", "deposit", "deposit_file", "ledger_leaf", "ledger_node", "ledger_checkpoint", "audit"),
    *("meter_file", "register_row", "finding_life", "finding_event"),
)
# Runs that were killed are on record, and the run that finished the work has another number.
OF_RUNS = {"first_seen_in", "last_seen_in", "seen_in"}


def missing(path: Path, acknowledged: list[tuple[str, Any]]) -> list[str]:
    """What a freshly opened home lacks of what was acknowledged, and what is torn in it; empty when all is well."""
    wrong = []
    with opened(path) as (home, control):
        wrong += [f"audit: {fault.message['en']}" for fault in audited(home, control, []).faults]
        evidence = Evidence(home.evidence)
        for kind, content in acknowledged:
            if kind in ("received", "deposit"):
                wrong += _unproven(control, evidence, kind, content)
        wrong += [f"published: {problem}" for problem in verify(home) if (home.published / "manifest.json").exists()]
        if any(kind == "published" for kind, _ in acknowledged):
            told = [content for kind, content in acknowledged if kind == "published"][-1]
            if (home.published / "manifest.json").read_text(encoding="utf-8") != told:
                wrong.append("published: another publication than the one acknowledged")
    return wrong


def _unproven(control: Control, evidence: Evidence, kind: str, content: dict[str, Any]) -> list[str]:
    subject = content["sha256"] if kind == "received" else content["id"]
    with control.read() as session:
        number = leaf_number(session, RECEIVED if kind == "received" else DEPOSIT, subject)
        if number is None:
            return [f"lost: {kind} {subject}"]
        receipt = receipt_of(session, number)
    wrong = [] if receipt == content["receipt"] else [f"another receipt: {kind} {subject}"]
    for named in _files(receipt):
        try:
            evidence.get(named)
        except IntegrityError as error:
            wrong.append(f"lost bytes: {error}")
    return wrong


def _files(receipt: dict[str, Any]) -> list[str]:
    leaf = json.loads(receipt["leaf"])
    return [entry["sha256"] for entry in (leaf["file"], *leaf.get("attachments", []))]


def inbox_holds(path: Path, contents: list[bytes]) -> list[str]:
    """Files that were in the inbox and are in none of its folders any more, and empty ones that nobody sent."""
    present = [entry.read_bytes() for entry in (path / "inbox").rglob("*") if entry.is_file()]
    lost = [f"inbox: lost {hashlib.sha256(data).hexdigest()}" for data in contents if data not in present]
    return lost + (["inbox: an empty file"] if b"" in present else [])


def leftovers(path: Path) -> list[str]:
    """Temporary files and half a publication, which a write that was not killed takes away."""
    return [
        entry.relative_to(path).as_posix()
        for entry in sorted(path.rglob(".*"))
        if entry.name.endswith(".tmp") or entry.name == ".next"
    ]


def digests(path: Path) -> dict[str, str]:
    """Part of a home → SHA-256 over its content, for comparing two homes that went different ways to the same end."""
    with opened(path) as (home, control):
        found = {f"table {name}": _hash(rows) for name, rows in tables(control).items()}
        found |= _files_below(home)
    return found


def tables(control: Control) -> dict[str, list[str]]:
    """The rows of the tables that carry what was filed, as ordered texts."""
    result = {}
    with control.read() as session:
        connection = session.connection()
        for name in TABLES:
            rows = connection.exec_driver_sql(f"SELECT * FROM {name}")
            names = list(rows.keys())
            kept = [place for place, column in enumerate(names) if column not in OF_RUNS]
            result[name] = sorted(repr([str(row[place]) for place in kept]) for row in rows)
    return result


def _files_below(home: Home) -> dict[str, str]:
    found = {}
    for root in (home.evidence, home.lake, home.inbox_new, home.inbox_done, home.inbox_refused, home.published):
        for entry in sorted(root.rglob("*")):
            # A DuckDB file is the same by its content only, which the manifest names and publishing reads back.
            if entry.is_file() and not entry.name.startswith(".") and entry.name != DATABASE:
                content = f"{entry.stat().st_mode:o} {hashlib.sha256(entry.read_bytes()).hexdigest()}"
                found[entry.relative_to(home.path).as_posix()] = content
    return found


def _hash(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, ensure_ascii=False).encode()).hexdigest()
