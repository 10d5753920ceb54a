"""The national platform stays the statutory place: what it said of a version, and whether its values are those deposited here."""

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

import pandas as pd

from mrv.findings.build import build, from_faults
from mrv.intake import Intake, Refusal, read_file
from mrv.pipeline.batch import Batch, assemble
from mrv.pipeline.restriction import restricted
from mrv.screening.catalogue import catalogue
from mrv.storage.control import Control, records
from mrv.storage.deposits import deposit_named, deposit_versions, latest_deposits
from mrv.storage.evidence import Evidence
from mrv.storage.home import Home
from mrv.storage.platform_records import Said, platform_records, put_platform_record
from schemas import TABLES, empty
from schemas.location import row_and_column

SAME, DIFFERS, ONLY_HERE, ONLY_THERE, UNREADABLE = "same", "differs", "only_here", "only_there", "unreadable"
KEY = list(TABLES["parameter"].key)
NO_PLACE = ("", "")


@dataclass(frozen=True)
class Compared:
    """One value on both sides. `here`, `there`: (value, unit), None where absent; places are (sheet, cell) in the two files."""

    verdict: str
    key: dict[str, str]
    here: tuple[str, str] | None
    there: tuple[str, str] | None
    here_place: tuple[str, str] = NO_PLACE
    there_place: tuple[str, str] = NO_PLACE

    @property
    def difference(self) -> Decimal | None:
        """here − there, exact; None unless both are there in one unit."""
        if self.here is None or self.there is None or self.here[1] != self.there[1]:
            return None
        return Decimal(self.here[0]) - Decimal(self.there[0])


@dataclass(frozen=True)
class BadRow:
    """A row of an export that cannot be read: where it stands and why, each reason with its cell, in Chinese and English."""

    sheet: str
    row: int
    reasons: tuple[tuple[str, str, str], ...]  # cell, zh, en


@dataclass(frozen=True)
class Comparison:
    """All values of an export, and its rows that cannot be read, none of which is taken for agreement, nor for an absent value."""

    values: list[Compared]
    refused: list[BadRow]

    @property
    def agrees(self) -> bool:
        return not self.refused and all(one.verdict == SAME for one in self.values)


def record_platform(control: Control, deposit: str, said: Said, by: str, at: datetime) -> tuple[str, int]:
    """Records what the platform said of a deposit (the beginning of its id will do); returns its id and the number of the record.

    LookupError where no deposit, or more than one, begins so.
    """
    with control.write() as session:
        deposit_id = deposit_named(session, deposit).id
        return deposit_id, put_platform_record(session, deposit_id, said, by, at)


def platform_history(control: Control, plant_id: str, month: str | None = None) -> list[dict[str, Any]]:
    """Each version of a plant's deposits with what the platform said of it, by month, sector and version."""
    with control.read() as session:
        held = deposit_versions(session, [plant_id], None if month is None else [month])
        said = records(platform_records(session, held["id"]))
    names = ("id", "sector", "month", "version", "received_at", "return_reference")
    rows = [{name: row[name] for name in names} for row in held.to_dict("records")]
    for row in rows:
        row["records"] = [one for one in said if one["deposit_id"] == row["id"]]
    return sorted(rows, key=lambda row: (row["month"], row["sector"], row["version"]))


