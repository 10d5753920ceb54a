"""A call with many files keeps nobody waiting for all of them: each filing is a transaction of its own."""

from datetime import date, datetime

import pytest

from mrv.ledger.receipt import proof_fails
from mrv.pipeline import deposit
from mrv.pipeline.deposit import submit
from mrv.storage.control import Control
from mrv.storage.deposits import deposit_versions, put_deposit
from mrv.storage.home import Home
from tests.pipeline.plants import FIRST_GAS, SECOND_GAS, csv_of

DAY = date(2026, 2, 10)


def test_what_was_deposited_stays_when_the_next_filing_fails(
    home: Home, control: Control, noon: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = [("a.csv", csv_of()), ("b.csv", csv_of(SECOND_GAS))]

    def failing(session, filing, reinstate):
        if filing.plant_id == SECOND_GAS:
            raise OSError("pulled the plug")
        return put_deposit(session, filing, reinstate)

    monkeypatch.setattr(deposit, "put_deposit", failing)
    with pytest.raises(OSError, match="plug"):
        submit(home, control, files, noon, "填报员", DAY)
    with control.read() as session:
        assert deposit_versions(session)["plant_id"].tolist() == [FIRST_GAS]
    monkeypatch.setattr(deposit, "put_deposit", put_deposit)
    outcome = submit(home, control, files, noon, "填报员", DAY)
    assert [one.deposited.outcome for one in outcome.submissions] == ["same", "new"]
    assert [proof_fails(one.proof) for one in outcome.submissions] == ["", ""]
    assert len(outcome.submissions[0].proof["paths"]["sha256"]) > 0
    # Receiving the same bytes again signs nothing: the log ends with the checkpoints that it would have without the failure.
    with control.read() as session:
        assert len(list(session.connection().exec_driver_sql("SELECT size FROM ledger_checkpoint"))) == 2
