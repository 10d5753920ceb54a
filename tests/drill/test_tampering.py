"""A changed bit or a changed history is found, and the entry is named. The same code with larger numbers is `make drill`."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from mrv.drill.flips import CELLS, LEDGER, cells, every_bit, flip_cells, flip_files, random_bits
from mrv.drill.rewrites import KINDS, rewrite
from mrv.drill.small_log import SmallLog, filings
from mrv.storage.ledger_audit import audit

pytestmark = pytest.mark.usefixtures("one_signature")


@pytest.fixture
def log(tmp_path: Path) -> Iterator[SmallLog]:
    made = SmallLog(tmp_path / "home", 5, in_memory=True)
    made.build(filings(5), [2, 5])
    made.receive(2)
    yield made
    made.close()


def test_the_log_is_whole_before_it_is_tampered_with(log: SmallLog) -> None:
    with log.control.read() as session:
        outcome = audit(session, log.evidence, [log.signer.key_id])
    assert (outcome.leaves, outcome.checkpoints, outcome.faults) == (7, 3, ())
    assert {cell.table for cell in cells(log)} == set(CELLS)


def test_flipped_bits_of_the_ledger_are_found_and_named(log: SmallLog) -> None:
    found = cells(log, LEDGER)
    count = flip_cells(log, every_bit(found, 409))
    assert (count.unfound, count.unnamed) == ([], [])
    assert count.flips > 150


def test_every_cell_of_the_store_is_watched(log: SmallLog) -> None:
    draw = random.Random(3)
    count = flip_cells(log, iter([(cell, draw.randrange(cell.bits)) for cell in cells(log)]))
    assert (count.unfound, count.unnamed) == ([], [])
    assert count.refused < count.flips / 10


def test_random_flips_in_store_and_evidence_are_found_and_named(log: SmallLog) -> None:
    draw = random.Random(4)
    in_store = flip_cells(log, random_bits(cells(log), 40, draw))
    in_files = flip_files(log, 20, draw)
    for count in (in_store, in_files):
        assert (count.unfound, count.unnamed) == ([], [])
    assert in_files.flips == 20


def test_an_emptied_sm3_and_a_checkpoint_taken_away_are_found(log: SmallLog) -> None:
    for statement, code in (
        ("UPDATE ledger_node SET sm3 = ''", "leaf_changed"),
        ("UPDATE ledger_node SET sm3 = '' WHERE level = 1 AND position = 0", "node_changed"),
        ("DELETE FROM ledger_checkpoint", "checkpoint_missing"),
        ("DELETE FROM ledger_checkpoint WHERE size = 2", "checkpoint_missing"),
        ("DELETE FROM deposit_file WHERE role = 'evidence'", "row"),
        ("DELETE FROM deposit_file WHERE role = 'filing'", "row"),
        ("UPDATE deposit SET supersedes = NULL", "row"),
        ("DELETE FROM audit WHERE number = 1", "trail_missing"),
    ):
        with log.control.write() as session:
            session.connection().exec_driver_sql(statement)
            faults = audit(session, log.evidence, [log.signer.key_id]).faults
            session.rollback()
        assert code in {fault.code for fault in faults}, statement


def test_rewritten_history_is_found_against_one_checkpoint_held_outside(tmp_path: Path) -> None:
    log = SmallLog(tmp_path / "home", 6, in_memory=True)
    try:
        result = rewrite(log, 40, random.Random(5))
    finally:
        log.close()
    assert result.unfound == []
    assert sum(result.kinds.values()) == 40
    assert {f"{kind}, rebuilt with the key" for kind in KINDS} <= set(result.kinds)
    # A log rebuilt by the holder of the key is whole in itself: nothing but the outside checkpoint gives it away.
    assert result.hidden_without_outside == sum(
        number for kind, number in result.kinds.items() if kind.endswith("rebuilt with the key")
    )
