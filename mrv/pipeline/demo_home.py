"""The demonstration home: invented plants of all four sectors with their register, their deposits so far, and meter files in the inbox."""

import io
import json
import multiprocessing
import os
import shutil
import zipfile
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd

from mrv.accounting.accounts import TOTAL
from mrv.pipeline.deposit import REGISTERED, month_of, submit
from mrv.pipeline.opening import opened
from mrv.reporting.template import template, template_rows
from mrv.simulation import PlantedFault, PlantYears, demo, filing_zip, meter_csv, plant_faults
from mrv.storage import durable
from mrv.storage.deposits import latest_deposits
from mrv.storage.home import Home
from mrv.storage.lake import Lake
from mrv.storage.register import put_register, register
from mrv.storage.settings import Settings
from schemas import FILING_TABLES
from schemas.choices import SECTORS

MARK = "demo.json"
BATCH_SIZE = 6  # plants: two batches, so that the night has tasks to run side by side
ZONE = ZoneInfo("Asia/Shanghai")
SENT_ON = 12  # day of the following month, after the laboratory's report
# These file the Excel workbook instead of CSV tables in these months.
IN_WORKBOOKS = {"DEMO01": ("2026-01", "2026-03", "2026-04"), "DEMO04": ("2026-06", "2026-07", "2026-08", "2026-09")}

Tables = dict[str, pd.DataFrame]


def mark_of(path: Path) -> dict[str, Any] | None:
    """What the demonstration wrote about itself in a directory; None where there is no demonstration."""
    file = path / MARK
    return json.loads(file.read_text(encoding="utf-8")) if file.is_file() else None


def remove(path: Path) -> None:
    """Removes a demonstration home. ValueError for any other directory: nothing else is ever deleted."""
    if mark_of(path) is None:
        raise ValueError(f"not a demonstration home: {path}")
    shutil.rmtree(path)


def build(path: Path, as_of: date) -> list[PlantedFault]:
    """Builds the home: register, deposits as they came in month by month, meter files waiting in the inbox.

    Everything is synthetic and follows from a seed. Returns the faults planted in the deposits. `as_of` is the day of
    judgement; HomeExists when something stands at `path`.
    """
    home = Home.create(path, Settings(batch_size=BATCH_SIZE))
    _write_mark(home.path, {"finished": False, "as_of": as_of.isoformat()})
    years, planted = plant_faults(demo())
    plants = years.tables["plant"]["plant_id"].unique().tolist()  # an enterprise may have several sectors
    with opened(home.path) as (_, control), control.write() as session:
        for table in REGISTERED:
            put_register(
                session, table, years.tables[table], date.fromisoformat(_months(years.tables)[0] + "-01"), "demo"
            )
    shares = [_of_plants(years.tables, plants[number::2]) for number in (0, 1)]
    with ProcessPoolExecutor(2, multiprocessing.get_context("spawn")) as pool:
        list(pool.map(_deposit, [home.path] * 2, shares, [as_of] * 2))
    _drop_meter_files(home, years)
    return planted


def finish(path: Path, as_of: date, planted: Iterable[PlantedFault]) -> None:
    """Marks a demonstration home as complete."""
    _write_mark(path, {"finished": True, "as_of": as_of.isoformat(), "planted": [asdict(fault) for fault in planted]})


def published_findings(path: Path) -> pd.DataFrame:
    """The findings as published: what anyone with the Parquet files sees."""
    return pd.read_parquet(Home.open(path).published / "finding")


def recognised(findings: pd.DataFrame, planted: Iterable[PlantedFault]) -> list[bool]:
    """For each planted fault, whether the rule that must find it spoke of that plant and month."""
    said = set(findings[["rule", "plant_id", "period"]].astype("str").itertuples(index=False, name=None))
    return [(fault.rule, fault.plant_id, fault.month) in said for fault in planted]


