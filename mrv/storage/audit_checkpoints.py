"""Checkpoints in an audit: those of the store and those that others hold, each against the tree and by its signatures."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from mrv.ledger.digests import SHA256
from mrv.ledger.receipt import Checkpoint, Signatures, checkpoint_of, signatures_of
from mrv.storage.audit_faults import Fault

Roots = Mapping[int, Mapping[str, bytes]]  # size → hash function → root over so many leaves, computed anew


def stored_checkpoints(
    signed: Sequence[Any], roots: Roots, keys: Sequence[str], announced: Mapping[str, str], faults: list[Fault]
) -> int:
    """Each checkpoint of the store against the log, its signatures and the trail, and the trail against them.

    announced : size → SHA-256 that the trail names. Returns how many signatures could not be checked on this system.
    """
    unchecked = 0
    for row in signed:
        code, passed_over = _stored(row, roots, keys)
        unchecked += passed_over
        if not code and announced.get(str(row.size)) != hashlib.sha256(row.document.encode()).hexdigest():
            code = "checkpoint_changed" if str(row.size) in announced else "checkpoint_unexpected"
        if code:
            faults.append(Fault(code, str(row.size)))
    held = {str(row.size) for row in signed}
    faults.extend(Fault("checkpoint_missing", size) for size in announced if size not in held)
    return unchecked


def held_outside(outside: Sequence[Checkpoint], roots: Roots, keys: Sequence[str], faults: list[Fault]) -> int:
    """Each checkpoint that others hold: by its signatures first, since only what a key of the log has signed can speak against it.

    Returns how many signatures could not be checked on this system.
    """
    unchecked = 0
    for checkpoint in outside:
        found, where = signatures_of(checkpoint), f"{checkpoint.size} @ {checkpoint.at}"
        unchecked += found.unchecked
        if not found.hold:
            faults.append(Fault("outside_signature", where))
        elif not _known(found, keys):
            faults.append(Fault("outside_key", f"{where} ({', '.join(found.keys)})"))
        elif not fits(checkpoint, roots):
            faults.append(Fault("outside", where))
    return unchecked


def fits(checkpoint: Checkpoint, roots: Roots) -> bool:
    """Whether the log has the roots of a checkpoint."""
    found = roots.get(checkpoint.size)
    return (
        found is not None
        and SHA256 in checkpoint.roots
        and all(checkpoint.roots[name] == value.hex() for name, value in found.items() if name in checkpoint.roots)
    )


def _stored(row: Any, roots: Roots, keys: Sequence[str]) -> tuple[str, int]:
    """What is wrong with a checkpoint of the store, and how many of its signatures could not be checked."""
    try:
        checkpoint = checkpoint_of(json.loads(row.document))
        if checkpoint.size != row.size or not fits(checkpoint, roots):
            return "checkpoint_changed", 0
    except (ValueError, KeyError, TypeError, AttributeError):  # a changed digit may leave no document at all
        return "checkpoint_changed", 0
    found = signatures_of(checkpoint)
    if not found.hold:
        return "checkpoint_signature", 0
    return "" if _known(found, keys) else "checkpoint_key", found.unchecked


def _known(found: Signatures, keys: Sequence[str]) -> bool:
    return not keys or any(key in keys for key in found.keys)
