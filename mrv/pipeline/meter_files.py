"""Meter files: deposited like filings, their readings into the lake."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import pandas as pd

from mrv.intake import Intake, Refusal, read_file
from mrv.pipeline.batch import assemble
from mrv.pipeline.check import File
from mrv.storage.control import Control
from mrv.storage.deposits import Rows, StoredFile, put_meter_file
from mrv.storage.evidence import Evidence
from mrv.storage.home import Home
from mrv.storage.lake import Lake
from mrv.storage.locks import exclusive

READINGS_LOCK = ".readings.lock"
METER_KINDS = ("meter_csv", "meter_parquet")


@dataclass(frozen=True)
class MeterOutcome:
    """`taken` : for each file given, whether it was one of meter readings. `rows` : readings read, accepted, refused, ignored."""

    taken: list[bool]
    refused: list[Refusal]
    rows: dict[str, int]
    faults: pd.DataFrame
    known: int


def ingest_meters(
    home: Home, control: Control, files: Sequence[File], received_at: datetime, uploader: str
) -> MeterOutcome:
    """Take the files that hold meter readings; others are left for whoever wants them.

    The bytes go to evidence, the readings to the lake, month by month of their UTC time; the same file again changes
    nothing. Readings that contradict each other are all kept: metering decides, and says so.
    """
    taken, refused, intakes = [], [], []
    for name, data in files:
        result = read_file(name, data) if name.lower().endswith((".csv", ".txt", ".parquet")) else None
        is_meter = isinstance(result, Intake) and result.kind in METER_KINDS
        taken.append(is_meter)
        if isinstance(result, Refusal):
            refused.append(result)
        if is_meter and isinstance(result, Intake):
            intakes.append((result, data))
    totals = {"read": 0, "accepted": 0, "refused": 0, "ignored": 0}
    known = 0
    fresh = []
    evidence = Evidence(home.evidence)
    for intake, data in intakes:
        evidence.put(data)
        batch = assemble([intake])
        counts = batch.rows["disposition"].value_counts()
        rows = Rows(len(batch.rows), *(int(counts.get(name, 0)) for name in ("accepted", "refused", "ignored")))
        for name in totals:
            totals[name] += getattr(rows, name)
        with control.write() as session:
            stored = StoredFile(intake.name, intake.sha256, intake.size)
            if not put_meter_file(session, stored, intake.kind, received_at, uploader, rows):
                known += 1
        fresh.append(batch)
    readings = [batch.tables["meter_reading"] for batch in fresh if "meter_reading" in batch.tables]
    if readings:
        store_readings(Lake(home.lake), pd.concat(readings, ignore_index=True))
    faults = [batch.faults for batch in fresh if len(batch.faults)]
    return MeterOutcome(
        taken, refused, totals, pd.concat(faults, ignore_index=True) if faults else pd.DataFrame(), known
    )


def store_readings(lake: Lake, readings: pd.DataFrame) -> None:
    """Readings beside those already there; a reading that is there already is not stored twice."""
    for month, rows in readings.groupby(readings["timestamp"].str[:7], sort=True):
        plants = sorted(rows["plant_id"].unique())
        year = int(str(month)[:4])
        # From reading to replacing: what another file brings in between would be lost.
        with exclusive(lake.root / READINGS_LOCK):
            before = lake.read("meter_reading", [year], plants, [str(month)])
            together = pd.concat([before, rows], ignore_index=True).drop_duplicates()
            lake.replace_plants("meter_reading", together, plants, year, str(month))
