"""A home through its days: deposits and receipts, the night, a plant that fails, who is late, what is published."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from click.testing import CliRunner, Result

from mrv.cli.main import mrv
from mrv.pipeline import plant_batch
from mrv.pipeline.deposit import SubmitOutcome, submit
from mrv.pipeline.nightly import NightlyOutcome, nightly
from mrv.simulation import filing_zip, meter_csv
from mrv.storage.control import Control
from mrv.storage.deposits import deposit_versions, latest_deposits
from mrv.storage.finding_life import finding_lives
from mrv.storage.home import Home
from mrv.storage.published import manifest_of
from mrv.storage.register import put_register
from mrv.storage.runs import plant_outcomes
from schemas.vocabulary import PARAMETERS
from tests.pipeline.plants import (
    COAL,
    FEBRUARY,
    FIRST_GAS,
    JANUARY,
    SECOND_GAS,
    csv_of,
    edited,
    filing,
    lay,
    register,
    tables,
)

FIRST_NIGHT = date(2026, 2, 11)
TABLES = ("annual_report", "emission", "parameter", "finding", "plant", "unit", "rule")


def moment(day: int, month: int = 2) -> datetime:
    return datetime(2026, month, day, 2, 30, tzinfo=UTC)


@dataclass
class Place:
    """A home with its control store, and the few things a test does there."""

    home: Home
    control: Control

    def submit(self, *files: tuple[str, bytes], day: int = 10, month: int = 2, **options: Any) -> SubmitOutcome:
        return submit(self.home, self.control, files, moment(day, month), "填报员", date(2026, month, day), **options)

    def night(self, as_of: date = FIRST_NIGHT, **options: Any) -> NightlyOutcome:
        return nightly(self.home, self.control, as_of, lambda: datetime.now(UTC), **options)

    def published(self, table: str) -> pd.DataFrame:
        return pd.read_parquet(self.home.published / table).astype("object").fillna("")

    def run(self, *arguments: str) -> Result:
        return CliRunner().invoke(mrv, [*arguments, "--home", str(self.home.path)])


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Callable[..., Place]]:
    """A home whose register holds some plants."""
    places = []

    def build(*plants: str) -> Place:
        home = Home.create(tmp_path / f"home{len(places)}")
        place = Place(home, Control.open(home))
        places.append(place)
        with place.control.write() as session:
            for name, frame in register(*plants).items():
                put_register(session, name, frame, date(2025, 1, 1))
        return place

    yield build
    for place in places:
        place.control.close()


def gas(value: str = "") -> bytes:
    """January of the first gas plant, with another number of running hours where one is given."""
    return filing_zip(edited(value, "run_hours") if value else tables(), FIRST_GAS, JANUARY)


def test_deposits_receipts_and_corrections(make: Callable[..., Place]) -> None:
    place = make(FIRST_GAS)
    (first,) = place.submit(("1.zip", gas("900.00"))).submissions
    receipt = first.receipt()
    assert (receipt["outcome"], receipt["version"], receipt["status"]) == ("new", 1, "incomplete")
    assert receipt["received_at"] == "2026-02-10T02:30:00+00:00" and len(receipt["file"]["sha256"]) == 64
    assert "不代替" in receipt["note"]["zh"]

    (again,) = place.submit(("other-name.zip", gas("900.00")), day=11).submissions
    assert (again.deposited.outcome, again.deposited.id) == ("same", first.deposited.id)
    assert again.receipt()["received_at"] == receipt["received_at"]  # of the deposit, not of today

    (corrected,) = place.submit(("1.zip", gas()), day=12, reason="小时数抄错").submissions
    assert (corrected.deposited.outcome, corrected.deposited.version) == ("new", 2)
    assert corrected.receipt()["status"] == "complete" and corrected.deposited.id != first.deposited.id
    with place.control.read() as session:
        assert len(deposit_versions(session)) == 2
        assert latest_deposits(session)["version"].astype(int).tolist() == [2]
        lives = finding_lives(session, [FIRST_GAS])
    assert len(lives) and set(lives["status"]) == {"fixed"}

    (old,) = place.submit(("1.zip", gas("900.00")), day=13).submissions
    assert old.deposited.outcome == "superseded"
    (back,) = place.submit(("1.zip", gas("900.00")), day=14, reinstate=True, reason="恢复原值").submissions
    assert back.deposited.version == 3


def test_what_cannot_be_filed_is_refused_in_words(make: Callable[..., Place]) -> None:
    place = make(FIRST_GAS)
    readings = meter_csv(tables()["meter_reading"], COAL, JANUARY)
    nobody = csv_of().replace(b",2026-01,", b",2026-13,")
    outcome = place.submit(("m.csv", b"\r\n".join(readings.split(b"\r\n")[:9])), ("n.csv", nobody), ("1.zip", gas()))
    assert {one.name: one.code for one in outcome.refused} == {"m.csv": "meter_file", "n.csv": "no_filing"}
    assert [one.checked.plant_id for one in outcome.submissions] == [FIRST_GAS]


def test_a_plant_that_is_not_registered_is_kept_and_told(make: Callable[..., Place]) -> None:
    (one,) = make(COAL).submit(("1.zip", gas())).submissions
    assert one.deposited.outcome == "new"
    assert [(found["rule"], found["expected"]) for found in one.receipt()["findings"]] == [("CMP-12", COAL)]


def test_the_night(make: Callable[..., Place]) -> None:
    """Two plants in the inbox, a file that is none, and meter readings; the second night changes nothing."""
    place = make(COAL, FIRST_GAS)
    readings = meter_csv(tables()["meter_reading"], COAL, JANUARY)
    for name, data in (filing(COAL), filing(FIRST_GAS), ("letter.pdf", b"%PDF-1.4"), ("meters.csv", readings)):
        lay(place.home.inbox_new / name, data)
    told: list[str] = []
    outcome = place.night(observe=lambda step, facts: told.append(step))
    assert (outcome.status, outcome.plants, outcome.recomputed, outcome.failures) == ("completed", 2, 2, {})
    assert told == ["inbox", "batches", "batch", "published"]
    assert list(place.home.inbox_new.iterdir()) == []
    assert sorted(path.name for path in place.home.inbox_done.rglob("*") if path.is_file()) == [
        f"{COAL}-{JANUARY}.zip",
        f"{FIRST_GAS}-{JANUARY}.zip",
        "meters.csv",
    ]
    reasons = list(place.home.inbox_refused.rglob("*.json"))
    assert "PDF" in json.loads(reasons[0].read_text(encoding="utf-8"))["reason"]["zh"] and len(reasons) == 1
    assert set(place.published("meter_month")["plant_id"]) == {COAL}
    assert not (outcome.findings["severity"] == "blocks").any()

    again = place.night()
    assert again.recomputed == 0 and again.manifest == outcome.manifest == manifest_of(place.home)
    assert place.night(everything=True).manifest == outcome.manifest

    place.submit(("c.zip", gas("743.00")), day=11, reason="改正")
    changed = place.night()
    assert changed.recomputed == 1
    _published_values(place)
    _commands(place)


def _published_values(place: Place) -> None:
    """The tables of the contract, and each monthly value of the reports equal to the latest deposit, or with a reason."""
    for table in TABLES:
        assert list((place.home.published / table).glob("year=*/*.parquet"))
    assert (place.home.published / "mrv.duckdb").is_file()
    report, filed = place.published("annual_report"), place.published("parameter")
    filed = filed.assign(month=filed["month"].astype(str).str[:7])
    key = ["plant_id", "unit_id", "stream_id", "month", "parameter"]
    values = {tuple(row[name] for name in key): str(row["value"]) for row in filed.to_dict("records")}
    compared = 0
    for row in report.to_dict("records"):
        period = str(row["period"])
        name = (row["plant_id"], row["unit_id"], row["stream_id"], period, row["item"])
        if len(period) == 7 and row["item"] in PARAMETERS and row["table"] != "C.5" and row["reported"] != "":
            if name not in values:  # a rate that the plant need not file and the report computes
                assert row["table"] == "C.6", name
                continue
            assert row["reason"] or Decimal(row["reported"]) == Decimal(values[name]), name
            compared += 1
    assert compared > 30
    hours = report[(report["item"] == "run_hours") & (report["plant_id"] == FIRST_GAS) & (report["period"] == JANUARY)]
    assert hours["reported"].tolist() == ["743.00"]


def _commands(place: Place) -> None:
    """What people ask of such a home, in both languages and as JSON."""
    for lang in ("zh", "en"):
        told = place.run("explain", FIRST_GAS, JANUARY, "--lang", lang)
        assert told.exit_code == 0 and "71918.97" in told.stdout.replace(",", "")
    traced = json.loads(place.run("explain", FIRST_GAS, JANUARY, "--json").stdout)
    assert "R" in json.dumps(traced) and traced
    assert place.run("explain", FIRST_GAS, "January").exit_code == 2
    nothing = place.run("explain", SECOND_GAS, JANUARY, "--json")
    assert nothing.exit_code == 2 and json.loads(nothing.stdout)["error"]["code"] == "nothing_deposited"

    target = place.home.path.parent / "report.xlsx"
    assert place.run("report", COAL, "2026", "-o", str(target)).exit_code == 0 and target.read_bytes()[:2] == b"PK"
    document = place.run("report", COAL, "2026", "--json")
    assert document.exit_code == 0 and json.loads(document.stdout)
    assert place.run("report", COAL, "2026", "-o", "report.doc").exit_code == 2
    absent = place.run("report", COAL, "2025", "--json")
    assert absent.exit_code == 2 and json.loads(absent.stdout)["error"]["code"] == "no_report"
    written = json.loads(place.run("run", "annual", "--year", "2026", "--json").stdout)["reports"]
    assert {Path(path).name for path in written} == {
        f"{plant}.{end}" for plant in (COAL, FIRST_GAS) for end in ("xlsx", "json")
    }


def test_a_plant_that_fails_stops_nobody(make: Callable[..., Place], monkeypatch: pytest.MonkeyPatch) -> None:
    place = make(FIRST_GAS, SECOND_GAS)
    place.submit(filing(FIRST_GAS), filing(SECOND_GAS))
    honest = plant_batch._judge

    def broken(home: Home, control: Control, plants: list[str], as_of: date) -> Any:
        if SECOND_GAS in plants:
            raise ZeroDivisionError("a fault of the program")
        return honest(home, control, plants, as_of)

    monkeypatch.setattr(plant_batch, "_judge", broken)
    outcome = place.night()
    assert (outcome.status, outcome.failures) == ("partial", {SECOND_GAS: "ZeroDivisionError: a fault of the program"})
    assert set(place.published("emission")["plant_id"]) == {FIRST_GAS}
    with place.control.read() as session:
        told = plant_outcomes(session, outcome.run_id)
    assert SECOND_GAS in told.to_string() and "ZeroDivisionError" in told.to_string()

    monkeypatch.setattr(plant_batch, "_judge", honest)
    mended = place.night()
    assert (mended.status, mended.recomputed) == ("completed", 1)
    assert set(place.published("emission")["plant_id"]) == {FIRST_GAS, SECOND_GAS}


def test_who_is_late(make: Callable[..., Place]) -> None:
    """40 natural days after January 2026 end on 12 March: FIRST_GAS filed on the 13th, SECOND_GAS not at all."""
    place = make(FIRST_GAS, SECOND_GAS)
    place.submit(filing(FIRST_GAS), day=13, month=3)
    outcome = place.night(date(2026, 3, 13))
    late = outcome.findings[outcome.findings["rule"].isin(["CMP-01", "CMP-02"])]
    rows = late[["rule", "plant_id", "period", "expected"]].itertuples(index=False, name=None)
    assert sorted(rows) == [
        ("CMP-01", SECOND_GAS, JANUARY, "≤ 2026-03-12"),
        ("CMP-02", FIRST_GAS, JANUARY, "≤ 2026-03-12"),
    ]
    in_time = make(FIRST_GAS)
    in_time.submit(filing(FIRST_GAS), day=12, month=3)
    assert not in_time.night(date(2026, 3, 13)).findings["rule"].isin(["CMP-01", "CMP-02"]).any()
    assert FEBRUARY not in set(outcome.findings["period"])


def test_the_home_commands(make: Callable[..., Place], tmp_path: Path) -> None:
    place = make(FIRST_GAS)
    path, rates, bad = tmp_path / "a.zip", tmp_path / "rates.csv", tmp_path / "bad.csv"
    path.write_bytes(gas())
    sent = place.run("submit", str(path), "--as-of", "2026-02-10", "--json")
    assert sent.exit_code == 0 and json.loads(sent.stdout)["version"] == 1
    path.write_bytes(gas("900.00"))
    words = (
        "--as-of",
        "2026-02-10",
        "--reason",
        "更正",
        "--return-reference",
        "R-1",
    )  # by the clock the deadline is long over
    assert place.run("submit", str(path), *words).exit_code == 1
    path.write_bytes(b"")
    refused = place.run("submit", str(path), "--json")
    assert refused.exit_code == 2 and json.loads(refused.stdout)["error"]["code"] == "empty"

    head = "fuel_group,boiler_type,altitude_from,altitude_to,oxidation_rate,valid_from,valid_to,source"
    rates.write_text(f"{head}\ncoal,pulverised,,,98.90,2026-01,,invented\n", encoding="utf-8")
    bad.write_text(f"{head}\ncoal,pulverised,,,ninety,2026-01,,invented\n", encoding="utf-8")
    good = place.run("factors", "import", str(rates), "--json")
    assert (good.exit_code, json.loads(good.stdout)) == (0, {"imported": 1, "known": False})
    assert json.loads(place.run("factors", "import", str(rates), "--json").stdout) == {"imported": 0, "known": True}
    wrong = place.run("factors", "import", str(bad), "--json")
    (fault,) = json.loads(wrong.stdout)["errors"]
    assert wrong.exit_code == 2 and (fault["line"], fault["value"]) == (2, "ninety") and fault["message"]["zh"]

    nowhere = CliRunner().invoke(mrv, ["run", "nightly", "--home", str(tmp_path / "none"), "--json"])
    assert nowhere.exit_code == 2 and json.loads(nowhere.stdout)["error"]["code"] == "no_home"
