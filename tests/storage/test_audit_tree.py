"""The tree of an audit is read block by block; where blocks end makes no difference to what is found."""

from collections.abc import Iterator

import pytest

from mrv.drill.small_log import SmallLog, filings, small_log
from mrv.storage import audit_tree
from mrv.storage.audit_faults import Fault
from mrv.storage.ledger_audit import audit

LEAVES = 11


@pytest.fixture(scope="module")
def log() -> Iterator[SmallLog]:
    with small_log(LEAVES) as made:
        made.build(filings(LEAVES), [LEAVES])
        yield made


@pytest.fixture(params=[1, 2, 4, 1024], ids=lambda leaves: f"block of {leaves}")
def block(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit_tree, "BLOCK", request.param)


def faults(log: SmallLog, statement: str = "", *values: int) -> tuple[Fault, ...]:
    with log.control.write() as session:
        if statement:
            session.connection().exec_driver_sql(statement, values)
        found = audit(session, log.evidence).faults
        session.rollback()
    return found


@pytest.mark.usefixtures("block")
def test_every_node_is_met_and_named(log: SmallLog):
    assert faults(log) == ()
    places = [(level, position) for level in range(4) for position in range(LEAVES >> level)]
    for level, position in places:
        where = f"#{position}" if level == 0 else f"{level}/{position}"
        changed = faults(log, "UPDATE ledger_node SET sha256 = sm3 WHERE level = ? AND position = ?", level, position)
        assert changed == (Fault("node_changed" if level else "leaf_changed", where),)
        gone = faults(log, "DELETE FROM ledger_node WHERE level = ? AND position = ?", level, position)
        assert gone == (Fault("node_missing", where),)


@pytest.mark.usefixtures("block")
@pytest.mark.parametrize("number", [LEAVES, 1 << 20, (1 << 63) - 1, -1, -(1 << 63)])
def test_a_leaf_far_away_is_found(log: SmallLog, number: int):
    found = faults(log, "UPDATE ledger_leaf SET number = ? WHERE number = 4", number)
    assert Fault("leaf_missing", "#4") in found
    assert Fault("node_missing", f"#{number}") in found


@pytest.mark.usefixtures("block")
def test_a_node_too_many_is_found(log: SmallLog):
    for level, position in ((0, LEAVES), (3, 1), (4, 0), (-1, 0), (0, -1), (1 << 62, 0)):
        found = faults(log, "INSERT INTO ledger_node VALUES (?, ?, 'a', 'b')", level, position)
        assert found == (Fault("node_unexpected", f"{level}/{position}"),)
