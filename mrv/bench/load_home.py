"""The home that is uploaded to while its nights run: plants with some months deposited, and one more month to come by the inbox."""

import os
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from mrv.pipeline.deposit import submit
from mrv.pipeline.opening import opened
from mrv.simulation import filing_zip, simulate
from mrv.simulation.demo_plants import DEMO_PLANTS
from mrv.storage.home import Home
from mrv.storage.register import put_register

SEED = 20261015
AS_OF = date(2026, 8, 6)  # before the deadline of the last month: what comes by the inbox is in time
AT = datetime(2026, 8, 6, 1, tzinfo=UTC)
LAST = 7  # July 2026, the month that comes by the inbox
REGISTERED = ("plant", "unit", "meter", "control_plan")


def build(path: Path, plants: int, months: int) -> None:
    """A home at `path` with the filings of `months` months deposited; those of the month after lie in its inbox.

    plants : how many, in turns like the power plants of the demonstration
    """
    periods = [f"2026-{month:02d}" for month in range(LAST - months, LAST + 1)]
    home = Home.create(path)
    filings = []
    with opened(home.path) as (_, control):
        for number in range(plants):
            spec = DEMO_PLANTS[number % len(DEMO_PLANTS)]
            plant = replace(spec, plant_id=f"LOAD{number:04d}", hourly=(), replaced_meters=())
            tables = simulate([plant], periods, SEED).tables
            with control.write() as session:
                for name in REGISTERED:
                    put_register(session, name, tables[name], date(2025, 1, 1))
            packed = [(f"{plant.plant_id}-{month}.zip", filing_zip(tables, plant.plant_id, month)) for month in periods]
            filings += packed[:-1]
            name, data = packed[-1]
            (home.inbox_new / name).write_bytes(data)
            os.utime(home.inbox_new / name, (0, 0))  # it has been lying there
        submit(home, control, filings, AT, "load", AS_OF)
