"""Trees over some leaves, kept as the complete subtrees that `mrv.ledger.merkle` reads."""

from collections.abc import Sequence

from mrv.ledger.merkle import Node, completed, leaf_hash


def tree(algorithm: str, leaves: Sequence[bytes]) -> Node:
    """The look-up of the complete subtrees over these leaves."""
    held: dict[tuple[int, int], bytes] = {}

    def node(level: int, position: int) -> bytes:
        return held[level, position]

    for number, content in enumerate(leaves):
        for level, position, value in completed(algorithm, number, leaf_hash(algorithm, content), node):
            held[level, position] = value
    return node
