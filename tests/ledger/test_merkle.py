"""The Merkle log against the vectors of the reference tree of certificate transparency, a plain recursion, and random change."""

import hashlib
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mrv.ledger import offline_verifier
from mrv.ledger.digests import SHA256, SM3, algorithms
from mrv.ledger.merkle import (
    completed,
    consistency_path,
    empty_root,
    inclusion_path,
    is_consistent,
    leaf_hash,
    root,
    root_from_path,
)
from tests.ledger.logs import tree

INPUTS = [
    bytes.fromhex(text)
    for text in (
        *("", "00", "10", "2021", "3031", "40414243", "5051525354555657"),
        "606162636465666768696a6b6c6d6e6f",
    )
]
# Root over the first 1 … 8 of these inputs: the published vectors of the reference tree.
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
# (leaf from 0, size) → path, of the same vectors.
INCLUSION = {
    (0, 1): [],
    (0, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (5, 8): [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 3): ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"],
    (1, 5): [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}
CONSISTENCY = {
    (1, 1): [],
    (1, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (6, 8): [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 5): [
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}
SOME = st.integers(1, 70)
HASHES = st.sampled_from(algorithms())


def plain_root(algorithm: str, leaves: Sequence[bytes]) -> bytes:
    """MTH of RFC 9162 section 2.1.1, word for word."""
    if not leaves:
        return hashlib.new(algorithm, b"").digest()
    if len(leaves) == 1:
        return hashlib.new(algorithm, b"\x00" + leaves[0]).digest()
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    left, right = plain_root(algorithm, leaves[:split]), plain_root(algorithm, leaves[split:])
    return hashlib.new(algorithm, b"\x01" + left + right).digest()


def leaves_of(size: int) -> list[bytes]:
    return [f"leaf {number}".encode() for number in range(size)]


def test_roots_of_the_reference_tree():
    node = tree(SHA256, INPUTS)
    assert [root(SHA256, size, node).hex() for size in range(1, 9)] == ROOTS
    assert root(SHA256, 0, node) == empty_root(SHA256)
    assert empty_root(SHA256).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_paths_of_the_reference_tree():
    node = tree(SHA256, INPUTS)
    for (leaf, size), path in INCLUSION.items():
        assert [step.hex() for step in inclusion_path(SHA256, leaf, size, node)] == path, (leaf, size)
    for (first, second), path in CONSISTENCY.items():
        assert [step.hex() for step in consistency_path(SHA256, first, second, node)] == path, (first, second)


def test_a_path_to_a_leaf_that_is_not_there_is_refused():
    node = tree(SHA256, INPUTS)
    for leaf, size in ((8, 8), (-1, 8), (0, 0)):
        with pytest.raises(ValueError, match="no leaf"):
            inclusion_path(SHA256, leaf, size, node)
    for first, second in ((0, 8), (8, 7), (-1, 2)):
        with pytest.raises(ValueError, match="no proof"):
            consistency_path(SHA256, first, second, node)


@given(HASHES, SOME)
def test_the_root_is_that_of_the_standard(algorithm: str, size: int):
    leaves = leaves_of(size)
    assert root(algorithm, size, tree(algorithm, leaves)) == plain_root(algorithm, leaves)


@given(SOME)
def test_a_log_writes_each_complete_subtree_once(size: int):
    written = [
        place[:2] for number in range(size) for place in completed(SHA256, number, b"", lambda level, position: b"")
    ]
    assert len(written) == len(set(written)) == sum(size >> level for level in range(size.bit_length()))


@given(HASHES, SOME, st.data())
def test_every_leaf_is_proven_and_every_mutated_proof_fails(algorithm: str, size: int, data: st.DataObject):
    leaves, number = leaves_of(size), data.draw(st.integers(0, size - 1))
    node = tree(algorithm, leaves)
    path, head = inclusion_path(algorithm, number, size, node), root(algorithm, size, node)
    leaf = leaf_hash(algorithm, leaves[number])
    assert root_from_path(algorithm, number, size, leaf, path) == head
    assert offline_verifier.root_from_path(algorithm, number, size, leaf, path) == head
    for changed in mutated(path, data):
        for verify in (root_from_path, offline_verifier.root_from_path):
            assert verify(algorithm, number, size, leaf, changed) != head
    other = data.draw(st.integers(0, size - 1).filter(lambda one: one != number)) if size > 1 else size
    assert root_from_path(algorithm, other, size, leaf, path) != head
    assert offline_verifier.root_from_path(algorithm, other, size, leaf, path) != head


@given(HASHES, SOME, st.data())
def test_every_growth_is_proven_and_every_mutated_proof_fails(algorithm: str, second: int, data: st.DataObject):
    first = data.draw(st.integers(1, second))
    node = tree(algorithm, leaves_of(second))
    path = consistency_path(algorithm, first, second, node)
    old, new = root(algorithm, first, node), root(algorithm, second, node)
    flipped = bytes([old[0] ^ 1]) + old[1:]
    for verify in (is_consistent, offline_verifier.is_consistent):
        assert verify(algorithm, first, second, old, new, path)
        assert not verify(algorithm, first, second, flipped, new, path)
        assert not verify(algorithm, first, second, old, flipped, path)
        assert not verify(algorithm, second + 1, second, old, new, path)
        assert not verify(algorithm, 0, second, old, new, path)
        for changed in mutated(path, data):
            assert not verify(algorithm, first, second, old, new, changed)


@given(SOME, st.data())
def test_a_log_whose_history_was_rewritten_is_no_growth(second: int, data: st.DataObject):
    first = data.draw(st.integers(1, second))
    leaves = leaves_of(second)
    rewritten = [*leaves]
    rewritten[data.draw(st.integers(0, first - 1))] += b"!"
    old = root(SHA256, first, tree(SHA256, leaves))
    node = tree(SHA256, rewritten)
    path = consistency_path(SHA256, first, second, node)
    assert not is_consistent(SHA256, first, second, old, root(SHA256, second, node), path)


def mutated(path: list[bytes], data: st.DataObject) -> list[list[bytes]]:
    """The same path a step longer, a step shorter, with a bit flipped, and with two steps exchanged."""
    found = [[*path, b"\x00" * 32], [b"\x00" * 32, *path]]
    if path:
        place, bit = data.draw(st.integers(0, len(path) - 1)), data.draw(st.integers(0, 255))
        step = bytearray(path[place])
        step[bit // 8] ^= 1 << bit % 8
        found += [path[:-1], path[1:], [*path[:place], bytes(step), *path[place + 1 :]]]
    if len(path) > 1:
        found.append([path[1], path[0], *path[2:]])
    return found


@settings(max_examples=20)
@given(st.integers(2, 9))
def test_a_node_cannot_stand_for_a_leaf(size: int):
    node = tree(SHA256, leaves_of(size))
    pair = node(0, 0) + node(0, 1)
    assert leaf_hash(SHA256, pair) != node(1, 0)
    assert root(SHA256, size, node) != root(SHA256, 1, lambda level, position: leaf_hash(SHA256, pair))


@pytest.mark.skipif(SM3 not in algorithms(), reason="this system's OpenSSL has no SM3")
def test_sm3_of_the_standard():
    # GB/T 32905-2016, annex A, examples 1 and 2.
    assert hashlib.new(SM3, b"abc").hexdigest() == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    assert (
        hashlib.new(SM3, b"abcd" * 16).hexdigest() == "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"
    )