def compare(home: Home, control: Control, name: str, data: bytes) -> Comparison | Refusal:
    """An export of the platform's values against the versions in force, value by value; a Refusal when it cannot be read.

    `data` has the header of the filing CSV, its columns found by their words. Only the plants, sectors and months it speaks of are
    compared; what is in force there and not in the export is `only_here`; or `unreadable`, where the export has a row for it that
    cannot be read, or one in that month of which not even the key can be.
    """
    read = read_file(name, data)
    if isinstance(read, Refusal):
        return read
    batch = assemble([read])
    if "parameter" not in read.tables:
        return Refusal(name, read.sha256, "no_filing")
    there = batch.tables["parameter"]
    bad = batch.rows[(batch.rows["table"] == "parameter") & (batch.rows["disposition"] == "refused")]
    spoken = pd.concat([there[["plant_id", "sector", "month"]], bad[["plant_id", "sector", "month"]]])
    keys = sorted(set(spoken.itertuples(index=False, name=None)))
    left, right = _by_key(_in_force(home, control, keys)), _by_key(there)
    written = read.tables["parameter"].reindex(bad.index).fillna("")
    lost = set(written[KEY].itertuples(index=False, name=None))
    unclear = {
        month
        for month, key in zip(_months(bad), written[KEY].itertuples(index=False, name=None), strict=True)
        if key not in left
    }
    values = []
    for key in sorted({*left, *right}):
        one = _compared(key, left.get(key), right.get(key))
        named = dict(zip(KEY, key, strict=True))
        if one.verdict == ONLY_HERE and (
            key in lost or (named["plant_id"], named["sector"], named["month"]) in unclear
        ):
            one = replace(one, verdict=UNREADABLE)
        values.append(one)
    return Comparison(values, _bad_rows(bad, batch.faults))


def _months(rows: pd.DataFrame) -> list[tuple[str, str, str]]:
    return list(rows[["plant_id", "sector", "month"]].itertuples(index=False, name=None))


def _bad_rows(bad: pd.DataFrame, faults: pd.DataFrame) -> list[BadRow]:
    """The refused rows with what the faults met in them say."""
    rules = catalogue()
    blocking = faults[[rules[code].severity == "blocks" for code in faults["code"]]]
    found: dict[tuple[str, int], dict[tuple[str, str, str], None]] = {}
    for number in range(len(blocking)):  # one at a time: a finding stands for all cells of its kind, a row has its own
        told = build(from_faults(blocking.iloc[[number]], rules), rules).iloc[0]
        row, _ = row_and_column(told["cell"])
        if row:
            reason = (told["cell"], told["message_zh"], told["message_en"])
            found.setdefault((told["sheet"], row), {})[reason] = None
    return [
        BadRow(sheet, int(row), tuple(found.get((sheet, int(row)), {})))
        for sheet, row in bad[["sheet", "row"]].itertuples(index=False, name=None)
    ]


def _in_force(home: Home, control: Control, keys: list[tuple[str, str, str]]) -> pd.DataFrame:
    """The accepted parameter rows of the versions in force, from the bytes as deposited."""
    with control.read() as session:
        held = latest_deposits(session, {key[0] for key in keys})
    mine = held[[key in set(keys) for key in held[["plant_id", "sector", "month"]].itertuples(index=False, name=None)]]
    parts = []
    for sha256, rows in mine.groupby("sha256", sort=True):
        read = read_file(rows["file_name"].iloc[0], Evidence(home.evidence).get(str(sha256)))
        if not isinstance(read, Intake):
            raise RuntimeError(f"a deposited file can no longer be read: {rows['file_name'].iloc[0]} ({read.code})")
        wanted = set(rows[["plant_id", "sector", "month"]].itertuples(index=False, name=None))
        whole: Batch = assemble([restricted(read, wanted, loose=False)])
        parts.append(whole.tables.get("parameter", empty("parameter")))
    return pd.concat(parts, ignore_index=True) if parts else empty("parameter")


def _by_key(frame: pd.DataFrame) -> dict[tuple[str, ...], dict[str, Any]]:
    return {tuple(row[name] for name in KEY): row for row in records(frame)}


def _compared(key: tuple[str, ...], here: dict[str, Any] | None, there: dict[str, Any] | None) -> Compared:
    sides = [None if row is None else (row["value"], row["unit"]) for row in (here, there)]
    places = [NO_PLACE if row is None else (row["sheet"], row["cell"]) for row in (here, there)]
    if sides[0] is None or sides[1] is None:
        verdict = ONLY_THERE if sides[0] is None else ONLY_HERE
    else:
        equal = sides[0][1] == sides[1][1] and Decimal(sides[0][0]) == Decimal(sides[1][0])
        verdict = SAME if equal else DIFFERS
    return Compared(verdict, dict(zip(KEY, key, strict=True)), sides[0], sides[1], places[0], places[1])
