"""A real home held against its book: what is done in it, and everything that must be true of it."""

import hashlib
import json
from collections.abc import Collection
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pandas as pd

from mrv.drill.forks import Tell
from mrv.drill.points import Points
from mrv.ledger import offline_verifier
from mrv.ledger.merkle import consistency_path
from mrv.ledger.receipt import checkpoint_of, proof_fails
from mrv.pipeline import deposit
from mrv.pipeline.proofs import audited, proof_of
from mrv.pipeline.receive import iso_of, receive
from mrv.storage.control import Control
from mrv.storage.deposits import deposit_files, deposit_versions, latest_deposits
from mrv.storage.evidence import Evidence
from mrv.storage.finding_life import finding_lives
from mrv.storage.home import Home
from mrv.storage.lake import Lake
from mrv.storage.ledger import leaf_content, newest_checkpoint, node_of, size_of
from schemas import TABLES as SCHEMAS
from tests.drill.model import TABLES, Book, Call, Leaf

OFFICER = "填报员"
DAY = date(2026, 3, 5)
BEGAN = datetime(2026, 3, 5, 1, tzinfo=UTC)  # before the deadlines of both months
SHOWN = {"parameter": ("plant_id", "sector", "unit_id", "stream_id", "month", "parameter", "value", "unit", "method")}
SHOWN["evidence"] = ("plant_id", "unit_id", "stream_id", "month", "parameter", "evidence_file")
Point = tuple[str, int]  # label of a moment, or any where it is empty; the how-manieth
Seen = tuple[dict[str, Any], tuple[Leaf, ...]]  # a checkpoint somebody holds, and the log it was given for


class Fatal(Points):
    """Kills at the n-th moment of a label, or of all."""

    def __init__(self, point: Point) -> None:
        label, number = point
        super().__init__(0 if label else number)
        self.point = point

    def reached(self, label: str) -> None:
        if label == self.point[0] and self.labels.count(label) + 1 == self.point[1]:
            self.fatal = len(self.labels) + 1
        super().reached(label)


def moment(at: int) -> datetime:
    """The moment that is so many minutes after all began."""
    return BEGAN + timedelta(minutes=at)


def judged(batch: Any, factors: Any, registers: Any, history: Any, as_of: date, deposited: bool) -> Any:
    """Stands in for the judgement, which takes seconds: a month that lacks a row has a blocking finding, and that is all."""
    found = []
    parameter = batch.tables["parameter"]
    for row in batch.filings.itertuples(index=False):
        if len(parameter[(parameter["file_sha256"] == row.file_sha256) & (parameter["month"] == row.month)]) < 3:
            said = {"id": f"{row.plant_id} {row.month}", "rule": "CMP-01", "severity": "blocks", "period": row.month}
            place = {"plant_id": row.plant_id, "sector": row.sector, "file_sha256": row.file_sha256}
            found.append(dict.fromkeys(SCHEMAS["finding"].names, "") | said | place)
    none = pd.DataFrame(columns=["plant_id", "sector", "month", "rule"], dtype="str")
    findings = pd.DataFrame(found, columns=SCHEMAS["finding"].names, dtype="str")
    return SimpleNamespace(findings=findings, not_run=none, accounts=SimpleNamespace(lines=none))


def carry_out(home: Home, control: Control, call: Call, at: int, tell: Tell) -> None:
    """Does what a call asks for, and tells receipts as they are given and answers as they are had."""
    files, at = [(paper.name, paper.data) for paper in call.papers], call.minute(at)
    for one in receive(home, control, files, moment(at), OFFICER):
        tell("receipt", [one.sha256, one.receipt])
    if not call.filed:
        return
    said = {"reason": call.reason, "return_reference": call.returned, "reinstate": call.reinstate}
    outcome = deposit.submit(home, control, files, moment(at), OFFICER, DAY, **said)  # type: ignore[arg-type]
    assert outcome.refused == [], outcome.refused
    for made in outcome.submissions:
        checked, deposited = made.checked, made.deposited
        tell("receipt", [[checked.plant_id, checked.month, deposited.version], made.proof])
        tell("answer", [checked.file.sha256, checked.plant_id, checked.month, deposited.outcome, deposited.version])
    for declined in outcome.declined:
        tell("answer", [declined.sha256, declined.plant_id, declined.month, declined.code, 0])


def look(
    home: Home, control: Control, book: Book, seen: list[Seen], asked: Collection[Any], fresh: Collection[Any]
) -> dict[str, Any] | None:
    """Everything that must be true of a home; AssertionError for the first thing that is not. Returns the newest checkpoint.

    seen : every checkpoint that was ever given out, whether in this history or in one that a restore left behind ; asked : names of
    the receipts that are asked for again ; fresh : of those that were not looked at before
    """
    _log(control, book)
    versions = _versions(home, control, book)
    _lake(home, book)
    for name in {*asked, *fresh}:
        receipt, subject = book.receipts[name], name if isinstance(name, str) else versions[name]
        assert proof_of(control, subject) == receipt, f"another receipt: {name}"
        if name in fresh:
            assert proof_fails(receipt) == "", name
            assert offline_verifier.check_receipt(receipt, [], []) == json.loads(receipt["leaf"])
            assert receipt["index"] == _place(book, name), name
    mine = [document for document, log in seen if book.log[: len(log)] == log]
    foreign = [document for document, log in seen if book.log[: len(log)] != log]
    outcome = audited(home, control, [checkpoint_of(document) for document, _ in seen])
    told = sorted((fault.code, fault.where) for fault in outcome.faults)
    assert told == sorted(("outside", f"{document['size']} @ {document['at']}") for document in foreign), told
    assert outcome.leaves == len(book.log)
    return _grown(control, mine)


