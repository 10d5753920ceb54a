"""A changed bit or a changed history is found, and the entry is named. The same code with larger numbers is `make drill`."""

import os
import random
from collections.abc import Iterator
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import pytest

from mrv.drill import flips, rewrites
from mrv.drill.crew import shared_out
from mrv.drill.flip_runs import REFUSED, WORDS, run_bits, run_flips
from mrv.drill.flips import CELLS, EVIDENCE, LEDGER, cells, every_bit, flip_cells, flip_files, random_bits
from mrv.drill.rewrites import KINDS
from mrv.drill.small_log import SmallLog, filings, small_log
from mrv.ledger.signing import sm2_available
from mrv.storage import audit_checkpoints
from mrv.storage.audit_faults import Fault
from mrv.storage.audit_tree import Tree
from mrv.storage.ledger_audit import Outcome, audit


@pytest.fixture(scope="module")
def log() -> Iterator[SmallLog]:
    """Every test leaves it as it was."""
    with small_log(5) as made:
        made.build(filings(5), [2, 5])
        made.receive(2)
        made.plan()
        yield made


def test_the_log_is_whole_before_it_is_tampered_with(log: SmallLog) -> None:
    with log.control.read() as session:
        outcome = audit(session, log.evidence, [log.signer.key_id])
    assert (outcome.leaves, outcome.checkpoints, outcome.faults) == (8, 4, ())
    assert {cell.table for cell in cells(log)} == set(CELLS)


def test_flipped_bits_of_the_ledger_are_found_and_named(log: SmallLog) -> None:
    found = cells(log, LEDGER)
    count = flip_cells(log, every_bit(found, 409))
    assert (count.unfound, count.unnamed) == ([], [])
    assert count.flips > 150


def test_every_bit_of_what_a_leaf_is_filed_under_is_watched(log: SmallLog) -> None:
    found = [cell for cell in cells(log, ("ledger_leaf",)) if cell.column == "subject"]
    assert {cell.row["kind"] for cell in found} == {"deposit", "received", "control_plan"}
    ends = [cell for cell in found if cell.row["kind"] == "control_plan"] + found[:1]
    count = flip_cells(log, every_bit(ends, 3))
    assert (count.unfound, count.unnamed, count.refused) == ([], [], 0)


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
    assert in_files.taken == {EVIDENCE: 20}


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
        ("UPDATE ledger_leaf SET subject = 'P0/power/2026-V9' WHERE kind = 'control_plan'", "leaf_subject"),
    ):
        with log.control.write() as session:
            session.connection().exec_driver_sql(statement)
            faults = audit(session, log.evidence, [log.signer.key_id]).faults
            session.rollback()
        assert code in {fault.code for fault in faults}, statement


def test_rewritten_history_is_found_against_one_checkpoint_held_outside(tmp_path: Path) -> None:
    figure = rewrites.run(30, tmp_path, 1)
    assert (figure.failures, figure.trials) == ([], 30)
    assert {f"{kind}, rebuilt with the key" for kind in KINDS} <= set(figure.detail)
    # A log rebuilt by the holder of the key is whole in itself: nothing but the outside checkpoint gives it away.
    assert figure.detail["unseen without the outside checkpoint"] == 24


def test_the_drill_over_all_bits_takes_each_once(log: SmallLog) -> None:
    found = cells(log, LEDGER)
    numbers = [(id(cell), bit) for begin in (0, 3, 6) for cell, bit in every_bit(found, 9, begin)]
    assert len(set(numbers)) == len(numbers) == -(-sum(cell.bits for cell in found) // 3)


def test_the_drills_over_flips_run_in_processes(tmp_path: Path) -> None:
    bits = run_bits(40, tmp_path, 2)
    assert bits.failures == []
    assert bits.detail[REFUSED] + bits.trials >= (79 if sm2_available() else 39)
    assert all(bits.detail[words] for words in WORDS.values())
    figure = run_flips(55, tmp_path, 2)
    assert (figure.failures, figure.trials, figure.detail["files"]) == ([], 55, 13)


@pytest.mark.usefixtures("one_signature")
def test_a_drill_tells_of_flips_that_an_audit_does_not_find(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Tree, "_compare", lambda *_: None)
    figure = run_bits(100, tmp_path, 1)
    assert figure.bound is None
    assert any(entry.startswith("not found: ledger_node.") for entry in figure.failures)


def test_a_drill_tells_of_entries_that_an_audit_does_not_name(log: SmallLog, monkeypatch: pytest.MonkeyPatch) -> None:
    elsewhere = Outcome(0, 0, 0, 0, (Fault("leaf_changed", "#77"),))
    monkeypatch.setattr(flips, "audit", lambda *_: elsewhere)
    count = flip_cells(log, random_bits(cells(log), 20, random.Random(6)))
    assert (count.unfound, len(count.unnamed)) == ([], count.taken.total())


def test_a_drill_tells_of_rewrites_that_an_audit_does_not_find(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit_checkpoints, "fits", lambda *_: True)
    figure = rewrites.run(10, tmp_path, 1)
    assert len(figure.failures) == 8
    assert all("rebuilt with the key" in entry for entry in figure.failures)


def test_a_process_that_dies_is_not_passed_over() -> None:
    with pytest.raises(BrokenProcessPool):
        shared_out(os._exit, [0, 0], 2)
