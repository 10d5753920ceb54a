"""What is done in a drill: a home, and four deeds in it – submit, correct, a night, a publication – at fixed moments."""

import io
import os
import random
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

from mrv.drill.forks import Tell
from mrv.pipeline.deposit import submit
from mrv.pipeline.nightly import nightly, publish_all
from mrv.pipeline.opening import opened
from mrv.pipeline.receive import File, receive
from mrv.simulation import PlantYears, filing_csv, simulate
from mrv.simulation.demo_plants import GAS
from mrv.storage.control import Control
from mrv.storage.home import Home
from mrv.storage.register import put_register
from mrv.storage.settings import Settings

FIRST, SECOND = GAS.plant_id, "GAS02"
JANUARY, FEBRUARY = "2026-01", "2026-02"
AS_OF = date(2026, 3, 5)
AT = datetime(2026, 3, 5, 1, tzinfo=UTC)
SECTION = "检测报告.pdf"
SCANS = (21_000, 58_000, 9_000, 40_000, 66_000)  # bytes
ACTIONS = ("submit", "correct", "nightly", "publish")
SCANNED = "scanned"  # another action: submit a file with large evidence


@cache
def years() -> PlantYears:
    """Two gas plants, January and February 2026: the smallest filings there are."""
    return simulate((GAS, replace(GAS, plant_id=SECOND, name="二号示例燃气（虚构）")), (JANUARY, FEBRUARY), 7)


def table_file(plant: str, month: str, change: str = "") -> bytes:
    """One plant's month as CSV; `change` makes it another file with the same rows."""
    return filing_csv(years().tables, plant, [month]) + change.encode()


def packed_file(plant: str, month: str, change: str = "") -> bytes:
    """The same as a zip, with a document beside the table."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr(zipfile.ZipInfo("filing.csv"), table_file(plant, month, change))
        archive.writestr(zipfile.ZipInfo(SECTION), f"%PDF-1.4 {plant} {month} {change}")
    return target.getvalue()


def scanned_file(plant: str, month: str) -> bytes:
    """The same with scans beside the table, which cannot be packed any smaller."""
    target, draw = io.BytesIO(), random.Random(7)
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr(zipfile.ZipInfo("filing.csv"), table_file(plant, month))
        for number, size in enumerate(SCANS):
            archive.writestr(zipfile.ZipInfo(f"{number}-{SECTION}"), b"%PDF-1.4 " + draw.randbytes(size))
    return target.getvalue()


def files_of(action: str) -> list[File]:
    """The files a deed is about."""
    if action == SCANNED:
        return [(f"{FIRST}-{FEBRUARY}.zip", scanned_file(FIRST, FEBRUARY))]
    if action == "submit":
        return [
            (f"{FIRST}-{FEBRUARY}.zip", packed_file(FIRST, FEBRUARY)),
            (f"{SECOND}-{JANUARY}.csv", table_file(SECOND, JANUARY)),
        ]
    if action == "correct":
        return [(f"{FIRST}-{JANUARY}-更正.zip", packed_file(FIRST, JANUARY, "\n"))]
    if action == "nightly":
        return [(f"{SECOND}-{FEBRUARY}.csv", table_file(SECOND, FEBRUARY)), ("说明.txt", b"\x00\x01\x02")]
    return []


def create(path: Path, database_url: str = "") -> None:
    """A home with two plants and the first month of one of them deposited; what the deeds need lies ready."""
    home = Home.create(path, Settings(database_url=database_url))
    control = Control.open(home)
    try:
        with control.write() as session:
            for name in ("plant", "unit", "meter", "control_plan"):
                put_register(session, name, years().tables[name], date(2025, 1, 1))
        submit(home, control, [(f"{FIRST}-{JANUARY}.zip", packed_file(FIRST, JANUARY))], AT, "填报员", AS_OF)
    finally:
        control.close()


def prepare(path: Path, action: str) -> None:
    """Lays what a deed takes before it in a home made by `create`."""
    if action == "nightly":
        for name, data in files_of(action):
            file = path / "inbox/new" / name
            file.write_bytes(data)
            os.utime(file, (AT.timestamp() - 3600,) * 2)  # it has been lying there
    if action == "publish":
        with opened(path) as (home, control):
            nightly(home, control, AS_OF, lambda: AT)
            receive(home, control, [("后到.csv", table_file(SECOND, FEBRUARY))], AT, "填报员")
            submit(home, control, [("后到.csv", table_file(SECOND, FEBRUARY))], AT, "填报员", AS_OF)


def deed(path: Path, action: str) -> Callable[[Tell], None]:
    """The deed, to be done by a forked child; tells each receipt as it is given."""

    def act(tell: Tell) -> None:
        with opened(path) as (home, control):
            if action in ("submit", "correct", SCANNED):
                files = files_of(action)
                for one in receive(home, control, files, AT, "填报员"):
                    tell("received", {"sha256": one.sha256, "receipt": one.receipt})
                reason = "煤样复检" if action == "correct" else ""
                outcome = submit(home, control, files, AT, "填报员", AS_OF, reason)
                for made in outcome.submissions:
                    tell("deposit", {"id": made.deposited.id, "version": made.deposited.version, "receipt": made.proof})
            elif action == "nightly":
                run = nightly(home, control, AS_OF, lambda: AT)
                tell("night", {"status": run.status, "failures": run.failures})
            else:
                tell("published", publish_all(home, control, AS_OF)[1].to_json())

    return act