def _grown(control: Control, earlier: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The newest checkpoint has grown out of every earlier one of its history."""
    with control.read() as session:
        newest = newest_checkpoint(session)
        if newest is None:
            assert earlier == []
            return None
        for old in earlier:
            paths = {
                name: [step.hex() for step in consistency_path(name, old["size"], newest.size, node_of(session, name))]
                for name in newest.roots
            }
            offline_verifier.check_growth(old, newest.document(), {"paths": paths}, [], [])
    return newest.document()


def _place(book: Book, name: Any) -> int:
    """The number of the entry that a receipt is of."""
    for number, leaf in enumerate(book.log):
        if name == (leaf.paper.sha256 if leaf.key is None else (*leaf.key, leaf.version)):
            return number
    raise AssertionError(f"a receipt for what the book does not hold: {name}")


def _log(control: Control, book: Book) -> None:
    with control.read() as session:
        assert size_of(session) == len(book.log)
        for number, leaf in enumerate(book.log):
            content = leaf_content(session, number)
            assert content.items() >= _said(leaf).items(), f"entry {number}: {content} for {_said(leaf)}"


def _said(leaf: Leaf) -> dict[str, Any]:
    """What an entry must say."""
    said: dict[str, Any] = {"received_at": iso_of(moment(leaf.at)), "uploader": OFFICER}
    if leaf.key is None:
        return said | {"kind": "received"}
    attached = [
        {"name": name, "sha256": hashlib.sha256(data).hexdigest(), "size": len(data)}
        for name, data in sorted(leaf.paper.attachments)
    ]
    said |= {"kind": "deposit", "plant_id": leaf.key[0], "month": leaf.key[1], "version": leaf.version}
    return said | {"attachments": attached, "reason": leaf.reason, "return_reference": leaf.returned}


def _versions(home: Home, control: Control, book: Book) -> dict[tuple[str, str, int], str]:
    """Holds deposits, their files and findings against the book; month and version → id."""
    with control.read() as session:
        stored = deposit_versions(session).to_dict("records")
        newest = latest_deposits(session)
        files = deposit_files(session, [row["id"] for row in stored])
        lives = finding_lives(session)
    ids = {(row["plant_id"], row["month"], row["version"]): row["id"] for row in stored}
    expected = [leaf for key in book.months() for leaf in book.versions(key)]
    evidence = Evidence(home.evidence)
    assert len(stored) == len(expected), f"{len(stored)} versions, not {len(expected)}"
    for row, leaf in zip(stored, expected, strict=True):
        assert leaf.key is not None
        name = (*leaf.key, leaf.version)
        found = (row["plant_id"], row["month"], row["version"], row["sha256"], row["reason"], row["return_reference"])
        assert found == (*name, leaf.paper.sha256, leaf.reason, leaf.returned), f"{found} for {name}"
        assert row["supersedes"] == (ids[*leaf.key, leaf.version - 1] if leaf.version > 1 else ""), name
        assert row["status"] == ("complete" if leaf.paper.complete else "incomplete"), name
        mine = files[files["deposit_id"] == row["id"]]
        held = sorted(
            (role, name, evidence.get(sha)) for role, name, sha in mine[["role", "name", "sha256"]].to_numpy()
        )
        sent = [("filing", leaf.paper.name, leaf.paper.data)]
        assert held == sorted([*(("evidence", *one) for one in leaf.paper.attachments), *sent]), name
    last = [book.versions(key)[-1] for key in book.months()]
    in_force = list(newest[["plant_id", "month", "version", "sha256"]].itertuples(index=False, name=None))
    assert in_force == [(*key, leaf.version, leaf.paper.sha256) for key, leaf in zip(book.months(), last, strict=True)]
    for leaf in book.log:
        assert evidence.get(leaf.paper.sha256) == leaf.paper.data
    open_now = set(lives.loc[lives["status"] != "fixed", "id"])
    assert open_now == {" ".join(leaf.key or ()) for leaf in last if not leaf.paper.complete}
    return ids


def _lake(home: Home, book: Book) -> None:
    """The lake holds the rows of the version in force of each month, and no other."""
    lake = Lake(home.lake)
    for table in TABLES:
        frame = lake.read(table)
        rows = [tuple(row) for row in frame[["file_sha256", *SHOWN[table]]].itertuples(index=False, name=None)]
        assert len(rows) == len(set(rows)), f"{table}: a row twice"
        for key in book.months():
            there = frozenset(row for row in rows if key[0] in row and key[1] in row)
            assert there in book.in_lake(key, table), f"{table}: other rows of {key} than those of the version in force"
        known = {row for row in rows for key in book.months() if key[0] in row and key[1] in row}
        assert set(rows) == known, f"{table}: rows of nobody"
