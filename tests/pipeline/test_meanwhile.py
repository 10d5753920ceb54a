"""What is deposited while somebody else is at work: nothing that was acknowledged is lost, and no earlier version comes back."""

import threading
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest

from mrv.pipeline import meter_files
from mrv.pipeline.meter_files import MeterOutcome, ingest_meters
from mrv.pipeline.opening import opened
from mrv.simulation import meter_csv
from mrv.storage.home import Home
from mrv.storage.lake import Lake
from mrv.storage.locks import exclusive
from tests.pipeline.plants import COAL, JANUARY, tables

NOON = datetime(2026, 2, 4, 4, tzinfo=UTC)
PATIENCE = 60  # s


def test_two_meter_files_at_once_are_both_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Home.create(tmp_path / "home")
    readings = tables()["meter_reading"]
    files = [
        meter_csv(readings[readings["timestamp"].str.startswith(days)], COAL, JANUARY)
        for days in ("2026-01-1", "2026-01-2")
    ]
    outcomes: list[MeterOutcome] = []
    further = threading.Event()  # the second file is in the lake, or waits for the first
    replace = Lake.replace_plants

    def ingest(data: bytes) -> None:
        with opened(tmp_path / "home") as (home, control):
            outcomes.append(ingest_meters(home, control, [("meters.csv", data)], NOON, "u"))

    def second_file() -> None:
        ingest(files[1])
        further.set()

    def asking(path: Path) -> object:
        if threading.current_thread() is second:
            further.set()
        return exclusive(path)

    def overtaken(lake: Lake, table: str, frame: pd.DataFrame, *rest: object) -> Path:
        if second.ident is None:
            second.start()
            assert further.wait(PATIENCE)
        return replace(lake, table, frame, *rest)  # type: ignore[arg-type]

    second = threading.Thread(target=second_file)
    monkeypatch.setattr(meter_files, "exclusive", asking, raising=False)
    monkeypatch.setattr(Lake, "replace_plants", overtaken)
    ingest(files[0])
    second.join(PATIENCE)
    accepted = [one.rows["accepted"] for one in outcomes]
    assert len(accepted) == 2 and min(accepted) > 0
    assert len(Lake(tmp_path / "home" / "lake").read("meter_reading")) == sum(accepted)
