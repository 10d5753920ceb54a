"""A plant of two sectors in one file: correcting one of them leaves the other where it is, and never mixes versions."""

from datetime import UTC, date, datetime
from pathlib import Path

import pandas as pd

from mrv.intake import Intake, read_file
from mrv.pipeline.deposit import submit
from mrv.pipeline.nightly import nightly
from mrv.pipeline.restriction import restricted
from mrv.storage.control import Control
from mrv.storage.home import Home
from mrv.storage.lake import Lake
from tests.pipeline.plants import FEBRUARY, FIRST_GAS, JANUARY, csv_of

HEAD, *POWER = csv_of().decode().splitlines()
DAY = date(2026, 2, 10)


def cement(*values: tuple[str, str, str]) -> list[str]:
    """Rows of a clinker line: unit, parameter, value with unit."""
    filler = "," * (HEAD.count(",") - 8)
    return [
        f"{FIRST_GAS},cement,{unit},,{JANUARY},{parameter},{value},measured{filler}"
        for unit, parameter, value in values
    ]


FIRST = cement(("K1", "clinker_output", "1000,t"), ("K1", "run_hours", "700,h"))
SECOND = cement(("K1", "clinker_output", "1200,t"))


def file(*lines: str) -> bytes:
    return "\r\n".join([HEAD, *lines, ""]).encode()


def filed(frame: pd.DataFrame) -> dict[tuple[str, str], str]:
    mine = frame[frame["sector"] == "cement"]
    return {(row.unit_id, row.parameter): str(row.value) for row in mine.itertuples()}


def test_a_file_is_cut_down_to_its_filings() -> None:
    whole = read_file("a.csv", file(*POWER, *FIRST, "", "X,power,,,,,,,"))
    assert isinstance(whole, Intake)
    one = restricted(whole, {(FIRST_GAS, "cement", JANUARY)}, loose=False)
    assert set(one.rows["sector"]) == {"cement"} and len(one.rows) == len(FIRST)
    assert one.tables["parameter"].index.tolist() == list(range(len(FIRST)))
    assert list(one.faults.columns) == list(whole.faults.columns)
    nothing = restricted(whole, {(FIRST_GAS, "cement", FEBRUARY)}, loose=False)
    assert len(nothing.rows) == 0 and list(nothing.rows.columns) == list(whole.rows.columns)
    everything = {(FIRST_GAS, sector, JANUARY) for sector in ("power", "cement")}
    assert len(restricted(whole, everything).rows) == len(whole.rows)


def test_a_correction_of_one_sector(tmp_path: Path) -> None:
    home = Home.create(tmp_path / "home")
    control = Control.open(home)
    at = datetime(2026, 2, 10, 2, 30, tzinfo=UTC)
    done = submit(home, control, [("both.csv", file(*POWER, *FIRST))], at, "甲", DAY)
    assert [(one.checked.sector, one.deposited.version) for one in done.submissions] == [("cement", 1), ("power", 1)]
    fixed = submit(home, control, [("c.csv", file(*SECOND))], at, "甲", DAY, reason="盘库")
    assert [(one.checked.sector, one.deposited.version) for one in fixed.submissions] == [("cement", 2)]
    in_lake = Lake(home.lake).read("parameter")
    assert filed(in_lake) == {("K1", "clinker_output"): "1200"}
    assert (in_lake["sector"] == "power").sum() == len(POWER)
    nightly(home, control, DAY, lambda: datetime.now(UTC))
    published = pd.read_parquet(home.published / "parameter").astype("object").fillna("")
    assert {key: float(value) for key, value in filed(published).items()} == {("K1", "clinker_output"): 1200.0}
    assert (published["sector"] == "power").sum() == len(POWER)
    control.close()
