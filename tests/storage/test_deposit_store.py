"""Deposits: versions per plant, sector and month; the same bytes are the same deposit."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from mrv.storage.control import Control
from mrv.storage.deposits import (
    Deposited,
    Filing,
    Rows,
    StoredFile,
    deposit_counts,
    deposit_files,
    deposit_versions,
    deposited_since,
    latest_deposits,
    meter_files,
    put_deposit,
    put_meter_file,
    set_status,
)

Make = Callable[..., Filing]


def put(control: Control, filing: Filing, reinstate: bool = False) -> Deposited:
    with control.write() as session:
        return put_deposit(session, filing, reinstate)


def test_a_correction_is_a_new_version_that_names_the_one_before(control: Control, filing: Make) -> None:
    first = put(control, filing("a"))
    second = put(control, filing("b", reason="煤样复检", complete=False))
    assert (first.version, first.outcome, second.version, second.outcome) == (1, "new", 2, "new")
    with control.read() as session:
        latest, versions = latest_deposits(session), deposit_versions(session)
    assert latest["id"].tolist() == [second.id]
    row = latest.iloc[0]
    assert (row["supersedes"], row["reason"], row["status"], row["sha256"]) == (
        *(first.id, "煤样复检", "incomplete"),
        "b" * 64,
    )
    assert row["received_at"] == "2026-02-01T12:00:00Z"
    assert (row["version"], row["rows_read"], row["rows_accepted"]) == (2, 5, 3)
    assert versions["id"].tolist() == [first.id, second.id]


def test_the_same_bytes_are_the_same_deposit(control: Control, filing: Make, noon: datetime) -> None:
    first = put(control, filing("a"))
    again = put(control, filing("a", received_at=noon + timedelta(days=1), uploader="另一人"))
    assert (again.id, again.version, again.outcome) == (first.id, 1, "same")


def test_a_late_retry_cannot_undo_a_correction_but_a_person_can(control: Control, filing: Make) -> None:
    first, second = put(control, filing("a")), put(control, filing("b"))
    assert put(control, filing("a")) == Deposited(first.id, 1, "superseded")
    with control.read() as session:
        assert latest_deposits(session)["id"].tolist() == [second.id]
    third = put(control, filing("a"), reinstate=True)
    assert (third.version, third.outcome) == (3, "new")
    assert put(control, filing("a"), reinstate=True) == Deposited(third.id, 3, "same")
    assert len({first.id, second.id, third.id}) == 3


def test_whoever_deposited_since_is_named(control: Control, filing: Make) -> None:
    for plant in ("P1", "P2"):
        put(control, filing("a", plant_id=plant))
    with control.read() as session:
        counts = deposit_counts(session)
        assert (counts, deposited_since(session, counts)) == ({"P1": 1, "P2": 1}, set())
    put(control, filing("a", plant_id="P1"))  # the same again is nothing new
    put(control, filing("b", plant_id="P2"))
    put(control, filing("a", plant_id="P3"))
    with control.read() as session:
        assert deposited_since(session, counts) == {"P2", "P3"}
        assert deposited_since(session, counts, ["P1", "P2"]) == {"P2"}
        assert deposited_since(session, counts, []) == set()


def test_one_file_may_be_the_filing_of_many_plants_and_months(control: Control, filing: Make) -> None:
    for plant in ("P2", "P1"):
        for month in ("2026-02", "2026-01"):
            put(control, filing("a", plant_id=plant, month=month))
    put(control, filing("a", plant_id="P1", sector="cement"))
    with control.read() as session:
        latest = latest_deposits(session)
        some = latest_deposits(session, plants=["P2", "P9"], months=["2026-01"])
        none = latest_deposits(session, plants=[])
    keys = list(zip(latest["plant_id"], latest["sector"], latest["month"], strict=True))
    assert keys == [
        ("P1", "cement", "2026-01"),
        *[("P1", "power", "2026-01"), ("P1", "power", "2026-02")],
        *[("P2", "power", "2026-01"), ("P2", "power", "2026-02")],
    ]
    assert some["plant_id"].tolist() == ["P2"]
    assert none.empty
    assert list(none.columns) == list(latest.columns)


def test_the_same_filing_has_the_same_id_in_every_store(control: Control, filing: Make) -> None:
    # sha256 of ["P1","power","2026-01",1,"aaaa…(64)"]: computed with sha256sum
    assert put(control, filing("a")).id == "8142fdcad59aa61eb3fc493ad2175aae322a9f7754842ec8978f97cd235090cb"


def test_the_files_of_a_deposit(control: Control, filing: Make) -> None:
    report = StoredFile("检测报告.pdf", "c" * 64, 99)
    deposit = put(control, filing("a", attachments=(report, StoredFile("a.xlsx", "d" * 64, 7))))
    with control.read() as session:
        files = deposit_files(session, [deposit.id])
        assert deposit_files(session, []).empty
    assert files[["role", "name", "size"]].to_numpy().tolist() == [
        ["evidence", "a.xlsx", 7],
        ["evidence", "检测报告.pdf", 99],
        ["filing", "a.xlsx", 10],
    ]


def test_a_later_check_may_change_the_verdict_only(control: Control, filing: Make) -> None:
    deposit = put(control, filing("a", complete=False))
    with control.write() as session:
        set_status(session, deposit.id, True, Rows(5, 5))
        assert latest_deposits(session)[["status", "rows_accepted"]].to_numpy().tolist() == [["complete", 5]]
        with pytest.raises(LookupError):
            set_status(session, "0" * 64, True, Rows(0, 0))

    for statement in ("UPDATE deposit SET sha256 = 'x'", "DELETE FROM deposit", "DELETE FROM deposit_file"):
        with pytest.raises(DBAPIError, match="append-only"), control.write() as session:
            session.execute(text(statement))


def test_twenty_at_once_are_one_deposit(control: Control, filing: Make) -> None:
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: put(control, filing("a")), range(20)))
    assert len({deposit.id for deposit in made}) == 1
    assert sorted(deposit.outcome for deposit in made) == ["new"] + ["same"] * 19


def test_twenty_different_at_once_are_twenty_versions(control: Control, filing: Make) -> None:
    letters = "0123456789abcdefghij"
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda letter: put(control, filing(letter)), letters))
    assert sorted(deposit.version for deposit in made) == list(range(1, 21))


def test_meter_files_in_the_order_they_came(control: Control, noon: datetime) -> None:
    late, early = StoredFile("2.csv", "a" * 64, 5), StoredFile("1.csv", "b" * 64, 5)
    with control.write() as session:
        assert put_meter_file(session, late, "csv", noon, "dcs", Rows(9, 9))
        assert put_meter_file(session, early, "csv", noon - timedelta(hours=1), "dcs", Rows(9, 8, 0, 1))
        assert not put_meter_file(session, late, "csv", noon + timedelta(hours=1), "dcs", Rows(9, 9))
        assert meter_files(session)["file_name"].tolist() == ["1.csv", "2.csv"]
