"""The rows that leaves of the ledger speak of, as they stand in the store, in the words of the leaves."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Text, select, type_coerce
from sqlalchemy.orm import Session

from mrv.storage.control import iso
from mrv.storage.ledger import DEPOSIT, RECEIVED
from mrv.storage.ledger_models import ReceivedFile
from mrv.storage.models import Deposit, DepositFile


def as_stored(model: Any, *names: str) -> list[Any]:
    """Columns of a table, moments as they are stored: one that was changed may be none any more."""
    columns = [getattr(model, name) for name in names]
    return [
        type_coerce(column, Text) if name == "at" or name.endswith("_at") else column
        for name, column in zip(names, columns, strict=True)
    ]


# Columns of a deposit that its leaf has under the same name, and the others.
SAME = ("plant_id", "sector", "month", "version", "uploader", "reason", "return_reference")
OTHERS = ("received_at", "kind", "template_id", "template_version", "supersedes", "file_name", "sha256", "size")
RECEIVED_FILES = select(*as_stored(ReceivedFile, "sha256", "name", "sm3", "size", "uploader", "received_at")).order_by(
    ReceivedFile.sha256
)
DEPOSIT_FILES = select(*as_stored(DepositFile, "deposit_id", "role", "name", "sha256", "size"))
DEPOSITS = select(*as_stored(Deposit, "id", *SAME, *OTHERS)).order_by(Deposit.id)


def stored_rows(session: Session) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Each row that a leaf speaks of, in the words of that leaf."""
    for sha256, name, sm3, size, uploader, at in session.execute(RECEIVED_FILES):
        entry = {"name": name, "sha256": sha256, "sm3": sm3, "size": size}
        yield RECEIVED, sha256, {"file": entry, "uploader": uploader, "received_at": moment_of(at)}
    files: dict[str, list[dict[str, Any]]] = {}
    for deposit, role, name, sha256, size in session.execute(DEPOSIT_FILES):
        files.setdefault(deposit, []).append({"role": role, "name": name, "sha256": sha256, "size": size})
    rows = session.execute(DEPOSITS).all()
    versions = {tuple(row[1:5]): row[0] for row in rows}
    for identity, *values in rows:
        row = dict(zip((*SAME, *OTHERS), values, strict=True))
        found = {name: row[name] for name in SAME}
        found["file"] = {"name": row["file_name"], "sha256": row["sha256"], "size": row["size"]}
        found |= {"received_at": moment_of(row["received_at"]), "file_kind": row["kind"], "deposit_id": identity}
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


def moment_of(stored: Any) -> str:
    """A stored moment as documents have it; where it is not in the form it was stored in, a text that equals no moment."""
    if isinstance(stored, datetime):
        return iso(stored.astimezone(UTC))
    try:
        moment = datetime.fromisoformat(stored)
        return iso(moment) if f"{moment:%Y-%m-%d %H:%M:%S.%f}" == stored else f"no moment: {stored}"
    except (ValueError, TypeError):
        return f"no moment: {stored}"
