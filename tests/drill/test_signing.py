"""A log is signed over what its leaves say, whatever became of the subtrees that are stored beside them."""

from mrv.drill.small_log import BEGAN, filings, small_log
from mrv.ledger.digests import SHA256
from mrv.ledger.merkle import root
from mrv.ledger.receipt import Checkpoint
from mrv.pipeline.deposit import record
from mrv.storage.deposits import put_deposit
from mrv.storage.evidence import IntegrityError
from mrv.storage.ledger import sign
from tests.ledger.logs import tree

SIGNED, SIZE = 11, 14


def test_no_flipped_subtree_or_leaf_gets_under_a_signature() -> None:
    refused, signed = set(), set()
    with small_log(SIZE) as log:
        made = filings(SIZE)
        log.build(made[:SIGNED], [2, 6, SIGNED])
        with log.control.write() as session:
            for filing in made[SIGNED:]:
                record(session, filing, put_deposit(session, filing))

        def ask(statement: str, *given: object) -> list[tuple[str, ...]]:
            with log.control.write() as session:
                found = session.connection().exec_driver_sql(statement, given)
                return [tuple(row) for row in found] if found.returns_rows else []

        leaves = [text.encode() for (text,) in ask("SELECT content FROM ledger_leaf ORDER BY number")]
        nodes = ask("SELECT level, position, sha256, sm3 FROM ledger_node")
        cells = [
            ("ledger_node", f"level = {level} AND position = {place}", SHA256, value)
            for level, place, value, _ in nodes
        ]
        cells += [
            ("ledger_node", f"level = {level} AND position = {place}", "sm3", value) for level, place, _, value in nodes
        ]
        cells += [("ledger_leaf", f"number = {number}", "content", text.decode()) for number, text in enumerate(leaves)]
        for table, where, column, value in cells:
            if not value:  # a system without SM3
                continue
            ask(f"UPDATE {table} SET {column} = ? WHERE {where}", value[:-1] + chr(ord(value[-1]) ^ 1))
            try:
                checkpoint: Checkpoint | None = sign(log.control, log.signer, log.evidence, BEGAN)
            except IntegrityError:
                refused.add((table, where, column))
            else:
                assert checkpoint is not None and checkpoint.size == SIZE
                for name, signed_root in checkpoint.roots.items():
                    assert signed_root == root(name, SIZE, tree(name, leaves)).hex(), (where, column)
                signed.add((table, where, column))
                ask(f"DELETE FROM ledger_checkpoint WHERE size = {SIZE}")
            ask(f"UPDATE {table} SET {column} = ? WHERE {where}", value)
        assert sign(log.control, log.signer, log.evidence, BEGAN) is not None
    # What neither the last signature nor the new leaves rest on is the audit's to find; the peaks of 11 leaves are 3/0, 1/4 and 0/10.
    for level, place in ((3, 0), (1, 4), (0, 10), (0, 11), (2, 2), (0, 13), (1, 6)):
        assert ("ledger_node", f"level = {level} AND position = {place}", SHA256) in refused
    assert {("ledger_leaf", f"number = {number}", "content") for number in range(SIGNED, SIZE)} <= refused
    assert ("ledger_node", "level = 0 AND position = 0", SHA256) in signed
