"""A full audit: everything recomputed from the bytes, and the first entry named that is not what it was."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from mrv.ledger.canonical import canonical
from mrv.ledger.digests import SHA256, SM3, algorithms, digest
from mrv.ledger.merkle import leaf_hash, node_hash
from mrv.ledger.receipt import Checkpoint, checkpoint_of
from mrv.ledger.signing import verify
from mrv.storage.control import iso
from mrv.storage.evidence import Evidence, IntegrityError
from mrv.storage.ledger import DEPOSIT, GENESIS, RECEIVED, chained
from mrv.storage.ledger_models import Audit, LedgerCheckpoint, LedgerLeaf, LedgerNode, ReceivedFile
from mrv.storage.models import Deposit

BATCH = 1000
# code → what is wrong, in Chinese and English
WORDS = {
    "leaf_missing": ("账本条目缺失或次序被改动", "a leaf is missing or out of order"),
    "leaf_changed": ("账本条目内容与其哈希不符", "a leaf no longer has its hash"),
    "leaf_form": ("账本条目不是规范格式", "a leaf is not in canonical form"),
    "node_changed": ("哈希树节点被改动", "a node of the tree was changed"),
    "node_missing": ("哈希树节点缺失", "a node of the tree is missing"),
    "node_unexpected": ("哈希树中有多余节点", "a node of the tree is too many"),
    "checkpoint_changed": ("检查点与账本不符", "a checkpoint does not fit the log"),
    "checkpoint_signature": ("检查点签名无效", "the signature of a checkpoint is not valid"),
    "checkpoint_key": ("检查点由未知密钥签名", "a checkpoint was signed by a key that is not known"),
    "checkpoint_missing": ("有条目但没有检查点", "there are leaves and no checkpoint"),
    "outside": (
        "与外部持有的检查点不一致：历史被改写",
        "the log does not contain a checkpoint held outside: history was rewritten",
    ),
    "trail_changed": ("操作记录被改动", "a row of the audit trail was changed"),
    "trail_missing": ("操作记录缺失", "a row of the audit trail is missing"),
    "timestamp": ("时间戳与检查点不符", "a time-stamp does not vouch for its checkpoint"),
    "file": ("原始文件缺失或被改动", "a stored file is missing or was changed"),
    "row": ("存证记录与账本不符", "a row of the store does not say what the ledger says"),
    "row_missing": ("账本中的存证记录不在库中", "what the ledger speaks of is not in the store"),
    "row_unexpected": ("库中有账本没有的存证记录", "the store holds what the ledger does not speak of"),
}


@dataclass(frozen=True)
class Fault:
    """One thing that is not what it was: what kind, and where."""

    code: str
    where: str

    @property
    def message(self) -> dict[str, str]:
        zh, en = WORDS[self.code]
        return {"zh": f"{zh}：{self.where}", "en": f"{en}: {self.where}"}


@dataclass(frozen=True)
class Outcome:
    """What an audit read, and every fault it met, in the order of the log."""

    leaves: int
    files: int
    checkpoints: int
    trail: int
    faults: tuple[Fault, ...]


def audit(
    session: Session, evidence: Evidence, keys: Sequence[str] = (), outside: Sequence[Checkpoint] = ()
) -> Outcome:
    """Recomputes the log, the audit trail, the files and the rows they speak of.

    keys : ids of the keys that may have signed (none: any) ; outside : checkpoints that others hold – receipts, an earlier copy.
    Only against one of those is a log that was rebuilt as a whole, by somebody with the key, found out.
    """
    faults: list[Fault] = []
    chains, trail = _trail(session, faults)
    signed = list(session.scalars(select(LedgerCheckpoint).order_by(LedgerCheckpoint.size)))
    wanted = {checkpoint.size for checkpoint in signed} | {checkpoint.size for checkpoint in outside}
    roots: dict[int, dict[str, bytes]] = {}
    files: dict[str, dict[str, Any]] = {}
    said: dict[tuple[str, str], dict[str, Any]] = {}
    count = 0
    nodes = _Nodes(session, faults)
    for leaf in session.scalars(select(LedgerLeaf).order_by(LedgerLeaf.number).execution_options(yield_per=BATCH)):
        if leaf.number != count:
            faults.append(Fault("leaf_missing", f"#{count}"))
            count = leaf.number
        nodes.add(leaf.number, leaf.content.encode())
        content = _content(leaf, faults)
        said[leaf.kind, leaf.subject] = content
        if content.get("audit") not in chains:
            faults.append(Fault("trail_missing", f"#{leaf.number}"))
        for named in [content.get("file"), *content.get("attachments", ())]:
            if named:
                files.setdefault(named["sha256"], {"leaf": leaf.number, **named})
        count += 1
        if count in wanted:
            roots[count] = nodes.roots()
    nodes.finish(count)
    _checkpoints(signed, roots, keys, count, faults)
    for checkpoint in outside:
        if not _fits(checkpoint, roots):
            faults.append(Fault("outside", f"{checkpoint.size} @ {checkpoint.at}"))
    _files(evidence, files, faults)
    _rows(session, said, faults)
    return Outcome(count, len(files), len(signed), trail, tuple(faults))


def _content(leaf: LedgerLeaf, faults: list[Fault]) -> dict[str, Any]:
    try:
        content: dict[str, Any] = json.loads(leaf.content)
        if canonical(content) != leaf.content.encode() or content["kind"] != leaf.kind:
            raise ValueError
    except (ValueError, KeyError, TypeError):
        faults.append(Fault("leaf_form", f"#{leaf.number}"))
        return {}
    return content


class _Nodes:
    """The tree computed anew beside the stored one, level by level, as leaves come."""

    def __init__(self, session: Session, faults: list[Fault]) -> None:
        self.session, self.faults = session, faults
        self.names = algorithms()
        self.peaks: list[tuple[int, int, dict[str, bytes]]] = []  # complete subtrees from the left
        self.seen = 0

    def add(self, number: int, content: bytes) -> None:
        level, position = 0, number
        value = {name: leaf_hash(name, content) for name in self.names}
        self._compare(level, position, value)
        while self.peaks and self.peaks[-1][0] == level:
            _, _, left = self.peaks.pop()
            value = {name: node_hash(name, left[name], value[name]) for name in self.names}
            level, position = level + 1, position // 2
            self._compare(level, position, value)
        self.peaks.append((level, position, value))

    def _compare(self, level: int, position: int, value: dict[str, bytes]) -> None:
        stored = self.session.get(LedgerNode, (level, position))
        where = f"#{position}" if level == 0 else f"{level}/{position}"
        self.seen += 1
        if stored is None:
            self.faults.append(Fault("node_missing", where))
            self.seen -= 1
        elif stored.sha256 != value[SHA256].hex() or (stored.sm3 and SM3 in value and stored.sm3 != value[SM3].hex()):
            self.faults.append(Fault("leaf_changed" if level == 0 else "node_changed", where))
        if stored is not None:
            self.session.expunge(stored)

    def roots(self) -> dict[str, bytes]:
        found = {}
        for name in self.names:
            value = self.peaks[-1][2][name]
            for _, _, left in reversed(self.peaks[:-1]):
                value = node_hash(name, left[name], value)
            found[name] = value
        return found

    def finish(self, count: int) -> None:
        """Every stored node was met while the leaves were read."""
        for level, position in self.session.execute(select(LedgerNode.level, LedgerNode.position)):
            if position < 0 or level < 0 or (position + 1) << level > count:
                self.faults.append(Fault("node_unexpected", f"{level}/{position}"))


def _fits(checkpoint: Checkpoint, roots: Mapping[int, Mapping[str, bytes]]) -> bool:
    found = roots.get(checkpoint.size)
    return found is not None and all(
        checkpoint.roots[name] == value.hex() for name, value in found.items() if name in checkpoint.roots
    )


def _checkpoints(
    signed: list[LedgerCheckpoint],
    roots: Mapping[int, Mapping[str, bytes]],
    keys: Sequence[str],
    count: int,
    faults: list[Fault],
) -> None:
    if count and not signed:
        faults.append(Fault("checkpoint_missing", str(count)))
    for row in signed:
        try:
            checkpoint = checkpoint_of(json.loads(row.document))
        except (ValueError, KeyError, TypeError):
            faults.append(Fault("checkpoint_changed", str(row.size)))
            continue
        if checkpoint.size != row.size or SHA256 not in checkpoint.roots or not _fits(checkpoint, roots):
            faults.append(Fault("checkpoint_changed", str(row.size)))
        elif not checkpoint.signatures or not all(_signed(checkpoint, one) for one in checkpoint.signatures):
            faults.append(Fault("checkpoint_signature", str(row.size)))
        elif keys and not any(signature.key_id in keys for signature in checkpoint.signatures):
            faults.append(Fault("checkpoint_key", str(row.size)))


def _signed(checkpoint: Checkpoint, signature: Any) -> bool:
    try:
        return verify(signature, checkpoint.body())
    except ValueError:  # a changed digit may leave something that is no key at all
        return False


def _trail(session: Session, faults: list[Fault]) -> tuple[set[str], int]:
    """Every chain hash of the trail, and its length."""
    chains, before, count = {GENESIS}, GENESIS, 0
    for row in session.scalars(select(Audit).order_by(Audit.number).execution_options(yield_per=BATCH)):
        if row.number != count:
            faults.append(Fault("trail_missing", f"{count}"))
            count = row.number
        expected = chained(before, row.number, iso(row.at), row.actor, row.action, row.object, row.detail)
        if expected != row.chain:
            faults.append(Fault("trail_changed", f"{row.number}"))
        chains.add(row.chain)
        before, count = row.chain, count + 1
    return chains, count


def _files(evidence: Evidence, files: Mapping[str, Mapping[str, Any]], faults: list[Fault]) -> None:
    for address, named in files.items():
        try:
            data = evidence.get(address)
        except (IntegrityError, ValueError):
            faults.append(Fault("file", f"#{named['leaf']} {named['name']} {address}"))
            continue
        sm3 = named.get("sm3")
        if len(data) != named["size"] or (sm3 and SM3 in algorithms() and digest(SM3, data).hex() != sm3):
            faults.append(Fault("file", f"#{named['leaf']} {named['name']} {address}"))


def _rows(session: Session, said: Mapping[tuple[str, str], Mapping[str, Any]], faults: list[Fault]) -> None:
    """Deposits and acknowledged files, each against its leaf, and each leaf against its row."""
    met = set()
    for kind, subject, row in _stored(session):
        leaf = said.get((kind, subject))
        met.add((kind, subject))
        if leaf is None:
            faults.append(Fault("row_unexpected", f"{kind} {subject}"))
        elif any(leaf.get(name) != value for name, value in row.items()):
            faults.append(Fault("row", f"{kind} {subject}"))
    for kind, subject in said:
        if (kind, subject) not in met and kind in (RECEIVED, DEPOSIT):
            faults.append(Fault("row_missing", f"{kind} {subject}"))


def _stored(session: Session) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for file in session.scalars(select(ReceivedFile).order_by(ReceivedFile.sha256).execution_options(yield_per=BATCH)):
        entry = {"name": file.name, "sha256": file.sha256, "sm3": file.sm3, "size": file.size}
        yield (
            RECEIVED,
            file.sha256,
            {"file": entry, "uploader": file.uploader, "received_at": iso(file.received_at)},
        )
    for row in session.scalars(select(Deposit).order_by(Deposit.id).execution_options(yield_per=BATCH)):
        names = ("plant_id", "sector", "month", "version", "uploader", "reason", "return_reference")
        found: dict[str, Any] = {name: getattr(row, name) for name in names}
        found["file"] = {"name": row.file_name, "sha256": row.sha256, "size": row.size}
        found["received_at"] = iso(row.received_at)
        yield DEPOSIT, row.id, found