def by_sector(path: Path, planted: Iterable[PlantedFault], found: Iterable[bool]) -> list[dict[str, Any]]:
    """What each sector of the demonstration came to, in the order of the sectors.

    Keys: `sector`, `plants`, `months` (filings, one per plant and month), `tco2e` (text, exact; the lines that count towards the
    enterprise), `planted` and `found`. A fault of an enterprise with two sectors is counted in the first.
    """
    with opened(path) as (home, control):
        with control.read() as session:
            plants, deposits = register(session, "plant"), latest_deposits(session)
        lines = Lake(home.lake).read("emission")
    counted = lines[lines["level"] == TOTAL]
    first = plants.drop_duplicates("plant_id").set_index("plant_id")["sector"]
    faults = [(first[fault.plant_id], there) for fault, there in zip(planted, found, strict=True)]
    return [
        {
            "sector": sector,
            "plants": int((plants["sector"] == sector).sum()),
            "months": int((deposits["sector"] == sector).sum()),
            "tco2e": str(sum(counted.loc[counted["sector"] == sector, "tco2e"].map(Decimal), Decimal(0))),
            "planted": sum(name == sector for name, _ in faults),
            "found": sum(name == sector and there for name, there in faults),
        }
        for sector in SECTORS
        if (plants["sector"] == sector).any()
    ]


def clean_plants(path: Path, planted: Iterable[PlantedFault]) -> list[str]:
    """The plants of the register in which nothing was planted."""
    faulty = {fault.plant_id for fault in planted}
    with opened(path) as (_, control), control.read() as session:
        return [plant for plant in register(session, "plant")["plant_id"].unique() if plant not in faulty]


def filing(tables: Tables, plant_id: str, month: str) -> tuple[str, bytes]:
    """What a plant sends for a month: a zip of its tables, or of its workbook, with the evidence files."""
    packed = filing_zip(tables, plant_id, month)
    if month not in IN_WORKBOOKS.get(plant_id, ()):
        return f"{plant_id}-{month}.zip", packed
    return f"{plant_id}-{month}-工作簿.zip", _with_workbook(packed, workbook(tables, plant_id, month), month)


def workbook(tables: Tables, plant_id: str, month: str) -> bytes:
    """The monthly workbook of a plant, filled in."""
    own = _of_plants(tables, [plant_id])
    filled = {
        table.name: own[table.name][month_of(table.name, own[table.name]) == month].reset_index(drop=True)
        for table in FILING_TABLES
    }
    earlier = {name: own[name] for name in ("parameter", "meter_total")}
    rows = template_rows(own["unit"], "power", month)
    return template(own["plant"], own["unit"], own["meter"], "power", month, earlier, rows, filled)


def received(month: str) -> datetime:
    """When the filing of a month came in: well before its deadline."""
    following = (date.fromisoformat(f"{month}-01") + timedelta(days=31)).replace(day=SENT_ON)
    return datetime.combine(following, time(10), ZONE)


def _write_mark(path: Path, document: dict[str, Any]) -> None:
    durable.write(path / MARK, (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode())


def _months(tables: Tables) -> list[str]:
    return sorted(tables["parameter"]["month"].unique())


def _of_plants(tables: Tables, plants: list[str]) -> Tables:
    return {name: frame[frame["plant_id"].isin(plants)].reset_index(drop=True) for name, frame in tables.items()}


def _deposit(path: Path, tables: Tables, as_of: date) -> None:
    """Deposits everything that some plants have sent so far, each file at the moment it came in."""
    files, moments = [], {}
    for plant_id in tables["plant"]["plant_id"].unique():
        own = _of_plants(tables, [plant_id])
        for month in _months(own):
            name, data = filing(own, plant_id, month)
            files.append((name, data))
            moments[name] = received(month)
    with opened(path) as (home, control):
        outcome = submit(home, control, files, moments, "demo", as_of)
    if outcome.stopped:
        raise RuntimeError(f"the demonstration's own file was refused: {outcome.stopped[0]}")


def _drop_meter_files(home: Home, years: PlantYears) -> None:
    readings = years.tables["meter_reading"]
    for plant_id in readings["plant_id"].unique():
        for month in _months(years.tables):
            path = home.inbox_new / f"{plant_id}-{month}-表计.csv"
            durable.write(path, meter_csv(readings, plant_id, month))
            os.utime(path, (0, 0))  # it has been lying there whatever the clock says: the first night takes it


def _with_workbook(packed: bytes, book: bytes, month: str) -> bytes:
    """A filing zip with the tables taken out and the workbook put in; the evidence files stay."""
    target = io.BytesIO()
    tables = {"filing.csv", *(f"{table.name}.csv" for table in FILING_TABLES)}
    with zipfile.ZipFile(io.BytesIO(packed)) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for info in source.infolist():
            if info.filename not in tables:
                archive.writestr(info, source.read(info))
        archive.writestr(zipfile.ZipInfo(f"{month}-填报.xlsx", (1980, 1, 1, 0, 0, 0)), book)
    return target.getvalue()
