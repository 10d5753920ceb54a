"""A full audit: everything recomputed from the bytes, and the first entry named that is not what it was."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Text, select, type_coerce
from sqlalchemy.orm import Session

from mrv.ledger.canonical import canonical
from mrv.ledger.digests import SHA256, SM3, algorithms, digest
from mrv.ledger.merkle import leaf_hash, node_hash
from mrv.ledger.receipt import Checkpoint, checkpoint_of
from mrv.ledger.signing import verify
from mrv.storage.control import iso
from mrv.storage.evidence import Evidence, IntegrityError
from mrv.storage.ledger import DEPOSIT, GENESIS, RECEIVED, SIGNED, chained
from mrv.storage.ledger_models import Audit, LedgerCheckpoint, LedgerLeaf, LedgerNode, ReceivedFile
from mrv.storage.models import Deposit, DepositFile

BATCH = 1000
SAFE = 2**53  # no number that was counted up to, and beyond what a document can write
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
    "checkpoint_missing": ("检查点缺失", "a checkpoint that was signed is missing"),
    "checkpoint_unexpected": ("操作记录中没有该检查点", "the audit trail does not speak of a checkpoint"),
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
    with readable(session):
        return _audit(session, evidence, keys, outside)


def _audit(session: Session, evidence: Evidence, keys: Sequence[str], outside: Sequence[Checkpoint]) -> Outcome:
    faults: list[Fault] = []
    chains, trail, announced = _trail(session, faults)
    signed = list(session.scalars(select(LedgerCheckpoint).order_by(LedgerCheckpoint.size)))
    wanted = {checkpoint.size for checkpoint in signed} | {checkpoint.size for checkpoint in outside}
    roots: dict[int, dict[str, bytes]] = {}
    files: dict[str, dict[str, Any]] = {}
    said: dict[tuple[str, str], dict[str, Any]] = {}
    count = 0
    nodes = _Nodes(session, faults, [row.document for row in signed])
    for leaf in session.scalars(select(LedgerLeaf).order_by(LedgerLeaf.number).execution_options(yield_per=BATCH)):
        if leaf.number != count:
            faults.append(Fault("leaf_missing", f"#{count}"))
            count = leaf.number
        nodes.add(leaf.number, leaf.content.encode())
        content, held = _content(leaf, faults)
        said[leaf.kind, leaf.subject] = content
        if content.get("audit") not in chains:
            faults.append(Fault("trail_missing", f"#{leaf.number}"))
        for named in held:
            files.setdefault(named["sha256"], {"leaf": leaf.number, **named})
        count += 1
        if count in wanted:
            roots[count] = nodes.roots()
    nodes.finish(count)
    _checkpoints(signed, roots, keys, announced, faults)
    for checkpoint in outside:
        if not _fits(checkpoint, roots):
            faults.append(Fault("outside", f"{checkpoint.size} @ {checkpoint.at}"))
    _files(evidence, files, faults)
    _rows(session, said, faults)
    return Outcome(count, len(files), len(signed), trail, tuple(faults))


def _content(leaf: LedgerLeaf, faults: list[Fault]) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """What a leaf says, and the files it names; nothing of one that is not in form."""
    try:
        content: dict[str, Any] = json.loads(leaf.content)
        if canonical(content) != leaf.content.encode() or content["kind"] != leaf.kind:
            raise ValueError
        named = [content["file"], *content.get("attachments", [])] if content["kind"] in (RECEIVED, DEPOSIT) else []
        if not all({"name", "sha256", "size"} <= entry.keys() for entry in named):
            raise ValueError
    except (ValueError, KeyError, TypeError, AttributeError):
        faults.append(Fault("leaf_form", f"#{leaf.number}"))
        return {}, []
    return content, named


class _Nodes:
    """The tree computed anew beside the stored one, level by level, as leaves come."""

    def __init__(self, session: Session, faults: list[Fault], documents: Sequence[str]) -> None:
        self.session, self.faults = session, faults
        self.names = algorithms()
        # A log begun where there was no SM3 has none in any node; a single one that lacks it was changed.
        kept = session.scalar(select(LedgerNode.level).where(LedgerNode.sm3 != "").limit(1)) is not None
        self.with_sm3 = SM3 in self.names and (kept or any(f'"{SM3}"' in document for document in documents))
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
        elif stored.sha256 != value[SHA256].hex() or (self.with_sm3 and stored.sm3 != value[SM3].hex()):
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
            if position < 0 or level < 0 or position >= count >> level:
                self.faults.append(Fault("node_unexpected", f"{level}/{position}"))


def _fits(checkpoint: Checkpoint, roots: Mapping[int, Mapping[str, bytes]]) -> bool:
    found = roots.get(checkpoint.size)
    return (
        found is not None
        and SHA256 in checkpoint.roots
        and all(checkpoint.roots[name] == value.hex() for name, value in found.items() if name in checkpoint.roots)
    )


def _checkpoints(
    signed: list[LedgerCheckpoint],
    roots: Mapping[int, Mapping[str, bytes]],
    keys: Sequence[str],
    announced: Mapping[str, str],
    faults: list[Fault],
) -> None:
    """Each checkpoint against the log, its signatures and the trail, and the trail against them; announced : size → SHA-256."""
    for row in signed:
        code = _checkpoint_fault(row, roots, keys)
        if not code and announced.get(str(row.size)) != hashlib.sha256(row.document.encode()).hexdigest():
            code = "checkpoint_changed" if str(row.size) in announced else "checkpoint_unexpected"
        if code:
            faults.append(Fault(code, str(row.size)))
    held = {str(row.size) for row in signed}
    faults.extend(Fault("checkpoint_missing", size) for size in announced if size not in held)


def _checkpoint_fault(row: LedgerCheckpoint, roots: Mapping[int, Mapping[str, bytes]], keys: Sequence[str]) -> str:
    try:
        checkpoint = checkpoint_of(json.loads(row.document))
        if checkpoint.size != row.size or not _fits(checkpoint, roots):
            return "checkpoint_changed"
        if not checkpoint.signatures or not all(verify(one, checkpoint.body()) for one in checkpoint.signatures):
            return "checkpoint_signature"
        known = not keys or any(signature.key_id in keys for signature in checkpoint.signatures)
        return "" if known else "checkpoint_key"
    except (
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
    ):  # a changed digit may leave no document, or no key, at all
        return "checkpoint_changed"


def _trail(session: Session, faults: list[Fault]) -> tuple[set[str], int, dict[str, str]]:
    """Every chain hash of the trail, its length, and the digest of each checkpoint it says was signed, by size."""
    chains, before, count = {GENESIS}, GENESIS, 0
    announced: dict[str, str] = {}
    names = (Audit.actor, Audit.action, Audit.object, Audit.detail, Audit.chain)
    query = select(Audit.number, type_coerce(Audit.at, Text), *names).order_by(Audit.number)
    for number, at, *said, chain in session.execute(query.execution_options(yield_per=BATCH)):
        if number != count:
            faults.append(Fault("trail_missing", f"{count}"))
            count = number
        if abs(number) >= SAFE or chained(before, number, _moment(at), *said) != chain:
            faults.append(Fault("trail_changed", f"{number}"))
        elif said[1] == SIGNED:
            announced[said[2]] = json.loads(said[3])["sha256"]
        chains.add(chain)
        before, count = chain, count + 1
    return chains, count, announced


def _moment(stored: Any) -> str:
    """A stored moment as documents have it; where it is not in the form it was stored in, a text that equals no moment."""
    if isinstance(stored, datetime):
        return iso(stored.astimezone(UTC))
    try:
        moment = datetime.fromisoformat(stored)
        return iso(moment) if f"{moment:%Y-%m-%d %H:%M:%S.%f}" == stored else f"no moment: {stored}"
    except (ValueError, TypeError):
        return f"no moment: {stored}"


@contextmanager
def readable(session: Session) -> Iterator[None]:
    """Lets a damaged text of SQLite be read, so that its row can be named: bytes that are no UTF-8 show as `\\x…`."""
    connection: Any = session.connection().connection.driver_connection
    if session.get_bind().dialect.name != "sqlite":
        yield
        return
    connection.text_factory = lambda data: data.decode("utf-8", "backslashreplace")
    try:
        yield
    finally:
        connection.text_factory = str


def _files(evidence: Evidence, files: Mapping[str, Mapping[str, Any]], faults: list[Fault]) -> None:
    for address, named in files.items():
        try:
            data = evidence.get(address)
        except (IntegrityError, ValueError, TypeError):
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
    """Each row that a leaf speaks of, in the words of that leaf."""
    received = select(*_columns(ReceivedFile, "sha256", "name", "sm3", "size", "uploader", "received_at"))
    for sha256, name, sm3, size, uploader, at in session.execute(received.order_by(ReceivedFile.sha256)):
        entry = {"name": name, "sha256": sha256, "sm3": sm3, "size": size}
        yield RECEIVED, sha256, {"file": entry, "uploader": uploader, "received_at": _moment(at)}
    files: dict[str, list[dict[str, Any]]] = {}
    named = select(*_columns(DepositFile, "deposit_id", "role", "name", "sha256", "size"))
    for deposit, role, name, sha256, size in session.execute(named):
        files.setdefault(deposit, []).append({"role": role, "name": name, "sha256": sha256, "size": size})
    same = ("plant_id", "sector", "month", "version", "uploader", "reason", "return_reference")
    names = (
        *same,
        "received_at",
        "kind",
        "template_id",
        "template_version",
        "supersedes",
        "file_name",
        "sha256",
        "size",
    )
    rows = session.execute(select(*_columns(Deposit, "id", *names)).order_by(Deposit.id)).all()
    versions = {tuple(row[1:5]): row[0] for row in rows}
    for identity, *values in rows:
        row = dict(zip(names, values, strict=True))
        found = {name: row[name] for name in same}
        found["file"] = {"name": row["file_name"], "sha256": row["sha256"], "size": row["size"]}
        found |= {"received_at": _moment(row["received_at"]), "file_kind": row["kind"], "deposit_id": identity}
        found["template"] = [row["template_id"], row["template_version"]]
        before = versions.get((row["plant_id"], row["sector"], row["month"], row["version"] - 1))
        if row["supersedes"] != before or (row["version"] > 1) != (before is not None):
            found["supersedes"] = [row["supersedes"]]  # no leaf says that, so the row differs
        kept = files.pop(identity, [])
        roles = {role: _sorted(entry for entry in kept if entry["role"] == role) for role in ("filing", "evidence")}
        found["attachments"] = roles["evidence"]
        if roles["filing"] != [found["file"]] or len(kept) != sum(map(len, roles.values())):
            found["file"] = roles["filing"]
        yield DEPOSIT, identity, found
    for identity in files:
        yield DEPOSIT, identity, {"files": "of no deposit"}


def _sorted(files: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    bare = [{name: value for name, value in entry.items() if name != "role"} for entry in files]
    return sorted(bare, key=lambda entry: str(entry["name"]))


def _columns(model: Any, *names: str) -> list[Any]:
    """Columns of a table, moments as they are stored: one that was changed may be none any more."""
    columns = [getattr(model, name) for name in names]
    return [
        type_coerce(column, Text) if name.endswith("_at") else column
        for name, column in zip(names, columns, strict=True)
    ]
