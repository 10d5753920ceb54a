"""Proofs in a large log: `python -m mrv.bench.proofs LEAVES SAMPLES` prints one JSON document.

The tree is that of `mrv.ledger.merkle`, built with its own functions; what is timed is what somebody does who holds a receipt.
"""

import json
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from mrv.ledger.digests import SHA256, algorithms
from mrv.ledger.merkle import (
    Node,
    consistency_path,
    inclusion_path,
    is_consistent,
    leaf_hash,
    node_hash,
    root,
    root_from_path,
)
from mrv.ledger.receipt import Checkpoint, proof_fails, receipt
from mrv.ledger.signing import create_keys, verify
from mrv.storage import durable

SEED = 20261015
WIDTH = 32  # bytes of a hash
SIGNED = 100  # samples whose signatures are checked as well: that takes a process for each
Paths = dict[str, list[list[bytes]]]  # hash function → proof of each sample
Check = Callable[[str, int, list[bytes]], bool]  # hash function, sample, proof


def leaf_of(number: int) -> bytes:
    """Content of a leaf, as long as that of a received file."""
    return (
        b'{"audit":"%064x","file":{"name":"filing-%d.zip","sha256":"%064x","size":2000000,"sm3":"%064x"},"kind":"received",'
        b'"received_at":"2026-08-06T01:00:00Z","software":"tanheng","uploader":"load"}'
        % (number, number, number, number)
    )


