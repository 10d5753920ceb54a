"""What is handed out: a signed checkpoint of the log, and a receipt that proves one leaf to be in it."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import Any

from mrv.ledger.canonical import canonical
from mrv.ledger.digests import SHA256
from mrv.ledger.merkle import leaf_hash, root_from_path
from mrv.ledger.signing import CannotCheck, Signature, verify

FORMAT = "tanheng-receipt/1"
NOTE = {
    "zh": "本回执证明所列字节在所列时间已存入本账本，不代替全国碳市场管理平台存证。",
    "en": "This receipt proves that the bytes named were in this ledger at the time named. It does not replace the deposit on the "
    "national carbon market platform.",
}


@dataclass(frozen=True)
class Checkpoint:
    """The state of a log that its keys have signed: how many leaves, and the root over them by each hash function."""

    origin: str
    size: int
    roots: Mapping[str, str]  # hash function → hexadecimal
    at: str  # ISO 8601, UTC
    signatures: tuple[Signature, ...] = ()

    def body(self) -> bytes:
        """What is signed."""
        return canonical({"origin": self.origin, "size": self.size, "roots": dict(self.roots), "at": self.at})

    def document(self) -> dict[str, Any]:
        return {
            "origin": self.origin,
            "size": self.size,
            "roots": dict(self.roots),
            "at": self.at,
            "signatures": [asdict(signature) for signature in self.signatures],
        }


def checkpoint_of(document: Mapping[str, Any]) -> Checkpoint:
    """The checkpoint of a document; KeyError or TypeError for one that is none."""
    signatures = tuple(Signature(**entry) for entry in document["signatures"])
    return Checkpoint(document["origin"], document["size"], dict(document["roots"]), document["at"], signatures)


@dataclass(frozen=True)
class Signatures:
    """What the signatures of a checkpoint are worth: whether they hold, by which keys, and how many this system cannot check.

    They hold when one at least was checked and none that was checked is false. What was not checked vouches for nothing.
    """

    hold: bool
    keys: tuple[str, ...]
    unchecked: int


def signatures_of(checkpoint: Checkpoint) -> Signatures:
    """Checks every signature of a checkpoint; one whose parts are no signature at all does not hold."""
    keys, unchecked, false = [], 0, False
    for signature in checkpoint.signatures:
        try:
            if verify(signature, checkpoint.body()):
                keys.append(signature.key_id)
            else:
                false = True
        except CannotCheck:
            unchecked += 1
        except (ValueError, TypeError, AttributeError):
            false = True
    return Signatures(bool(keys) and not false, tuple(keys), unchecked)


def receipt(
    leaf: bytes, index: int, paths: Mapping[str, Sequence[bytes]], checkpoint: Checkpoint, token: str = ""
) -> dict[str, Any]:
    """The receipt of a leaf: its canonical text, its path to the root by each hash function, and the checkpoint.

    token : RFC 3161 time-stamp over the checkpoint, base64; empty where no authority is configured.
    """
    return {
        "format": FORMAT,
        "leaf": leaf.decode(),
        "index": index,
        "paths": {name: [step.hex() for step in path] for name, path in paths.items()},
        "checkpoint": checkpoint.document(),
        "timestamp": token or None,
        "note": NOTE,
    }


def proof_fails(document: Mapping[str, Any]) -> str:
    """Why a receipt proves nothing, as a code; empty when it proves its leaf.

    `format`, `path.<hash>`, `signature.<algorithm>`, `unsigned`. A hash function that the system lacks is passed over, SHA-256 never.
    """
    if document.get("format") != FORMAT:
        return "format"
    checkpoint = checkpoint_of(document["checkpoint"])
    content = document["leaf"].encode()
    paths = document["paths"]
    if SHA256 not in paths or set(paths) != set(checkpoint.roots):
        return f"path.{SHA256}"
    for name, steps in paths.items():
        try:
            leaf = leaf_hash(name, content)
        except ValueError:
            continue
        found = root_from_path(name, document["index"], checkpoint.size, leaf, [bytes.fromhex(step) for step in steps])
        if found is None or found.hex() != checkpoint.roots[name]:
            return f"path.{name}"
    held = set()
    for signature in checkpoint.signatures:
        with suppress(CannotCheck):  # it vouches for nothing, and accuses nobody
            if not verify(signature, checkpoint.body()):
                return f"signature.{signature.algorithm}"
            held.add(signature.key_id)
    return "" if checkpoint.origin in held else "unsigned"
