"""Two versions of one deposit side by side: which fields changed, and what that is worth in tonnes."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pandas as pd

from emission_factors import Factors
from mrv.accounting.account import account
from mrv.intake import Intake, read_file
from mrv.pipeline.batch import assemble
from mrv.pipeline.deposit import factors_of, month_of, registers
from mrv.pipeline.restriction import restricted
from mrv.pipeline.row_changes import Change, changes
from mrv.storage.control import Control
from mrv.storage.deposits import deposit_versions
from mrv.storage.evidence import Evidence
from mrv.storage.home import Home
from mrv.storage.lake import Lake
from schemas import FILING_TABLES, empty

Tables = dict[str, pd.DataFrame]
POSITION = ("allowance", "gap", "allowance_low", "allowance_high")


class NoVersion(LookupError):
    """There is nothing to compare: `code` says why, `zh` and `en` say it in words."""

    def __init__(self, code: str, zh: str, en: str) -> None:
        super().__init__(en)
        self.code, self.zh, self.en = code, zh, en


@dataclass(frozen=True)
class Effect:
    """A quantity under both versions [t]; None where accounting gives none."""

    name: str  # month, year, or a name of `POSITION`
    period: str
    before: Decimal | None
    after: Decimal | None

    @property
    def difference(self) -> Decimal | None:
        """after − before; an absent emission counts as none only where both are absent."""
        return None if self.before is None or self.after is None else self.after - self.before


@dataclass(frozen=True)
class Difference:
    """What changed between two versions of a plant, sector and month."""

    plant_id: str
    sector: str
    month: str
    versions: tuple[dict[str, Any], dict[str, Any]]  # the rows of the table `deposit`
    changes: list[Change]
    effects: list[Effect]


@dataclass(frozen=True)
class _Version:
    """One version as read anew from its bytes: rows as written, and those that the schema check accepts."""

    row: dict[str, Any]
    written: Tables
    accepted: Tables


def difference(
    home: Home,
    control: Control,
    plant_id: str,
    month: str,
    sector: str = "",
    first: int | None = None,
    second: int | None = None,
) -> Difference:
    """The difference between two versions of a deposit.

    Parameters
    ----------
    sector : may be empty where the plant deposits one sector only
    first, second : version numbers; the version in force and the one before it where not given

    Returns
    -------
    Difference. Fields are compared as written, refused rows too; tonnes come from accepted rows, the year from the other months in
    force. Raises NoVersion when there is nothing to compare.
    """
    with control.read() as session:
        held = deposit_versions(session, [plant_id], [month])
    rows = _chosen(held, plant_id, month, sector)
    second = second or max(rows)
    first = first or second - 1
    for number in (first, second):
        if number not in rows:
            raise NoVersion(*_no_version(plant_id, month, number, sorted(rows)))
    before, after = (_read(home, rows[number]) for number in (first, second))
    found = [
        change
        for table in (definition.name for definition in FILING_TABLES)
        for change in changes(table, *(one.written.get(table, empty(table)) for one in (before, after)))
    ]
    chosen = rows[second]["sector"]
    effects = _effects(home, control, plant_id, chosen, month, (before.accepted, after.accepted))
    return Difference(plant_id, chosen, month, (rows[first], rows[second]), found, effects)


def _chosen(held: pd.DataFrame, plant_id: str, month: str, sector: str) -> dict[int, dict[str, Any]]:
    if sector:
        held = held[held["sector"] == sector]
    sectors = sorted(held["sector"].unique())
    if not sectors:
        raise NoVersion(
            "nothing_deposited",
            f"{plant_id} 没有 {month} 的存证。请核对企业编号、月份和行业。",
            f"{plant_id} has deposited nothing for {month}. Check the plant, the month and the sector.",
        )
    if len(sectors) > 1:
        names = ", ".join(sectors)
        raise NoVersion(
            "several_sectors",
            f"{plant_id} {month} 有几个行业的存证（{names}），请用 --sector 指明。",
            f"{plant_id} {month} holds deposits of several sectors ({names}); name one with --sector.",
        )
    return {int(row["version"]): row for row in held.to_dict("records")}


def _no_version(plant_id: str, month: str, number: int, known: list[int]) -> tuple[str, str, str]:
    if len(known) == 1 and number == 0:
        return (
            "one_version",
            f"{plant_id} {month} 只有一个版本，没有可比较的更正。",
            f"{plant_id} {month} has one version only: there is no correction to compare.",
        )
    listed = ", ".join(map(str, known))
    return (
        "unknown_version",
        f"{plant_id} {month} 没有第 {number} 版，现有：{listed}。",
        f"{plant_id} {month} has no version {number}; there are: {listed}.",
    )


def _read(home: Home, row: dict[str, Any]) -> _Version:
    read = read_file(row["file_name"], Evidence(home.evidence).get(row["sha256"]))
    if not isinstance(read, Intake):
        raise RuntimeError(f"a deposited file can no longer be read: {row['file_name']} ({read.code})")
    intake = restricted(read, {(row["plant_id"], row["sector"], row["month"])}, loose=False)
    return _Version(row, intake.tables, assemble([intake]).tables)


def _effects(
    home: Home, control: Control, plant_id: str, sector: str, month: str, versions: tuple[Tables, Tables]
) -> list[Effect]:
    """Month, year and allowance position under each version, the other months being those in force."""
    year = month[:4]
    lake, factors = Lake(home.lake), factors_of(control)
    others = {table.name: lake.read(table.name, [int(year)], [plant_id]) for table in FILING_TABLES}
    known = {name: frame[frame["plant_id"] == plant_id] for name, frame in registers(control).items()}
    sides = [_position(_in_place(others, mine, sector, month) | known, factors, sector, month) for mine in versions]
    return [
        Effect(name, month if name == "month" else year, sides[0][name], sides[1][name])
        for name in ("month", "year", *POSITION)
        if not (sides[0][name] is None and sides[1][name] is None)
    ]


def _in_place(others: Tables, mine: Tables, sector: str, month: str) -> Tables:
    """The rows of a year with one version in the place of the one in force."""
    tables = {}
    for name, frame in others.items():
        gone = month_of(name, frame) == month
        if "sector" in frame.columns:
            gone &= frame["sector"] == sector
        tables[name] = pd.concat([frame[~gone], mine.get(name, empty(name))], ignore_index=True)
    return tables


def _position(tables: Tables, factors: Factors, sector: str, month: str) -> dict[str, Decimal | None]:
    accounts = account(tables, factors)
    months = accounts.plant_months[accounts.plant_months["sector"] == sector]
    years = accounts.unit_years[(accounts.unit_years["sector"] == sector) & (accounts.unit_years["year"] == month[:4])]
    return {
        "month": _sum(months.loc[months["month"] == month, "tco2"]) or Decimal(0),
        "year": _sum(months.loc[months["month"].str[:4] == month[:4], "tco2"]) or Decimal(0),
        **{name: _sum(years[name]) for name in POSITION},
    }


def _sum(values: pd.Series) -> Decimal | None:
    given = [value for value in values if isinstance(value, Decimal)]
    return sum(given, Decimal(0)) if given else None
