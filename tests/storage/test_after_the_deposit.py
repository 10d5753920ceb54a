"""What is added after a deposit, on both stores: the platform's word, internal days, remarks; nothing is overwritten."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pandas as pd
import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from mrv.storage.control import Control
from mrv.storage.deposits import Filing, deposit_named, put_deposit, standing
from mrv.storage.finding_life import DESCRIBED, PlantMonth, by_life, update_findings
from mrv.storage.internal_deadlines import Earlier, internal_deadlines, put_internal_deadline
from mrv.storage.ledger_models import Audit
from mrv.storage.platform_records import Said, open_return, platform_records, put_platform_record
from mrv.storage.remarks import finding_named, put_remark, remarks

Make = Callable[..., Filing]


def trail(control: Control) -> list[tuple[str, str]]:
    with control.read() as session:
        return [(row.action, row.actor) for row in session.scalars(select(Audit).order_by(Audit.number))]


def refused(control: Control, statement: str) -> None:
    with pytest.raises(DBAPIError, match="append-only"), control.write() as session:
        session.execute(text(statement))


def test_what_bytes_would_become(control: Control, filing: Make) -> None:
    def outcome(letter: str, reinstate: bool = False) -> str:
        with control.read() as session:
            return standing(session, "P1", "power", "2026-01", letter * 64, reinstate).outcome

    assert outcome("a") == "new"
    with control.write() as session:
        put_deposit(session, filing("a"))
    assert (outcome("a"), outcome("b")) == ("same", "correction")
    with control.write() as session:
        put_deposit(session, filing("b"))
    assert (outcome("a"), outcome("a", True), outcome("b", True)) == ("superseded", "correction", "same")


def test_the_platforms_word(control: Control, filing: Make, noon: datetime) -> None:
    with control.write() as session:
        deposit = put_deposit(session, filing("a")).id
        other = put_deposit(session, filing("b")).id
        assert put_platform_record(session, deposit, Said("S-1", "submitted", noon), "甲", noon) == 1
        assert open_return(session, deposit) == ""
        back = Said("R-7", "returned", noon + timedelta(days=1), "水分有误")
        assert put_platform_record(session, deposit, back, "甲", noon) == 2
        assert put_platform_record(session, deposit, back, "乙", noon + timedelta(days=2)) == 2  # said before
        assert (open_return(session, deposit), open_return(session, other)) == ("R-7", "")
    with control.read() as session:
        rows = platform_records(session, [deposit])
        assert deposit_named(session, deposit[:9]).id == deposit
    assert rows[["number", "platform_number", "status", "recorded_by"]].to_numpy().tolist() == [
        [1, "S-1", "submitted", "甲"],
        [2, "R-7", "returned", "甲"],
    ]
    assert trail(control) == [("platform", "甲")] * 2
    with control.write() as session:
        put_platform_record(session, deposit, Said("S-2", "accepted", noon + timedelta(days=3)), "甲", noon)
        assert open_return(session, deposit) == ""
    for statement in ("UPDATE platform_record SET status = 'accepted'", "DELETE FROM platform_record"):
        refused(control, statement)


@pytest.mark.parametrize(("number", "status"), [("", "submitted"), (" ", "returned"), ("S-1", "lost")])
def test_no_word_of_the_platform(control: Control, filing: Make, noon: datetime, number: str, status: str) -> None:
    with control.write() as session:
        deposit = put_deposit(session, filing("a")).id
    with control.write() as session, pytest.raises(ValueError, match="not a record"):
        put_platform_record(session, deposit, Said(number, status, noon), "甲", noon)
    with control.write() as session, pytest.raises(LookupError):
        put_platform_record(session, "0" * 64, Said("S-1", "submitted", noon), "甲", noon)
    with control.read() as session:
        for beginning in ("", "%", "zzz"):
            with pytest.raises(LookupError):
                deposit_named(session, beginning)


def test_the_last_internal_day_holds(control: Control, noon: datetime) -> None:
    with control.write() as session:
        for day, reason in ((20, "月底盘煤"), (15, "年审")):
            put_internal_deadline(session, Earlier("P1", "power", "2026-01", date(2026, 2, day), reason), "处长", noon)
        put_internal_deadline(session, Earlier("P2", "power", "2026-01", date(2026, 2, 9), "抽查"), "处长", noon)
    with control.read() as session:
        mine = internal_deadlines(session, ["P1"])
        assert len(internal_deadlines(session)) == 2
    assert mine[["number", "day", "reason"]].to_numpy().tolist() == [[2, "2026-02-15", "年审"]]
    assert trail(control) == [("internal deadline", "处长")] * 3
    refused(control, "DELETE FROM internal_deadline")


def test_remarks_outlive_the_finding(control: Control, noon: datetime) -> None:
    row = dict.fromkeys(DESCRIBED, "") | {"id": "f" * 64, "rule": "PHY-01", "plant_id": "P1", "period": "2026-01"}
    found = pd.DataFrame([row | {"severity": "blocks"}], columns=list(DESCRIBED), dtype="str")
    scope = [PlantMonth("P1", "2026-01")]
    with control.write() as session:
        assert by_life(update_findings(session, scope, found, "d1", noon))["new"] == ["f" * 64]
        put_remark(session, finding_named(session, "ff"), " 已查 ", "王工", noon)
        assert by_life(update_findings(session, scope, found[:0], "d2", noon))["fixed"] == ["f" * 64]
        put_remark(session, "f" * 64, "已改", "李工", noon + timedelta(hours=1))
        assert by_life(update_findings(session, scope, found, "d3", noon))["came_back"] == ["f" * 64]
    with control.read() as session:
        rows = remarks(session, ["f" * 64])
        assert remarks(session, []).empty
    assert rows[["by", "text"]].to_numpy().tolist() == [["王工", "已查"], ["李工", "已改"]]
    with control.write() as session:
        with pytest.raises(LookupError):
            put_remark(session, "e" * 64, "x", "王工", noon)
        with pytest.raises(ValueError, match="words"):
            put_remark(session, "f" * 64, "  ", "王工", noon)
    for statement in ("UPDATE audit SET detail = '{}'", "DELETE FROM audit"):
        refused(control, statement)
