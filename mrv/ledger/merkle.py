"""The Merkle log of RFC 6962 and RFC 9162: roots, inclusion and consistency proofs, for any hash function.

A leaf is hashed with a zero byte before it, a node with a one byte, so that neither can stand for the other. `Node` looks up a
**complete** subtree: level 0 is a leaf hash, level k covers 2^k leaves from position × 2^k. A log keeps these and nothing else:
appending writes as many as the new leaf completes, one on average, and every proof reads a few.
"""

from collections.abc import Callable, Sequence

from mrv.ledger.digests import digest

Node = Callable[[int, int], bytes]


def leaf_hash(algorithm: str, content: bytes) -> bytes:
    """Hash of a leaf [32 bytes] (RFC 9162 section 2.1.1)."""
    return digest(algorithm, b"\x00" + content)


def node_hash(algorithm: str, left: bytes, right: bytes) -> bytes:
    """Hash of an inner node [32 bytes]."""
    return digest(algorithm, b"\x01" + left + right)


def empty_root(algorithm: str) -> bytes:
    """Root of a log without leaves: the hash of nothing."""
    return digest(algorithm, b"")


def completed(algorithm: str, index: int, leaf: bytes, node: Node) -> list[tuple[int, int, bytes]]:
    """The complete subtrees (level, position, hash) that the leaf number `index` (from 0) closes, itself first."""
    found = [(0, index, leaf)]
    level, position, value = 0, index, leaf
    while position % 2:
        value = node_hash(algorithm, node(level, position - 1), value)
        level, position = level + 1, position // 2
        found.append((level, position, value))
    return found


def root(algorithm: str, size: int, node: Node) -> bytes:
    """Root of the first `size` leaves."""
    return _range(algorithm, 0, size, node) if size else empty_root(algorithm)


def _range(algorithm: str, low: int, high: int, node: Node) -> bytes:
    """Hash of the leaves from low to high; low is always where a subtree of that width may begin."""
    count = high - low
    if count & (count - 1) == 0:
        level = count.bit_length() - 1
        return node(level, low >> level)
    half = 1 << (count - 1).bit_length() - 1
    return node_hash(algorithm, _range(algorithm, low, low + half, node), _range(algorithm, low + half, high, node))


def inclusion_path(algorithm: str, index: int, size: int, node: Node) -> list[bytes]:
    """Siblings from the leaf up, which lead from leaf `index` to the root of `size` leaves (RFC 9162 section 2.1.3.1).

    ValueError for a leaf that is not among them.
    """
    if not 0 <= index < size:
        raise ValueError(f"no leaf {index} among {size}")
    path: list[bytes] = []
    low, high = 0, size
    while high - low > 1:
        half = 1 << (high - low - 1).bit_length() - 1
        if index < low + half:
            path.append(_range(algorithm, low + half, high, node))
            high = low + half
        else:
            path.append(_range(algorithm, low, low + half, node))
            low += half
    return path[::-1]


def root_from_path(algorithm: str, index: int, size: int, leaf: bytes, path: Sequence[bytes]) -> bytes | None:
    """The root that a path leads to, None when the path has not the length it must have (RFC 9162 section 2.1.3.2)."""
    if not 0 <= index < size:
        return None
    number, last, value = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            return None
        if number % 2 or number == last:
            value = node_hash(algorithm, sibling, value)
            while number % 2 == 0 and number:
                number, last = number >> 1, last >> 1
        else:
            value = node_hash(algorithm, value, sibling)
        number, last = number >> 1, last >> 1
    return value if last == 0 else None


def consistency_path(algorithm: str, first: int, second: int, node: Node) -> list[bytes]:
    """Proof that the log of `second` leaves begins with the log of `first` (RFC 9162 section 2.1.4.1); 0 < first ≤ second."""
    if not 0 < first <= second:
        raise ValueError(f"no proof from {first} to {second} leaves")

    def prove(count: int, low: int, high: int, whole: bool) -> list[bytes]:
        if count == high - low:
            return [] if whole else [_range(algorithm, low, high, node)]
        half = 1 << (high - low - 1).bit_length() - 1
        if count <= half:
            return [*prove(count, low, low + half, whole), _range(algorithm, low + half, high, node)]
        return [*prove(count - half, low + half, high, False), _range(algorithm, low, low + half, node)]

    return prove(first, 0, second, True)


def is_consistent(
    algorithm: str, first: int, second: int, first_root: bytes, second_root: bytes, path: Sequence[bytes]
) -> bool:
    """Whether a proof shows that the second root grew out of the first (RFC 9162 section 2.1.4.2)."""
    if not 0 < first <= second:
        return False
    if first == second:
        return not path and first_root == second_root
    steps = list(path)
    if first & (first - 1) == 0:
        steps.insert(0, first_root)
    if not steps:
        return False
    number, last = first - 1, second - 1
    while number % 2:
        number, last = number >> 1, last >> 1
    old = new = steps[0]
    for sibling in steps[1:]:
        if last == 0:
            return False
        if number % 2 or number == last:
            old, new = node_hash(algorithm, sibling, old), node_hash(algorithm, sibling, new)
            while number % 2 == 0 and number:
                number, last = number >> 1, last >> 1
        else:
            new = node_hash(algorithm, new, sibling)
        number, last = number >> 1, last >> 1
    return last == 0 and old == first_root and new == second_root