def tree(algorithm: str, leaves: int) -> Node:
    """All complete subtrees of a log of `leaves` leaves, in memory."""
    levels = [bytearray(leaves * WIDTH)]
    for number in range(leaves):
        levels[0][number * WIDTH : (number + 1) * WIDTH] = leaf_hash(algorithm, leaf_of(number))
    while (count := len(levels[-1]) // WIDTH // 2) > 0:
        below, above = levels[-1], bytearray(count * WIDTH)
        for position in range(count):
            start = position * WIDTH
            pair = bytes(below[2 * start : 2 * start + 2 * WIDTH])
            above[start : start + WIDTH] = node_hash(algorithm, pair[:WIDTH], pair[WIDTH:])
        levels.append(above)
    return lambda level, position: bytes(levels[level][position * WIDTH : (position + 1) * WIDTH])


@dataclass
class Proofs:
    """What somebody holds who proves something of a log of `leaves` leaves: the roots, and a proof of each sample by each hash function.

    numbers : the leaves ; earlier : the sizes at which the log was seen before
    """

    leaves: int
    numbers: list[int]
    earlier: list[int]
    roots: dict[str, bytes] = field(default_factory=dict)
    earlier_roots: dict[str, list[bytes]] = field(default_factory=dict)
    inclusion: Paths = field(default_factory=dict)
    consistency: Paths = field(default_factory=dict)

    def draw(self, algorithm: str, node: Node) -> None:
        """Takes everything of one hash function out of the log."""
        self.roots[algorithm] = root(algorithm, self.leaves, node)
        self.earlier_roots[algorithm] = [root(algorithm, size, node) for size in self.earlier]
        self.inclusion[algorithm] = [inclusion_path(algorithm, number, self.leaves, node) for number in self.numbers]
        self.consistency[algorithm] = [consistency_path(algorithm, size, self.leaves, node) for size in self.earlier]

    def included(self, algorithm: str, place: int, path: list[bytes]) -> bool:
        """Whether a path leads from the leaf of a sample to the root; the leaf is hashed as well."""
        number = self.numbers[place]
        leaf = leaf_hash(algorithm, leaf_of(number))
        return root_from_path(algorithm, number, self.leaves, leaf, path) == self.roots[algorithm]

    def grown(self, algorithm: str, place: int, path: list[bytes]) -> bool:
        """Whether a path shows that the log grew out of the log as it was seen before."""
        before = self.earlier_roots[algorithm][place]
        return is_consistent(algorithm, self.earlier[place], self.leaves, before, self.roots[algorithm], path)


def measured(leaves: int, samples: int) -> dict[str, Any]:
    """Sizes [bytes] and times [ms] of inclusion and consistency proofs over `leaves` leaves, and how many forgeries passed."""
    random = np.random.default_rng(SEED)
    proofs = Proofs(leaves, random.integers(0, leaves, samples).tolist(), random.integers(1, leaves, samples).tolist())
    built = {}
    for name in algorithms():
        began = time.perf_counter()
        node = tree(name, leaves)
        built[name] = round(time.perf_counter() - began, 1)
        proofs.draw(name, node)
        del node  # the trees of two hash functions side by side would take twice the room
    return {
        "leaves": leaves,
        "samples": samples,
        "hashes": list(algorithms()),
        "built_s": built,
        "inclusion": _kind(proofs.inclusion, proofs.included),
        "consistency": _kind(proofs.consistency, proofs.grown),
        "receipt": _receipts(proofs),
    }


def _kind(paths: Paths, check: Check) -> dict[str, Any]:
    """Figures of one kind of proof: by SHA-256 alone, by both hash functions, and what became of forgeries."""
    samples = range(len(paths[SHA256]))
    found: dict[str, Any] = {}
    for label, names in (("sha256", (SHA256,)), ("both", algorithms())):

        def passes(place: int, names: tuple[str, ...] = names) -> bool:
            return all(check(name, place, paths[name][place]) for name in names)

        times = [timed(partial(passes, place)) for place in samples]
        found[label] = {
            "bytes": max(sum(len(paths[name][place]) * WIDTH for name in names) for place in samples),
            "refused": sum(not one.passed for one in times),
            **both_times(times),
        }
    forged = [
        check(name, place, flipped(own[place], place)) for name, own in paths.items() for place in samples if own[place]
    ]
    return {**found, "forgeries": len(forged), "forgeries_passed": sum(forged)}


def flipped(path: list[bytes], place: int) -> list[bytes]:
    """A proof with one bit of one of its hashes flipped."""
    step = place % len(path)
    changed = bytearray(path[step])
    changed[place % WIDTH] ^= 1 << place % 8
    return [*path[:step], bytes(changed), *path[step + 1 :]]


def _receipts(proofs: Proofs) -> dict[str, Any]:
    """Whole receipts, signatures included: size [bytes] and times [ms] of the whole and of each signature."""
    roots = {name: value.hex() for name, value in proofs.roots.items()}
    with TemporaryDirectory() as folder:
        signer = create_keys(Path(folder), durable.write)
        bare = Checkpoint(signer.key_id, proofs.leaves, roots, "2026-08-06T01:00:00Z")
        checkpoint = Checkpoint(bare.origin, bare.size, bare.roots, bare.at, signer.sign(bare.body()))
    documents = [
        receipt(leaf_of(number), number, {name: own[place] for name, own in proofs.inclusion.items()}, checkpoint)
        for place, number in enumerate(proofs.numbers[:SIGNED])
    ]
    times = [timed(partial(_proves, document)) for document in documents]
    return {
        "samples": len(documents),
        "bytes": max(len(json.dumps(document).encode()) for document in documents),
        "refused": sum(not one.passed for one in times),
        **both_times(times),
        "signatures": {
            one.algorithm: both_times([timed(partial(verify, one, checkpoint.body())) for _ in documents])
            for one in checkpoint.signatures
        },
    }


def _proves(document: dict[str, Any]) -> bool:
    return proof_fails(document) == ""


@dataclass(frozen=True)
class Timed:
    """How long something took [ms], on the clock and of the processor, and whether it passed."""

    wall: float
    cpu: float
    passed: bool


def timed(act: Callable[[], bool]) -> Timed:
    """Does something and measures it. What a process started by it takes of the processor is not in `cpu`."""
    wall, cpu = time.perf_counter(), time.thread_time()
    passed = act()
    return Timed((time.perf_counter() - wall) * 1000, (time.thread_time() - cpu) * 1000, passed)


def both_times(times: Sequence[Timed]) -> dict[str, dict[str, float]]:
    """Quantiles of `wall_ms` and of `cpu_ms`."""
    return {"wall_ms": quantiles([one.wall for one in times]), "cpu_ms": quantiles([one.cpu for one in times])}


def quantiles(times: Sequence[float]) -> dict[str, float]:
    """Median, 99th percentile (the smallest value that 99 of 100 do not exceed) and largest of some times, in their unit."""
    ordered = sorted(times)
    rank = -(-99 * len(ordered) // 100) - 1
    return {
        "p50": round(float(np.median(ordered)), 4),
        "p99": round(ordered[rank], 4),
        "max": round(ordered[-1], 4),
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(measured(int(sys.argv[1]), int(sys.argv[2]))) + "\n")
